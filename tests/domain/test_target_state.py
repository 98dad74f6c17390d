"""Targets: which one holds, and what the chip says."""

from datetime import date

import pytest

from domain.periods import Period
from domain.ratios import Reading
from domain.target_state import Target, Targets, pick, state
from tests.figures import kpi

SAIDI, ASAI = kpi("saidi"), kpi("asai")
OCTOBER = Period("month", date(2026, 10, 1), date(2026, 10, 1))
PATH = (1, 2, 3)  # province, city, county


def target(
    kind="full", value=10.0, unit=3, for_below=False, period="2026-10", period_kind="month", name="saidi"
):
    return Target(name, unit, period_kind, period, kind, value, for_below)


def reading_all(value, is_partial=False):
    return Reading("saidi", 3, value, None, None, is_partial=is_partial)


def test_own_targets_beat_inherited_ones():
    held = pick([target(value=9, unit=1, for_below=True), target(value=10)], "saidi", PATH, OCTOBER)

    assert held.full.value == 10


def test_a_unit_inherits_only_what_says_so_and_from_the_nearest():
    rows = [target(value=7, unit=1, for_below=True), target(value=8, unit=2, for_below=True), target(unit=2)]

    assert pick(rows, "saidi", PATH, OCTOBER).full.value == 8
    assert pick([target(unit=2)], "saidi", PATH, OCTOBER).full is None


def test_a_target_of_another_period_kpi_or_branch_never_holds():
    """Twelve monthly targets make no yearly one."""
    rows = [
        target(period="2026-09"),
        target(period_kind="ytd"),
        target(name="caidi"),
        target(unit=9, for_below=True),
    ]

    assert pick(rows, "saidi", PATH, OCTOBER) == Targets()


@pytest.mark.parametrize(
    ("value", "icon", "chip", "reason"),
    [
        (10.0, "none", "met", ""),
        (10.0, "worse", "watch", "signal"),
        (12.0, "none", "watch", "between_base_and_full"),
        (15.1, "none", "not_met", ""),
    ],
)
def test_contract_with_base_15_and_full_10(value, icon, chip, reason):
    held = Targets(base=target("base", 15), full=target("full", 10))

    result = state(SAIDI, reading_all(value), held, OCTOBER, icon)

    assert (result.chip, result.reason) == (chip, reason)


def test_a_missed_promise_is_named_before_the_contract():
    held = Targets(promise=target("promise", 12), base=target("base", 15))

    result = state(SAIDI, reading_all(20.0), held, OCTOBER)

    assert (result.chip, result.missed.kind, result.gap) == ("not_met", "promise", 8.0)


def test_the_legal_limit_stands_apart_from_the_chip():
    held = Targets(legal=target("legal", 18), full=target("full", 30))

    result = state(SAIDI, reading_all(20.0), held, OCTOBER)

    assert (result.chip, result.legal, result.legal_gap) == ("met", "not_met", 2.0)


def test_higher_is_better_turns_the_comparison():
    held = Targets(full=target("full", 99.9))

    assert state(ASAI, reading_all(99.95), held, OCTOBER).chip == "met"
    assert state(ASAI, reading_all(99.8), held, OCTOBER).chip == "not_met"


def test_without_targets_the_chip_says_so():
    assert state(SAIDI, reading_all(1.0), Targets(), OCTOBER).chip == "no_target"


@pytest.mark.parametrize(
    ("one", "period", "why"),
    [
        (reading_all(None), OCTOBER, "missing"),
        (reading_all(1.0, True), OCTOBER, "partial"),
        (reading_all(1.0), Period("quarter", date(2026, 10, 1), date(2026, 10, 1)), "not_over"),
    ],
)
def test_nothing_is_judged_before_the_period_is_whole(one, period, why):
    result = state(SAIDI, one, Targets(full=target()), period)

    assert (result.chip, result.reason) == ("no_value", why)


def test_the_target_that_the_chip_speaks_of_is_the_one_missed_else_the_hardest():
    """15 misses the base; 12 lies between base and full, so the full one is lacking; 9 meets both."""
    held = Targets(base=target("base", 13.0), full=target("full", 10.0), legal=target("legal", 20.0))

    judged = [state(SAIDI, reading_all(value), held, OCTOBER).judged.kind for value in (15.0, 12.0, 9.0)]
    assert judged == ["base", "full", "full"]
    assert state(SAIDI, reading_all(9.0), Targets(legal=held.legal), OCTOBER).judged.kind == "legal"
