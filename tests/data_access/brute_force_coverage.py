"""Covered days once more, day by day and unit by unit."""

from datetime import date
from typing import Any

import pandas as pd

from tests.data_access.brute_force import NEEDS, World, each_day

# A file of promises tells each revision, a column of outages only one time of each.
TOLD = {"promises": ("promises", "outages.promised_at"), "promises.revisions": ("promises",)}


def covered(world: World, months: list[date]) -> dict[tuple, int]:
    """Rows covered:<source> of every unit and month, zero rows left out."""
    children: dict[int, list[int]] = {}
    for unit, row in world.units.items():
        children.setdefault(row["parent_id"], []).append(unit)
    found = {}
    for month in months:
        days = each_day(month, (pd.Timestamp(month) + pd.offsets.MonthEnd(0)).date())
        for source in NEEDS:
            for unit in world.units:
                if source.split(".")[0] in ("customers_served", "lines", "areas"):
                    count = len(days) if _known(world, children, source, unit, month) else 0
                else:
                    count = sum(_on_day(world, children, source, unit, day) for day in days)
                if count:
                    found[unit, f"covered:{source}", "", "", "month", month] = count
    return found


def _stated(world: World, source: str) -> list[dict[str, Any]]:
    if source != "major_events":
        names = TOLD.get(source, (source,))
        return [row for row in world.stated if row["source"] in names]
    # A list covers the bureaus at or below the unit that it was stated for; nothing else does here.
    rows = [row for row in world.stated if row["source"] == "major_event_dates"]
    cities = [unit for unit, row in world.units.items() if row["level"] == "city"]
    return [
        row | {"org_unit_id": city}
        for row in rows
        for city in cities
        if row["org_unit_id"] in world.above(city)
    ]


def _on_day(world: World, children: dict, source: str, unit: int, day: date) -> bool:
    for row in _stated(world, source):
        if row["org_unit_id"] in world.above(unit) and row["covers_from"] <= day <= row["covers_to"]:
            return True
    below = children.get(unit, [])
    return bool(below) and all(_on_day(world, children, source, child, day) for child in below)


def _known(world: World, children: dict, source: str, unit: int, month: date) -> bool:
    kind, _, column = source.partition(".")
    if kind == "customers_served":
        return _customers_known(world, children, column, unit, month)
    rows = world.lines if kind == "lines" else world.areas
    after = (pd.Timestamp(month) + pd.offsets.MonthBegin(1)).date()
    below = [row for row in rows if unit in world.above(row["org_unit_id"])]
    begun = any((row["opened_on"] or date.min) < after for row in below)
    stated = any(
        row["source"] == kind and row["org_unit_id"] in world.above(unit) and row["covers_from"] < after
        for row in world.stated
    )
    if not (begun or stated):
        return False
    if column != "length_m":
        return True
    standing = [
        row
        for row in below
        if (row["opened_on"] or date.min) < after and (row["closed_on"] or date.max) >= after
    ]
    return all(row["length_m"] is not None for row in standing)


def _customers_known(world: World, children: dict, level: str, unit: int, month: date) -> bool:
    if any(
        row["org_unit_id"] == unit and row["level"] == level and row["month"] == month for row in world.served
    ):
        return True
    below = children.get(unit, [])
    return bool(below) and all(_customers_known(world, children, level, child, month) for child in below)
