"""Intervals against printed tables, and against the distributions counted out term by term."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.statistics import (
    GammaPrior,
    gamma_prior,
    observed_to_expected,
    poisson_interval,
    prior_influence,
    rate_ratio,
    share_interval,
)

TAIL = 0.025


def poisson(k, mean):
    return math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1))


def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def negative_binomial(k, mean, shape):
    """A Poisson count whose mean is gamma distributed with this mean and shape."""
    log = math.lgamma(k + shape) - math.lgamma(shape) - math.lgamma(k + 1)
    return math.exp(log + shape * math.log(shape / (shape + mean)) + k * math.log(mean / (shape + mean)))


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [
        (0, 0, 3.689),
        (1, 0.0253, 5.572),
        (2, 0.242, 7.225),
        (3, 0.619, 8.767),
        (4, 1.090, 10.242),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (20, 12.217, 30.888),
        (50, 37.111, 65.919),
        (100, 81.364, 121.627),
    ],
)
def test_poisson_limits_are_those_of_the_printed_table(count, lower, upper):
    """Garwood, Biometrika 28 (1936); the table of exact limits in every handbook of epidemiology."""
    found = poisson_interval(count)

    assert (found.lower, found.upper) == (pytest.approx(lower, abs=6e-4), pytest.approx(upper, abs=6e-4))


@pytest.mark.parametrize("count", [1, 2, 7, 30])
def test_at_a_poisson_limit_so_extreme_a_count_has_exactly_the_tail(count):
    found = poisson_interval(count)

    assert sum(poisson(k, found.upper) for k in range(count + 1)) == pytest.approx(TAIL)
    assert 1 - sum(poisson(k, found.lower) for k in range(count)) == pytest.approx(TAIL)


@pytest.mark.parametrize(
    ("count", "of", "lower", "upper"),
    [
        (0, 10, 0, 0.3085),
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1),
        (8, 10, 0.4439, 0.9748),
        (15, 50, 0.1786, 0.4461),
        (0, 0, 0, 1),
    ],
)
def test_limits_of_a_share_are_those_of_the_printed_table(count, of, lower, upper):
    """Clopper and Pearson, Biometrika 26 (1934). Wilson's for 8 of 10 would be 0.4902 to 0.9433."""
    found = share_interval(count, of)

    assert (found.lower, found.upper) == (pytest.approx(lower, abs=6e-5), pytest.approx(upper, abs=6e-5))


def test_a_ratio_of_rates_divides_by_exposure():
    """2 in 6 months to 10 in 12 months: a third a month to five sixths; the counts alone would say 0.2."""
    assert rate_ratio(2, 6, 10, 12).ratio == pytest.approx(0.4)


@pytest.mark.parametrize(("x", "y"), [(2, 10), (7, 3), (1, 1), (0, 6)])
def test_at_a_limit_of_a_ratio_so_extreme_a_split_has_exactly_the_tail(x, y):
    """Counted out: x of x + y events fall into the first period with odds ratio x t1 / t2."""
    found = rate_ratio(x, 6, y, 12)

    def share(ratio):
        return ratio * 6 / (ratio * 6 + 12)

    at_most = sum(binomial(k, x + y, share(found.upper)) for k in range(x + 1))
    assert at_most == pytest.approx(TAIL)
    if x:
        at_least = sum(binomial(k, x + y, share(found.lower)) for k in range(x, x + y + 1))
        assert at_least == pytest.approx(TAIL)


def test_a_count_of_zero_leaves_one_side_open():
    none_after = rate_ratio(0, 12, 6, 12)
    assert (none_after.ratio, none_after.lower) == (0, 0)
    assert none_after.upper == pytest.approx(0.8495, rel=1e-3)  # 0.4593 / 0.5407

    none_before = rate_ratio(6, 12, 0, 12)
    assert (none_before.ratio, none_before.upper) == (math.inf, math.inf)
    assert none_before.lower == pytest.approx(1 / 0.8495, rel=1e-3)

    nothing = rate_ratio(0, 12, 0, 12)
    assert math.isnan(nothing.ratio)
    assert (nothing.lower, nothing.upper) == (0, math.inf)


def test_with_a_certain_expectation_the_limits_are_garwoods():
    """2 outages where 5.1 were expected: 0.39, from 0.242 / 5.1 to 7.225 / 5.1."""
    found = observed_to_expected(2, 5.1)

    assert found.ratio == pytest.approx(0.392, abs=1e-3)
    assert (found.lower, found.upper) == (pytest.approx(0.0475, abs=1e-4), pytest.approx(1.4166, abs=1e-4))


@pytest.mark.parametrize("observed", [0, 1, 4, 12])
@pytest.mark.parametrize(("expected", "variance"), [(5.0, 2.0), (20.0, 1.0), (3.0, 6.0)])
def test_at_a_limit_the_uncertain_count_has_exactly_the_tail(observed, expected, variance):
    found = observed_to_expected(observed, expected, variance)
    shape = expected**2 / variance

    at_most = sum(negative_binomial(k, found.upper * expected, shape) for k in range(observed + 1))
    assert at_most == pytest.approx(TAIL)
    if observed:
        below = sum(negative_binomial(k, found.lower * expected, shape) for k in range(observed))
        assert 1 - below == pytest.approx(TAIL)
    assert found.upper > observed_to_expected(observed, expected).upper


def test_a_vanishing_uncertainty_changes_nothing():
    nearly, none = observed_to_expected(6, 9, 1e-9), observed_to_expected(6, 9)

    assert (nearly.lower, nearly.upper) == (pytest.approx(none.lower), pytest.approx(none.upper))


def test_customers_interrupted_together_count_as_one_event():
    """400 customers in fours of 100 say as much as 4 events, not as 400."""
    found, events = observed_to_expected(400, 900, 0, scale=100), observed_to_expected(4, 9)

    assert (found.lower, found.upper) == (pytest.approx(events.lower), pytest.approx(events.upper))
    assert found.upper > 1.1 > observed_to_expected(400, 900).upper


def test_a_prior_by_hand():
    """Counts 0, 2, 4 in a month each: mean 2, squares 8, less 2 x 2 of Poisson noise is 4 over 3 - 1: 2."""
    prior = gamma_prior(np.array([0, 2, 4]), np.array([1.0, 1.0, 1.0]))

    assert prior == GammaPrior(mean=2.0, variance=2.0)
    assert (prior.months, prior.events) == (1.0, 2.0)
    assert prior.posterior_mean(np.array([4]), np.array([1.0])) == pytest.approx((2 + 4) / (1 + 1))
    assert prior.posterior_variance(np.array([4]), np.array([1.0])) == pytest.approx((2 + 4) / (1 + 1) ** 2)


def test_peers_that_differ_no_more_than_by_chance_are_all_alike():
    """Then the own count says nothing: whoever was worst is expected at the mean."""
    prior = gamma_prior(np.array([1, 2, 1, 2]), np.full(4, 12.0))

    assert (prior.variance, prior.months, prior.events) == (0, math.inf, math.inf)
    assert prior.posterior_mean(np.array([9]), np.array([12.0])) == pytest.approx(6 / 48)
    assert prior.posterior_variance(np.array([9]), np.array([12.0])) == pytest.approx(0)


def test_no_prior_without_peers_or_events():
    assert gamma_prior(np.array([3]), np.array([12.0])) is None
    assert gamma_prior(np.array([0, 0, 0]), np.full(3, 12.0)) is None


def test_the_prior_is_found_again_whatever_the_exposures():
    """A weight for each object alike would take the noise of a month for a spread of rates."""
    random = np.random.default_rng(1)
    exposures = random.choice([1.0, 3.0, 12.0, 24.0], 200_000)
    rates = random.gamma(1.5, 1 / 6, 200_000)  # a 1.5, b 6
    prior = gamma_prior(random.poisson(rates * exposures), exposures)

    assert (prior.events, prior.months) == (pytest.approx(1.5, rel=0.03), pytest.approx(6, rel=0.03))


def test_the_posterior_is_right_for_who_was_picked_for_the_count():
    """Those with 8 or more in a year: their mean before is far too high, the posterior is what comes."""
    random = np.random.default_rng(2)
    rates = random.gamma(1.5, 1 / 6, 200_000)
    before, after = random.poisson(rates * 12), random.poisson(rates * 12)
    picked = before >= 8
    prior = gamma_prior(before, np.full(200_000, 12.0))
    expected = 12 * prior.posterior_mean(before[picked], np.full(picked.sum(), 12.0))

    assert expected.mean() == pytest.approx(after[picked].mean(), rel=0.01)
    assert before[picked].mean() > 1.2 * after[picked].mean()


def test_influences_give_the_spread_of_the_estimates():
    """Against the spread over 2,000 draws of 200 peers."""
    random = np.random.default_rng(3)
    exposures = np.tile([6.0, 12.0], 100)
    found, said = [], []
    for _ in range(2000):
        counts = random.poisson(random.gamma(1.5, 1 / 6, 200) * exposures)
        prior = gamma_prior(counts, exposures)
        found.append((prior.mean, prior.variance))
        said.append((prior_influence(prior, counts, exposures) ** 2).sum(axis=1))

    assert np.mean(said, axis=0) == pytest.approx(np.var(found, axis=0), rel=0.15)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.floats(1, 24), st.floats(1, 24))
def test_a_ratio_turned_round_has_its_limits_turned_round(x, y, t, u):
    one, other = rate_ratio(x, t, y, u), rate_ratio(y, u, x, t)

    assert one.lower * (1 + 1e-9) >= 1 / other.upper if other.upper else one.lower == math.inf
    assert one.lower == pytest.approx(1 / other.upper, rel=1e-6, abs=1e-9)
