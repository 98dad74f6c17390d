"""Outages that still last: listed by whose customers are out, with how many, and how they are found."""

import pytest
from sqlalchemy import event

from data_access import ongoing_outages
from domain.errors import NotFound
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE
from tests.data_access.steps import line, local, step, write

ALL = Scope((PROVINCE,))


def filled(engine):
    """Ongoing: long (8 of 10 customers out) and short in city A, one in city B; an ended one is a decoy."""
    company.build(engine)
    steps = [
        step("short", COUNTY_A2, "a", "2026-03-02 10:00", None, customers=5),
        step("long", COUNTY_A1, "b", "2026-03-01 10:00", None, customers=8, line_code="L",
             promised_at=local("2026-03-01 18:00")),
        step("long", COUNTY_A1, "c", "2026-03-01 10:00", 60, customers=2,
             promised_at=local("2026-03-01 20:00")),
        step("ended", COUNTY_A1, "b", "2026-02-01 10:00", 60),
        step("elsewhere", COUNTY_B1, "z", "2026-01-01 10:00", None),
    ]  # fmt: skip
    write(engine, steps, lines=[line(COUNTY_A1, "L")])
    return engine


def test_the_longest_comes_first_with_those_still_out(engine):
    found, count = ongoing_outages.listed(filled(engine), ALL, CITY_A)

    assert count == 2
    assert found["outage_key"].tolist() == ["long", "short"]
    assert found["customers"].tolist() == [8, 5]
    assert found["line"].iloc[0] == "line L"
    assert found["promised_at"].iloc[0] == local("2026-03-01 18:00")


def test_the_count_is_of_all_and_the_list_ends_at_its_limit(engine):
    found, count = ongoing_outages.listed(filled(engine), ALL, PROVINCE, limit=1)

    assert (found["outage_key"].tolist(), count) == (["elsewhere"], 3)


def test_outages_outside_the_scope_are_not_found(engine):
    filled(engine)
    found, count = ongoing_outages.listed(engine, Scope((COUNTY_A1,)), COUNTY_A1)

    assert (found["outage_key"].tolist(), count) == (["long"], 1)
    with pytest.raises(NotFound):
        ongoing_outages.listed(engine, Scope((COUNTY_A1,)), COUNTY_A2)


def test_they_are_found_by_what_still_lasts_and_not_by_unit(sqlite_engine):
    """By unit the list of a province went through 300,000 outages to find none."""
    said = []
    event.listen(filled(sqlite_engine), "before_cursor_execute", lambda *call: said.append(call[2:4]))
    ongoing_outages.listed(sqlite_engine, ALL, PROVINCE)

    asked = [(text, values) for text, values in said if "open_steps" in text]
    with sqlite_engine.connect() as connection:
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all())
            for text, values in asked
        ]
    assert len(plans) == 2
    assert all("ix_outages_open_steps" in plan and "SCAN outages" not in plan for plan in plans)


@pytest.fixture
def world(engine):
    """One outage of city A: 10 out in A1, 20 in A2, 40 of A1 back. One of A2 alone, one over, one in B1."""
    company.build(engine)
    times = ("2026-03-01 08:00", "2026-03-01 09:00", "2026-03-01 07:00")
    steps = [
        step("wide", CITY_A, None, "2026-03-01 06:00", 60, customers=5),
        step("wide", COUNTY_A1, "a", times[0], None, customers=10),
        step("wide", COUNTY_A1, "b", times[0], 60, customers=40),
        step("wide", COUNTY_A2, "c", times[0], None, customers=20),
        step("own", COUNTY_A2, "d", times[1], None, customers=None, mv_users=3),
        step("over", COUNTY_A1, "e", times[2], 60),
        step("elsewhere", COUNTY_B1, "z", times[2], None),
    ]
    write(engine, steps)
    return engine


def found(engine, scope, unit):
    frame, count = ongoing_outages.listed(engine, scope, unit)
    rows = frame[["outage_key", "unit", "customers"]].astype(object)
    return rows.where(rows.notna(), None).to_numpy().tolist(), count


def test_an_outage_of_the_city_is_listed_at_the_county_whose_customers_are_out(world):
    """Customers of other units, and those who are back, are none of its."""
    assert found(world, ALL, COUNTY_A1) == ([["wide", "A", 10]], 1)
    assert found(world, ALL, COUNTY_A2) == ([["wide", "A", 20], ["own", "A2", None]], 2)


def test_units_above_list_it_once_with_all_who_are_out(world):
    assert found(world, ALL, CITY_A) == ([["wide", "A", 30], ["own", "A2", None]], 2)
    assert [row[0] for row in found(world, ALL, PROVINCE)[0]] == ["wide", "elsewhere", "own"]


def test_who_sees_one_county_sees_its_own_name_and_customers_only(world):
    assert found(world, Scope((COUNTY_A1,)), COUNTY_A1) == ([["wide", "A1", 10]], 1)
    with pytest.raises(NotFound):
        ongoing_outages.listed(world, Scope((CITY_B,)), COUNTY_A1)
