"""The frequent-outage list as people read it: inside the scope, with reasons, and with what changed."""

from datetime import date

import pytest
from sqlalchemy import insert

from data_access import frequent_outages
from data_access.measures import areas as builder
from data_access.tables.kpi import major_event_days
from data_access.transactions import writing_all
from domain.errors import NotFound
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE
from tests.data_access.steps import area, computed, line, request, step, write

JAN, FEB = date(2026, 1, 31), date(2026, 2, 28)
ALL = Scope((PROVINCE,))


@pytest.fixture
def world(engine):
    """a, b of A1: four in January. c, d of A2: two in January, three more in February. z of B1: a decoy."""
    company.build(engine)
    days = [(COUNTY_A1, "ab", [f"2026-01-0{n} 10:00" for n in (1, 2, 3, 4)])]
    days += [(COUNTY_A2, "cd", [f"2026-01-2{n} 10:00" for n in (1, 2)])]
    days += [(COUNTY_A2, "cd", [f"2026-02-2{n} 10:00" for n in (1, 2, 3)])]
    days += [(COUNTY_B1, "yz", [f"2026-01-0{n} 10:00" for n in (1, 2, 3, 4)])]
    steps = [
        step(f"{unit}{start}", unit, code, start)
        for unit, codes, starts in days
        for start in starts
        for code in codes
    ]
    areas = [area(COUNTY_A1, "a", "L"), area(COUNTY_A1, "b", "L"), area(COUNTY_A2, "c"), area(COUNTY_A2, "d")]
    write(engine, steps, areas=areas, lines=[line(COUNTY_A1, "L")])
    computed(engine, builder, request(engine, date(2026, 1, 1), date(2026, 2, 1)))
    return engine


def test_the_list_of_a_month_end_frequent_first(world):
    found = frequent_outages.listed(world, ALL, CITY_A, JAN)

    assert found[["code", "state", "label", "total"]].to_numpy().tolist() == [
        ["a", "frequent", "window", 4],
        ["b", "frequent", "window", 4],
        ["c", "warning", "days_30", 2],
        ["d", "warning", "days_30", 2],
    ]
    assert found["name"].tolist() == ["area a", "area b", "area c", "area d"]
    assert found["warned_on"].tolist() == [date(2026, 1, 4)] * 2 + [date(2026, 1, 22)] * 2


def test_a_city_whose_data_end_earlier_stays_on_the_list_of_the_open_month(world):
    """City A is judged at 20 February, city B at the 25th; both are on the province's list of February."""
    for city, day in ((CITY_A, date(2026, 2, 20)), (CITY_B, date(2026, 2, 25))):
        below = {CITY_A: (COUNTY_A1, COUNTY_A2), CITY_B: (COUNTY_B1,)}[city]
        computed(world, builder, request(world, FEB.replace(day=1), FEB, (city, *below), as_of_day=day))

    found = frequent_outages.listed(world, ALL, PROVINCE, FEB)

    assert sorted(set(zip(found["unit_name"], found["as_of"], strict=True))) == [
        ("A1", date(2026, 2, 20)),  # those of A2 came back on the 21st
        ("B1", date(2026, 2, 25)),
    ]


def test_lines_of_the_list(world):
    found = frequent_outages.listed(world, ALL, PROVINCE, JAN, subject="line")

    assert found[["code", "name", "total"]].to_numpy().tolist() == [["L", "line L", 4]]
    assert found["warned_on"].tolist() == [date(2026, 1, 4)]


@pytest.mark.parametrize("scope", [Scope((CITY_B,)), Scope((COUNTY_A2,)), Scope(())])
def test_nothing_is_seen_from_outside(world, scope):
    with pytest.raises(NotFound):
        frequent_outages.listed(world, scope, COUNTY_A1, JAN)
    with pytest.raises(NotFound):
        frequent_outages.changes(world, scope, COUNTY_A1, FEB)
    with pytest.raises(NotFound):
        frequent_outages.history(world, scope, "A", "a", 2026)


def test_a_unit_above_the_scope_shows_nothing_of_its_other_units(world):
    with pytest.raises(NotFound):
        frequent_outages.listed(world, Scope((COUNTY_A2,)), CITY_A, JAN)


def test_what_changed_since_the_month_before(world):
    """c and d went from warning (2 in 30 days) to frequent (5 in 60 days); a and b stay frequent."""
    found = frequent_outages.changes(world, ALL, CITY_A, FEB)

    assert found[["code", "change", "label_before", "label"]].to_numpy().tolist() == [
        ["c", "label_changed", "days_30", "window"],
        ["d", "label_changed", "days_30", "window"],
    ]
    assert found[["name", "unit_name"]].to_numpy().tolist() == [["area c", "A2"], ["area d", "A2"]]
    assert found["rule_version"].tolist() == found["rule_version_before"].tolist() == [1, 1]


def test_the_history_of_an_area_says_why_a_row_is_not_counted(engine):
    company.build(engine)
    steps = [step("kept", COUNTY_A1, code, "2026-01-05 10:00") for code in "ab"]
    steps += [step("same", COUNTY_A1, code, "2026-01-05 15:00") for code in "ab"]
    steps += [step("storm", COUNTY_A1, code, "2026-01-07 10:00", 4) for code in "ab"]
    steps += [step("alone", COUNTY_A1, "a", "2026-01-09 10:00")]
    steps += [step("december", COUNTY_A1, code, "2025-12-09 10:00") for code in "ab"]
    steps += [step("long ago", COUNTY_A1, code, "2025-10-09 10:00") for code in "ab"]
    write(engine, steps)
    with writing_all(engine) as connection:
        day = {"bureau_id": "A", "org_unit_id": CITY_A, "day": date(2026, 1, 7), "by_list": True}
        connection.execute(insert(major_event_days).values(**day))

    found = frequent_outages.history(engine, ALL, "A", "a", 2026)

    assert found[["outage_key", "counted", "reasons"]].to_numpy().tolist() == [
        ["december", True, ""],  # the windows of January look back on it
        ["kept", True, ""],
        ["same", False, "within_6h"],
        ["storm", False, "med;short"],
        ["alone", False, "single_user"],
    ]
