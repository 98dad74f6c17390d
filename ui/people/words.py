"""Roles, states and acts of people in words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.org_units import OrgUnit
from domain.people import Grant, Person
from ui import format as fmt
from ui import shell
from ui.texts import _, in_brackets, listed, name_of

Units = Mapping[int, OrgUnit]


def state(name: str) -> str:
    """The state of a person in words."""
    return {
        "active": _("active"),
        "ended": _("ended: no role left"),
        "inactive": _("deactivated"),
        "never": _("never signed in"),
    }[name]


def state_of(person: Person) -> str:
    """The state of a person in words; who never had a role has not lost one."""
    if person.state() == "ended" and not person.grants:
        return _("no role yet")
    return state(person.state())


def grant_state(grant: Grant, day: date) -> str:
    """Whether the grant is in force, in words."""
    if grant.is_over(day):
        return _("over")
    return _("not begun") if grant.is_ahead(day) else _("in force")


def unit(unit_id: int, units: Units) -> str:
    """Name and code of a unit."""
    one = units.get(unit_id)
    return f"{name_of(one)}{in_brackets(one.code)}" if one else fmt.MISSING


def until(day: date | None) -> str:
    """The last day, or that there is none."""
    return fmt.day(day) if day else _("no end")


def grant(one: Grant, units: Units) -> str:
    """Role, unit and days in one line."""
    return f"{role_for(one, units)} · {fmt.day(one.valid_from)} – {until(one.valid_to)}"


def role_for(one: Grant, units: Units) -> str:
    """Role and unit."""
    return f"{shell.role_name(one.role)} · {name_of(units[one.unit_id])}" if one.unit_id in units else ""


def act(action: str) -> str:
    """What was done to a person."""
    return {
        "people.add": _("added"),
        "people.change": _("changed"),
        "people.give": _("role given"),
        "people.end": _("last day set"),
        "people.remove": _("role taken back"),
        "people.import": _("taken over from a table"),
        "people.administrator": _("named administrator by command"),
        "purge": _("name and e-mail removed after their time"),
    }.get(action, action)


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, units: Units) -> str:
    """What an audit row says of a person: names and e-mails are kept as a hash only."""
    words = {
        "name": (_("Full name entered"), _("Full name changed")),
        "name_en": (_("English name entered"), _("English name changed")),
        "email": (_("E-mail entered"), _("E-mail changed")),
    }
    was, now = before or {}, after or {}
    parts = [said[key in was] for key, said in words.items() if key in now and now[key] != was.get(key)]
    if "is_active" in now:
        parts.append(_("activated") if now["is_active"] else _("deactivated"))
    codes = {one.code: one for one in units.values()}
    ends = {(one["role"], one["unit"], one.get("from")): one.get("to") for one in _grants(was)}
    for one in _grants(now) or _grants(was):
        place = name_of(codes[one["unit"]]) if one["unit"] in codes else one["unit"]
        days = _days(one, ends) if "from" in one else ""
        parts.append(f"{shell.role_name(one['role'])} · {place}{days}")
    return listed(parts)


def _days(one: Mapping[str, Any], ends: Mapping[tuple, str | None]) -> str:
    last = one["to"] or _("no end")
    key = (one["role"], one["unit"], one["from"])
    if key in ends and ends[key] != one["to"]:
        last = f"{ends[key] or _('no end')} → {last}"
    return f" · {one['from']} – {last}"


def _grants(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(_found_grants(values))


def _found_grants(values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "unit" in values:
        yield values
    if "grant" in values:
        yield values["grant"]
    yield from values.get("grants", ())
    for code in values.get("units", ()):
        yield {"role": values["role"], "unit": code}
