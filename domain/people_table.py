"""A table of people and roles, a row per role: what each row would add or change, and what is wrong with it.

The e-mail tells people apart. Who is not in the table stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain import pasted, people
from domain.errors import Coded, InvalidInput, NotAllowed
from domain.people import Grant, Person

COLUMNS = {  # the headers that stand for each column; the first two are shown
    "name": ("姓名", "Name"),
    "name_en": ("英文名", "English name"),
    "email": ("邮箱", "E-mail", "email", "电子邮箱"),
    "role": ("角色", "Role"),
    "unit": ("单位", "Unit", "单位编码", "Unit code", "单位名称", "Unit name"),
    "valid_from": ("生效日期", "Valid from", "from"),
    "valid_to": ("截止日期", "Valid to", "to", "失效日期"),
}
NEEDED = ("name", "email", "role", "unit")
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True)
class Planned:
    """One row: what it would do, in words of the audit log (add, change, give, end); none: it is so already.

    row counts as in a spreadsheet, the header is 1. before: the grant whose end changes. problems: by column.
    """

    row: int
    cells: Mapping[str, str]
    email: str = ""
    name: str = ""
    name_en: str = ""
    grant: Grant | None = None
    before: Grant | None = None
    acts: tuple[str, ...] = ()
    problems: tuple[tuple[str, Coded], ...] = ()


@dataclass
class _Known:
    """A person as it would be after the rows so far. person is None for a new one."""

    person: Person | None
    name: str
    name_en: str
    grants: list[Grant] = field(default_factory=list)
    is_told: bool = False  # some row of the table spoke of the person


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a pasted table. Raises InvalidInput, see pasted.rows()."""
    return pasted.rows(text, COLUMNS, NEEDED)


def emails(table: Sequence[Mapping[str, str]]) -> list[str]:
    """The addresses of the table as they are stored; those that are none are left out."""
    found = {}
    for row in table:
        try:
            found[people.checked_email(row["email"])] = None
        except InvalidInput:
            continue
    return [one for one in found if one]


def planned(
    table: Sequence[Mapping[str, str]],
    known: Mapping[str, Person | None],
    units: Mapping[str, int],
    day: date,
    is_everything: bool,
) -> tuple[Planned, ...]:
    """What each row would do, after those above it.

    known: people by address, None for one that may not be seen. units: id by code, or by a name that only one
    has, of those for which roles may be given. is_everything: these are all units, so that somebody may be
    without a role.
    """
    state: dict[str, _Known] = {}
    result = []
    for number, row in enumerate(table, start=2):
        one = _Row(row, day)
        email = one.checked("email", lambda text: people.checked_email(text) or _needed())
        person = _person(one, email, known, state)
        grant = one.grant(units, person, is_everything)
        acts, before = [], None
        if person is not None:
            acts = one.names(person)
            if grant is not None:
                act, grant, before = one.act(person, grant)
                acts += [act] if act else []
        plan = Planned(number, dict(row), email or "", grant=grant, before=before)
        if person is not None:
            plan = replace(plan, name=person.name, name_en=person.name_en)
        acts = tuple(acts) if not one.problems else ()
        result.append(replace(plan, acts=acts, problems=tuple(one.problems)))
    return tuple(result)


def _needed() -> str:
    raise InvalidInput("cell_needed")


def _person(
    row: "_Row", email: str | None, known: Mapping[str, Person | None], state: dict[str, _Known]
) -> _Known | None:
    if email is None:
        return None
    if email not in state:
        person = known.get(email)
        if person is None and email in known:
            row.problem("email", InvalidInput("email_taken"))
            return None
        if person is None:
            state[email] = _Known(None, "", "")
        else:
            state[email] = _Known(person, person.name, person.name_en, list(person.grants))
    found = state[email]
    if found.person is not None and not found.person.is_active:
        row.problem("email", InvalidInput("person_inactive"))
    return found


class _Row:
    """The cells of a row, and what was found wrong with them."""

    def __init__(self, cells: Mapping[str, str], day: date):
        self.cells = cells
        self.day = day
        self.problems: list[tuple[str, Coded]] = []

    def problem(self, column: str, error: Coded) -> None:
        self.problems.append((column, error))

    def checked(self, column: str, check):
        try:
            return check(self.cells.get(column, ""))
        except Coded as error:
            self.problem(column, error)
            return None

    def names(self, person: _Known) -> list[str]:
        """The person's names from here on, and whether that adds or changes it."""
        name = self.checked("name", people.checked_text)
        name_en = self.checked("name_en", people.checked_text) or person.name_en
        is_first, person.is_told = not person.is_told, True
        if person.person is None and is_first:
            person.name, person.name_en = self.checked("name", people.checked_name) or "", name_en
            return ["add"]
        name = name or person.name
        if (name, name_en) == (person.name, person.name_en):
            return []
        if not is_first:
            self.problem("name", InvalidInput("name_differs", name=person.name))
        elif not person.person.may_change:
            self.problem("name", NotAllowed("person_of_other_units"))
        person.name, person.name_en = name, name_en
        return ["change"]

    def grant(self, units: Mapping[str, int], person: _Known | None, is_everything: bool) -> Grant | None:
        """The role of the row; without a first day it is that of the same role that runs, else today's."""
        texts = [self.cells.get(name, "") for name in ("role", "unit", "valid_from", "valid_to")]
        if not any(texts):
            if person is not None and not person.grants and not is_everything:
                self.problem("role", InvalidInput("first_role"))
            return None
        role = self.checked("role", people.role_of)
        unit = self.checked("unit", lambda code: units[code] if code in units else _unknown(code))
        first, last = self.checked("valid_from", day_of), self.checked("valid_to", day_of)
        if role is None or unit is None or any(one[0] in ("valid_from", "valid_to") for one in self.problems):
            return None
        if first is None:
            running = (
                one
                for one in (person.grants if person is not None else ())
                if (one.role, one.unit_id) == (role, unit) and not one.is_over(self.day)
            )
            first = min((one.valid_from for one in running), default=self.day)
        return Grant(role, unit, first, last)

    def act(self, person: _Known, grant: Grant) -> tuple[str, Grant, Grant | None]:
        """(give, end or '', the grant, what it was before)."""
        before = next((one for one in person.grants if one.is_same(grant)), None)
        others = [one for one in person.grants if one is not before]
        if before == grant:
            return "", grant, None
        column = "valid_from"
        try:
            if before is not None:
                column = "valid_to"
                people.check_end(before, grant.valid_to, self.day)
            people.check_grant(grant, others)
        except Coded as error:
            self.problem("valid_to" if error.code == "period_backwards" else column, error)
            return "", grant, None
        person.grants = [*others, grant]
        return ("give" if before is None else "end"), grant, before


def _unknown(code: str) -> int:
    raise InvalidInput("unknown_unit_named", unit=code) if code else InvalidInput("cell_needed")


def day_of(text: str) -> date | None:
    """The day that a cell says: 2026-11-24, 2026/11/24, 2026年11月24日. Raises InvalidInput("date")."""
    if not text:
        return None
    found = DATE.fullmatch(text)
    try:
        return date(*(int(one) for one in found.groups()))
    except (AttributeError, ValueError) as error:
        raise InvalidInput("date", value=text) from error
