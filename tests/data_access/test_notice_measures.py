"""Notices as measures, on both databases."""

from datetime import date

import pytest

from data_access import records
from data_access.measures import notices as builder
from domain.periods import Period
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.announced import notice, planned
from tests.data_access.company import COUNTY_A1, PROVINCE
from tests.data_access.steps import computed, local, request, step, totals, write

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
HERE = (COUNTY_A1, "2026-01")


@pytest.fixture
def world(engine):
    company.build(engine)
    return engine


def counts(found, *measures):
    return tuple(totals(found, measure).get(HERE, 0) for measure in measures)


def test_a_planned_outage_without_any_notice_is_not_in_time(world):
    steps = [planned("in time"), planned("late"), planned("none"), planned("cancelled")]
    notices = [
        notice("1", "in time", "2026-01-13 10:00", "2026-01-20 10:00"),
        notice("2", "late", "2026-01-13 10:00:01", "2026-01-20 10:00"),
        notice("3", "cancelled", "2026-01-01 10:00", "2026-01-20 10:00", cancelled_at="2026-01-19 10:00"),
    ]
    write(world, steps, notices=notices)

    found = computed(world, builder, request(world, JAN, JAN))

    assert counts(found, "planned_started", "planned_notified") == (4, 1)


def test_a_temporary_outage_is_announced_a_day_before(world):
    steps = [step(key, COUNTY_A1, "a", "2026-01-20 10:00", kind="temporary") for key in ("t1", "t2")]
    notices = [
        notice("1", "t1", "2026-01-19 10:00", "2026-01-20 10:00", kind="temporary"),
        notice("2", "t2", "2026-01-19 11:00", "2026-01-20 10:00", kind="temporary"),
    ]
    write(world, steps, notices=notices)

    found = computed(world, builder, request(world, JAN, JAN))

    assert counts(found, "temporary_started", "temporary_notified") == (2, 1)


def fault(key, customers=50, detected="2026-01-20 10:05", minutes=60, **more):
    seen = local(detected) if detected else None
    start = "2026-01-20 10:00"
    return step(key, COUNTY_A1, "a", start, minutes, customers=customers, detected_at=seen, **more)


def test_faults_of_50_customers_are_told_within_30_minutes(world):
    """Of their detection at 10:05, five minutes after the start."""
    steps = [fault("big"), fault("late"), fault("silent"), fault("small", customers=49)]
    notices = [
        notice("1", "big", "2026-01-20 10:35", kind="fault"),
        notice("2", "late", "2026-01-20 10:36", kind="fault"),
        notice("3", "silent", "2026-01-20 10:15", kind="restored"),
    ]
    write(world, steps, notices=notices)

    found = computed(world, builder, request(world, JAN, JAN))

    assert counts(found, "faults_to_notify", "faults_notified") == (3, 1)


def test_faults_that_are_not_to_be_announced_or_not_to_be_judged_say_why(world):
    """Three minutes are momentary, whatever else holds; a fault of which a step lasts is not."""
    steps = [
        fault("short", minutes=3, customers=None),
        fault("unknown", customers=None, detected=None),
        fault("small", customers=49, detected=None),
        fault("unseen", detected=None),
        fault("lasts", minutes=None),
        planned("plan", minutes=3, customers=None),
    ]
    write(
        world,
        steps,
        notices=[
            notice(one["outage_key"], one["outage_key"], "2026-01-20 10:10", kind="fault") for one in steps
        ],
    )

    found = computed(world, builder, request(world, JAN, JAN))

    assert totals(found, "faults_to_notify_excluded", "reason") == {
        (*HERE, "momentary"): 1,
        (*HERE, "no_customers"): 1,
        (*HERE, "few_customers"): 1,
        (*HERE, "not_detected"): 1,
    }
    assert counts(found, "faults_to_notify_excluded", "faults_to_notify", "faults_notified") == (4, 1, 1)


def test_restorations_are_told_within_30_minutes_and_open_ones_wait(world):
    """Back at 11:00; in time is until 11:30. Of a momentary outage nobody needs to be told.

    An outage of which a step lasts is not restored.
    """
    steps = [step(key, COUNTY_A1, "a", "2026-01-20 10:00") for key in ("told", "late", "silent", "open")]
    steps += [step("open", COUNTY_A1, "b", "2026-01-20 10:00", None)]
    steps += [step("short", COUNTY_A1, "a", "2026-01-20 10:00", 3)]
    notices = [
        notice("1", "told", "2026-01-20 11:30", kind="restored"),
        notice("2", "late", "2026-01-20 11:31", kind="restored"),
        notice("3", "open", "2026-01-20 11:10", kind="restored"),
        notice("4", "short", "2026-01-20 10:04", kind="restored"),
    ]
    write(world, steps, notices=notices)

    found = computed(world, builder, request(world, JAN, JAN))

    assert counts(found, "restorations", "restorations_notified", "restorations_open") == (3, 1, 1)
    assert totals(found, "restorations_excluded", "reason") == {(*HERE, "momentary"): 1}


def test_announced_times(world):
    """10:00 to 11:00 announced. Longer than announced is late from the first minute, wrong after 30."""
    steps = [planned("as told"), planned("20 min longer", minutes=80), planned("31 min longer", minutes=91)]
    steps += [planned("early", "2026-01-20 09:29"), planned("open", minutes=None), planned("unknown")]
    announced = [one["outage_key"] for one in steps if one["outage_key"] != "unknown"]
    notices = [
        notice(key, key, "2026-01-01 10:00", "2026-01-20 10:00", "2026-01-20 11:00") for key in announced
    ]
    write(world, steps, notices=notices)

    found = computed(world, builder, request(world, JAN, JAN))

    measures = ("announced_completed", "announced_time_accurate", "announced_open")
    assert counts(found, *measures) == (4, 2, 1)
    assert counts(found, "planned_completed", "planned_late") == (4, 2)


def test_announced_areas(world):
    """One exactly, one with an area too many; without areas, and with unknown areas, nothing is judged."""
    steps = [
        step(key, COUNTY_A1, area, "2026-01-20 10:00", kind="planned")
        for key in ("same", "more")
        for area in "ab"
    ]
    steps += [planned("no list"), step("no areas", COUNTY_A1, None, "2026-01-20 10:00", kind="planned")]
    keys = ("same", "more", "no list", "no areas")
    listed = {"same": "ab", "more": "abc", "no areas": "a"}
    write(
        world,
        steps,
        notices=[notice(key, key, "2026-01-01 10:00", "2026-01-20 10:00") for key in keys],
        notice_areas=[
            {"bureau_id": "A", "notice_key": key, "area_code": code}
            for key, codes in listed.items()
            for code in codes
        ],
    )

    found = computed(world, builder, request(world, JAN, JAN))

    assert counts(found, "announced_with_areas", "announced_areas_accurate") == (2, 1)


def test_records_show_a_message_that_was_entered_afterwards(world):
    """Published, so it says, a week before; entered the day after: 8 days late. The reminder is a decoy."""
    write(
        world,
        [planned("o1"), step("o2", COUNTY_A1, "a", "2026-01-25 10:00", customers=500)],
        notices=[
            notice("1", "o1", "2026-01-13 10:00", "2026-01-20 10:00", recorded_at="2026-01-21 10:00"),
            notice("2", "o1", "2026-01-19 10:00", "2026-01-20 10:00", recorded_at="2026-01-19 10:00"),
            notice("3", "o2", "2026-01-25 10:05", kind="fault", recorded_at="2026-01-25 10:35"),
            notice("4", "o2", "2026-01-25 12:00", kind="restored"),
        ],
    )
    month = Period("month", JAN, JAN)

    def late(kpi: str) -> list:
        found, _count = records.page(world, Scope((PROVINCE,)), kpi, COUNTY_A1, month)
        return found[["recorded_at", "recorded_late_s"]].astype(object).to_numpy().tolist()

    assert late("planned_notice_timely") == [[local("2026-01-21 10:00"), 8 * 86_400]]
    assert late("fault_notice_timely") == [[local("2026-01-25 10:35"), 1_800]]
    assert [one[1] for one in late("plans_executed")] == [8 * 86_400, 0]
