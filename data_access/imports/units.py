"""Units are taken over one by one: each needs its number before a unit below can be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, union, update

from data_access import org_units as tree
from data_access import stale
from data_access.imports import moving, references
from data_access.imports.made_units import UnitRow
from data_access.imports.staging import Staging
from data_access.imports.take_over import Counts
from data_access.tables.imports import PAST
from data_access.tables.org import org_units
from domain.errors import InvalidInput, Problem
from domain.org_units import LEVELS, OrgUnit, home_key_space
from domain.viewer import Scope

COMPARED = ("name", "name_en", "level", "parent_id", "opened_on", "closed_on")


@dataclass(frozen=True)
class UnitChanges:
    """What taking these units over would do. Made units that exist already stay as they are."""

    rows: Sequence[UnitRow]  # top first
    changed: frozenset[str]
    new: frozenset[str]

    @property
    def counts(self) -> Counts:
        same = len(self.rows) - len(self.new) - len(self.changed)
        return Counts(len(self.new), len(self.changed), same, 0)


def compare(connection: Connection, rows: Sequence[UnitRow], keep_existing: bool) -> UnitChanges:
    """How the rows differ from the units that exist."""
    existing = _existing(connection)
    ids = {code: row.id for code, row in existing.items()}
    changed = {
        row.code
        for row in rows
        if not keep_existing and row.code in existing and _differs(row, existing[row.code], ids)
    }
    ordered = sorted(rows, key=lambda row: LEVELS.index(row.level))
    return UnitChanges(ordered, frozenset(changed), frozenset(row.code for row in rows) - set(existing))


def hold(store: Staging) -> None:
    """Until the transaction ends, none of the units goes that staged rows name; made ones are not there yet.

    Raises InvalidInput("units_gone") where one went already: steps have no foreign key that would say so.
    """
    columns = [store.rows.c[name] for name in references.UNIT_OF_STEP if name in store.rows.c]
    if not columns:
        return
    each = (select(column.label("unit")).where(column > 0).distinct() for column in columns)
    named = union(*each).subquery("named")
    wanted = store.connection.scalar(select(func.count()).select_from(named))
    there = select(org_units.c.id).where(org_units.c.id.in_(select(named.c.unit)))
    held = store.connection.execute(there.with_for_update(read=True, key_share=True)).all()
    if len(held) < wanted:
        raise InvalidInput("units_gone")


def _existing(connection: Connection) -> dict[str, Row]:
    return {row.code: row for row in connection.execute(select(org_units))}


def _differs(row: UnitRow, was: Row, ids: Mapping[str, int]) -> bool:
    values = _values(row, ids)
    return any(values[name] != getattr(was, name) for name in COMPARED)


def _values(row: UnitRow, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_en": row.name_en,
        "level": row.level,
        "parent_id": ids.get(row.parent, -1) if row.parent else None,
        "opened_on": date.fromisoformat(row.opened_on) if row.opened_on else None,
        "closed_on": date.fromisoformat(row.closed_on) if row.closed_on else None,
    }


def take_over(connection: Connection, changes: UnitChanges, batch_id: int) -> dict[str, int]:
    """Write the units and the tree, in the caller's transaction; the number of each by its code."""
    existing = _existing(connection)
    before = tree.all_units(connection)
    units = dict(before)
    ids = {code: row.id for code, row in existing.items()}
    for row in changes.rows:
        if row.code in changes.new:
            ids[row.code] = _insert(connection, row, ids, units, batch_id)
            continue
        was = existing[row.code]
        _keep(connection, was)
        values = _values(row, ids) if row.code in changes.changed else {}
        connection.execute(
            update(org_units).where(org_units.c.id == was.id).values(**values, batch_id=batch_id)
        )
    if changes.new or changes.changed:
        tree.rebuild_closure(connection)
        moving.keep_coverage(connection, before)
        stale.mark_everything(connection)
    return ids


def _insert(
    connection: Connection, row: UnitRow, ids: Mapping[str, int], units: dict[int, OrgUnit], batch_id: int
) -> int:
    values = {"code": row.code, **_values(row, ids)}
    home = home_key_space(row.code, row.level, values["parent_id"], units)
    unit_id = connection.execute(
        insert(org_units).values(**values, bureau_id=home, batch_id=batch_id).returning(org_units.c.id)
    ).scalar_one()
    units[unit_id] = OrgUnit(id=unit_id, bureau_id=home, **values)
    return unit_id


def _keep(connection: Connection, was: Row) -> None:
    values = dict(was._mapping)
    batch = values.pop("batch_id") or 0
    connection.execute(insert(PAST["org_units"]).values(**values, batch_id=batch, withdrawn=False))


def problems(
    connection: Connection, rows: Mapping[int, UnitRow], visible: Mapping[str, int], scope: Scope | None
) -> list[Problem]:
    """What is wrong with units of a file (by row number) as a tree, together with those that exist.

    A unit outside the viewer's scope (None: the whole company) may be neither changed nor built upon. Where a
    unit at the top of the scope stands is for those above to change.
    """
    existing = _existing(connection)
    codes = {row.id: code for code, row in existing.items()}
    levels = {code: row.level for code, row in existing.items()} | {
        row.code: row.level for row in rows.values()
    }
    parents = {code: codes.get(row.parent_id, "") for code, row in existing.items()}
    parents |= {row.code: row.parent for row in rows.values()}
    found = []
    numbers = {row.code: number for number, row in rows.items()}
    for number, row in rows.items():
        if row.code in existing and row.code not in visible:
            found.append(Problem(number, "code", row.code, "code_taken"))
        was = existing.get(row.code)
        if scope and was and was.id in scope.roots and row.parent == codes.get(was.parent_id, ""):
            continue
        if scope and was and was.id in scope.roots:
            found.append(Problem(number, "parent", row.parent, "unknown_unit"))
        elif not row.parent:
            if scope:
                found.append(Problem(number, "parent", "", "missing_value"))
        elif row.parent not in visible and row.parent not in numbers:
            found.append(Problem(number, "parent", row.parent, "unknown_unit"))
    for code, parent in parents.items():
        number = numbers.get(code) or numbers.get(parent)
        if number and parent in levels and LEVELS.index(levels[parent]) >= LEVELS.index(levels[code]):
            found.append(Problem(number, "level", levels[code], "level_order", f"{code} < {parent}"))
    return found
