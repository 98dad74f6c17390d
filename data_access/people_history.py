"""What was done to a person, as the audit log tells it: found by the person's number in whatever the act was.

Some acts reach beyond the units of who looks: an import of people, a change by the whole company. Of those an
administrator of some units is told what they did to the person itself and to its roles inside those units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, or_, select

from data_access import people_seen
from data_access.audit_rows import BY_NAME, C, mentions, selected
from data_access.scope import is_whole_company, within
from data_access.tables.org import org_units, people
from data_access.transactions import reading, reading_all
from domain.viewer import Viewer

MOST = 100  # newest acts that are shown of a person
# By their exact names, so that the index on them serves.
ON_ONE = ("people.add", "people.change", "people.give", "people.end", "people.remove", "people.administrator")
ON_MANY = ("people.import", "purge")  # acts of which a row speaks of many people
Side = Mapping[str, Any] | None


@dataclass(frozen=True)
class Act:
    """One act on the person. before, after: only what it did to this one, and only what may be seen.

    version: of the person that it left, None where acts of one second stand in two chains of the log, so that
    nobody knows which came first; person_id: who did it, None where nobody knows.
    """

    at: datetime  # naive UTC
    by_name: str
    action: str
    before: Side
    after: Side
    version: int | None
    person_id: int | None


def history(engine: Engine, viewer: Viewer, person_id: int) -> list[Act]:
    """The newest acts on the person, newest first. Raises NotAllowed, NotFound."""
    scope, about = viewer.scope_for(people_seen.ACT), people_seen.subject(person_id)
    with reading(engine, viewer.scope) as connection:
        people_seen.found(connection, scope, person_id)
        inside = select(org_units.c.code).where(within(org_units.c.id, scope))
        codes = set(connection.execute(inside).scalars())
        is_everything = is_whole_company(connection, scope)
    of_this_one = or_(C.subject == about, C.action.in_(ON_MANY) & mentions(about))
    # In the same statement, so that version and acts are of one moment.
    one_person = people.alias()
    version = select(one_person.c.version).where(one_person.c.id == person_id).scalar_subquery()
    columns = (C.at, C.bureau_id, BY_NAME, C.person_id, C.action, C.before, C.after, version.label("version"))
    statement = selected(columns, C.action.in_((*ON_ONE, *ON_MANY)), of_this_one)
    found: list[Act] = []
    with reading_all(engine) as connection:  # what it did to the person is no unit's alone; narrowed below
        rows = connection.execute(statement).all()
    chains: dict[datetime, set[str]] = {}
    for row in rows:
        chains.setdefault(row.at, set()).add(row.bureau_id)
    for newer, row in enumerate(rows):
        sides = [_of_person(row.action, one, about) for one in (row.before, row.after)]
        if not is_everything:
            sides = [_inside(one, codes) for one in sides]
        if any(side is not None for side in sides):
            # Each act on a person moves its version on by one, whoever may see the act.
            left = row.version - newer if len(chains[row.at]) == 1 else None
            found.append(Act(row.at, row.by_name, row.action, *sides, left, row.person_id))
        if len(found) == MOST:
            break
    return found


def _of_person(action: str, side: Side, about: str) -> Side:
    """What a side says of this one; None where that is nothing, whatever it says of others.

    Of purge it is {}: the names went, and nothing else is to be told.
    """
    if action == "people.import":
        return (side or {}).get(about)
    if action == "purge":
        return {} if about in (side or {}).get("people", ()) else None
    return side


def _inside(side: Side, codes: set[str]) -> Side:
    """What a side says of the person itself, and of roles in those units; None where that is nothing."""
    if not side:
        return side
    if "unit" in side:  # one role
        return side if side["unit"] in codes else None
    said = {}
    for name, one in side.items():
        if name == "grant" and one["unit"] not in codes:
            continue
        if name == "grants":
            one = [grant for grant in one if grant["unit"] in codes]
        if name == "units":
            one = [code for code in one if code in codes]
        if one or name not in ("grants", "units"):
            said[name] = one
    if "units" in side and "units" not in said:
        del said["role"]
    return said or None
