"""Signals on XmR charts, rule set `signals` (wheeler-v1): which months differ from the ordinary variation.

Judged are complete, non-overlapping months without major event days; seasonal KPIs by the difference from
the same month last year, as-of KPIs by their monthly flow (areas that entered the list). Rolling sums would
give signals where nothing happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import pandas as pd

from domain.facts import Facts
from domain.kpis import Catalogue, Kpi
from domain.signal_series import Series, series
from domain.xmr import Baseline, baseline_of, fired, members

__all__ = [
    "Baseline",
    "Judgement",
    "Point",
    "baseline_id",
    "judge",
    "measures_needed",
    "points_frame",
    "provisional",
]


@dataclass(frozen=True)
class Point:
    """One complete month. value in the KPI's unit; judged = value or its difference to last year.

    centre, lower, upper: the lines at this month in the unit of `value` (for seasonal KPIs they move with
    last year's value), clipped to the possible range; None where too few. rule: '' or outside | run |
    near_limit of the signal that the point belongs to; direction: '' | better | worse | neutral.
    """

    month: date
    value: float
    judged: float
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    rule: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Judgement:
    """What the chart of one KPI and unit says at its last complete month.

    subject: id of what is judged: the KPI, its twin without major event days, or its flow measure.
    too_few: '' or few_months | zero_range | few_events: then no limits and no signal.
    icon: none | better | worse (at the last point). rule, side (above, below), since: the signal in force.
    message: key for ui texts, values: its numbers. Keys: none, few_months {n, needed}, zero_range,
    few_events {events, needed}, outside {value, limit}, run {length}, near_limit {count, of}.
    distance: of the last point from the centre in units of 2.66 x mean range; None where too few.
    half_width = 2.66 x mean range. lower, upper: limits of what is judged, clipped to the possible range.
    """

    kpi: str
    unit_id: int
    subject: str
    is_difference: bool
    is_flow: bool
    points: tuple[Point, ...]
    baseline: Baseline | None
    too_few: str = ""
    icon: str = "none"
    rule: str = ""
    side: str = ""
    since: date | None = None
    message: str = "none"
    values: Mapping[str, Any] = field(default_factory=dict)
    distance: float | None = None
    half_width: float | None = None
    lower: float | None = None
    upper: float | None = None


def baseline_id(kpi: Kpi) -> str:
    """The id under which the KPI's baseline is stored: its twin without major event days, else its own."""
    return kpi.without_med or kpi.id


def measures_needed(kpi: Kpi, catalogue: Catalogue) -> tuple[str, ...]:
    """The measures that judge() reads."""
    return tuple(dict.fromkeys(kpi.measures() + catalogue.kpis[baseline_id(kpi)].measures()))


def judge(
    facts: Facts | pd.DataFrame,
    kpi: Kpi,
    catalogue: Catalogue,
    rules: Mapping[str, Any],
    baseline: Baseline | None = None,
    unit_id: int | None = None,
    through: date | None = None,
) -> Judgement:
    """The XmR judgement of a KPI at a unit from all its months in facts up to `through`.

    rules: body of rule set signals. baseline: the stored one, else a provisional one is computed.
    Read facts from as early as possible: 36 months, 12 more for as-of KPIs.
    """
    judged = series(facts, kpi, catalogue.kpis[baseline_id(kpi)], catalogue.measures, unit_id, through)
    baseline = baseline or provisional(judged, rules)
    too_few, values = _too_few(judged, kpi, rules, baseline)
    if too_few:
        return _judgement(
            kpi, judged, _plain_points(judged), baseline, too_few=too_few, message=too_few, values=values
        )
    width = rules["limit_factor"] * baseline.mean_range
    lower, upper = _clipped(baseline.centre - width, baseline.centre + width, *judged.possible)
    offsets = [one - baseline.centre for one in judged.judged]
    signals = fired(judged.judged, baseline, (lower, upper), rules)
    points = tuple(
        Point(
            month,
            value,
            plotted,
            *_lines(judged, place, (baseline.centre, lower, upper)),
            rule=rule,
            direction=_direction(kpi, offset) if rule else "",
        )
        for place, (month, value, plotted, offset, rule) in enumerate(
            zip(judged.months, judged.values, judged.judged, offsets, members(signals), strict=True)
        )
    )
    return _judgement(
        kpi,
        judged,
        points,
        baseline,
        lower=lower,
        upper=upper,
        distance=abs(offsets[-1]) / width,
        half_width=width,
        **_in_force(kpi, judged, signals[-1], offsets[-1], (lower, upper), rules),
    )


def provisional(judged: Series, rules: Mapping[str, Any]) -> Baseline | None:
    """Baseline of the first complete months, at most 24; None where there are fewer than 2."""
    return baseline_of(judged.months[: rules["baseline_months"]], judged.judged[: rules["baseline_months"]])


def points_frame(judgement: Judgement) -> pd.DataFrame:
    """The points as a frame for charts: one row per month, columns as in Point."""
    names = [one.name for one in fields(Point)]
    return pd.DataFrame([[getattr(one, name) for name in names] for one in judgement.points], columns=names)


def _too_few(
    judged: Series, kpi: Kpi, rules: Mapping[str, Any], baseline: Baseline | None
) -> tuple[str, dict[str, Any]]:
    least = rules["baseline_at_least"]
    if not judged.months or baseline is None or baseline.n < least:
        return "few_months", {"n": baseline.n if baseline else len(judged.months), "needed": least}
    largest = max(abs(one) for one in judged.values)
    if baseline.mean_range <= 1e-12 * max(largest, abs(baseline.centre)):
        return "zero_range", {}
    needed = rules["min_events"] if kpi.min_events is None else kpi.min_events
    if judged.mean_events is not None and judged.mean_events < needed:
        return "few_events", {"events": judged.mean_events, "needed": needed}
    return "", {}


def _clipped(lower: float, upper: float, least: float | None, most: float | None) -> tuple[float, float]:
    return (lower if least is None else max(lower, least)), (upper if most is None else min(upper, most))


def _lines(judged: Series, place: int, lines: tuple[float, float, float]) -> tuple[float, float, float]:
    """centre, lower, upper in the unit of the value: a seasonal KPI's lines stand on last year's value."""
    if not judged.is_difference:
        return lines
    last_year = judged.values[place] - judged.judged[place]
    centre, lower, upper = (last_year + line for line in lines)
    return centre, *_clipped(lower, upper, *judged.value_range)


def _direction(kpi: Kpi, offset: float) -> str:
    if kpi.better == "neutral":
        return "neutral"
    return "better" if (offset > 0) == (kpi.better == "higher") else "worse"


def _in_force(
    kpi: Kpi,
    judged: Series,
    signal: tuple[str, tuple[int, ...]],
    offset: float,
    limits: tuple[float, float],
    rules: Mapping[str, Any],
) -> dict[str, Any]:
    rule, places = signal
    if not rule:
        return {}
    direction = _direction(kpi, offset)
    values = {
        "outside": {"value": judged.judged[-1], "limit": limits[1] if offset > 0 else limits[0]},
        "run": {"length": len(places)},
        "near_limit": {"count": len(places), "of": rules["near_limit_of"]},
    }[rule]
    return {
        "icon": "none" if direction == "neutral" else direction,
        "rule": rule,
        "side": "above" if offset > 0 else "below",
        "since": judged.months[places[0]],
        "message": rule,
        "values": values,
    }


def _plain_points(judged: Series) -> tuple[Point, ...]:
    return tuple(map(Point, judged.months, judged.values, judged.judged))


def _judgement(
    kpi: Kpi, judged: Series, points: tuple[Point, ...], baseline: Baseline | None, **rest: Any
) -> Judgement:
    return Judgement(
        kpi.id,
        judged.unit_id,
        judged.subject,
        judged.is_difference,
        judged.is_flow,
        points,
        baseline,
        **rest,
    )
