"""Risk lines and areas once more, from the raw rows alone: events of objects, findings, the score.

As decisions and domain.md 3.1 say it, version 1 of the rules, in plain loops. Of the rules only those on
outages are here (RL1, RL6, RL8): the acts of the test bring no data for the others.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from tests.data_access import brute_force_areas
from tests.data_access.brute_force import World, local_day, seconds
from tests.data_access.brute_force_areas import earlier, month_end

Momentary = Callable[[int, date], bool]
Row = dict[str, Any]
Key = tuple[str, str, str]  # bureau, kind, code
EXTERNAL = ("external_vehicle", "external_digging", "external_other", "fire")
LEVELS = {"list = frequent": 1, "RL1 faults >= 3": 2, "list = warning": 3, "faults >= 2": 2, "faults >= 1": 2}


@dataclass
class Risk:
    """counts: events by object and month. findings and objects: by object, month (and rule)."""

    counts: dict[tuple[Key, date], Counter] = field(default_factory=dict)
    findings: dict[tuple, tuple] = field(default_factory=dict)
    objects: dict[tuple, tuple] = field(default_factory=dict)

    def add(self, key: Key, month: date, **values: int) -> None:
        self.counts.setdefault((key, month), Counter()).update(values)

    def total(self, key: Key, months: list[date], name: str) -> int:
        return sum(self.counts.get((key, month), {}).get(name, 0) for month in months)


def _is_sustained(steps: list[Row], day: date, is_momentary: Momentary) -> bool:
    return any(one["restored_at"] is None or not is_momentary(seconds(one), day) for one in steps)


def _nature(world: World, steps: list[Row]) -> Counter:
    """What the outage counts as."""
    if world.first(steps, "outage_kind", "kind") != "fault":
        return Counter(outages=1)
    cause = world.first(steps, "outage_cause", "cause")
    users = [one["mv_users"] for one in steps if one["mv_users"] is not None]
    stays = bool(world.first(steps, "is_boundary_breaker")) or (bool(users) and sum(users) <= 1)
    return Counter(
        outages=1,
        faults=1,
        external_faults=int(cause in EXTERNAL),
        passed_faults=int(cause == "customer_equipment" and not stays),
    )


def _events(world: World, found: Risk, is_momentary: Momentary) -> None:
    lines = {(one["bureau_id"], one["line_code"]): one["org_unit_id"] for one in world.lines}
    areas = {(one["bureau_id"], one["area_code"]): one for one in world.areas}
    for bureau, steps in world.outages():
        day = local_day(steps[0]["interrupted_at"])
        month, nature = day.replace(day=1), _nature(world, steps)
        line = world.first(steps, "line_code")
        if (bureau, line) in lines and _is_sustained(steps, day, is_momentary):
            of_day = dict(nature)
            if not world.is_med(lines[bureau, line], day):
                of_day |= {"outages_no_med": 1, "faults_no_med": nature["faults"]}
            found.add((bureau, "line", line), month, **of_day)
        felt: dict[tuple, list[Row]] = {}
        for one in steps:
            long = one["restored_at"] is None or not is_momentary(seconds(one), day)
            at_line = (bureau, one["line_code"] or line)
            near = at_line in lines and world.city(lines[at_line]) == world.city(one["org_unit_id"])
            if long and near and not world.is_med(one["org_unit_id"], day):
                _customers(found, (bureau, "line", at_line[1]), month, one, nature)
            area = areas.get((bureau, one["area_code"]))
            if area:
                felt.setdefault((one["area_code"], area["line_code"] or one["line_code"]), []).append(one)
        for (code, _line), own in felt.items():
            med = world.is_med(areas[bureau, code]["org_unit_id"], day)
            _area(found, (bureau, "area", code), own, nature, day, is_momentary, med)


def _area(
    found: Risk, key: Key, own: list[Row], nature: Counter, day: date, is_momentary: Momentary, is_med: bool
) -> None:
    if not _is_sustained(own, day, is_momentary):
        return
    month = day.replace(day=1)
    of_day = {name: nature[name] for name in ("faults", "external_faults", "passed_faults")}
    if is_med:
        found.add(key, month, **of_day)
        return
    found.add(key, month, **of_day, faults_no_med=nature["faults"])
    for one in own:
        if one["restored_at"] is None or not is_momentary(seconds(one), day):
            _customers(found, key, month, one | {"mv_users": None}, nature)


def _customers(found: Risk, key: Key, month: date, step: Row, nature: Counter) -> None:
    customers, users, length = step["customers"] or 0, step["mv_users"] or 0, seconds(step) or 0
    found.add(
        key, month, customers_no_med=customers, customer_s_no_med=customers * length,
        fault_customer_s_no_med=customers * length * nature["faults"],
        mv_users_no_med=users, mv_user_s_no_med=users * length,
    )  # fmt: skip


def _register(world: World) -> dict[Key, Row]:
    found = {(one["bureau_id"], "line", one["line_code"]): one for one in world.lines}
    return found | {(one["bureau_id"], "area", one["area_code"]): one for one in world.areas}


def _met(found: Risk, key: Key, state: str | None, year: list[date]) -> dict[str, list[tuple[str, int]]]:
    """Clauses by rule with the level of each."""
    of_list = {"frequent": ("list = frequent", 1), "warning": ("list = warning", 3)}
    rules: dict[str, list[tuple[str, int]]] = {"RL1": [], "RL6": [], "RL8": []}
    if state:
        rules["RL1"].append(of_list[state])
    if found.total(key, year, "faults") >= 3:
        rules["RL1"].append(("faults >= 3", 2))
    if found.total(key, year, "external_faults") >= 2:
        rules["RL6"].append(("faults >= 2", 2))
    if key[1] == "line" and found.total(key, year, "passed_faults") >= 1:
        rules["RL8"].append(("faults >= 1", 2))
    return {rule: sorted(one, key=lambda clause: clause[1]) for rule, one in rules.items() if one}


def risk(world: World, is_momentary: Momentary, days: dict[tuple, int]) -> Risk:
    """Everything; counts also what kpi_facts has of it. days: as covered() gives them."""
    found, months = Risk(), world.months()
    _events(world, found, is_momentary)
    rows = list(brute_force_areas.interruptions(world, is_momentary))
    register = _register(world)
    for bureau in {world.city(unit) for unit in world.units}:
        mine = {key: one for key, one in register.items() if world.city(one["org_unit_id"]) == bureau}
        own = [one for one in rows if one.area[3] == bureau]
        before: dict[Key, dict] = {}
        for month in months:
            if month <= world.last_day(bureau):
                today = min(month_end(month), world.last_day(bureau))
                before = _month(world, found, mine, _states(world, own, today), month, days, before)
    return found


def _states(world: World, own: list, today: date) -> dict[tuple, str]:
    """State of each listed area (bureau, "area", code, unit) and line at the end of the day."""
    listed = brute_force_areas.listed(world, own, today)
    states = {
        (area[0], "area", area[1], area[2]): label.split(":")[0]
        for area, label in brute_force_areas.worst(listed).items()
    }
    for unit, bureau, line in brute_force_areas.frequent_lines(world, own, listed, today):
        states[bureau, "line", line, unit] = "frequent"
    return states


def _month(
    world: World, found: Risk, mine: dict[Key, Row], states: dict, month: date, days: dict, before: dict
) -> dict:
    year = [earlier(month, count) for count in range(12)]
    standing = {
        key: one
        for key, one in mine.items()
        if (one["opened_on"] or month) <= month_end(month) < (one["closed_on"] or date.max)
    }
    seen = {key: _seen(found, key, one, month, days) for key, one in standing.items()}
    now = {}
    for key, one in standing.items():
        unit = one["org_unit_id"]
        met = _met(found, key, states.get((*key, unit)), year)
        if not met:
            continue
        now[key] = met
        for rule, clauses in met.items():
            text = "; ".join(text for text, _ in clauses)
            entered = rule not in before.get(key, {})
            found.findings[key, month, unit, rule] = (clauses[0][1], text, entered)
        level = min(clauses[0][1] for clauses in met.values())
        peers = [seen[other] for other in standing if other[1] == key[1]]
        found.objects[key, month, unit] = (
            level, f";{';'.join(met)};", key not in before, found.total(key, year, "faults"),
            seen[key]["months"], seen[key]["faults"], seen[key]["timed"], _expected(seen[key], peers),
        )  # fmt: skip
        _count(world, unit, f"risk_{key[1]}s", month, level, key not in before)
    return now


def _count(world: World, unit: int, measure: str, month: date, level: int, entered: bool) -> None:
    for name, value in ((measure, 1), (f"{measure}_entered", int(entered))):
        world.count(unit, name, month, value)
        for one in world.above(unit):
            world.facts[one, name, "level", str(level), "month", month] += value


def _seen(found: Risk, key: Key, one: Row, month: date, days: dict) -> Counter:
    """What was observed of the object in the 24 months to the month."""
    result = Counter(months=0)
    for other in (earlier(month, count) for count in range(24)):
        whole = pd.Timestamp(other).days_in_month

        def knows(source: str, other: date = other, whole: int = whole) -> bool:
            return days.get((one["org_unit_id"], f"covered:{source}", "", "", "month", other)) == whole

        if not knows(f"outages.{key[1]}_code") or (one["opened_on"] or other) > other:
            continue
        result.update(months=1, faults=found.total(key, [other], "faults"))
        if knows("outages.customers"):
            result["timed"] += found.total(key, [other], "faults_no_med")
            result["customer_s"] += found.total(key, [other], "fault_customer_s_no_med")
    return result


def _expected(own: Counter, peers: list[Counter]) -> float | None:
    """lambda x m in customer-minutes; None where it cannot be known."""
    every = sum(peers, Counter())
    if not every["months"]:
        return None
    often = 12 * (12 * Fraction(every["faults"], every["months"]) + own["faults"]) / (12 + own["months"])
    if not often:
        return 0.0
    if not every["timed"]:
        return None
    of_peers = Fraction(every["customer_s"], 60 * every["timed"])
    return float(often * (Fraction(own["customer_s"], 60) + 5 * of_peers) / (own["timed"] + 5))
