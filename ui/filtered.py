"""One quiet line that says what differs from the default, with the way back to it; nothing on the default."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

import streamlit as st

from domain.periods import month_from_text
from ui import filters, rule_texts
from ui import format as fmt
from ui.detail import record_filters
from ui.filters import Choice
from ui.plain import plain
from ui.texts import _

OF_A_UNIT = ("period", "end", "compare")
OF_PAGE = {"detail": (*record_filters.PARAMETERS, "records_page"), "reliability": ("level",)}


def line(page: str, choice: Choice, compares: bool) -> None:
    """The line for a page of a unit; compares: whether it compares at all."""
    words = [*of_choice(choice, compares), *of_page(page)]
    if words:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filtered"):
            st.caption(plain(_("Filtered: {what}").format(what=" · ".join(words))), width="content")
            reset_button((*OF_A_UNIT, *OF_PAGE.get(page, ())))


def reset_button(names: Sequence[str], bound: Mapping[str, str] = MappingProxyType({})) -> None:
    """The way back: takes the parameters out of the address.

    bound: default by key of widgets that keep their value themselves, such as a field that is searched with.
    """
    st.button(
        _("Back to the default"), type="tertiary", icon=":material/restart_alt:", key="reset_filters",
        on_click=_reset, args=(names, bound),
    )  # fmt: skip


def _reset(names: Sequence[str], bound: Mapping[str, str]) -> None:
    for name in names:
        st.query_params.pop(name, None)
    for key, default in bound.items():
        st.session_state[key] = default


def of_choice(choice: Choice, compares: bool) -> list[str]:
    """Period, end and comparison in words, where they are not the default."""
    words = []
    if choice.period.kind != filters.DEFAULT["period"]:
        words.append(filters.period_name(choice.period.kind))
    if choice.period.last != filters.months_of(choice.unit_id)[1]:
        words.append(_("to {month}").format(month=fmt.month(choice.period.last)))
    if compares and choice.compare != filters.DEFAULT["compare"]:
        words.append(_("compared with: {what}").format(what=filters.compare_name(choice.compare)))
    return words


def of_page(page: str) -> list[str]:
    """What the page's own parameters narrow, in words; a value that means nothing is left out."""
    said = st.query_params
    if page == "reliability":
        level = {"lv": _("LV customers"), "mv": _("MV users")}.get(said.get("level", ""), "")
        return [level] if level else []
    if page != "detail" or said.get("view") != "records":
        return []
    words = [_("one cause")] if said.get("cause") else []
    if kind := said.get("kind"):
        words.append(_("not given") if kind == record_filters.NOT_GIVEN else rule_texts.kind_name(kind[:40]))
    words += [fmt.day(day)] if (day := _date(said.get("day", ""))) else _month(said.get("month", ""))
    counted = {"yes": _("Only counted"), "no": _("Only not counted")}.get(said.get("counted", ""), "")
    return [*words, counted] if counted else words


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(text: str) -> list[str]:
    try:
        return [fmt.month(month_from_text(text))]
    except ValueError:
        return []
