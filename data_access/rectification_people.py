"""Who can be made responsible for an item of a unit: somebody active with a role for it or for a unit above.

So whoever is given work sees it, once that person signs in; a sign-in is not needed to be given any.
"""

from sqlalchemy import Connection, Engine, Select, or_, select

from data_access.scope import check_unit
from data_access.settings import company_timezone
from data_access.tables.org import grants, org_closure, org_units, people
from data_access.transactions import reading
from domain.errors import InvalidInput
from domain.periods import local_today
from domain.viewer import Scope


def assignable(engine: Engine, scope: Scope, unit_id: int) -> list[tuple[int, str, str]]:
    """(number, name, English name) of all who can be made responsible there, by name. Raises NotFound."""
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        statement = _able(unit_id).order_by(people.c.name, people.c.id)
        return [tuple(row) for row in connection.execute(statement)]


def by_name(connection: Connection, scope: Scope, unit_id: int, name: str) -> list[int]:
    """Numbers of those who can be made responsible there and are called so. Raises NotFound."""
    check_unit(connection, scope, unit_id)
    called = or_(people.c.name == name, people.c.name_en == name)
    return [row.id for row in connection.execute(_able(unit_id).where(called))]


def name_of(connection: Connection, scope: Scope, unit_id: int, person_id: int) -> str:
    """The name of somebody who can. Raises NotFound, InvalidInput("rectification_person", unit)."""
    check_unit(connection, scope, unit_id)
    found = connection.execute(_able(unit_id).where(people.c.id == person_id)).first()
    if found is None:
        unit = connection.scalar(select(org_units.c.name).where(org_units.c.id == unit_id))
        raise InvalidInput("rectification_person", unit=unit)
    return found.name


def _able(unit_id: int) -> Select:
    day = local_today(company_timezone())
    above = select(org_closure.c.ancestor_id).where(org_closure.c.descendant_id == unit_id)
    holds = (grants.c.valid_from <= day) & (grants.c.valid_to.is_(None) | (grants.c.valid_to >= day))
    held = select(grants.c.person_id).where(grants.c.org_unit_id.in_(above), holds)
    return select(people.c.id, people.c.name, people.c.name_en).where(
        people.c.is_active, people.c.id.in_(held)
    )
