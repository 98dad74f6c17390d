"""The one SELECT behind every reading of the audit log: newest first, and people by their number.

A row is never changed, so it keeps the name that it was signed with; the number of the person beside it says
whose that was. Who left is shown as such at reading, whatever the name was then, and no namesake with them.
"""

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, Text, case, cast, literal, or_, select

from data_access.scope import is_whole_company, within
from data_access.tables.audit import audit_log
from data_access.tables.org import people
from domain import former
from domain.viewer import Scope

C = audit_log.c
IS_FORMER = people.c.name == literal(former.ZH) + cast(people.c.id, String)
BY_NAME = case((IS_FORMER, people.c.name), else_=C.by_name).label("by_name")
NEWEST_FIRST = (C.at.desc(), C.no.desc(), C.bureau_id)


def selected(columns: tuple, *conditions: ColumnElement[bool]) -> Select:
    """The rows that all conditions hold for, newest first. columns: of audit_log and people, and BY_NAME."""
    joined = audit_log.outerjoin(people, people.c.id == C.person_id)
    return select(*columns).select_from(joined).where(*conditions).order_by(*NEWEST_FIRST)


def of_scope(connection: Connection, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Conditions: rows of the scope's units.

    What concerns the whole company, or a unit that is gone, is for somebody whose scope holds all of it.
    """
    return () if is_whole_company(connection, scope) else (within(C.org_unit_id, scope),)


def acted_as(text: str) -> ColumnElement[bool]:
    """Condition: the text is part of what the person is called today, or was by the row itself.

    Who was renamed is found with all that they did; who left only by what they are called since.
    """
    today = or_(*(name.icontains(text, autoescape=True) for name in (people.c.name, people.c.name_en)))
    then = C.by_name.icontains(text, autoescape=True)
    has_left = C.person_id.in_(select(people.c.id).where(IS_FORMER))
    return or_(C.person_id.in_(select(people.c.id).where(today)), then & (C.person_id.is_(None) | ~has_left))


def mentions(*values: Any) -> ColumnElement[bool]:
    """Condition: these values stand one after the other in what was after, as in a list of a bulk act.

    The caller looks again at what comes back: 17 is found in 170 too.
    """
    return cast(C.after, Text).contains(json.dumps(values)[1:-1], autoescape=True)
