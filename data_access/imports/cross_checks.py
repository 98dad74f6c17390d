"""What only shows when rows are compared with each other and with the database: one statement per question.

Each writes what it finds into the staged problems.
"""

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from data_access.derived_outages import area_codes
from data_access.imports import bulk, contradictions
from data_access.imports.checking import Plan
from data_access.imports.staging import Staging, add_found, add_one_by_one
from data_access.imports.take_over import same_key
from data_access.tables.grid import areas, lines
from data_access.tables.org import customers_served, org_closure
from data_access.tables.outages import outages
from domain.errors import Problem
from domain.mapping import ROW_NUMBER

KNOWN = {
    "area": (areas, "area_code", "unknown_area"),
    "line": (lines, "line_code", "unknown_line"),
    "outage": (outages, "outage_key", "unknown_outage"),
}


CODES = (
    "duplicate_key", "unknown_area", "unknown_line", "unknown_outage", "equal_rows", "differs_in_outage",
    "unit_and_above", "given_by_other_source", "code_taken", "level_order",
)  # fmt: skip


def forget(staging: Staging) -> None:
    """Drop the answers, to ask again."""
    with bulk.transaction(staging.connection):
        staging.connection.execute(delete(staging.problems).where(staging.problems.c.code.in_(CODES)))


def run(staging: Staging, plan: Plan) -> None:
    """Every question that the kind calls for."""
    _duplicates(staging, plan)
    for column in plan.kind.columns.values():
        if column.to in KNOWN and column.id in plan.mapping.columns:
            _unknown(staging, plan, column.id)
    if plan.mapping.source_key == ROW_NUMBER:
        _equal_rows(staging)
    if plan.kind.id == "outages":
        contradictions.run(staging, plan)
    if plan.kind.id == "notices" and "area_codes" in plan.mapping.columns:
        _unknown_areas(staging, plan)
    if plan.kind.id == "customers_served":
        if plan.mapping.keep == "lowest":
            _keep_lowest(staging)
        else:
            _unit_and_above(staging, plan)
        _other_source(staging, plan)


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


def _unknown(staging: Staging, plan: Plan, ours: str) -> None:
    """References to areas, lines and outages that the source's key space does not hold."""
    column = plan.kind.columns[ours]
    table, name, code = KNOWN[column.to]
    rows = staging.rows
    value = rows.c[column.column]
    known = exists().where(table.c.bureau_id == rows.c.bureau_id, table.c[name] == value)
    found = select(rows.c.row_no, value).where(value.is_not(None), ~known)
    with bulk.transaction(staging.connection):
        add_found(staging, found, plan.names.get(ours, ours), code, column.unknown)


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


def _stock_pairs(staging: Staging) -> Select:
    """(row_no above, row_no below) of staged rows; null where the other one is in the database already."""
    rows, stock = staging.rows, customers_served
    staged = select(rows.c.row_no, rows.c.org_unit_id, rows.c.level, rows.c.month)
    kept = select(literal(None).label("row_no"), stock.c.org_unit_id, stock.c.level, stock.c.month).where(
        ~exists().where(same_key(staging, rows, stock))
    )
    every = union_all(staged, kept)
    above, below = every.subquery("above"), every.subquery("below")
    return (
        select(above.c.row_no.label("above"), below.c.row_no.label("below"))
        .join_from(above, org_closure, org_closure.c.ancestor_id == above.c.org_unit_id)
        .join(
            below,
            and_(
                below.c.org_unit_id == org_closure.c.descendant_id,
                below.c.level == above.c.level,
                below.c.month == above.c.month,
            ),
        )
        .where(org_closure.c.depth > 0, or_(above.c.row_no.is_not(None), below.c.row_no.is_not(None)))
    )


def _unit_and_above(staging: Staging, plan: Plan) -> None:
    """Customers of a unit and of one above it in the same month would be counted twice."""
    rows = staging.rows
    pairs = _stock_pairs(staging).subquery("pairs")
    wrong = select(func.coalesce(pairs.c.above, pairs.c.below))
    found = select(rows.c.row_no, rows.c.customers).where(rows.c.row_no.in_(wrong))
    with bulk.transaction(staging.connection):
        add_found(staging, found, plan.names.get("unit", "unit"), "unit_and_above")


def _keep_lowest(staging: Staging) -> None:
    """Leave out staged rows of units below which the same month and level is given."""
    pairs = _stock_pairs(staging).subquery("pairs")
    above = select(pairs.c.above).where(pairs.c.above.is_not(None))
    with bulk.transaction(staging.connection):
        staging.connection.execute(delete(staging.rows).where(staging.rows.c.row_no.in_(above)))


def above_of_staged(staging: Staging) -> ColumnElement[bool]:
    """Condition on customers_served: below the unit a staged row gives the same month and level."""
    rows, stock = staging.rows, customers_served
    return exists().where(
        rows.c.level == stock.c.level,
        rows.c.month == stock.c.month,
        rows.c.bureau_id == stock.c.bureau_id,
        org_closure.c.descendant_id == rows.c.org_unit_id,
        org_closure.c.ancestor_id == stock.c.org_unit_id,
        org_closure.c.depth > 0,
    )


def _other_source(staging: Staging, plan: Plan) -> None:
    """The same unit, level and month from another source would be counted twice."""
    rows, stock = staging.rows, customers_served
    found = select(rows.c.row_no, rows.c.customers, stock.c.bureau_id).join_from(
        rows,
        stock,
        and_(
            stock.c.org_unit_id == rows.c.org_unit_id,
            stock.c.level == rows.c.level,
            stock.c.month == rows.c.month,
            stock.c.bureau_id != rows.c.bureau_id,
        ),
    )
    with bulk.transaction(staging.connection):
        add_found(staging, found, plan.names.get("unit", "unit"), "given_by_other_source")
