"""Many people and roles at once from a table: first what it would do, then all or nothing, as one act."""

from typing import Any

from sqlalchemy import Connection, Engine, select, update

from data_access import administrators, audit
from data_access import people_admin as admin
from data_access import people_seen as seen
from data_access.org_units import COLUMNS
from data_access.scope import is_whole_company, within
from data_access.settings import company_timezone
from data_access.tables.org import org_units, people
from data_access.transactions import reading, writing
from domain import people_table
from domain.errors import ChangedByOthers, InvalidInput
from domain.org_units import OrgUnit, named
from domain.people_table import Planned
from domain.periods import local_today
from domain.viewer import Viewer


def planned(engine: Engine, viewer: Viewer, text: str) -> tuple[Planned, ...]:
    """What each row of a pasted table would do, with its problems. Raises NotAllowed, InvalidInput."""
    table = people_table.rows(text)
    viewer.scope_for(seen.ACT)
    with reading(engine, viewer.scope) as connection:
        return _planned(connection, viewer, table)


def take_over(
    engine: Engine, viewer: Viewer, text: str, shown: tuple[Planned, ...] | None = None
) -> tuple[Planned, ...]:
    """What was done, row by row: all of the table or nothing, with one audit row.

    shown: what planned() said; where it would be something else now, ChangedByOthers. Raises NotAllowed,
    InvalidInput("rows_wrong" and those of the table), StepNotAllowed("last_administrator").
    """
    table = people_table.rows(text)
    viewer.scope_for(seen.ACT)
    with writing(engine, viewer.scope) as connection:
        able = administrators.lock(connection, people.c.email.in_(people_table.emails(table)))
        plan = _planned(connection, viewer, table)
        if wrong := sum(bool(one.problems) for one in plan):
            raise InvalidInput("rows_wrong", n=wrong)
        if shown is not None and plan != shown:
            raise ChangedByOthers()
        before, after = _store(connection, plan)
        administrators.check_one_left(connection, able)
        if after:
            unit = admin.about(connection, [int(one.split()[1]) for one in after])
            audit.record(
                connection, viewer, "people.import", f"people: {len(after)}", before, after, unit_id=unit
            )
    return plan


def _planned(connection: Connection, viewer: Viewer, table: list[dict[str, str]]) -> tuple[Planned, ...]:
    scope = viewer.scope_for(seen.ACT)
    theirs = set(connection.execute(select(org_units.c.id).where(within(org_units.c.id, scope))).scalars())
    seen_units = select(*COLUMNS).where(within(org_units.c.id, viewer.scope))
    names = named(OrgUnit(**row._mapping) for row in connection.execute(seen_units))
    units = {name: unit for name, unit in names.items() if unit in theirs}
    known = seen.by_email(connection, scope, people_table.emails(table))
    day = local_today(company_timezone())
    return people_table.planned(table, known, units, day, is_whole_company(connection, scope))


def _store(connection: Connection, plan: tuple[Planned, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the audit row says: by person what was, and what is, of that which changed."""
    doing = [one for one in plan if one.acts]
    c = people.c
    known = select(c.id, c.email, c.name, c.name_en).where(c.email.in_([one.email for one in doing]))
    stored = {row.email: row for row in connection.execute(known)}
    codes = {row.id: row.code for row in connection.execute(select(org_units.c.id, org_units.c.code))}
    ids = {email: row.id for email, row in stored.items()}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for one in doing:
        names = {"name": one.name, "name_en": one.name_en}
        if "add" in one.acts:
            ids[one.email] = admin.store(connection, names | {"email": one.email})
            after[seen.subject(ids[one.email])] = admin.hidden(connection, names | {"email": one.email})
        person_id = ids[one.email]
        about = seen.subject(person_id)
        is_now = after.setdefault(about, {})
        if "change" in one.acts:
            connection.execute(update(people).where(c.id == person_id).values(**names))
            was = {key: getattr(stored[one.email], key) for key in names}
            before.setdefault(about, {}).update(admin.hidden(connection, was))
            is_now |= admin.hidden(connection, names)
        if "give" in one.acts:
            admin.store_grant(connection, person_id, one.grant)
        if "end" in one.acts:
            admin.store_end(connection, person_id, one.grant)
            was = admin.told(one.before, codes[one.grant.unit_id])
            before.setdefault(about, {}).setdefault("grants", []).append(was)
        if {"give", "end"} & set(one.acts):
            is_now.setdefault("grants", []).append(admin.told(one.grant, codes[one.grant.unit_id]))
    changed = [row.id for row in stored.values()]
    connection.execute(update(people).where(c.id.in_(changed)).values(version=c.version + 1))
    return before, after
