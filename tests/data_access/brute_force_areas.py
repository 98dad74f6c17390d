"""What is counted by area and by line once more: CEMI, CELID, the frequent lists, repeated planned outages.

From the raw rows alone, one loop after the other, as domain.md 1.1 and 1.3 say it; version 1 of the rules.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from tests.data_access.brute_force import World, local_day, seconds

HOUR, DAY = 3600, 86_400
ARRANGED = ("planned", "temporary")
PRIORITY = (
    "frequent:year", "frequent:window", "frequent:planned",
    "warning:days_30", "warning:days_50", "warning:year",
)  # fmt: skip
Momentary = Callable[[int, date], bool]


@dataclass(frozen=True)
class Interruption:
    """One outage as one area on one line felt it."""

    area: tuple[str, str, int | None, int]  # bureau, code, unit of the register, city
    line: str
    named: tuple[int, ...]  # units of its steps
    day: date
    start: datetime
    length: int  # from the first interruption to the last restoration; -1 while it lasts
    is_sustained: bool
    span: int  # the same without momentary and lasting steps
    kind: str
    is_alone: bool  # no other area was out


def month_end(month: date) -> date:
    return (pd.Timestamp(month) + pd.offsets.MonthEnd(0)).date()


def earlier(month: date, count: int) -> date:
    return (pd.Timestamp(month) - pd.DateOffset(months=count)).date()


def span(steps: list[dict[str, Any]]) -> int:
    if not steps:
        return 0
    ends = max(one["restored_at"] for one in steps)
    return round((ends - min(one["interrupted_at"] for one in steps)).total_seconds())


def interruptions(world: World, is_momentary: Momentary) -> Iterator[Interruption]:
    register = {(one["bureau_id"], one["area_code"]): one for one in world.areas}
    for bureau, steps in world.outages():
        day = local_day(steps[0]["interrupted_at"])
        felt: dict[tuple, list[dict[str, Any]]] = {}
        for one in steps:
            if one["area_code"]:
                known = register.get((bureau, one["area_code"]))
                unit = known and known["org_unit_id"]
                area = (bureau, one["area_code"], unit, world.city(unit or one["org_unit_id"]))
                line = (known and known["line_code"]) or one["line_code"] or ""
                felt.setdefault((area, line), []).append(one)
        codes = {area[1] for area, _ in felt}
        for (area, line), own in felt.items():
            own.sort(key=lambda one: (one["interrupted_at"], one["kind"], one["cause"]))
            ended = [one for one in own if one["restored_at"] is not None]
            long = [one for one in ended if not is_momentary(seconds(one), day)]
            length = span(ended) if len(ended) == len(own) else -1
            is_sustained = bool(long) or len(ended) < len(own)
            named = tuple(one["org_unit_id"] for one in own)
            yield Interruption(
                area, line, named, day, own[0]["interrupted_at"], length, is_sustained, span(long),
                own[0]["kind"], len(codes) <= 1,
            )  # fmt: skip


def unit_of(world: World, rows: list[Interruption], area: tuple, today: date) -> int:
    """The unit of the register, else the one that most steps of the year name; without any, of all days."""
    if area[2]:
        return area[2]
    first = min(date(today.year, 1, 1) - timedelta(days=60), today - timedelta(days=59))
    mine = [one for one in rows if one.area == area and first <= one.day <= today]
    of_year = [one for one in mine if one.day.year == today.year]
    named = Counter(unit for one in of_year or mine for unit in one.named)
    return min(named, key=lambda unit: (-named[unit], world.units[unit]["code"]))


def counted(world: World, rows: list[Interruption], year: int, until: date) -> dict[Interruption, str]:
    """Rows of a year's list up to a day, each with '' or the first reason why it does not count."""
    first = date(year, 1, 1) - timedelta(days=60)
    mine = [one for one in rows if first <= one.day <= until]
    found = {}
    for one in mine:
        if world.is_med(one.area[3], one.day):
            found[one] = "med"
        elif 0 <= one.length < 5 * 60:
            found[one] = "short"
        elif one.is_alone:
            found[one] = "single_user"
    kept: dict[tuple, datetime] = {}
    rest = [one for one in mine if one not in found]
    for one in sorted(rest, key=lambda one: (one.start, -one.length, one.kind in ARRANGED)):
        last = kept.get((one.area, one.line))
        if last is not None and (one.start - last).total_seconds() < 6 * HOUR:
            found[one] = "within_6h"
        else:
            found[one] = ""
            kept[one.area, one.line] = one.start
    return found


def labels(kept: list[Interruption], today: date) -> list[str]:
    """All labels of one user at the end of the day. kept: its counted rows, those before New Year too."""
    year = [one for one in kept if one.day.year == today.year]
    planned = [one for one in year if one.kind in ARRANGED]
    most = max(
        (sum(0 <= (one.start - other.start).total_seconds() < 60 * DAY for other in kept) for one in year),
        default=0,
    )
    recent = {days: sum(one.day > today - timedelta(days=days) for one in kept) for days in (50, 30)}
    held = {
        "frequent:year": len(year) > 5,
        "frequent:window": most > 3,
        "frequent:planned": len(planned) > 3,
        "warning:year": 4 <= len(year) <= 5,
        "warning:days_50": recent[50] == 3,
        "warning:days_30": recent[30] == 2,
    }
    return [one for one in PRIORITY if held[one]]


def listed(world: World, rows: list[Interruption], today: date) -> dict[tuple, str]:
    """(area, line) -> the official label at the end of the day."""
    users: dict[tuple, list[Interruption]] = {}
    for one, reason in counted(world, rows, today.year, today).items():
        if not reason:
            users.setdefault((one.area, one.line), []).append(one)
    found = {user: labels(kept, today) for user, kept in users.items()}
    return {user: of[0] for user, of in found.items() if of}


def worst(listed_now: dict[tuple, str]) -> dict[tuple, str]:
    """Each area once, under its worst label."""
    found: dict[tuple, str] = {}
    for (area, _line), label in listed_now.items():
        found[area] = min(label, found.get(area, label), key=PRIORITY.index)
    return found


def frequent_lines(
    world: World, rows: list[Interruption], listed_now: dict[tuple, str], today: date
) -> set[tuple[int, str, str]]:
    """(unit, bureau, line) with two frequent areas, unless all its users are dedicated."""
    maintained = {(one["bureau_id"], one["line_code"]): one["org_unit_id"] for one in world.lines}
    kinds = {(one["bureau_id"], one["area_code"]): one["kind"] for one in world.areas}
    on: dict[tuple[str, str], set[str]] = {}
    for one in world.areas:
        if one["line_code"]:
            on.setdefault((one["bureau_id"], one["line_code"]), set()).add(one["kind"])
    found: dict[tuple, dict[str, bool]] = {}
    for (area, line), label in listed_now.items():
        if not line or not label.startswith("frequent"):
            continue
        (bureau, code, *_), unit = area, unit_of(world, rows, area, today)
        of = maintained.get((bureau, line), unit)
        if world.city(of) == world.city(unit):
            is_dedicated = kinds.get((bureau, code)) == "dedicated" and on.get((bureau, line)) == {
                "dedicated"
            }
            found.setdefault((of, bureau, line), {})[code] = not is_dedicated
    return {line for line, codes in found.items() if len(codes) >= 2 and any(codes.values())}


def areas(world: World, months: list[date], is_momentary: Momentary) -> None:
    """Adds everything that the areas of each bureau count."""
    rows = list(interruptions(world, is_momentary))
    for bureau in {world.city(unit) for unit in world.units}:
        mine = [one for one in rows if one.area[3] == bureau]
        judged = [month for month in months if month <= world.last_day(bureau)]
        before: dict[str, Any] = {"listed": {}, "lines": set(), "met": {}}
        for month in judged:
            today = min(month_end(month), world.last_day(bureau))
            before = _month(world, mine, month, today, months[0], before)


def _month(
    world: World, rows: list[Interruption], month: date, today: date, first: date, before: dict[str, Any]
) -> dict[str, Any]:
    now = listed(world, rows, today)
    states, were = worst(now), worst(before["listed"])
    for area, label in states.items():
        state, name = label.split(":")
        home = unit_of(world, rows, area, today)
        world.count(home, f"{state}_areas", month, 1)
        for unit in world.above(home):
            world.facts[unit, f"{state}_areas", "label", name, "month", month] += 1
        if were.get(area, "").split(":")[0] != state:
            world.count(home, f"{state}_areas_entered", month, 1)

    def at_end(area: tuple) -> int:
        return unit_of(world, rows, area, month_end(month))

    lines = frequent_lines(world, rows, now, today)
    for unit, bureau, line in lines:
        world.count(unit, "frequent_lines", month, 1)
        if (unit, bureau, line) not in before["lines"]:
            world.count(unit, "frequent_lines_entered", month, 1)
    of_month = [one for one in rows if one.day.replace(day=1) == month]
    for one, reason in counted(world, rows, month.year, today).items():
        if reason and one in of_month:
            world.count(at_end(one.area), "frequent_excluded", month, 1, reason)
    for one in of_month:
        if one.kind == "planned" and not one.is_sustained:
            world.count(at_end(one.area), "areas_planned_excluded", month, 1, "momentary")
        if one.kind == "planned" and one.length < 0:
            world.count(at_end(one.area), "areas_planned_open", month, 1)
    planned = Counter(
        one.area
        for one in rows
        if one.is_sustained and one.kind == "planned" and today - timedelta(days=60) < one.day <= today
    )
    met = {
        "areas_planned": (set(planned), set()),
        "areas_planned_repeatedly": ({area for area, count in planned.items() if count >= 2}, set()),
    }
    others = [one for one in rows if not world.is_med(one.area[3], one.day)]
    without = _met(world, others, month, first)
    met |= {name: (found, without[name]) for name, found in _met(world, rows, month, first).items()}
    for measure, (every, other) in met.items():
        _count_met(world, at_end, measure, month, every, other, before["met"].get(measure, (set(), set())))
    return {"listed": now, "lines": lines, "met": met}


def _count_met(
    world: World, at_end: Callable[[tuple], int], measure: str, month: date, every: set, other: set,
    before: tuple[set, set],
) -> None:  # fmt: skip
    """every: areas that meet a threshold; other: those that do without major event days."""
    counts = {measure: every}
    if measure != "areas_planned":
        counts[f"{measure}_entered"] = every - before[0]
    if measure.startswith(("cemi", "celid")):
        counts[f"{measure}_med"] = every - other
        counts[f"{measure}_entered_no_med"] = other - before[1]
    for name, found in counts.items():
        for area in found:
            world.count(at_end(area), name, month, 1)


def _met(world: World, rows: list[Interruption], month: date, first: date) -> dict[str, set[tuple]]:
    """Registered areas in service that meet the thresholds of twelve months."""
    since = max(earlier(month, 11), first)
    year = [one for one in rows if since <= one.day <= month_end(month)]
    often = Counter(one.area for one in year if one.is_sustained)
    total: Counter = Counter()
    for one in year:
        total[one.area] += one.span if one.is_sustained else 0
    served = {
        (one["bureau_id"], one["area_code"], one["org_unit_id"], world.city(one["org_unit_id"]))
        for one in world.areas
        if (one["opened_on"] or month) <= month_end(month) < (one["closed_on"] or date.max)
    }
    return {
        "cemi_areas": {area for area, count in often.items() if count >= 3} & served,
        "celid_s_areas": {one.area for one in year if one.span >= 7 * HOUR} & served,
        "celid_t_areas": {area for area, length in total.items() if length >= 24 * HOUR} & served,
    }


def lines(world: World, months: list[date], is_momentary: Momentary) -> None:
    """Adds the lines in service that had three faults or more in twelve months."""
    faults: list[tuple[str, str, date]] = []
    for bureau, steps in world.outages():
        day = local_day(steps[0]["interrupted_at"])
        lasts = any(one["restored_at"] is None for one in steps)
        longest = max((seconds(one) for one in steps if one["restored_at"] is not None), default=0)
        if world.first(steps, "outage_kind", "kind") == "fault" and (lasts or not is_momentary(longest, day)):
            faults.append((bureau, world.first(steps, "line_code"), day))
    for one in world.lines:
        unit, was = one["org_unit_id"], (False, False)
        mine = [day for *line, day in faults if line == [one["bureau_id"], one["line_code"]]]
        for month in [earlier(months[0], 1), *months] if months else []:
            if month > world.last_day(world.city(unit)):
                break
            year = [day for day in mine if earlier(month, 11) <= day <= month_end(month)]
            others = [day for day in year if not world.is_med(unit, day)]
            stands = (one["opened_on"] or month) <= month_end(month) < (one["closed_on"] or date.max)
            now = tuple(len(days) >= 3 and stands for days in (year, others))
            if month in months:
                name = "lines_repeat_faults"
                world.count(unit, name, month, int(now[0]))
                world.count(unit, f"{name}_med", month, int(now[0] and not now[1]))
                world.count(unit, f"{name}_entered", month, int(now[0] and not was[0]))
                world.count(unit, f"{name}_entered_no_med", month, int(now[1] and not was[1]))
            was = now
