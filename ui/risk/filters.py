"""Which risk objects are listed. What is chosen stands in the URL.

unit and end as on every page of a unit; kind, level, rule, entered, items (with, without), q, risk_page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from domain.periods import month_from_text, months_between
from domain.risk_rules import RULES
from ui import filtered, filters, pager, session, url_choice
from ui import format as fmt
from ui.risk import words
from ui.texts import _

PAGE, NONE_PAGE, TYPED = "risk_page", "none_page", "risk_text"
KINDS, LEVELS, WITH = ("line", "area"), ("1", "2", "3"), ("without", "with")
NAMES = ("kind", "level", "rule", "entered", "items")


@dataclass(frozen=True)
class Chosen:
    """What the pickers say; empty texts and None do not narrow."""

    kind: str
    level: int | None
    rule: str
    entered: bool
    items: str
    text: str

    @property
    def with_items(self) -> bool | None:
        """Only those with an item, without one, or both."""
        return {"with": True, "without": False}.get(self.items)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything differs from the default."""
        return self != Chosen("", None, "", False, "", "")


def unit_and_month(now: filters.Choice) -> None:
    """The pickers of the unit and of the month-end, in the URL under the names of all pages."""
    units = session.units()
    codes = {units[one].code: one for one in filters.listed(units, now.unit_id)}
    ends = [f"{one:%Y-%m}" for one in months_between(*filters.months_of(now.unit_id))][::-1]
    resets = (PAGE, NONE_PAGE)
    url_choice.picked(
        st.selectbox, "unit", _("Unit"), list(codes), next(iter(units.values())).code,
        lambda code: filters.unit_label(codes[code], units), resets, width=230,
    )  # fmt: skip
    url_choice.picked(
        st.selectbox, "end", _("At the end of the month"), ends, ends[0],
        lambda text: fmt.month(month_from_text(text)), resets, width=130,
    )  # fmt: skip


def pick() -> Chosen:
    """The pickers of the list."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="risk_pickers"):
        kind = _select("kind", _("Kind"), KINDS, _("Lines and areas"), words.kind, 145)
        level = _select(
            "level", _("Level of risk"), LEVELS, _("All levels"), lambda one: words.level(int(one)), 110
        )
        rule = _select("rule", _("Rule"), tuple(RULES), _("All rules"), words.numbered, 200)
        items = _select("items", _("Rectification items"), WITH, _("With and without measure"), _with, 205)
        entered = _select("entered", _("New"), ("yes",), _("New and old"), lambda _one: _("Only new"), 135)
        text = st.text_input(
            _("Search"), key=TYPED, type="search", live="300ms", icon=":material/search:",
            placeholder=_("Name or code"), label_visibility="collapsed", max_chars=60, width=170,
            on_change=pager.turn_back, args=(PAGE,), bind="query-params",
        )  # fmt: skip
        found = Chosen(kind, int(level) if level else None, rule, bool(entered), items, (text or "").strip())
        if found.is_narrowed:
            filtered.reset_button((*NAMES, PAGE), {TYPED: ""})
    return found


def _select(name: str, label: str, options: Sequence[str], every: str, said, width: int) -> str:
    chosen = url_choice.picked(
        st.selectbox, name, label, ("", *options), "", lambda one: said(one) if one else every, (PAGE,),
        width=width,
    )  # fmt: skip
    return chosen or ""


def _with(code: str) -> str:
    return {"with": _("With measure"), "without": _("Without measure")}[code]
