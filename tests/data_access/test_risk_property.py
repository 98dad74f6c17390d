"""Risk lines and areas over more than the 24 months of their window are what a count from the raw rows gives.

Many outages of few objects, so that thresholds are crossed both ways; refreshed in parts and from nothing, on
both databases.
"""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from data_access import stale
from data_access.kpi_refresh import refresh
from data_access.tables.grid import areas, lines
from data_access.tables.rules import major_event_dates
from data_access.transactions import writing_all
from tests.data_access import booked, brute_force, company, risky, stored_risk
from tests.data_access.company import CHINA, CITY_A, COUNTY_A1, COUNTY_A2, COUNTY_B1
from tests.data_access.steps import area, line
from tests.data_access.test_refresh_property import differences, is_momentary

FIRST, LAST = date(2024, 1, 1), date(2026, 2, 20)
KINDS = ("fault", "fault", "fault", "fault", "planned")
CAUSES = ("tree", "external_digging", "customer_equipment", "wind")
UNKNOWN = "x"  # an area that the register lacks is no object
PLACES = {"L0": ("T0", "T1"), "L1": ("T2", "T3"), "LB": ("TB",), "not registered": (UNKNOWN,)}
UNITS = {"L0": COUNTY_A1, "L1": COUNTY_A2, "LB": COUNTY_B1, "not registered": COUNTY_A1}


def build(engine: Engine) -> None:
    company.build(engine)
    risky.put(engine, lines, line(COUNTY_A1, "L0"), line(COUNTY_B1, "LB"))
    risky.put(engine, lines, line(COUNTY_A2, "L1", opened_on=date(2025, 3, 15), closed_on=date(2026, 2, 1)))
    risky.put(
        engine, areas, area(COUNTY_A1, "T0", "L0"), area(COUNTY_A2, "T1", "L0"), area(COUNTY_B1, "TB", "LB")
    )
    risky.put(
        engine,
        areas,
        area(COUNTY_A2, "T2", "L1", "dedicated"),
        area(COUNTY_A1, "T3", opened_on=date(2024, 9, 1)),
    )
    booked.cover(engine, FIRST, LAST)
    risky.put(engine, major_event_dates, {"org_unit_id": CITY_A, "day": date(2025, 6, 5)})
    years = (date(2025, 1, 1), date(2025, 12, 31))
    booked.cover(engine, *years, unit=CITY_A, sources=("major_event_dates",), batch=2)


def outages(draw: random.Random, count: int, name: str) -> list[dict[str, Any]]:
    """So many outages; each of some areas of a line, by steps that may be momentary or still last."""
    found = []
    for number in range(count):
        at = draw.choice(list(PLACES))
        day = draw.choice([date(2025, 6, 5), FIRST + timedelta(days=draw.randrange((LAST - FIRST).days))])
        start = datetime(day.year, day.month, day.day, draw.randrange(24)) - CHINA
        of = {"kind": draw.choice(KINDS), "cause": draw.choice(CAUSES)}
        of["is_boundary_breaker"] = draw.choice([True, False, None])
        for code in draw.sample(PLACES[at], draw.randint(1, len(PLACES[at]))):
            minutes = draw.choice([60, 60, 3, 240, None])
            found.append(
                booked.step(
                    UNITS[at], start, minutes, draw.choice([10, 40, None]), key=f"{name}{number}{code}",
                    outage=f"{name}{number}", area_code=code, line_code=at,
                    mv_users=draw.choice([1, 2, None]), **of,
                )
            )  # fmt: skip
    return found


def book(engine: Engine, steps: list[dict[str, Any]]) -> None:
    """Book them, and mark as an import does: the units of their areas and lines too."""
    booked.book(engine, *steps)
    months = {(one["interrupted_at"] + CHINA).date().replace(day=1) for one in steps}
    with writing_all(engine) as connection:
        stale.mark(connection, [(unit, "outages", month) for month in months for unit in UNITS.values()])
        stale.mark(connection, [(COUNTY_A2, "outages", month) for month in months])


@pytest.mark.parametrize("seed", [1, 2])
def test_findings_and_scores_are_those_of_a_count_by_hand(engine: Engine, seed: int) -> None:
    draw = random.Random(seed)
    build(engine)
    book(engine, outages(draw, 70, "first"))
    refresh(engine)
    book(engine, outages(draw, 12, "later"))
    risky.changed(engine, lines, "lines", COUNTY_A1, stale.EVERY_MONTH, length_m=1)
    refresh(engine)
    book(engine, outages(draw, 5, "last"))

    assert risky.refreshed_alike(engine)

    world = brute_force.World(engine)
    brute_force.expected(engine, is_momentary, world)
    counts = {key: one for key, one in stored_risk.counts(engine).items() if key[0][2] != UNKNOWN}
    assert differences(counts, stored_risk.expected_counts(world.risk, world.months())) == {}
    assert differences(stored_risk.findings(engine), world.risk.findings) == {}
    assert stored_risk.rounded_alike(stored_risk.objects(engine), world.risk.objects)
    assert {rule for *_, rule in world.risk.findings} == {"RL1", "RL6", "RL8"}
    assert sum(bool(one[-1]) for one in world.risk.objects.values()) > 20
