"""Lines with repeated faults: lines whose faults in the 12 months to a month-end reach the threshold.

A line counts on the unit that maintains it, whoever was interrupted, while it is in service: as in the
denominator. A fault that was momentary by the rule of its day is none.
"""

from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, and_, func, not_, or_, select

from data_access.measures.frequent import months_to_judge
from data_access.measures.outages import is_momentary
from data_access.measures.request import Request, frame
from data_access.measures.stocks import is_in_service
from data_access.tables.grid import lines
from data_access.tables.outages import outages
from domain.periods import add_months, months_between
from domain.rule_sets import holds, version_on

SOURCES = frozenset({"outages", "lines"})
MEASURES = frozenset({"lines_repeat_faults", "lines_repeat_faults_entered"})
USES_AS_OF = True
LINE = ["org_unit_id", "bureau_id", "line_code", "opened_on", "closed_on"]


def _faults(connection: Connection, request: Request, first_month: date) -> pd.DataFrame:
    """Faults of registered lines per day: the columns LINE, start_day, faults."""
    sustained = or_(
        outages.c.open_steps > 0,
        not_(is_momentary(request.rules["outages"], outages.c.start_day, outages.c.longest_step_s)),
    )
    on_line = and_(outages.c.bureau_id == lines.c.bureau_id, outages.c.line_code == lines.c.line_code)
    columns = [lines.c[name] for name in LINE]
    statement = (
        select(*columns, outages.c.start_day, func.count())
        .select_from(lines.join(outages, on_line))
        .where(
            outages.c.kind == "fault",
            outages.c.start_day >= first_month,
            outages.c.start_day < add_months(request.last_month, 1),
            sustained,
        )
        .group_by(*columns, outages.c.start_day)
    )
    if request.units is not None:
        statement = statement.where(lines.c.org_unit_id.in_(request.units))
    rows = connection.execute(statement).all()
    found = pd.DataFrame([tuple(row) for row in rows], columns=[*LINE, "start_day", "faults"])
    for name in ("opened_on", "closed_on", "start_day"):
        found[name] = pd.to_datetime(found[name])
    return found


def _repeated(faults: pd.DataFrame, month: date, request: Request) -> pd.Series:
    """Index of LINE: the lines on the list at the end of the month."""
    begin, end = np.datetime64(add_months(month, -11)), np.datetime64(add_months(month, 1))
    recent = faults[(faults["start_day"] >= begin) & (faults["start_day"] < end)]
    counts = recent.groupby(LINE, dropna=False, as_index=False)["faults"].sum()
    rule = version_on(request.rules["reliability"], month).body["repeat_faults"]
    listed = counts[holds(counts["faults"], rule["operator"], rule["faults"])]
    return listed[is_in_service(listed, month)].set_index(["org_unit_id", "bureau_id", "line_code"])["faults"]


def own_values(connection: Connection, request: Request) -> pd.DataFrame:
    """Own values of everything in MEASURES, see data_access/measures/request.py."""
    months = months_to_judge(request)
    if not months:
        return frame([])
    before = add_months(months[0], -1)
    faults = _faults(connection, request, add_months(before, -11))
    listed = {month: _repeated(faults, month, request) for month in months_between(before, months[-1])}
    rows = []
    for month in months:
        now, last = listed[month].index, listed[add_months(month, -1)].index
        for measure, members in (
            ("lines_repeat_faults", now),
            ("lines_repeat_faults_entered", now.difference(last)),
        ):
            units = members.get_level_values("org_unit_id").value_counts()
            rows += [(unit, measure, "", "", "month", month, int(count)) for unit, count in units.items()]
    return frame(rows)
