"""The board by state, and what is overdue by unit and person, with the load of each person."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from domain.rectification_counts import Group, Load, Share
from ui import format as fmt
from ui import messages, rectification_words
from ui.charts import table_view
from ui.plain import plain
from ui.rectifications import listing
from ui.texts import _, counted, name_of

CARDS = 12  # of a state; the list has the others
Opened = Callable[[Any], None]


def by_state(found: Mapping[str, Sequence[Any]], names: listing.Names, opened: Opened) -> None:
    """A column for each state, the most urgent items first."""
    with st.grid(len(found), min_column_width=235, gap="small"):
        for state, shown in found.items():
            with st.container(border=True, gap=None, key=f"board_{state}"):
                st.markdown(f"**{rectification_words.state(state)}** · {fmt.number(len(shown))}")
                if not shown:
                    st.caption(_("none"))
                for one in shown[:CARDS]:
                    listing.row(one, names, opened, says_state=False)
                if (rest := len(shown) - CARDS) > 0:
                    text = counted("{n} more in the list", "{n} more in the list", rest)
                    st.caption(text.format(n=fmt.number(rest)))


def shares(closed: Share, original: Share, current: Share, first: str) -> None:
    """What was kept of what was due, and how much of what was found is closed."""
    texts = (
        (_("Closed in time, by the original due date"), original, _("nothing was due")),
        (_("Closed in time, by the current due date"), current, _("nothing was due")),
        (_("Closed of all that were found"), closed, _("nothing was found")),
    )
    with st.grid(3, min_column_width=210, gap="small"):
        for label, share, nothing in texts:
            about = f"{share.n}/{share.of}" if share.of else nothing
            st.metric(
                label, fmt.share(share.value), delta=about, delta_color="off", delta_arrow="off", border=True
            )
    st.caption(_("From {day} to today.").format(day=first))


def late(frame: pd.DataFrame, units: listing.Units) -> None:
    """Overdue items by unit and person, the most first."""
    st.markdown("**" + _("Overdue by unit and person") + "**")
    if frame.empty:
        st.caption(_("Nothing is overdue."))
        return
    table = pd.DataFrame(
        {
            _("Unit"): [name_of(units[one]) if one in units else fmt.MISSING for one in frame["org_unit_id"]],
            _("Responsible"): [messages.person(one) or fmt.MISSING for one in frame["responsible"]],
            _("Overdue items"): frame["items"].tolist(),
            _("Longest, days"): frame["longest_days"].tolist(),
        }
    )
    st.dataframe(
        table, hide_index=True, alt=_("Overdue by unit and person"), key="late",
        column_config=table_view.grouped(table),
    )  # fmt: skip


def load(found: Sequence[Load]) -> None:
    """What lies with each person."""
    st.markdown("**" + _("What lies with whom") + "**")
    if not found:
        st.caption(_("Nothing is on the books."))
        return
    table = pd.DataFrame(
        {
            _("Responsible"): [messages.person(one.name) or _("nobody responsible") for one in found],
            _("On the books"): [one.open for one in found],
            _("Overdue"): [one.overdue for one in found],
            _("Near due"): [one.near_due for one in found],
        }
    )
    st.dataframe(
        table, hide_index=True, alt=_("What lies with whom"), key="load",
        column_config=table_view.grouped(table),
    )  # fmt: skip


def counts(held: Any, overdue: pd.DataFrame, units: listing.Units, first: date) -> None:
    """Load, ages and what was kept. held: as rectification_board.board() gives it; first: of its period."""
    shares(held.closed_rate, held.on_time, held.on_time_now, fmt.day(first))
    left, right = st.columns(2, gap="medium")
    with left:
        late(overdue, units)
    with right:
        load(held.load)
    groups(_("On the books for"), held.by_age)
    groups(_("Overdue by"), held.by_overdue)


def groups(title: str, found: Sequence[Group]) -> None:
    """How many items are how many days old or late, in one line."""
    parts = [f"{_span(one)} **{fmt.number(one.n)}**" for one in found]
    st.markdown(f"{plain(title)} " + " · ".join(parts))


def _span(one: Group) -> str:
    if one.last is None:
        return _("from {first} d").format(first=one.first)
    return _("{first}–{last} d").format(first=one.first, last=one.last)
