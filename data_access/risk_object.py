"""All that is known of one line or area at risk: findings, terms of the score, outages, course."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Select, and_, case, func, literal, not_, or_, select

from data_access import object_months, rules
from data_access.masking import masked
from data_access.measures.outage_nature import is_external, is_passed
from data_access.measures.outages import is_momentary
from data_access.scope import within
from data_access.tables.grid import areas, lines
from data_access.tables.org import org_units
from data_access.tables.outages import outage_steps, outages
from data_access.tables.risk import risk_findings, risk_objects
from data_access.transactions import reading
from domain.errors import NotFound
from domain.periods import add_months, last_day
from domain.risk_score import WINDOW_MONTHS
from domain.viewer import Scope

REGISTERS = {"line": (lines, "line_code"), "area": (areas, "area_code")}
FINDING = ("rule", "level", "value", "threshold", "rule_version", "has_entered", "evidence_count", "evidence")


@dataclass(frozen=True)
class RiskObject:
    """One object at a month-end.

    register: name (masked of a dedicated account), kind, org_unit_id, unit_name, unit_name_en, opened_on,
    closed_on. terms: the columns of risk_objects, None where it met no rule then. findings: FINDING, the
    gravest first. outages: the sustained ones of 24 months, the last first, with outage_key, started_at,
    ended_at (UTC), kind, cause, customers, start_day, is_external, is_passed. months: as object_months.read()
    gives them for these 24 months. levels: month, level and rules (";RL1;RL6;") of each
    month-end of them at which it was at risk.
    """

    register: dict[str, Any]
    terms: dict[str, Any] | None
    findings: pd.DataFrame
    outages: pd.DataFrame
    months: pd.DataFrame
    levels: pd.DataFrame


def one(
    engine: Engine, scope: Scope, bureau_id: str, object_kind: str, object_code: str, month: date
) -> RiskObject:
    """The object at the month-end. Raises NotFound for one that is not registered or outside the scope."""
    first = add_months(month, 1 - WINDOW_MONTHS)
    with reading(engine, scope) as connection:
        register = _register(connection, scope, bureau_id, object_kind, object_code)
        key = (bureau_id, object_kind, object_code, register["org_unit_id"])
        terms = _terms(connection, key, month)
        findings = _findings(connection, key, month)
        history = sustained(connection, bureau_id, object_kind, object_code, first, last_day(month))
        levels = _levels(connection, key, first, month)
    wanted = [(bureau_id, object_kind, object_code)]
    months = object_months.read(engine, scope, wanted, first, month)
    return RiskObject(register, terms, findings, history, months, levels)


def _register(
    connection: Connection, scope: Scope, bureau_id: str, object_kind: str, object_code: str
) -> dict[str, Any]:
    if object_kind not in REGISTERS:
        raise NotFound(object_code)
    table, code = REGISTERS[object_kind]
    c = table.c
    statement = (
        select(
            masked(c.name).label("name"),
            c.kind,
            c.org_unit_id,
            c.opened_on,
            c.closed_on,
            org_units.c.name.label("unit_name"),
            org_units.c.name_en.label("unit_name_en"),
        )
        .join_from(table, org_units, org_units.c.id == c.org_unit_id)
        .where(c.bureau_id == bureau_id, c[code] == object_code, within(c.org_unit_id, scope))
    )
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise NotFound(object_code)
    return dict(row)


def _same(table: Any, key: tuple[str, str, str, int]) -> list[Any]:
    names = ("bureau_id", "object_kind", "object_code", "org_unit_id")
    return [table.c[name] == value for name, value in zip(names, key, strict=True)]


def _terms(connection: Connection, key: tuple[str, str, str, int], month: date) -> dict[str, Any] | None:
    statement = select(risk_objects).where(*_same(risk_objects, key), risk_objects.c.month == month)
    row = connection.execute(statement).mappings().first()
    return dict(row) if row else None


def _findings(connection: Connection, key: tuple[str, str, str, int], month: date) -> pd.DataFrame:
    c = risk_findings.c
    place = case({f"RL{number}": number for number in range(1, 13)}, value=c.rule)
    statement = select(*(c[name] for name in FINDING)).where(*_same(risk_findings, key), c.month == month)
    return _frame(connection, statement.order_by(c.level, place))


def _levels(connection: Connection, key: tuple[str, str, str, int], first: date, last: date) -> pd.DataFrame:
    c = risk_objects.c
    statement = select(c.month, c.level, c.rules).where(
        *_same(risk_objects, key), c.month.between(first, last)
    )
    return _frame(connection, statement.order_by(c.month))


def sustained(
    connection: Connection, bureau_id: str, kind: str, code: str, first: date, last: date
) -> pd.DataFrame:
    """Sustained outages of the object; of an area those whose steps there lasted, with its own customers."""
    known = {name: rules.versions(connection, name) for name in ("outages", "causes")}
    c, step = outages.c, outage_steps.c
    columns = [
        c.outage_key, c.started_at, c.ended_at, c.kind, c.cause, c.start_day,
        _flag(is_external(known), "is_external"), _flag(is_passed(known), "is_passed"),
    ]  # fmt: skip
    if kind == "line":
        momentary = is_momentary(known["outages"], c.start_day, c.longest_step_s)
        statement = select(*columns, c.customers).where(
            c.bureau_id == bureau_id,
            c.line_code == code,
            c.start_day.between(first, last),
            or_(c.open_steps > 0, not_(momentary)),
        )
    else:
        own = and_(c.bureau_id == step.bureau_id, c.outage_key == step.outage_key)
        momentary = is_momentary(known["outages"], step.start_day, step.duration_s)
        statement = (
            select(*columns, func.sum(step.customers).label("customers"))
            .select_from(outage_steps.join(outages, own))
            .where(
                step.bureau_id == bureau_id,
                step.area_code == code,
                step.start_day.between(first, last),
                not_(momentary),
            )
            .group_by(*outages.primary_key.columns, *columns)
        )
    return _frame(connection, statement.order_by(c.started_at.desc(), c.outage_key))


def _flag(condition: Any, name: str) -> Any:
    return case((condition, literal(1)), else_=literal(0)).label(name)


def _frame(connection: Connection, statement: Select) -> pd.DataFrame:
    result = connection.execute(statement)
    return pd.DataFrame([tuple(row) for row in result], columns=list(result.keys()), dtype=object)
