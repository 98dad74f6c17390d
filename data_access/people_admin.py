"""What administrators do to people and their grants: each act one transaction, with its audit row.

An act names the version that was shown (data_access/changing.py). Whoever claims the next version has the
person with all grants for the rest of the transaction; another one gets ChangedByOthers.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from data_access import administrators, audit, changing, org_units
from data_access import people_seen as seen
from data_access.scope import check_act, is_whole_company
from data_access.settings import company_timezone
from data_access.tables.org import grants, people
from data_access.tables.org import org_units as units
from data_access.transactions import writing
from domain import people as rules
from domain.errors import ChangedByOthers, InvalidInput, NotAllowed, NotFound
from domain.people import Grant
from domain.periods import local_today
from domain.viewer import Scope, Viewer


def add(
    engine: Engine, viewer: Viewer, name: str, name_en: str, email: str, grant: Grant | None = None
) -> int:
    """Number of the new person, who holds the grant; only for the whole company may one be without.

    Raises NotAllowed, NotFound, InvalidInput("person_name" | "too_long" | "email" | "email_taken" |
    "email_taken_by" | "first_role" and those of a grant).
    """
    values = _checked(name, name_en, email)
    allowed = viewer.scope_for(seen.ACT)
    with writing(engine, viewer.scope) as connection:
        if grant is None and not is_whole_company(connection, allowed):
            raise InvalidInput("first_role")
        _check_free(connection, allowed, values["email"])
        person_id = store(connection, values)
        after = hidden(connection, values)
        if grant is not None:
            rules.check_complete(grant)
            check_act(connection, viewer, seen.ACT, grant.unit_id)
            rules.check_grant(grant, ())
            store_grant(connection, person_id, grant)
            after["grant"] = told(grant, _code(connection, grant))
        unit = grant.unit_id if grant is not None else None
        audit.record(connection, viewer, "people.add", seen.subject(person_id), None, after, unit_id=unit)
    return person_id


def change(
    engine: Engine,
    viewer: Viewer,
    person_id: int,
    version: int,
    name: str,
    name_en: str,
    email: str,
    is_active: bool,
) -> None:
    """Name, e-mail and whether the person may enter, as they are to be; who is deactivated keeps the grants.

    Raises NotFound, NotAllowed for somebody with a grant elsewhere, ChangedByOthers, StepNotAllowed for the
    last administrator, InvalidInput.
    """
    new = _checked(name, name_en, email) | {"is_active": is_active}
    with writing(engine, viewer.scope) as connection:
        able = administrators.lock(connection, people.c.id == person_id)
        old = seen.found(connection, viewer.scope_for(seen.ACT), person_id)
        if not old.may_change:
            raise NotAllowed("person_of_other_units")
        if all(getattr(old, key) == value for key, value in new.items()):
            return
        if new["email"] and new["email"] != old.email:
            _check_free(connection, viewer.scope_for(seen.ACT), new["email"])
        with _email_of_one():
            is_seen = seen.is_seen(connection, viewer.scope_for(seen.ACT))
            done = changing.update(connection, is_seen, people, {"id": person_id}, version, new)
        administrators.check_one_left(connection, able)
        rows = [
            hidden(connection, {key: value for key, value in one.items() if key in new})
            for one in (done.before, done.after)
        ]
        unit = about(connection, [person_id])
        audit.record(connection, viewer, "people.change", seen.subject(person_id), *rows, unit_id=unit)


def hidden(connection: Connection, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit log says of names and e-mails: that they are, and whether they changed."""
    personal = ("name", "name_en", "email")
    return {key: audit.personal(connection, one) if key in personal else one for key, one in values.items()}


def give(engine: Engine, viewer: Viewer, person_id: int, version: int, grant: Grant) -> None:
    """The person holds the grant too. Raises NotFound, NotAllowed, ChangedByOthers, InvalidInput."""
    with writing(engine, viewer.scope) as connection:
        _enter(connection, viewer, person_id, version, grant, grant)
        rules.check_grant(grant, _grants(connection, person_id))
        store_grant(connection, person_id, grant)
        _record(connection, viewer, "people.give", person_id, None, grant)


def end(
    engine: Engine, viewer: Viewer, person_id: int, version: int, grant: Grant, last_day: date | None
) -> None:
    """The grant holds up to the last day, or has no end. grant: as it is, whatever its end.

    Raises NotFound, NotAllowed, ChangedByOthers, StepNotAllowed("grant_over" | "last_administrator"),
    InvalidInput("end_in_past" | "period_backwards" | "grant_overlaps").
    """
    with writing(engine, viewer.scope) as connection:
        able = administrators.lock(connection, people.c.id == person_id)
        _enter(connection, viewer, person_id, version, grant, replace(grant, valid_to=last_day))
        held = _held(connection, person_id, grant)
        rules.check_end(held, last_day, local_today(company_timezone()))
        new = Grant(held.role, held.unit_id, held.valid_from, last_day)
        rules.check_grant(new, (one for one in _grants(connection, person_id) if not one.is_same(held)))
        store_end(connection, person_id, new)
        administrators.check_one_left(connection, able)
        _record(connection, viewer, "people.end", person_id, held, new)


def remove(engine: Engine, viewer: Viewer, person_id: int, version: int, grant: Grant) -> None:
    """A grant that has not begun is gone. Raises as end() does, StepNotAllowed("grant_begun")."""
    with writing(engine, viewer.scope) as connection:
        _enter(connection, viewer, person_id, version, grant, None)
        held = _held(connection, person_id, grant)
        rules.check_removal(held, local_today(company_timezone()))
        connection.execute(delete(grants).where(_this(person_id, held)))
        _record(connection, viewer, "people.remove", person_id, held, None)


def store(connection: Connection, values: Mapping[str, Any]) -> int:
    """Number of the new person. Raises InvalidInput("email_taken")."""
    with _email_of_one():
        return connection.scalar(insert(people).values(**values).returning(people.c.id))


def store_grant(connection: Connection, person_id: int, grant: Grant) -> None:
    """The checked grant is the person's."""
    row = {"person_id": person_id, "role": grant.role, "org_unit_id": grant.unit_id}
    connection.execute(insert(grants).values(**row, valid_from=grant.valid_from, valid_to=grant.valid_to))


def store_end(connection: Connection, person_id: int, grant: Grant) -> None:
    """The grant of the same role, unit and first day ends as this one does."""
    connection.execute(update(grants).where(_this(person_id, grant)).values(valid_to=grant.valid_to))


def told(grant: Grant, code: str) -> dict[str, Any]:
    """The grant as the audit log holds it: the unit by its code, which outlives its number."""
    last = grant.valid_to.isoformat() if grant.valid_to else None
    return {"role": grant.role, "unit": code, "from": grant.valid_from.isoformat(), "to": last}


def about(connection: Connection, person_ids: list[int]) -> int | None:
    """The lowest unit that holds all units of the people's grants: which an act on them concerns."""
    held = select(grants.c.org_unit_id).where(grants.c.person_id.in_(person_ids)).distinct()
    return org_units.lowest_over(connection, connection.execute(held).scalars())


def _checked(name: str, name_en: str, email: str) -> dict[str, Any]:
    return {
        "name": rules.checked_name(name),
        "name_en": rules.checked_text(name_en),
        "email": rules.checked_email(email),
    }


def _check_free(connection: Connection, scope: Scope, email: str | None) -> None:
    """Raises InvalidInput where somebody has the address; who it is, only where the scope shows them."""
    for person in seen.by_email(connection, scope, [email] if email else []).values():
        if person is None:
            raise InvalidInput("email_taken")
        raise InvalidInput("email_taken_by", name=person.name)


@contextmanager
def _email_of_one() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if "email" not in str(error.orig):
            raise
        raise InvalidInput("email_taken") from error


def _enter(
    connection: Connection, viewer: Viewer, person_id: int, version: int, grant: Grant, new: Grant | None
) -> None:
    """Raises where the viewer may not change the grant, or the person moved on. new: as it is to be."""
    scope = viewer.scope_for(seen.ACT)
    seen.found(connection, scope, person_id)
    mine = {"grants": (new,)} if new else {}
    rules.check_complete(grant)
    check_act(connection, viewer, seen.ACT, grant.unit_id)
    try:
        changing.claim(connection, seen.is_seen(connection, scope), people, {"id": person_id}, version)
    except ChangedByOthers as error:  # of the row of the person nothing is shown: only what grants it has
        now = seen.found(connection, scope, person_id)
        theirs = {"grants": now.grants, "version": now.version}
        raise ChangedByOthers(person_id, mine=mine, theirs=theirs) from error


def _grants(connection: Connection, person_id: int) -> list[Grant]:
    c = grants.c
    statement = select(c.role, c.org_unit_id, c.valid_from, c.valid_to).where(c.person_id == person_id)
    return [Grant(*row) for row in connection.execute(statement)]


def _held(connection: Connection, person_id: int, grant: Grant) -> Grant:
    held = next((one for one in _grants(connection, person_id) if one.is_same(grant)), None)
    if held is None:
        raise NotFound(person_id)
    return held


def _this(person_id: int, grant: Grant):
    c = grants.c
    return (
        (c.person_id == person_id)
        & (c.role == grant.role)
        & (c.org_unit_id == grant.unit_id)
        & (c.valid_from == grant.valid_from)
    )


def _record(
    connection: Connection,
    viewer: Viewer,
    action: str,
    person_id: int,
    before: Grant | None,
    after: Grant | None,
) -> None:
    unit, code = (after or before).unit_id, _code(connection, after or before)
    rows = (told(one, code) if one is not None else None for one in (before, after))
    audit.record(connection, viewer, action, seen.subject(person_id), *rows, unit_id=unit)


def _code(connection: Connection, grant: Grant) -> str:
    return connection.scalar(select(units.c.code).where(units.c.id == grant.unit_id))
