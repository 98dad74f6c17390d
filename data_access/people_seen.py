"""People with their grants as an administrator sees them: those of the own units, the whole company's all.

An administrator of a city sees who holds or held a role inside the city, and of their grants those inside.
People without any grant are seen by administrators of the whole company.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    String,
    exists,
    func,
    or_,
    select,
    true,
)

from data_access.masking import masked
from data_access.scope import below, is_whole_company, within
from data_access.settings import company_timezone
from data_access.tables.org import grants, people
from data_access.transactions import reading
from domain import paging
from domain.errors import NotFound
from domain.people import Grant, Person
from domain.periods import local_today
from domain.viewer import Scope, Viewer

PAGE_SIZE = 50
ACT = "edit_people"
SUBJECT = "person "


@dataclass(frozen=True)
class Wanted:
    """What people are looked for by; '' and None for everybody. state: one of domain.people.STATES."""

    text: str = ""
    role: str = ""
    unit_id: int | None = None
    state: str = ""


def listed(
    engine: Engine, viewer: Viewer, wanted: Wanted, number: int = 1, size: int = PAGE_SIZE
) -> tuple[list[Person], int]:
    """Page `number`, or the last, of the people looked for, by name, and how many; every e-mail is masked.

    Raises NotAllowed.
    """
    scope = viewer.scope_for(ACT)
    with reading(engine, viewer.scope) as connection:
        conditions = [is_seen(connection, scope), *_conditions(wanted, scope)]
        count = connection.scalar(select(func.count()).select_from(people).where(*conditions))
        statement = _people(scope, masked(people.c.email)).where(*conditions)
        statement = statement.order_by(people.c.name, people.c.id).limit(size)
        statement = statement.offset(paging.before(number, count, size))
        return _with_grants(connection, scope, connection.execute(statement).all()), count


def one(engine: Engine, viewer: Viewer, person_id: int) -> Person:
    """The person; the e-mail in full only for who may change it. Raises NotAllowed, NotFound."""
    scope = viewer.scope_for(ACT)
    with reading(engine, viewer.scope) as connection:
        return found(connection, scope, person_id)


def is_everything(engine: Engine, viewer: Viewer) -> bool:
    """Whether the viewer administers the whole company. Raises NotAllowed."""
    with reading(engine, viewer.scope) as connection:
        return is_whole_company(connection, viewer.scope_for(ACT))


def found(connection: Connection, scope: Scope, person_id: int) -> Person:
    """The person inside a transaction, as an administrator for the scope sees it. Raises NotFound."""
    statement = _people(scope, people.c.email).where(people.c.id == person_id, is_seen(connection, scope))
    rows = connection.execute(statement).all()
    if not rows:
        raise NotFound(person_id)
    return _with_grants(connection, scope, rows)[0]


def by_email(connection: Connection, scope: Scope, emails: Sequence[str]) -> dict[str, Person | None]:
    """Who has the addresses, by address; None for somebody outside what the scope shows."""
    taken = connection.execute(select(people.c.email).where(people.c.email.in_(emails))).scalars()
    result: dict[str, Person | None] = dict.fromkeys(taken)
    statement = _people(scope, people.c.email).add_columns(people.c.email.label("known_by"))
    rows = connection.execute(
        statement.where(people.c.email.in_(emails), is_seen(connection, scope)).order_by(people.c.id)
    ).all()
    seen = _with_grants(connection, scope, rows)
    return result | {row.known_by: person for row, person in zip(rows, seen, strict=True)}


def subject(person_id: int) -> str:
    """How the audit log names the person: never by name or e-mail."""
    return f"{SUBJECT}{person_id}"


def is_seen(connection: Connection, scope: Scope) -> ColumnElement[bool]:
    """Condition on people: an administrator for the scope sees the person."""
    if is_whole_company(connection, scope):
        return true()
    return _has(within(grants.c.org_unit_id, scope))


def _has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(grants.c.person_id == people.c.id, *conditions)


def _goes_on() -> ColumnElement[bool]:
    day = local_today(company_timezone())
    return or_(grants.c.valid_to.is_(None), grants.c.valid_to >= day)


def _conditions(wanted: Wanted, scope: Scope) -> list[ColumnElement[bool]]:
    result: list[ColumnElement[bool]] = []
    if text := wanted.text.strip().lower():
        names = (people.c.name, people.c.name_en)
        matches = [func.lower(one, type_=String).contains(text, autoescape=True) for one in names]
        result.append(or_(*matches, people.c.email == text))  # a part of an address would unmask it
    is_active = people.c.is_active & _has(_goes_on())
    if wanted.state:
        result.append(~is_active if wanted.state == "ended" else is_active)
    if wanted.state == "never":
        result.append(people.c.signed_in_at.is_(None))
    if wanted.role or wanted.unit_id is not None:
        held = [within(grants.c.org_unit_id, scope)]
        held += [grants.c.role == wanted.role] if wanted.role else []
        held += [below(grants.c.org_unit_id, wanted.unit_id)] if wanted.unit_id is not None else []
        held += [_goes_on()] if wanted.state in ("active", "never") else []
        result.append(_has(*held))
    return result


def _people(scope: Scope, email: ColumnElement[str]):
    c = people.c
    return select(
        c.id,
        c.name,
        c.name_en,
        email.label("email"),
        masked(c.email).label("masked"),
        c.is_active,
        c.signed_in_at,
        c.version,
        _has(_goes_on()).label("has_grant"),
        (~_has(_goes_on(), ~within(grants.c.org_unit_id, scope))).label("may_change"),
    )


def _with_grants(connection: Connection, scope: Scope, rows: Sequence[Row]) -> list[Person]:
    g = grants.c
    statement = (
        select(grants)
        .where(g.person_id.in_([row.id for row in rows]), within(g.org_unit_id, scope))
        .order_by(g.valid_from.desc(), g.role, g.org_unit_id)
    )
    of: dict[int, list[Grant]] = {}
    for row in connection.execute(statement):
        one_grant = Grant(row.role, row.org_unit_id, row.valid_from, row.valid_to)
        of.setdefault(row.person_id, []).append(one_grant)
    return [
        Person(
            row.id,
            row.name,
            row.name_en,
            row.email if row.may_change else row.masked,
            row.is_active,
            row.signed_in_at,
            row.version,
            bool(row.has_grant),
            bool(row.may_change),
            tuple(of.get(row.id, ())),
        )
        for row in rows
    ]
