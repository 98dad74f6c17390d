"""kpi_facts once more, from the raw rows alone, by plain loops and pandas; with the three files beside it.

Written without the product's code for it: outages are derived here, days are counted one by one, and every
row is added to its unit and to each unit above.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Engine, select

from data_access.tables.grid import areas, lines
from data_access.tables.imports import source_coverage
from data_access.tables.org import customers_served, org_units
from data_access.tables.outages import notices, outage_steps, restoration_promises
from data_access.tables.rules import major_event_dates

ZONE = ZoneInfo("Asia/Shanghai")
DIMENSIONS = {
    "ci": ("cause", "kind"), "cmi": ("cause", "kind"), "ci_restored": ("cause", "kind"), "ci_open": (),
    "ci_fault": ("cause",), "cmi_fault": ("cause",), "cmi_planned": ("cause",),
    "outages": ("cause", "kind"), "faults": ("cause",), "faults_over_limit": ("cause",), "trips": ("cause",),
    "promises_due": ("kind",), "promises_kept_first": ("kind",), "promises_kept_last": ("kind",),
}  # fmt: skip
PART_OF = {"fault": "fault", "planned": "planned", "temporary": "planned"}
NO_MED = {
    "ci_open",
    "ci_open_fault",
    "ci_open_planned",
    "outages_open",
    "faults_open",
    "trips_automated_excluded",
}
NEEDS = (
    "outages", "outages.customers", "outages.mv_users", "outages.trip", "outages.has_automation",
    "outages.is_fast_restored", "outages.detected_at", "outages.line_code", "outages.area_code",
    "promises", "promises.revisions", "notices", "notices.area_codes", "major_events", "customers_served.LV",
    "customers_served.MV", "lines", "lines.length_m", "areas",
)  # fmt: skip


def table(engine: Engine, source: Any) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(source))]


def local_day(utc: datetime) -> date:
    return utc.replace(tzinfo=UTC).astimezone(ZONE).date()


def each_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


class World:
    """The raw rows, and the tree."""

    def __init__(self, engine: Engine) -> None:
        self.units = {row["id"]: row for row in table(engine, org_units)}
        self.steps = table(engine, outage_steps)
        self.lines = table(engine, lines)
        self.areas = table(engine, areas)
        self.served = table(engine, customers_served)
        self.stated = table(engine, source_coverage)
        self.listed = table(engine, major_event_dates)
        self.notices = table(engine, notices)
        self.promises = table(engine, restoration_promises)
        self.facts: Counter = Counter()
        self.risk: Any = None  # as brute_force_risk finds it

    def above(self, unit: int) -> list[int]:
        found = [unit]
        while self.units[found[-1]]["parent_id"] is not None:
            found.append(self.units[found[-1]]["parent_id"])
        return found

    def city(self, unit: int) -> int:
        return next((one for one in self.above(unit) if self.units[one]["level"] == "city"), unit)

    def months(self) -> list[date]:
        events = [
            row for row in self.stated if row["source"].split(".")[0] in ("outages", "promises", "notices")
        ]
        ends = [row["covers_to"] for row in events if row["source"] == "outages"]
        ends = ends or [row["covers_to"] for row in events]
        starts = [row["covers_from"] for row in events] + [row["month"] for row in self.served]
        if not starts:
            return []
        last = max(ends) if ends else max(row["month"] for row in self.served)
        first = min(min(starts), last).replace(day=1)
        return sorted({day.replace(day=1) for day in each_day(first, last)})

    def last_day(self, bureau: int) -> date:
        """Last day that outages cover for the bureau, a unit below or one above; else of any."""
        rows = [row for row in self.stated if row["source"] == "outages"]
        of_bureau = self.units[bureau]["level"] == "city"
        near = [
            row["covers_to"]
            for row in rows
            if of_bureau
            and (row["org_unit_id"] in self.above(bureau) or bureau in self.above(row["org_unit_id"]))
        ]
        month = max(self.months())
        every = [row["covers_to"] for row in rows] or [
            row["covers_to"] for row in self.stated if row["source"].split(".")[0] in ("promises", "notices")
        ]
        return max(near or every, default=(pd.Timestamp(month) + pd.offsets.MonthEnd(0)).date())

    def outages(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The key space and the steps of each outage, first interruption first."""
        groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in self.steps:
            groups.setdefault((row["bureau_id"], row["outage_key"]), []).append(row)
        for (bureau, _key), steps in groups.items():
            yield bureau, sorted(steps, key=lambda row: (row["interrupted_at"], row["step_key"]))

    @staticmethod
    def first(steps: list[dict[str, Any]], *names: str) -> Any:
        """The first value that the steps of an outage give under the first of the names that any gives."""
        found = (row[name] for name in names for row in steps if row[name] is not None)
        return next(found, None)

    def is_med(self, unit: int, day: date) -> bool:
        """By imported lists only: the tests give no year before from which a threshold could come.

        A day of the city, or of any unit above it, in a year for which the city has a list.
        """
        city = self.city(unit)
        if not any(one["org_unit_id"] in self.above(city) and one["day"] == day for one in self.listed):
            return False
        return any(
            row["source"] == "major_event_dates" and row["org_unit_id"] in self.above(city)
            and row["covers_from"].year <= day.year <= row["covers_to"].year
            for row in self.stated
        )  # fmt: skip

    def add(
        self, unit: int, measure: str, day: date, value: int, of: dict[str, Any], level: str = ""
    ) -> None:
        name = f"{measure}_{level}" if level else measure
        names = [name]
        if measure not in NO_MED and self.is_med(unit, day):
            names.append(f"{name}_med")
        month = day.replace(day=1)
        for one in self.above(unit):
            for full in names:
                self.facts[one, full, "", "", "month", month] += value
                for dimension in DIMENSIONS.get(measure, ()):
                    self.facts[one, full, dimension, of[dimension], "month", month] += value
            if measure == "cmi":
                self.facts[one, name, "", "", "day", day] += value

    def count(self, unit: int, measure: str, month: date, value: int, reason: str | None = None) -> None:
        for one in self.above(unit):
            self.facts[one, measure, "", "", "month", month] += value
            if reason is not None:
                self.facts[one, measure, "reason", reason, "month", month] += value


def seconds(step: dict[str, Any]) -> int | None:
    if step["restored_at"] is None:
        return None
    return round((step["restored_at"] - step["interrupted_at"]).total_seconds())


def outages(world: World, is_momentary: Callable[[int, date], bool]) -> None:
    """Adds steps and the outages that they make."""
    for _bureau, steps in world.outages():
        day = local_day(steps[0]["interrupted_at"])
        for row in steps:
            _step(world, row, day, is_momentary)
        _outage(world, steps, day, is_momentary)


def _step(world: World, row: dict[str, Any], day: date, is_momentary: Callable[[int, date], bool]) -> None:
    unit, length = row["org_unit_id"], seconds(row)
    if length is not None and is_momentary(length, day):
        _not_counted(world, row, day, "momentary", "lv", "mv")
        return
    for level, users in (("lv", row["customers"]), ("mv", row["mv_users"])):
        if users is None:
            _not_counted(world, row, day, "no_customers", level)
            continue
        world.add(unit, "ci", day, users, row, level)
        if row["kind"] == "fault":
            world.add(unit, "ci_fault", day, users, row, level)
        if length is None:
            world.add(unit, "ci_open", day, users, row, level)
            if row["kind"] in PART_OF:
                world.add(unit, f"ci_open_{PART_OF[row['kind']]}", day, users, row, level)
            continue
        world.add(unit, "ci_restored", day, users, row, level)
        world.add(unit, "cmi", day, users * length, row, level)
        if row["kind"] == "fault":
            world.add(unit, "cmi_fault", day, users * length, row, level)
        if row["kind"] in ("planned", "temporary"):
            world.add(unit, "cmi_planned", day, users * length, row, level)


def _not_counted(world: World, row: dict[str, Any], day: date, reason: str, *levels: str) -> None:
    month = day.replace(day=1)
    for level in levels:
        world.count(row["org_unit_id"], f"steps_excluded_{level}", month, 1, reason)
        if row["kind"] in PART_OF:
            world.count(row["org_unit_id"], f"steps_excluded_{PART_OF[row['kind']]}_{level}", month, 1)


def _outage(
    world: World, steps: list[dict[str, Any]], day: date, is_momentary: Callable[[int, date], bool]
) -> None:
    first = partial(world.first, steps)
    of = {"kind": first("outage_kind", "kind"), "cause": first("outage_cause", "cause")}
    unit = first("outage_org_unit_id", "org_unit_id")
    still_open = any(row["restored_at"] is None for row in steps)
    sustained = any(seconds(row) is None or not is_momentary(seconds(row), day) for row in steps)
    if sustained:
        world.add(unit, "outages", day, 1, of)
    if still_open:
        world.count(unit, "outages_open", day.replace(day=1), 1)
    if of["kind"] != "fault":
        return
    if sustained:
        world.add(unit, "faults", day, 1, of)
    if still_open:
        world.count(unit, "faults_open", day.replace(day=1), 1)
    elif sustained:
        world.add(unit, "faults_restored", day, 1, of)
        ended = max(row["restored_at"] for row in steps)
        if (ended - steps[0]["interrupted_at"]).total_seconds() > 3 * 3600:
            world.add(unit, "faults_over_limit", day, 1, of)
    if first("trip") in ("permanent", "reclose_failed"):
        _trip(world, steps, unit, day, of, first)


def _trip(world: World, steps: list, unit: int, day: date, of: dict, first: Callable[..., Any]) -> None:
    world.add(unit, "trips", day, 1, of)
    if not first("has_automation"):
        return
    customers = [row["customers"] for row in steps if row["customers"] is not None]
    kinds = {(one["bureau_id"], one["line_code"]): one["kind"] for one in world.lines}
    reason = None
    if first("is_boundary_breaker"):
        reason = "boundary_breaker"
    elif customers and sum(customers) == 0:
        reason = "no_lv_customers"
    elif kinds.get((steps[0]["bureau_id"], first("line_code"))) == "dedicated":
        reason = "dedicated_line"
    if reason:
        world.count(unit, "trips_automated_excluded", day.replace(day=1), 1, reason)
        return
    world.add(unit, "trips_automated", day, 1, of)
    if first("is_fast_restored"):
        world.add(unit, "trips_fast_restored", day, 1, of)


def stocks(world: World, months: list[date]) -> None:
    for row in world.served:
        level = row["level"].lower()
        length = (pd.Timestamp(row["month"]) + pd.offsets.MonthEnd(0)).day * 86_400
        world.count(row["org_unit_id"], f"customers_served_{level}", row["month"], row["customers"])
        world.count(row["org_unit_id"], f"customer_time_{level}", row["month"], row["customers"] * length)
    for month in months:
        after = (pd.Timestamp(month) + pd.offsets.MonthBegin(1)).date()
        for measure, rows in (("lines_served", world.lines), ("areas_served", world.areas)):
            for row in rows:
                if (row["opened_on"] or month) >= after or (row["closed_on"] or after) < after:
                    continue
                world.count(row["org_unit_id"], measure, month, 1)
                if measure == "lines_served":
                    world.count(row["org_unit_id"], "line_metre_months", month, row["length_m"] or 0)


def expected(
    engine: Engine, is_momentary: Callable[[int, date], bool], of: World | None = None
) -> dict[tuple, int]:
    """Every row of kpi_facts of these measures, zero rows left out; of.risk is set where `of` is given."""
    from tests.data_access import brute_force_areas, brute_force_risk, brute_force_told
    from tests.data_access.brute_force_coverage import covered

    world = of or World(engine)
    months = world.months()
    days = covered(world, months)
    outages(world, is_momentary)
    stocks(world, months)
    if months:
        brute_force_areas.areas(world, months, is_momentary)
        brute_force_areas.lines(world, months, is_momentary)
        world.risk = brute_force_risk.risk(world, is_momentary, days)
        brute_force_told.notices(world, is_momentary)
        brute_force_told.plans(world)
        brute_force_told.promises(world, is_momentary)
    found = {key: value for key, value in world.facts.items() if value and key[5].replace(day=1) in months}
    return found | days
