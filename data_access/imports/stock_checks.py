"""Customers served that would be counted twice: given for a unit and one above it, or by two sources."""

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, literal, or_, select, union_all

from data_access.imports import bulk, writable
from data_access.imports.checking import Plan
from data_access.imports.staging import Staging, add_found
from data_access.imports.take_over import same_key
from data_access.tables.org import customers_served, org_closure
from domain.viewer import Scope


def run(staging: Staging, plan: Plan) -> None:
    """Every question about customers served."""
    if plan.mapping.keep == "lowest":
        _keep_lowest(staging)
        if plan.scope is not None:
            _above_out_of_reach(staging, plan, plan.scope)
    else:
        _unit_and_above(staging, plan)
    _other_source(staging, plan)


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


def _above_out_of_reach(staging: Staging, plan: Plan, scope: Scope) -> None:
    """Staged rows below a unit outside the scope that has customers: those stay, and would count twice."""
    rows, stock = staging.rows, customers_served
    found = select(rows.c.row_no, rows.c.customers).where(
        exists().where(
            stock.c.level == rows.c.level,
            stock.c.month == rows.c.month,
            org_closure.c.descendant_id == rows.c.org_unit_id,
            org_closure.c.ancestor_id == stock.c.org_unit_id,
            org_closure.c.depth > 0,
            ~writable.of_scope(stock, scope),
        )
    )
    with bulk.transaction(staging.connection):
        add_found(staging, found, plan.names.get("unit", "unit"), "unit_and_above")


def above_of_staged(staging: Staging) -> ColumnElement[bool]:
    """Condition on customers_served: a staged row gives the same month and level below, from any source."""
    rows, stock = staging.rows, customers_served
    return exists().where(
        rows.c.level == stock.c.level,
        rows.c.month == stock.c.month,
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
