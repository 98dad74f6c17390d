"""Damage sites: when the next patrol is due, with the source's word before the rule's."""

from datetime import date

import pytest

from domain import damage_sites
from domain.rule_sets import first_version

RULES = first_version("risk").body
OPENED, LAST = date(2026, 10, 1), date(2026, 10, 20)


@pytest.mark.parametrize(
    ("last", "set_due", "due"),
    [
        (LAST, date(2026, 10, 22), date(2026, 10, 22)),  # somebody wanted it sooner
        (LAST, None, date(2026, 10, 27)),
        (None, None, date(2026, 10, 8)),
    ],
)
def test_the_next_patrol_is_due_as_set_or_so_long_after_the_last_one_or_the_opening(last, set_due, due):
    assert damage_sites.due_on(OPENED, last, set_due, 7) == due


def test_days_between_patrols_are_the_site_s_own_else_those_of_its_kind():
    assert damage_sites.every_days("construction", 5, RULES) == 5
    assert damage_sites.every_days("construction", None, RULES) == 7
    assert damage_sites.every_days("crossing", None, RULES) == 30
    assert set(RULES["patrol_every_days"]) == set(damage_sites.KINDS)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 10, 23), "fine"),
        (date(2026, 10, 24), "soon"),
        (date(2026, 10, 27), "soon"),
        (date(2026, 10, 28), "late"),
    ],
)
def test_a_patrol_is_late_after_its_day_and_soon_three_days_before(day, state):
    assert damage_sites.patrol_state(date(2026, 10, 27), day, RULES) == state
