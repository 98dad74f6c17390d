"""The transaction at the end of an import: compare, write the batch, move the rows, state the coverage."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, delete, insert, select, true, update

from data_access import audit, company_zone
from data_access.imports import (
    batches,
    bulk,
    counted_twice,
    covering,
    staging,
    stock_checks,
    units,
    warned,
    writable,
)
from data_access.imports import take_over as taking
from data_access.imports.batches import Days, Options, Origin
from data_access.imports.checking import Plan
from data_access.imports.made_units import UnitRow
from data_access.imports.staging import Staging
from data_access.imports.take_over import Counts
from data_access.imports.units import UnitChanges
from data_access.stale import Mark
from data_access.tables.imports import IMPORTED, import_batches
from data_access.tables.org import database_info, org_units
from domain.periods import utc_now

TABLES = {table.name: table for table in IMPORTED}


@dataclass(frozen=True)
class ImportResult:
    """What an import did. batch_id is None where everything was there already and nothing changed."""

    batch_id: int | None
    rows: int
    new: int
    changed: int
    same: int
    withdrawn: int
    rejected: int
    warnings: int
    counts: tuple[tuple[str, str, str, int], ...]  # (severity, column, code, how many)
    covers: Days | None
    covers_units: tuple[str, ...]  # codes: there, with all below, no row in the period means zero
    ignored: tuple[str, ...]  # headers of the file that no column took
    units_made: int = 0


def unit_rows(store: Staging) -> dict[int, UnitRow]:
    c = store.rows.c
    rows = store.connection.execute(select(store.rows).order_by(c.row_no))
    return {
        row.row_no: UnitRow(
            row.code,
            row.name,
            row.level,
            row.parent_id or "",
            row.name_en,
            _iso(row.opened_on),
            _iso(row.closed_on),
        )
        for row in rows
    }


def _iso(day: object) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True)
class Comparison:
    """How a staged file compares with the database: worked out before the lock, true until a batch comes."""

    counts: Counts
    units: UnitChanges
    gone: ColumnElement[bool] | None
    marks: frozenset[Mark]  # of outages that are new as a whole


def compare(store: Staging, plan: Plan, options: Options) -> Comparison:
    """Compare the staged rows with what is there; marks may name provisional units."""
    connection = store.connection
    is_units = plan.kind.id == "units"
    with bulk.transaction(connection):
        if is_units:
            given = list(unit_rows(store).values())
        else:
            given = list(plan.made.rows.values()) if plan.made else []
        changes = units.compare(connection, given, keep_existing=not is_units)
        gone = _gone(store, plan, options)
        if is_units:
            return Comparison(changes.counts, changes, gone, frozenset())
        _settle_units(store, plan, _existing_ids(connection, plan))
        counts = taking.compare(store, gone)
        marks = taking.prepare(store, plan)
        return Comparison(counts, changes, gone, frozenset(marks))


def take_over(
    store: Staging,
    plan: Plan,
    origin: Origin,
    options: Options,
    compared: Comparison,
    days: Days | None,
    read: int,
    rejected: int,
) -> ImportResult:
    """Everything that must stand or fall together, in the caller's transaction."""
    connection = store.connection
    is_units = plan.kind.id == "units"
    counts, changes = compared.counts, compared.units
    if is_units and not plan.bureau_id:
        tops = [row.code for row in changes.rows if not row.parent]
        plan = replace(plan, bureau_id=tops[0] if tops else "")
    problems = tuple(staging.counts(store))
    warnings = sum(many for severity, _, _, many in problems if severity == "warning")
    summary = ImportResult(
        None, read, counts.new, counts.changed, counts.same, counts.withdrawn, rejected, warnings, problems,
        days, (), (), len(changes.new) if plan.made else 0,
    )  # fmt: skip
    if counts.is_nothing and not changes.new:
        known = covering.units(store, plan, origin, options, (), days)
        if batches.is_covered(connection, plan, known, days):
            return replace(summary, warnings=0)
    totals = {"rows": read, "rows_rejected": rejected, "warnings": warnings}
    batch_id = batches.write_batch(connection, plan, origin, None, counts, totals)
    marks = set(compared.marks)
    if changes.rows:
        twice = counted_twice.pairs(connection) if changes.changed else {}
        ids = units.take_over(connection, changes, batch_id)
        if changes.changed:
            moved = {number: row for number, row in unit_rows(store).items() if row.code in changes.changed}
            counted_twice.check_moves(connection, twice, moved, plan.names.get("parent", "parent"))
        if plan.made:
            _settle_units(store, plan, ids)
            real = {number: ids[code] for code, number in plan.made.ids.items()}
            marks = {(real.get(unit, unit), source, month) for unit, source, month in marks}
    covered = covering.units(store, plan, origin, options, changes.new, days)
    belongs_to = covering.owner(store, plan, origin, covered, compared.gone)
    connection.execute(
        update(import_batches).where(import_batches.c.id == batch_id).values(org_unit_id=belongs_to)
    )
    if not is_units:
        taking.move(store, plan.kind.id, plan.bureau_id, batch_id, compared.gone, plan.zone, marks)
    batches.state_coverage(connection, plan, batch_id, covered, days)
    warned.supersede(store, plan, batch_id)
    kept = warned.write(store, plan, batch_id)
    connection.execute(update(import_batches).where(import_batches.c.id == batch_id).values(warnings=kept))
    _settle_as_real(connection, origin)
    company_zone.keep(connection)
    subject = f"{plan.kind.id} {origin.file_name}"
    after = {"batch": batch_id, "new": counts.new, "changed": counts.changed, "withdrawn": counts.withdrawn}
    audit.record(
        connection, origin.viewer, f"import.{origin.origin}", subject, None, after, unit_id=belongs_to
    )
    codes = select(org_units.c.code).where(org_units.c.id.in_(covered)).order_by(org_units.c.code)
    units_covered = tuple(connection.execute(codes).scalars())
    return replace(summary, batch_id=batch_id, covers_units=units_covered, warnings=kept)


def _settle_as_real(connection: Connection, origin: Origin) -> None:
    """The first real rows make the database one for real data: the demo never comes on top."""
    known = connection.scalar(select(database_info.c.value).where(database_info.c.key == "data"))
    if known is None and origin.origin != "demo":
        connection.execute(insert(database_info).values(key="data", value="real", at=utc_now()))


def _existing_ids(connection: Connection, plan: Plan) -> dict[str, int]:
    """Made units that another import made since this one began."""
    if not plan.made or all(number > 0 for number in plan.made.ids.values()):
        return {}
    return dict(tuple(row) for row in connection.execute(select(org_units.c.code, org_units.c.id)))


def _settle_units(store: Staging, plan: Plan, ids: Mapping[str, int]) -> None:
    """Put real numbers of units where staged rows have provisional ones."""
    pairs = [
        {"provisional": number, "id": ids[code]}
        for code, number in (plan.made.ids.items() if plan.made else ())
        if number < 0 and code in ids
    ]
    if not pairs:
        return
    made = store.made_units
    store.connection.execute(delete(made).where(true()))
    store.connection.execute(insert(made), pairs)
    for table in (store.rows, store.summaries):
        unit = table.c.get("org_unit_id")
        if unit is None:
            continue
        real = select(made.c.id).where(made.c.provisional == unit).scalar_subquery()
        store.connection.execute(
            update(table).where(unit.in_(select(made.c.provisional))).values(org_unit_id=real)
        )


def _gone(store: Staging, plan: Plan, options: Options) -> ColumnElement[bool] | None:
    """Condition on rows of the table that go: lacking in a period replaced, or above a lowest unit.

    Only rows of the viewer's units: of the others the file says nothing.
    """
    conditions = []
    if options.replaces:
        conditions.append(taking.lacking(store, taking.in_period(store, plan, options.replaces)))
    if plan.kind.id == "customers_served" and plan.mapping.keep == "lowest":
        conditions.append(stock_checks.above_of_staged(store))
    if plan.scope is not None:
        conditions = [one & writable.of_scope(store.target, plan.scope) for one in conditions]
    return taking.any_of(conditions)
