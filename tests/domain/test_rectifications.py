"""What a rectification item may become, and what a board counts of it; by hand-made items."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain import rectification_counts as counts
from domain import rectifications as rules
from domain.errors import Coded, StepNotAllowed
from domain.rectification_counts import Group, Share, Watched
from domain.rectification_extensions import Extension, check_ask, check_decide
from domain.rectifications import Rectification
from domain.rule_sets import first_version

RULE = first_version("rectification").body
DAY = date(2026, 6, 11)
ITEM = Rectification(
    "A", "R2026-0001", 1, "line", "L1", "x", measure="m", funding="f", contingency="c", responsible_id=7,
    original_due=DAY + timedelta(days=50), current_due=DAY + timedelta(days=50), status="working",
    found_on=date(2026, 5, 1),
)  # fmt: skip


def days(count):
    return timedelta(days=count)


def watched(assigned=50, log=1, opened=60, **values):
    """An item assigned and last logged so many days before DAY."""
    of = None if assigned is None else DAY - days(assigned)
    return Watched(replace(ITEM, **values), DAY - days(opened), of, None if log is None else DAY - days(log))


def test_the_steps_lead_from_state_to_state():
    leads = {
        state: set(rules.allowed_steps(replace(ITEM, status=state))) & {"assign", "start", "done", "verify"}
        for state in rules.STATES
    }

    assert leads == {
        "draft": {"assign"}, "assigned": {"start"}, "working": {"done"}, "done": {"verify"},
        "closed": set(), "cancelled": set(),
    }  # fmt: skip
    assert rules.allowed_steps(replace(ITEM, status="closed")) == ()
    assert rules.check_step(replace(ITEM, status="done"), "return") == "working"


@pytest.mark.parametrize(
    ("point", "empty"),
    [
        ("responsible", {"responsible_id": None}),
        ("measure", {"measure": " "}),
        ("funding", {"funding": ""}),
        ("due", {"current_due": None}),
        ("contingency", {"contingency": "\n"}),
    ],
)
def test_each_of_the_five_points_is_asked_for(point, empty):
    assert rules.missing_points(ITEM) == ()
    assert rules.missing_points(replace(ITEM, **empty)) == (point,)
    with pytest.raises(StepNotAllowed):
        rules.check_points(replace(ITEM, **empty))


@pytest.mark.parametrize("person", [7, 8, 9, None])
def test_whoever_had_a_hand_in_it_is_not_independent(person):
    """Also the local administrator, who has no number; and nobody is not somebody."""
    item = replace(ITEM, co_responsible_id=8, worked_by_ids=(9, None))
    with pytest.raises(StepNotAllowed, match="own"):
        rules.check_independent(item, person, "own")
    rules.check_independent(item, 10, "own")
    rules.check_independent(replace(ITEM, co_responsible_id=None), None, "own")


@pytest.mark.parametrize(
    ("one", "light"),
    [
        (watched(), "yellow"),  # half of the time, nothing done
        (watched(progress_pct=29), "yellow"),
        (watched(progress_pct=30), "none"),  # 50 - 20 points
        (watched(progress_pct=99, log=6), "none"),
        (watched(progress_pct=99, log=7), "yellow"),  # a week without a word
        (watched(progress_pct=99, assigned=8, log=None), "yellow"),
        (watched(progress_pct=99, current_due=DAY + days(7)), "blue"),
        (watched(progress_pct=99, current_due=DAY + days(8)), "none"),
        (watched(progress_pct=99, current_due=DAY), "blue"),
        (watched(progress_pct=99, current_due=DAY - days(1)), "red"),
        (watched(status="done", log=40), "none"),
        (watched(status="done", current_due=DAY - days(1)), "red"),  # until closed
        (watched(status="closed", current_due=DAY - days(1)), "none"),
        (watched(status="cancelled", current_due=DAY - days(1)), "none"),
        (watched(status="draft", assigned=None, current_due=DAY + days(1)), "blue"),
        (watched(status="draft", assigned=None, current_due=None), "none"),
        (watched(assigned=0, log=0, current_due=DAY), "blue"),  # given today, due today
    ],
)
def test_the_worst_light_that_holds(one, light):
    assert counts.light(one, DAY, RULE) == light


def test_counts_of_a_board():
    some = [
        watched(opened=0), watched(opened=30), watched(opened=31), watched(opened=400, log=14),
        watched(opened=500, status="closed", closed_at=DAY),
        watched(current_due=DAY - days(1)), watched(current_due=DAY - days(8)),
    ]  # fmt: skip

    assert counts.open_by_age(some, DAY, RULE) == [
        Group(0, 30, 2), Group(31, 90, 3), Group(91, 180, 0), Group(181, None, 1),
    ]  # fmt: skip
    assert [one.n for one in counts.overdue_by_days(some, DAY, RULE)] == [1, 1, 0, 0]
    assert counts.stuck(some, DAY, RULE) == [some[3]]
    (load,) = counts.load(some, DAY, RULE)
    assert (load.person_id, load.open, load.overdue, load.near_due) == (7, 6, 2, 0)


def test_what_is_near_due_and_behind_is_near_due():
    """Nobody has logged anything for a week, so its light is yellow; it is due in three days all the same."""
    near = RULE["near_due"]["days"]
    behind = watched(log=30, current_due=DAY + days(3))
    some = [behind, *(watched(current_due=DAY + days(left)) for left in (-1, 0, near, near + 1))]

    assert counts.light(behind, DAY, RULE) == "yellow"
    (load,) = counts.load(some, DAY, RULE)
    assert (load.open, load.overdue, load.near_due) == (5, 1, 3)


def test_in_time_is_told_by_the_original_date_and_beside_it_by_the_present_one():
    """An extension moves neither the denominator nor the day that counts."""
    june = (date(2026, 6, 1), date(2026, 6, 30))
    some = [
        replace(ITEM, status="closed", done_at=done, closed_at=closed, original_due=due, current_due=later)
        for done, closed, due, later in (
            (date(2026, 6, 10), date(2026, 6, 12), date(2026, 6, 10), date(2026, 6, 10)),
            (date(2026, 6, 20), date(2026, 6, 20), date(2026, 6, 10), date(2026, 6, 25)),
            (date(2026, 7, 9), date(2026, 7, 9), date(2026, 6, 30), date(2026, 7, 15)),
        )
    ]
    some += [
        replace(ITEM, original_due=date(2026, 6, 2), current_due=date(2026, 6, 2)),
        replace(ITEM, status="cancelled", original_due=date(2026, 6, 2), current_due=date(2026, 6, 2)),
        replace(ITEM, original_due=None, current_due=None),
        replace(ITEM, status="done", done_at=date(2026, 6, 5), original_due=date(2026, 6, 9)),
    ]

    assert counts.on_time(some, *june) == Share(1, 4), "done in time and not verified yet: undecided"
    assert counts.on_time(some, *june, day=date(2026, 6, 1)) == Share(1, 3), "the open one is not due yet"
    assert counts.on_time(some, *june, "current_due") == Share(2, 3)
    assert counts.closed_rate(some) == Share(3, 6)
    assert counts.closed_rate([]).value is None


ASKED = Extension(1, datetime(2026, 6, 1), 7, "x", DAY, DAY + days(9), "why")


@pytest.mark.parametrize(
    ("item", "earlier", "to", "reason", "code"),
    [
        ({"current_due": DAY - days(1)}, (), 9, "why", "extension_too_late"),
        ({}, (ASKED,), 9, "why", "extension_waits"),
        ({}, (), 0, "why", "extension_not_later"),
        ({}, (), 9, " ", "reason_missing"),
        ({"status": "draft"}, (), 9, "why", "rectification_extension_ask"),
        ({"status": "done"}, (), 9, "why", "rectification_extension_ask"),
    ],
)
def test_an_extension_that_cannot_be_asked_for(item, earlier, to, reason, code):
    held = replace(ITEM, current_due=DAY)
    check_ask(held, [replace(ASKED, state="refused")], DAY + days(1), "why", DAY)
    with pytest.raises(Coded, match=code):
        check_ask(replace(held, **item), earlier, DAY + days(to), reason, DAY)


@pytest.mark.parametrize(
    ("person", "is_approved", "reason", "values", "code"),
    [
        (7, True, "", {}, "extension_own"),
        (5, True, "", {"worked_by_ids": (5,)}, "extension_own"),
        (5, False, "", {}, "reason_missing"),
        (5, True, "", {"status": "closed"}, "rectification_extension_decide"),
    ],
)
def test_an_extension_that_this_person_cannot_decide_on(person, is_approved, reason, values, code):
    check_decide(ITEM, replace(ASKED, asked_by_id=1), 5, True, "")
    with pytest.raises(Coded, match=code):
        check_decide(replace(ITEM, **values), ASKED, person, is_approved, reason)
    with pytest.raises(StepNotAllowed, match="extension_decided"):
        check_decide(ITEM, replace(ASKED, state="refused"), 5, True, "")
