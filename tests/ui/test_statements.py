"""What is said of a figure and its target: never that two equal numbers differ."""

from datetime import date

import pytest

from domain.kpis import catalogue
from domain.periods import period
from domain.readings import Reading
from domain.signals import Judgement
from domain.target_state import Target, Targets, state
from ui import statements, texts

SAIFI = catalogue().kpis["saifi"]
OCTOBER = period("month", date(2026, 10, 1))


@pytest.fixture(autouse=True)
def _english():
    texts.use("en")
    yield
    texts.use("zh")


def judged(value, **targets):
    held = {kind: Target("saifi", 1, "month", "2026-10", kind, one) for kind, one in targets.items()}
    reading = Reading("saifi", 1, value, None, None)
    return reading, state(SAIFI, reading, Targets(**held), OCTOBER)


def test_figures_that_round_to_the_same_show_one_more_digit():
    reading, found = judged(0.1304, base=0.13)

    assert statements.decimals(SAIFI, reading.value, found) == 4
    assert statements.target(SAIFI, reading.value, found) == "base target 0.1300 · gap 0.0004"


def test_figures_that_differ_keep_their_digits():
    reading, found = judged(0.14, base=0.13, full=0.12)

    assert statements.target(SAIFI, reading.value, found) == "base target 0.130 · gap 0.010"


def test_a_figure_that_is_the_target_keeps_its_digits():
    assert statements.decimals(SAIFI, 0.13, judged(0.13, base=0.13)[1]) == SAIFI.decimals


def test_against_a_target_the_gap_comes_first_on_either_side():
    for value, said in (
        (0.14, "+0.010 against base target 0.130"),
        (0.12, "−0.010 against base target 0.130"),
    ):
        reading, found = judged(value, base=0.13)
        assert statements.against_target(SAIFI, reading.value, found) == said
    assert statements.against_target(SAIFI, 0.14, judged(0.14)[1]) == "no target for this period"


def judgement(message, is_flow=False):
    return Judgement("k", 1, "k", False, is_flow, (), None, too_few=message, message=message or "none")


def test_few_new_ones_a_month_are_not_said_of_the_count_itself():
    """57 areas on the list are not too few events; four new ones a month are."""
    assert statements.signal(judgement("few_events", is_flow=True)) == "too few new ones a month to judge"
    assert statements.signal(judgement("few_events")) == "too few events to judge"


def test_nothing_is_said_of_the_variation_of_a_missing_figure():
    missing = Reading("saifi", 1, None, None, None, "zero_denominator")

    assert statements.variation(missing, judgement("")) == ""
    assert statements.variation(judged(0.1)[0], judgement("")) == "≈ normal variation"


def test_a_period_that_lasts_has_no_distance_from_its_target():
    quarter = period("quarter", date(2026, 10, 1))
    reading = Reading("saifi", 1, 0.1, None, None)
    held = Targets(base=Target("saifi", 1, "quarter", "2026-Q4", "base", 0.4))

    said = statements.against_target(SAIFI, 0.1, state(SAIFI, reading, held, quarter))
    assert said == "base target 0.400 · the period is not over"
