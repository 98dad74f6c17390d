"""Rows travel as Arrow columns without changing, on both databases."""

import sqlite3
from datetime import date, datetime

import pandas as pd
import psycopg
import pytest
from sqlalchemy import Engine, Select, column, select
from sqlalchemy.exc import DBAPIError

from data_access import arrow_rows
from data_access.engine import is_sqlite, write_rows
from data_access.tables.outages import outages
from data_access.transactions import reading_all, writing_all
from tests.data_access import company

NAMES = [
    "bureau_id", "outage_key", "org_unit_id", "kind", "cause", "line_code", "detected_at", "trip",
    "has_automation", "started_at", "ended_at", "start_day", "steps", "customers", "open_steps",
]  # fmt: skip
COMMON = ("A", 1, "fault", datetime(2026, 1, 1, 0, 30), date(2026, 1, 1))


def row(key: str, cause: str, line: str | None, flag: bool | None, customers: int | None) -> tuple:
    bureau, unit, kind, began, day = COMMON
    ended = None if customers is None else datetime(2026, 1, 1, 23, 59, 59)
    return bureau, key, unit, kind, cause, line, None, None, flag, began, ended, day, 1, customers, 0


ROWS = [
    row("a", "", None, None, None),
    row("b", 'quote " comma , line\nnext', "线路", True, 2**40),
    row("c", "NULL", "", False, 0),
]


def test_what_is_written_is_read_again(engine: Engine) -> None:
    """Null is neither the empty text nor 0; commas, quotes and line ends stay inside their text."""
    company.build(engine)
    frame = pd.DataFrame(ROWS, columns=NAMES).astype(object)
    with writing_all(engine) as connection:
        arrow_rows.write(connection, outages, arrow_rows.of_frame(frame, outages))

    with reading_all(engine) as connection:
        stored = [tuple(one) for one in connection.execute(in_order())]
        found = arrow_rows.read(connection, in_order())

    assert stored == ROWS
    assert [tuple(one.values()) for one in found.to_pylist()] == ROWS


def in_order() -> Select:
    return select(*(outages.c[name] for name in NAMES)).order_by(outages.c.outage_key)


def many(engine: Engine) -> list[tuple]:
    """Rows for several statements, the last of them not full."""
    company.build(engine)
    rows = [row(f"{number:04}", "雷击", "线路", True, number) for number in range(1_001)]
    with writing_all(engine) as connection:
        write_rows(connection, outages, NAMES, rows)
    return rows


def test_rows_for_several_statements_are_all_written_once(engine: Engine) -> None:
    rows = many(engine)

    with reading_all(engine) as connection:
        stored = connection.execute(
            select(*(outages.c[name] for name in NAMES)).order_by(outages.c.outage_key)
        )
        assert [tuple(one) for one in stored] == rows


def test_more_rows_than_one_value_of_sqlite_holds_are_read_too(engine: Engine) -> None:
    rows = many(engine)
    with reading_all(engine) as connection:
        whole = arrow_rows.read(connection, in_order())
        if is_sqlite(engine):
            connection.connection.dbapi_connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 20_000)
            connection.detach()  # the limit stays with the connection, which no other is to get

        assert arrow_rows.read(connection, in_order()).equals(whole)
        assert whole.num_rows == len(rows)


def test_a_result_without_rows_has_its_columns(engine: Engine) -> None:
    with reading_all(engine) as connection:
        found = arrow_rows.read(connection, select(outages.c.outage_key, outages.c.start_day))

    assert (found.num_rows, found.column_names) == (0, ["outage_key", "start_day"])


def test_what_the_database_refuses_is_raised_and_the_connection_goes_on(engine: Engine) -> None:
    company.build(engine)
    with engine.connect() as connection:
        with connection.begin(), pytest.raises((DBAPIError, psycopg.Error)):
            arrow_rows.read(connection, select(column("nowhere")).select_from(outages))

        with connection.begin():
            assert arrow_rows.read(connection, select(outages.c.outage_key)).num_rows == 0
