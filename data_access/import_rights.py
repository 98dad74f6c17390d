"""Which imports somebody may look at: their own, and those of kinds and units that they may import for."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from data_access.scope import is_whole_company, within
from data_access.tables.imports import import_batches, import_warnings
from data_access.tables.org import org_closure
from domain.errors import NotAllowed
from domain.import_kinds import kinds
from domain.viewer import Scope, Viewer, import_act


def scopes(viewer: Viewer) -> list[tuple[list[str], Scope]]:
    """(kinds, the units for which the viewer may import them). Raises NotAllowed where there are none."""
    found = []
    for act in dict.fromkeys(import_act(kind) for kind in kinds()):
        if viewer.may(act):
            of_act = [kind for kind in kinds() if import_act(kind) == act]
            found.append((of_act, viewer.scope_for(act)))
    if not found:
        raise NotAllowed("import")
    return found


def batches(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on import_batches; one without a unit is the whole company's. Raises NotAllowed."""
    c = import_batches.c
    return or_(
        *(
            c.kind.in_(of_act) & or_(within(c.org_unit_id, scope), c.org_unit_id.is_(None))
            for of_act, scope in scopes(viewer)
        )
    )


def warnings(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on import_warnings: the row's unit, or where it has none its batch. Raises NotAllowed."""
    c = import_warnings.c
    of_batch = select(import_batches.c.id)
    mine = [c.org_unit_id.is_(None) & c.batch_id.in_(of_batch.where(batches(viewer)))]
    mine += [
        within(c.org_unit_id, scope) & c.batch_id.in_(of_batch.where(import_batches.c.kind.in_(of_act)))
        for of_act, scope in scopes(viewer)
    ]
    return or_(*mine)


def jobs(connection: Connection, viewer: Viewer) -> Callable[[Row], bool]:
    """Whether the viewer sees a job (a row with kind, by_name, request). Raises NotAllowed.

    A file may hold rows of all units of the person who started it, so all of them must be the viewer's.
    """
    of_kind = {}
    for of_act, scope in scopes(viewer):
        units = select(org_closure.c.descendant_id).where(org_closure.c.ancestor_id.in_(scope.roots))
        allowed = (is_whole_company(connection, scope), set(connection.execute(units).scalars()))
        of_kind |= dict.fromkeys(of_act, allowed)

    def is_seen(row: Row) -> bool:
        by = (row.request or {}).get("viewer") or {"person_id": None, "name": row.by_name, "roots": []}
        if (by["person_id"], by["name"]) == (viewer.person_id, viewer.name):
            return True
        is_everything, units = of_kind.get(row.kind, (False, set()))
        return is_everything or (bool(by["roots"]) and set(by["roots"]) <= units)

    return is_seen
