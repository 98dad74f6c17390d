"""Rows of line_outages: what befell each registered line, month by month.

Events are the outages that name the line, whoever was out; they are read from outages. Customers and their
minutes are summed from line_months, which has them by the unit of the steps: those of the line's own bureau,
because each bureau is computed by itself.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, and_, case, func, not_, or_, select

from data_access import arrow_rows
from data_access.measures.frequent import is_major_event_day
from data_access.measures.outage_nature import is_external, is_passed
from data_access.measures.outages import is_momentary
from data_access.measures.request import Request
from data_access.tables.grid import lines
from data_access.tables.kpi import line_months
from data_access.tables.outages import outages
from domain.periods import last_day

KEY = ["org_unit_id", "month", "line_code", "bureau_id"]
EVENTS = ("outages", "faults", "external_faults", "passed_faults")
NO_MED = ("outages", "faults")
CUSTOMERS = ("customers_no_med", "customer_s_no_med", "fault_customer_s_no_med", "mv_users_no_med",
             "mv_user_s_no_med")  # fmt: skip


def _events(units: Sequence[int], request: Request) -> Select:
    """Sustained outages of the lines of the units per line and day, by what they were."""
    one = outages.c
    momentary = is_momentary(request.rules["outages"], one.start_day, one.longest_step_s)
    on_line = and_(one.bureau_id == lines.c.bureau_id, one.line_code == lines.c.line_code)
    keys = (lines.c.bureau_id, lines.c.line_code, lines.c.org_unit_id, one.start_day)
    flags = {"faults": one.kind == "fault", "external_faults": is_external(request.rules)}
    flags["passed_faults"] = is_passed(request.rules)
    sums = [func.sum(case((flag, 1), else_=0)).label(name) for name, flag in flags.items()]
    return (
        select(*keys, func.count().label("outages"), *sums)
        .select_from(lines.join(outages, on_line))
        .where(
            lines.c.org_unit_id.in_(units),
            one.start_day.between(request.first_month, last_day(request.last_month)),
            or_(one.open_steps > 0, not_(momentary)),
        )
        .group_by(*keys)
    )


def _customers(units: Sequence[int], request: Request) -> Select:
    """Sums of line_months over the units of the bureau, by line."""
    month = line_months.c
    on_line = and_(month.bureau_id == lines.c.bureau_id, month.line_code == lines.c.line_code)
    keys = (lines.c.bureau_id, lines.c.line_code, lines.c.org_unit_id, month.month)
    sums = [func.sum(month[name]).label(name) for name in CUSTOMERS]
    return (
        select(*keys, *sums)
        .select_from(line_months.join(lines, on_line))
        .where(
            month.org_unit_id.in_(units),
            lines.c.org_unit_id.in_(units),
            month.month.between(request.first_month, request.last_month),
        )
        .group_by(*keys)
    )


def rows(connection: Connection, units: Sequence[int], request: Request) -> pd.DataFrame:
    """Rows of line_outages for the months of the request. units: all of one bureau."""
    events = _frame(connection, _events(units, request), EVENTS)
    day = events.pop("start_day").to_numpy()
    events["month"] = day.astype("datetime64[M]").astype("datetime64[s]")
    other_day = ~is_major_event_day(events["org_unit_id"].to_numpy(), day, request)
    for name in NO_MED:
        events[f"{name}_no_med"] = np.where(other_day, events[name], 0)
    customers = _frame(connection, _customers(units, request), CUSTOMERS)
    found = pd.concat([events, customers], ignore_index=True)
    counts = [name for name in found if name not in KEY]
    found[counts] = found[counts].fillna(0).astype("int64")
    sums = found.groupby(KEY, sort=True)[counts].sum().reset_index()
    return sums[sums[counts].to_numpy().any(axis=1)]


def _frame(connection: Connection, statement: Select, numbers: Sequence[str]) -> pd.DataFrame:
    found = arrow_rows.read(connection, statement).to_pandas()
    for name in ("bureau_id", "line_code"):
        found[name] = found[name].astype(object)
    for name in found.columns.intersection(["start_day", "month"]):
        found[name] = pd.to_datetime(found[name]).astype("datetime64[s]")
    return found.astype(dict.fromkeys(["org_unit_id", *numbers], "int64"))
