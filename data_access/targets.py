"""Targets of a unit and those it inherits from the units above."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Engine, Row, Select, literal, or_, select, true

from data_access import audit_history
from data_access.scope import check_unit, within
from data_access.tables.imports import PAST, import_batches
from data_access.tables.org import org_closure
from data_access.tables.rules import targets
from data_access.transactions import reading
from domain.history import Entry, newest_first
from domain.periods import Period
from domain.target_state import Target
from domain.targets import key, subject
from domain.viewer import Scope

SAID = ("value", "for_below", "source")
KEY = ("kpi", "org_unit_id", "period_kind", "period", "kind")
COLUMNS = [targets.c[name] for name in (*KEY, *SAID, "version")]
ACTS = "targets."


def targets_for(engine: Engine, scope: Scope, unit_id: int, period: Period) -> list[Target]:
    """Targets for exactly this period (kind and key) of the unit, and of units above where for_below.

    Give it to target_state.pick() together with path_of(). What is inherited belongs to the unit, so it is
    read from beyond the scope too. Raises NotFound outside the scope.
    """
    return _found(engine, scope, unit_id, period.kind, targets.c.period == period.key())


def targets_of(
    engine: Engine,
    scope: Scope,
    unit_id: int,
    period_kind: str,
    periods: Iterable[str],
    kpi_ids: Iterable[str] | None = None,
) -> list[Target]:
    """As targets_for(), for several periods of one kind by their keys, and for some KPIs only."""
    these = targets.c.period.in_(tuple(periods))
    if kpi_ids is not None:
        these = these & targets.c.kpi.in_(tuple(kpi_ids))
    return _found(engine, scope, unit_id, period_kind, these)


def _found(
    engine: Engine, scope: Scope, unit_id: int, period_kind: str, these: ColumnElement[bool]
) -> list[Target]:
    statement = (
        select(*COLUMNS)
        .join(org_closure, org_closure.c.ancestor_id == targets.c.org_unit_id)
        .where(
            org_closure.c.descendant_id == unit_id,
            or_(org_closure.c.depth == 0, targets.c.for_below),
            targets.c.period_kind == period_kind,
            these,
        )
        .order_by(targets.c.kpi, targets.c.period, org_closure.c.depth)
    )
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return [_target(row) for row in connection.execute(statement)]


def path_of(engine: Engine, scope: Scope, unit_id: int) -> tuple[int, ...]:
    """Ids from the company's top down to unit_id, beyond the scope too, since targets inherit from there.

    Raises NotFound outside the scope.
    """
    statement = (
        select(org_closure.c.ancestor_id)
        .where(org_closure.c.descendant_id == unit_id)
        .order_by(org_closure.c.depth.desc())
    )
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return tuple(connection.execute(statement).scalars())


def stored(engine: Engine, scope: Scope, wanted: Iterable[Target]) -> list[Target]:
    """The stored targets that have the keys of these, with their versions; those of units in the scope."""
    keys = {key(one) for one in wanted}
    named = {name: {one[place] for one in keys} for place, name in enumerate(KEY)}
    statement = select(*COLUMNS).where(
        within(targets.c.org_unit_id, scope), *(targets.c[name].in_(some) for name, some in named.items())
    )
    with reading(engine, scope) as connection:
        found = [_target(row) for row in connection.execute(statement)]
    return [one for one in found if key(one) in keys]


def history(engine: Engine, scope: Scope, target: Target) -> list[Entry]:
    """What became of a target, newest first: acts on the page, and the imports that gave it.

    Raises NotFound outside the scope.
    """
    acts = audit_history.history(engine, scope, ACTS, subject(target), target.org_unit_id)
    with reading(engine, scope) as connection:
        given = [_given(row) for row in connection.execute(_of_batches(target))]
    return newest_first([*acts, *given])


def _of_batches(target: Target) -> Select:
    past, batch = PAST[targets.name], import_batches.c
    parts = [
        select(
            *(table.c[name] for name in (*SAID, "version")), table.c.batch_id, withdrawn.label("withdrawn")
        ).where(
            *(table.c[name] == one for name, one in zip(KEY, key(target), strict=True)), table.c.batch_id > 0
        )
        for table, withdrawn in ((targets, ~true()), (past, past.c.withdrawn))
    ]
    rows = parts[0].union_all(parts[1]).subquery("given")
    return select(
        rows, batch.taken_at, batch.by_name, batch.file_name, literal("import").label("action")
    ).join(import_batches, batch.id == rows.c.batch_id)


def _given(row: Row) -> Entry:
    said = {name: getattr(row, name) for name in SAID} if not row.withdrawn else None
    return Entry(row.taken_at, row.by_name, row.action, None, said, row.file_name, row.version)


def _target(row: Row) -> Target:
    return Target(**row._mapping)
