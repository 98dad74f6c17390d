"""Lines and areas behind the counts of those at risk, as they stood at the end of the month; as stored."""

from sqlalchemy import BigInteger, and_, func, literal

from data_access.masking import masked
from data_access.record_queries import Asked, Query
from data_access.tables.grid import areas, lines
from data_access.tables.risk import risk_objects


def at_risk(asked: Asked) -> Query:
    """Lines or areas that met a rule of risk, those that are expected to cost most first."""
    kind = asked.kpi.records.removeprefix("risk_").removesuffix("s")
    table, code = lines if kind == "line" else areas, f"{kind}_code"
    one = risk_objects.c
    same = and_(table.c.bureau_id == one.bureau_id, table.c[code] == one.object_code)
    return Query(
        risk_objects.outerjoin(table, same),
        (
            asked.of_unit(one.org_unit_id),
            one.object_kind == kind,
            one.month == asked.last_day.replace(day=1),
        ),
        (),
        (
            one.expected_min.is_(None),
            one.expected_min.desc(),
            one.level,
            one.bureau_id,
            one.object_code,
            one.org_unit_id,
        ),
        one.org_unit_id,
        (
            one.object_code.label(code),
            masked(table.c.name).label(f"{kind}_name"),
            table.c.kind.label(f"{kind}_kind"),
            one.level.label("risk_level"),
            func.trim(one.rules, ";").label("risk_rules"),
            one.faults_12m,
            one.customers,
            one.expected_min,
            one.bureau_id,
        ),
        literal(1, BigInteger),
        literal(0, BigInteger),
        literal(""),
    )
