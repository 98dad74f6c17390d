"""Which targets hold for a KPI, unit and period, and whether they are met. Targets are never aggregated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.kpis import Kpi
from domain.periods import Period
from domain.ratios import Reading

KINDS = ("legal", "promise", "base", "full", "challenge")


@dataclass(frozen=True)
class Target:
    """One row of table targets. value in the KPI's unit; for_below: units below inherit it."""

    kpi: str
    org_unit_id: int
    period_kind: str
    period: str
    kind: str
    value: float
    for_below: bool = False
    source: str = ""
    version: int = 1


@dataclass(frozen=True)
class Targets:
    """The targets that hold for one KPI, unit and period; None where there is none. Own ones beat inherited."""

    legal: Target | None = None
    promise: Target | None = None
    base: Target | None = None
    full: Target | None = None
    challenge: Target | None = None

    @property
    def line(self) -> Target | None:
        """The one to draw on a chart and to measure the distance from: full, else base, else promise."""
        return self.full or self.base or self.promise


@dataclass(frozen=True)
class TargetState:
    """The target chip of a card.

    chip: met | watch | not_met | no_target | no_value (missing, partial or a period that is not over).
    legal: '' (no legal limit, or nothing to judge) | met | not_met; apart from the chip.
    missed: the target that was missed, the hardest duty first; gap = how far, in the KPI's unit, >= 0.
    reason of a watch: signal | between_base_and_full.
    """

    chip: str
    legal: str
    targets: Targets
    missed: Target | None = None
    gap: float | None = None
    legal_gap: float | None = None
    reason: str = ""


def pick(targets: Iterable[Target], kpi_id: str, path: Sequence[int], period: Period) -> Targets:
    """Targets for the last unit of `path` (ids from the top down to the unit) in exactly this period.

    A unit without its own inherits from the nearest unit above whose row says for_below.
    """
    raise NotImplementedError


def state(kpi: Kpi, reading: Reading, targets: Targets, period: Period, icon: str = "none") -> TargetState:
    """The chip of a reading. icon: Judgement.icon."""
    raise NotImplementedError
