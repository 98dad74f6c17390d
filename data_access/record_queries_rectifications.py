"""Rectification items behind X01 to X04; as data_access/measures/rectifications.py counts them."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, false, literal, or_, select

from data_access.last_days import by_bureau
from data_access.record_queries import Asked, Query, first_reason, one_if
from data_access.tables.proofs import rectification_proofs
from data_access.tables.rectifications import rectifications
from domain.periods import add_months, last_day, month_of
from domain.rule_sets import RuleVersion

one = rectifications.c
COLUMNS = (
    *(one[name] for name in ("item_id", "title", "object_kind", "object_code", "status", "found_on")),
    one.original_due,
    one.done_at.label("done_on"),
    one.closed_at.label("closed_on"),
    one.relapsed_on,
)

NAMED = ("few_peers", "few_outages", "equipment", "no_object")  # why there is no verdict


def _as_of(asked: Asked) -> ColumnElement[date]:
    """The last day of data of the item's bureau, at most the last that is asked for."""
    days = {bureau: min(day, asked.last_day) for bureau, day in asked.last_days.items()}
    return by_bureau(one.org_unit_id, days, asked.last_day)


def _query(asked: Asked, condition: ColumnElement[bool], counted, numerator, *reasons) -> Query:
    return Query(
        rectifications,
        (asked.of_unit(one.org_unit_id), condition),
        (one.bureau_id, one.item_id),
        (one.original_due.desc(), one.bureau_id, one.item_id),
        one.org_unit_id,
        COLUMNS,
        one_if(and_(counted, numerator)),
        one_if(counted) if asked.kpi.denominator else literal(0),
        first_reason(*reasons),
    )


def due(asked: Asked) -> Query:
    """Items by original due date; done in time but not verified, and not due yet, is undecided."""
    in_time = and_(one.done_at.is_not(None), one.done_at <= one.original_due)
    is_cancelled, is_open = one.status == "cancelled", one.status != "closed"
    waits, is_ahead = and_(is_open, in_time), and_(is_open, _as_of(asked) < one.original_due)
    counted = and_(~is_cancelled, ~waits, ~is_ahead)
    reasons = ((is_cancelled, "cancelled"), (waits, "not_verified"), (is_ahead, "not_due"))
    days = one.original_due.between(asked.first_day, asked.last_day)
    return _query(asked, days, counted, in_time, *reasons)


def overdue(asked: Asked) -> Query:
    """Items on the books past their original due date at the end of the period, or of the data."""
    day = _as_of(asked)
    on_books = or_(one.closed_at.is_(None), one.closed_at > day)
    past = and_(one.original_due < day, or_(one.found_on.is_(None), one.found_on <= day))
    return _query(asked, and_(on_books, past), literal(1) == 1, literal(1) == 1)


def relapsed(asked: Asked) -> Query:
    """Closed items whose days for a relapse end in the period, or that were closed in it, if later."""
    known, over = [], []
    for version, mine in _by_version(asked, "rectification"):
        days = timedelta(days=version.body["relapse"]["days"])
        first, last = asked.first_day, asked.last_day
        ends = and_(one.done_at <= last - days, one.closed_at <= last)
        begins = or_(one.done_at >= first - days, one.closed_at >= first)
        known.append(and_(mine, ends, begins))
        for day in sorted({min(each, last) for each in asked.last_days.values()}):
            is_over = and_(one.done_at <= day - days, one.closed_at <= day)
            over.append(and_(mine, _as_of(asked) == day, is_over))
    counted = or_(*over) if over else false()
    condition = and_(one.status == "closed", or_(*known))
    return _query(asked, condition, counted, one.relapsed_on.is_not(None), (~counted, "not_due"))


def judged(asked: Asked) -> Query:
    """Items whose window after the works is full at the end of a month of the period."""
    full, over = [], []
    for version, mine in _by_version(asked, "proof"):
        months = -version.body["windows"]["final_from"]
        first = add_months(month_of(asked.first_day), months)
        last = last_day(add_months(month_of(asked.last_day), months))
        full.append(and_(mine, one.done_at.between(first, last)))
        for day in sorted({min(each, asked.last_day) for each in asked.last_days.values()}):
            whole = month_of(day + timedelta(days=1))  # the month after the last whole one
            ends = one.done_at < add_months(whole, months)
            over.append(and_(mine, _as_of(asked) == day, ends))
    proof = rectification_proofs.c
    same = and_(proof.bureau_id == one.bureau_id, proof.item_id == one.item_id, proof.outcome == "outages")
    found = {
        name: select(proof[name]).where(same).correlate(rectifications).scalar_subquery()
        for name in ("verdict", "stage", "reason")
    }
    is_judged = and_(found["stage"] == "final", found["reason"] == "")
    condition = and_(one.status.in_(("done", "closed")), or_(*full), or_(*over) if over else false())
    named = [(found["reason"] == code, code) for code in NAMED]
    counted = case((is_judged, True), else_=False)
    return _query(
        asked, condition, counted, found["verdict"] == "effective", *named, (~counted, "few_months")
    )


def _by_version(asked: Asked, rule_set: str) -> Iterator[tuple[RuleVersion, ColumnElement[bool]]]:
    """Each version, and the condition that the works were done while it was in force."""
    ordered = sorted(asked.rules[rule_set], key=lambda each: (each.valid_from, each.version))
    for version, following in zip(ordered, [*ordered[1:], None], strict=True):
        mine = one.done_at >= version.valid_from
        yield version, mine if following is None else and_(mine, one.done_at < following.valid_from)
