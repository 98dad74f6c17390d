"""What a database is, and how it is made, migrated and kept from being mixed up.

Demo and real data never share a database: `database_info` says which one it is from the first moment on.
"""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, delete, func, inspect, select

from data_access import company_zone, row_security, rules
from data_access.engine import close_sqlite, copy_sqlite, engine_for, insert, is_sqlite, remove_sqlite
from data_access.tables.imports import import_batches
from data_access.tables.org import database_info, org_units
from data_access.transactions import changing_tables, reading, writing
from domain.errors import WrongDatabase
from domain.periods import utc_now

MIGRATIONS = Path(__file__).with_name("migrations")
FILLING = "filling"  # key of the note that the demo company is not whole yet


@dataclass(frozen=True)
class State:
    """What a database is now. kind: nothing (no tables), unfilled, demo, real, foreign (not ours).

    filling: the demo company is being made, or its making was cut off.
    """

    kind: str
    revision: str | None
    is_current: bool
    is_newer: bool  # made by a later version of the code


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file of its own; it works on the connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


@cache
def newest_revision() -> str:
    """The revision that this code expects."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def is_known(revision: str) -> bool:
    """Whether this code has that revision; one that it has not was made by a later version."""
    script = ScriptDirectory.from_config(alembic_config())
    return revision in {one.revision for one in script.walk_revisions()}


def state(engine: Engine) -> State:
    """What the database is; reads only."""
    with reading(engine) as connection:
        tables = set(inspect(connection).get_table_names())
        if not tables:
            return State("nothing", None, False, False)
        if "database_info" not in tables or "alembic_version" not in tables:
            return State("foreign", None, False, False)
        revision = MigrationContext.configure(connection).get_current_revision()
        is_newer = revision is not None and revision != newest_revision() and not is_known(revision)
        info = select(database_info.c.key, database_info.c.value)
        known = dict(tuple(row) for row in connection.execute(info))
    kind = "filling" if FILLING in known else known.get("data")
    return State(kind or "unfilled", revision, revision == newest_revision(), is_newer)


def upgrade(connection: Connection, revision: str) -> None:
    """Bring the tables to the revision, or to the newest for "head", in the caller's transaction."""
    command.upgrade(alembic_config(connection), revision)
    if revision == "head":
        row_security.guard(connection)


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision in one transaction and seed the rules.

    Raises WrongDatabase where a later version of the code, or other software, made the database.
    """
    found = state(engine)
    if found.is_newer:
        raise WrongDatabase("newer_database", revision=found.revision)
    if found.kind == "foreign":
        raise WrongDatabase("foreign_tables")
    if not (found.is_current or found.kind == "nothing" or row_security.is_owner(engine)):
        raise WrongDatabase("not_the_owner")
    with changing_tables(engine) as connection:
        upgrade(connection, "head")
    with writing(engine) as connection:
        rules.seed(connection)


def data_kind(connection: Connection) -> str | None:
    """'demo' or 'real'; None before either was settled."""
    return connection.scalar(select(database_info.c.value).where(database_info.c.key == "data"))


def settle(connection: Connection, kind: str) -> None:
    """Say once and for all that the database is for 'demo' or 'real' data.

    Raises WrongDatabase where it is for the other, or where the demo would come on top of data.
    """
    found = data_kind(connection)
    if found not in (None, kind):
        raise WrongDatabase("demo_and_real")
    if found is None:
        if kind == "demo" and holds_data(connection):
            raise WrongDatabase("holds_data")
        now = utc_now()
        connection.execute(insert(connection, database_info).values(key="data", value=kind, at=now))


def begin_demo(connection: Connection, last: date, scale: int) -> tuple[date, int]:
    """Settle for the demo company and note that it is being made; last month and scale to make it with.

    Where its making was cut off, those that it was begun with. Raises WrongDatabase where there is data.
    """
    begun = connection.scalar(select(database_info.c.value).where(database_info.c.key == FILLING))
    if begun:
        month, size = begun.split()
        return date.fromisoformat(month), int(size)
    if data_kind(connection) == "demo" and holds_data(connection):
        raise WrongDatabase("holds_demo")
    settle(connection, "demo")
    now = utc_now()
    connection.execute(insert(connection, database_info).values(key=FILLING, value=f"{last} {scale}", at=now))
    return last, scale


def end_demo(connection: Connection) -> None:
    """Note that the demo company is whole."""
    connection.execute(delete(database_info).where(database_info.c.key == FILLING))


def holds_data(connection: Connection) -> bool:
    """Whether any unit or import exists."""
    return bool(
        connection.scalar(select(func.count()).select_from(org_units))
        or connection.scalar(select(func.count()).select_from(import_batches))
    )


def prepare_for_start(engine: Engine, with_demo: bool) -> str:
    """What `make run` does before it serves; returns a sentence on what was done, '' for nothing.

    Nothing there: makes the tables, and the demo company if with_demo, else a real, empty database. Data
    there: never filled, but migrated forward, after a copy on SQLite, and on PostgreSQL only when
    MIGRATE=yes says that somebody made one. A demo company whose making was cut off is completed.
    Raises WrongDatabase, also where it was filled in another time zone.
    """
    company_zone.check(engine)
    found = state(engine)
    if found.kind == "nothing" and with_demo and is_sqlite(engine):
        return _demo_in_a_new_file(engine)
    if found.kind in ("nothing", "unfilled"):
        migrate(engine)
        return _fill(engine, with_demo)
    said = "" if found.is_current else _brought_forward(engine, found)
    return f"{said} {_demo(engine)}".strip() if found.kind == "filling" else said


def _brought_forward(engine: Engine, found: State) -> str:
    if not (found.is_newer or found.kind == "foreign"):
        if not is_sqlite(engine) and os.environ.get("MIGRATE") != "yes":
            raise WrongDatabase("old_tables")
        if is_sqlite(engine) and engine.url.database:
            path = Path(engine.url.database)
            stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
            copy = copy_sqlite(engine, path.with_name(f"{path.stem}-{found.revision}-{stamp}.backup.db"))
            migrate(engine)
            return f"Migrated from {found.revision} to {newest_revision()}; the database as it was: {copy}."
    migrate(engine)
    return f"Migrated from {found.revision} to {newest_revision()}."


def _fill(engine: Engine, with_demo: bool) -> str:
    with reading(engine) as connection:
        has_data = holds_data(connection)
    if with_demo and not has_data:
        return _demo(engine)
    with writing(engine) as connection:
        settle(connection, "real")
    return "Made an empty database for real data."


def _demo(engine: Engine) -> str:
    from data_access.demo import company  # pandas and numpy: not needed on any later start

    migrate(engine)
    return company.fill(engine)


def _demo_in_a_new_file(engine: Engine) -> str:
    """Make the demo beside the database and move it there whole, so that no start finds half of it."""
    path = Path(engine.url.database)
    beside = path.with_name(f"{path.stem}.filling.db")
    remove_sqlite(beside)
    filling = engine_for(f"sqlite:///{beside}")
    done = _demo(filling)
    close_sqlite(filling)
    engine.dispose()
    remove_sqlite(path)
    beside.replace(path)
    return done
