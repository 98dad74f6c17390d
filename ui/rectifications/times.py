"""Items by time: how many were on the books week by week, and when those are due that are on them now."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from domain.rectification_counts import LIGHTS
from ui import format as fmt
from ui import shell, style
from ui.charts import burn_down, due_dates, table_view
from ui.rectifications import words
from ui.texts import _, counted

MOST_DATES = 40
LABEL_PX = (300, 130)  # on a screen, on a phone
PERIOD = timedelta(weeks=26)


def weeks(frame: pd.DataFrame) -> None:
    """The burn-down by week."""
    first, last = int(frame["open"].iloc[0]), int(frame["open"].iloc[-1])
    title = _("On the books: {last}, {n} weeks ago {first}").format(
        last=fmt.number(last), n=len(frame) - 1, first=fmt.number(first)
    )
    st.markdown(f"**{title}**")
    opened, left, still = _("Opened in the week"), _("Left in the week"), _("On the books")
    spec = burn_down.spec(style.theme(), _("Week to"), still, opened, left)
    table_view.chart(table_view.rows(burn_down.rows(frame)), spec, title, "burn_down")
    light, dark = burn_down.BARS[style.theme()]
    st.html(
        f'<div class="cs-row cs-quiet"><span><span class="cs-key line dark"></span>{still}</span>'
        f'<span><span class="cs-cell" style="background:{light}"></span>{opened}</span>'
        f'<span><span class="cs-cell" style="background:{dark}"></span>{left}</span></div>'
    )
    names = {"week_end": _("Week to"), "open": still, "opened": opened, "left": left}
    table_view.table(lambda: burn_down.table(frame, names), title, "burn_down")


def dates(frame: pd.DataFrame, day: date) -> None:
    """When the items on the books are due: the current date, and the original one where it was moved."""
    known = frame[frame["current_due"].notna()]
    st.markdown("**" + _("When they are due") + "**")
    if known.empty:
        st.caption(_("No item on the books has a due date."))
        return
    shown = known.head(MOST_DATES)
    moved = int((shown["current_due"] != shown["original_due"]).sum())
    text = counted("{n} due date was moved", "{n} due dates were moved", moved)
    alt = _("Due dates from {first} to {last}").format(
        first=fmt.day(known["current_due"].min()), last=fmt.day(known["current_due"].max())
    )
    words_of = (_("Item"), _("Responsible"), _("Original due date"), _("Current due date"))
    spec = due_dates.spec(style.theme(), words_of, LABEL_PX[shell.is_phone()])
    rows = due_dates.rows(shown, day, words.LIGHT_ICONS)
    table_view.chart(table_view.rows(rows), spec, f"{alt}; {text.format(n=moved)}", "due_dates")
    _legend()
    if (rest := len(known) - len(shown)) > 0:
        more = counted("{n} later one is in the table", "{n} later ones are in the table", rest)
        st.caption(more.format(n=fmt.number(rest)))
    names = {
        "item_id": _("Number"),
        "title": _("What is to be put right"),
        "responsible": _("Responsible"),
        "light": _("Light"),
        "assigned_on": _("Assigned on"),
        "original_due": _("Original due date"),
        "current_due": _("Current due date"),
    }
    lights = {one: words.light(one) for one in LIGHTS}
    table_view.table(lambda: due_dates.table(frame, names, lights), alt, "due_dates")


def _legend() -> None:
    moved, now = _("original due date, where it was moved"), _("today")
    lights = "".join(
        f'<span><span style="color:{due_dates.COLOURS[one]}">●</span> '
        f"{words.LIGHT_ICONS[one]} {words.light(one)}</span>"
        for one in LIGHTS
    )
    st.html(
        f'<div class="cs-row cs-quiet">{lights}<span>◇ {moved}</span>'
        f'<span><span class="cs-key dashed"></span>{now}</span></div>'
    )
