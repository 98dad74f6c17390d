"""What a form asked for, carried out before the page runs again, and what came of it; which item is open."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from domain.errors import ChangedByOthers, DashboardError
from domain.rectifications import STEPS, Rectification
from ui import cache, refusals, session
from ui import format as fmt
from ui.rectifications import new, settling, table
from ui.texts import _, counted

REFUSED, SAID = "item_refused", "item_said"
EMPTIED = {"note": "notes_written", "file": "files_added", "table": table.COUNT}  # begin empty next


def carry_out(verbs: Mapping[str, Callable[..., Any]], verb: str, *values: Any) -> None:
    """Do it, and keep what came of it to be said by the next run. verbs: each is given engine and viewer."""
    try:
        found = verbs[verb](session.engine(), session.viewer(), *values)
    except ChangedByOthers as error:
        cache.forget()
        if verb in STEPS:
            settling.keep(error, verb, values)
        else:
            st.session_state[REFUSED] = error
        return
    except DashboardError as error:
        st.session_state[REFUSED] = error
        return
    cache.forget()
    if verb in EMPTIED:
        st.session_state[EMPTIED[verb]] = st.session_state.get(EMPTIED[verb], 0) + 1
    if verb == "table":
        st.session_state.pop(table.DECIDED, None)
    if verb == "create":
        opened(found.bureau_id, found.item_id)
    st.session_state[SAID] = (verb, found)
    st.query_params.pop("do", None)


def opened(bureau_id: str, item_id: str) -> None:
    """Show one item; in the URL."""
    for name in ("view", "do", *new.PARAMETERS):
        st.query_params.pop(name, None)
    st.query_params["item"] = item_id
    st.query_params["space"] = bureau_id


def opened_item(item: Rectification) -> None:
    """The same of an item at hand."""
    opened(item.bureau_id, item.item_id)


def closed() -> None:
    """Show the list again."""
    for name in ("item", "space", "do"):
        st.query_params.pop(name, None)


def title() -> None:
    """The head of the page, and what the last act did."""
    st.header(_("Rectification items"), anchor=False)
    said()


def back() -> None:
    """The way from an item to the list."""
    st.button(_("All items"), icon=":material/arrow_back:", type="tertiary", on_click=closed, key="all_items")


def said() -> None:
    """What the last act did, or why it was refused, once."""
    verb, found = st.session_state.pop(SAID, ("", None))
    if verb:
        st.success(_done(verb, found), icon=":material/check_circle:")
    if (error := st.session_state.pop(REFUSED, None)) is not None:
        refusals.show(error)


def _done(verb: str, found: Any) -> str:
    if verb == "hand_over_all":
        return counted("{n} item handed over.", "{n} items handed over.", found).format(n=fmt.number(found))
    if verb == "table":
        n = sum(one.act in ("new", "changed") for one in found)
        return counted("{n} item stored.", "{n} items stored.", n).format(n=fmt.number(n))
    texts = {
        "create": _("The item was created."),
        "assign": _("Assigned."),
        "start": _("Work has begun."),
        "progress": _("Progress stored."),
        "done": _("Reported as done; it waits for verification by somebody else."),
        "return": _("Returned; it is being worked on again."),
        "verify": _("Verified and closed."),
        "cancel": _("Cancelled."),
        "extension_ask": _("Asked for. Until it is approved the present due date holds."),
        "extension_decide": _("Decided on."),
        "hand_over": _("Handed over."),
        "file": _("The file was added."),
    }
    if verb == "note":
        return _("Note stored.") if found == "note" else _("Stored as a comment.")
    return texts.get(verb, _("Saved."))
