"""Customers' equipment: when a test is due, overdue or soon, what became of advice, and faults passed."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import customer_equipment as equipment
from domain.errors import InvalidInput
from domain.risk_condition import check_ages
from domain.risk_customers import equipment as rl9
from domain.rule_sets import first_version

RULES = first_version("risk").body
DAY = date(2026, 10, 31)


def with_test_rule(operator: str, years: int) -> dict:
    return {**RULES, "RL9": {**RULES["RL9"], "last_test": {"operator": operator, "years": years, "level": 2}}}


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (date(2023, 10, 30), "overdue"),
        (date(2023, 10, 31), "soon"),  # three years to the day are not more than three
        (date(2024, 1, 29), "soon"),  # due on 2027-01-29, 90 days from now
        (date(2024, 1, 30), "fine"),
        (None, "unknown"),
    ],
)
def test_a_test_is_overdue_after_three_years_and_soon_within_90_days(last, state):
    assert equipment.test_state(last, DAY, RULES) == state


def test_what_is_due_is_the_last_day_that_is_not_too_late():
    assert equipment.test_due_on(date(2023, 10, 31), RULES) == date(2026, 10, 31)
    assert equipment.test_due_on(date(2024, 2, 29), RULES) == date(2027, 2, 28)
    assert equipment.test_due_on(date(2023, 10, 31), with_test_rule(">=", 3)) == date(2026, 10, 30)
    assert equipment.test_due_on(None, RULES) is None


@pytest.mark.parametrize("operator", ["<", "<="])
def test_a_rule_by_which_what_is_old_is_not_overdue_is_refused(operator):
    """No day would be the last one in time; a version that was published so makes no test due."""
    rules = with_test_rule(operator, 3)
    with pytest.raises(InvalidInput, match="rule_field") as caught:
        check_ages(rules)

    assert caught.value.values == {"field": "RL9.last_test.operator", "expected": "> >="}
    assert equipment.test_due_on(date(2023, 10, 31), rules) is None
    check_ages(with_test_rule(">=", 3))


days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(days, st.integers(-3, 3), st.sampled_from([">", ">="]), st.integers(1, 6))
def test_overdue_is_what_the_risk_rule_finds_and_begins_the_day_after_the_due_day(last, off, operator, years):
    rules = with_test_rule(operator, years)
    due = equipment.test_due_on(last, rules)
    day = due + timedelta(days=off)
    facts = pd.DataFrame(
        {
            "object": [0],
            "key": ["E"],
            "last_test_on": pd.to_datetime([last]).astype("datetime64[s]"),
            "transformer_in_service_on": pd.to_datetime([pd.NaT]).astype("datetime64[s]"),
            "arrester_type": [None],
        }
    )
    (found, *_rest) = rl9({"equipment": facts}, day, rules["RL9"])

    assert (equipment.test_state(last, day, rules) == "overdue") == (off > 0) == (len(found.objects) == 1)


@pytest.mark.parametrize(
    ("given_", "state"),
    [
        ((None, None, None, None), "none"),
        (("", None, None, None), "none"),
        (("x", None, None, None), "open"),
        ((None, DAY, None, None), "open"),
        (("x", DAY, DAY, None), "accepted"),
        (("x", DAY, DAY, DAY), "done"),
        (("x", DAY, None, DAY), "done"),
    ],
)
def test_what_became_of_advice(given_, state):
    assert equipment.advice_state(*given_) == state


def test_what_is_wrong_with_a_piece_and_what_is_only_unknown():
    wrong = equipment.weaknesses(False, "valve", date(2006, 10, 30), DAY, RULES)
    unknown = equipment.weaknesses(None, None, None, DAY, RULES)
    right = equipment.weaknesses(True, "metal_oxide", date(2006, 10, 31), DAY, RULES)

    assert (wrong, unknown, right) == (("switch", "arrester", "transformer"), (), ())


@pytest.mark.parametrize(
    ("outage", "outcome"),
    [
        (("fault", "customer", False, 5), "passed"),
        (("fault", "customer", None, None), "passed"),  # what is not known does not excuse
        (("fault", "customer", True, 5), "contained"),
        (("fault", "customer", False, 1), "contained"),  # nobody else was out
        (("fault", "equipment", False, 5), ""),
        (("planned", "customer", False, 5), ""),
    ],
)
def test_a_fault_of_a_customer_passed_to_the_grid_or_was_contained(outage, outcome):
    assert equipment.outcome(*outage) == outcome


@pytest.mark.parametrize(
    ("weak", "test", "expected"),
    [
        ((), "fine", ()),
        ((), "unknown", ()),
        ((), "overdue", ("RL9",)),
        (("arrester",), "soon", ("RL9",)),
        (("switch",), "fine", ("RL8",)),
        (("switch", "transformer"), "overdue", ("RL8", "RL9")),
    ],
)
def test_what_is_wrong_with_a_piece_says_which_rules_it_meets(weak, test, expected):
    assert equipment.rules_met(weak, test) == expected
