"""How sure an expectation is: what it says of itself, against its spread when the peers are drawn anew."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from domain.periods import months_between
from domain.proof import Treated, judge
from domain.proof_expectation import Group, expectation
from domain.proof_windows import Panel
from domain.rule_sets import first_version

RULES = first_version("proof").body
MONTHS = months_between(date(2024, 1, 1), date(2025, 12, 1))
BEFORE, AFTER = MONTHS[:12], MONTHS[12:]
READINGS = ("by_spread", "by_sequel")
PEERS = 120


def drawn(seed):
    """One line with 10 outages in the year before among peers with 3 a year, gamma distributed."""
    random = np.random.default_rng(seed)
    rate = random.gamma(1.5, 1 / 6, PEERS + 1)
    outages = random.poisson(rate[:, None], (PEERS + 1, 24)).astype(float)
    outages[0, :12] = 10 / 12
    customers = outages * 50
    panel = Panel(
        MONTHS,
        {"outages": outages, "customers": customers, "customer_s": customers},
        np.zeros(PEERS + 1, int),
        np.arange(PEERS + 1),
        np.zeros(outages.shape, dtype=bool),
    )
    return panel, Group(np.array([0]), BEFORE, AFTER, np.zeros(PEERS + 1, dtype=bool))


@cache
def expectations():
    companies = (drawn(seed) for seed in range(400))
    return [expectation(panel, "outages", group, RULES) for panel, group in companies]


@pytest.mark.parametrize("name", READINGS)
def test_the_spread_over_companies_is_the_one_that_each_says(name):
    """Noise of the peers after, of their mean, of their spread, and of what followed, together."""
    found = [getattr(one, name) for one in expectations()]
    logs = np.log([one.expected for one in found])
    said = np.mean([((one.moved / one.expected) ** 2).sum() for one in found])

    assert said == pytest.approx(np.var(logs), rel=0.2)


@pytest.mark.parametrize("name", READINGS)
def test_peers_whose_rates_last_scatter_as_their_uncertain_rates_explain(name):
    """Chance is then that of single outages; the peers' uncertain rates must not count as clumping."""
    found = [getattr(one, name) for one in expectations()]

    assert np.mean([one.chance / one.expected for one in found]) == pytest.approx(1, abs=0.1)


def test_what_had_works_before_is_no_peer():
    """Its outages before are those of two lines, the old and the new one."""
    panel, group = drawn(1)
    panel.amounts["outages"][5, :12] = 30
    panel.in_works[5, 6] = True
    without = replace(panel, peer_group=np.where(np.arange(PEERS + 1) == 5, 1, 0))

    found, expected = (expectation(one, "outages", group, RULES) for one in (panel, without))

    assert found.by_spread.expected == pytest.approx(expected.by_spread.expected)
    assert found.compared == expected.compared == PEERS - 1


def test_two_areas_of_one_line_are_not_two_witnesses():
    """Peers go out line by line, ten areas each. All that differs is the line of the second one."""
    panel, _ = drawn(2)
    by_line = np.random.default_rng(3).poisson(0.25, (12, 12))
    by_line[1] = by_line[0]
    panel.amounts["outages"][1:, 12:] = np.repeat(by_line, 10, axis=0)
    panel.amounts["outages"][[1, 2, 11], :12] = 0.5
    panel = replace(panel, cluster=np.r_[0, 1 + np.arange(PEERS) // 10])
    nobody = np.zeros(PEERS + 1, dtype=bool)
    first, second, elsewhere = (
        Treated(row, BEFORE[0], BEFORE[-1], date(2024, 12, 31), nobody) for row in (1, 2, 11)
    )

    same, other = (judge(panel, [first, one], "outages", RULES) for one in (second, elsewhere))

    assert same.expected == pytest.approx(other.expected, rel=0.02)
    assert same.after == other.after
    assert same.upper / same.lower > 2 * other.upper / other.lower
