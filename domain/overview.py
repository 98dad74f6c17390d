"""What the overview shows: one card per KPI and the list of exceptions, from facts that were read before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain import contribution, exception_list, ratios, signals, target_state
from domain.exception_list import Candidate, Exceptional
from domain.facts import Facts
from domain.known_level import at_known_level, watched_kpis
from domain.kpis import Catalogue, Kpi
from domain.periods import Period, add_months, months_between
from domain.readings import Change, Reading, counts_elsewhere
from domain.signals import Baseline, Judgement
from domain.target_state import Target, TargetState

SPARK_MONTHS = 24
MOST_CARDS = 8


@dataclass(frozen=True)
class Spark:
    """One month of a card's small line; value None: missing; signal: '' | better | worse | neutral."""

    month: date
    value: float | None
    is_complete: bool
    signal: str = ""


@dataclass(frozen=True)
class Card:
    """Everything that one card says. n: events or the denominator of a share, None where neither is known."""

    kpi: str
    reading: Reading
    before: Reading
    change: Change
    target_state: TargetState
    judgement: Judgement
    line: tuple[Spark, ...]
    n: int | None


@dataclass(frozen=True)
class Push:
    """A unit below (0: directly at the unit) and its part of a KPI's change, in the KPI's unit."""

    unit_id: int | None
    member: str
    part: float


@dataclass(frozen=True)
class Exception_:  # noqa: N801 - the trade's word; Python's own is taken
    """One line of the exception list with the units that make most of its change."""

    item: Exceptional
    change: Change
    pushes: tuple[Push, ...]


@dataclass(frozen=True)
class Overview:
    """Cards in the catalogue's order and exceptions, most urgent first."""

    cards: tuple[Card, ...]
    exceptions: tuple[Exception_, ...]

    def exceptional_kpis(self) -> tuple[str, ...]:
        """Ids of the KPIs on the list of exceptions."""
        return tuple(one.item.candidate.kpi.id for one in self.exceptions)


def card_kpis(catalogue: Catalogue) -> tuple[Kpi, ...]:
    """The KPIs that have a card, in their order."""
    found = sorted((one for one in catalogue.kpis.values() if one.card), key=lambda one: one.card)
    return tuple(found[:MOST_CARDS])


def measures_needed(catalogue: Catalogue, kpis: Iterable[Kpi] | None = None) -> tuple[str, ...]:
    """Every measure that cards and exceptions read of these KPIs, by default of the watched ones."""
    wanted = watched_kpis(catalogue) if kpis is None else tuple(kpis)
    names = [one for kpi in wanted for one in (*signals.measures_needed(kpi, catalogue), *kpi.measures())]
    return tuple(dict.fromkeys([*names, "customers_served_lv", "customers_served_mv"]))


def count_of(kpi: Kpi, reading: Reading) -> int | None:
    """n of a reading: the denominator of a share of events, else the events behind the numerator.

    None where these count at a unit above or elsewhere.
    """
    if reading.value is None:
        return None
    if kpi.unit == "%" and reading.denominator is not None and not kpi.events:
        return int(reading.denominator)
    return None if counts_elsewhere(kpi, reading.value, reading.events) else reading.events


def not_judged(card: Card) -> tuple[str, ...]:
    """Why neither a target nor the limits judge the card; () where one of them does.

    The reading's reason, else no_target | partial | not_over, and few_months | zero_range | few_events.
    """
    if card.reading.value is None:
        return (card.reading.missing,)
    state, too_few = card.target_state, card.judgement.too_few
    if state.chip in ("met", "watch", "not_met") or not too_few:
        return ()
    return (state.reason or "no_target", too_few)


def line(judgement: Judgement, months: Sequence[date], values: Mapping[date, tuple]) -> tuple[Spark, ...]:
    """The card's small line: the KPI per month, marked where the month belongs to a signal.

    values: (value or None, is_complete) by month.
    """
    marked = {point.month: point.direction for point in judgement.points if point.rule}
    return tuple(Spark(month, *values[month], marked.get(month, "")) for month in months)


def candidate(
    facts: Facts,
    kpi: Kpi,
    catalogue: Catalogue,
    period: Period,
    unit_id: int,
    rules: Mapping[str, Any],
    baselines: Mapping[tuple[int, str], Baseline],
    targets: Iterable[Target],
    path: Sequence[int],
) -> Candidate:
    """The KPI of the unit with its reading, judgement and target chip.

    The judgement looks at the months up to the period's end, so that an old period shows what was known then.
    """
    measures = catalogue.measures
    reading = ratios.total(facts, kpi, period, measures, unit_id)
    baseline = baselines.get((unit_id, signals.baseline_id(kpi)))
    judgement = signals.judge(facts, kpi, catalogue, rules, baseline, unit_id, through=period.last)
    held = target_state.pick(targets, kpi.id, path, period)
    state = target_state.state(kpi, reading, held, period, judgement.icon)
    place = facts.position(period.last)
    served = facts.row(unit_id, "customers_served_mv" if kpi.level == "MV" else "customers_served_lv")
    customers = float(served[place]) if 0 <= place < len(facts.months) else None
    return Candidate(kpi, reading, judgement, state, customers or None)


def card(facts: Facts, one: Candidate, catalogue: Catalogue, period: Period, before: Period) -> Card:
    """The card of a judged KPI; change against the period `before`."""
    kpi, unit_id = one.kpi, one.reading.unit_id
    earlier = ratios.total(facts, kpi, before, catalogue.measures, unit_id)
    months = months_between(add_months(period.last, 1 - SPARK_MONTHS), period.last)
    frame = ratios.by_month(facts, kpi, months, catalogue.measures, unit_id)
    values = {
        month: (None if value != value else value, bool(complete))
        for month, value, complete in zip(frame["month"], frame["value"], frame["is_complete"], strict=True)
    }
    return Card(
        kpi.id,
        one.reading,
        earlier,
        ratios.change(kpi, one.reading, earlier),
        one.target_state,
        one.judgement,
        line(one.judgement, months, values),
        count_of(kpi, one.reading),
    )


def pushes(
    facts: Facts,
    kpi: Kpi,
    catalogue: Catalogue,
    period: Period,
    before: Period,
    unit_id: int,
    child_ids: Sequence[int],
    limit: int = 2,
) -> tuple[Push, ...]:
    """The units below that make most of the change; none where nothing can be compared."""
    if not child_ids:
        return ()
    parts = contribution.by_unit(facts, kpi, period, before, catalogue.measures, unit_id, child_ids)
    if parts.missing:
        return ()
    worst = contribution.top(parts, kpi, limit)
    return tuple(
        Push(int(unit), "", float(part))
        for unit, part in zip(worst["org_unit_id"], worst["part"], strict=True)
    )


def made(
    facts: Facts,
    catalogue: Catalogue,
    period: Period,
    before: Period,
    unit_id: int,
    rules: Mapping[str, Any],
    baselines: Mapping[tuple[int, str], Baseline],
    targets: Sequence[Target],
    path: Sequence[int],
) -> Overview:
    """The overview of a unit, the exceptions without what pushes them. facts: of the unit alone."""
    judged = {
        name: candidate(facts, kpi, catalogue, period, unit_id, rules, baselines, targets, path)
        for name, kpi in at_known_level(facts, catalogue, period, unit_id).items()
    }
    cards = tuple(card(facts, judged[kpi.id], catalogue, period, before) for kpi in card_kpis(catalogue))
    exceptions = []
    for item in exception_list.listed(judged.values()):
        kpi, reading = item.candidate.kpi, item.candidate.reading
        earlier = ratios.total(facts, kpi, before, catalogue.measures, unit_id)
        exceptions.append(Exception_(item, ratios.change(kpi, reading, earlier), ()))
    return Overview(cards, tuple(exceptions))


def with_pushes(
    plain: Overview,
    facts: Facts,
    catalogue: Catalogue,
    period: Period,
    before: Period,
    unit_id: int,
    child_ids: Sequence[int],
) -> Overview:
    """The overview with the units below that contribute most. facts: of the unit and those below it."""
    exceptions = tuple(
        replace(one, pushes=pushes(facts, catalogue.kpis[kpi], catalogue, period, before, unit_id, child_ids))
        for one, kpi in zip(plain.exceptions, plain.exceptional_kpis(), strict=True)
    )
    return replace(plain, exceptions=exceptions)
