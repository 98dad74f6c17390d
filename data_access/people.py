"""Who may look: people with the grants that hold on a day, and the local administrator without sign-in.

Without sign-in the server answers this machine only. On demo data the viewer is chosen among the demo's
people, so that every role can be tried; on real data there is one local administrator.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from data_access import org_units as units_of
from data_access.database import data_kind
from data_access.scope import outermost
from data_access.tables.org import grants, org_units, people
from data_access.transactions import reading
from domain.errors import NotFound
from domain.viewer import ROLES, Scope, Viewer

LOCAL_ADMINISTRATOR = "local administrator"


@dataclass(frozen=True)
class Person:
    """One person as the picker of viewers shows them: with the highest grant that holds."""

    id: int
    name: str
    name_en: str
    role: str
    unit_name: str
    unit_name_en: str
    unit_code: str


def _holds(day: date) -> tuple:
    return grants.c.valid_from <= day, (grants.c.valid_to.is_(None)) | (grants.c.valid_to >= day)


def is_demo(engine: Engine) -> bool:
    """Whether this is the invented company, so that a viewer may be chosen."""
    with reading(engine) as connection:
        return data_kind(connection) == "demo"


def choosable(engine: Engine, day: date) -> list[Person]:
    """The demo's people with a grant that holds, by role and unit; nobody on real data."""
    if not is_demo(engine):
        return []
    statement = (
        select(
            people.c.id,
            people.c.name,
            people.c.name_en,
            grants.c.role,
            org_units.c.name.label("unit_name"),
            org_units.c.name_en.label("unit_name_en"),
            org_units.c.code.label("unit_code"),
        )
        .join(grants, grants.c.person_id == people.c.id)
        .join(org_units, org_units.c.id == grants.c.org_unit_id)
        .where(people.c.is_active, *_holds(day))
    )
    with reading(engine) as connection:
        found = [Person(**row._mapping) for row in connection.execute(statement)]
    first: dict[int, Person] = {}
    for person in sorted(found, key=lambda one: (ROLES.index(one.role), one.unit_code)):
        first.setdefault(person.id, person)
    return list(first.values())


def local_administrator(engine: Engine) -> Viewer:
    """Whoever runs the machine: may do everything for the whole company."""
    scope = units_of.whole_company(engine)
    return Viewer(None, LOCAL_ADMINISTRATOR, frozenset({"administrator"}), scope)


def viewer_for(engine: Engine, person_id: int | None, day: date) -> Viewer:
    """The viewer with the grants that hold on the day.

    None is the local administrator, who sees the whole company, on real data; on demo data the topmost
    manager. Raises NotFound for somebody absent, inactive or without a grant.
    """
    if person_id is None:
        choices = choosable(engine, day)
        if not choices:
            return local_administrator(engine)
        person_id = next((one.id for one in choices if one.role == "manager"), choices[0].id)
    statement = (
        select(people.c.name, grants.c.role, grants.c.org_unit_id)
        .join(grants, grants.c.person_id == people.c.id)
        .where(people.c.id == person_id, people.c.is_active, *_holds(day))
    )
    with reading(engine) as connection:
        rows = connection.execute(statement).all()
        if not rows:
            raise NotFound(person_id)
        scope = outermost(connection, Scope(tuple({row.org_unit_id for row in rows})))
    roles = frozenset(row.role for row in rows)
    pairs = frozenset((row.role, row.org_unit_id) for row in rows)
    return Viewer(person_id, rows[0].name, roles, scope, pairs)
