"""Restoration times told to customers: steps with the first and the last one, outages with their revisions.

As domain/promises.py: the time on the step's own row counts as told when the step began, and what is told
after the restoration promises nothing.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from data_access.measures.outages import by_version, is_momentary
from data_access.measures.promises import reaches_step
from data_access.record_queries import Asked, Query, amount, first_reason, is_major_event, of_period, one_if
from data_access.sql_functions import seconds_from
from data_access.tables.outages import outage_steps, outages, restoration_promises

STEP_COLUMNS = ("step_key", "outage_key", "start_day", "kind", "cause", "area_code", "customers")


def _tellings(conditions: tuple[ColumnElement[bool], ...]) -> Subquery:
    """Every time told to the steps of outages that have promises of their own, in the order of telling."""
    step, told = outage_steps.c, restoration_promises.c
    keys = (step.bureau_id, step.outage_key, step.step_key)
    own = select(
        *keys, step.interrupted_at.label("told_at"), step.promised_at, literal("").label("promise_key")
    ).where(
        *conditions,
        step.promised_at.is_not(None),
        exists(
            select(literal(1)).select_from(restoration_promises).where(reaches_step()).correlate(outage_steps)
        ),
    )
    further = (
        select(*keys, told.told_at, told.promised_at, told.promise_key)
        .select_from(outage_steps.join(restoration_promises, reaches_step()))
        .where(*conditions)
    )
    every = union_all(own, further).subquery("told")
    order = (every.c.told_at, every.c.promise_key)  # '' sorts first: the step's own
    of_step = (every.c.bureau_id, every.c.outage_key, every.c.step_key)
    backwards = (every.c.told_at.desc(), every.c.promise_key.desc())
    return select(
        *every.c,
        func.row_number().over(partition_by=of_step, order_by=order).label("place"),
        func.row_number().over(partition_by=of_step, order_by=backwards).label("place_from_end"),
        func.lag(every.c.promised_at).over(partition_by=of_step, order_by=order).label("told_before"),
    ).subquery("tellings")


def _told(promised: bool, is_last: bool) -> ColumnElement:
    """The first or last time told by a message to a step's customers, or when it was told."""
    told = restoration_promises.c
    order = (told.told_at, told.promise_key)
    found = (
        select(told.promised_at if promised else told.told_at)
        .where(reaches_step())
        .order_by(*[one.desc() for one in order] if is_last else order)
        .limit(1)
    )
    return found.correlate(outage_steps).scalar_subquery()


def promises(asked: Asked) -> Query:
    """Steps whose customers were told a time.

    The messages are looked up by the outage's key and not joined, so that a page asks only for its own rows.
    """
    step = outage_steps.c
    is_told = exists(
        select(literal(1)).select_from(restoration_promises).where(reaches_step()).correlate(outage_steps)
    )
    own_is_first = and_(
        step.promised_at.is_not(None), or_(~is_told, step.interrupted_at <= _told(False, False))
    )
    own_is_last = and_(step.promised_at.is_not(None), or_(~is_told, step.interrupted_at > _told(False, True)))
    first = case((own_is_first, step.promised_at), else_=_told(True, False))
    last = case((own_is_last, step.promised_at), else_=_told(True, True))
    momentary = is_momentary(asked.rules["outages"], step.start_day, step.duration_s)
    due = and_(step.restored_at.is_not(None), ~momentary)
    is_med = is_major_event(step.org_unit_id, step.start_day)
    late = {"first": seconds_from(first, step.restored_at), "last": seconds_from(last, step.restored_at)}
    amounts: dict[str, ColumnElement[int]] = {"promises_due": one_if(due)}
    for which, late_s in late.items():
        amounts[f"promises_kept_{which}"] = one_if(and_(due, _within(asked, late_s, "kept")))
        amounts[f"estimates_accurate_{which}"] = one_if(
            and_(due, _within(asked, late_s, "accurate"), _within(asked, -late_s, "accurate"))
        )
    reasons = [(momentary, "momentary"), (step.restored_at.is_(None), "open")]
    if asked.leaves_out_major_events:
        reasons.append((is_med, "major_event_day"))
    return Query(
        outage_steps,
        (*of_period(asked, outage_steps), or_(step.promised_at.is_not(None), is_told)),
        (step.bureau_id, step.step_key),
        (step.start_day.desc(), step.interrupted_at.desc(), step.bureau_id, step.step_key),
        step.org_unit_id,
        (
            *[step[name] for name in STEP_COLUMNS],
            step.interrupted_at,
            step.restored_at,
            first.label("first_promised_at"),
            last.label("last_promised_at"),
            late["first"].label("late_first_s"),
            late["last"].label("late_last_s"),
        ),
        amount(asked.kpi.numerator, amounts, is_med),
        amount(asked.kpi.denominator, amounts, is_med),
        first_reason(*reasons),
        step.start_day,
    )


def _within(asked: Asked, late_s: ColumnElement[int], rule: str) -> ColumnElement[bool]:
    """Condition: no later than the tolerance of the rule version of the day."""
    return by_version(
        asked.rules["promises"],
        outage_steps.c.start_day,
        lambda body: late_s <= round(body[rule]["minutes"] * 60),
    )


def revisions(asked: Asked) -> Query:
    """Outages of which a time was told, with how often it was changed for some of the customers."""
    one = outages.c
    conditions = of_period(asked, outages)
    of_these = exists(
        select(literal(1))
        .select_from(outages)
        .where(
            one.bureau_id == outage_steps.c.bureau_id,
            one.outage_key == outage_steps.c.outage_key,
            *conditions,
        )
        .correlate(outage_steps)
    )
    tellings = _tellings((of_these,)).c
    is_revision = and_(
        tellings.told_before.is_not(None),
        tellings.told_before != tellings.promised_at,
        tellings.promise_key != "",
    )
    changed = (
        select(
            tellings.bureau_id,
            tellings.outage_key,
            func.count(case((is_revision, tellings.promise_key)).distinct()).label("revisions"),
        )
        .group_by(tellings.bureau_id, tellings.outage_key)
        .subquery("changed")
    )
    of_outage = and_(changed.c.bureau_id == one.bureau_id, changed.c.outage_key == one.outage_key)
    own = exists(
        select(literal(1))
        .select_from(outage_steps)
        .where(
            outage_steps.c.bureau_id == one.bureau_id,
            outage_steps.c.outage_key == one.outage_key,
            outage_steps.c.promised_at.is_not(None),
        )
        .correlate(outages)
    )
    further = exists(
        select(literal(1))
        .select_from(outage_steps.join(restoration_promises, reaches_step()))
        .where(
            restoration_promises.c.bureau_id == one.bureau_id,
            restoration_promises.c.outage_key == one.outage_key,
        )
        .correlate(outages)
    )
    names = ("outage_key", "start_day", "kind", "cause", "line_code", "customers", "started_at", "ended_at")
    count = cast(func.coalesce(changed.c.revisions, 0), BigInteger)
    return Query(
        outages.outerjoin(changed, of_outage),
        (*conditions, or_(own, further)),
        (),
        (one.start_day.desc(), one.started_at.desc(), one.bureau_id, one.outage_key),
        one.org_unit_id,
        (*[one[name] for name in names], count.label("revisions")),
        count,
        literal(1, BigInteger),
        first_reason(),
    )
