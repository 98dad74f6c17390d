"""Administrators of the whole company: the first is named by command, and the last one stays.

Only who can sign in counts: active, with an e-mail, and for every topmost unit without an end.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, update

from data_access import audit, people_seen
from data_access.scope import is_whole_company
from data_access.settings import company_timezone
from data_access.tables.org import grants, org_units, people
from data_access.transactions import writing
from domain.errors import InvalidInput, NotAllowed, StepNotAllowed
from domain.people import checked_email, checked_name
from domain.periods import local_today
from domain.viewer import Viewer

ROLE = "administrator"


@dataclass(frozen=True)
class Named:
    """Who is an administrator of the whole company now. is_new: the person was not known; units: codes of
    the topmost units for which the role was added; was_inactive: the person could not enter."""

    name: str
    email: str
    is_new: bool
    was_inactive: bool
    units: tuple[str, ...]


def lock(connection: Connection, and_people: ColumnElement[bool] | None = None) -> frozenset[int]:
    """Those who could sign in now; nobody else changes them, or and_people, until the transaction ends.

    and_people: a condition on people; whoever changes more than one person takes all in this one statement,
    by id and before any other row, so that two who do this never wait for each other. What is read of them
    is read afterwards. key_share: rows that refer to them come and go meanwhile.
    """
    holders = select(grants.c.person_id).where(grants.c.role == ROLE, grants.c.org_unit_id.in_(_tops()))
    wanted = people.c.id.in_(holders)
    wanted = wanted if and_people is None else wanted | and_people
    locked = select(people.c.id).where(wanted).order_by(people.c.id).with_for_update(key_share=True)
    connection.execute(locked).all()
    return _able(connection)


def check_one_left(connection: Connection, before: frozenset[int]) -> None:
    """Raises StepNotAllowed("last_administrator") where there was somebody before, and nobody is left."""
    if before and not _able(connection):
        raise StepNotAllowed("last_administrator")


def appoint(engine: Engine, viewer: Viewer, person_name: str, email: str) -> Named:
    """The person with that e-mail is an administrator of the whole company from today on, without an end.

    A person that is known keeps its name and is let in again; what it has already is left as it is. Raises
    NotAllowed, InvalidInput("no_units_yet" | "email" | "email_needed" | "person_name" | "too_long").
    """
    address = checked_email(email)
    if address is None:
        raise InvalidInput("email_needed")
    with writing(engine, viewer.scope) as connection:
        lock(connection, people.c.email == address)
        if not is_whole_company(connection, viewer.scope_for("edit_people")):
            raise NotAllowed("edit_people")
        tops = {row.id: row.code for row in connection.execute(_tops().add_columns(org_units.c.code))}
        if not tops:
            raise InvalidInput("no_units_yet")
        row = connection.execute(select(people).where(people.c.email == address)).first()
        is_new = row is None
        if is_new:
            values = {"name": checked_name(person_name), "email": address}
            row = connection.execute(insert(people).values(**values).returning(people)).one()
        added = [code for unit_id, code in sorted(tops.items()) if _give(connection, row.id, unit_id)]
        if added or not row.is_active:
            changed = {"is_active": True, "version": row.version + (not is_new)}
            connection.execute(update(people).where(people.c.id == row.id).values(**changed))
            after = {"role": ROLE, "units": added} | ({} if row.is_active else {"is_active": True})
            if is_new:
                after |= {one: audit.personal(connection, getattr(row, one)) for one in ("name", "email")}
            about = people_seen.subject(row.id)
            audit.record(connection, viewer, "people.administrator", about, None, after)
    return Named(row.name, address, is_new, not row.is_active, tuple(added))


def _give(connection: Connection, person_id: int, unit_id: int) -> bool:
    """Whether the role had to be added or its end taken away; what begins later is part of it now."""
    g, day = grants.c, local_today(company_timezone())
    mine = (g.person_id == person_id) & (g.role == ROLE) & (g.org_unit_id == unit_id)
    running = connection.execute(
        select(g.valid_from, g.valid_to)
        .where(mine, g.valid_from <= day, (g.valid_to.is_(None)) | (g.valid_to >= day))
    ).first()  # fmt: skip
    if running is not None and running.valid_to is None:
        return False
    connection.execute(delete(grants).where(mine, g.valid_from > day))
    if running is not None:
        this = mine & (g.valid_from == running.valid_from)
        connection.execute(update(grants).where(this).values(valid_to=None))
        return True
    values = {"person_id": person_id, "role": ROLE, "org_unit_id": unit_id, "valid_from": day}
    connection.execute(insert(grants).values(**values))
    return True


def _tops():
    return select(org_units.c.id).where(org_units.c.parent_id.is_(None))


def _able(connection: Connection) -> frozenset[int]:
    g, day = grants.c, local_today(company_timezone())
    whole = select(func.count()).select_from(_tops().subquery()).scalar_subquery()
    statement = (
        select(people.c.id)
        .join(grants, g.person_id == people.c.id)
        .where(
            people.c.is_active,
            people.c.email.is_not(None),
            g.role == ROLE,
            g.org_unit_id.in_(_tops()),
            g.valid_from <= day,
            g.valid_to.is_(None),
        )
        .group_by(people.c.id)
        .having(func.count(g.org_unit_id.distinct()) == whole)
    )
    return frozenset(connection.execute(statement).scalars())
