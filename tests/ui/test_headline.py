"""The one sentence of the detail page: nothing in it contradicts the rest."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from domain.kpis import catalogue
from domain.readings import Change, Reading
from domain.signals import Judgement
from domain.target_state import Target, Targets, TargetState
from ui import texts
from ui.detail import headline

SAIDI = catalogue().kpis["saidi"]
UNIT = SimpleNamespace(name="甲", name_en="First")
ABOVE = Judgement("saidi", 1, "saidi", False, False, (), None, icon="worse", message="outside", side="above")


@pytest.fixture(autouse=True)
def _english():
    texts.use("en")
    yield
    texts.use("zh")


def said(judgement: Judgement, direction: str, compare: str = "last_year") -> str:
    reading = Reading("saidi", 1, 40.0, 400, 10)
    change = Change(5.0 if direction == "worse" else -5.0, None, direction)
    state = TargetState("met", "", Targets(base=Target("saidi", 1, "month", "2026-10", "base", 42.0)))
    card = SimpleNamespace(reading=reading, judgement=judgement, change=change, target_state=state)
    return headline.message(card, SAIDI, UNIT, compare, "East +4.0")


def test_who_makes_the_rise_explains_a_signal_of_too_much():
    assert said(ABOVE, "worse").endswith("most from East +4.0")


def test_who_makes_the_fall_explains_no_signal_of_too_much():
    """Above the limit and yet lower than last year: the two are different stories."""
    assert "most from" not in said(ABOVE, "better")


def test_without_a_signal_the_change_is_said_and_explained():
    assert said(replace(ABOVE, icon="none", message="none"), "better").endswith("most from East +4.0")


def test_compared_with_the_target_nothing_is_said_of_last_year():
    text = said(replace(ABOVE, icon="none", message="none"), "better", "target")

    assert text.endswith("−2.0 against base target 42.0")
