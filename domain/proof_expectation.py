"""What would have come after a date with nothing done, and how sure that is.

An object is on the list because its year was bad, so its next year is better whatever is done: its own count
before says too much. Expected is therefore

    rate x size x months x change

rate    outages a month by empirical Bayes, (a + count) / (b + months): free of selection, since it is the
        same for who was picked because of the count. a and b are fitted to the peers by moments.
size    amount per outage, (sum + w x peers' mean) / (count + w); 1 where outages are counted
change  what came over what rate x size x months says, of untreated objects in the same months: season,
        weather, trend. Controls that met the same rule at the same month-end where there are enough of them,
        else all untreated peers.

The controls' own before and after would not do: the treated are often the worst of the list, fall further.

How much of a bad year stays is read twice. By the spread of the peers before, as above: right where an
object's rate lasts, far too high where years differ by themselves. By what followed: the power of rate that
fits best what untreated peers had after; right there, too low for the worst where a few are very bad. Either
alone calls nothing a success, or a harm, too often (tests/domain/test_proof_simulation.py); a verdict needs
both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from domain.proof_windows import Panel
from domain.statistics import GammaPrior, gamma_prior, prior_influence

STEP = 1e-4  # of numeric derivatives, relative
MOST_POWER = 2.0  # beyond, a few counts alone would decide


@dataclass(frozen=True)
class Group:
    """Treated objects with one window and one comparison: places in the panel, months, who met the rule."""

    rows: np.ndarray
    before: tuple[date, ...]
    after: tuple[date, ...]
    met: np.ndarray


@dataclass(frozen=True)
class Reading:
    """Expected of a group together, in the outcome's unit; each part adds up over groups.

    moved: per cluster of the panel, how far it moved expected; the squares of the sum are its variance.
    own_variance: of what is expected of the treated themselves. chance: variance of an amount whose
    expectation were certain.
    """

    expected: float
    moved: np.ndarray
    own_variance: float
    chance: float
    change: float


@dataclass(frozen=True)
class Expectation:
    """Both readings, by the peers' spread before and by what followed; with whom was compared, how many."""

    by_spread: Reading
    by_sequel: Reading
    basis: str  # controls or peers
    compared: int


@dataclass(frozen=True)
class _Known:
    """Of all objects, one place each: outages, months and amount before; outages, months and amount after.

    sized: those outages before whose amount is known; an outage may be known without its customers. After:
    only while the amount is known and untouched by works, 0 months for who is not compared.
    """

    outages: np.ndarray
    months: np.ndarray
    amount: np.ndarray
    sized: np.ndarray
    outages_after: np.ndarray
    months_after: np.ndarray
    amount_after: np.ndarray
    size_weight: float  # inf where outages are counted
    is_peer: np.ndarray

    def size(self, of_peers: float) -> np.ndarray:
        """Amount per outage of each object, drawn to the peers'; 1 where outages are counted."""
        if self.size_weight == np.inf:
            return np.ones(len(self.outages))
        return (self.amount + self.size_weight * of_peers) / (self.sized + self.size_weight)

    def per_month(self, mean: float, variance: float, size: float, is_sequel: bool) -> np.ndarray:
        """rate x size of each object, from the prior's mean and variance and the peers' size."""
        rate = GammaPrior(mean, variance).posterior_mean(self.outages, self.months)
        if is_sequel:
            power, _ = sequel_power(rate / mean, self.outages_after, self.months_after)
            rate = mean * (rate / mean) ** power
        return rate * self.size(size)


def expectation(
    panel: Panel, outcome: str, group: Group, rules: Mapping[str, Any], by_cluster: bool = False
) -> Expectation | str:
    """Of the group's objects, which are peers of one another; or why there is none: few_peers, few_outages.

    by_cluster: chance counts what goes out together as one, for sums over several objects of one cluster.
    """
    limits = rules["comparison"]
    known = _known(panel, outcome, group, limits["size_weight"])
    is_peer = known.is_peer
    prior = gamma_prior(known.outages[is_peer], known.months[is_peer])
    if prior is None or is_peer.sum() < limits["peers_at_least"]:
        return "few_peers"
    rate = prior.posterior_mean(known.outages, known.months)
    chosen, basis = _chosen(known.months_after, rate, group.met, limits)
    if not basis:
        return "few_peers"
    if not known.amount_after[chosen].sum() or not known.amount[is_peer].sum():
        return "few_outages"
    cluster = panel.cluster if by_cluster else np.arange(len(is_peer))
    readings = [
        _reading(known, prior, group, chosen, panel.cluster, cluster, is_sequel)
        for is_sequel in (False, True)
    ]
    return Expectation(*readings, basis, int(chosen.sum()))


def _known(panel: Panel, outcome: str, group: Group, size_weight: float) -> _Known:
    before, after = ((slice(None), panel.columns(one)) for one in (group.before, group.after))
    outages, amount = panel.amounts["outages"], panel.amounts[outcome]
    is_steady = ~panel.in_works[before].any(axis=1)
    is_steady[group.rows] = True
    months = (~np.isnan(outages[before])).sum(axis=1)
    is_peer = (panel.peer_group == panel.peer_group[group.rows[0]]) & (months > 0) & is_steady
    has_amount = panel.known(outcome, before)
    is_compared = panel.known(outcome, after) & panel.untreated(group.before, group.after) & is_peer[:, None]
    is_compared[group.rows] = False
    return _Known(
        np.nansum(outages[before], axis=1),
        months,
        np.where(has_amount, amount[before], 0).sum(axis=1),
        np.where(has_amount, outages[before], 0).sum(axis=1),
        np.where(is_compared, outages[after], 0).sum(axis=1),
        is_compared.sum(axis=1),
        np.where(is_compared, amount[after], 0).sum(axis=1),
        np.inf if outcome == "outages" else size_weight,
        is_peer,
    )


def _chosen(
    months: np.ndarray, rate: np.ndarray, met: np.ndarray, limits: Mapping[str, Any]
) -> tuple[np.ndarray, str]:
    """(objects,) true for who is compared with, and what they are; '' where there are too few."""
    controls = met & (months > 0)
    is_enough = (rate * months)[controls].sum() >= limits["control_outages_at_least"]
    if controls.sum() >= limits["controls_at_least"] and is_enough:
        return controls, "controls"
    peers = months > 0
    return peers, "peers" if peers.sum() >= limits["peers_at_least"] else ""


def sequel_power(rate: np.ndarray, came: np.ndarray, months: np.ndarray) -> tuple[float, np.ndarray]:
    """The power of rate that fits best what came, and how far each object moved it.

    By Poisson likelihood with a free level: 1 where rates last, 0 where who was bad is like all others.
    """
    logs = np.log(rate)
    power = 1.0
    for _ in range(50):
        expected = np.exp(power * logs) * months
        expected *= came.sum() / expected.sum()
        from_mean = logs - (expected * logs).sum() / expected.sum()
        score, information = (came - expected) * from_mean, (expected * from_mean**2).sum()
        if information < STEP**2:  # all alike: nothing to raise to a power
            return power, np.zeros(len(rate))
        nearer = min(max(power + score.sum() / information, 0.0), MOST_POWER)
        if abs(nearer - power) < STEP**2:
            break
        power = nearer
    return power, score / information


def _reading(
    known: _Known,
    prior: GammaPrior,
    group: Group,
    chosen: np.ndarray,
    cluster: np.ndarray,
    scatters_by: np.ndarray,
    is_sequel: bool,
) -> Reading:
    outages, amount, sized = (one[known.is_peer] for one in (known.outages, known.amount, known.sized))
    at = (prior.mean, prior.variance, float(amount.sum() / sized.sum()))
    months = np.where(chosen, known.months_after, 0)
    came = np.where(chosen, known.amount_after, 0)

    def expected_of(mean: float, variance: float, size: float) -> float:
        of = known.per_month(mean, variance, size, is_sequel)
        return float(of[group.rows].sum() * len(group.after) * came.sum() / (of * months).sum())

    per_month, sizes = known.per_month(*at, is_sequel), known.size(at[2])
    change = float(came.sum() / (per_month * months).sum())
    theirs = per_month * months * change
    ours = per_month[group.rows] * len(group.after) * change
    # An object's rate is uncertain by so much of itself for each month that follows
    unsure = change * prior.spread_after(known.months)
    scatter = _scatter(
        (came - theirs)[chosen], (sizes * theirs * (1 + unsure * months))[chosen], scatters_by[chosen]
    )
    chance = scatter * sizes[group.rows] * ours

    moved = np.where(chosen, came - theirs, 0) / came.sum() * ours.sum()
    influence = prior_influence(prior, outages, known.months[known.is_peer])
    of_size = (amount - at[2] * sized) / sized.sum()
    moved[known.is_peer] += _slopes(expected_of, at) @ np.vstack([influence, of_size])
    if is_sequel:
        rate = prior.posterior_mean(known.outages, known.months)
        logs = np.log(rate)
        of_power = (ours * (logs[group.rows] - (theirs * logs).sum() / theirs.sum())).sum()
        moved += of_power * sequel_power(rate / prior.mean, known.outages_after, known.months_after)[1]
    return Reading(
        float(ours.sum()),
        np.bincount(cluster, moved),
        float((unsure[group.rows] * len(group.after) * chance).sum()),
        float(chance.sum()),
        change,
    )


def _scatter(residual: np.ndarray, explained: np.ndarray, group: np.ndarray) -> float:
    """By how much the residuals scatter more than is explained, those of one group added up; at least 1."""
    squares = np.bincount(group, residual) ** 2
    count = len(np.unique(group))
    return max(1.0, float(squares.sum() / explained.sum()) * count / max(1, count - 1))


def _slopes(function: Callable[..., float], at: Sequence[float]) -> np.ndarray:
    """Derivatives of the function at the prior's mean and variance and the peers' size."""
    steps = (at[0] * STEP, max(at[1], at[0] ** 2) * STEP, at[2] * STEP)
    here = function(*at)
    moved = [[*at[:place], at[place] + step, *at[place + 1 :]] for place, step in enumerate(steps)]
    return np.array([(function(*one) - here) / step for one, step in zip(moved, steps, strict=True)])
