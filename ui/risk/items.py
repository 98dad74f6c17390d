"""Rectification items of a risk object: their light, and the way to them on their own page."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ui import filters, messages, rectification_words
from ui import format as fmt
from ui.texts import _, counted

PAGE = "pages/work/rectifications.py"
ICONS = {"red": "▲", "yellow": "◆", "blue": "●", "none": "○"}
COLOURS = {"red": "#FBD0BA", "yellow": "#F6CF7A", "blue": "#A9D6F0", "none": "#D5DADF"}  # under dark text


def light(shown: Any) -> str:
    """The light of an item on the books with its sign; '' for one that left them."""
    if not shown.item.is_on_the_books:
        return ""
    words = {"red": _("overdue"), "yellow": _("behind"), "blue": _("near due"), "none": _("on track")}
    text = words[shown.light]
    if shown.overdue_days:
        text = _("overdue {n} d").format(n=fmt.number(shown.overdue_days))
    return f"{ICONS[shown.light]} {text}"


def due(item: Any) -> str:
    """The current due date; beside it the original one, where an extension was approved."""
    if item.current_due is None:
        return fmt.MISSING
    if item.original_due in (None, item.current_due):
        return fmt.day(item.current_due)
    text = _("{current} (originally {original})")
    return text.format(current=fmt.day(item.current_due), original=fmt.day(item.original_due))


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
            _("Light"): [light(one) or fmt.MISSING for one in found],
            _("State"): [rectification_words.state(one.item.status) for one in found],
            _("What is to be put right"): [one.item.title for one in found],
            _("Responsible"): [messages.person(one.item.responsible or None) for one in found],
            _("Due date"): [due(one.item) for one in found],
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
