"""Two hundred invented companies in which the truth is known: does a proof say what is so?

Three hundred lines, 3 outages a year on average, gamma distributed; seasons, and a year after that is a
fifth milder for all. Those that meet a rule on outages are listed; a part of the list is treated, sometimes
just the worst. Months 0-11 are before, 12-17 the works, 18-29 after. A share of 2.5 % on either side is what
95 % limits leave to chance; 5 % of 200 runs are beyond its noise.
"""

from datetime import date
from functools import cache

import numpy as np
import pytest

from domain import proof_expectation
from domain.periods import months_between
from domain.proof import Treated, judge
from domain.proof_windows import Panel
from domain.rule_sets import first_version
from domain.statistics import observed_to_expected, rate_ratio

RULES = first_version("proof").body
SEEDS = range(200)
LINES, TREATED, A_YEAR = 300, 20, 3.0
MONTHS = months_between(date(2023, 1, 1), date(2025, 6, 1))
SEASON = 1 + 0.5 * np.sin(np.arange(30) * np.pi / 6)
LEVEL = np.where(np.arange(30) < 12, SEASON, 0.8 * SEASON)
AT_LEAST = {"controls": 6, "peers": 9}  # outages in 12 months: a long list leaves controls, a short one few
GRID = [(path, choice) for path in AT_LEAST for choice in ("any", "worst")]


def rates_of(random, kind):
    """Outages a month of each line, before the season; lines x months."""
    if kind == "lognormal":
        rate = random.lognormal(np.log(A_YEAR / 12) - 0.32, 0.8, LINES)
    else:
        rate = random.gamma(1.5, A_YEAR / 12 / 1.5, LINES)
    rates = np.repeat(rate[:, None], 30, axis=1)
    if kind == "years differ":  # by themselves: a bad year of a line is partly a bad year
        rates = rates * np.repeat(random.gamma(5, 1 / 5, (LINES, 3)), [12, 6, 12], axis=1)
    return rates


@cache
def company(seed, path, choice, effect=1.0, kind="gamma"):
    """The panel and the treated of one company; effect multiplies what the treated have after the works."""
    random = np.random.default_rng(seed)
    rates = rates_of(random, kind) * LEVEL
    before = random.poisson(rates[:, :12])
    counted = before.sum(axis=1)
    listed = np.flatnonzero(counted >= AT_LEAST[path])
    order = random.permutation(listed) if choice == "any" else listed[np.argsort(-counted[listed])]
    treated = order[: min(TREATED, len(listed) - 5)]
    rates[treated, 18:] *= effect
    outages = np.hstack([before, random.poisson(rates[:, 12:])]).astype(float)
    typical = random.lognormal(5, 0.5, LINES)[
        :, None
    ]  # customers per outage; single ones differ as much again
    customers = np.where(outages > 0, typical * random.gamma(np.maximum(outages, 1)), 0).round()
    in_works = np.zeros(outages.shape, dtype=bool)
    in_works[treated, 12:18] = True
    amounts = {"outages": outages, "customers": customers, "customer_s": customers}
    panel = Panel(MONTHS, amounts, np.zeros(LINES, int), np.arange(LINES), in_works)
    met = np.isin(np.arange(LINES), listed)
    return panel, [Treated(int(row), MONTHS[0], MONTHS[11], date(2024, 6, 20), met) for row in treated]


@cache
def proofs(path, choice, effect=1.0, outcome="outages", kind="gamma"):
    return [judge(*company(seed, path, choice, effect, kind), outcome, RULES) for seed in SEEDS]


def share(of, verdict):
    return float(np.mean([one.verdict == verdict for one in of]))


@pytest.mark.parametrize("path", AT_LEAST)
def test_each_path_is_walked(path):
    """A long list leaves at least 20 controls nearly always, a short one never."""
    bases = [one.basis for choice in ("any", "worst") for one in proofs(path, choice)]

    assert bases.count(path) >= 0.95 * len(bases)


@pytest.mark.parametrize(("path", "choice"), GRID)
def test_before_and_after_show_a_success_where_nothing_was_done(path, choice):
    """Why a proof is needed: the exact test of two rates calls it one nearly always."""
    naive = [
        rate_ratio(int(one.after), one.months_after, int(one.before), one.months_after)
        for one in proofs(path, choice)
    ]

    assert np.mean([one.upper < 1 for one in naive]) > 0.9
    assert np.median([one.ratio for one in naive]) < 0.65


@pytest.mark.parametrize(("path", "choice"), GRID)
def test_where_nothing_was_done_hardly_any_verdict_says_otherwise(path, choice):
    found = proofs(path, choice)

    assert share(found, "effective") <= 0.05
    assert share(found, "worse") <= 0.05
    assert np.mean([one.ratio for one in found]) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("path", "choice"), GRID)
def test_a_halving_of_at_least_sixty_outages_is_found(path, choice):
    found = [one for one in proofs(path, choice, effect=0.5) if one.expected >= 60]

    assert len(found) >= 100
    assert share(found, "effective") >= 0.8
    assert np.mean([one.ratio for one in found]) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("path", AT_LEAST)
def test_a_doubling_is_found_and_never_called_a_success(path):
    found = [judge(*company(seed, path, "any", 2.0), "outages", RULES) for seed in range(50)]

    assert share(found, "worse") >= 0.8
    assert share(found, "effective") == 0


@pytest.mark.parametrize("path", AT_LEAST)
def test_one_line_alone_is_hardly_ever_proven(path):
    """Of the worst line, halved, in most companies: some 8 outages less 4 may be chance."""
    found = []
    for seed in SEEDS:
        panel, treated = company(seed, path, "worst", 0.5)
        found.append(judge(panel, treated[:1], "outages", RULES))

    assert share(found, "effective") < 0.5
    assert share(found, "worse") <= 0.02


@pytest.mark.parametrize("path", AT_LEAST)
def test_customers_that_go_out_together_are_no_proof(path):
    """Some 20,000 customers would prove anything, were they counted one by one."""
    found = proofs(path, "worst", outcome="customers")

    assert share(found, "effective") <= 0.05
    assert share(found, "worse") <= 0.05
    one_by_one = [observed_to_expected(one.after, one.expected) for one in found]
    assert np.mean([one.upper < 1 or one.lower > 1 for one in one_by_one]) > 0.9


def by_one_reading(seed, path, kind, name):
    """Limits of the ratio that one reading of a bad year alone would give."""
    panel, treated = company(seed, path, "worst", kind=kind)
    rows = np.array([one.row for one in treated])
    group = proof_expectation.Group(rows, MONTHS[:12], MONTHS[18:], treated[0].met)
    one = getattr(proof_expectation.expectation(panel, "outages", group, RULES), name)
    variance = (one.moved**2).sum() + one.own_variance
    return observed_to_expected(panel.amounts["outages"][rows, 18:].sum(), one.expected, variance)


@pytest.mark.parametrize("path", AT_LEAST)
def test_years_that_differ_by_themselves_are_no_success(path):
    """A bad year that is half chance goes by: the spread of the peers alone does not know that."""
    assert share(proofs(path, "worst", kind="years differ"), "effective") <= 0.05
    alone = [by_one_reading(seed, "peers", "years differ", "by_spread").upper < 1 for seed in SEEDS]
    assert np.mean(alone) > 0.2


def test_a_few_very_bad_lines_are_not_called_worse_by_what_followed_alone():
    """Heavy tails: the worst stay worse than the moderate ones say; never a success, less often a harm."""
    both = share(proofs("controls", "worst", kind="lognormal"), "worse")
    alone = [by_one_reading(seed, "controls", "lognormal", "by_sequel").lower > 1 for seed in SEEDS]

    assert both < 0.7 * np.mean(alone)
    assert share(proofs("controls", "worst", kind="lognormal"), "effective") <= 0.025
