"""What many tests begin with is built once per process; whoever builds it again gets a copy of its rows."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, func, select, union_all

from data_access.engine import copy_sqlite, is_sqlite
from data_access.tables import metadata
from data_access.tables.org import database_info, org_units
from data_access.transactions import reading_all
from tests.postgres import as_superuser

SETTINGS = ("COMPANY_TIMEZONE", "AUDIT_KEY")  # rows depend on them
MANY_BYTES = 100_000
COUNTS = str(union_all(*(select(func.count()).select_from(table) for table in metadata.sorted_tables)))
Build = Callable[..., Any]


def built_once(build: Build) -> Build:
    """build(engine, ...), which runs as ever where the database holds units already.

    Where it holds none it runs the first time; after that its rows are copied, as long as the database
    begins alike: as many rows in each table, the same purpose, the same SETTINGS. It gives what it gave the
    first time. Nothing else that it is given, such as a folder, may matter to the rows.
    """
    kept: dict[tuple, tuple[Any, Any]] = {}
    folder = tempfile.TemporaryDirectory(prefix="built-once-")

    @wraps(build)
    def built(engine: Engine, *arguments: Any) -> Any:
        beginning = _beginning(engine)
        if beginning is None:
            return build(engine, *arguments)
        if beginning in kept:
            given, copy = kept[beginning]
            _fill_sqlite(engine, copy) if is_sqlite(engine) else _fill(engine, copy)
            return given
        if is_sqlite(engine):
            given = build(engine, *arguments)
            copy = copy_sqlite(engine, Path(folder.name) / f"{len(kept)}.db")
        else:
            before = _stored(engine)
            given = build(engine, *arguments)
            copy = [one for one in _stored(engine) if one not in before]
        kept[beginning] = given, copy
        return given

    return built


def _beginning(engine: Engine) -> tuple | None:
    """Tells databases apart that hold no units; None for those that hold some."""
    with reading_all(engine) as connection:
        if connection.scalar(select(func.count()).select_from(org_units)):
            return None
        about = tuple(tuple(row) for row in connection.execute(select(database_info)))
        counts = tuple(connection.exec_driver_sql(COUNTS).scalars())
    return engine.dialect.name, about, counts, tuple(os.environ.get(name) for name in SETTINGS)


def _fill_sqlite(engine: Engine, copy: Path) -> None:
    with engine.connect() as connection, closing(sqlite3.connect(copy)) as source:
        source.backup(connection.connection.dbapi_connection)


@dataclass(frozen=True)
class _Stored:
    """What a table of PostgreSQL holds, as COPY spells it; a sequence the last number that it gave."""

    name: str
    rows: bytes | int | None


def _stored(engine: Engine) -> list[_Stored]:
    found = []
    with psycopg.connect(as_superuser(engine)) as connection:
        for table in metadata.sorted_tables:
            with connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(table.name))) as copy:
                found.append(_Stored(table.name, b"".join(copy)))
        numbers = connection.execute("SELECT sequencename, last_value FROM pg_sequences")
        return found + [_Stored(*row) for row in numbers]


def _fill(engine: Engine, stored: list[_Stored]) -> None:
    with psycopg.connect(as_superuser(engine)) as connection:
        connection.execute("SET session_replication_role = replica")  # rows are as the triggers left them
        for one in stored:
            name = Identifier(one.name)
            if isinstance(one.rows, bytes):
                connection.execute(SQL("DELETE FROM {}").format(name))
                with connection.cursor().copy(SQL("COPY {} FROM STDIN").format(name)) as copy:
                    copy.write(one.rows)
                if len(one.rows) > MANY_BYTES:
                    connection.execute(SQL("ANALYZE {}").format(name))
            else:
                connection.execute("SELECT setval(%s::regclass, %s)", (one.name, one.rows))
