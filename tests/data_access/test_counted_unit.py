"""An area that is not registered counts once: for the unit that its rows of the year name most."""

from datetime import date

import pytest
from sqlalchemy import Engine, delete, func, select

from data_access import frequent_outages, stale
from data_access.kpi_refresh import refresh
from data_access.measures import areas as builder
from data_access.tables.kpi import area_months, kpi_facts
from data_access.transactions import reading_all, writing_all
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.booked import cover, facts
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, HOME, PROVINCE
from tests.data_access.steps import area, computed, request, step, totals, write

ALL = Scope((PROVINCE,))
JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


def outage(unit: int, start: str, code: str = "x", kind: str = "planned") -> list[dict]:
    """One of two areas, for a single one does not count; the other one is registered and stays in A1."""
    return [
        step(start, unit, code, f"2026-{start} 10:00", kind=kind, cause=f"{kind}_works")
        for code in (code, "r")
    ]


def judged(engine: Engine, *outages: list[dict]):
    company.build(engine)
    write(engine, [one for steps in outages for one in steps], areas=[area(COUNTY_A1, "r")])
    return computed(engine, builder, request(engine, date(2026, 1, 1), date(2026, 3, 1)))


def homes(engine: Engine, day: date) -> dict[str, tuple[str, int]]:
    found = frequent_outages.listed(engine, ALL, CITY_A, day)
    return {row.code: (row.unit_name, row.total) for row in found.itertuples()}


def test_rows_that_name_two_units_make_one_area_frequent_and_it_counts_once(engine: Engine) -> None:
    """Three each would be frequent for nobody. As many of both: the first by code."""
    values = judged(
        engine,
        *(outage(COUNTY_A2, f"01-0{day}") for day in (1, 2, 3)),
        *(outage(COUNTY_A1, f"02-0{day}") for day in (1, 2, 3)),
    )

    assert homes(engine, JAN)["x"] == ("A2", 3)
    assert homes(engine, FEB)["x"] == ("A1", 6)
    counts = totals(values, "frequent_areas")
    assert {month: count for (_, month), count in counts.items()} == {"2026-02": 2, "2026-03": 2}
    assert set(counts) == {(COUNTY_A1, "2026-02"), (COUNTY_A1, "2026-03")}
    assert totals(values, "frequent_areas_entered") == {(COUNTY_A1, "2026-02"): 2}


def test_the_unit_that_more_rows_name_has_it_though_its_code_comes_later(engine: Engine) -> None:
    judged(
        engine,
        *(outage(COUNTY_A1, f"01-0{day}") for day in (1, 2)),
        *(outage(COUNTY_A2, f"02-0{day}") for day in (1, 2, 3)),
    )

    assert homes(engine, FEB)["x"] == ("A2", 5)
    assert homes(engine, FEB)["r"] == ("A1", 5)


def test_in_a_new_year_the_rows_of_the_old_one_name_nothing_any_more(engine: Engine) -> None:
    """Four of A1 in December, one of A2 in January: both windows look back, but the year names A2."""
    company.build(engine)
    december = [
        step(f"d{day}", COUNTY_A1, code, f"2025-12-2{day} 10:00")
        for day in (1, 2, 3, 4)
        for code in ("x", "r")
    ]
    write(engine, december + outage(COUNTY_A2, "01-01"), areas=[area(COUNTY_A1, "r")])
    computed(engine, builder, request(engine, date(2025, 12, 1), date(2026, 1, 1)))

    assert homes(engine, date(2025, 12, 31))["x"] == ("A1", 4)
    assert homes(engine, JAN)["x"][0] == "A2"


@pytest.mark.parametrize(("month", "unit"), [(date(2026, 1, 1), COUNTY_A2), (date(2026, 2, 1), COUNTY_A1)])
def test_what_is_counted_by_month_goes_to_the_unit_of_that_month(
    engine: Engine, month: date, unit: int
) -> None:
    judged(engine, outage(COUNTY_A2, "01-05"), outage(COUNTY_A1, "02-05"), outage(COUNTY_A1, "02-06"))
    wanted = (area_months.c.area_code == "x", area_months.c.month == month)

    with reading_all(engine) as connection:
        assert connection.execute(select(area_months.c.org_unit_id).where(*wanted)).scalars().all() == [unit]


def test_an_area_without_a_row_in_the_year_stays_with_the_unit_of_the_days_looked_back_on(
    engine: Engine,
) -> None:
    """One planned outage of December, in the 60 days before 10 January; the open month is judged then."""
    company.build(engine)
    december = [step("d", COUNTY_A2, code, "2025-12-20 10:00", kind="planned") for code in ("x", "r")]
    write(engine, december, areas=[area(COUNTY_A1, "r")])
    wanted = request(engine, date(2025, 12, 1), date(2026, 1, 1), as_of_day=date(2026, 1, 10))
    for _time in range(2):  # nothing of the first one is left behind
        values = computed(engine, builder, wanted)

    assert totals(values, "areas_planned") == {
        (unit, month): 1 for unit in (COUNTY_A1, COUNTY_A2) for month in ("2025-12", "2026-01")
    }
    with reading_all(engine) as connection:
        assert connection.scalar(select(func.min(area_months.c.org_unit_id))) > 0


def test_major_event_days_of_a_registered_area_are_those_of_its_own_bureau(engine: Engine) -> None:
    """Booked on a unit of city B, whose day it is not: A's day leaves it out, B's would not."""
    company.build(engine)
    both = [step("o", COUNTY_A1, "r", "2026-01-05 10:00"), step("o", COUNTY_B1, "r", "2026-01-05 11:00")]
    both[1] |= {"bureau_id": both[0]["bureau_id"], "step_key": "o/r2"}
    second = step("o", COUNTY_A1, "s", "2026-01-05 10:00")
    write(engine, [*both[1:], both[0], second], areas=[area(COUNTY_A1, "r"), area(COUNTY_A1, "s")])
    for city, days in ((CITY_A, 1), (CITY_B, 0)):
        med = ((city, date(2026, 1, 5)),)
        computed(engine, builder, request(engine, date(2026, 1, 1), date(2026, 1, 1), med=med))
        mine = area_months.c.area_code == "r"
        with reading_all(engine) as connection:
            assert connection.scalar(select(area_months.c.interruptions_med).where(mine)) == days


def test_an_area_named_in_two_bureaus_counts_in_each_however_much_is_computed_at_once(engine: Engine) -> None:
    """Its rows are of one key space; a unit of the other bureau has some of them."""
    company.build(engine)
    cover(engine, date(2026, 1, 1), date(2026, 3, 31))
    there = {"bureau_id": HOME[COUNTY_A1], "kind": "planned"}
    write(
        engine,
        [
            one
            for unit, start in ((COUNTY_A1, "2026-01-05 10:00"), (COUNTY_B1, "2026-01-06 10:00"))
            for one in (step(start, unit, "x", start, **there), step(start, unit, "r", start, **there))
        ],
        areas=[area(COUNTY_A1, "r")],
    )
    refresh(engine, full=True)
    whole = facts(engine)
    with writing_all(engine) as connection:
        stale.mark(connection, [(unit, "outages", date(2026, 1, 1)) for unit in (COUNTY_A1, COUNTY_B1)])
        connection.execute(delete(kpi_facts).where(kpi_facts.c.measure == "areas_planned"))

    refresh(engine)

    assert facts(engine) == whole
    assert whole[PROVINCE, "areas_planned", "", "", "month", date(2026, 1, 1)] == 3
