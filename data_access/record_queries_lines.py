"""Lines behind the as-of KPI of repeated faults; as data_access/measures/repeat_lines.py."""

from datetime import timedelta

from sqlalchemy import BigInteger, and_, func, literal, or_, select

from data_access.record_queries import Asked, Query, first_reason, is_major_event, one_if
from data_access.record_queries_outages import outage_conditions
from data_access.tables.grid import lines
from data_access.tables.outages import outages
from domain.periods import add_months
from domain.rule_sets import holds, version_on


def repeat_fault_lines(asked: Asked) -> Query:
    """Lines in service at the as-of date with their faults of 12 months, momentary ones left out."""
    one, after = lines.c, asked.last_day + timedelta(days=1)
    first = add_months(asked.last_day.replace(day=1), -11)
    conditions = [outage_conditions(asked)["faults"]]
    if asked.leaves_out_major_events:
        conditions.append(~is_major_event(one.org_unit_id, outages.c.start_day))
    of_line = and_(outages.c.bureau_id == one.bureau_id, outages.c.line_code == one.line_code)
    counted = (
        select(outages.c.bureau_id, outages.c.line_code, func.count().label("faults"))
        .select_from(lines.join(outages, of_line))
        .where(
            *conditions, outages.c.start_day.between(first, asked.last_day), asked.of_unit(one.org_unit_id)
        )
        .group_by(outages.c.bureau_id, outages.c.line_code)
        .subquery("counted")
    )
    faults = func.coalesce(counted.c.faults, 0)
    rule = version_on(asked.rules["reliability"], asked.last_day).body["repeat_faults"]
    on_line = and_(counted.c.bureau_id == one.bureau_id, counted.c.line_code == one.line_code)
    return Query(
        lines.outerjoin(counted, on_line),
        (
            asked.of_unit(one.org_unit_id),
            or_(one.opened_on.is_(None), one.opened_on < after),
            or_(one.closed_on.is_(None), one.closed_on >= after),
        ),
        (),
        (faults.desc(), one.bureau_id, one.line_code),
        one.org_unit_id,
        (one.line_code, one.name.label("line_name"), one.kind.label("line_kind"), faults.label("faults")),
        one_if(holds(faults, rule["operator"], rule["faults"])),
        literal(1, BigInteger),
        first_reason(),
    )
