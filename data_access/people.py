"""Who may look: people with the grants that hold on a day, and the local administrator without sign-in.

Who signs in is known by the address. Without sign-in the server answers this machine only. On demo data the
viewer is chosen among the demo's people, so that every role can be tried; on real data there is one local
administrator.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, or_, select, update

from data_access import audit
from data_access import org_units as units_of
from data_access.database import data_kind
from data_access.people_seen import subject
from data_access.scope import outermost
from data_access.tables.org import grants, org_closure, org_units, people
from data_access.transactions import reading, writing_all
from domain.errors import NotFound
from domain.personal import masked
from domain.viewer import ROLES, Scope, Viewer

LOCAL_ADMINISTRATOR = "local administrator"


@dataclass(frozen=True)
class Choosable:
    """Somebody whom the picker of viewers offers on demo data, with the highest grant that holds."""

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


def choosable(engine: Engine, day: date) -> list[Choosable]:
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
        found = [Choosable(**row._mapping) for row in connection.execute(statement)]
    first: dict[int, Choosable] = {}
    for person in sorted(found, key=lambda one: (ROLES.index(one.role), one.unit_code)):
        first.setdefault(person.id, person)
    return list(first.values())


def local_administrator(engine: Engine) -> Viewer:
    """Whoever runs the machine: may do everything for the whole company."""
    scope = units_of.whole_company(engine)
    return Viewer(None, LOCAL_ADMINISTRATOR, frozenset({"administrator"}), scope)


def viewer_for(engine: Engine, person_id: int | None, day: date, until: datetime | None = None) -> Viewer:
    """The viewer with the grants that hold on the day; a person's reads are refused after `until`.

    None is the local administrator, who sees the whole company, on real data; on demo data the topmost
    manager. Raises NotFound for somebody absent, inactive or without a grant.
    """
    if person_id is None:
        choices = choosable(engine, day)
        if not choices:
            return local_administrator(engine)
        person_id = next((one.id for one in choices if one.role == "manager"), choices[0].id)
    statement = (
        select(people.c.name, people.c.name_en, grants.c.role, grants.c.org_unit_id)
        .join(grants, grants.c.person_id == people.c.id)
        .where(people.c.id == person_id, people.c.is_active, *_holds(day))
    )
    with reading(engine) as connection:
        rows = connection.execute(statement).all()
        if not rows:
            raise NotFound(person_id)
        scope = outermost(connection, Scope(tuple({row.org_unit_id for row in rows}), until))
    roles = frozenset(row.role for row in rows)
    pairs = frozenset((row.role, row.org_unit_id) for row in rows)
    return Viewer(person_id, rows[0].name, roles, scope, pairs, rows[0].name_en)


def viewer_of_email(engine: Engine, email: str, day: date, until: datetime | None = None) -> Viewer:
    """The viewer whom an address, in whatever letters, belongs to.

    Raises NotFound where nobody has it, two have, or the person is inactive or without a grant that holds.
    """
    statement = select(people.c.id).where(func.lower(people.c.email) == email.lower())
    with reading(engine) as connection:
        found = connection.execute(statement).scalars().all() if email else []
    if len(found) != 1:
        raise NotFound(email)
    return viewer_for(engine, found[0], day, until)


def note_sign_in(engine: Engine, viewer: Viewer, at: datetime) -> None:
    """Write down a sign-in that began then, once however often the page is loaded; at: naive UTC."""
    is_new = or_(people.c.signed_in_at.is_(None), people.c.signed_in_at < at)
    mine = people.c.id == viewer.person_id
    with reading(engine) as connection:
        if connection.scalar(select(people.c.id).where(mine, is_new)) is None:
            return
    with writing_all(engine) as connection:
        changed = connection.execute(update(people).where(mine, is_new).values(signed_in_at=at))
        if changed.rowcount:
            who = subject(viewer.person_id)
            audit.record(connection, viewer, "sign_in", who, None, None, is_change=False, is_at_home=True)


def note_sign_out(engine: Engine, viewer: Viewer) -> None:
    """Write down that the person ended the sign-in."""
    audit.note_if_possible(engine, viewer, "sign_out", subject(viewer.person_id), is_at_home=True)


def note_refusal(engine: Engine, address: str) -> None:
    """Write down that somebody signed in whom nobody here knows; the address is masked."""
    stranger = Viewer(None, masked(address, "email")[:80] or "***", frozenset(), Scope(()))
    audit.note(engine, stranger, "sign_in.refused", stranger.name)


def administrators(engine: Engine, day: date) -> list[tuple[str, str]]:
    """Names, Chinese and English, of whom to ask for a grant; those of the topmost units first."""
    depth = select(func.max(org_closure.c.depth)).where(org_closure.c.descendant_id == grants.c.org_unit_id)
    statement = (
        select(people.c.name, people.c.name_en)
        .join(grants, grants.c.person_id == people.c.id)
        .where(people.c.is_active, grants.c.role == "administrator", *_holds(day))
        .group_by(people.c.id, people.c.name, people.c.name_en)
        .order_by(func.min(depth.scalar_subquery()), people.c.name)
    )
    with reading(engine) as connection:
        return [(row.name, row.name_en) for row in connection.execute(statement)]
