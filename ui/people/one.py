"""One person: who it is, its roles, what was done to it, and how a step of two at once ended."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.errors import ChangedByOthers, DashboardError
from domain.people import Person
from ui import format as fmt
from ui import messages, refusals, shell
from ui.charts import table_view
from ui.people import found, words
from ui.people.words import Units
from ui.plain import plain
from ui.texts import _, name_of

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
        _("Last sign-in: {time}").format(time=found.signed_in(person, zone)),
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


def history(acts: Sequence[Any], about: str, units: Units, zone: ZoneInfo) -> None:
    """What was done to the person, newest first. about: the person's part in an act on many."""
    st.subheader(_("Changes so far"), anchor=False)
    if not acts:
        st.caption(_("Nothing yet that you may see."))
        return
    table = pd.DataFrame(
        {
            _("When"): [fmt.moment(one.at, zone) for one in acts],
            _("By"): [messages.person(one.by_name) for one in acts],
            _("Act"): [words.act(one.action) for one in acts],
            _("What changed"): [
                words.changes(_part(one.before, about), _part(one.after, about), units) for one in acts
            ],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        key="person_history",
        alt=_("What was done to the person"),
        column_config={_("What changed"): st.column_config.TextColumn(width=table_view.SENTENCE_PX)},
    )


def _part(values: Mapping[str, Any] | None, about: str) -> Mapping[str, Any] | None:
    return values.get(about, values) if values else values


def refused(error: DashboardError, units: Units) -> None:
    """Why a step was not done; where somebody else was faster, both versions side by side."""
    refusals.show(error)
    if not isinstance(error, ChangedByOthers) or not error.mine:
        return
    labels = {
        "name": _("Full name"),
        "name_en": _("English name"),
        "email": _("E-mail"),
        "is_active": _("State"),
        "grants": _("Roles"),
    }
    table = pd.DataFrame(
        {
            _("Field"): [labels[key] for key in error.mine],
            _("Yours, not stored"): [_said(key, one, units) for key, one in error.mine.items()],
            _("Stored now"): [_said(key, error.theirs[key], units) for key in error.mine],
        }
    )
    st.dataframe(table, hide_index=True, key="both_versions", alt=_("Your version and the stored one"))
    st.caption(_("Below is what is stored now. Enter yours again where it still holds."))


def _said(key: str, value: Any, units: Units) -> str:
    if key == "grants":
        return "\n".join(words.grant(one, units) for one in value) or fmt.MISSING
    if key == "is_active":
        return words.state("active" if value else "inactive")
    return value or fmt.MISSING
