"""What customers last expected of an announced outage, by the outage's key; as domain/notices.py."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Alias, ColumnElement, and_, exists, func, literal, or_, select

from data_access.sql_functions import seconds_from
from data_access.tables.outages import notices, outages
from domain import notices as rules_of


@dataclass(frozen=True)
class Expected:
    """What customers last expected of an announced outage, each looked up by the outage's key.

    Looked up and not joined: a page then asks only for the outages that it shows.
    """

    notice_key: ColumnElement
    published_at: ColumnElement
    entered: tuple[ColumnElement, ColumnElement]
    announced_start: ColumnElement
    announced_end: ColumnElement
    rescheduled_to: ColumnElement
    start_s: ColumnElement
    end_s: ColumnElement
    is_known: ColumnElement[bool]


def expected() -> Expected:
    told, reminder = notices.alias("told"), notices.alias("reminder")

    def last(value: ColumnElement) -> ColumnElement:
        order = (told.c.published_at.desc(), told.c.notice_key.desc())
        found = select(value).select_from(told).where(*_announces(told)).order_by(*order).limit(1)
        return found.correlate(outages).scalar_subquery()

    moved_s = func.coalesce(seconds_from(told.c.announced_start, told.c.rescheduled_to), 0)
    start_s = last(_start_s(told))
    # A reminder does not make a start late that was published before.
    same_start = (*_announces(reminder), _start_s(reminder) == start_s)
    published = select(func.min(reminder.c.published_at)).where(*same_start)
    return Expected(
        last(told.c.notice_key),
        published.correlate(outages).scalar_subquery(),
        entered_in(reminder, *same_start),
        last(told.c.announced_start),
        last(told.c.announced_end),
        last(told.c.rescheduled_to),
        start_s,
        last(seconds_from(outages.c.started_at, told.c.announced_end) + moved_s),
        exists(select(literal(1)).select_from(told).where(*_announces(told)).correlate(outages)),
    )


def _start_s(told: Alias) -> ColumnElement[int]:
    """Seconds from the outage's start to the start that the notice tells, negative when earlier."""
    expected = func.coalesce(told.c.rescheduled_to, told.c.announced_start, outages.c.started_at)
    return seconds_from(outages.c.started_at, expected)


def _announces(told: Alias) -> tuple[ColumnElement[bool], ...]:
    """Conditions: the notice announced the outage before it began, and was not cancelled by then."""
    return (
        same(told.c),
        told.c.kind.in_(rules_of.ANNOUNCING),
        told.c.published_at <= outages.c.started_at,
        or_(told.c.cancelled_at.is_(None), told.c.cancelled_at > outages.c.started_at),
    )


def same(table: Any) -> ColumnElement[bool]:
    """Condition: the row belongs to the outage."""
    return and_(table.bureau_id == outages.c.bureau_id, table.outage_key == outages.c.outage_key)


def entered_in(told: Any, *conditions: ColumnElement[bool]) -> tuple[ColumnElement, ColumnElement]:
    """When the first of these messages was entered, and how many seconds after its time of publication.

    A time of publication that was entered afterwards is only somebody's word.
    """
    order = (told.c.published_at, told.c.notice_key)

    def of_first(value: ColumnElement) -> ColumnElement:
        found = select(value).select_from(told).where(*conditions).order_by(*order).limit(1)
        return found.correlate(outages).scalar_subquery()

    return of_first(told.c.recorded_at), of_first(seconds_from(told.c.published_at, told.c.recorded_at))


def message(*kinds: ColumnElement[bool]) -> ColumnElement:
    """Time of the outage's first message of these kinds."""
    first = select(func.min(notices.c.published_at)).where(same(notices.c), *kinds)
    return first.correlate(outages).scalar_subquery()
