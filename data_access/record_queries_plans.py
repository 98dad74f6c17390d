"""Planned outages as they were published, and what became of each; as data_access/measures/notices.py."""

from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, exists, literal, or_, select

from data_access import settings
from data_access.measures.plans import changed_at, is_as_announced, is_first, moved_to
from data_access.record_queries import Asked, Query, first_reason, one_if
from data_access.refresh_plan import ELSEWHERE
from data_access.sql_functions import seconds_from
from data_access.tables.org import org_closure
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


def _is_due(asked: Asked, zone: ZoneInfo) -> ColumnElement[bool]:
    """Condition: the announced start has come by the last day of data of the plan's bureau."""
    told, closure = notices.c, org_closure.c
    ends = {bureau: utc_range(day, day, zone)[1] for bureau, day in asked.last_days.items()}
    otherwise = ends.pop(ELSEWHERE, None)
    is_due = literal(1) == 0 if otherwise is None else told.announced_start < otherwise
    of_bureaus = [
        (
            told.org_unit_id.in_(
                select(closure.descendant_id).where(
                    closure.ancestor_id.in_([bureau for bureau, one in ends.items() if one == end])
                )
            ),
            told.announced_start < end,
        )
        for end in sorted(set(ends.values()))
    ]
    return case(*of_bureaus, else_=is_due) if of_bureaus else is_due


def plans(asked: Asked) -> Query:
    """Planned notices whose announced start lies in the period; one that has not come yet is not due.

    The first message of a plan counts for all.
    """
    told, zone = notices.c, settings.company_timezone()
    begin, end = utc_range(asked.first_day, asked.last_day, zone)
    due = _is_due(asked, zone)
    cancelled_at, rescheduled_to = changed_at("cancelled_at"), moved_to()
    is_changed = or_(cancelled_at.is_not(None), rescheduled_to.is_not(None))
    of_outage = and_(outages.c.bureau_id == told.bureau_id, outages.c.outage_key == told.outage_key)
    as_announced = is_as_announced(asked.rules["notices"], outages.c.started_at, told.announced_start)
    is_carried_out = exists(
        select(literal(1)).select_from(outages).where(of_outage, as_announced).correlate(notices)
    )
    met = {"plans_changed": is_changed, "plans_executed": and_(~is_changed, is_carried_out)}
    counted = and_(due, is_first())
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
        one_if(and_(counted, met[asked.kpi.numerator[0][1]])),
        one_if(counted),
        first_reason((~due, "not_due"), (~is_first(), "same_plan")),
    )
