"""What only shows when rows are compared with each other and with the database: one statement per question.

Each writes what it finds into the staged problems.
"""

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
)

from data_access.derived_outages import area_codes
from data_access.imports import bulk, contradictions, stock_checks, writable
from data_access.imports.checking import Plan
from data_access.imports.staging import Staging, add_found, add_one_by_one
from data_access.imports.take_over import same_key
from data_access.tables.condition import damage_sites
from data_access.tables.grid import areas, lines
from data_access.tables.outages import outages
from domain.errors import Problem
from domain.mapping import ROW_NUMBER
from domain.viewer import Scope

KNOWN = {
    "area": (areas, "area_code", "unknown_area"),
    "line": (lines, "line_code", "unknown_line"),
    "outage": (outages, "outage_key", "unknown_outage"),
    "site": (damage_sites, "site_key", "unknown_site"),
}


CODES = (
    "duplicate_key", "unknown_area", "unknown_line", "unknown_outage", "unknown_site", "equal_rows",
    "differs_in_outage", "unit_and_above", "given_by_other_source", "code_taken", "level_order",
    "out_of_reach",
)  # fmt: skip


def forget(staging: Staging) -> None:
    """Drop the answers, to ask again."""
    with bulk.transaction(staging.connection):
        staging.connection.execute(delete(staging.problems).where(staging.problems.c.code.in_(CODES)))


def run(staging: Staging, plan: Plan) -> None:
    """Every question that the kind calls for."""
    _duplicates(staging, plan)
    if plan.scope is not None and plan.kind.id != "units":
        _out_of_reach(staging, plan, plan.scope)
    for column in plan.kind.columns.values():
        if column.to in KNOWN and (column.id in plan.mapping.columns or _is_made(plan, column.id)):
            _unknown(staging, plan, column.id)
    if plan.mapping.source_key == ROW_NUMBER:
        _equal_rows(staging)
    if plan.kind.id == "outages":
        contradictions.run(staging, plan)
    if plan.kind.id == "notices" and "area_codes" in plan.mapping.columns:
        _unknown_areas(staging, plan)
    if plan.kind.id == "customers_served":
        stock_checks.run(staging, plan)


def _is_made(plan: Plan, ours: str) -> bool:
    """Whether the column is the key that the mapping makes from other columns."""
    return bool(plan.mapping.source_key) and ours == plan.kind.key[0]


def _duplicates(staging: Staging, plan: Plan) -> None:
    """The first row of a key is taken; the others are errors that name it."""
    rows = staging.rows
    first = (
        select(*(rows.c[name] for name in staging.key), func.min(rows.c.row_no).label("first"))
        .group_by(*(rows.c[name] for name in staging.key))
        .having(func.count() > 1)
        .subquery("first")
    )
    shown = [name for name in staging.key if name != "bureau_id"]
    text = rows.c[shown[0]] if len(shown) == 1 else _joined([rows.c[name] for name in shown])
    found = select(rows.c.row_no, text, first.c.first).join_from(
        rows, first, and_(same_key(staging, rows, first), rows.c.row_no > first.c.first)
    )
    names = plan.names
    column = ", ".join(names.get(name, name) for name in plan.kind.key)
    with bulk.transaction(staging.connection):
        add_found(staging, found, column, "duplicate_key")


def _joined(columns: list[ColumnElement]) -> ColumnElement:
    text = cast(columns[0], String)
    for column in columns[1:]:
        text = text + literal(" ") + cast(column, String)
    return text


def _out_of_reach(staging: Staging, plan: Plan, scope: Scope) -> None:
    """Rows whose key, or whose outage, belongs to a unit outside the scope: they would take it over."""
    rows, target, names = staging.rows, staging.target, plan.names
    shown = plan.kind.key_columns[0]
    hits = select(rows.c.row_no, rows.c[shown]).join_from(rows, target, same_key(staging, rows, target))
    found = [(plan.kind.key[0], hits.where(~writable.of_scope(target, scope)))]
    if plan.kind.id == "outages":
        foreign = exists().where(
            outages.c.bureau_id == rows.c.bureau_id,
            outages.c.outage_key == rows.c.outage_key,
            ~writable.of_scope(outages, scope),
        )
        found.append(("outage_key", select(rows.c.row_no, rows.c.outage_key).where(foreign)))
    with bulk.transaction(staging.connection):
        for ours, one in found:
            add_found(staging, one, names.get(ours, ours), "out_of_reach")


def _unknown(staging: Staging, plan: Plan, ours: str) -> None:
    """References to areas, lines and outages that the source's key space does not hold.

    What a row is about must lie in the scope; elsewhere it is as unknown as what is not there.
    """
    column = plan.kind.columns[ours]
    table, name, code = KNOWN[column.to]
    rows = staging.rows
    value = rows.c[column.column]
    known = exists().where(table.c.bureau_id == rows.c.bureau_id, table.c[name] == value)
    severity = column.unknown
    if plan.scope is not None and (table, name) == writable.ABOUT.get(plan.kind.table):
        known, severity = known.where(writable.of_scope(table, plan.scope)), "error"
    found = select(rows.c.row_no, value).where(value.is_not(None), ~known)
    with bulk.transaction(staging.connection):
        add_found(staging, found, plan.names.get(ours, ours), code, severity)


def _unknown_areas(staging: Staging, plan: Plan) -> None:
    """Announced areas that the source's key space does not hold; the notice keeps all of its codes."""
    rows, connection = staging.rows, staging.connection
    with bulk.transaction(connection):
        register = select(areas.c.area_code).where(areas.c.bureau_id == plan.bureau_id)
        known = set(connection.execute(register).scalars())
        given = connection.execute(
            select(rows.c.row_no, rows.c.area_codes).where(rows.c.area_codes.is_not(None))
        )
        found = [
            Problem(row, "area_codes", "; ".join(unknown), "unknown_area", "", "warning")
            for row, codes in given
            if (unknown := [code for code in area_codes(codes) if code not in known])
        ]
        add_one_by_one(staging, found, plan.names)


def _equal_rows(staging: Staging) -> None:
    """Rows that say the same in a file without keys: perhaps twice the same event."""
    rows = staging.rows
    first = (
        select(rows.c.row_hash, func.min(rows.c.row_no).label("first"))
        .group_by(rows.c.row_hash)
        .having(func.count() > 1)
        .subquery("first")
    )
    found = select(rows.c.row_no, literal(""), first.c.first).join_from(
        rows, first, and_(rows.c.row_hash == first.c.row_hash, rows.c.row_no > first.c.first)
    )
    with bulk.transaction(staging.connection):
        add_found(staging, found, "", "equal_rows", "warning")
