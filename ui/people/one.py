"""One person: who it is, its roles, what was done to it, and the choice where two were at it at once."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.people import Person
from ui import conflict, messages, shell
from ui import format as fmt
from ui.charts import table_view
from ui.conflict import Conflict
from ui.people import found as listing
from ui.people import words
from ui.people.words import Units
from ui.plain import plain
from ui.texts import _, listed, name_of

FORM = "person"

COLOURS = {"active": "blue", "ended": "gray", "inactive": "orange"}
ICONS = {"active": ":material/check:", "ended": ":material/event_busy:", "inactive": ":material/block:"}


def head(person: Person, zone: ZoneInfo) -> None:
    """Name, state, e-mail and last sign-in."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(plain(name_of(person)), anchor=False, width="content")
        state = person.state()
        st.badge(words.state_of(person), icon=ICONS[state], color=COLOURS[state])
    other = person.name_en if name_of(person) == person.name else person.name
    facts = [
        other,
        person.email or _("no e-mail: cannot sign in"),
        _("Last sign-in: {time}").format(time=listing.signed_in(person, zone)),
    ]
    text = escape(" · ".join(one for one in facts if one))
    st.html(f'<span class="cs-quiet">{text}</span>')  # as markdown, an address would be a link


def roles(person: Person, units: Units, day: date) -> None:
    """The roles, those in force first."""
    if not person.grants:
        st.info(_("No role yet: give one below."))
        return
    grants = sorted(person.grants, key=lambda one: (one.is_over(day), one.is_ahead(day)))
    table = pd.DataFrame(
        {
            _("Role"): [shell.role_name(one.role) for one in grants],
            _("Unit"): [words.unit(one.unit_id, units) for one in grants],
            _("Valid from"): [fmt.day(one.valid_from) for one in grants],
            _("Last day"): [words.until(one.valid_to) for one in grants],
            _("State"): [words.grant_state(one, day) for one in grants],
        }
    )
    st.dataframe(table, hide_index=True, alt=_("Roles of the person"), key="person_roles")


def history(acts: Sequence[Any], units: Units, zone: ZoneInfo) -> None:
    """What was done to the person, newest first."""
    st.subheader(_("Changes so far"), anchor=False)
    if not acts:
        st.caption(_("Nothing yet that you may see."))
        return
    table = pd.DataFrame(
        {
            _("When"): [fmt.moment(one.at, zone) for one in acts],
            _("By"): [messages.person(one.by_name) for one in acts],
            _("Act"): [words.act(one.action) for one in acts],
            _("What changed"): [words.changes(one.before, one.after, units) for one in acts],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        key="person_history",
        alt=_("What was done to the person"),
        column_config={_("What changed"): st.column_config.TextColumn(width=table_view.SENTENCE_PX)},
    )


def waiting(person_id: int) -> Conflict | None:
    """The conflict about the person that waits for a decision; one about somebody else is dropped."""
    kept = conflict.kept(FORM)
    if kept and kept.attempt[1] != person_id:
        conflict.forget(FORM)
        return None
    return kept


def settle(found: Conflict, units: Units, acts: Sequence[Any], zone: ZoneInfo) -> tuple | None:
    """Both versions side by side; the step to do where it is wanted all the same. acts: on the person."""
    names = {
        "name": _("Full name"),
        "name_en": _("English name"),
        "email": _("E-mail"),
        "is_active": _("State"),
        "grants": _("Roles"),
    }
    names = {key: name for key, name in names.items() if key in found.theirs}
    # What others did outside the viewer's units is not among the acts: then nobody is named.
    last = next((one for one in acts if one.version == found.theirs["version"]), None)
    by = conflict.who(last.by_name, last.at, zone) if last else ""
    chosen = conflict.show(
        FORM, found, names, lambda key, one: _said(key, one, units), by,
        over=_("Do it all the same") if "grants" in names else "",
        is_own=conflict.is_own(last.person_id) if last else None,
    )  # fmt: skip
    if not chosen:
        return None
    conflict.forget(FORM)
    if chosen == "theirs":
        st.rerun()
    verb, person_id, _version, *rest = found.attempt
    return (verb, person_id, found.theirs["version"], *rest)


def _said(key: str, value: Any, units: Units) -> str:
    if key == "grants":
        return listed(words.grant(one, units) for one in value) or fmt.MISSING
    if key == "is_active":
        return words.state("active" if value else "inactive")
    return value or fmt.MISSING
