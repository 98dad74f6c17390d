"""Customers served, lines and areas, as measures of each month.

Lines and areas count as they stand at the end of the month: closed_on is the first day without them.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, select

from data_access import settings
from data_access.measures.request import COLUMNS, Request
from data_access.tables.grid import areas, lines
from data_access.tables.org import customers_served
from domain.periods import add_months, months_between, utc_range

SOURCES = frozenset({"customers_served", "lines", "areas"})
MEASURES = frozenset(
    {"lines_served", "line_metre_months", "areas_served"}
    | {f"{one}_{level}" for one in ("customers_served", "customer_time") for level in ("lv", "mv")}
)


def seconds_of(month: date) -> int:
    """Seconds of the month in the company's zone; a clock change makes it an hour shorter or longer."""
    begin, _ = utc_range(month, month, settings.company_timezone())
    end, _ = utc_range(add_months(month, 1), add_months(month, 1), settings.company_timezone())
    return round((end - begin).total_seconds())


def _of_units(statement: Any, table: Table, request: Request) -> Any:
    return statement if request.units is None else statement.where(table.c.org_unit_id.in_(request.units))


def _customers(connection: Connection, request: Request) -> Iterator[pd.DataFrame]:
    stock = customers_served.c
    statement = select(stock.org_unit_id, stock.level, stock.month, stock.customers).where(
        stock.month.between(request.first_month, request.last_month)
    )
    rows = connection.execute(_of_units(statement, customers_served, request)).fetchall()
    frame = pd.DataFrame.from_records(rows, columns=["org_unit_id", "level", "period_start", "value"])
    seconds = {month: seconds_of(month) for month in frame["period_start"].unique()}
    level = "_" + frame["level"].str.lower()
    yield frame.assign(measure="customers_served" + level)
    yield frame.assign(
        measure="customer_time" + level, value=frame["value"] * frame["period_start"].map(seconds)
    )


def in_service(connection: Connection, table: Table, request: Request, *columns: Any) -> pd.DataFrame:
    """Rows of lines or areas: org_unit_id, opened_on, closed_on and further columns; dates as days or NaT."""
    kept = [table.c.org_unit_id, table.c.opened_on, table.c.closed_on, *columns]
    rows = connection.execute(_of_units(select(*kept), table, request)).fetchall()
    frame = pd.DataFrame.from_records(rows, columns=[column.name for column in kept])
    for column in ("opened_on", "closed_on"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def is_in_service(frame: pd.DataFrame, month: date) -> np.ndarray:
    """Which rows stand at the end of the month; without opened_on: since ever."""
    after = pd.Timestamp(add_months(month, 1))
    opened, closed = frame["opened_on"], frame["closed_on"]
    return ((opened.isna() | (opened < after)) & (closed.isna() | (closed >= after))).to_numpy()


def _network(connection: Connection, request: Request) -> Iterator[pd.DataFrame]:
    feeders = in_service(connection, lines, request, lines.c.length_m)
    feeders["length_m"] = pd.to_numeric(feeders["length_m"]).fillna(0).astype("int64")
    own_areas = in_service(connection, areas, request)
    for month in months_between(request.first_month, request.last_month):
        standing = feeders[is_in_service(feeders, month)].groupby("org_unit_id")["length_m"]
        counts = {
            "lines_served": standing.size(),
            "line_metre_months": standing.sum(),
            "areas_served": own_areas[is_in_service(own_areas, month)].groupby("org_unit_id").size(),
        }
        for measure, values in counts.items():
            yield pd.DataFrame(
                {
                    "org_unit_id": values.index,
                    "measure": measure,
                    "period_start": month,
                    "value": values.array,
                }
            )


def own_values(connection: Connection, request: Request) -> pd.DataFrame:
    """Own values of everything in MEASURES, see data_access/measures/request.py."""
    blocks = [*_customers(connection, request), *_network(connection, request)]
    frame = pd.concat([block for block in blocks if len(block)] or [pd.DataFrame(columns=COLUMNS)])
    frame = frame[frame["value"] != 0].assign(dimension="", member="", grain="month")
    return frame[COLUMNS].reset_index(drop=True)
