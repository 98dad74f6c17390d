"""Frequent lines, derived from the stored list of frequent areas: a line's areas may belong to other units.

A registered line belongs to the unit that maintains it and counts all areas of its bureau on it: bureaus are
computed one after another. A line that is not registered belongs to each unit whose areas name it, with the
areas of that unit.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection, Select, and_, case, func, select

from data_access.measures.request import Request
from data_access.measures.step_rows import bare_frame
from data_access.tables.grid import areas, lines
from data_access.tables.kpi import frequent_outage_list
from domain import frequent_list
from domain.periods import add_months

CARRIED = ["label", "state", "labels", "total", "fault", "planned", "most_in_window", "rule_version"]


def _frequent_areas(units: Sequence[int], request: Request) -> list[Select]:
    """Entries of frequent areas of the units; then those of other units on lines of these units."""
    entry = frequent_outage_list
    names = ("bureau_id", "code", "line_code", "as_of", "org_unit_id", "warned_on", *CARRIED)
    columns = [entry.c[name] for name in names]
    limits = [
        entry.c.subject == "area",
        entry.c.state == "frequent",
        entry.c.line_code != "",
        entry.c.as_of.between(request.first_month, add_months(request.last_month, 1) - timedelta(days=1)),
    ]
    on_line = and_(lines.c.bureau_id == entry.c.bureau_id, lines.c.line_code == entry.c.line_code)
    own = select(*columns, lines.c.org_unit_id.label("line_unit")).select_from(
        entry.outerjoin(lines, on_line)
    )
    foreign = select(*columns, lines.c.org_unit_id.label("line_unit")).select_from(lines.join(entry, on_line))
    return [
        own.where(entry.c.org_unit_id.in_(units), *limits),
        foreign.where(lines.c.org_unit_id.in_(units), entry.c.org_unit_id.not_in(units), *limits),
    ]


def _dedicated(connection: Connection, bureaus: list[str]) -> tuple[set[tuple], set[tuple]]:
    """Dedicated accounts (bureau, area), and lines (bureau, line) all of whose registered users are."""
    account = select(areas.c.bureau_id, areas.c.area_code).where(
        areas.c.bureau_id.in_(bureaus), areas.c.kind == "dedicated"
    )
    public = func.sum(case((areas.c.kind == "dedicated", 0), else_=1))
    line = (
        select(areas.c.bureau_id, areas.c.line_code)
        .where(areas.c.bureau_id.in_(bureaus), areas.c.line_code.is_not(None))
        .group_by(areas.c.bureau_id, areas.c.line_code)
        .having(public == 0)
    )
    return (
        {tuple(row) for row in connection.execute(account)},
        {tuple(row) for row in connection.execute(line)},
    )


def entries(connection: Connection, units: Sequence[int], request: Request) -> pd.DataFrame:
    """The frequent lines of the units at each month-end of the request, with the columns of the table."""
    frame = pd.concat([bare_frame(connection, one) for one in _frequent_areas(units, request)])
    frame = frame.infer_objects()
    registered = frame["line_unit"].notna()
    frame["unit"] = frame["line_unit"].where(registered, frame["org_unit_id"]).astype("int64")
    city = frame["unit"].map(dict(request.city_of))
    same_bureau = frame["org_unit_id"].map(dict(request.city_of)) == city
    frame = frame[frame["unit"].isin(units) & same_bureau].reset_index(drop=True)
    if frame.empty:
        return frame
    by_body = request.rules["frequent_outage"]
    accounts, only_dedicated = _dedicated(connection, frame["bureau_id"].unique().tolist())
    line = pd.MultiIndex.from_frame(frame[["bureau_id", "line_code"]])
    area = pd.MultiIndex.from_frame(frame[["bureau_id", "code"]])
    is_account = area.isin(list(accounts)) if accounts else pd.Series(False, index=frame.index)
    is_dedicated = line.isin(list(only_dedicated)) if only_dedicated else pd.Series(False, index=frame.index)
    frame["is_public"] = ~(pd.Series(is_account) & pd.Series(is_dedicated))
    frame["line"] = frame.groupby(["bureau_id", "line_code", "unit"], sort=False).ngroup()
    frame = frame.rename(columns={"code": "area"})
    whole = []
    for (day, version), group in frame.groupby(["as_of", "rule_version"]):
        body = next(one.body for one in by_body if one.version == version)
        whole.append(_lines_of_day(group, body).assign(as_of=day))
    result = pd.concat(whole, ignore_index=True)
    return result.assign(subject="line", code=result["line_code"], line_code="", org_unit_id=result["unit"])


def _lines_of_day(frequent: pd.DataFrame, body: dict) -> pd.DataFrame:
    """Frequent lines of one list, warned from the day on which enough of their areas were on it."""
    only_dedicated = ~frequent.groupby("line")["is_public"].any()
    found = frequent_list.lines(frequent, only_dedicated, body)
    enough = body["lines"]["frequent_areas_at_least"] - 1
    days = frequent.sort_values("warned_on").groupby("line")["warned_on"].nth(enough)
    since = frequent.loc[days.index].set_index("line")["warned_on"]
    return found.assign(warned_on=found["line"].map(since))


def last_day(request: Request) -> date:
    """Last day of the last month of the request."""
    return add_months(request.last_month, 1) - timedelta(days=1)
