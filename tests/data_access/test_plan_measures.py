"""What became of plans, as measures, on both databases."""

from datetime import date

import pytest

from data_access.measures import notices as builder
from tests.data_access import company
from tests.data_access.announced import notice, planned
from tests.data_access.company import COUNTY_A1, COUNTY_A2
from tests.data_access.steps import computed, request, totals, write

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
HERE = (COUNTY_A1, "2026-01")


@pytest.fixture
def world(engine):
    company.build(engine)
    return engine


def test_plans_count_in_the_local_month_of_their_start(world):
    """00:30 on 1 February is January in UTC. Data end on 10 February: the plan of the 20th is not yet due."""
    notices = [
        notice("done", "o", "2026-01-01 10:00", "2026-01-20 10:00"),
        notice("never", None, "2026-01-01 10:00", "2026-01-21 10:00"),
        notice("off", None, "2026-01-01 10:00", "2026-01-22 10:00", cancelled_at="2026-01-20 10:00"),
        notice("moved", None, "2026-01-01 10:00", "2026-01-23 10:00", rescheduled_to="2026-01-29 10:00"),
        notice("feb", None, "2026-01-01 10:00", "2026-02-01 00:30"),
        notice("coming", None, "2026-01-01 10:00", "2026-02-20 10:00"),
        notice("elsewhere", None, "2026-01-01 10:00", "2026-01-20 10:00", unit=COUNTY_A2),
        notice("fault", None, "2026-01-20 10:00", "2026-01-20 10:00", kind="fault"),
    ]
    write(world, [planned("o")], notices=notices)

    found = computed(world, builder, request(world, JAN, FEB, as_of_day=date(2026, 2, 10)))

    assert totals(found, "plans_published") == {HERE: 4, (COUNTY_A1, "2026-02"): 1, (COUNTY_A2, "2026-01"): 1}
    assert totals(found, "plans_executed") == {HERE: 1}
    assert totals(found, "plans_changed", "reason") == {
        (*HERE, "cancelled"): 1,
        (*HERE, "rescheduled"): 1,
    }
    assert totals(found, "plans_changed") == {HERE: 2}
    assert totals(found, "plans_open") == {(COUNTY_A1, "2026-02"): 1}


def test_several_messages_of_one_plan_are_one(world):
    """By SMS, web and app: one plan, of the unit that published first; cancelled since one message says so.

    Another start for the same outage is another plan, here one that later messages moved; so is each notice
    that names no outage.
    """
    start, published = "2026-01-20 10:00", "2026-01-01 10:00"
    notices = [
        notice("sms", "o", "2026-01-01 11:00", start, unit=COUNTY_A2),
        notice("web", "o", published, start),
        notice("app", "o", published, start, unit=COUNTY_A2),
        notice("moved", "o", published, "2026-01-27 10:00"),
        notice("off 1", "p", published, start),
        notice("off 2", "p", published, start, cancelled_at="2026-01-19 10:00"),
        notice("alone 1", None, published, start),
        notice("alone 2", None, published, start),
        notice("fault", "o", "2025-12-01 10:00", start, kind="temporary"),
    ]
    notices[1]["notice_key"] = "a web"
    write(world, [planned("o")], notices=notices)

    found = computed(world, builder, request(world, JAN, JAN))

    assert totals(found, "plans_published") == {HERE: 5}
    assert totals(found, "plans_executed") == {HERE: 1}
    assert totals(found, "plans_changed", "reason") == {(*HERE, "cancelled"): 1, (*HERE, "rescheduled"): 1}


def test_a_plan_is_carried_out_where_its_outage_begins_within_twelve_hours(world):
    """Exactly twelve hours still count, a minute more does not; nobody said that the third was moved."""
    notices = [
        notice("1", "early", "2026-01-01 10:00", "2026-01-20 10:00"),
        notice("2", "late", "2026-01-01 10:00", "2026-01-19 22:00"),
        notice("3", "other day", "2026-01-01 10:00", "2026-01-19 21:59"),
    ]
    write(world, [planned("early"), planned("late"), planned("other day")], notices=notices)

    found = computed(world, builder, request(world, JAN, JAN))

    assert totals(found, "plans_published") == {HERE: 3}
    assert totals(found, "plans_executed") == {HERE: 2}
    assert totals(found, "plans_changed") == {}


def test_a_later_message_with_another_start_moves_the_plan(world):
    """Announced for the 13th, then for the 20th, when it took place: one moved, one carried out."""
    notices = [
        notice("1", "o", "2026-01-01 10:00", "2026-01-13 10:00"),
        notice("2", "o", "2026-01-02 10:00", "2026-01-20 10:00"),
    ]
    write(world, [planned("o")], notices=notices)

    found = computed(world, builder, request(world, JAN, JAN))

    assert totals(found, "plans_published") == {HERE: 2}
    assert totals(found, "plans_executed") == {HERE: 1}
    assert totals(found, "plans_changed", "reason") == {(*HERE, "rescheduled"): 1}
