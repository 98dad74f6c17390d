"""A year of drawn outages of the small company, with what customers were told, and everything covered."""

import random
from datetime import date, timedelta

from sqlalchemy import Engine, insert

from data_access.tables.grid import areas, lines
from data_access.tables.imports import source_coverage
from data_access.tables.org import customers_served
from data_access.tables.outages import notice_areas, notices, outage_steps, outages, restoration_promises
from data_access.tables.rules import major_event_dates
from data_access.transactions import writing_all
from domain.periods import add_months
from tests.data_access import told
from tests.data_access.company import CHINA, CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, HOME, PROVINCE

FIRST, LAST = date(2025, 1, 1), date(2026, 3, 1)
COUNTIES = (COUNTY_A1, COUNTY_A2, COUNTY_B1)
SOURCES = (
    "outages", "outages.customers", "outages.mv_users", "outages.area_code", "outages.line_code",
    "outages.trip", "outages.has_automation", "outages.is_fast_restored", "outages.detected_at", "promises",
    "notices", "notices.area_codes", "customers_served", "lines", "lines.length_m", "areas",
    "major_event_dates",
)  # fmt: skip
KINDS = ("fault", "fault", "fault", "planned", "planned", "temporary", "rationing")
CAUSES = ("tree", "wind", "equipment", "")
MED_DAYS = (date(2025, 7, 20), date(2025, 7, 21), date(2026, 2, 3))


def build(engine: Engine, seed: int = 1, count: int = 260) -> None:
    """Write it all straight into the tables, as a take-over leaves them."""
    draw = random.Random(seed)
    rows: dict[str, list[dict]] = {name: [] for name in ("steps", "outages", "notices", "areas", "promises")}
    for number in range(count):
        _outage(draw, number, rows)
    for number in range(12):
        told.plan_without_outage(draw, draw.choice(COUNTIES), FIRST, number, rows)
    with writing_all(engine) as connection:
        connection.execute(insert(lines), _lines())
        connection.execute(insert(areas), _areas())
        connection.execute(insert(customers_served), _customers())
        connection.execute(insert(outage_steps), rows["steps"])
        connection.execute(insert(outages), rows["outages"])
        connection.execute(insert(notices), rows["notices"])
        connection.execute(insert(notice_areas), rows["areas"])
        connection.execute(insert(restoration_promises), rows["promises"])
        connection.execute(
            insert(major_event_dates),
            [
                {"bureau_id": HOME[city], "org_unit_id": city, "day": day, "name": ""}
                for city in (CITY_A, CITY_B)
                for day in MED_DAYS
            ],
        )
        connection.execute(
            insert(source_coverage),
            [
                {
                    "bureau_id": "P",
                    "source": source,
                    "org_unit_id": PROVINCE,
                    "batch_id": 1,
                    "covers_from": FIRST,
                    "covers_to": add_months(LAST, 1) - timedelta(days=1),
                }
                for source in SOURCES
            ],
        )


def _lines() -> list[dict]:
    return [
        {
            "bureau_id": HOME[county],
            "line_code": f"L{county}{place}",
            "name": f"L{county}{place}",
            "org_unit_id": county,
            "kind": "dedicated" if place == 2 else "public",
            "length_m": 12_000,
        }
        for county in COUNTIES
        for place in range(3)
    ]


def _areas() -> list[dict]:
    return [
        {
            "bureau_id": HOME[county],
            "area_code": f"T{county}{place}",
            "name": f"T{county}{place}",
            "org_unit_id": county,
            "line_code": f"L{county}{place % 3}",
            "kind": "dedicated" if place == 5 else "public",
            "opened_on": date(2025, 9, 1) if place == 4 else None,
        }
        for county in COUNTIES
        for place in range(6)
    ]


def _customers() -> list[dict]:
    months = [add_months(FIRST, place) for place in range(15)]
    return [
        {"bureau_id": HOME[county], "org_unit_id": county, "level": level, "month": month, "customers": count}
        for county in COUNTIES
        for level, count in (("LV", 900 + 10 * county), ("MV", 6))
        for month in months
    ]


def _outage(draw: random.Random, number: int, rows: dict[str, list[dict]]) -> None:
    county = draw.choice(COUNTIES)
    bureau, key, kind = HOME[county], f"O{number}", draw.choice(KINDS)
    day = draw.choice(MED_DAYS) if draw.random() < 0.1 else FIRST + timedelta(days=draw.randrange(450))
    began = told.at(day, draw.randrange(24 * 60))
    trip = draw.choice((None, "none", "reclosed", "reclose_failed", "permanent")) if kind == "fault" else None
    lasts = day > date(2026, 3, 10) and draw.random() < 0.6
    steps = [
        _step(draw, county, key, place, kind, began, lasts and place == 0)
        for place in range(draw.randrange(1, 4))
    ]
    for step in steps:
        step["start_day"] = (min(one["interrupted_at"] for one in steps) + CHINA).date()
    first = min(steps, key=lambda one: (one["interrupted_at"], one["step_key"]))
    ends = [one["restored_at"] for one in steps]
    is_open = any(one is None for one in ends)
    started = first["interrupted_at"]
    ended = None if is_open else max(ends)
    known = [one["duration_s"] for one in steps if one["duration_s"] is not None]
    outage = {
        "bureau_id": bureau,
        "outage_key": key,
        "org_unit_id": first["org_unit_id"],
        "kind": first["kind"],
        "cause": first["cause"],
        "line_code": f"L{county}{draw.randrange(3)}" if draw.random() < 0.9 else None,
        "detected_at": started + timedelta(minutes=draw.randrange(20)) if kind == "fault" else None,
        "trip": trip,
        "has_automation": draw.choice((True, True, False, None)) if trip else None,
        "is_fast_restored": draw.choice((True, False)) if trip else None,
        "is_boundary_breaker": draw.random() < 0.15 if trip else None,
        "started_at": started,
        "ended_at": ended,
        "duration_s": None if is_open else int((ended - started).total_seconds()),
        "longest_step_s": max(known, default=None),
        "start_day": first["start_day"],
        "steps": len(steps),
        "customers": _sum(steps, "customers"),
        "mv_users": _sum(steps, "mv_users"),
        "open_steps": sum(one is None for one in ends),
    }
    for step in steps:
        step["line_code"] = outage["line_code"]
        step |= {name: outage[name] for name in ("detected_at", "trip", "has_automation", "is_fast_restored")}
        step["is_boundary_breaker"] = outage["is_boundary_breaker"]
    rows["steps"] += steps
    rows["outages"].append(outage)
    told.of_outage(draw, outage, steps, rows)


def _step(
    draw: random.Random, county: int, key: str, place: int, kind: str, began: object, lasts: bool
) -> dict:
    begin = began + timedelta(minutes=place * draw.randrange(30))
    seconds = draw.choice((60, 180, 181, 240, 1_800, 5_400, 10_800, 10_801, 26_000, 40_000, 90_000))
    unit = county if draw.random() < 0.93 else CITY_A if county != COUNTY_B1 else CITY_B
    return {
        "bureau_id": HOME[county],
        "step_key": f"{key}/{place}",
        "outage_key": key,
        "org_unit_id": unit,
        "area_code": f"T{county}{draw.choice((0, 0, 0, 3, 3, 3, 1, 2, 4, 5))}"
        if draw.random() < 0.9
        else None,
        "kind": kind if draw.random() < 0.95 else "fault",
        "cause": draw.choice(CAUSES),
        "customers": draw.choice((None, 0, 20, 60, 200)),
        "mv_users": draw.choice((None, 1, 1, 2)),
        "interrupted_at": begin,
        "restored_at": None if lasts else begin + timedelta(seconds=seconds),
        "duration_s": None if lasts else seconds,
        "promised_at": begin + timedelta(hours=draw.randrange(1, 9)) if draw.random() < 0.4 else None,
    }


def _sum(steps: list[dict], name: str) -> int | None:
    known = [one[name] for one in steps if one[name] is not None]
    return sum(known) if known else None
