"""The sections of the page, its unit, and the sentence on top that says what is overdue."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from domain.org_units import OrgUnit
from ui import filters, url_choice
from ui import format as fmt
from ui.texts import _, counted, language

SECTIONS = ("due", "register", "passed", "sites")
PAGES = ("equipment_page", "passed_page", "sites_page")
OF_ONE = ("piece", "space")


def name(section: str) -> str:
    """A section in words."""
    return {
        "due": _("Tests due"),
        "register": _("Register of equipment"),
        "passed": _("Faults passed to the grid"),
        "sites": _("External damage"),
    }[section]


def pickers(unit_id: int, units: Mapping[int, OrgUnit]) -> str:
    """Pickers of the unit and the section, both in the URL; the section."""
    codes = {units[one].code: one for one in filters.listed(units, unit_id)}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="equipment_pickers"):
        url_choice.picked(
            st.selectbox, "unit", _("Unit"), list(codes), next(iter(codes)),
            lambda code: filters.unit_label(codes[code], units), PAGES, width=250,
        )  # fmt: skip
        return url_choice.picked(
            st.segmented_control, "section", _("Section"), SECTIONS, SECTIONS[0], name, PAGES,
            required=True, wrap=True,
        )  # fmt: skip


def headline(tally: Any, sites: Any) -> str:
    """What is overdue now. tally: of the equipment, sites: of the damage sites, as data_access gives them."""
    if not tally.pieces and not sites.count:
        return _("No customer equipment and no damage site is registered here")
    parts = []
    if tally.pieces:
        text = counted(
            "{n} of {all} preventive tests is overdue",
            "{n} of {all} preventive tests are overdue",
            tally.overdue,
        )
        parts.append(text.format(n=fmt.number(tally.overdue), all=fmt.number(tally.pieces)))
    if sites.count:
        text = counted(
            "{n} of {all} damage sites is overdue for a patrol",
            "{n} of {all} damage sites are overdue for a patrol",
            sites.late,
        )
        parts.append(text.format(n=fmt.number(sites.late), all=fmt.number(sites.count)))
    return ("；" if language() == "zh" else "; ").join(parts)


def show_headline(text: str, is_bad: bool, facts: list[str]) -> None:
    """The sentence with the facts below it; the page's heading. is_bad: whether something is overdue."""
    kind, sign, word = ("notmet", "▲", _("overdue")) if is_bad else ("met", "✓", _("nothing overdue"))
    said = escape(" · ".join(one for one in facts if one))
    st.html(
        f'<div class="cs-headline" role="heading" aria-level="1">{escape(text)}</div>'
        f'<div class="cs-row"><span class="cs-chip cs-flat cs-{kind}">{sign} {escape(word)}</span>'
        f'<span class="cs-quiet">{said}</span></div>'
    )


def facts(tally: Any, near_days: int) -> list[str]:
    """What else the register says in numbers."""
    if not tally.pieces:
        return []
    found = [
        (tally.soon, _("{n} due within {days} days").format(n=fmt.number(tally.soon), days=near_days)),
        (tally.unknown, _("{n} without a known test").format(n=fmt.number(tally.unknown))),
        (tally.without_switch, _("{n} without boundary switch").format(n=fmt.number(tally.without_switch))),
        (tally.old_arrester, _("{n} with an old arrester").format(n=fmt.number(tally.old_arrester))),
        (tally.advice_open, _("{n} with advice not accepted").format(n=fmt.number(tally.advice_open))),
    ]
    return [text for count, text in found if count]


def open_piece(bureau_id: str, equipment_key: str) -> None:
    """Show one piece; in the URL."""
    st.query_params["piece"], st.query_params["space"] = equipment_key, bureau_id


def close_piece() -> None:
    """Back to the list."""
    for one in OF_ONE:
        st.query_params.pop(one, None)
