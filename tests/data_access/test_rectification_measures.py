"""X01 to X04 against a count by hand of the same items, and against what the page of items says."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from data_access import records, rectification_proof
from data_access.kpi_refresh import refresh
from data_access.measures import rectifications as builder
from domain import rectification_counts, rectification_months
from domain.kpis import catalogue
from domain.periods import Period, add_months, last_day, month_of, months_between
from domain.viewer import Scope
from tests.data_access.booked import cover, facts, measured
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, COUNTY_B1, HOME, PROVINCE, build
from tests.data_access.proving import ITEM, add, item, world

FIRST, LAST = date(2025, 6, 1), date(2026, 5, 20)  # the last month is open
MONTHS = months_between(FIRST, month_of(LAST))
UNITS = {PROVINCE: {COUNTY_A1, COUNTY_A2, COUNTY_B1}, CITY_A: {COUNTY_A1, COUNTY_A2}, COUNTY_A1: {COUNTY_A1}}
DAY, JUNE = timedelta(days=1), date(2026, 6, 1)


def drawn(seed, count=60):
    """Items in every state, with days around month-ends and around each other."""
    draw, made = random.Random(seed), []
    for number in range(1, count + 1):
        unit = draw.choice((COUNTY_A1, COUNTY_A2, COUNTY_B1))
        found = draw.choice(MONTHS) - timedelta(days=draw.choice((-3, 0, 1, 40)))
        due = draw.choice((None, last_day(draw.choice(MONTHS)) + draw.choice((-1, 0, 1)) * DAY))
        status = draw.choice(("draft", "assigned", "working", "done", "closed", "closed", "cancelled"))
        done = closed = None
        if status in ("done", "closed"):
            done = (due or found) + timedelta(days=draw.choice((-20, -1, 0, 1, 45)))
        if status == "closed":
            closed = done + timedelta(days=draw.choice((0, 1, 30, 200)))
        if status == "cancelled":
            closed = found + timedelta(days=draw.choice((5, 90)))
        relapsed = done and status == "closed" and draw.random() < 0.3 and done + 9 * DAY
        made.append(
            item(
                number, bureau_id=HOME[unit], org_unit_id=unit, object_kind="equipment", found_on=found,
                original_due=due, current_due=due and due + 30 * DAY, status=status, done_at=done,
                closed_at=closed, relapsed_on=relapsed or None, started_at=None, assigned_at=None,
            )
        )  # fmt: skip
    return made


def by_hand(items, units):
    """Measure and month -> count, told day by day from what the words of the definitions say."""
    found = Counter()
    for one in items:
        if one.org_unit_id not in units:
            continue
        due, month = one.original_due, one.original_due and one.original_due.replace(day=1)
        if due and one.status == "cancelled":
            found["rectifications_due_excluded", month] += 1
        elif due:
            is_early = one.done_at is not None and one.done_at <= due
            if one.status == "closed":
                name = "on_time" if is_early else "late"
            else:
                name = "undecided" if is_early or due > LAST else "late"
            if name == "undecided":
                found["rectifications_undecided", month] += 1
            else:
                found["rectifications_due", month] += 1
                found["rectifications_on_time", month] += name == "on_time"
        was = False
        for step in range((LAST - FIRST).days + 1 + 300):
            day = FIRST - timedelta(days=300) + step * DAY
            is_on_books = one.found_on <= day and not (one.closed_at and one.closed_at <= day)
            now = bool(due and due < day and is_on_books)
            if now and not was:
                found["rectifications_became_overdue", day.replace(day=1)] += 1
            if now and (day == last_day(day.replace(day=1)) or day == LAST):
                found["rectifications_overdue", day.replace(day=1)] += 1
            was = was or now
        if one.status == "closed":
            over = max(one.done_at + timedelta(days=180), one.closed_at)
            name = "relapse_known" if over <= LAST else "relapse_open"
            found[f"rectifications_{name}", over.replace(day=1)] += 1
            if name == "relapse_known" and one.relapsed_on:
                found["rectifications_relapsed", over.replace(day=1)] += 1
        if one.status in ("done", "closed"):
            final = add_months(one.done_at.replace(day=1), 12)
            if last_day(final) <= LAST:
                found["rectifications_not_judged", final] += 1
    return {key: count for key, count in found.items() if count and key[1] in MONTHS}


def stored(engine, unit):
    return {
        (measure, start): value
        for (of, measure, dimension, _, _, start), value in facts(engine).items()
        if of == unit and measure in builder.MEASURES and not dimension
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_measure_is_the_count_by_hand(engine, seed):
    build(engine)
    cover(engine, FIRST, LAST)
    items = drawn(seed)
    add(engine, *items)
    refresh(engine)

    for unit, below in UNITS.items():
        assert stored(engine, unit) == by_hand(items, below), unit


def test_the_page_says_what_the_kpi_says(engine):
    build(engine)
    cover(engine, FIRST, LAST)
    items = drawn(4)
    add(engine, *items)
    refresh(engine)

    found = stored(engine, PROVINCE)
    for month in MONTHS:
        end = min(last_day(month), LAST)
        share = rectification_counts.on_time(items, month, last_day(month), day=end)
        of = [found.get((f"rectifications_{name}", month), 0) for name in ("on_time", "due")]
        assert of == [share.n, share.of]
        overdue = sum(rectification_months.was_overdue(one, end) for one in items)
        assert found.get(("rectifications_overdue", month), 0) == overdue


def test_what_is_overdue_is_told_from_the_days_and_not_from_todays_state(engine):
    """Closed in March, it still was overdue at the end of January and February."""
    build(engine)
    cover(engine, FIRST, LAST)
    late = item(1, original_due=date(2026, 1, 10), done_at=date(2026, 3, 9), closed_at=date(2026, 3, 10))
    add(engine, late)
    refresh(engine)

    months = [
        start for (measure, start), _ in stored(engine, CITY_A).items() if measure.endswith("s_overdue")
    ]
    assert sorted(months) == [date(2026, 1, 1), date(2026, 2, 1)]


def test_the_items_behind_a_number_add_up_to_it(engine):
    """Each month, and the whole time: numerator and denominator of what the rows say is what is stored."""
    build(engine)
    cover(engine, FIRST, LAST)
    add(engine, *drawn(6))
    refresh(engine)

    found, scope, seen = stored(engine, CITY_A), Scope((CITY_A,)), Counter()
    for kpi in (one for one in catalogue().kpis.values() if one.group == "rectification"):
        for month in MONTHS:
            names = [kpi.numerator[0][1], *(name for _, name in kpi.denominator)]
            wanted = tuple(found.get((name, month), 0) for name in names)
            rows = records.sums(engine, scope, kpi.id, CITY_A, Period("month", month, month))
            assert rows[: len(names)] == wanted, (kpi.id, month)
            seen[kpi.id] += wanted[0] + wanted[-1]
            page, total = records.page(engine, scope, kpi.id, CITY_A, Period("month", month, month))
            assert len(page) == total
    assert {name for name, n in seen.items() if n} >= {
        "rectifications_on_time", "rectifications_overdue", "rectifications_relapsed",
    }  # fmt: skip


def test_before_the_first_item_nothing_is_known_and_afterwards_none_is_zero(engine):
    build(engine)
    cover(engine, FIRST, LAST)
    add(engine, item(1, found_on=date(2025, 9, 3), original_due=date(2026, 1, 10), closed_at=None,
                     done_at=None, status="assigned", object_kind="equipment"))  # fmt: skip
    refresh(engine)
    days = {start: value for (unit, name, *_, start), value in facts(engine).items()
            if (unit, name) == (COUNTY_B1, "covered:rectifications")}  # fmt: skip
    assert min(days) == date(2025, 9, 1)
    assert (days[date(2025, 9, 1)], days[date(2026, 5, 1)]) == (30, 20)

    add(engine, item(2, found_on=date(2025, 7, 3), object_kind="equipment"))
    refresh(engine)
    after_parts = facts(engine)
    assert (COUNTY_B1, "covered:rectifications", "", "", "month", date(2025, 7, 1)) in after_parts
    refresh(engine, full=True)
    assert facts(engine) == after_parts


def test_effective_of_those_with_a_verdict_on_full_windows(engine):
    """Line 0 had no fault in the year after, its like 8; line 1 had 8; a customer's equipment has no verdict;
    the last is not full yet. Their windows are full at the end of June 2026."""
    add(
        world(engine, own_after=0),
        ITEM,
        item(2, line=1),
        item(3, object_kind="equipment"),
        item(4, line=2, done_at=date(2025, 7, 1)),
    )
    refresh(engine)

    verdicts = {
        one.item_id: one.proofs["outages"].verdict
        for one in rectification_proof.of_unit(engine, Scope((COUNTY_A1,)), COUNTY_A1)
    }
    assert verdicts["R2025-0001"] == "effective"
    found = measured(engine, builder, CITY_A, date(2026, 6, 1))
    names = ("effective", "judged", "not_judged", "not_judged/equipment")
    assert [found[f"rectifications_{name}"] for name in names] == [1, 2, 1, 1]
    june = (engine, Scope((CITY_A,)), "rectifications_effective", CITY_A, Period("month", JUNE, JUNE))
    assert records.sums(*june) == (1, 2)
    assert sorted(records.page(*june)[0]["reason"]) == ["", "", "equipment"]


def test_small_steps_give_what_a_refresh_from_nothing_gives(engine):
    build(engine)
    cover(engine, FIRST, LAST)
    items = drawn(5, 20)
    for one in items:
        add(engine, one)
        refresh(engine)
    after_parts = facts(engine)

    refresh(engine, full=True)
    assert facts(engine) == after_parts
    assert stored(engine, PROVINCE) == by_hand(items, UNITS[PROVINCE])
