"""Major event days by hand: IEEE 1366 Annex B.2."""

import math
from datetime import date, timedelta

import pytest

from domain import major_events

FIRST = date(2025, 1, 1)


def days(*values: float) -> dict[date, float]:
    return {FIRST + timedelta(days=number): value for number, value in enumerate(values)}


def test_threshold_is_exp_of_mean_plus_two_and_a_half_sample_deviations() -> None:
    """Logarithms 0, 2, 4: mean 2, sample deviation 2 (the population's would be 1.63)."""
    found = major_events.threshold(days(1, math.exp(2), math.exp(4)))

    assert found is not None
    assert (found.alpha, found.beta, found.days) == (pytest.approx(2), pytest.approx(2), 3)
    assert found.t_med == pytest.approx(math.exp(2 + 2.5 * 2))


def test_days_at_zero_are_dropped_not_replaced() -> None:
    """A small number in their place would pull the mean down and the deviation up."""
    assert major_events.threshold(days(0, 1, 0, math.exp(2), math.exp(4), 0)) == major_events.threshold(
        days(1, math.exp(2), math.exp(4))
    )


def test_one_day_has_no_deviation_and_so_no_threshold() -> None:
    assert major_events.threshold(days(5, 0, 0)) is None


def test_a_day_must_lie_strictly_above_the_threshold() -> None:
    found = major_events.days_above(days(3.0, 3.0000001, 2.9), 3.0)

    assert found == [date(2025, 1, 2)]


def test_history_ends_with_the_year_before_and_reaches_back_without_a_gap() -> None:
    full = frozenset({2018, 2020, 2021, 2022, 2023, 2024, 2025})

    assert major_events.history_years(2026, full, 5) == [2021, 2022, 2023, 2024, 2025]
    assert major_events.history_years(2022, full, 5) == [2020, 2021]
    assert major_events.history_years(2020, full, 5) == []
