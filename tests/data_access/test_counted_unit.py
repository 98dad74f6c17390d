"""An area that is not registered counts once: for the unit that its rows of the year name most."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from data_access import frequent_outages
from data_access.measures import areas as builder
from data_access.tables.kpi import area_months
from data_access.transactions import reading_all
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, PROVINCE
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
