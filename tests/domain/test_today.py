"""What is due today: who is told of which item, by which reason, and the worst first."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain import rectification_rights as rights
from domain import today
from domain.rectification_counts import Watched
from domain.rectification_extensions import Extension
from domain.rectifications import Rectification

DAY = date(2026, 11, 20)
RULE = {"near_due": {"days": 7}, "stuck": {"days": 14}, "behind": {"points": 20, "no_log_days": 7}}
ME, OTHER, UNIT, ELSEWHERE = 1, 2, 10, 11
ITEM = Rectification("A", "R2026-0001", UNIT, "line", "L1", "x", responsible_id=ME, status="working")
NO_RIGHTS: dict[str, tuple[int, ...]] = {}


def watched(item=ITEM, due=None, news=DAY - timedelta(days=1), **values):
    """The item with a due date so many days from today, and its last news."""
    current = None if due is None else DAY + timedelta(days=due)
    opened = DAY - timedelta(days=60)
    return Watched(replace(item, current_due=current, original_due=current, **values), opened, opened, news)


def asked(by=OTHER):
    """An extension from the 25th to the 30th that waits."""
    made = datetime(2026, 11, 18)
    return Extension(1, made, by, "x", date(2026, 11, 25), date(2026, 11, 30), "rain")


def reasons(one, person=ME, units=NO_RIGHTS, extensions=None):
    lines = today.due([one], extensions or {}, person, units, DAY, RULE)
    return [(each.code, each.days) for line in lines for each in line.reasons]


@pytest.mark.parametrize(
    ("due", "expected"),
    [(-1, [("overdue", 1)]), (0, [("near_due", 0)]), (7, [("near_due", 7)]), (8, []), (None, [])],
)
def test_the_responsible_person_is_told_of_what_is_over_and_of_what_is_near(due, expected):
    assert reasons(watched(due=due)) == expected


def test_an_item_without_news_for_fourteen_days_is_listed_and_of_thirteen_days_is_not():
    assert reasons(watched(due=30, news=DAY - timedelta(days=14))) == [("no_log", 14)]
    assert reasons(watched(due=30, news=DAY - timedelta(days=13))) == []


def test_an_item_that_nobody_ever_logged_counts_from_its_opening():
    assert reasons(watched(due=30, news=None)) == [("no_log", 60)]


def test_one_item_is_one_line_with_its_worst_reason_first():
    late = watched(due=-3, news=DAY - timedelta(days=20))

    assert reasons(late) == [("overdue", 3), ("no_log", 20)]


def test_somebody_elses_item_is_listed_only_for_who_may_work_on_items_of_its_unit():
    late = watched(due=-3)

    assert reasons(late, OTHER) == []
    assert reasons(late, OTHER, {rights.WORK: (UNIT,)}) == [("overdue", 3)]
    assert reasons(late, OTHER, {rights.WORK: (ELSEWHERE,)}) == []
    assert reasons(late, OTHER, {rights.EDIT: (UNIT,)}) == []


def test_who_is_co_responsible_is_told_too_and_it_is_theirs():
    (line,) = today.due([watched(due=-3, co_responsible_id=OTHER)], {}, OTHER, NO_RIGHTS, DAY, RULE)

    assert line.is_mine


def test_what_was_reported_as_done_is_for_who_may_verify_and_had_no_hand_in_it():
    """The worker's part is over, even where the due date is over too."""
    done = watched(due=-3, status="done", done_at=DAY - timedelta(days=4), worked_by_ids=(ME,))
    may = {rights.VERIFY: (UNIT,)}

    assert reasons(done, OTHER, may) == [("verification_waits", 4)]
    assert reasons(done, ME, may) == []
    assert reasons(done, OTHER, {rights.VERIFY: (ELSEWHERE,)}) == []


def test_an_extension_is_for_who_may_decide_but_not_for_who_asked():
    item, may = watched(due=20), {rights.APPROVE: (UNIT,)}
    waits = {("A", "R2026-0001"): asked(by=3)}

    assert reasons(item, OTHER, may, waits) == [("extension_waits", 5)]
    assert reasons(item, 3, may, waits) == []
    assert reasons(item, ME, may, waits) == []  # the item is mine
    assert reasons(item, OTHER, NO_RIGHTS, waits) == []
    assert reasons(item, OTHER, may, {("B", "R2026-0001"): asked()}) == []  # of another key space


def test_a_draft_is_for_who_may_assign_it():
    draft = watched(status="draft", responsible_id=None)

    assert reasons(draft, OTHER, {rights.EDIT: (UNIT,)}) == [("draft", 60)]
    assert reasons(draft, OTHER, {rights.WORK: (UNIT,)}) == []


def test_a_draft_that_was_handed_over_is_still_to_be_assigned():
    draft = watched(status="draft")

    assert reasons(draft, OTHER, {rights.EDIT: (UNIT,)}) == [("draft", 60)]


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_what_left_the_books_is_due_for_nobody(status):
    everything = dict.fromkeys((rights.EDIT, rights.WORK, rights.VERIFY, rights.APPROVE), (UNIT,))

    assert reasons(watched(due=-3, status=status, done_at=DAY), ME, everything) == []


def test_the_worst_comes_first_and_of_one_reason_the_most_urgent():
    items = {
        "near 5": watched(due=5),
        "late 2": watched(due=-2),
        "stuck": watched(due=40, news=DAY - timedelta(days=30)),
        "near 1": watched(due=1),
        "late 9": watched(due=-9),
    }
    several = [replace(one, item=replace(one.item, item_id=name)) for name, one in items.items()]
    lines = today.due(several, {}, ME, NO_RIGHTS, DAY, RULE)

    assert [line.item.item_id for line in lines] == ["late 9", "late 2", "near 1", "near 5", "stuck"]
