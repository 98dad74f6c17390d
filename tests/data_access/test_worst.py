"""The worst lines and areas: by the customers' minutes, with their share and main cause."""

from datetime import date

import pytest

from data_access import worst
from data_access.measures import areas as builder
from domain.errors import NotFound
from domain.periods import period
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE
from tests.data_access.steps import area, computed, line, request, step, write

ALL = Scope((PROVINCE,))
QUARTER = period("quarter", date(2026, 3, 1))


@pytest.fixture
def world(engine):
    """L: 1,200 of 2,000 customer-minutes (wind 800, trees 400), M: 600, no line: 200. City B is a decoy."""
    company.build(engine)
    steps = [
        step("1", COUNTY_A1, "a", "2026-01-05 10:00", 80, line_code="L", cause="wind"),
        step("2", COUNTY_A2, "b", "2026-02-05 10:00", 40, line_code="L", cause="tree"),
        step("3", COUNTY_A1, "c", "2026-03-05 10:00", 60, line_code="M"),
        step("4", COUNTY_A1, "c", "2026-03-06 10:00", 20),
        step("momentary", COUNTY_A1, "c", "2026-03-06 10:00", 3, line_code="M", cause="animal"),
        step("before", COUNTY_A1, "c", "2025-12-06 10:00", 900, line_code="M"),
        step("elsewhere", COUNTY_B1, "z", "2026-03-06 10:00", 900, line_code="L"),
    ]
    write(engine, steps, areas=[area(COUNTY_A1, "a")], lines=[line(COUNTY_A1, "L")])
    computed(engine, builder, request(engine, date(2025, 12, 1), date(2026, 3, 1)))
    return engine


def test_the_worst_lines_with_their_share_of_the_units_total(world):
    found = worst.worst_lines(world, ALL, CITY_A, QUARTER)

    columns = ["line_code", "name", "customer_minutes", "share", "customers", "outages", "main_cause"]
    assert found[columns].to_numpy().tolist() == [
        ["L", "line L", 1200.0, 0.6, 20, 2, "wind"],
        ["M", "M", 600.0, 0.3, 10, 1, "equipment"],
    ]


def test_a_line_is_judged_by_the_units_own_customers(world):
    found = worst.worst_lines(world, ALL, COUNTY_A2, QUARTER)

    assert found[["line_code", "customer_minutes", "share", "main_cause"]].to_numpy().tolist() == [
        ["L", 400.0, 1.0, "tree"]
    ]


def test_steps_that_name_another_line_than_their_outage_count_on_theirs(engine):
    """The outages' line is L throughout; M and N stand on steps only, one of them of another unit."""
    company.build(engine)
    at = "2026-01-05 10:00"
    steps = [
        step("1", COUNTY_A1, "a", at, 80, line_code="L", cause="wind"),
        step("1", COUNTY_A1, "b", at, 90, line_code="M", cause="tree"),
        step("1", COUNTY_A2, "c", at, 30, line_code="M", cause="animal"),
        step("2", COUNTY_A1, "d", "2026-01-06 10:00", 20, line_code="L"),
        step("2", COUNTY_A1, "e", "2026-01-06 10:00", 20, line_code="N"),
        step("2", COUNTY_A1, "f", "2026-01-06 10:00", None, line_code="M"),
    ]
    write(engine, steps)
    computed(engine, builder, request(engine, date(2026, 1, 1), date(2026, 3, 1)))

    columns = ["line_code", "customer_minutes", "outages", "main_cause"]
    assert worst.worst_lines(engine, ALL, CITY_A, QUARTER)[columns].to_numpy().tolist() == [
        ["M", 1200.0, 2, "tree"],
        ["L", 1000.0, 2, "wind"],
        ["N", 200.0, 1, "equipment"],
    ]
    assert worst.worst_lines(engine, ALL, COUNTY_A2, QUARTER)[columns].to_numpy().tolist() == [
        ["M", 300.0, 1, "animal"],
    ]


def test_the_worst_areas(world):
    found = worst.worst_areas(world, ALL, CITY_A, QUARTER, limit=2)

    assert found[["area_code", "name", "customer_minutes", "outages"]].to_numpy().tolist() == [
        ["a", "area a", 800.0, 1],
        ["c", "c", 800.0, 2],
    ]
    assert found["share"].tolist() == [0.4, 0.4]


def test_an_areas_outages_are_its_units_whatever_unit_they_are_booked_on(engine):
    """r of A1 was interrupted by an outage of the city. u is in no register and counts for A1, the first by
    code; outages and causes are told of the steps that A1 may see."""
    company.build(engine)
    steps = [
        step("1", CITY_A, "r", "2026-01-05 10:00", 80, cause="wind"),
        step("2", COUNTY_A1, "u", "2026-01-06 10:00", 40, cause="tree"),
        step("3", COUNTY_A2, "u", "2026-01-07 10:00", 90, cause="animal"),
    ]
    write(engine, steps, areas=[area(COUNTY_A1, "r")])
    computed(engine, builder, request(engine, date(2026, 1, 1), date(2026, 3, 1)))

    found = worst.worst_areas(engine, Scope((COUNTY_A1,)), COUNTY_A1, QUARTER)

    assert found[["area_code", "customer_minutes", "outages", "main_cause"]].to_numpy().tolist() == [
        ["u", 1300.0, 1, "tree"],
        ["r", 800.0, 1, "wind"],
    ]


def test_an_area_is_one_mv_user(world):
    found = worst.worst_areas(world, ALL, CITY_A, QUARTER, limit=1, level="MV")

    assert found[["area_code", "customers", "customer_minutes"]].to_numpy().tolist() == [["a", 1, 80.0]]


def test_nothing_interrupted_is_an_empty_list(world):
    assert worst.worst_lines(world, ALL, CITY_A, period("month", date(2025, 1, 1))).empty


@pytest.mark.parametrize("read", [worst.worst_lines, worst.worst_areas])
def test_nothing_is_seen_from_outside(world, read):
    with pytest.raises(NotFound):
        read(world, Scope((CITY_B,)), CITY_A, QUARTER)
