"""What the import does differently on SQLite and on PostgreSQL; nothing else here knows which it is."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    Engine,
    Table,
    case,
    cast,
    func,
    literal,
    select,
)

from data_access import processes
from data_access.engine import is_sqlite
from data_access.imports import by_hand
from data_access.transactions import whole_company

SCHEMA = "staging"
MARK = ".staging-"
LARGE_CACHE_KIB = -262_144  # rows go into indexes all over the file; pages that fit stay out of the log


@contextmanager
def staging_area(engine: Engine) -> Iterator[tuple[Connection, str]]:
    """One connection for a whole import, and the schema in which its staging tables may be made.

    Transactions on it leave the database unlocked until one writes to another schema.
    """
    if not is_sqlite(engine):
        with engine.connect() as connection, whole_company(connection):
            try:
                yield connection, "pg_temp"
            finally:
                if connection.in_transaction():
                    connection.rollback()
                with connection.begin():  # the connection goes back to the pool
                    connection.exec_driver_sql("DISCARD TEMP")
        return
    file = _staging_file(engine)
    with engine.connect() as connection:
        dbapi = connection.connection.dbapi_connection
        dbapi.execute(f"ATTACH DATABASE ? AS {SCHEMA}", (str(file) if file else "",))
        usual = {
            name: dbapi.execute(f"PRAGMA main.{name}").fetchone()[0] for name in ("cache_size", "mmap_size")
        }
        try:
            dbapi.execute(f"PRAGMA {SCHEMA}.journal_mode = MEMORY")
            dbapi.execute(f"PRAGMA {SCHEMA}.synchronous = OFF")
            dbapi.execute(f"PRAGMA {SCHEMA}.cache_size = -65536")
            dbapi.execute(f"PRAGMA main.cache_size = {LARGE_CACHE_KIB}")
            dbapi.execute("PRAGMA main.mmap_size = 0")  # what is mapped counts as the process's memory
            yield connection, SCHEMA
        finally:
            for name, value in usual.items():
                dbapi.execute(f"PRAGMA main.{name} = {value}")
            if connection.in_transaction():
                connection.rollback()
            dbapi.execute(f"DETACH DATABASE {SCHEMA}")
            _remove(file)


def _staging_file(engine: Engine) -> Path | None:
    """A new file beside the database; None for a database in memory. Removes those of dead processes."""
    name = engine.url.database
    if not name or name == ":memory:":
        return None
    path = Path(name)
    for old in path.parent.glob(f"{path.name}{MARK}*"):
        pid = old.name.split(MARK)[1].split("-")[0]
        if pid.isdigit() and not processes.is_alive(int(pid)):
            _remove(old)
    return path.with_name(f"{path.name}{MARK}{os.getpid()}-{secrets.token_hex(4)}")


def _remove(file: Path | None) -> None:
    if file:
        for suffix in ("", "-journal"):
            file.with_name(file.name.removesuffix("-journal") + suffix).unlink(missing_ok=True)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """The connection's open transaction, else one of its own."""
    if connection.in_transaction():
        yield
        return
    with connection.begin():
        yield


def one_at_a_time(connection: Connection, what: str) -> None:
    """Until the transaction ends, nobody else passes for the same `what`; SQLite has one writer anyway."""
    if not is_sqlite(connection):
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))


def nobody_by_hand(connection: Connection, table: Table) -> None:
    """Until the transaction ends, nobody changes rows of the table one by one."""
    if by_hand.is_versioned(table):
        one_at_a_time(connection, f"by hand {table.name}")


def no_import(connection: Connection, table: Table) -> None:
    """Until the transaction ends, no import changes rows of the table; others may, one by one."""
    if not is_sqlite(connection):
        key = func.hashtext(f"by hand {table.name}")
        connection.execute(select(func.pg_advisory_xact_lock_shared(key)))


def analyse(connection: Connection, table: Table) -> None:
    """Tell the planner how large a freshly filled staging table is."""
    if not is_sqlite(connection):
        connection.exec_driver_sql(f"ANALYZE {table.fullname}")


def seconds_between(bind: Connection, earlier: ColumnElement, later: ColumnElement) -> ColumnElement[int]:
    """Whole seconds from one time to another."""
    if is_sqlite(bind):
        return func.unixepoch(later) - func.unixepoch(earlier)
    return cast(func.extract("epoch", later - earlier), BigInteger)


def local_day(
    bind: Connection, time: ColumnElement, zone: ZoneInfo, first: datetime, last: datetime
) -> ColumnElement[date]:
    """The zone's day of a naive UTC time between first and last."""

    def day(offset: int) -> ColumnElement[date]:
        if is_sqlite(bind):
            return func.date(time, literal(f"{offset:+d} seconds"))
        return cast(time + literal(timedelta(seconds=offset)), Date)

    return _by_offset(time, zone, first, last, day)


def local_minute(
    bind: Connection, time: ColumnElement, zone: ZoneInfo, first: datetime, last: datetime
) -> ColumnElement[str]:
    """The zone's time as text, such as 2024-03-01 08:00, of a naive UTC time between first and last."""

    def minute(offset: int) -> ColumnElement[str]:
        if is_sqlite(bind):
            return func.strftime("%Y-%m-%d %H:%M", time, literal(f"{offset:+d} seconds"))
        return func.to_char(time + literal(timedelta(seconds=offset)), "YYYY-MM-DD HH24:MI")

    return _by_offset(time, zone, first, last, minute)


def _by_offset(
    time: ColumnElement,
    zone: ZoneInfo,
    first: datetime,
    last: datetime,
    at: Callable[[int], ColumnElement],
) -> ColumnElement:
    """at(seconds east of UTC) as it holds at the time."""
    changes = offset_changes(zone, first, last)
    *earlier, (_, offset) = changes
    until = [begin for begin, _ in changes[1:]]
    pairs = [(time < end, at(before)) for end, (_, before) in zip(until, earlier, strict=True)]
    return case(*pairs, else_=at(offset)) if pairs else at(offset)


def offset_changes(zone: ZoneInfo, first: datetime, last: datetime) -> list[tuple[datetime, int]]:
    """(naive UTC time from which it holds, seconds east of UTC), the first from the span's beginning."""

    def offset(moment: datetime) -> int:
        begin = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
        return int(begin.utcoffset().total_seconds())

    found = [(first, offset(first))]
    moment = first
    while moment < last:
        later = min(moment + timedelta(days=7), last)  # no zone changes twice within a week
        if offset(later) != found[-1][1]:
            low, high = moment, later
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle) == found[-1][1] else (low, middle)
            found.append((high.replace(microsecond=0), offset(later)))
        moment = later
    return found


def local_days(times: pd.Series, zone: ZoneInfo) -> pd.Series:
    """The zone's day of each naive UTC time, at midnight."""
    return times.dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()


def as_date(value: date | str) -> date:
    """A day that local_day() worked out: SQLite gives text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


@contextmanager
def without_indexes(connection: Connection, table: Table) -> Iterator[None]:
    """Fill an empty SQLite table before its indexes are made: several times faster than row by row.

    Inside the caller's transaction, so that nobody ever sees it without them.
    """
    is_empty = connection.execute(select(literal(1)).select_from(table).limit(1)).first() is None
    if not (is_sqlite(connection) and is_empty):
        yield
        return
    for index in table.indexes:
        index.drop(connection)
    yield
    for index in sorted(table.indexes, key=lambda one: one.name):
        index.create(connection)
