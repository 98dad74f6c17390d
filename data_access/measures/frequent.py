"""The frequent-outage and the warning list at each month-end, and the counts of both.

The list of a day is judged as a whole by the version of rule set frequent_outage that is in force on that
day; nothing that began later touches it. The open month is judged at the end of the data. The table
frequent_outage_list is written by measures/areas.py, which reads the steps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.measures.area_rows import NOT_REGISTERED, AreaRows
from data_access.measures.outage_nature import rows_in_group
from data_access.measures.request import Request
from data_access.tables.kpi import frequent_outage_list
from domain import frequent_list, frequent_outage
from domain.periods import add_months, last_day, month_of, months_between
from domain.rule_sets import RuleVersion, version_on

COUNTED = frozenset({"frequent_areas", "warning_areas", "frequent_lines"})
LISTED = frozenset(COUNTED | {f"{one}_entered" for one in COUNTED} | {"frequent_excluded"})
DAY = "datetime64[D]"


@dataclass(frozen=True)
class Judged:
    """listed: one row per month-end and listed user. reason: per area row, the place in REASONS or -1.

    is_med: per area row, whether it began on a major event day.
    """

    listed: pd.DataFrame
    reason: np.ndarray
    is_med: np.ndarray


def months_to_judge(request: Request) -> list[date]:
    """Months of the request that have begun by the end of the data."""
    last = min(request.last_month, month_of(request.as_of_day))
    return list(months_between(request.first_month, last)) if last >= request.first_month else []


def as_of(month: date, request: Request) -> date:
    """Day at whose end a month is judged: its last, or the last day of data in the open month."""
    return min(last_day(month), request.as_of_day)


def first_day(request: Request) -> date:
    """First day of the rows that the lists of the request are made from."""
    years = [version.body for version in request.rules["frequent_outage"]]
    return min(frequent_outage.first_day(request.first_month.year, body) for body in years)


def counted_from(day: date, request: Request) -> date:
    """First day of the rows from which the lists of a day are made, and its count of planned outages."""
    body = version_on(request.rules["frequent_outage"], day).body
    days = version_on(request.rules["notices"], day).body["repeated_planned"]["days"]
    return min(frequent_outage.first_day(day.year, body), day - timedelta(days=days - 1))


def _by_version(request: Request) -> Iterator[tuple[RuleVersion, list[date]]]:
    """Months to judge by calendar year and version, in order."""
    found: dict[tuple[int, int], tuple[RuleVersion, list[date]]] = {}
    for month in months_to_judge(request):
        version = version_on(request.rules["frequent_outage"], as_of(month, request))
        found.setdefault((month.year, version.version), (version, []))[1].append(month)
    yield from found.values()


def flagged(area_rows: AreaRows, request: Request) -> pd.DataFrame:
    """The rows as domain/frequent_outage.py reads them, whatever the version; in the order given."""
    rows, users = area_rows.rows, area_rows.users
    unit = users["org_unit_id"].to_numpy()[rows["user"].to_numpy()]
    unit = np.where(unit == NOT_REGISTERED, rows["org_unit_id"], unit)
    return pd.DataFrame(
        {
            "user": rows["user"].to_numpy(),
            "started_s": rows["started"].to_numpy().astype(np.int64),
            "duration_s": rows["duration_s"].to_numpy(),
            "day": rows["day"].to_numpy(),
            "is_med": is_major_event_day(unit, rows["day"].to_numpy(), request),
            "is_single_user": rows["is_single_user"].to_numpy(),
            "is_external": rows_in_group(request.rules, "external", rows),
            "is_fault": (rows["kind"] == "fault").to_numpy(),
            "kind": rows["kind"].array,
        }
    )


def is_major_event_day(units: np.ndarray, days: np.ndarray, request: Request) -> np.ndarray:
    """Whether each day is a major event day of the unit's bureau; quick for many rows."""
    med = request.med_days
    if med.empty:
        return np.zeros(len(units), dtype=bool)
    names, place = np.unique(units, return_inverse=True)
    city = np.array([request.city_of.get(one, -1) for one in names.tolist()], dtype=np.int64)[place]
    med_day = pd.to_datetime(med["day"]).to_numpy().astype(DAY).astype(np.int64)
    med_keys = med["org_unit_id"].to_numpy().astype(np.int64) * 1_000_000 + med_day
    return np.isin(city * 1_000_000 + days.astype(DAY).astype(np.int64), med_keys)


def judge(area_rows: AreaRows, before: pd.DataFrame, request: Request) -> Judged:
    """The lists of users at the month-ends of the request, and why rows are left out.

    before: rows of the list at the month-end before the request, of these units (see list_before).
    """
    flags = flagged(area_rows, request)
    day = flags["day"].to_numpy().astype(DAY)
    month = day.astype("datetime64[M]")
    reason = np.full(len(flags), -1, dtype=np.int8)
    users = area_rows.users
    key = ["bureau_id", "area_code", "line_code"]
    earlier = before.merge(users.assign(user=np.arange(len(users))), on=key)[["user", "state", "warned_on"]]
    area = users["area"].to_numpy()
    lists = []
    for version, months in _by_version(request):
        body = version.body
        last = as_of(months[-1], request)
        start = frequent_outage.first_day(months[0].year, body)
        chosen = np.flatnonzero((day >= np.datetime64(start)) & (day <= np.datetime64(last)))
        rows = flags.iloc[chosen]
        rows = rows.assign(is_planned=rows["kind"].isin(body["frequent"]["planned_kinds"]).to_numpy())
        why = frequent_outage.reasons(rows, body)
        mine = np.isin(month[chosen], np.array(months, dtype="datetime64[M]"))
        reason[chosen[mine]] = frequent_outage.first_reason(why[mine])
        kept = frequent_outage.counted(rows, why, body)
        days = [as_of(one, request) for one in months]
        for end, listed in zip(days, frequent_list.judged_at(kept, days, body, len(users)), strict=True):
            # A list is for the calendar year: in January the day comes from the year's own rows.
            of_year = earlier if end.month > 1 else earlier.head(0)
            listed["warned_on"] = frequent_list.keep_first_day(listed, of_year)
            listed["is_worst"] = _is_worst(listed, area, users["line_code"], body)
            listed["has_entered"] = _has_entered(listed, earlier, area)
            earlier = listed[["user", "state", "warned_on"]]
            unit = area_rows.units_at(counted_from(end, request), end)[listed["user"]]
            lists.append(listed.assign(as_of=end, rule_version=version.version, org_unit_id=unit))
    whole = pd.concat(lists, ignore_index=True) if lists else pd.DataFrame()
    return Judged(whole, reason, flags["is_med"].to_numpy())


def _is_worst(listed: pd.DataFrame, area: np.ndarray, line: pd.Series, body: Mapping[str, Any]) -> np.ndarray:
    """One row of each area: frequent before warning, then by the version's priority, then by line.

    area, line: of each user.
    """
    if len(area) == area.max(initial=-1) + 1:
        return np.ones(len(listed), dtype=bool)
    places = [body["priority"][row.state].index(row.label) for row in listed.itertuples()]
    rank = line.rank(method="dense").to_numpy()
    order = np.lexsort((rank[listed["user"]], places, listed["state"] == "warning", area[listed["user"]]))
    worst = np.zeros(len(listed), dtype=bool)
    worst[order[np.unique(area[listed["user"].to_numpy()[order]], return_index=True)[1]]] = True
    return worst


def _has_entered(listed: pd.DataFrame, before: pd.DataFrame, area: np.ndarray) -> np.ndarray:
    """Rows whose area was not in their state at the month-end before."""
    state = np.zeros(area.max(initial=-1) + 1, dtype=np.int8)  # 0 on no list, 1 warning, 2 frequent
    np.maximum.at(state, area[before["user"]], np.where(before["state"] == "frequent", 2, 1))
    return state[area[listed["user"]]] != np.where(listed["state"] == "frequent", 2, 1)


def list_before(connection: Connection, units: Sequence[int], request: Request) -> pd.DataFrame:
    """Users on the list at the month-end before the request, of the units."""
    table = frequent_outage_list.c
    columns = (table.bureau_id, table.code, table.line_code, table.state, table.warned_on)
    before = add_months(request.first_month, -1)
    statement = select(*columns).where(
        table.org_unit_id.in_(units),
        table.as_of.between(before, request.first_month - timedelta(days=1)),
        table.subject == "area",
    )
    names = ["bureau_id", "area_code", "line_code", "state", "warned_on"]
    # Plain tuples: pandas asks each row of SQLAlchemy whether it is one of its own kind.
    return pd.DataFrame(map(tuple, connection.execute(statement)), columns=names)


def area_entries(judged: Judged, users: pd.DataFrame) -> pd.DataFrame:
    """The list of areas with the columns of the table."""
    if judged.listed.empty:
        return pd.DataFrame()
    of_user = users.iloc[judged.listed["user"].to_numpy()].reset_index(drop=True)
    return judged.listed.assign(
        bureau_id=of_user["bureau_id"],
        subject="area",
        code=of_user["area_code"],
        line_code=of_user["line_code"],
    )


def values(connection: Connection, request: Request) -> list[pd.DataFrame]:
    """Own values of the counts, as frames with columns org_unit_id, measure, dimension, member, month, value.

    An area on several lines counts once, under its worst label.
    """
    table = frequent_outage_list.c
    keys = (table.org_unit_id, table.as_of, table.subject, table.state, table.label, table.has_entered)
    last = last_day(request.last_month)
    statement = (
        select(*keys, func.count().label("value"))
        .where(table.as_of.between(request.first_month, last), table.is_worst.is_(True))
        .group_by(*keys)
    )
    if request.units is not None:
        statement = statement.where(table.org_unit_id.in_(request.units))
    rows = [tuple(row) for row in connection.execute(statement)]
    listed = pd.DataFrame(rows, columns=[*(key.name for key in keys), "value"])
    listed["month"] = pd.to_datetime(listed["as_of"]).to_numpy().astype("datetime64[M]")
    listed["month"] = listed["month"].astype("datetime64[s]")
    found = []
    for measure, subject, state in (
        ("frequent_areas", "area", "frequent"),
        ("warning_areas", "area", "warning"),
        ("frequent_lines", "line", "frequent"),
    ):
        mine = listed[(listed["subject"] == subject) & (listed["state"] == state)]
        entered = mine[mine["has_entered"].astype(bool)]
        found += [_count(mine, measure, ""), _count(entered, f"{measure}_entered", "")]
        if subject == "area":
            found.append(_count(mine, measure, "label"))
    return found


def _count(entries: pd.DataFrame, measure: str, dimension: str) -> pd.DataFrame:
    keys: list[Any] = ["org_unit_id", "month", *([dimension] if dimension else [])]
    counts = entries.groupby(keys)["value"].sum().reset_index()
    member = counts[dimension] if dimension else ""
    return counts.assign(measure=measure, dimension=dimension, member=member)
