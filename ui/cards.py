"""One KPI as a card, and one exception as a row: the whole of it opens the KPI's detail."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import streamlit as st

from domain.kpis import Catalogue, Kpi
from domain.org_units import OrgUnit
from domain.overview import Card, Exception_, Push, count_of, not_judged
from ui import filters, messages, statements, unit_names
from ui import format as fmt
from ui.charts import sparkline
from ui.texts import _, language, listed, name_of

DETAIL = "pages/kpi/detail.py"


def show(card: Card, catalogue: Catalogue, compare: str) -> None:
    """The card of one KPI."""
    kpi = catalogue.kpis[card.kpi]
    with st.container(border=True, key=f"card_{kpi.id}", gap=None, height="stretch"):
        name = name_of(kpi)
        st.page_link(DETAIL, label=name, help=name, query_params=filters.query(kpi=kpi.id))
        st.html(body(card, kpi, catalogue, compare))


def body(card: Card, kpi: Kpi, catalogue: Catalogue, compare: str) -> str:
    """What the card says below its name, as HTML: value, chip, target, change, basis, line, signal."""
    return (
        _value(card, kpi)
        + _quiet(_compared(card, kpi, compare), "cs-quiet")
        + _quiet(basis(card, kpi, catalogue))
        + _foot(card, kpi)
    )


def _value(card: Card, kpi: Kpi) -> str:
    state = card.target_state
    chip = f"{statements.CHIPS[state.chip]} {statements.chip(state)}"
    unit = "" if card.reading.value is None else fmt.unit(kpi)
    figure = fmt.figure(kpi, card.reading.value, statements.decimals(kpi, card.reading.value, state))
    return (
        f'<div class="cs-line"><span class="cs-value">{figure}</span>'
        f'<span class="cs-unit">{escape(unit)}</span>'
        f'<span class="cs-chip cs-{statements.CLASSES[state.chip]}">{escape(chip)}</span></div>'
    )


def _quiet(words: list[str], look: str = "cs-quiet cs-one") -> str:
    """A quiet line: by default one line that is cut with an ellipsis and says all of it as a tooltip."""
    text = escape(" · ".join(one for one in words if one))
    return f'<div class="{look}" title="{text}">{text}</div>'


def _compared(card: Card, kpi: Kpi, compare: str) -> list[str]:
    if card.reading.value is None:
        return [messages.missing(card.reading.missing)]
    words = [statements.compared(kpi, card.reading, card.target_state, card.change, compare)]
    if card.target_state.chip != "no_target" and compare != "target":
        words.insert(0, statements.target(kpi, card.reading.value, card.target_state))
    return words


def basis(card: Card, kpi: Kpi, catalogue: Catalogue) -> list[str]:
    """What the figure rests on: its window, n, what is still open or incomplete."""
    if card.reading.value is None:
        return []
    window = statements.window(kpi, card.reading, catalogue.measures)
    return [window, statements.sample(card.n), statements.beside(kpi, card.reading, catalogue.measures)]


def _foot(card: Card, kpi: Kpi) -> str:
    judgement = card.judgement
    icon = "none" if judgement.too_few else judgement.icon
    alt = _("{kpi}, last {n} months").format(kpi=name_of(kpi), n=len(card.line))
    words = statements.variation(card.reading, judgement)
    line = sparkline.image(card.line, alt)
    return f'<div class="cs-foot">{line}<span class="cs-{icon}">{escape(words)}</span></div>'


def no_month_yet(days: tuple[date, date] | None) -> str:
    """What to do where no month is complete. days: the first and last covered one of the newest month."""
    if days is None:
        return _(
            "No month is complete yet. Bring in outages on the imports page; figures follow by themselves."
        )
    text = _(
        "{month} is covered only from {first} to {last}. Figures follow once a whole month is covered: bring "
        "in the rest, or the same file again with the whole month as its period if it is complete."
    )
    return text.format(month=fmt.month(days[1]), first=fmt.day(days[0]), last=fmt.day(days[1]))


def all_clear(cards: Sequence[Card]) -> tuple[bool, str]:
    """Whether the absence of exceptions means anything, and what to say: how many cards could be judged."""
    why = [not_judged(card) for card in cards]
    left, reasons = sum(map(bool, why)), Counter(reason for one in why for reason in one)
    said = dict.fromkeys(statements.not_judged(one) for one, _count in reasons.most_common())
    words = ("；" if language() == "zh" else "; ").join(said)
    if left == len(cards):
        text = _("{n} of {all} indicators can be judged: {reasons}.")
        return False, text.format(n=0, all=len(cards), reasons=words)
    text = _("No exceptions: no limit or target missed, no signal for the worse.")
    if left:
        rest = _("{n} of {all} indicators cannot be judged: {reasons}.")
        text += " " + rest.format(n=left, all=len(cards), reasons=words)
    return True, text


def exception(number: int, one: Exception_, units: Mapping[int, OrgUnit], compare: str) -> None:
    """One line of the exception list."""
    kpi = one.item.candidate.kpi
    with st.container(key=f"row_{number}", horizontal=True, gap="small", vertical_alignment="center"):
        st.page_link(DETAIL, label=name_of(kpi), query_params=filters.query(kpi=kpi.id), width=250)
        st.html(exception_body(one, units, compare))


def exception_body(one: Exception_, units: Mapping[int, OrgUnit], compare: str) -> str:
    """What the line says: why it is listed, the figure, its change and what contributes most."""
    item, kpi = one.item, one.item.candidate.kpi
    state, judgement = item.candidate.target_state, item.candidate.judgement
    value = item.candidate.reading.value
    why = {
        "legal": ("notmet", "✕", _("legal limit missed")),
        "signal": ("worse", "⚠", _("signal")),
        "target": ("notmet", "✕", _("target missed")),
    }[item.why]
    words = [statements.signal(judgement)] if judgement.icon == "worse" else []
    if item.target is not None:
        said = statements.missed(kpi, value, item.target, state)
        words.insert(0 if item.why != "signal" else len(words), said)
    figure = fmt.figure_with_unit(kpi, value, statements.decimals(kpi, value, state))
    beside = statements.compared(kpi, item.candidate.reading, state, one.change, compare)
    n = "" if kpi.unit == "count" else statements.sample(count_of(kpi, item.candidate.reading))
    words.append(" · ".join(one for one in (figure, n, beside) if one))
    if one.pushes and compare != "target":  # they explain the change, which is not shown then
        pushed = listed(push(kpi, each, units) for each in one.pushes)
        words.append(_("most from: {units}").format(units=pushed))
    spans = "".join(f"<span>{escape(one)}</span>" for one in words)
    return (
        f'<div class="cs-row"><span class="cs-tag cs-{why[0]}">{why[1]} {escape(why[2])}</span>{spans}</div>'
    )


def push(kpi: Kpi, one: Push, units: Mapping[int, OrgUnit]) -> str:
    """A contributor with its part of the change."""
    return f"{unit_names.below(one.unit_id, units)} {fmt.difference(kpi, one.part)}"
