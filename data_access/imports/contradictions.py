"""Steps of one outage that contradict each other about the outage as a whole: one of them is wrong.

They are taken, for the outage follows the first that says anything, and somebody is asked to look.
"""

from sqlalchemy import Boolean, Column, ColumnElement, DateTime, Integer, and_, case, cast, func, select

from data_access.imports import bulk
from data_access.imports.checking import Plan
from data_access.imports.staging import Staging, add_found
from data_access.tables.org import org_units

OF_OUTAGE = (
    "outage_org_unit_id", "outage_kind", "outage_cause", "line_code", "detected_at", "trip", "has_automation",
    "is_fast_restored", "is_boundary_breaker",
)  # fmt: skip


def run(staging: Staging, plan: Plan) -> None:
    """Note the steps that differ from others of their outage in a column that the file has."""
    ours = {one.column: one.id for one in plan.kind.columns.values() if one.id in plan.mapping.columns}
    names = [name for name in OF_OUTAGE if name in ours]
    with bulk.transaction(staging.connection):
        for name in _differing(staging, names):
            _note(staging, plan, name, plan.names.get(ours[name], ours[name]))


def _comparable(column: Column) -> ColumnElement:
    """The column in a type that every database finds the smallest of."""
    return cast(column, Integer) if isinstance(column.type, Boolean) else column


def _differing(staging: Staging, names: list[str]) -> list[str]:
    """The columns in which any outage's steps differ, from one look at all rows."""
    if not names:
        return []
    rows = staging.rows
    columns = [_comparable(rows.c[name]) for name in names]
    differs = [
        case((func.min(one) != func.max(one), 1), else_=0).label(name)
        for name, one in zip(names, columns, strict=True)
    ]
    by_outage = select(*differs).group_by(rows.c.outage_key).having(func.count() > 1).subquery("by_outage")
    found = staging.connection.execute(select(*(func.max(by_outage.c[name]) for name in names))).one()
    return [name for name, flag in zip(names, found, strict=True) if flag]


def _note(staging: Staging, plan: Plan, name: str, header: str) -> None:
    """Name each step that differs from the smallest of its outage, with what that one says."""
    rows = staging.rows
    column = _comparable(rows.c[name])
    least = (
        select(rows.c.outage_key, func.min(column).label("least"))
        .group_by(rows.c.outage_key)
        .having(func.min(column) != func.max(column))
        .subquery("of_outage")
    )
    differs = and_(rows.c.outage_key == least.c.outage_key, column != least.c.least)
    texts = [_text(staging, plan, rows.c[name], one) for one in (column, least.c.least)]
    found = select(rows.c.row_no, *texts).join_from(rows, least, differs)
    add_found(staging, found, header, "differs_in_outage", "warning")


def _text(staging: Staging, plan: Plan, of: Column, value: ColumnElement) -> ColumnElement:
    """How a person reads the value."""
    if of.name == "outage_org_unit_id":
        unit = org_units.alias()
        spoken = unit.c.code + " " + unit.c.name
        return select(spoken).where(unit.c.id == value).scalar_subquery()
    if isinstance(of.type, Boolean):
        return case((value == 1, "true"), else_="false")
    if isinstance(of.type, DateTime):
        first, last = staging.connection.execute(select(func.min(of), func.max(of))).one()
        return bulk.local_minute(staging.connection, value, plan.zone, first, last)
    return value
