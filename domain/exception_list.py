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
    """One KPI of one unit with everything that judges it. customers: of the unit at the KPI's level, if known."""

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

    A KPI's twin without major event days never stands beside the KPI itself: pass one of them.
    """
    raise NotImplementedError
