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
    """The targets that hold for one KPI, unit and period; own ones beat inherited."""

    legal: Target | None = None
    promise: Target | None = None
    base: Target | None = None
    full: Target | None = None
    challenge: Target | None = None

    @property
    def line(self) -> Target | None:
        """The hardest that is asked for: full, else base, else promise."""
        return self.full or self.base or self.promise


@dataclass(frozen=True)
class TargetState:
    """The target chip of a card.

    chip: met | watch | not_met | no_target | no_value, judged by the promise and the contract.
    legal: '' (no legal limit, or nothing to judge) | met | not_met; apart from the chip.
    missed: the promise or contract target that was missed; gap = how far, in the KPI's unit, >= 0.
    reason: of watch: signal | between_base_and_full; of no_value: missing | partial | not_over.
    """

    chip: str
    legal: str
    targets: Targets
    missed: Target | None = None
    gap: float | None = None
    legal_gap: float | None = None
    reason: str = ""

    @property
    def judged(self) -> Target | None:
        """The one that the chip speaks of: to say beside it, to draw, to measure the distance from.

        The one missed; else the hardest that is met, or lies between base and full; else the legal limit.
        """
        return self.missed or self.targets.line or self.targets.legal


def pick(targets: Iterable[Target], kpi_id: str, path: Sequence[int], period: Period) -> Targets:
    """Targets for the last unit of `path` (ids from the top down to the unit) in exactly this period.

    A unit without its own inherits from the nearest unit above whose row says for_below, each kind by itself.
    """
    nearness = {unit_id: place for place, unit_id in enumerate(path)}
    chosen: dict[str, Target] = {}
    for one in targets:
        is_own = one.org_unit_id == path[-1]
        if one.kpi != kpi_id or one.org_unit_id not in nearness or not (is_own or one.for_below):
            continue
        if (one.period_kind, one.period) != (period.kind, period.key()):
            continue
        held = chosen.get(one.kind)
        if held is None or nearness[held.org_unit_id] < nearness[one.org_unit_id]:
            chosen[one.kind] = one
    return Targets(**chosen)


def is_over(period: Period) -> bool:
    """Whether the period holds all its months: a quarter or year cut at the last month with data does not."""
    if period.kind == "quarter":
        return len(period.months) == 3
    return period.kind != "year" or len(period.months) == 12


def state(kpi: Kpi, reading: Reading, targets: Targets, period: Period, icon: str = "none") -> TargetState:
    """The chip of a reading. icon: Judgement.icon.

    Compared is the exact value, not the rounded one that is printed. Nothing is judged while the period
    lasts: half a quarter's minutes say nothing about the quarter's target.
    """
    judged = [one for one in (targets.promise, targets.full, targets.base) if one]
    if kpi.better == "neutral" or not (judged or targets.legal):
        return TargetState("no_target", "", targets)
    reason = "missing" if reading.value is None else "partial" if reading.is_partial else ""
    reason = reason or ("" if is_over(period) or kpi.is_as_of else "not_over")
    if reason:
        return TargetState("no_value" if judged else "no_target", "", targets, reason=reason)
    legal_gap = _gap(kpi, reading.value, targets.legal)
    legal = "" if legal_gap is None else "not_met" if legal_gap > 0 else "met"
    legal_gap = legal_gap if legal == "not_met" else None
    if not judged:
        return TargetState("no_target", legal, targets, legal_gap=legal_gap)
    for duty in (targets.promise, targets.base or targets.full):
        gap = _gap(kpi, reading.value, duty)
        if gap is not None and gap > 0:
            return TargetState("not_met", legal, targets, duty, gap, legal_gap)
    to_full = _gap(kpi, reading.value, targets.full)
    if to_full is not None and to_full > 0:
        return TargetState("watch", legal, targets, legal_gap=legal_gap, reason="between_base_and_full")
    if icon == "worse":
        return TargetState("watch", legal, targets, legal_gap=legal_gap, reason="signal")
    return TargetState("met", legal, targets, legal_gap=legal_gap)


def _gap(kpi: Kpi, value: float, target: Target | None) -> float | None:
    """How far the value is on the wrong side of the target; 0 or less where it is met."""
    if target is None:
        return None
    return target.value - value if kpi.better == "higher" else value - target.value
