"""Expected customer-minutes of the next 12 months, term by term, with numbers for the head."""

import numpy as np
import pytest

from domain.risk_score import TERMS, Peers, peers, scores

WEIGHTS = {"prior_months": 12, "prior_faults": 5}
CITY = Peers(faults_month=0.125, minutes_per_fault=1_000)


def scored(faults, months, timed, customer_min, of_peers=CITY):
    """The terms of one object; customer_min of its timed faults together."""
    columns = (np.array([one]) for one in (faults, months, timed, customer_min * 60))
    found = scores(*columns, of_peers, WEIGHTS)
    assert tuple(found) == TERMS
    return {name: float(values[0]) for name, values in found.items()}


def test_every_term_by_hand():
    """a = 12 x 0.125 = 1.5; lambda = 12 x (1.5 + 6) / (12 + 24) = 2.5; m = (5,000 + 5 x 1,000) / 10."""
    assert scored(faults=6, months=24, timed=5, customer_min=5_000) == pytest.approx(
        {
            "faults_expected": 2.5,
            "own_minutes_per_fault": 1_000,
            "minutes_per_fault": 1_000,
            "expected_min": 2_500,
        }
    )


def test_without_a_fault_the_peers_speak():
    """lambda = 12 x 1.5 / 36 = 0.5 faults of the peers' 1,000 min; its own mean is missing, not 0."""
    found = scored(faults=0, months=24, timed=0, customer_min=0)

    assert np.isnan(found["own_minutes_per_fault"])
    assert found["expected_min"] == 500


def test_a_new_object_has_the_rate_of_the_peers():
    assert scored(faults=0, months=0, timed=0, customer_min=0)["faults_expected"] == pytest.approx(12 * 0.125)


def test_the_size_of_few_faults_is_drawn_to_the_peers():
    """One fault of 7,000 min where peers have 1,000: (7,000 + 5 x 1,000) / 6 = 2,000."""
    found = scored(faults=1, months=24, timed=1, customer_min=7_000)

    assert (found["own_minutes_per_fault"], found["minutes_per_fault"]) == (7_000, 2_000)


def test_a_major_event_day_counts_for_how_often_and_not_for_how_bad():
    """Of two faults one was on such a day: the frequency has both, the size is the other's alone."""
    found = scored(faults=2, months=12, timed=1, customer_min=600)

    assert found["faults_expected"] == pytest.approx(12 * (1.5 + 2) / 24)
    assert found["own_minutes_per_fault"] == 600


def test_who_was_worst_is_expected_to_fall_towards_the_peers():
    """12 faults in 12 months where peers have 1.5 a year: 6.75, not 12 again."""
    assert scored(faults=12, months=12, timed=0, customer_min=0)["faults_expected"] == pytest.approx(6.75)


def test_rates_of_the_peers_are_sums_over_sums():
    """A young line with a fault in its only month is one month among 49; a mean of rates would be 0.375."""
    faults, months = np.array([6, 0, 1]), np.array([24, 24, 1])
    found = peers(faults, months, timed=np.array([3, 0, 1]), customer_s=np.array([3_000, 0, 9_000]) * 60)

    assert found == Peers(pytest.approx(7 / 49), pytest.approx(12_000 / 4))


def test_where_no_fault_says_how_bad_one_is_nothing_is_said():
    """Missing, not 0: unless no fault is to be expected either."""
    unknown = peers(*(np.array([one]) for one in (1, 12, 0, 0)))
    none = peers(*(np.array([one]) for one in (0, 12, 0, 0)))

    assert np.isnan(scored(1, 12, 0, 0, unknown)["expected_min"])
    assert scored(0, 12, 0, 0, none)["expected_min"] == 0
