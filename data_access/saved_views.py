"""Views under a name: one's own, and those that are shared with a unit and all below it.

A name is one of a person's own views, or one of a unit's. Whoever looks at a unit sees the views of units
above it too: what a city shares is meant for its counties.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, insert, or_, select

from data_access import audit
from data_access.scope import check_unit, within
from data_access.tables.org import org_closure, org_units, people, saved_views
from data_access.transactions import reading, writing
from domain import saved_views as rules
from domain.errors import InvalidInput, NotAllowed, NotFound
from domain.periods import utc_now
from domain.saved_views import SavedView
from domain.viewer import Scope, Viewer

ACT = "edit_shared_views"  # of others


def listed(engine: Engine, viewer: Viewer) -> list[SavedView]:
    """The viewer's own views, then those of units inside the scope or above it, each by name."""
    c = saved_views.c
    statement = (
        select(saved_views)
        .where(_visible(viewer))
        .order_by(c.org_unit_id.is_not(None), c.name, c.org_unit_id, c.id)
    )
    with reading(engine, viewer.scope) as connection:
        rows = connection.execute(statement).all()
        theirs = _may_delete(connection, viewer)
    return [
        SavedView(
            id=row.id,
            name=row.name,
            page=row.page,
            query=row.query,
            org_unit_id=row.org_unit_id,
            by_name=row.by_name,
            is_mine=_is_own(row, viewer),
            may_delete=_is_own(row, viewer) or row.org_unit_id in theirs,
        )
        for row in rows
    ]


def save(
    engine: Engine, viewer: Viewer, name: str, page: str, said: Mapping[str, str], unit_id: int | None = None
) -> int:
    """Number of the view: the page with its parameters, for the viewer or for the unit with all below.

    Raises InvalidInput where the name is none or taken there, NotFound for a unit outside the scope.
    """
    name, query = rules.checked_name(name), rules.as_query(page, said)
    with writing(engine, viewer.scope) as connection:
        if unit_id is not None:
            check_unit(connection, viewer.scope, unit_id)
        _one_at_a_time(connection, viewer, unit_id)
        taken = select(saved_views.c.id).where(saved_views.c.name == name, _same_list(viewer, unit_id))
        if connection.execute(taken).first() is not None:
            raise InvalidInput("view_name_taken", name=name)
        row = {
            "name": name, "page": page, "query": query, "owner_id": viewer.person_id, "org_unit_id": unit_id,
            "by_name": viewer.name, "at": utc_now(),
        }  # fmt: skip
        number = connection.execute(insert(saved_views).values(row)).inserted_primary_key[0]
        subject, said = _told({**row, "id": number})
        audit.record(connection, viewer, "views.save", subject, None, said, unit_id=unit_id, is_at_home=True)
    return number


def remove(engine: Engine, viewer: Viewer, view_id: int) -> None:
    """Delete a view: one's own, or as an administrator one of a unit's. Raises NotFound, NotAllowed."""
    c = saved_views.c
    with writing(engine, viewer.scope) as connection:
        row = connection.execute(select(saved_views).where(c.id == view_id, _visible(viewer))).first()
        if row is None:
            raise NotFound(view_id)
        if not _is_own(row, viewer) and row.org_unit_id not in _may_delete(connection, viewer):
            raise NotAllowed(ACT)
        connection.execute(delete(saved_views).where(c.id == view_id))
        subject, said = _told(row._mapping)
        audit.record(
            connection, viewer, "views.delete", subject, said, None, unit_id=row.org_unit_id, is_at_home=True
        )


def _told(view: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Subject and content of the audit row; of a view of one's own no more than its number and page: the log
    is read by others, the view is not.
    """
    if view["org_unit_id"] is not None:
        return view["name"], {key: view[key] for key in ("name", "page", "query")}
    return f"view {view['id']}", {"page": view["page"]}


def _is_own(row: Row, viewer: Viewer) -> bool:
    return row.owner_id == viewer.person_id


def _same_list(viewer: Viewer, unit_id: int | None) -> ColumnElement[bool]:
    """Condition: among the views that a name must be told apart from."""
    c = saved_views.c
    if unit_id is not None:
        return c.org_unit_id == unit_id
    return c.org_unit_id.is_(None) & _owner(viewer)


def _owner(viewer: Viewer) -> ColumnElement[bool]:
    owner = saved_views.c.owner_id
    return owner.is_(None) if viewer.person_id is None else owner == viewer.person_id


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    c, roots = saved_views.c, viewer.scope.roots
    above = select(org_closure.c.ancestor_id).where(org_closure.c.descendant_id.in_(roots))
    shared = or_(within(c.org_unit_id, viewer.scope), c.org_unit_id.in_(above))
    return or_(c.org_unit_id.is_(None) & _owner(viewer), c.org_unit_id.is_not(None) & shared)


def _may_delete(connection: Connection, viewer: Viewer) -> set[int]:
    """Units whose views the viewer may remove, whoever saved them."""
    if not viewer.may(ACT):
        return set()
    allowed: Scope = viewer.scope_for(ACT)
    return set(connection.execute(select(org_units.c.id).where(within(org_units.c.id, allowed))).scalars())


def _one_at_a_time(connection: Connection, viewer: Viewer, unit_id: int | None) -> None:
    """Two who save the same name at once wait for each other: the list's owner is locked until the end.

    But nobody else who only refers to that unit or person: its key stays (key_share).
    """
    if unit_id is not None:
        owner = select(org_units.c.id).where(org_units.c.id == unit_id)
    elif viewer.person_id is not None:
        owner = select(people.c.id).where(people.c.id == viewer.person_id)
    else:  # the local administrator is alone at the machine
        return
    connection.execute(owner.with_for_update(key_share=True))
