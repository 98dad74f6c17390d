"""The list of people: by what they are looked for, and one line each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.org_units import OrgUnit
from domain.people import STATES, Person
from domain.viewer import ROLES
from ui import filtered, filters, pager, shell, url_choice
from ui import format as fmt
from ui.charts import table_view
from ui.people import words
from ui.people.words import Units
from ui.texts import _, counted, listed, name_of

PAGE = "people_page"


def pickers(units: Units) -> tuple[str, str, int | None, str]:
    """(text, role, unit, state) looked for; '' and None for all. The text, often an address, is in no URL."""
    st.query_params.pop("q", None)  # of an older link
    with st.container(horizontal=True, vertical_alignment="bottom", key="people_pickers"):
        text = st.text_input(
            _("Search"),
            key="q",
            type="search",
            live="300ms",
            icon=":material/search:",
            placeholder=_("Name, or the whole e-mail"),
            label_visibility="collapsed",
            on_change=pager.turn_back,
            args=(PAGE,),
            width=230,
        )
        roles, states = ("", *ROLES), ("", *STATES)
        role = _picked(
            "role", _("Role"), roles, lambda one: shell.role_name(one) if one else _("All roles"), 170
        )
        codes = {one.code: one for one in units.values() if one.level != "grid" or one.parent_id not in units}
        of = _picked("of", _("Unit"), ("", *codes), lambda one: _unit(one, codes, units), 230)
        state = _picked(
            "state", _("State"), states, lambda one: words.state(one) if one else _("All states"), 190
        )
        if text or role or of or state:
            filtered.reset_button(("role", "of", "state", PAGE), {"q": ""})
    return text or "", role or "", codes[of].id if of else None, state or ""


def _picked(name: str, label: str, options: Sequence[str], said: Callable[[str], str], width: int) -> str:
    return url_choice.picked(st.selectbox, name, label, options, "", said, (PAGE,), width=width)


def _unit(code: str, codes: Mapping[str, OrgUnit], units: Units) -> str:
    return filters.unit_label(codes[code].id, units) if code else _("All units")


def show(
    people: Sequence[Person], count: int, size: int, units: Units, day: date, zone: ZoneInfo,
    opened: Callable[[int], None],
) -> None:  # fmt: skip
    """One page of people; a chosen line opens the person."""
    if not count:
        st.info(_("Nobody is like that. Take a filter away, or add the person."))
        return
    text = counted("{n} person", "{n} people", count).format(n=fmt.number(count))
    st.caption(f"{text} · " + _("choose a line to open it"))
    table = pd.DataFrame(
        {
            _("Full name"): [name_of(one) for one in people],
            _("Roles"): [_roles(one, units, day) for one in people],
            _("State"): [words.state_of(one) for one in people],
            _("E-mail"): [one.email or fmt.MISSING for one in people],
            _("Last sign-in"): [signed_in(one, zone) for one in people],
        }
    )
    rows, alt = table_view.rows(table), _("People")
    table_view.opens(rows, f"people_{pager.asked(PAGE)}", alt, lambda row: opened(people[row].id))
    pager.show(PAGE, count, size)


def signed_in(person: Person, zone: ZoneInfo) -> str:
    """When the person last signed in, or that it never did."""
    return fmt.moment(person.signed_in_at, zone) if person.signed_in_at else _("never")


def _roles(person: Person, units: Units, day: date) -> str:
    """The roles that are not over; of somebody without one the last that was."""
    going = [one for one in person.grants if not one.is_over(day)]
    return listed(words.role_for(one, units) for one in going or person.grants[:1]) or fmt.MISSING
