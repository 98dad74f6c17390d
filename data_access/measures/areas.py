"""Everything that is counted by area: CEMI, CELID, the frequent-outage lists, repeated planned outages.

store() reads the steps once and writes area_months, line_months and frequent_outage_list; own_values() only
counts in these tables. As-of values (decisions 3) hold at the end of a month, or of the data in the open one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Engine, Table, delete, func, select

from data_access import arrow_rows, lease
from data_access.measures import (
    area_months,
    area_rows,
    area_values,
    frequent,
    frequent_lines,
    outage_nature,
    step_rows,
)
from data_access.measures.request import COLUMNS, Request
from data_access.tables.grid import areas
from data_access.tables.kpi import area_months as stored_months
from data_access.tables.kpi import frequent_outage_list, line_months
from data_access.transactions import reading_all
from domain.periods import add_months, last_day

SOURCES = frozenset({"outages", "areas", "lines", "major_events"})
PLANNED = ("areas_planned", "areas_planned_repeatedly", "areas_planned_repeatedly_entered")
MEASURES = frequent.LISTED | {
    *area_values.CUSTOMER,
    *(f"{one}_{part}" for one in area_values.CUSTOMER for part in ("entered", "med", "entered_no_med")),
    *PLANNED,
    "areas_planned_excluded",
    "areas_planned_open",
}
USES_AS_OF = True
OF_BUREAU = True  # an area that is not registered counts for the unit that its steps name most


def store(engine: Engine, holder: str, request: Request) -> None:
    """Write the tables for the request, bureau by bureau in short transactions; repeating it does no harm.

    Raises Busy where the holder lost the lease; from then on it writes nothing.
    """
    groups = step_rows.groups_of_units(request)
    first = min(frequent.first_day(request), area_months.first_day(request))
    last = last_day(request.last_month)
    with_cause = any(one.body["exclude"]["external_damage"] for one in request.rules["frequent_outage"])
    for units in groups:
        with reading_all(engine) as connection:
            is_any = step_rows.is_any(connection, units, first, last)
        counted = _Counted()
        if is_any:
            steps = step_rows.read_many_steps(engine, units, first, last, with_cause)
            with reading_all(engine) as connection:
                counted = _counted(connection, steps, units, request)
        with lease.writing_as(engine, holder) as connection:
            _replace(connection, stored_months, "month", units, request, counted.by_area)
            _replace(connection, line_months, "month", units, request, counted.by_line)
            _replace(connection, frequent_outage_list, "as_of", units, request, *counted.listed)


@dataclass(frozen=True)
class _Counted:
    """Rows of area_months, line_months and frequent_outage_list (areas, lines)."""

    by_area: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_line: pd.DataFrame = field(default_factory=pd.DataFrame)
    listed: tuple[pd.DataFrame, ...] = ()


def _counted(connection: Connection, steps: pd.DataFrame, units: Sequence[int], request: Request) -> _Counted:
    steps["nature"] = outage_nature.nature(connection, steps, units, request)
    found = area_rows.area_rows(connection, steps, units, request.rules["outages"])
    judged = frequent.judge(found, frequent.list_before(connection, units, request), request)
    own = step_rows.with_lines(connection, steps[steps["is_own"]])
    listed = frequent.area_entries(judged, found.users)
    lines = frequent_lines.entries(connection, listed, units, request)
    months = area_months.by_area(found, judged, request)
    return _Counted(months, area_months.by_line(own, request), (listed, lines))


def _replace(
    connection: Connection,
    table: Table,
    day: str,
    units: Sequence[int],
    request: Request,
    *frames: pd.DataFrame,
) -> None:
    """The rows instead of those that the table has for the units and months."""
    in_time = table.c[day].between(request.first_month, last_day(request.last_month))
    connection.execute(delete(table).where(table.c.org_unit_id.in_(units), in_time))
    for rows in frames:
        if len(rows):
            arrow_rows.write(connection, table, arrow_rows.of_frame(rows, table))


def own_values(connection: Connection, request: Request) -> pd.DataFrame:
    """Own values of everything in MEASURES, see data_access/measures/request.py."""
    months = frequent.months_to_judge(request)
    if not months:
        return pd.DataFrame(columns=COLUMNS)
    blocks = [*_of_months(connection, request, months[-1]), *frequent.values(connection, request)]
    found = pd.concat(blocks, ignore_index=True)
    found["period_start"] = found["month"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    found["grain"] = "month"
    return found.loc[found["value"] != 0, COLUMNS].reset_index(drop=True)


def _of_months(connection: Connection, request: Request, last_month: date) -> list[pd.DataFrame]:
    """Counts made from area_months of the request up to last_month and of the twelve months before.

    Months that begin after the data are never judged, so neither is what happens in them counted.
    """
    table = stored_months.c
    names = ("org_unit_id", "bureau_id", "area_code", "month", *area_values.READ)
    statement = select(*(table[name] for name in names)).where(
        table.month.between(add_months(request.first_month, -12), last_month)
    )
    sums = [func.sum(table[name]).label(name) for name in area_values.SUMMED]
    flows = (
        select(table.org_unit_id, table.month, *sums)
        .where(table.month.between(request.first_month, last_month))
        .group_by(table.org_unit_id, table.month)
    )
    register = select(
        areas.c.bureau_id, areas.c.area_code, areas.c.org_unit_id, areas.c.opened_on, areas.c.closed_on
    )
    if request.units is not None:
        statement = statement.where(table.org_unit_id.in_(request.units))
        flows = flows.where(table.org_unit_id.in_(request.units))
        register = register.where(areas.c.org_unit_id.in_(request.units))
    rows = arrow_rows.read(connection, statement).to_pandas()
    rest = [step_rows.bare_frame(connection, one) for one in (flows, register)]
    return area_values.values(rows, *rest, request)
