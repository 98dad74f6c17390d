"""url -> Engine; the only file beside migrations/ that knows SQLite from PostgreSQL.

SQLite opens a transaction as deferred and upgrades it at the first write; two such upgrades collide and one
of them loses its update. So writes begin IMMEDIATE, reads DEFERRED, in WAL mode, and writers wait.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

from psycopg.sql import SQL, Composable, Identifier
from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Table,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.sql import Insert, Select

from domain.errors import InvalidInput

WAIT_FOR_LOCK_S = 30
VALUES_AT_ONCE = 4_000  # inserted by one statement: SQLite's driver takes longer for it than for a row


@cache
def engine_for(url: str) -> Engine:
    """The process's one Engine for an address. Raises InvalidInput("database_url") for another database."""
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(url, address.database)
    if address.get_backend_name() == "postgresql":
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    raise InvalidInput("database_url", url=address.render_as_string(hide_password=True))


def is_absent(url: str) -> bool:
    """Whether the address names a SQLite file that is not there: to look would make an empty one."""
    address = _address(url)
    path = address.database if address.get_backend_name() == "sqlite" else None
    return bool(path) and path != ":memory:" and not Path(path).exists()


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise InvalidInput("database_url", url=re.sub(r":[^:@/]*@", ":***@", url)) from error


def _sqlite(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": WAIT_FOR_LOCK_S})

    @event.listens_for(engine, "connect")
    def _connect(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None  # we begin transactions ourselves, see _begin
        dbapi.execute("PRAGMA journal_mode = WAL")
        dbapi.execute("PRAGMA synchronous = NORMAL")
        dbapi.execute("PRAGMA wal_autocheckpoint = 16000")  # 64 MB: few writers copy the log into the file
        dbapi.execute("PRAGMA foreign_keys = ON")
        dbapi.executescript("PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def set_next_ids(connection: Connection) -> None:
    """Let numbers that the database gives go on after the largest that is there; SQLite does so by itself."""
    if is_sqlite(connection):
        return
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        for column in table.primary_key.columns:
            if column.autoincrement is True or (column.server_default is not None and column.name == "id"):
                name = func.pg_get_serial_sequence(table.name, column.name)
                largest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(name, largest, False)))


def unsound(connection: Connection) -> str:
    """What is damaged in a SQLite file, or ''; PostgreSQL checks keys itself and has its own tools."""
    if not is_sqlite(connection):
        return ""
    quick = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    keys = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return "" if quick == "ok" and keys is None else f"{quick}, {keys}"


def bytes_of(connection: Connection, table: Table) -> int:
    """What a table with its indexes takes on disk."""
    if not is_sqlite(connection):
        return connection.scalar(select(func.pg_total_relation_size(table.name)))
    pages = "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?)"
    return connection.exec_driver_sql(pages, (table.name,)).scalar_one() or 0


def copy_sqlite(engine: Engine, to: Path) -> Path:
    """A consistent copy of a SQLite database in one file, while others go on reading and writing."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with engine.connect() as connection, closing(sqlite3.connect(to)) as target:
        connection.connection.dbapi_connection.backup(target)
    return to


def close_sqlite(engine: Engine) -> None:
    """Close a SQLite database so that its one file holds everything."""
    with engine.connect() as one:
        one.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def remove_sqlite(path: Path) -> None:
    """Delete a SQLite database with its side files, if it is there."""
    for side in ("", "-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)


def renew_statistics(engine: Engine) -> None:
    """Tell the planner how the tables look now, else a join of fresh ones may scan one per row."""
    with engine.connect().execution_options(begin="IMMEDIATE") as connection, connection.begin():
        if is_sqlite(connection):
            connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
        connection.exec_driver_sql("ANALYZE")


def is_sqlite(bind: Engine | Connection) -> bool:
    """Whether this is SQLite, for the bulk loader and backup."""
    return bind.dialect.name == "sqlite"


def insert(bind: Engine | Connection, table: Table) -> Insert:
    """INSERT with on_conflict_do_update, which both databases spell alike but SQLAlchemy does not."""
    return sqlite.insert(table) if is_sqlite(bind) else postgresql.insert(table)


def bare_rows(connection: Connection, statement: Select, size: int = 5_000) -> Iterator[list[tuple]]:
    """Blocks of rows as the driver gives them, for thousands of rows: dates and times are text on SQLite."""
    result = connection.execute(statement)
    while block := result.cursor.fetchmany(size):
        yield block
    result.close()


@contextmanager
def copying_into(
    connection: Connection, table: Table, columns: Iterable[str], replacing: bool = False
) -> Iterator[Composable]:
    """Where COPY may put rows of the table on PostgreSQL, which refuses it where policies guard the rows.

    Then it is a table of the session, from which they are moved at the end of the block. replacing: rows
    whose key is there already give that one their values.
    """
    name = Identifier(table.schema, table.name) if table.schema else Identifier(table.name)
    if not replacing and (table.schema or table.info.get("citus") != "distributed"):
        yield name
        return
    beside = Identifier("pg_temp", f"incoming_{table.name}")
    cursor = connection.connection.cursor()
    cursor.execute("SET LOCAL client_min_messages = warning")  # not that it is there already
    cursor.execute(
        SQL("CREATE TEMPORARY TABLE IF NOT EXISTS {} (LIKE {}) ON COMMIT DELETE ROWS").format(beside, name)
    )
    yield beside
    names = SQL(", ").join(map(Identifier, columns))
    moved = SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(name, names, names, beside)
    cursor.execute(moved + SQL(_or_replace(table)) if replacing else moved)
    cursor.execute(SQL("TRUNCATE {}").format(beside))


def _or_replace(table: Table) -> str:
    keys = ", ".join(column.name for column in table.primary_key)
    rest = ", ".join(f"{one.name} = excluded.{one.name}" for one in table.columns if not one.primary_key)
    return f" ON CONFLICT ({keys}) DO UPDATE SET {rest}"


def write_rows(
    connection: Connection,
    table: Table,
    columns: Iterable[str],
    rows: Iterable[tuple],
    replacing: bool = False,
) -> None:
    """Insert many rows; COPY on PostgreSQL. columns in the table's order; dates may be ISO text.

    replacing: rows whose key is there already give that one their values.
    """
    names = list(columns)
    cursor = connection.connection.cursor()
    if is_sqlite(connection):
        statement = table.insert().compile(dialect=connection.dialect, column_keys=names)
        if statement.positiontup != names:
            raise ValueError(f"columns of {table.name} not in the table's order: {names}")
        begin, _, one = str(statement).partition(" VALUES ")
        end = _or_replace(table) if replacing else ""
        following = iter(rows)
        while some := list(islice(following, VALUES_AT_ONCE // len(names))):
            values = ", ".join([one] * len(some))
            cursor.execute(f"{begin} VALUES {values}{end}", list(chain.from_iterable(some)))
        return
    quoted = SQL(", ").join(map(Identifier, names))
    statement = SQL("COPY {} ({}) FROM STDIN")
    with (
        copying_into(connection, table, names, replacing) as target,
        cursor.copy(statement.format(target, quoted)) as copy,
    ):
        for row in rows:
            copy.write_row(row)
