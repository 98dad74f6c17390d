"""Rectification items of a risk object: their light, and the way to them on their own page."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ui import filters, messages, rectification_words
from ui import format as fmt
from ui.rectifications import words
from ui.texts import _, counted

PAGE = "pages/work/rectifications.py"


def measure(several: Sequence[Any]) -> str:
    """What is done, of the most urgent item; how many more there are."""
    if not several:
        return _("none")
    item = several[0].item
    more = len(several) - 1
    text = f"{item.measure or item.title} {item.progress_pct}%"
    return text + (" · " + _("{n} more").format(n=more) if more else "")


def responsible(several: Sequence[Any]) -> str:
    """Who is responsible for the most urgent item."""
    return messages.person(several[0].item.responsible) if several and several[0].item.responsible else ""


def new_query(kind: str, code: str, space: str, rules: Sequence[str]) -> dict[str, str]:
    """URL parameters of the form of a new item about the object, filled in."""
    about = {"kind": kind, "code": code, "space": space, "rules": ";".join(rules)}
    return filters.query(view="new", **about)


def create_button(kind: str, code: str, space: str, rules: Sequence[str]) -> None:
    """The way to a new item about the object, for who may create one."""
    if st.button(
        _("Create a rectification item"), type="primary", icon=":material/add_task:", key="create_item"
    ):
        st.switch_page(PAGE, query_params=new_query(kind, code, space, rules))


def show(found: Sequence[Any]) -> None:
    """All items of the object, the newest first; a chosen line opens it."""
    if not found:
        st.info(_("No rectification item yet."), icon=":material/build:")
        return
    open_ones = sum(one.item.is_on_the_books for one in found)
    text = counted("{n} item on the books", "{n} items on the books", open_ones).format(n=open_ones)
    st.caption(f"{text} · " + _("choose a line to open it"))
    table = pd.DataFrame(
        {
            _("Light"): [words.light_of(one) or fmt.MISSING for one in found],
            _("State"): [rectification_words.state(one.item.status) for one in found],
            _("What is to be put right"): [one.item.title for one in found],
            _("Responsible"): [messages.person(one.item.responsible or None) for one in found],
            _("Due date"): [words.due(one.item) for one in found],
            _("Number"): [one.item.item_id for one in found],
        }
    )
    event = st.dataframe(
        table, hide_index=True, key="object_items", on_select="rerun", selection_mode="single-row",
        column_config={_("What is to be put right"): st.column_config.TextColumn(width=170)},
        alt=_("Rectification items of the object, the newest first"),
    )  # fmt: skip
    if event.selection.rows:
        item = found[event.selection.rows[0]].item
        st.switch_page(PAGE, query_params=filters.query(item=item.item_id, space=item.bureau_id))
