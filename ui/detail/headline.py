"""The detail page's first lines: the message, computed, and the figure with everything beside it."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from domain import contribution
from domain.contribution import Contribution
from domain.kpis import Catalogue, Kpi
from domain.org_units import OrgUnit
from domain.overview import Card
from ui import cards, messages, statements, unit_names
from ui import format as fmt
from ui.texts import _, name_of


def message(card: Card, kpi: Kpi, unit: OrgUnit, compare: str, pushed: str = "") -> str:
    """The one sentence of the page: unit, KPI, its signal or else its change, and who makes it so."""
    what = f"{name_of(unit)} · {name_of(kpi)}"
    if card.reading.value is None:
        return _("{what}: missing, {reason}").format(what=what, reason=messages.missing(card.reading.missing))
    state, judgement = card.target_state, card.judgement
    count = statements.decimals(kpi, card.reading.value, state)
    value = fmt.figure_with_unit(kpi, card.reading.value, count)
    said = (
        statements.signal(judgement)
        if judgement.icon != "none"
        else statements.compared(kpi, card.reading, state, card.change, compare)
    )
    if compare == "target" or judgement.icon not in ("none", card.change.direction):
        pushed = ""  # who makes a fall explains no signal of too much, and no distance from a target
    text = _("{what} {value}, {said}").format(what=what, value=value, said=said)
    return _("{text}; most from {pushed}").format(text=text, pushed=pushed) if pushed else text


def pushes(parts: Contribution | None, kpi: Kpi, units: Mapping[int, OrgUnit]) -> str:
    """The unit below that makes most of the change, with its part; '' where there is none."""
    if parts is None or parts.missing:
        return ""
    most = contribution.top(parts, kpi, 1)
    if most.empty:
        return ""
    row = most.iloc[0]
    return f"{unit_names.below(int(row['org_unit_id']), units)} {fmt.difference(kpi, row['part'])}"


def show(card: Card, kpi: Kpi, catalogue: Catalogue, compare: str, text: str) -> None:
    """The message as the page's title and one line of figures below it."""
    state, judgement = card.target_state, card.judgement
    icon = "none" if judgement.too_few else judgement.icon
    chip = f"{statements.CHIPS[state.chip]} {statements.chip(state)}"
    compared = statements.compared(kpi, card.reading, state, card.change, compare)
    words = [
        "" if compare == "target" else statements.target(kpi, card.reading.value, state),
        "" if card.reading.value is None else compared,
        *cards.basis(card, kpi, catalogue),
    ]
    kind = statements.CLASSES[state.chip]
    signal = statements.variation(card.reading, judgement)
    st.html(
        f'<div class="cs-headline" role="heading" aria-level="1">{escape(text)}</div>'
        f'<div class="cs-row"><span class="cs-chip cs-flat cs-{kind}">{escape(chip)}</span>'
        f'<span class="cs-why cs-{icon}">{escape(signal)}</span>'
        f'<span class="cs-quiet">{escape(" · ".join(one for one in words if one))}</span></div>'
    )
