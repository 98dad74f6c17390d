"""Areas and lines behind the as-of KPIs, as they stood at the end of the month; from what refresh stored.

Names of dedicated accounts are masked; with bureau_id, who may see them plain can ask for them.

filters.cause, kind and day narrow nothing here: an area is counted once, by all of its interruptions.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from data_access.masking import masked
from data_access.record_queries import Asked, Query, first_reason, one_if
from data_access.tables.grid import areas
from data_access.tables.kpi import area_months, frequent_outage_list
from domain.periods import add_months
from domain.rule_sets import holds, version_on


def _standing(asked: Asked) -> ColumnElement[bool]:
    """Condition: the area stands at the end of the month, as data_access/measures/stocks.py counts it."""
    after = asked.last_day + timedelta(days=1)
    return and_(
        or_(areas.c.opened_on.is_(None), areas.c.opened_on < after),
        or_(areas.c.closed_on.is_(None), areas.c.closed_on >= after),
    )


def _of_window(asked: Asked, months: int) -> Subquery:
    """One row per area that stands or was interrupted in the months up to the as-of month.

    Of a KPI without major event days, only what began on other days.
    """
    last = asked.last_day.replace(day=1)
    month = area_months.c
    counts = (month.interruptions, month.seconds, month.longest_s)
    if asked.leaves_out_major_events:
        of_other_days = month.interruptions - month.interruptions_med, month.seconds - month.seconds_med
        counts = (*of_other_days, month.longest_no_med_s)
    zero = cast(literal(0), BigInteger)
    registered = select(
        areas.c.bureau_id,
        areas.c.area_code,
        areas.c.org_unit_id,
        zero.label("interruptions"),
        zero.label("seconds"),
        zero.label("longest_s"),
        zero.label("planned"),
        literal(1).label("stands"),
    ).where(asked.of_unit(areas.c.org_unit_id), _standing(asked))
    interrupted = select(
        month.bureau_id,
        month.area_code,
        month.org_unit_id,
        cast(counts[0], BigInteger),
        *counts[1:],
        cast(one_if(month.month == last) * month.planned_in_window, BigInteger),
        literal(0),
    ).where(asked.of_unit(month.org_unit_id), month.month.between(add_months(last, 1 - months), last))
    both = union_all(registered, interrupted).subquery("both")
    one = both.c
    return (
        select(
            one.bureau_id,
            one.area_code,
            one.org_unit_id,
            cast(func.sum(one.interruptions), BigInteger).label("interruptions"),
            cast(func.sum(one.seconds), BigInteger).label("total_s"),
            func.max(one.longest_s).label("longest_s"),
            cast(func.sum(one.planned), BigInteger).label("planned_outages"),
            func.max(one.stands).label("stands"),
        )
        .group_by(one.bureau_id, one.area_code, one.org_unit_id)
        .subquery("window")
    )


def _query(
    found: Subquery,
    most_first: str,
    shown: tuple[str, ...],
    in_numerator: ColumnElement[bool],
    is_counted: ColumnElement[bool],
    why_not: str,
) -> Query:
    one = found.c
    of_area = and_(areas.c.bureau_id == one.bureau_id, areas.c.area_code == one.area_code)
    return Query(
        found.outerjoin(areas, of_area),
        (or_(is_counted, one[most_first] > 0),),
        (),
        (one[most_first].desc(), one.bureau_id, one.area_code, one.org_unit_id),
        one.org_unit_id,
        (
            one.area_code,
            masked(areas.c.name).label("area_name"),
            areas.c.kind.label("area_kind"),
            areas.c.line_code,
            *[one[name] for name in shown],
            one.bureau_id,
        ),
        one_if(and_(in_numerator, is_counted)),
        one_if(is_counted),
        first_reason((~is_counted, why_not)),
    )


def _with_threshold(
    most_first: str, meets: Callable[[Asked, Subquery], ColumnElement[bool]]
) -> Callable[[Asked], Query]:
    """Query of the areas that stand; one that is not registered was interrupted but is in no denominator."""

    def query(asked: Asked) -> Query:
        found = _of_window(asked, 12)
        shown = ("interruptions", "total_s", "longest_s")
        return _query(found, most_first, shown, meets(asked, found), found.c.stands == 1, "not_registered")

    return query


def _rule(asked: Asked, rule_set: str) -> dict:
    return dict(version_on(asked.rules[rule_set], asked.last_day).body)


def _often(asked: Asked, found: Subquery) -> ColumnElement[bool]:
    rule = _rule(asked, "reliability")["cemi"]
    return holds(found.c.interruptions, rule["operator"], rule["interruptions"])


def _once_long(asked: Asked, found: Subquery) -> ColumnElement[bool]:
    return found.c.longest_s >= round(_rule(asked, "reliability")["celid_single"]["hours"] * 3600)


def _long_in_all(asked: Asked, found: Subquery) -> ColumnElement[bool]:
    return found.c.total_s >= round(_rule(asked, "reliability")["celid_total"]["hours"] * 3600)


cemi_areas = _with_threshold("interruptions", _often)
celid_s_areas = _with_threshold("longest_s", _once_long)
celid_t_areas = _with_threshold("total_s", _long_in_all)


def areas_planned(asked: Asked) -> Query:
    """Areas with a planned outage in the 60 days to the as-of date; those with several are the numerator."""
    rule = _rule(asked, "notices")["repeated_planned"]
    found = _of_window(asked, 1)
    planned = found.c.planned_outages
    repeated = holds(planned, rule["operator"], rule["outages"])
    return _query(found, "planned_outages", ("planned_outages",), repeated, planned > 0, "no_planned_outage")


def listed(asked: Asked) -> Query:
    """Areas or lines on the frequent-outage or the warning list at the as-of date.

    An area on several lines is counted once, under its worst label; its other rows say so.
    """
    subject = "line" if asked.kpi.records == "frequent_lines" else "area"
    state = "warning" if asked.kpi.records == "warning_areas" else "frequent"
    found = _ranked(asked, subject)
    one = found.c
    shown = (one.code.label(f"{subject}_code"),)
    source: FromClause = found
    if subject == "area":
        of_area = and_(areas.c.bureau_id == one.bureau_id, areas.c.area_code == one.code)
        source = found.outerjoin(areas, of_area)
        shown += (masked(areas.c.name).label("area_name"), areas.c.kind.label("area_kind"), one.line_code)
    return Query(
        source,
        (one.state == state,),
        (),
        (one.total.desc(), one.bureau_id, one.code, one.line_code, one.org_unit_id),
        one.org_unit_id,
        (
            *shown,
            one.label,
            one.labels,
            one.total,
            one.fault,
            one.planned,
            one.most_in_window,
            one.warned_on,
            one.bureau_id,
        ),
        one_if(one.place == 1),
        literal(0, BigInteger),
        first_reason((one.place > 1, "counted_on_another_line")),
    )


def _ranked(asked: Asked, subject: str) -> Subquery:
    """The list's rows with their place among the rows of the same area: 1 is the worst label."""
    one = frequent_outage_list.c
    worst_first = case(
        *[
            (
                and_(one.rule_version == version.version, one.state == state, one.label == label),
                place + 100 * (state == "warning"),
            )
            for version in asked.rules["frequent_outage"]
            for state in ("frequent", "warning")
            for place, label in enumerate(version.body["priority"][state])
        ],
        else_=1_000,
    )
    place = func.row_number().over(
        partition_by=(one.org_unit_id, one.bureau_id, one.code), order_by=(worst_first, one.line_code)
    )
    return (
        select(*one, place.label("place"))
        .where(
            asked.of_unit(one.org_unit_id),
            one.subject == subject,
            one.as_of.between(asked.last_day.replace(day=1), asked.last_day),
        )
        .subquery("listed")
    )
