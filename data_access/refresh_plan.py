"""From stale marks to work: which builder computes which units and months again.

Pure planning. A rectangle larger than necessary does no harm, one too small leaves old rows behind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType

from data_access import major_event_days, major_events
from data_access.coverage import Span
from data_access.measures import stocks
from data_access.refresh_basis import Basis
from data_access.stale import EVERY_MONTH, EVERYTHING, Mark
from domain import frequent_outage
from domain.kpis import COVERED, catalogue
from domain.periods import add_months, month_of, months_between
from domain.rule_sets import RuleVersion

REGISTERS = ("lines", "areas", "area_customers")  # their rows change figures of units elsewhere
STOCKS = ("customers_served", *REGISTERS)
ELSEWHERE = 0  # no unit has this number
LISTED = {major_events.LIST, COVERED + major_events.LIST}


@dataclass(frozen=True)
class Work:
    """Units (without those above) and months that one builder computes again."""

    builder: ModuleType
    units: frozenset[int]
    first: date
    last: date


@dataclass(frozen=True)
class LastRun:
    """What the last finished refresh worked with."""

    last_days: Mapping[int, date]  # by bureau; ELSEWHERE: of units above bureaus
    first_month: date | None
    last_month: date | None


def needs_everything(marks: Iterable[Mark], last_run: LastRun | None) -> bool:
    """Whether only a refresh from nothing will do."""
    return last_run is None or any(source == EVERYTHING for _, source, _ in marks)


def reach(builder: ModuleType, month: date, rules: Mapping[str, Sequence[RuleVersion]]) -> date:
    """Last month whose values a change in `month` can touch, by the longest window of any rule version.

    Also that of the tables which the builder stores, where it is longer.
    One month beyond the window: what entered a list is told from the list of the month before. A window of
    the calendar year looks back over New Year, and what it then finds holds for all the new year.
    """
    windows = {catalogue().measures[one].window for one in builder.MEASURES}
    windows.add(getattr(builder, "STORED_WINDOW", "0"))
    ends = [month]
    for window in windows:
        if window == "year":
            bodies = [version.body for version in rules["frequent_outage"]]
            first = min(frequent_outage.first_day(month.year + 1, body) for body in bodies)
            ends.append(date(month.year + 1 + (add_months(month, 1) > first), 1, 1))
        elif window.endswith("m"):
            ends.append(add_months(month, int(window[:-1])))
        elif window == "days":
            days = max(version.body["repeated_planned"]["days"] for version in rules["notices"])
            ends.append(add_months(month, -(-days // 28)))
    return max(ends)


def _units(basis: Basis, builder: ModuleType, unit: int, source: str) -> Iterable[int]:
    """Units whose values a change on the unit touches."""
    touched = _touched(basis, builder, unit, source)
    if not getattr(builder, "OF_BUREAU", False):
        return touched
    bureaus = {basis.city_of[one] for one in touched}
    return [one for one, bureau in basis.city_of.items() if bureau in bureaus]


def _touched(basis: Basis, builder: ModuleType, unit: int, source: str) -> Iterable[int]:
    if source.startswith(COVERED):
        return (*basis.tree.below(unit), *basis.tree.above(unit))
    if source == major_event_days.SOURCE:
        return basis.tree.below(unit)
    if source in REGISTERS and builder is not stocks:
        return basis.tree.units
    return (unit,)


def _new_months(span: Span, run: LastRun) -> list[date]:
    """Months that the last run did not know."""
    known = set()
    if run.first_month and run.last_month:
        known = set(months_between(run.first_month, run.last_month))
    return [month for month in months_between(span.first_month, span.last_month) if month not in known]


def last_days(basis: Basis) -> dict[int, date]:
    """Last days of data as the row of a refresh keeps them."""
    return {ELSEWHERE: basis.span.as_of_day, **basis.last_days}


def _moved(basis: Basis, run: LastRun) -> dict[date, set[int]]:
    """Units by month whose last day of data moved: the months from then to now."""
    found: dict[date, set[int]] = {}
    for bureau, now in last_days(basis).items():
        then = run.last_days.get(bureau, basis.span.first_month)
        if then == now:
            continue
        if bureau == ELSEWHERE:
            units = {unit for unit in basis.tree.units if basis.city_of[unit] not in basis.last_days}
        else:
            units = set(basis.tree.below(bureau))
        for month in months_between(*sorted((month_of(then), month_of(now)))):
            found.setdefault(month, set()).update(units)
    return {month: units for month, units in found.items() if units}


def works(
    basis: Basis, builders: Iterable[ModuleType], marks: Iterable[Mark], last_run: LastRun
) -> list[Work]:
    """The work of all builders; months of one Work hang together."""
    span = basis.span
    everywhere = frozenset(basis.tree.units)
    planned = []
    for builder in builders:
        by_month: dict[date, set[int]] = {}
        for unit, source, month in marks:
            if source not in builder.SOURCES or (unit not in basis.tree.units):
                continue
            start = span.first_month if month == EVERY_MONTH else month
            if getattr(builder, "LATER_TOO", False):
                start = min(start, span.last_month)
            lasts = month == EVERY_MONTH or source in getattr(builder, "LASTING", ())
            end = span.last_month if lasts else reach(builder, month, basis.rules)
            for one in months_between(max(start, span.first_month), min(end, span.last_month)):
                by_month.setdefault(one, set()).update(_units(basis, builder, unit, source))
        for month in _new_months(span, last_run):
            by_month[month] = set(everywhere)
        if getattr(builder, "USES_AS_OF", False):
            for month, units in _moved(basis, last_run).items():
                if span.first_month <= month <= span.last_month:
                    by_month.setdefault(month, set()).update(units)
        planned += [Work(builder, units, *ends) for ends, units in _runs(by_month)]
    return planned


def _runs(by_month: Mapping[date, set[int]]) -> list[tuple[tuple[date, date], frozenset[int]]]:
    """Months without a gap between them, each with the units of all."""
    runs: list[tuple[list[date], set[int]]] = []
    for month in sorted(by_month):
        if runs and add_months(runs[-1][0][-1], 1) == month:
            runs[-1][0].append(month)
            runs[-1][1].update(by_month[month])
        else:
            runs.append(([month], set(by_month[month])))
    return [((months[0], months[-1]), frozenset(units)) for months, units in runs]


def coverage_work(
    basis: Basis, marks: Iterable[Mark], last_run: LastRun
) -> list[tuple[frozenset[int], date, date]]:
    """Units and months whose rows covered:<source> are written again."""
    span = basis.span
    by_month: dict[date, set[int]] = {}
    for unit, source, month in marks:
        if not (source.startswith(COVERED) or source in (*STOCKS, *LISTED, major_events.THRESHOLD)):
            continue
        if unit not in basis.tree.units:
            continue
        # Whether major event days are known changes for the whole bureau and year.
        top = basis.city_of[unit]
        units = {*basis.tree.below(top), *basis.tree.above(top)}
        for one in _months(span, source, month):
            by_month.setdefault(one, set()).update(units)
    for month in _new_months(span, last_run):
        by_month[month] = set(basis.tree.units)
    return [(units, *ends) for ends, units in _runs(by_month)]


def _months(span: Span, source: str, month: date) -> tuple[date, ...]:
    """Months of the span that a mark of coverage or major event days reaches."""
    if month == EVERY_MONTH:
        return months_between(span.first_month, span.last_month)
    if source in LISTED:
        first, last = date(month.year, 1, 1), date(month.year, 12, 1)
    else:
        first = last = month
    return months_between(max(first, span.first_month), min(last, span.last_month))


def major_event_months(
    basis: Basis, marks: Iterable[Mark], last_run: LastRun | None
) -> set[tuple[int, date]]:
    """(bureau, month) whose major event days may have changed; all without a last run."""
    own = set(basis.bureaus)
    new = _new_months(basis.span, last_run or LastRun({}, None, None))
    found = {(bureau, month) for bureau in own for month in new}
    for unit, source, month in marks:
        judged = source in ("outages", "customers_served", major_events.THRESHOLD, *LISTED)
        if not (judged or source.startswith(COVERED + "outages")) or unit not in basis.tree.units:
            continue
        at = {basis.city_of[unit], *basis.tree.below(unit)} & own
        found |= {(bureau, one) for bureau in at for one in _months(basis.span, source, month)}
    return found
