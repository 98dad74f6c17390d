"""Lines with repeated faults: lines whose faults in the 12 months to a month-end reach the threshold.

A line counts on the unit that maintains it, whoever was interrupted, while it is in service: as in the
denominator. A fault that was momentary by the rule of its day is none. Beside it: the lines that reach the
threshold only with major event days.
"""

from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, and_, func, not_, or_, select

from data_access.measures.days import is_major_event_day
from data_access.measures.frequent import months_to_judge
from data_access.measures.outages import is_momentary
from data_access.measures.request import Request, frame
from data_access.measures.step_rows import bare_frame
from data_access.measures.stocks import is_in_service
from data_access.tables.grid import lines
from data_access.tables.outages import outages
from domain.periods import add_months, months_between
from domain.rule_sets import holds, version_on

SOURCES = frozenset({"outages", "lines", "major_events"})
LISTED = "lines_repeat_faults"
MEASURES = frozenset({LISTED, f"{LISTED}_med", f"{LISTED}_entered", f"{LISTED}_entered_no_med"})
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
        select(*columns, outages.c.start_day, func.count().label("faults"))
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
    found = bare_frame(connection, statement)
    for name in ("opened_on", "closed_on", "start_day"):
        found[name] = pd.to_datetime(found[name])
    return found


def own_values(connection: Connection, request: Request) -> pd.DataFrame:
    """Own values of everything in MEASURES, see data_access/measures/request.py."""
    months = months_to_judge(request)
    if not months:
        return frame([])
    before = add_months(months[0], -1)
    faults = _faults(connection, request, add_months(before, -11))
    of_line = faults.drop_duplicates(LINE[:3]).reset_index(drop=True)
    line = faults.groupby(LINE[:3], sort=False).ngroup().to_numpy()
    month = faults["start_day"].to_numpy().astype("datetime64[M]")
    is_med = is_major_event_day(faults["org_unit_id"], faults["start_day"], request)
    number = faults["faults"].to_numpy().astype(np.int64)
    rows, before_now = [], np.zeros((2, len(of_line)), dtype=bool)
    for end in months_between(before, months[-1]):
        recent = (month > np.datetime64(add_months(end, -12), "M")) & (month <= np.datetime64(end, "M"))
        rule = version_on(request.rules["reliability"], end).body["repeat_faults"]
        in_service = is_in_service(of_line, end)
        now = np.array(
            [
                holds(
                    np.bincount(line[chosen], weights=number[chosen], minlength=len(of_line)),
                    rule["operator"],
                    rule["faults"],
                )
                & in_service
                for chosen in (recent, recent & ~is_med)
            ]
        )
        if end >= months[0]:
            entered = now & ~before_now
            for measure, which in (
                (LISTED, now[0]),
                (f"{LISTED}_med", now[0] & ~now[1]),
                (f"{LISTED}_entered", entered[0]),
                (f"{LISTED}_entered_no_med", entered[1]),
            ):
                rows += _counts(of_line[which], measure, end)
        before_now = now
    return frame(rows)


def _counts(listed: pd.DataFrame, measure: str, month: date) -> list[tuple]:
    """One row per unit."""
    units = listed["org_unit_id"].value_counts()
    return [(unit, measure, "", "", "month", month, int(count)) for unit, count in units.items()]
