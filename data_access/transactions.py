"""How the database is entered: who asks comes with every transaction, so that the database can hold it to it.

A viewer's transaction says the units at the top of the scope; on PostgreSQL row-level security shows no row
of others (data_access/row_security.py), whatever a query forgets. Without a scope only tables that hold no
facts answer there. What works for the whole company (refresh, imports, commands) says so with reading_all()
and writing_all(). A scope whose rights were asked too long ago is refused.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import itemgetter

from sqlalchemy import Connection, Engine, text

from data_access.engine import is_sqlite
from domain.errors import SignInNeeded
from domain.periods import utc_now
from domain.viewer import Scope

EVERYTHING = "*"
SEEN = text("SELECT set_config('app.viewer_units', :roots, true)")
FOR_ALL = text("SELECT set_config('app.viewer_units', :roots, false)")
Act = Callable[[Connection], None]


@contextmanager
def reading(engine: Engine, scope: Scope | None = None) -> Iterator[Connection]:
    """A transaction that changes nothing, and sees facts of the scope only. Raises SignInNeeded."""
    with engine.connect() as connection:
        _enter(connection, _roots(scope))
        yield connection


@contextmanager
def reading_all(engine: Engine) -> Iterator[Connection]:
    """The same for what works for the whole company."""
    with engine.connect() as connection:
        _enter(connection, EVERYTHING)
        yield connection


@contextmanager
def writing(engine: Engine, scope: Scope | None = None) -> Iterator[Connection]:
    """A transaction that commits at the end, or not at all; writers queue on SQLite. Raises SignInNeeded."""
    with _writing(engine, _roots(scope)) as connection:
        yield connection


@contextmanager
def writing_all(engine: Engine) -> Iterator[Connection]:
    """The same for what works for the whole company."""
    with _writing(engine, EVERYTHING) as connection:
        yield connection


@contextmanager
def _writing(engine: Engine, roots: str) -> Iterator[Connection]:
    with engine.connect() as connection, committing(connection, roots):
        yield connection


@contextmanager
def whole_company(connection: Connection) -> Iterator[None]:
    """All transactions of the connection see everything; an import makes several, with plain begin()."""
    if is_sqlite(connection):
        yield
        return
    with connection.begin():
        connection.execute(FOR_ALL, {"roots": EVERYTHING})
    try:
        yield
    finally:  # the connection goes back to the pool
        with connection.begin():
            connection.exec_driver_sql("RESET app.viewer_units")


@contextmanager
def committing(connection: Connection, roots: str = EVERYTHING) -> Iterator[None]:
    """A write transaction on a connection that goes on after it."""
    acts: list[tuple[str, Act]] = []
    connection.execution_options(begin="IMMEDIATE", at_the_end=acts)
    try:
        with connection.begin():
            _enter(connection, roots)
            yield
            for _, act in sorted(acts, key=itemgetter(0)):  # one order, so that two never wait for each other
                act(connection)
    finally:
        connection.execution_options(begin="DEFERRED", at_the_end=None)


def at_the_end(connection: Connection, act: Act, order: str) -> None:
    """Let the act be among the last of the write transaction: it may lock what all others wait for.

    order: what it locks; acts run in the order of that.
    """
    acts = connection.get_execution_options().get("at_the_end")
    if acts is None:
        raise RuntimeError("not inside writing()")
    acts.append((order, act))


@contextmanager
def changing_tables(engine: Engine) -> Iterator[Connection]:
    """A transaction that may rebuild tables: commits at the end, or leaves every table as it was.

    SQLite drops and renames a table to change it, which its foreign keys would forbid; they are checked
    again before the end, and the switch works outside a transaction only.
    """
    with engine.connect().execution_options(begin="IMMEDIATE") as connection:
        if not is_sqlite(engine):
            with connection.begin():
                _enter(connection, EVERYTHING)
                yield connection
            return
        dbapi = connection.connection.dbapi_connection
        dbapi.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")
        finally:
            dbapi.execute("PRAGMA foreign_keys = ON")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A transaction of the whole company in which every statement sees the same state of the database."""
    level = {} if is_sqlite(engine) else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**level) as connection:
        _enter(connection, EVERYTHING)
        yield connection


def check_fresh(scope: Scope) -> None:
    """Raises SignInNeeded where the rights must be asked anew."""
    if scope.until is not None and utc_now() > scope.until:
        raise SignInNeeded("too_old")


def _roots(scope: Scope | None) -> str:
    if scope is None:
        return ""
    check_fresh(scope)
    return ",".join(map(str, scope.roots))


def _enter(connection: Connection, roots: str) -> None:
    if not is_sqlite(connection):
        connection.execute(SEEN, {"roots": roots})
