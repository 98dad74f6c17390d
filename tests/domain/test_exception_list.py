"""What stands first on the exception list."""

from dataclasses import replace
from datetime import date

from domain.exception_list import Candidate, listed
from domain.ratios import Reading
from domain.signals import Judgement
from domain.target_state import Target, Targets, TargetState
from tests.figures import kpi

SAIDI = kpi("saidi")
QUIET = Judgement("saidi", 1, "saidi", False, False, (), None, distance=0.2, half_width=2.0)
LOUD = replace(QUIET, icon="worse", rule="run", since=date(2026, 3, 1), distance=1.5)
FULL, LEGAL = (Target("saidi", 1, "month", "2026-10", kind, 10.0) for kind in ("full", "legal"))
MET = TargetState("met", "", Targets(full=FULL))
MISSED = TargetState("not_met", "", Targets(full=FULL), missed=FULL, gap=4.0)
ILLEGAL = TargetState("met", "not_met", Targets(full=FULL, legal=LEGAL), legal_gap=1.0)


def candidate(name, judgement=QUIET, state=MET, customers=100.0):
    one = replace(SAIDI, id=name)
    return Candidate(one, Reading(name, 1, 12.0, None, None), judgement, state, customers)


def names(candidates):
    return [one.candidate.kpi.id for one in listed(candidates)]


def test_legal_limits_then_signals_for_the_worse_then_targets():
    found = listed(
        [candidate("target", state=MISSED), candidate("signal", LOUD), candidate("legal", state=ILLEGAL)]
    )

    assert [one.why for one in found] == ["legal", "signal", "target"]
    assert [one.distance for one in found] == [0.5, 1.5, 2.0]
    assert found[1].since == date(2026, 3, 1)


def test_nothing_wrong_is_not_listed():
    better = replace(LOUD, icon="better")

    assert names([candidate("fine"), candidate("better", better)]) == []


def test_each_stands_once_by_its_gravest_reason():
    found = listed([candidate("both", LOUD, MISSED)])

    assert [(one.why, one.also) for one in found] == [("signal", ("target",))]


def test_distance_counts_as_often_as_the_unit_has_customers():
    """1.5 ranges x 100 customers weigh less than 1.2 x 1,000."""
    nearer = replace(LOUD, distance=1.2)

    assert names([candidate("far", LOUD), candidate("large", nearer, customers=1_000)]) == ["large", "far"]


def test_a_kpi_without_limits_stands_last_among_its_kind():
    too_few = replace(QUIET, half_width=None, distance=None, too_few="few_months")

    found = listed([candidate("few", too_few, MISSED, 10_000), candidate("known", QUIET, MISSED)])

    assert [one.candidate.kpi.id for one in found] == ["known", "few"]
    assert found[1].distance is None
