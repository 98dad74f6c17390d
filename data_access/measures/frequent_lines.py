"""Frequent lines, made from the list of frequent areas: a line's areas may belong to other units.

A registered line belongs to the unit that maintains it and counts all areas of its bureau on it: each bureau
is computed by itself. A line that is not registered belongs to each unit whose areas name it, with the
areas of that unit.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, case, func, select

from data_access.measures.request import Request
from data_access.tables.grid import areas, lines
from data_access.tables.kpi import frequent_outage_list
from domain import frequent_list
from domain.periods import add_months

NUMBERS = ("org_unit_id", "total", "fault", "planned", "most_in_window", "rule_version")
COLUMNS = ["bureau_id", "code", "line_code", "as_of", "warned_on", "label", "state", "labels", *NUMBERS]


def entries(
    connection: Connection, listed: pd.DataFrame, units: Sequence[int], request: Request
) -> pd.DataFrame:
    """The frequent lines of the units at each month-end of the request, with the columns of the table.

    listed: the areas of the units on the list, as they are about to be stored.
    """
    if listed.empty:
        return listed
    frame = listed.loc[(listed["state"] == "frequent") & (listed["line_code"] != ""), COLUMNS]
    if frame.empty:
        return frame
    frame = frame.reset_index(drop=True).astype(dict.fromkeys(NUMBERS, "int64"))
    register = select(lines.c.bureau_id, lines.c.line_code, lines.c.org_unit_id).where(
        lines.c.bureau_id.in_(frame["bureau_id"].unique().tolist())
    )
    maintained = {(row[0], row[1]): row[2] for row in connection.execute(register)}
    number = frame.groupby(["bureau_id", "line_code"], sort=False).ngroup().to_numpy()
    once = frame.drop_duplicates(["bureau_id", "line_code"])
    unit_of = [maintained.get(key, -1) for key in zip(once["bureau_id"], once["line_code"], strict=True)]
    line_unit = np.array(unit_of, dtype=np.int64)[number]
    frame["unit"] = np.where(line_unit >= 0, line_unit, frame["org_unit_id"])
    city = frame["unit"].map(dict(request.city_of))
    same_bureau = frame["org_unit_id"].map(dict(request.city_of)) == city
    frame = frame[frame["unit"].isin(units) & same_bureau].reset_index(drop=True)
    if frame.empty:
        return frame
    accounts, only_dedicated = _dedicated(connection, frame["bureau_id"].unique().tolist())
    is_dedicated = _are_in(frame, "code", accounts) & _are_in(frame, "line_code", only_dedicated)
    frame["is_public"] = ~is_dedicated
    # One line for each day: the lists of a version are judged together.
    frame["line"] = frame.groupby(["bureau_id", "line_code", "unit", "as_of"], sort=False).ngroup()
    frame = frame.rename(columns={"code": "area"})
    bodies = {version.version: version.body for version in request.rules["frequent_outage"]}
    whole = [_lines(group, bodies[version]) for version, group in frame.groupby("rule_version")]
    result = pd.concat(whole, ignore_index=True)
    result = result.assign(
        subject="line", code=result["line_code"], line_code="", org_unit_id=result["unit"], is_worst=True
    )
    return result.assign(has_entered=_have_entered(connection, result, units, request))


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


def _are_in(frame: pd.DataFrame, column: str, found: set[tuple]) -> np.ndarray:
    """Which rows have (bureau_id, column) in the set."""
    numbers = frame.groupby(["bureau_id", column], sort=False).ngroup().to_numpy()
    once = frame.drop_duplicates(["bureau_id", column])
    return np.array([key in found for key in zip(once["bureau_id"], once[column], strict=True)])[numbers]


def _lines(frequent: pd.DataFrame, body: Mapping[str, Any]) -> pd.DataFrame:
    """Frequent lines of the lists, warned from the day on which enough of their areas were on it."""
    only_dedicated = ~frequent.groupby("line")["is_public"].any()
    found = frequent_list.lines(frequent, only_dedicated, body)
    ranked = frequent[["line", "warned_on"]].sort_values(["line", "warned_on"])
    nth = ranked[ranked.groupby("line").cumcount() == body["lines"]["frequent_areas_at_least"] - 1]
    # A merge, since a map by no line at all has another type than times.
    return found.drop(columns="warned_on").merge(nth, on="line", how="left")


def _have_entered(
    connection: Connection, found: pd.DataFrame, units: Sequence[int], request: Request
) -> np.ndarray:
    """Which lines were not on the list at the month-end before."""
    entry = frequent_outage_list.c
    before = select(entry.org_unit_id, entry.bureau_id, entry.code).where(
        entry.org_unit_id.in_(units),
        entry.subject == "line",
        entry.as_of.between(add_months(request.first_month, -1), request.first_month - timedelta(days=1)),
    )
    month = pd.to_datetime(found["as_of"]).to_numpy().astype("datetime64[M]")
    number = (month - np.datetime64(request.first_month, "M")).astype(np.int64)
    there = {(*row, -1) for row in connection.execute(before)}
    keys = list(zip(found["org_unit_id"], found["bureau_id"], found["code"], number.tolist(), strict=True))
    there |= set(keys)
    return np.array([(*key[:3], key[3] - 1) not in there for key in keys], dtype=bool)
