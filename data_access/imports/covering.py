"""For which units an import covers its period: those that its rows speak of, unless somebody says otherwise.

No row means zero only for units that the file could have had rows of. A file of one city says nothing about
another one, whoever brings it.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, FromClause, Select, select, tuple_

from data_access import org_units as tree
from data_access.imports import batches, writable
from data_access.imports import take_over as taking
from data_access.imports.batches import Days, Options, Origin
from data_access.imports.checking import Plan
from data_access.imports.staging import Staging
from data_access.scope import within
from data_access.tables.org import org_units
from data_access.tables.outages import outage_steps
from domain.errors import InvalidInput
from domain.org_units import OrgUnit, outermost, spoken_of


def units(
    store: Staging,
    plan: Plan,
    origin: Origin,
    options: Options,
    made: Iterable[str],
    days: Days | None,
) -> list[int]:
    """Ids of the units that the import covers with all below: those named, else those its rows speak of.

    made: codes of units that this import made, which may be named too. Raises InvalidInput for one that is
    not seen, and where somebody stated days but nothing says for which unit.
    """
    if not days or not batches.covered_sources(plan):
        return []
    known = tree.all_units(store.connection)
    if codes := options.covers_units or plan.mapping.covers_unit:
        visible = _visible(store.connection, origin, made)
        if unknown := [code for code in codes if code not in visible]:
            raise InvalidInput("unknown_unit", unit=unknown[0])
        return outermost((visible[code] for code in codes), known)
    found = proposed(plan.kind.id, rows_units(store, plan), known)
    if not found and (options.covers or plan.mapping.covers or "file") != "file":
        raise InvalidInput("covers_unit_missing")
    return found


def proposed(kind_id: str, unit_ids: Iterable[int], known: dict[int, OrgUnit]) -> list[int]:
    """The units that rows booked on unit_ids cover, unless somebody says otherwise.

    A list of major event days speaks of the units that it names, and not of what lies between them.
    """
    return outermost(unit_ids, known) if kind_id == "major_event_dates" else spoken_of(unit_ids, known)


def owner(
    store: Staging, plan: Plan, origin: Origin, covered: Iterable[int], gone: ColumnElement[bool] | None
) -> int | None:
    """The unit that the batch belongs to: the lowest above its rows, those it replaces, and what it covers.

    So nobody undoes a batch that also changed what lies elsewhere. Where the person does not see that unit,
    or no row has one: the source's own unit, else the first root. To be asked before the rows are moved.
    """
    visible = _visible(store.connection, origin, ())
    touched = rows_units(store, plan) | _former_units(store, gone)
    found = tree.lowest_over(store.connection, {*touched, *covered})
    if found in visible.values():
        return found
    if plan.bureau_id in visible:
        return visible[plan.bureau_id]
    if origin.viewer.scope.roots:
        return origin.viewer.scope.roots[0]
    # The first import of an empty database: whoever may do that sees everything.
    if found is not None:
        return found
    tops = select(org_units.c.id).where(org_units.c.parent_id.is_(None)).order_by(org_units.c.id)
    return store.connection.scalar(tops.limit(1))


def rows_units(store: Staging, plan: Plan) -> set[int]:
    """Units that the staged rows are booked on, or that what they are about is booked on."""
    statement = _units_of_outages(store) if plan.kind.id == "promises" else _units_of(store, store.rows)
    return set(store.connection.execute(statement).scalars()) if statement is not None else set()


def _units_of(store: Staging, rows: FromClause) -> Select | None:
    """The units of rows of the import's table, staged or not; None where rows belong to no unit."""
    if "org_unit_id" in rows.c:
        return select(rows.c.org_unit_id).distinct()
    if store.target.name not in writable.ABOUT:
        return None
    about, key = writable.ABOUT[store.target.name]
    same = (about.c.bureau_id == rows.c.bureau_id) & (about.c[key] == rows.c[key])
    return select(about.c.org_unit_id).join_from(rows, about, same).distinct()


def _former_units(store: Staging, gone: ColumnElement[bool] | None) -> set[int]:
    """Units of the rows that the import changes or withdraws, as they were."""
    rows, hits, target = store.rows, store.hits, store.target
    changed = (
        select(target)
        .join_from(hits, rows, hits.c.row_no == rows.c.row_no)
        .join(target, taking.same_key(store, rows, target))
        .where(hits.c.is_changed == 1)
    )
    former = [changed] + ([select(target).where(gone)] if gone is not None else [])
    statements = [_units_of(store, one.subquery(f"former_{number}")) for number, one in enumerate(former)]
    return {unit for one in statements if one is not None for unit in store.connection.execute(one).scalars()}


def _units_of_outages(store: Staging) -> Select:
    steps, rows = outage_steps.c, store.rows.c
    theirs = tuple_(steps.bureau_id, steps.outage_key).in_(select(rows.bureau_id, rows.outage_key))
    return select(steps.org_unit_id).where(theirs).distinct()


def _visible(connection: Connection, origin: Origin, made: Iterable[str]) -> dict[str, int]:
    """Id by code of the units that the person sees, and of those made just now."""
    mine = within(org_units.c.id, origin.viewer.scope) | org_units.c.code.in_(tuple(made))
    statement = select(org_units.c.code, org_units.c.id).where(mine)
    return dict(tuple(row) for row in connection.execute(statement))
