"""When what was put right counts as failed again."""

from datetime import date, timedelta

import pytest

from domain.rectifications import Rectification
from domain.relapse import LaterOutage, Reentry, groups_about, relapsed_on
from domain.rule_sets import first_version

RULE = first_version("rectification").body["relapse"]
GROUPS = {
    "tree": "tree",
    "wind": "weather",
    "lightning": "weather",
    "cable": "equipment",
    "line": "equipment",
}
DONE = date(2026, 3, 10)
ITEM = Rectification(
    "A", "R2026-0001", 1, "line", "L1", "x", rules="RL1;RL6", status="closed", done_at=DONE,
    evidence={"cause_groups": ["equipment", "weather"]},
)  # fmt: skip


def after(days, cause="cable"):
    return LaterOutage(DONE + timedelta(days=days), GROUPS.get(cause, ""))


def judged(outages=(), entries=(), med=(), item=ITEM):
    return relapsed_on(item, outages, entries, set(med), RULE)


@pytest.mark.parametrize(
    ("days", "is_relapse"), [(-1, False), (0, False), (1, True), (180, True), (181, False)]
)
def test_an_outage_of_the_same_cause_within_180_days_of_the_work(days, is_relapse):
    """The day of the work itself is neither before nor after it."""
    assert judged([after(days)]) == (DONE + timedelta(days=days) if is_relapse else None)
    assert judged(entries=[Reentry(DONE + timedelta(days=days), "RL6")]) == (
        DONE + timedelta(days=days) if is_relapse else None
    )


def test_another_cause_of_the_group_counts_and_another_group_does_not():
    assert judged([after(5, "line")]) == DONE + timedelta(days=5)
    assert judged([after(5, "tree"), after(6, "unknown of a later list")]) is None


def test_weather_needs_two_and_the_second_is_the_day():
    assert judged([after(5, "wind")]) is None
    assert judged([after(40, "lightning"), after(5, "wind"), after(90, "wind")]) == DONE + timedelta(days=40)
    assert judged([after(5, "wind"), after(181, "wind")]) is None


def test_a_major_event_day_proves_nothing():
    day = DONE + timedelta(days=5)
    assert judged([after(5)], med=[day]) is None
    assert judged([after(5, "wind"), after(6, "wind")], med=[day]) is None


def test_re_entry_by_another_rule_is_another_problem():
    assert judged(entries=[Reentry(DONE + timedelta(days=20), "RL2")]) is None
    assert judged(entries=[Reentry(DONE + timedelta(days=20), "RL")]) is None


def test_the_first_of_several_is_the_day():
    found = judged([after(50), after(30)], [Reentry(DONE + timedelta(days=21), "RL1")])

    assert found == DONE + timedelta(days=21)


@pytest.mark.parametrize(
    "values", [{"status": "done"}, {"relapsed_on": DONE}, {"status": "cancelled"}, {"done_at": None}]
)
def test_only_a_closed_item_relapses_and_once(values):
    item = Rectification(**{**vars(ITEM), **values})

    assert judged([after(5)], item=item) is None


def test_without_a_named_cause_only_a_rule_tells():
    item = Rectification(**{**vars(ITEM), "evidence": None})

    assert judged([after(5)], item=item) is None
    assert judged([after(5)], [Reentry(DONE + timedelta(days=21), "RL1")], item=item) is not None


CAUSES = first_version("causes").body


@pytest.mark.parametrize(
    ("rules", "faults", "expected"),
    [
        (("RL1",), ["tree", "tree", "cable"], ("tree",)),
        (("RL1",), ["cable", "transformer", "tree"], ("equipment",)),  # two causes of one group
        (("RL1",), ["tree", "wind"], ("weather", "tree")),  # level: both, in the order of the causes
        (("RL1",), ["unknown", "unknown", "tree"], ("tree",)),
        (("RL1",), ["unknown", "no such cause", ""], ()),
        (("RL1",), [], ()),
        (("RL6", "RL8"), ["tree"], ("external", "customer")),
        (("RL2", "RL3", "RL4", "RL10"), ["tree"], ()),
        ((), ["tree"], ()),
    ],
)
def test_what_an_item_is_about_follows_from_its_rules_and_the_faults_of_its_object(rules, faults, expected):
    assert groups_about(rules, faults, CAUSES) == expected
