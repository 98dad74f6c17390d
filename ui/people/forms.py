"""The forms: a new person, and the steps of one. Each hands on the version that was shown.

What a form says is done before the page runs again (a callback), so that it speaks of the person as shown,
not of what somebody else made of it meanwhile.
"""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from domain.people import LONGEST_EMAIL, LONGEST_NAME, Grant, Person, earliest_end
from domain.viewer import ROLES
from ui import filters, shell
from ui.people import words
from ui.people.words import Units
from ui.texts import _

Act = Callable[..., None]
FIRST = date(2000, 1, 1)
LAST = date(2099, 12, 31)


def new(roles_for: Sequence[int], units: Units, day: date, may_be_without: bool, act: Act) -> None:
    """A person with the first role. may_be_without: the role may come later."""
    said = st.session_state

    def asked() -> None:
        is_given = said["role_new"] is not None or said["unit_new"] is not None
        grant = _grant("new") if is_given else None
        act("add", said["name_new"], said["name_en_new"], said["email_new"], grant)

    with st.form("new_person"):
        left, right = st.columns(2)
        with left:
            _names("new", None)
        with right:
            _role("new", roles_for, units, day)
        if may_be_without:
            st.caption(_("Without a role the person may be added, but sees nothing and cannot sign in."))
        st.form_submit_button(
            _("Add the person"),
            type="primary",
            icon=":material/person_add:",
            on_click=asked,
            key="add_person",
        )


def steps(person: Person, roles_for: Sequence[int], units: Units, day: date, act: Act) -> None:
    """What can be done to a person, side by side."""
    left, middle, right = st.columns(3)
    with left:
        give(person, roles_for, units, day, act)
    with middle:
        end(person, roles_for, units, day, act)
    with right:
        change(person, act)


def change(person: Person, act: Act) -> None:
    """Name, e-mail and whether the person may enter."""
    key, said = _key(person), st.session_state

    def asked() -> None:
        values = (said[f"{name}_{key}"] for name in ("name", "name_en", "email", "active"))
        act("change", person.id, person.version, *values)

    with st.container(border=True):
        st.markdown("**" + _("Name and sign-in") + "**")
        if not person.may_change:
            st.caption(
                _(
                    "The person also has roles outside your units, so only an administrator of all of these "
                    "may change name, e-mail and state."
                ),
            )
            return
        with st.form(f"change_{key}", border=False):
            _names(key, person)
            st.toggle(_("Active: may sign in"), value=person.is_active, key=f"active_{key}")
            st.form_submit_button(
                _("Save"), icon=":material/save:", on_click=asked, key=f"save_{key}", width="stretch"
            )


def give(person: Person, roles_for: Sequence[int], units: Units, day: date, act: Act) -> None:
    """One more role."""
    key = _key(person)
    with st.container(border=True):
        st.markdown("**" + _("Give a role") + "**")
        with st.form(f"give_{key}", border=False):
            _role(key, roles_for, units, day)
            st.form_submit_button(
                _("Give the role"), icon=":material/add:", key=f"give_role_{key}", width="stretch",
                on_click=lambda: act("give", person.id, person.version, _grant(key)),
            )  # fmt: skip


def end(person: Person, roles_for: Sequence[int], units: Units, day: date, act: Act) -> None:
    """The last day of a role that is not over, or the way back of one that has not begun."""
    key, said = _key(person), st.session_state
    going = [one for one in person.grants if not one.is_over(day) and one.unit_id in roles_for]
    with st.container(border=True):
        st.markdown("**" + _("End a role") + "**")
        if not going:
            st.caption(_("There is no role to end."))
            return
        number = st.selectbox(
            _("Role"), range(len(going)), key=f"which_{key}",
            format_func=lambda one: f"{words.role_for(going[one], units)} · {going[one].valid_from}",
        )  # fmt: skip
        grant = going[number]
        step = (person.id, person.version, grant)
        with st.form(f"end_{key}_{number}", border=False):
            st.date_input(
                _("Last day"), value=grant.valid_to or max(day, grant.valid_from), format="YYYY-MM-DD",
                key=f"last_{key}_{number}", min_value=FIRST, max_value=LAST,
                help=_("Empty: no end. Not before {day}.").format(day=earliest_end(day)),
            )  # fmt: skip
            st.form_submit_button(
                _("Set the last day"), icon=":material/event:", key=f"end_role_{key}", width="stretch",
                on_click=lambda: act("end", *step, said[f"last_{key}_{number}"]),
            )  # fmt: skip
        if grant.is_ahead(day):
            st.button(
                _("Take it back: it has not begun"), icon=":material/undo:", key=f"remove_{key}",
                width="stretch", on_click=lambda: act("remove", *step),
            )  # fmt: skip


def _key(person: Person) -> str:
    return f"{person.id}_{person.version}"


def _names(key: str, person: Person | None) -> None:
    values = (person.name, person.name_en, person.email or "") if person else ("", "", "")
    labels = (_("Full name"), _("English name"), _("E-mail"))
    names, most = ("name", "name_en", "email"), (LONGEST_NAME, LONGEST_NAME, LONGEST_EMAIL)
    for name, label, value, length in zip(names, labels, values, most, strict=True):
        about = _("What the identity provider knows the person by") if name == "email" else None
        st.text_input(label, value=value, key=f"{name}_{key}", max_chars=length, help=about)


def _role(key: str, roles_for: Sequence[int], units: Units, day: date) -> None:
    st.selectbox(
        _("Role"), ROLES, index=None, format_func=shell.role_name, key=f"role_{key}", placeholder=_("Choose"),
    )  # fmt: skip
    st.selectbox(
        _("Unit, with all below it"), roles_for, index=None, key=f"unit_{key}", placeholder=_("Choose"),
        format_func=lambda one: f"{filters.unit_label(one, units)} ({units[one].code})",
    )  # fmt: skip
    left, right = st.columns(2)
    shared = {"format": "YYYY-MM-DD", "min_value": FIRST, "max_value": LAST}
    left.date_input(_("Valid from"), value=day, key=f"from_{key}", **shared)
    right.date_input(_("Last day"), value=None, key=f"to_{key}", help=_("Empty: no end"), **shared)


def _grant(key: str) -> Grant:
    said = st.session_state
    return Grant(said[f"role_{key}"] or "", said[f"unit_{key}"], said[f"from_{key}"], said[f"to_{key}"])
