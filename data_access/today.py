"""What is due for somebody today; the reasons are made in domain/today.py."""

from datetime import date

from sqlalchemy import Connection, Engine, select

from data_access import rectifications, rules
from data_access.rectification_extensions import COLUMNS
from data_access.scope import within
from data_access.tables.org import org_units
from data_access.tables.rectifications import rectification_extensions
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import reading
from domain import rectification_rights as rights
from domain import today
from domain.rectification_extensions import Extension
from domain.rectifications import ON_THE_BOOKS
from domain.today import Key, Line
from domain.viewer import Scope, Viewer

ACTS = (rights.EDIT, rights.WORK, rights.VERIFY, rights.APPROVE)


def due(engine: Engine, viewer: Viewer, day: date) -> list[Line]:
    """What the viewer has to do something about, the worst first; day: on which dates are judged."""
    scope = viewer.scope
    with reading(engine, scope) as connection:
        watched = rectifications.watched(connection, scope, [table.c.status.in_(ON_THE_BOOKS)])
        asked = _waiting(connection, scope)
        units = {act: _units(connection, viewer, act) for act in ACTS}
        rule = rules.current(connection, "rectification")
    return today.due(watched, asked, viewer.person_id, units, day, rule)


def _waiting(connection: Connection, scope: Scope) -> dict[Key, Extension]:
    extension = rectification_extensions.c
    same = (extension.bureau_id == table.c.bureau_id) & (extension.item_id == table.c.item_id)
    statement = (
        select(extension.bureau_id, extension.item_id, *COLUMNS)
        .join(table, same)
        .where(within(table.c.org_unit_id, scope), extension.state == "asked")
    )
    names = [one.name for one in COLUMNS]
    return {
        (row.bureau_id, row.item_id): Extension(
            **{name: row._mapping[name] for name in names} | {"decided_by": ""}
        )
        for row in connection.execute(statement)
    }


def _units(connection: Connection, viewer: Viewer, act: str) -> frozenset[int]:
    """Ids of the units for which the viewer may."""
    if not viewer.may(act):
        return frozenset()
    statement = select(org_units.c.id).where(within(org_units.c.id, viewer.scope_for(act)))
    return frozenset(connection.execute(statement).scalars())
