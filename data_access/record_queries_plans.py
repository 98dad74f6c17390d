"""Planned outages as they were published, and what became of each; as data_access/measures/notices.py."""

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select

from data_access import settings
from data_access.engine import seconds_from
from data_access.record_queries import Asked, Query, first_reason, one_if
from data_access.tables.outages import notices, outages
from domain.periods import utc_range

COLUMNS = (
    "notice_key",
    "outage_key",
    "line_code",
    "channel",
    "published_at",
    "recorded_at",
    "announced_start",
    "announced_end",
    "cancelled_at",
    "rescheduled_to",
)


def plans(asked: Asked) -> Query:
    """Plans whose announced start lies in the period; one that has not come yet is not due."""
    told, zone = notices.c, settings.company_timezone()
    begin, end = utc_range(asked.first_day, asked.last_day, zone)
    due: ColumnElement[bool] = literal(1) == 0
    if asked.as_of_day is not None:
        due = told.announced_start < utc_range(asked.as_of_day, asked.as_of_day, zone)[1]
    is_changed = or_(told.cancelled_at.is_not(None), told.rescheduled_to.is_not(None))
    of_outage = and_(outages.c.bureau_id == told.bureau_id, outages.c.outage_key == told.outage_key)
    is_carried_out = exists(select(literal(1)).select_from(outages).where(of_outage).correlate(notices))
    met = {"plans_changed": is_changed, "plans_executed": and_(~is_changed, is_carried_out)}
    return Query(
        notices,
        (
            asked.of_unit(told.org_unit_id),
            told.kind == "planned",
            told.announced_start >= begin,
            told.announced_start < end,
        ),
        (told.bureau_id, told.notice_key),
        (told.announced_start.desc(), told.bureau_id, told.notice_key),
        told.org_unit_id,
        (
            *(told[name] for name in COLUMNS),
            seconds_from(told.published_at, told.recorded_at).label("recorded_late_s"),
        ),
        one_if(and_(due, met[asked.kpi.numerator[0][1]])),
        one_if(due),
        first_reason((~due, "not_due")),
    )
