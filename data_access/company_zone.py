"""The time zone in which the stored days and months begin: kept with the database, which no other may read.

A day that was cut in one zone cannot be told from one that was cut in another.
"""

from sqlalchemy import Connection, Engine, inspect, select

from data_access.engine import insert
from data_access.settings import company_timezone
from data_access.tables.org import database_info
from data_access.transactions import reading
from domain.errors import WrongDatabase
from domain.periods import utc_now

KEY = "timezone"


def keep(connection: Connection) -> None:
    """Note the zone with the first rows that are taken over; raises WrongDatabase where it is another one."""
    row = {"key": KEY, "value": company_timezone().key, "at": utc_now()}
    statement = insert(connection, database_info).values(row)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    _compare(_stored(connection))


def check(engine: Engine) -> None:
    """Raises WrongDatabase where the database was filled in another zone than COMPANY_TIMEZONE's."""
    with reading(engine) as connection:
        if inspect(connection).has_table(database_info.name):
            _compare(_stored(connection))


def _stored(connection: Connection) -> str | None:
    return connection.scalar(select(database_info.c.value).where(database_info.c.key == KEY))


def _compare(stored: str | None) -> None:
    asked = company_timezone().key
    if stored not in (None, asked):
        raise WrongDatabase("other_zone", stored=stored, asked=asked)
