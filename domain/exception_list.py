"""What deserves attention first: legal limits missed, then signals for the worse, then targets missed.

Inside each by distance from the target or centre line in units of 2.66 x mean range x customers of the unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.kpis import Kpi
from domain.ratios import Reading
from domain.signals import Judgement
from domain.target_state import Target, TargetState

ORDER = ("legal", "signal", "target")


@dataclass(frozen=True)
class Candidate:
    """One KPI of one unit with all that judges it. customers: of the unit at the KPI's level, if known."""

    kpi: Kpi
    reading: Reading
    judgement: Judgement
    target_state: TargetState
    customers: float | None = None


@dataclass(frozen=True)
class Exceptional:
    """One line of the exception list. why: legal | signal | target; also: the other reasons that hold.

    since: first month of the signal, else None. distance: in 2.66 x mean range, not weighted; None where the
    KPI has too few months. target: the one missed.
    """

    candidate: Candidate
    why: str
    also: tuple[str, ...]
    distance: float | None
    weight: float
    since: date | None
    target: Target | None


def listed(candidates: Iterable[Candidate]) -> list[Exceptional]:
    """The exceptions among the candidates, most urgent first; each KPI and unit once, by its gravest reason.

    A KPI and its twin without major event days say the same twice: pass one of them. Inside a reason those
    without control limits (too few months) come last, by their distance from the target in shares of it.
    """
    found = [one for one in map(_exceptional, candidates) if one]
    return sorted(
        found,
        key=lambda one: (
            ORDER.index(one.why),
            one.distance is None,
            -one.weight,
            one.candidate.kpi.id,
            one.candidate.reading.unit_id,
        ),
    )


def _exceptional(candidate: Candidate) -> Exceptional | None:
    state, judgement = candidate.target_state, candidate.judgement
    holds = [
        why
        for why, is_so in (
            ("legal", state.legal == "not_met"),
            ("signal", judgement.icon == "worse"),
            ("target", state.chip == "not_met"),
        )
        if is_so
    ]
    if not holds:
        return None
    why = holds[0]
    target = {"legal": state.targets.legal, "signal": None, "target": state.missed}[why]
    gap = {"legal": state.legal_gap, "signal": None, "target": state.gap}[why]
    distance = judgement.distance if why == "signal" else _in_limits(judgement, gap)
    relative = abs(gap) / abs(target.value) if gap and target and target.value else 0.0
    # Without known customers every KPI of the unit weighs alike.
    weight = (relative if distance is None else distance) * (candidate.customers or 1)
    since = judgement.since if "signal" in holds else None
    return Exceptional(candidate, why, tuple(holds[1:]), distance, weight, since, target)


def _in_limits(judgement: Judgement, gap: float | None) -> float | None:
    """The gap in units of 2.66 x mean range; None without limits.

    The flow of an as-of KPI has another unit than the KPI, so its limits measure no gap of the KPI.
    """
    if gap is None or judgement.half_width is None or judgement.is_flow:
        return None
    return abs(gap) / judgement.half_width
