"""Did it work? What came after a rectification, against what was to be expected with nothing done.

A verdict needs an interval that lies wholly on one side of 1. A drop since before is none: who is listed for
a bad year has a better one next, and a naive test calls nine in ten of such years a success
(tests/domain/test_proof_simulation.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from domain import proof_windows
from domain.periods import months_between
from domain.proof_expectation import Expectation, Group, Reading, expectation
from domain.proof_windows import Panel
from domain.statistics import RateRatio, observed_to_expected


@dataclass(frozen=True)
class Treated:
    """One rectification of an object that is in the panel.

    row: its place there. before_from, before_to: first and last month of the window before, as kept with the
    item. done_on: day on which the works were done. met: (objects,) true where the same rule was met at the
    month-end before_to (one of the rules, where the item has several).
    """

    row: int
    before_from: date
    before_to: date
    done_on: date
    met: np.ndarray


@dataclass(frozen=True)
class Side:
    """What one of the two readings says of all items together.

    variance: of expected itself; chance: of an amount whose expectation were certain. Of items that share
    nothing they add up; change is the mean, weighed by expected.
    """

    expected: float
    variance: float
    chance: float
    change: float


@dataclass(frozen=True)
class Proof:
    """The verdict on one rectification or on many together, with every number that says why.

    "12 months after the works 2 outages, 5.1 expected of untreated ones like it; ratio 0.39 (95 % interval
    0.05 to 1.4)": months_after, after, expected, ratio, lower, upper. None where nothing is judged.
    """

    outcome: str  # outages, customers (interruptions), customer_s
    verdict: str  # effective, no_evidence, worse, too_early
    stage: str  # too_early, provisional, final (every window full)
    reason: str  # why nothing is judged: '', few_months, few_peers, few_outages
    items: int  # judged
    items_too_early: int  # left out, as those below
    items_without_expectation: int
    after_from: date | None  # first and last month of the windows after
    after_to: date | None
    months_after: int  # known months, summed over the items
    before: float  # in the windows before, as far as it is known
    before_same_season: float  # in the calendar months that the windows after have
    after: float
    expected: float | None  # after, with nothing done: the mean of both readings of a bad year
    ratio: float | None  # after / expected
    lower: float | None  # of the reading that expects more
    upper: float | None  # of the one that expects less
    avoided: float | None  # expected - after; negative where more came
    expected_sd: float | None  # standard deviation of expected itself
    basis: str  # controls, peers, both (of many), ''
    compared: int  # objects compared with, the fewest of any item
    change: float | None  # of the comparison, after to its own expectation; mean over the items
    level: float
    sides: tuple[Side, ...] = ()  # by the peers' spread, by what followed; none where nothing is judged


def judge(
    panel: Panel,
    treated: Sequence[Treated],
    outcome: str,
    rules: Mapping[str, Any],
    expect: Callable[..., Expectation | str] = expectation,
) -> Proof:
    """The proof of one rectification, or of many as one (e.g. of a kind of measure).

    Windows, comparison and expectation are each item's own; then counts and expectations are summed and
    divided last. Only items whose window has the months for a verdict are summed; of many the stage is final
    where all of these are. panel reaches from the first window before to the last whole month of data.
    expect: expectation(), or what remembers its answers.

    The interval holds, besides the chance of the count itself: that rates of the treated are estimates; that
    few or many were compared with, each weighing by how far it moved the expectation, once however many items
    it served; that the spread of the peers is an estimate; and that amounts scatter more than chance alone.
    Customers and customer-seconds come many at a time: their scatter is measured on the objects compared with
    (variance over mean, at least the mean of one outage), so that one large outage counts as one event
    (quasi-Poisson). Rectifications that share a cluster scatter as whole clusters do; a line and its areas in
    one pool count the same outage more than once.

    A window shorter than a year is not compared with the same months before, but with what the whole year
    before lets expect of these months: objects were picked for the year, so its parts are no surer than it.
    """
    spans = [_Span.of(panel, one, outcome, rules) for one in treated]
    ripe = [one for one in spans if one.stage != "too_early"]
    clusters = [panel.cluster[one.item.row] for one in ripe]
    by_cluster = len(set(clusters)) < len(clusters)
    judged: list[_Span] = []
    found, reasons = [], []
    for members in _groups(panel, ripe):
        group = Group(
            np.array([one.item.row for one in members]),
            members[0].before,
            members[0].after,
            members[0].item.met,
        )
        what = expect(panel, outcome, group, rules, by_cluster)
        if isinstance(what, Expectation):
            judged += members
            found.append(what)
        else:
            reasons.append(what)
    shown = judged or ripe or spans
    return Proof(
        outcome=outcome,
        reason="" if judged else (reasons or ["few_months"])[0],
        items=len(judged),
        items_too_early=len(spans) - len(ripe),
        items_without_expectation=len(ripe) - len(judged),
        **_counts(panel, shown, outcome),
        **_verdict(panel, shown, found, outcome, rules),
    )


@dataclass(frozen=True)
class _Span:
    """The windows of one item; after has only months whose outcome is known, free of later works."""

    item: Treated
    before: tuple[date, ...]
    after: tuple[date, ...]
    stage: str

    @classmethod
    def of(cls, panel: Panel, item: Treated, outcome: str, rules: Mapping[str, Any]) -> "_Span":
        before = months_between(item.before_from, item.before_to)
        after = proof_windows.after_window(item.done_on, panel.months[-1], rules)
        columns = panel.columns(after)
        is_free = ~np.logical_or.accumulate(panel.in_works[item.row, columns])
        is_known = panel.known(outcome, (item.row, columns))
        kept = tuple(month for month, use in zip(after, is_free & is_known, strict=True) if use)
        return cls(item, before, kept, proof_windows.stage(len(kept), rules))


def _sum(panel: Panel, span: _Span, outcome: str, months: Sequence[date]) -> float:
    return float(np.nansum(panel.amounts[outcome][span.item.row, panel.columns(months)]))


def _counts(panel: Panel, spans: Sequence[_Span], outcome: str) -> dict[str, Any]:
    months = [month for one in spans for month in one.after]
    seasons = [(one, proof_windows.same_season(one.before, one.after)) for one in spans]
    return {
        "after_from": min(months, default=None),
        "after_to": max(months, default=None),
        "months_after": len(months),
        "before": sum(_sum(panel, one, outcome, one.before) for one in spans),
        "before_same_season": sum(_sum(panel, one, outcome, season) for one, season in seasons),
        "after": sum(_sum(panel, one, outcome, one.after) for one in spans),
    }


def _groups(panel: Panel, spans: Sequence[_Span]) -> list[list[_Span]]:
    """Items that share windows, peers and who met the rule: one expectation serves them all."""
    found: dict[Any, list[_Span]] = {}
    for one in spans:
        key = one.before, one.after, panel.peer_group[one.item.row], one.item.met.tobytes()
        found.setdefault(key, []).append(one)
    return list(found.values())


def _verdict(
    panel: Panel, spans: Sequence[_Span], found: Sequence[Expectation], outcome: str, rules: Mapping[str, Any]
) -> dict[str, Any]:
    stage = least_stage(one.stage for one in spans)
    level = rules["verdict"]["level"]
    if not found:
        return told(stage, (), 0.0, level)
    after = sum(_sum(panel, one, outcome, one.after) for one in spans)
    sides = tuple(_side([getattr(one, of) for one in found]) for of in ("by_spread", "by_sequel"))
    bases = {one.basis for one in found}
    return told(stage, sides, after, level) | {
        "basis": bases.pop() if len(bases) == 1 else "both",
        "compared": min(one.compared for one in found),
    }


def least_stage(stages: Iterable[str]) -> str:
    """The earliest of the stages; too_early of none."""
    found = set(stages)
    return next((one for one in ("too_early", "provisional", "final") if one in found), "too_early")


def told(stage: str, sides: tuple[Side, ...], after: float, level: float) -> dict[str, Any]:
    """The fields of a Proof that follow from what was expected, by both readings, and what came."""
    verdict = "too_early" if stage == "too_early" else "no_evidence"
    said = {"verdict": verdict, "stage": stage, "basis": "", "compared": 0, "level": level, "sides": sides}
    if not sides:
        numbers = ("expected", "ratio", "lower", "upper", "avoided", "expected_sd", "change")
        return said | dict.fromkeys(numbers)
    expected = sum(side.expected for side in sides) / 2
    ratios = [_ratio(side, after, level) for side in sides]
    lower, upper = min(one.lower for one in ratios), max(one.upper for one in ratios)
    return said | {
        "verdict": "effective" if upper < 1 else "worse" if lower > 1 else verdict,
        "expected": expected,
        "ratio": after / expected,
        "lower": lower,
        "upper": upper,
        "avoided": expected - after,
        "expected_sd": max(side.variance for side in sides) ** 0.5,
        "change": sides[0].change,
    }


def _side(readings: Sequence[Reading]) -> Side:
    expected = sum(one.expected for one in readings)
    moved = sum(one.moved for one in readings)
    variance = float((moved**2).sum()) + sum(one.own_variance for one in readings)
    chance = sum(one.chance for one in readings)
    change = sum(one.change * one.expected for one in readings) / expected
    return Side(expected, variance, chance, change)


def _ratio(side: Side, after: float, level: float) -> RateRatio:
    return observed_to_expected(after, side.expected, side.variance, side.chance / side.expected, level)
