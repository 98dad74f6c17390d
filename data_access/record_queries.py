"""What a query behind a `records` name consists of, and how its rows are cut into pages.

Each query lives in record_queries_<subject>.py and uses the conditions of the builder of its measures, so
that the rows of a number add up to the number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    select,
)

from data_access.scope import below, within
from data_access.tables.kpi import major_event_days
from data_access.tables.org import org_closure, org_units
from domain.kpis import Kpi
from domain.periods import Period, last_day
from domain.rule_sets import RuleVersion
from domain.viewer import Scope

UNIT_COLUMNS = ("org_unit_id", "unit_code", "unit_name", "unit_name_en")
JUDGED_COLUMNS = ("in_numerator", "in_denominator", "is_counted", "reason")


@dataclass(frozen=True)
class Filters:
    """Narrower than the period: a cause code, a kind of outage, one local day, one month, counted or not."""

    cause: str | None = None
    kind: str | None = None
    day: date | None = None
    month: date | None = None
    is_counted: bool | None = None


@dataclass(frozen=True)
class Asked:
    """For whom, what and when rows are asked, and the rules that judge them."""

    scope: Scope
    kpi: Kpi
    unit_id: int
    period: Period
    filters: Filters
    rules: Mapping[str, Sequence[RuleVersion]]
    last_days: Mapping[int, date] = field(default_factory=dict)  # of data, by bureau; see refresh_plan

    @property
    def first_day(self) -> date:
        return self.filters.day or self.filters.month or self.period.first

    @property
    def last_day(self) -> date:
        if self.filters.day:
            return self.filters.day
        return last_day(self.filters.month or self.period.last)

    def of_unit(self, column: ColumnElement[int]) -> ColumnElement[bool]:
        """Condition: the org unit in the column lies in the scope and at or below the unit."""
        return and_(within(column, self.scope), below(column, self.unit_id))

    @property
    def leaves_out_major_events(self) -> bool:
        """Whether the KPI is a twin without major event days."""
        return any(sign < 0 and name.endswith("_med") for sign, name in self.kpi.numerator)


@dataclass(frozen=True)
class Query:
    """Rows behind a KPI. key: primary key of the source, by which a page is cut before columns are made.

    order: newest first, ends with the key, so that pages never overlap. reason: '' where counted.
    """

    source: FromClause
    conditions: tuple[ColumnElement[bool], ...]
    key: tuple[ColumnElement, ...]
    order: tuple[ColumnElement, ...]
    unit: ColumnElement[int]
    columns: tuple[ColumnElement, ...]
    in_numerator: ColumnElement[int]
    in_denominator: ColumnElement[int]
    reason: ColumnElement[str]
    day: ColumnElement[date] | None = None  # where the order begins with it: a page then reads its days only

    @property
    def judged(self) -> tuple[ColumnElement, ...]:
        """The columns that say what the row adds."""
        return (
            cast(self.in_numerator, BigInteger).label("in_numerator"),
            cast(self.in_denominator, BigInteger).label("in_denominator"),
            cast(self.reason == "", Boolean).label("is_counted"),
            self.reason.label("reason"),
        )


def names(query: Query) -> tuple[str, ...]:
    """Ids of the columns of a page, in order."""
    return tuple(dict.fromkeys([*(one.key for one in query.columns), *UNIT_COLUMNS, *JUDGED_COLUMNS]))


def _conditions(query: Query, filters: Filters) -> tuple[ColumnElement[bool], ...]:
    if filters.is_counted is None:
        return query.conditions
    return (*query.conditions, query.reason == "" if filters.is_counted else query.reason != "")


def total(query: Query, filters: Filters) -> Select:
    """How many rows there are."""
    return select(func.count()).select_from(query.source).where(*_conditions(query, filters))


def by_day(query: Query, filters: Filters) -> Select:
    """How many rows there are of each day, newest first."""
    return (
        select(query.day, func.count())
        .select_from(query.source)
        .where(*_conditions(query, filters))
        .group_by(query.day)
        .order_by(query.day.desc())
    )


def narrowed(query: Query, counts: Sequence[tuple[date, int]], offset: int, size: int) -> tuple[Query, int]:
    """The query for only the days that a page shows, and its offset among their rows.

    Sorting the two million steps of a year for fifty rows is what this avoids.
    """
    shown, before, seen = [], 0, 0
    for day, count in counts:
        if seen + count <= offset:
            before += count
        elif seen < offset + size:
            shown.append(day)
        seen += count
    if not shown:
        return query, offset
    days = query.day.between(shown[-1], shown[0])
    return replace(query, conditions=(*query.conditions, days)), offset - before


def sums(query: Query, filters: Filters) -> Select:
    """Sum of what the rows add to the numerator and the denominator."""
    return (
        select(func.sum(query.in_numerator), func.sum(query.in_denominator))
        .select_from(query.source)
        .where(*_conditions(query, filters))
    )


def rows(query: Query, filters: Filters, limit: int | None = None, offset: int = 0) -> Select:
    """The rows in order, all or one page of them.

    A page is cut by key first: the database then judges only the rows that are shown.
    """
    source, conditions = query.source, _conditions(query, filters)
    statement = select(
        *query.columns,
        query.unit.label("org_unit_id"),
        org_units.c.code.label("unit_code"),
        org_units.c.name.label("unit_name"),
        org_units.c.name_en.label("unit_name_en"),
        *query.judged,
    )
    if limit is not None and query.key:
        keys = select(*query.key).select_from(source).where(*conditions).order_by(*query.order)
        cut = keys.limit(limit).offset(offset).subquery("cut")
        source = source.join(cut, and_(*[one == cut.c[one.key] for one in query.key]))
        conditions, limit, offset = (), None, 0
    statement = statement.select_from(source.join(org_units, org_units.c.id == query.unit))
    statement = statement.where(*conditions).order_by(*query.order)
    return statement if limit is None else statement.limit(limit).offset(offset)


def of_period(asked: Asked, table: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Conditions: unit, start day, and the filters on cause and kind, of steps or outages."""
    one = table.c
    conditions = [asked.of_unit(one.org_unit_id), one.start_day.between(asked.first_day, asked.last_day)]
    if asked.filters.cause is not None:
        conditions.append(one.cause == asked.filters.cause)
    if asked.filters.kind is not None:
        conditions.append(one.kind == asked.filters.kind)
    return tuple(conditions)


def is_major_event(unit: ColumnElement[int], day: ColumnElement[date]) -> ColumnElement[bool]:
    """Condition: the day is a major event day of the bureau above the unit."""
    return exists(
        select(literal(1))
        .select_from(major_event_days)
        .join(org_closure, org_closure.c.ancestor_id == major_event_days.c.org_unit_id)
        .where(org_closure.c.descendant_id == unit, major_event_days.c.day == day)
        .correlate_except(major_event_days, org_closure)
    )


def amount(
    terms: Sequence[tuple[int, str]],
    amounts: Mapping[str, ColumnElement[int]],
    is_med: ColumnElement[bool],
) -> ColumnElement[int]:
    """What a row adds to the sum of the terms; terms that are no records (customers served) add nothing."""
    result: ColumnElement[int] = literal(0, BigInteger)
    for sign, name in terms:
        plain = name.removesuffix("_med")
        if plain not in amounts:
            continue
        added = amounts[plain] if plain == name else case((is_med, amounts[plain]), else_=0)
        result = result + sign * added
    return result


def first_reason(*reasons: tuple[ColumnElement[bool], str]) -> ColumnElement[str]:
    """The first reason whose condition holds, else ''. NULL conditions do not hold."""
    if not reasons:
        return cast(literal(""), String)
    return cast(case(*[(condition, literal(code)) for condition, code in reasons], else_=literal("")), String)


def one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where the condition holds, else 0."""
    return case((condition, 1), else_=0)
