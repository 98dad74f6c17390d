"""Interruptions of areas: outage steps as one row per outage and user, for everything counted by area.

A user is an area on its line. A registered area belongs to the unit and the line of the register; one that is
not registered is on each line that its steps name, with those steps, and counts for one unit of its bureau:
the one that they name most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.measures.step_rows import OUTAGES_ASKED_AT_ONCE, is_momentary
from data_access.tables.grid import areas
from data_access.tables.org import org_units
from data_access.tables.outages import outage_steps
from domain.rule_sets import RuleVersion

NOT_REGISTERED = -1


@dataclass(frozen=True)
class AreaRows:
    """rows: one per outage and user. users: what each number in rows["user"] stands for.

    rows: user, outage (numbers), started (datetime64), day (start day of the outage), duration_s (from the
    first interruption to the last restoration; -1 while it lasts), is_sustained, span_s (the same without
    momentary and lasting steps), kind, cause and org_unit_id of the first step, nature
    (see outage_nature.py), customers, customer_s, is_single_user.
    users: bureau_id, area_code, line_code, area (number), org_unit_id of the register or NOT_REGISTERED.
    outages: bureau_id, outage_key. seen: area, day, org_unit_id, code of the unit; a row per step of areas
    that are not registered.
    """

    rows: pd.DataFrame
    users: pd.DataFrame
    outages: pd.DataFrame
    seen: pd.DataFrame

    def units_at(self, first: date, last: date) -> np.ndarray:
        """By user, the unit that counts it on a list of these days; NOT_REGISTERED where no step says so.

        That of the register, else the one that most of the area's steps of the last day's calendar year name,
        of those with as many the first by code; of all these days' for an area without a step in that year.
        """
        units = self.users["org_unit_id"].to_numpy(copy=True)
        days = self.seen["day"]
        if days.empty:
            return units
        until = days <= np.datetime64(last)
        of_year = self.seen[until & (days >= np.datetime64(date(last.year, 1, 1)))]
        named = pd.concat(
            [_most_named(of_year), _most_named(self.seen[until & (days >= np.datetime64(first))])]
        )
        unit_of = named[~named.index.duplicated()]
        unknown = units == NOT_REGISTERED
        found = self.users["area"][unknown].map(unit_of).fillna(NOT_REGISTERED)
        units[unknown] = found.to_numpy(np.int64)
        return units


def _most_named(seen: pd.DataFrame) -> pd.Series:
    """area -> unit that most rows name, of several the first by code."""
    counts = seen.groupby(["area", "code", "org_unit_id"], sort=False).size().reset_index(name="rows")
    ranked = counts.sort_values(["area", "rows", "code"], ascending=[True, False, True])
    return ranked.drop_duplicates("area").set_index("area")["org_unit_id"]


def area_rows(
    connection: Connection, steps: pd.DataFrame, units: Sequence[int], versions: Sequence[RuleVersion]
) -> AreaRows:
    """The steps as interruptions of the areas that belong to the units. versions: of rule set outages."""
    steps = steps[steps["area_code"].to_numpy() != ""].reset_index(drop=True)
    steps["outage"], outages_of = _numbers(steps, "outage_key")
    steps["user"], steps["area"], users = _users(connection, steps)
    alone = _single_user(connection, steps, outages_of)
    of_register = users["org_unit_id"].to_numpy()[steps["user"].to_numpy()]
    is_unknown = of_register == NOT_REGISTERED
    belongs = np.isin(np.where(is_unknown, steps["org_unit_id"], of_register), units)
    seen = steps.loc[is_unknown & belongs, ["area", "day", "org_unit_id"]]
    steps = steps[belongs]
    steps = steps.assign(is_long=~is_momentary(steps, versions))
    pair = pd.factorize(steps["outage"].to_numpy() * (len(users) + 1) + steps["user"].to_numpy())[0]
    steps = steps.assign(pair=pair).sort_values(["pair", "started", "kind", "cause"], ignore_index=True)

    first = steps.drop_duplicates("pair")
    kept = ["user", "outage", "started", "day", "kind", "cause", "org_unit_id", "nature"]
    rows = first[kept].reset_index(drop=True)
    pair, count = steps["pair"].to_numpy(), len(rows)
    start, duration = steps["started"].to_numpy().astype(np.int64), steps["duration_s"].to_numpy()
    is_long = steps["is_long"].to_numpy()
    ended = is_long & (duration >= 0)
    customers = steps["customers"].to_numpy()
    lasts = np.bincount(pair[duration < 0], minlength=count) > 0
    return AreaRows(
        rows.assign(
            duration_s=np.where(lasts, -1, _span(pair, start, duration, count)),
            is_sustained=np.bincount(pair[is_long], minlength=count) > 0,
            span_s=_span(pair[ended], start[ended], duration[ended], count),
            customers=_total(pair[is_long], customers[is_long], count),
            customer_s=_total(pair[ended], (customers * duration)[ended], count),
            is_single_user=alone[rows["outage"].to_numpy()],
        ),
        users,
        outages_of,
        seen.assign(code=_codes(connection, seen["org_unit_id"])),
    )


def _codes(connection: Connection, units: pd.Series) -> pd.Series:
    """The codes of units."""
    if units.empty:
        return units.astype(str)
    wanted = select(org_units.c.id, org_units.c.code).where(org_units.c.id.in_(units.unique().tolist()))
    return units.map({row.id: row.code for row in connection.execute(wanted)})


def _numbers(steps: pd.DataFrame, name: str) -> tuple[np.ndarray, pd.DataFrame]:
    """A number per (bureau_id, name), and the frame of what the numbers stand for."""
    bureau, code = steps["bureau_id"].cat, steps[name].cat
    size = len(code.categories) + 1
    numbers, found = pd.factorize(bureau.codes.to_numpy().astype(np.int64) * size + code.codes.to_numpy())
    at = np.divmod(found, size)
    pairs = {"bureau_id": bureau.categories.to_numpy()[at[0]], name: code.categories.to_numpy()[at[1]]}
    return numbers, pd.DataFrame(pairs)


def _users(connection: Connection, steps: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Number of the user and of the area of each step, and the users."""
    area, of_area = _numbers(steps, "area_code")
    register = _register(connection, of_area["bureau_id"].unique().tolist())
    found = [register.get(key) for key in zip(of_area["bureau_id"], of_area["area_code"], strict=True)]
    lines, line_names = pd.factorize(np.array([(one and one[1]) or "" for one in found], dtype=object))
    row_line = steps["line_code"].cat
    names = [*line_names, *row_line.categories]
    line = lines[area]
    unknown = np.array([not name for name in line_names], dtype=bool)[line]
    line = np.where(unknown, len(line_names) + row_line.codes.to_numpy(), line).astype(np.int64)

    user, places = pd.factorize(area.astype(np.int64) * (len(names) + 1) + line)
    at_area, at_line = np.divmod(places, len(names) + 1)
    users = of_area.iloc[at_area].reset_index(drop=True).assign(area=at_area)
    users["org_unit_id"] = np.array([one[0] if one else NOT_REGISTERED for one in found], np.int64)[at_area]
    users["line_code"] = np.array([*names, ""], dtype=object)[at_line]
    return user, area, users


def _register(connection: Connection, bureaus: list[str]) -> dict[tuple[str, str], tuple[int, str | None]]:
    """Unit and line of the registered areas."""
    columns = (areas.c.bureau_id, areas.c.area_code, areas.c.org_unit_id, areas.c.line_code)
    statement = select(*columns).where(areas.c.bureau_id.in_(bureaus))
    return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(statement)}


def _single_user(connection: Connection, steps: pd.DataFrame, outages_of: pd.DataFrame) -> np.ndarray:
    """Per outage number whether the whole outage touches at most one area.

    Only the steps of some units were read, so outages with one area are looked up with all their steps.
    """
    pairs = steps[["outage", "area"]].drop_duplicates()
    alone = np.bincount(pairs["outage"], minlength=len(outages_of)) <= 1
    candidates = outages_of[alone]
    step = outage_steps.c
    for bureau, group in candidates.groupby("bureau_id"):
        keys = dict(zip(group["outage_key"], group.index, strict=True))
        names = list(keys)
        for begin in range(0, len(names), OUTAGES_ASKED_AT_ONCE):
            statement = (
                select(step.outage_key)
                .where(
                    step.bureau_id == bureau,
                    step.outage_key.in_(names[begin : begin + OUTAGES_ASKED_AT_ONCE]),
                )
                .group_by(step.outage_key)
                .having(func.count(step.area_code.distinct()) > 1)
            )
            for key in connection.execute(statement).scalars():
                alone[keys[key]] = False
    return alone


def _span(pair: np.ndarray, start: np.ndarray, duration: np.ndarray, count: int) -> np.ndarray:
    """Seconds from the first start to the last end of each pair; 0 for a pair without rows."""
    begin, end = np.full(count, np.iinfo(np.int64).max), np.zeros(count, dtype=np.int64)
    np.minimum.at(begin, pair, start)
    np.maximum.at(end, pair, start + np.maximum(duration, 0))
    return np.where(end > 0, end - np.where(end > 0, begin, 0), 0)


def _total(pair: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Sum of the values of each pair, in integers: floats would round beyond 2**53."""
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, pair, values)
    return total
