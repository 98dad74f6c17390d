"""What the detail page of one KPI shows, from facts that were read before: trend, ranking, contribution."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from domain import contribution, ratios
from domain.contribution import Contribution
from domain.facts import Facts
from domain.intervals import wilson
from domain.kpis import Catalogue, Kpi, Measure
from domain.overview import Card
from domain.periods import Period, add_months, months_between
from domain.readings import counts_elsewhere
from domain.signals import Judgement

TREND_MONTHS = 36


@dataclass(frozen=True)
class Detail:
    """One KPI of one unit. flow: the trend of what enters an as-of count, None for other KPIs.

    by_member and members: by dimension, e.g. cause; only the dimensions that the KPI is kept by.
    """

    card: Card
    trend: pd.DataFrame
    flow: pd.DataFrame | None
    ranking: pd.DataFrame
    by_unit: Contribution | None
    by_member: Mapping[str, Contribution]
    members: Mapping[str, pd.DataFrame]


def is_share_of_events(kpi: Kpi, measures: Mapping[str, Measure]) -> bool:
    """Whether the KPI is a share of countable events, so that Wilson's interval applies.

    A share of customer-minutes is not: a minute is not a trial.
    """
    terms = kpi.numerator + kpi.denominator
    return (
        kpi.unit == "%"
        and bool(kpi.denominator)
        and not any("second" in measures[one].unit for _, one in terms)
        and all(sign > 0 or one.endswith("_med") for sign, one in terms)
    )


def trend(
    facts: Facts, kpi: Kpi, catalogue: Catalogue, judgement: Judgement, unit_id: int, first: date, last: date
) -> pd.DataFrame:
    """One row per month from first to last: what the chart of the KPI draws.

    month, value (the KPI), judged and last_year (what the limits judge: without major event days where the
    KPI has such a twin; complete months only), centre, lower, upper, signal, direction, is_complete, missing.
    Lines of the judgement only where the KPI itself is judged and not its flow.
    """
    months = months_between(first, last)
    longer = months_between(add_months(first, -12), last)
    subject = catalogue.kpis.get(judgement.subject, kpi)
    plain = ratios.by_month(facts, subject, longer, catalogue.measures, unit_id)
    frame = ratios.by_month(facts, kpi, months, catalogue.measures, unit_id)
    frame = frame[["month", "value", "is_complete", "missing"]]
    complete = plain["value"].where(plain["is_complete"])
    frame["judged"] = complete.iloc[12:].to_numpy()
    frame["last_year"] = complete.iloc[: len(months)].to_numpy()
    lines = _judged(judgement if not judgement.is_flow else None).drop(columns="judged")
    return frame.merge(lines, on="month", how="left")


def flow(judgement: Judgement, first: date) -> pd.DataFrame | None:
    """The trend of an as-of KPI's monthly flow, which is what carries its limits; None for other KPIs."""
    if not judgement.is_flow:
        return None
    frame = _judged(judgement)
    frame = frame[frame["month"] >= first].reset_index(drop=True)
    return frame.assign(value=frame["judged"], last_year=np.nan, is_complete=True, missing="")


def _judged(judgement: Judgement | None) -> pd.DataFrame:
    points = judgement.points if judgement is not None else ()
    columns = ["month", "judged", "centre", "lower", "upper", "signal", "direction"]
    rows = [(p.month, p.value, p.centre, p.lower, p.upper, p.rule, p.direction) for p in points]
    frame = pd.DataFrame(rows, columns=columns)
    numbers = ["judged", "centre", "lower", "upper"]
    return frame.astype(dict.fromkeys(numbers, float)).astype({"month": object})


def ranking(
    facts: Facts, kpi: Kpi, catalogue: Catalogue, now: Period, before: Period, child_ids: Sequence[int]
) -> pd.DataFrame:
    """Units below by value, worst first, missing last.

    org_unit_id, value, n, low, high (Wilson 95 %, in the KPI's unit; NaN where it does not apply), missing,
    is_partial, place (1 is the worst), place_before (NaN where it had no value then).
    """
    measures = catalogue.measures
    frame = ratios.by_unit(facts, kpi, now, measures, child_ids)
    earlier = ratios.by_unit(facts, kpi, before, measures, child_ids)
    is_share = is_share_of_events(kpi, measures)
    events = frame["events"].where(~counts_elsewhere(kpi, frame["value"], frame["events"]))
    frame["n"] = frame["denominator"] if is_share else events
    ends = [
        _interval(row.numerator, row.denominator) if is_share else (np.nan, np.nan)
        for row in frame.itertuples()
    ]
    frame["low"] = [low for low, _high in ends]
    frame["high"] = [high for _low, high in ends]
    ascending = kpi.better == "higher"
    frame["place"] = frame["value"].rank(method="min", ascending=ascending)
    frame["place_before"] = earlier["value"].rank(method="min", ascending=ascending).to_numpy()
    columns = ["org_unit_id", "value", "n", "low", "high", "missing", "is_partial", "place", "place_before"]
    return frame.sort_values(["place", "org_unit_id"], na_position="last", ignore_index=True)[columns]


def _interval(numerator: float, denominator: float) -> tuple[float, float]:
    if not denominator > 0:
        return np.nan, np.nan
    low, high = wilson(min(numerator, denominator), denominator)
    return 100 * low, 100 * high


def made(
    card: Card,
    facts: Facts,
    members: Mapping[str, Facts],
    kpi: Kpi,
    catalogue: Catalogue,
    now: Period,
    before: Period,
    last: date,
    unit_id: int,
    child_ids: Sequence[int],
) -> Detail:
    """The detail page of a card's KPI. facts: of the unit and those directly below it.

    last: the last month to draw, complete or not. members: facts of the unit by dimension.
    """
    measures = catalogue.measures
    first = max(facts.months[0] if facts.months else now.first, add_months(now.last, 1 - TREND_MONTHS))
    kept = {name: one for name, one in members.items() if name in ratios.dimensions_of(kpi, measures)}
    return Detail(
        card,
        trend(facts, kpi, catalogue, card.judgement, unit_id, first, last),
        flow(card.judgement, first),
        ranking(facts, kpi, catalogue, now, before, child_ids),
        contribution.by_unit(facts, kpi, now, before, measures, unit_id, child_ids) if child_ids else None,
        {
            name: contribution.by_member(facts, one, kpi, now, before, measures, unit_id, name)
            for name, one in kept.items()
        },
        {name: ratios.by_member(facts, one, kpi, now, measures, unit_id, name) for name, one in kept.items()},
    )
