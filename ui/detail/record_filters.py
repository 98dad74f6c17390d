"""What the records are narrowed to: a cause, a kind, a month, one day, counted or not. All of it in the URL.

URL: cause, kind (codes, - where none was given), month=2026-10, day=2026-10-03, counted=yes or no.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from domain.kpis import Kpi
from domain.periods import Period, add_months
from ui import format as fmt
from ui import url_choice
from ui.texts import _

ALL, NOT_GIVEN = "", "-"
PARAMETERS = ("cause", "kind", "month", "day", "counted")
DIMENSIONS = ("cause", "kind")
Name = Callable[[str, str], str]  # (dimension, member) -> words


def forget() -> None:
    """Narrow to nothing from now on, and begin at the first page."""
    for name in (*PARAMETERS, "records_page"):
        st.query_params.pop(name, None)


def open_member(dimension: str, member: str) -> None:
    """Show the records of one cause or kind from now on."""
    forget()
    st.query_params["view"] = "records"
    st.query_params[dimension] = member or NOT_GIVEN


def pick(kpi: Kpi, members: Mapping[str, pd.DataFrame], period: Period, name: Name) -> dict[str, Any]:
    """The pickers, and what they say: only what is narrowed, as records.Filters takes it."""
    found: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for dimension in (one for one in DIMENSIONS if one in members):
            known = [one or NOT_GIVEN for one in members[dimension]["member"]]
            member = _picked(
                dimension, known, _every(dimension), lambda one, of=dimension: name(of, member_of(one))
            )
            if member:
                found[dimension] = member_of(member)
        if not kpi.is_as_of:
            found |= _of_time(period)
        counted = _picked("counted", ["yes", "no"], _("Counted or not"), _counted)
    if counted:
        found["is_counted"] = counted == "yes"
    return found


def member_of(text: str) -> str:
    """The member of a break-down that the URL's text stands for."""
    return "" if text == NOT_GIVEN else text


def _of_time(period: Period) -> dict[str, date]:
    """One month of several, or one day, which only the URL can say."""
    day = _day(st.query_params.get("day", ""), period)
    if day is not None:
        st.button(
            fmt.day(day), icon=":material/close:", key="every_day", help=_("Show all days"), on_click=forget
        )
        return {"day": day}
    months = {f"{one:%Y-%m}": one for one in period.months}
    if len(months) == 1:
        return {}
    chosen = _picked("month", list(months), _("All months"), lambda one: fmt.month(months[one]))
    return {"month": months[chosen]} if chosen in months else {}


def _day(text: str, period: Period) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if period.first <= day < add_months(period.last, 1) else None


def _picked(key: str, options: list[str], every: str, words: Callable[[str], str]) -> str:
    """The option chosen, ALL for none; one that the URL names is offered though the period has none of it."""
    wanted = st.query_params.get(key, ALL)
    if key in DIMENSIONS and wanted and wanted not in options:
        options = [*options, wanted]
    return url_choice.picked(
        st.selectbox, key, every, [ALL, *options], ALL, lambda one: words(one) if one else every,
        resets=("records_page",), width=190,
    )  # fmt: skip


def _every(dimension: str) -> str:
    return {"cause": _("All causes"), "kind": _("All kinds")}[dimension]


def _counted(answer: str) -> str:
    return {"yes": _("Only counted"), "no": _("Only not counted")}[answer]


def words(found: Mapping[str, Any], name: Name) -> str:
    """What the records are narrowed to, for the header of a file."""
    texts = [name(one, found[one]) for one in DIMENSIONS if one in found]
    texts += [fmt.day(found["day"])] if "day" in found else []
    texts += [fmt.month(found["month"])] if "month" in found else []
    texts += [_counted("yes" if found["is_counted"] else "no")] if "is_counted" in found else []
    return " · ".join(texts) or _("none")
