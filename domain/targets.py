"""What a target may be: a KPI that has a better side, a period of its kind, a value that the KPI can have."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from domain.errors import InvalidInput
from domain.kpis import Catalogue, Kpi
from domain.periods import KEYS, Period, from_key, period
from domain.readings import Reading
from domain.target_state import KINDS, Target, Targets, TargetState

PERIOD_KINDS = tuple(KEYS)
EXAMPLES = {"month": "2026-10", "quarter": "2026-Q4", "ytd": "2026-10", "12m": "2026-10", "year": "2026"}
HARDER = ("base", "full", "challenge")  # each asks for more than the one before, or for the same
MOST_AT_ONCE = 1_000
LONGEST_SOURCE = 200
MOST_DECIMALS = 6


@dataclass(frozen=True)
class Line:
    """A KPI in a period, with what was reached. state.targets: those that hold, own ones and inherited."""

    kpi: str
    period: Period
    reading: Reading
    state: TargetState


@dataclass(frozen=True)
class Compared:
    """A target that somebody wants to store, with the version of the stored one beside it (0: none).

    keeps_stored: another one that is stored stays.
    """

    wanted: Target
    stored: Target | None
    keeps_stored: bool = False

    @property
    def state(self) -> str:
        """new | changed | same | kept."""
        if self.stored is None:
            return "new"
        if said(self.wanted) == said(self.stored):
            return "same"
        return "kept" if self.keeps_stored else "changed"


def said(target: Target) -> tuple[float, bool, str]:
    """What a target says beside its key."""
    return target.value, target.for_below, target.source


def key(target: Target) -> tuple[str, int, str, str, str]:
    """What tells targets apart."""
    return target.kpi, target.org_unit_id, target.period_kind, target.period, target.kind


def subject(target: Target) -> str:
    """How the audit log calls the target; its unit stands beside it."""
    return f"{target.kpi} {target.period_kind} {target.period} {target.kind}"


def has_direction(kpi: Kpi) -> bool:
    """Whether a value of the KPI can be better or worse, so that it can be asked for."""
    return kpi.better != "neutral"


def limit(kpi: Kpi, sign: int) -> float | None:
    """The largest (sign 1) or smallest (-1) value that the KPI can have; None where there is none."""
    return kpi.max_value if sign > 0 else kpi.min_value


def check(target: Target, catalogue: Catalogue) -> None:
    """Raises InvalidInput: target_kpi, target_neutral, target_kind, target_period, target_value or
    target_source.
    """
    kpi = catalogue.kpis.get(target.kpi)
    if kpi is None:
        raise InvalidInput("target_kpi", kpi=target.kpi)
    if not has_direction(kpi):
        raise InvalidInput("target_neutral", kpi=target.kpi)
    if target.kind not in KINDS:
        raise InvalidInput("target_kind", kind=target.kind)
    try:
        from_key(target.period_kind, target.period)
    except (KeyError, ValueError) as error:
        example = EXAMPLES.get(target.period_kind, EXAMPLES["month"])
        raise InvalidInput("target_period", period=target.period, example=example) from error
    low, high = limit(kpi, -1), limit(kpi, 1)
    is_beyond = (low is not None and target.value < low) or (high is not None and target.value > high)
    if not math.isfinite(target.value) or is_beyond:
        words = {"value": f"{target.value:g}", "low": "−∞" if low is None else f"{low:g}"}
        raise InvalidInput("target_value", **words, high="∞" if high is None else f"{high:g}")
    if len(target.source) > LONGEST_SOURCE:
        raise InvalidInput("target_source", most=LONGEST_SOURCE)


def check_reason(changes_stored: bool, reason: str) -> None:
    """A first entry needs no reason; who changes or removes a target says why. Raises InvalidInput."""
    if changes_stored and not reason.strip():
        raise InvalidInput("reason_missing")


def out_of_order(kpi: Kpi, held: Targets) -> tuple[tuple[str, str], ...]:
    """Pairs of kinds of which the second should ask for more than the first, and asks for less."""
    given = [(kind, one.value) for kind in HARDER if (one := getattr(held, kind)) is not None]
    sign = 1 if kpi.better == "higher" else -1
    return tuple(
        (kind, harder)
        for (kind, value), (harder, next_value) in pairwise(given)
        if next_value * sign < value * sign
    )


def copied(targets: Iterable[Target], kpis: Mapping[str, Kpi], percent: float) -> list[Target]:
    """The targets of the same periods a year later, changed by percent; legal limits stay what they are.

    By 0 % they are the same to the last digit. Else rounded to one decimal more than the KPI is shown with,
    or to as many as the target had, and never beyond what it can be.
    """
    return [_copied(one, kpis[one.kpi], percent) for one in targets]


def _copied(one: Target, kpi: Kpi, percent: float) -> Target:
    value = one.value
    if percent and one.kind != "legal":
        value = round(value * (1 + percent / 100), max(kpi.decimals + 1, decimals(value)))
    low, high = limit(kpi, -1), limit(kpi, 1)
    value = value if low is None else max(value, low)
    value = value if high is None else min(value, high)
    period = f"{int(one.period[:4]) + 1}{one.period[4:]}"
    return replace(one, period=period, value=value, version=0)


def decimals(value: float) -> int:
    """How many decimals the number is written with, at most MOST_DECIMALS."""
    return next((one for one in range(MOST_DECIMALS) if round(value, one) == value), MOST_DECIMALS)


def periods_in(kind: str, year: int, last_complete: date | None) -> list[Period]:
    """The periods of a kind that end in the year.

    A quarter or year that lasts ends with the last complete month, so that it has a figure so far.
    """
    keys = {"quarter": [f"{year}-Q{n}" for n in range(1, 5)], "year": [str(year)]}
    found = [from_key(kind, one) for one in keys.get(kind, [f"{year}-{n:02d}" for n in range(1, 13)])]
    return [
        period(kind, last_complete)
        if kind in keys and last_complete and one.first <= last_complete < one.last
        else one
        for one in found
    ]


def compared(
    wanted: Iterable[Target],
    stored: Iterable[Target],
    unsaid: Collection[str] = (),
    keeps_stored: bool = False,
) -> list[Compared]:
    """Each wanted target beside the stored one of its key.

    unsaid: columns of which nobody said anything; there the stored one stays what it is. keeps_stored: all of
    the stored ones do.
    """
    held = {key(one): one for one in stored}
    found = []
    for one in wanted:
        its = held.get(key(one))
        kept = {name: getattr(its, name) for name in (*unsaid, "version")} if its else {"version": 0}
        found.append(Compared(replace(one, **kept), its, keeps_stored))
    return found
