"""Plans: what planned notices announced, and what became of it.

Several messages, by SMS, on the web and in the app, that announce the same outage for the same start are one
plan. It counts once, with the message that was published first, on that message's unit; it was cancelled or
moved where any of them says so. A notice that names no outage is a plan of its own.
"""

from datetime import UTC

import pandas as pd
from sqlalchemy import Alias, ColumnElement, Connection, and_, exists, func, literal, or_, select

from data_access import settings
from data_access.measures.days import local_days
from data_access.measures.request import Request
from data_access.measures.step_rows import seconds_frame
from data_access.tables.outages import notices, outages
from domain import notices as rules_of
from domain.periods import last_day, utc_range

TIMES = {"announced_start": "start_s", "cancelled_at": "cancelled_s", "rescheduled_to": "moved_to_s"}


def _of_same_plan(other: Alias) -> ColumnElement[bool]:
    """Condition: the other message announces the same plan. Never without an outage."""
    return and_(
        other.c.bureau_id == notices.c.bureau_id,
        other.c.outage_key == notices.c.outage_key,
        other.c.kind == notices.c.kind,
        other.c.announced_start == notices.c.announced_start,
    )


def is_first() -> ColumnElement[bool]:
    """Condition on notices: no other message announced the plan before."""
    other = notices.alias("earlier")
    earlier = or_(
        other.c.published_at < notices.c.published_at,
        and_(other.c.published_at == notices.c.published_at, other.c.notice_key < notices.c.notice_key),
    )
    return ~exists(
        select(literal(1)).select_from(other).where(_of_same_plan(other), earlier).correlate(notices)
    )


def changed_at(name: str) -> ColumnElement:
    """When a plan was cancelled_at, or rescheduled_to, by the message itself or any other of the plan."""
    other = notices.alias("told_" + name)
    first = select(func.min(other.c[name])).where(_of_same_plan(other)).correlate(notices)
    return func.coalesce(notices.c[name], first.scalar_subquery())


def plans(connection: Connection, request: Request) -> pd.DataFrame:
    """The plans whose announced start lies in the months, with flags named like the measures."""
    zone = settings.company_timezone()
    begin, end = utc_range(request.first_month, last_day(request.last_month), zone)
    same = and_(outages.c.bureau_id == notices.c.bureau_id, outages.c.outage_key == notices.c.outage_key)
    statement = (
        select(
            notices.c.org_unit_id,
            notices.c.announced_start,
            *(changed_at(name).label(name) for name in ("cancelled_at", "rescheduled_to")),
            outages.c.outage_key.label("carried_out"),
        )
        .select_from(notices.outerjoin(outages, same))
        .where(
            notices.c.kind == "planned",
            notices.c.announced_start >= begin,
            notices.c.announced_start < end,
            is_first(),
        )
    )
    if request.units is not None:
        statement = statement.where(notices.c.org_unit_id.in_(request.units))
    found = seconds_frame(connection, statement, TIMES)
    found["is_carried_out"] = found.pop("carried_out").notna()
    found["start_day"] = local_days(found["start_s"], zone)
    now = utc_range(request.as_of_day, request.as_of_day, zone)[1]
    outcome = rules_of.plan_outcomes(found, now.replace(tzinfo=UTC).timestamp() - 1)
    changed = {f"plans_changed.{one}": outcome[one] for one in ("cancelled", "rescheduled")}
    return found.assign(
        plans_published=outcome["is_due"],
        plans_executed=outcome["executed"],
        plans_open=~outcome["is_due"] & found["cancelled_s"].isna(),
        **changed,
    )
