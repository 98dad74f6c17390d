"""Outages that still last: which are listed, how many customers are still out, and how they are found."""

import pytest
from sqlalchemy import event

from data_access import ongoing_outages
from domain.errors import NotFound
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE
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
