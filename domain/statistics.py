"""Exact intervals of counts, and what a count says of the rate behind it; the only file that knows scipy.

Level is 0.95 for the middle 95 %: half of the rest lies on either side, also where one side ends at 0 or has
no end because a count is 0. Arrays have one place per object.
"""

from dataclasses import dataclass
from math import inf, isinf, nan

import numpy as np
import scipy  # loads special at the first question only: most processes never ask one

LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """From lower to upper, in the unit of what was asked; upper is infinite where nothing bounds it."""

    lower: float
    upper: float


def poisson_interval(count: float, level: float = LEVEL) -> Interval:
    """Limits of the mean behind a Poisson count (Garwood 1936): 2 outages are a mean of 0.24 to 7.22."""
    tail = (1 - level) / 2
    lower = float(scipy.special.gammaincinv(count, tail)) if count > 0 else 0.0
    return Interval(lower, float(scipy.special.gammaincinv(count + 1, 1 - tail)))


def share_interval(count: int, of: int, level: float = LEVEL) -> Interval:
    """Limits of the share behind `count` of `of` (Clopper and Pearson 1934); 0 to 1 of none."""
    tail = (1 - level) / 2
    lower = float(scipy.special.betaincinv(count, of - count + 1, tail)) if count else 0.0
    upper = float(scipy.special.betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return Interval(lower, upper)


@dataclass(frozen=True)
class RateRatio:
    """A rate divided by another one, with limits; ratio is nan where both counts are 0."""

    ratio: float
    lower: float
    upper: float


def rate_ratio(
    count: int, exposure: float, other_count: int, other_exposure: float, level: float = LEVEL
) -> RateRatio:
    """Rate of a Poisson count over that of another, e.g. 2 in 6 months to 10 in 12: 0.4.

    Exact: of both counts together the first is binomial (Przyborowski and Wilenski 1940). Both counts must be
    free of selection: of a line that was picked for its bad year the ratio falls with nothing done
    (domain/proof.py).
    """
    share = share_interval(count, count + other_count, level)
    scale = other_exposure / exposure
    ratio = count / other_count if other_count else (inf if count else nan)
    return RateRatio(ratio * scale, _odds(share.lower) * scale, _odds(share.upper) * scale)


def observed_to_expected(
    observed: float, expected: float, variance: float = 0.0, scale: float = 1.0, level: float = LEVEL
) -> RateRatio:
    """Observed over expected, where the expectation itself is uncertain, with exact limits.

    expected > 0 with its variance (of the expectation alone, not of the count), in the units of observed.
    The count is Poisson round an expectation that is gamma distributed, so negative binomial; the limits are
    the ratios at which so low or so high a count becomes as rare as the level says. Without variance they
    are Garwood's, divided by expected. scale: variance of a count over its mean, 1 for single events; for
    customers that are interrupted many at a time, the customers that count as one event (quasi-Poisson).
    """
    tail = (1 - level) / 2
    events, expected_events = observed / scale, expected / scale
    if variance <= 0:
        limits = poisson_interval(events, level)
        return RateRatio(observed / expected, limits.lower / expected_events, limits.upper / expected_events)
    shape = expected**2 / variance
    lower = float(scipy.special.betaincinv(events, shape, tail)) if events > 0 else 0.0
    upper = float(scipy.special.betaincinv(events + 1, shape, 1 - tail))
    per_event = shape / expected_events
    return RateRatio(observed / expected, _odds(lower) * per_event, _odds(upper) * per_event)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


@dataclass(frozen=True)
class GammaPrior:
    """How the rates of peers are spread: gamma with this mean and variance, both per unit of exposure."""

    mean: float
    variance: float  # between objects, without Poisson noise; 0: all peers have one rate

    @property
    def months(self) -> float:
        """b: with so much exposure an object's own count weighs as much as the peers; infinite for alike."""
        return self.mean / self.variance if self.variance else inf

    @property
    def events(self) -> float:
        """a = b x mean, the shape."""
        return inf if isinf(self.months) else self.months * self.mean

    def spread_after(self, exposures: np.ndarray) -> np.ndarray:
        """1 / (b + exposure), written so that it holds for peers that are all alike."""
        return self.variance / (self.mean + self.variance * exposures)

    def posterior_mean(self, counts: np.ndarray, exposures: np.ndarray) -> np.ndarray:
        """(a + count) / (b + exposure): the rate that is to be expected next.

        The same for who was picked because of the count and for who was not: it is free of selection.
        """
        return self.mean + self.spread_after(exposures) * (counts - self.mean * exposures)

    def posterior_variance(self, counts: np.ndarray, exposures: np.ndarray) -> np.ndarray:
        """(a + count) / (b + exposure) squared."""
        return self.posterior_mean(counts, exposures) * self.spread_after(exposures)


def gamma_prior(counts: np.ndarray, exposures: np.ndarray) -> GammaPrior | None:
    """The prior of objects with unequal exposures by moments; None with fewer than two, or without any event.

    All peers belong in it, also those that were picked: without them the spread is too small. Exposures are
    above 0. Where counts differ less than by chance the variance is 0.
    """
    if len(counts) < 2 or not counts.sum():
        return None
    whole = exposures.sum()
    mean = counts.sum() / whole
    squares = (exposures * (counts / exposures - mean) ** 2).sum()
    between = (squares - (len(counts) - 1) * mean) / (whole - (exposures**2).sum() / whole)
    return GammaPrior(float(mean), max(0.0, float(between)))


def prior_influence(prior: GammaPrior, counts: np.ndarray, exposures: np.ndarray) -> np.ndarray:
    """How far each object moved the prior's mean (row 0) and variance (row 1) from where it would be without.

    Their squares, summed, are the variance of the two estimates: no assumption about the shape is needed.
    """
    whole = exposures.sum()
    mean = (counts - prior.mean * exposures) / whole
    squares = exposures * (counts / exposures - prior.mean) ** 2
    variance = (squares - prior.mean - prior.variance * exposures) / whole - len(counts) / whole * mean
    return np.vstack([mean, variance])
