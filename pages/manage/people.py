"""People and their roles: who there is, one person with every step, a new one, and a table of many.

URL: person (one opened), view (list, new, table), role, of (unit), state, people_page.
"""

import streamlit as st

from data_access import people_admin, people_history, people_import, people_seen
from data_access.people_seen import PAGE_SIZE, Wanted
from domain.errors import ChangedByOthers, DashboardError
from domain.periods import local_today
from ui import conflict, filters, pager, refusals, session, url_choice
from ui.people import forms, found, many, one
from ui.texts import _

VERBS = {
    "add": people_admin.add,
    "change": people_admin.change,
    "give": people_admin.give,
    "end": people_admin.end,
    "remove": people_admin.remove,
    "table": people_import.take_over,
}
viewer, engine, zone = session.viewer(), session.engine(), session.zone()
units, day = session.units(), local_today(zone)
VIEWS = ("list", "new", "table")


def act(verb: str, *values: object) -> None:
    """Do a step before the page runs again, and keep what came of it to be said there."""
    try:
        done = VERBS[verb](session.engine(), session.viewer(), *values)
    except DashboardError as error:
        if isinstance(error, ChangedByOthers) and error.theirs:
            conflict.keep(one.FORM, error, (verb, *values))
        else:
            st.session_state["people_refused"] = error
        return
    session.forget()
    st.session_state["people_done"] = done if verb == "table" else True
    if verb == "add":
        opened(done)
    if verb == "table":
        many.forget()


def opened(person_id: int | None) -> None:
    """Show one person, or the list again; in the URL."""
    st.query_params.pop("view", None)
    if person_id is None:
        st.query_params.pop("person", None)
    else:
        st.query_params["person"] = str(person_id)


def said() -> None:
    """What the last step did, once."""
    done = st.session_state.pop("people_done", None)
    if done is not None:
        text = _("Saved.") if done is True else _("Taken over: {what}.").format(what=many.counts(done))
        st.success(text, icon=":material/check_circle:")
    if (error := st.session_state.pop("people_refused", None)) is not None:
        refusals.show(error)


def person(number: int) -> None:
    """One person with every step."""
    st.button(
        _("All people"), icon=":material/arrow_back:", type="tertiary", on_click=opened, args=(None,),
        key="all_people",
    )  # fmt: skip
    shown = people_seen.one(engine, viewer, number)
    one.head(shown, zone)
    said()
    one.roles(shown, units, day)
    acts = people_history.history(engine, viewer, number)
    if two := one.waiting(number):
        if step := one.settle(two, units, acts, zone):
            act(*step)
            st.rerun()
    else:
        forms.steps(shown, administered, units, day, act)
    one.history(acts, units, zone)


def table() -> None:
    """Many at once: what each row would do, then all or nothing."""
    text = many.given()
    if not text.strip():
        return
    try:
        plan = people_import.planned(engine, viewer, text)
    except DashboardError as error:
        refusals.show(error)
        return
    is_ready = many.show(plan, units)
    st.button(
        _("Take over the whole table"), type="primary", icon=":material/task_alt:", disabled=not is_ready,
        on_click=act, args=("table", text, plan), key="take_table",
    )  # fmt: skip


roots = set(viewer.scope_for("edit_people").roots)
administered = [key for key in units if roots & {unit.id for unit in filters.path_of(key, units)}]
if (asked := st.query_params.get("person", "")).isdecimal() and len(asked) < 10:
    person(int(asked))
    st.stop()
st.header(_("People"), anchor=False)
names = {"list": _("All people"), "new": _("New person"), "table": _("Table of many")}
view = url_choice.picked(st.segmented_control, "view", _("View"), VIEWS, "list", names.get, required=True)
said()
if view == "new":
    forms.new(administered, units, day, people_seen.is_everything(engine, viewer), act)
elif view == "table":
    table()
else:
    wanted = Wanted(*found.pickers(units))
    rows, count = people_seen.listed(engine, viewer, wanted, pager.asked(found.PAGE))
    found.show(rows, count, PAGE_SIZE, units, day, zone, opened)
