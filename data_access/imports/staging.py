"""Where checked rows wait outside the write lock until all are known to be right.

On PostgreSQL these are temporary tables: without policies, without a log, and gone with the session even
after kill -9. On SQLite they lie in a file of their own beside the database, attached for as long as the
import runs; files of processes that are gone are removed by the next import.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    Engine,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)

from data_access import arrow_rows
from data_access.engine import write_rows
from data_access.imports import bulk
from data_access.tables.outages import outage_steps, outages
from domain.errors import Problem
from domain.row_check_rows import Found


@dataclass(frozen=True)
class Staging:
    """The connection of one import and its staging tables."""

    connection: Connection
    target: Table
    rows: Table  # row_no, row_hash, and the columns of the target without batch_id
    problems: Table
    hits: Table  # rows whose key the target knows: same or changed
    touched: Table  # keys of what must be derived anew
    made_units: Table  # provisional (negative) unit id -> id
    summaries: Table  # outages all of whose steps are new

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that tell rows of the target apart."""
        own = self.target.info["key"]
        return ("bureau_id", *own) if "bureau_id" in self.target.c else tuple(own)


@contextmanager
def opened(engine: Engine, target: Table) -> Iterator[Staging]:
    """Empty staging tables for one import, removed at the end whatever happens."""
    with bulk.staging_area(engine) as (connection, schema):
        metadata = MetaData(schema=schema)
        staging = _tables(connection, metadata, target)
        with bulk.transaction(connection):
            metadata.create_all(connection, checkfirst=False)
        yield staging


def _tables(connection: Connection, metadata: MetaData, target: Table) -> Staging:
    columns = [
        # The unit above may be made by the same file, so it is still a code.
        Column(one.name, String(60) if one.name == "parent_id" else one.type, info=dict(one.info))
        for one in target.columns
        if one.name not in ("batch_id", "id", "version")
    ]
    rows = Table(
        "staged_rows",
        metadata,
        Column("row_no", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
        *columns,
        Column("row_hash", BigInteger),
    )
    problems = Table(
        "staged_problems",
        metadata,
        Column("row_no", BigInteger, nullable=False),
        Column("column", String(60), nullable=False),
        Column("severity", String(8), nullable=False),
        Column("code", String(40), nullable=False),
        Column("value", Text, nullable=False),
        Column("expected", Text, nullable=False),
    )
    hits = Table(
        "staged_hits",
        metadata,
        Column("row_no", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
        Column("is_changed", Integer, nullable=False),
    )
    touched = Table("staged_touched", metadata, Column("key", String(120), primary_key=True))
    made = Table(
        "staged_units",
        metadata,
        Column("provisional", Integer, primary_key=True, autoincrement=False),
        Column("id", Integer, nullable=False),
    )
    summaries = Table(
        "staged_outages",
        metadata,
        *(Column(one.name, one.type, primary_key=one.name == "outage_key") for one in outages.columns),
        Column("last_day", Date),  # of its steps, each on its own
    )
    return Staging(connection, target, rows, problems, hits, touched, made, summaries)


def load(staging: Staging, frame: pd.DataFrame) -> None:
    """Add checked rows; the frame has row_no and columns of the target."""
    if frame.empty:
        return
    with staging.connection.begin():
        arrow_rows.write(staging.connection, staging.rows, arrow_rows.of_frame(frame, staging.rows))


def add_problems(staging: Staging, problems: Sequence[Found], names: dict[str, str]) -> None:
    """Add what was found; names gives the header of the file for each of our columns."""
    columns = [column.name for column in staging.problems.columns]
    with staging.connection.begin():
        for one in problems:
            name = names.get(one.column, one.column)[:60]
            expected = [one.expected] * len(one.rows) if isinstance(one.expected, str) else one.expected
            rows = (
                (int(row), name, one.severity, one.code, value[:200], right[:200])
                for row, value, right in zip(one.rows.tolist(), one.values, expected, strict=True)
            )
            write_rows(staging.connection, staging.problems, columns, rows)


def add_found(
    staging: Staging,
    found: Select,
    column: str,
    code: str,
    severity: str = "error",
    expected: ColumnElement | None = None,
) -> None:
    """Add problems, in the caller's transaction.

    found selects row_no and value, and may select what was expected.
    """
    given = found.subquery("given")
    values = [
        given.c[0],
        literal(column),
        literal(severity),
        literal(code),
        func.coalesce(cast(given.c[1], String), ""),
        cast(given.c[2], String) if len(given.c) > 2 else literal("") if expected is None else expected,
    ]
    names = ["row_no", "column", "severity", "code", "value", "expected"]
    staging.connection.execute(insert(staging.problems).from_select(names, select(*values)))


def index(staging: Staging) -> None:
    """After loading: the index by key, and what the planner must know."""
    table = staging.rows
    with staging.connection.begin():
        by_key = Index("ix_staged_rows_key", *(table.c[name] for name in staging.key))
        by_key.create(staging.connection)
        if staging.target is outage_steps:
            Index("ix_staged_rows_outage", table.c.outage_key).create(staging.connection)
        bulk.analyse(staging.connection, table)


def counts(staging: Staging) -> list[tuple[str, str, str, int]]:
    """(severity, column, code, how many), the errors first."""
    found = staging.problems
    statement = (
        select(found.c.severity, found.c.column, found.c.code, func.count())
        .group_by(found.c.severity, found.c.column, found.c.code)
        .order_by(found.c.severity, found.c.column, found.c.code)
    )
    with bulk.transaction(staging.connection):
        return [tuple(row) for row in staging.connection.execute(statement)]


def drop_rejected(staging: Staging) -> int:
    """Remove staged rows that have an error; how many rows of the file were rejected."""
    found = staging.problems
    wrong = select(found.c.row_no).where(found.c.severity == "error")
    with staging.connection.begin():
        staging.connection.execute(delete(staging.rows).where(staging.rows.c.row_no.in_(wrong)))
        staging.connection.execute(
            delete(found).where(found.c.severity == "warning", found.c.row_no.in_(wrong))
        )
        return staging.connection.execute(
            select(func.count(wrong.subquery().c.row_no.distinct()))
        ).scalar_one()


def add_one_by_one(staging: Staging, problems: Sequence[Problem], names: dict[str, str]) -> None:
    """Add problems of single cells, in the caller's transaction."""
    rows = [
        {
            "row_no": one.row,
            "column": names.get(one.column, one.column)[:60],
            "severity": one.severity,
            "code": one.code,
            "value": one.value[:200],
            "expected": one.expected,
        }
        for one in problems
    ]
    if rows:
        staging.connection.execute(insert(staging.problems), rows)


def problems(staging: Staging, limit: int) -> list[Problem]:
    """The first problems in full, errors before warnings, by row."""
    c = staging.problems.c
    statement = select(staging.problems).order_by(c.severity, c.row_no, c.column, c.code).limit(limit)
    with bulk.transaction(staging.connection):
        return [
            Problem(row.row_no, row.column, row.value, row.code, row.expected, row.severity)
            for row in staging.connection.execute(statement)
        ]
