"""Restoration promises as measures, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from data_access.measures import promises as builder
from data_access.tables.rules import rule_versions
from data_access.transactions import writing_all
from domain import rule_sets
from tests.data_access import company
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, HOME
from tests.data_access.steps import computed, local, request, step, totals, write

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
JUDGED = ("due", "kept_first", "kept_last")


@pytest.fixture
def world(engine):
    company.build(engine)
    return engine


def promised(key, start, late, unit=COUNTY_A1, minutes=60, **more):
    """A step restored `late` minutes after the time told on its own row."""
    ended = local(start) + timedelta(minutes=minutes)
    return step(key, unit, "a", start, minutes, promised_at=ended - timedelta(minutes=late), **more)


def message(outage, told, promise, step_key=None, unit=COUNTY_A1, key=None):
    return {
        "bureau_id": HOME[unit],
        "promise_key": key or f"{outage}/{told}",
        "outage_key": outage,
        "step_key": step_key,
        "told_at": local(told),
        "promised_at": local(promise),
    }


def figures(found, unit=COUNTY_A1, month="2026-01"):
    names = [*(f"promises_{one}" for one in JUDGED), "estimates_accurate_first", "estimates_accurate_last"]
    return tuple(totals(found, name).get((unit, month), 0) for name in names)


def test_times_on_the_rows_are_summed_by_the_database(world):
    """30 min late is kept; 31 is not; 3 h early is kept but inaccurate; without a promise nothing is due."""
    steps = [promised(f"s{late}", "2026-01-05 10:00", late) for late in (30, 31, -180)]
    write(world, [*steps, step("none", COUNTY_A1, "a", "2026-01-05 10:00")])

    found = computed(world, builder, request(world, JAN, JAN))

    assert figures(found) == (3, 2, 2, 1, 1)
    assert totals(found, "outages_with_promise") == {(COUNTY_A1, "2026-01"): 3}
    assert totals(found, "promise_revisions") == {}


def test_a_momentary_step_is_not_due_and_one_that_lasts_is_open(world):
    steps = [
        promised("short", "2026-01-05 10:00", 0, minutes=3),
        step("open", COUNTY_A1, "a", "2026-01-05 10:00", None, promised_at=local("2026-01-05 12:00")),
    ]
    steps += [
        step("told", COUNTY_A1, "a", "2026-01-05 10:00", 3),
        step("no promise", COUNTY_A1, "a", "2026-01-05 10:00", 3),
    ]
    write(world, steps, promises=[message("told", "2026-01-05 10:01", "2026-01-05 11:00")])

    found = computed(world, builder, request(world, JAN, JAN))

    assert figures(found) == (0, 0, 0, 0, 0)
    assert totals(found, "promises_open") == {(COUNTY_A1, "2026-01"): 1}
    assert totals(found, "promises_excluded", "reason") == {(COUNTY_A1, "2026-01", "momentary"): 2}


def test_first_and_last_promise_are_judged_apart(world):
    """Restored at 11:00. Told 10:15 with the row, then 13:00, then 11:00: the first broken, the last kept."""
    steps = [step("1", COUNTY_A1, "a", "2026-01-05 10:00", promised_at=local("2026-01-05 10:15"))]
    messages = [
        message("1", "2026-01-05 10:40", "2026-01-05 11:00"),
        message("1", "2026-01-05 10:20", "2026-01-05 13:00"),
        message("1", "2026-01-05 10:50", "2026-01-05 11:00"),
    ]
    write(world, steps, promises=messages)

    found = computed(world, builder, request(world, JAN, JAN))

    assert figures(found) == (1, 0, 1, 0, 1)
    assert totals(found, "promise_revisions") == {(COUNTY_A1, "2026-01"): 2}
    assert totals(found, "outages_with_promise") == {(COUNTY_A1, "2026-01"): 1}


def test_what_is_told_after_the_restoration_promises_nothing(world):
    """Restored at 11:00, told 12:00 "11:00": the promise of 10:30 stays broken, and nothing was revised.

    Of "late" customers heard nothing in time. The step of "two" that lasts until 13:00 is told at 12:00.
    """
    steps = [step("1", COUNTY_A1, "a", "2026-01-05 10:00", promised_at=local("2026-01-05 10:15"))]
    steps += [step("late", COUNTY_A1, "a", "2026-01-05 10:00")]
    steps += [
        step("two", COUNTY_A1, code, "2026-01-05 10:00", 60 * hours) for code, hours in (("a", 1), ("b", 3))
    ]
    told = [message(key, "2026-01-05 12:00", "2026-01-05 11:00") for key in ("1", "late", "two")]
    write(world, steps, promises=told)

    found = computed(world, builder, request(world, JAN, JAN))

    assert figures(found) == (2, 0, 0, 0, 0)
    assert totals(found, "outages_with_promise") == {(COUNTY_A1, "2026-01"): 2}
    assert totals(found, "promise_revisions") == {}


def test_a_message_for_one_step_says_nothing_to_the_other(world):
    steps = [
        step("1", COUNTY_A1, "a", "2026-01-05 10:00", promised_at=local("2026-01-05 11:00")),
        step("1", COUNTY_A2, "b", "2026-01-05 10:00", promised_at=local("2026-01-05 11:00")),
    ]
    write(world, steps, promises=[message("1", "2026-01-05 10:10", "2026-01-05 18:00", step_key="1/b")])

    found = computed(world, builder, request(world, JAN, JAN))
    alone = computed(world, builder, request(world, JAN, JAN, units=(COUNTY_A2,)))

    assert figures(found) == (1, 1, 1, 1, 1)
    assert figures(found, COUNTY_A2) == (1, 1, 1, 1, 0)
    assert figures(alone, COUNTY_A2) == (1, 1, 1, 1, 0)
    assert totals(found, "promise_revisions") == {(COUNTY_A1, "2026-01"): 1}  # on the outage's own unit


def test_kinds_and_major_event_days(world):
    steps = [promised("f", "2026-01-05 10:00", 0), promised("p", "2026-01-06 10:00", 0, kind="planned")]
    write(world, steps)

    found = computed(world, builder, request(world, JAN, JAN, med=((CITY_A, date(2026, 1, 5)),)))

    assert totals(found, "promises_due", "kind") == {
        (COUNTY_A1, "2026-01", "fault"): 1,
        (COUNTY_A1, "2026-01", "planned"): 1,
    }
    assert totals(found, "promises_kept_last_med") == {(COUNTY_A1, "2026-01"): 1}


def test_each_month_is_judged_by_the_version_of_its_date(world):
    """From February on there is no tolerance: 10 min late was kept in January and is not in February."""
    body = {**rule_sets.first_version("promises").body, "kept": {"minutes": 0}}
    row = {"rule_set": "promises", "version": 2, "valid_from": FEB, "state": "published", "body": body}
    with writing_all(world) as connection:
        connection.execute(insert(rule_versions).values(**row, by_name="t", at=local("2026-01-01 00:00")))
    told = [
        message("m1", "2026-01-20 10:00", "2026-01-20 10:50"),
        message("m2", "2026-02-20 10:00", "2026-02-20 10:50"),
    ]
    steps = [promised("1", "2026-01-31 10:00", 10), promised("2", "2026-02-01 10:00", 10)]
    steps += [step("m1", COUNTY_A1, "a", "2026-01-20 10:00"), step("m2", COUNTY_A1, "a", "2026-02-20 10:00")]
    write(world, steps, promises=told)

    found = computed(world, builder, request(world, JAN, FEB))

    assert totals(found, "promises_kept_last") == {(COUNTY_A1, "2026-01"): 2}
    assert totals(found, "promises_due") == {(COUNTY_A1, "2026-01"): 2, (COUNTY_A1, "2026-02"): 2}
