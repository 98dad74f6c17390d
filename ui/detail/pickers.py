"""What only the detail page lets one choose: the KPI, the view, and what the change is parted by."""

import streamlit as st

from domain.detail import Detail
from domain.kpis import Catalogue, Kpi
from domain.overview import Card, card_kpis
from ui import definition
from ui import format as fmt
from ui.detail import record_filters
from ui.detail.causes import dimension_name
from ui.plain import plain
from ui.texts import _, name_of

VIEWS = ("analysis", "records", "definition")


def kpi(catalogue: Catalogue) -> Kpi:
    """The KPI that the URL names, else the first card's; and the picker to choose another one."""
    first = card_kpis(catalogue)[0].id
    said = st.query_params.get("kpi", "")
    chosen = said if said in catalogue.kpis else first

    def changed() -> None:
        st.query_params["kpi"] = st.session_state["pick_kpi"]
        record_filters.forget()

    st.session_state["pick_kpi"] = chosen
    st.selectbox(
        _("KPI"), list(catalogue.kpis), format_func=lambda one: name_of(catalogue.kpis[one]), key="pick_kpi",
        label_visibility="collapsed", width=420, on_change=changed,
    )  # fmt: skip
    if said not in (chosen, ""):
        text = _("There is no indicator “{kpi}”; {name} is shown instead.")
        st.caption(text.format(kpi=plain(said[:40]), name=name_of(catalogue.kpis[chosen])))
    return catalogue.kpis[chosen]


def view() -> str:
    """Analysis, records or definition; in the URL."""
    names = {"analysis": _("Analysis"), "records": _("Records behind"), "definition": _("Definition")}
    return _picked("view", VIEWS, names, _("View"))


def parts(found: Detail) -> str:
    """What the change is parted by; in the URL."""
    options = (("units",) if found.by_unit is not None else ()) + tuple(found.by_member)
    if not options:
        return ""
    names = {"units": _("By unit")} | {one: dimension_name(one) for one in found.by_member}
    title = _("What makes the change")
    st.markdown(f"**{title}**")
    return _picked("parts", options, names, _("What makes the change"))


def _picked(key: str, options: tuple[str, ...], names: dict[str, str], label: str) -> str:
    wanted = st.query_params.get(key, "")
    now = wanted if wanted in options else options[0]
    if wanted and wanted != now:
        st.query_params.pop(key, None)  # so that a copied link says what is shown

    def changed() -> None:
        st.query_params[key] = st.session_state[f"pick_{key}"]

    st.session_state[f"pick_{key}"] = now
    st.segmented_control(
        label, options, format_func=names.get, key=f"pick_{key}", required=True, label_visibility="collapsed",
        on_change=changed,
    )  # fmt: skip
    return now


def figures(card: Card, kpi: Kpi, catalogue: Catalogue) -> None:
    """Numerator, denominator, what is left out and what is still open, as a table."""
    reading = card.reading
    rows = {_("Figure"): fmt.figure_with_unit(kpi, reading.value)}
    if worked_out := definition.worked_out(kpi, reading, catalogue):
        rows[_("Worked out")] = worked_out
    for heading, terms, amount in (
        (_("Numerator"), kpi.numerator, reading.numerator),
        (_("Denominator"), kpi.denominator, reading.denominator),
    ):
        if terms:
            rows[heading] = fmt.amount(catalogue.measures[terms[0][1]], amount, is_exact=True)
    if kpi.excluded:
        rows[_("Not counted")] = fmt.number(reading.excluded)
    if kpi.undecided:
        rows[_("Still open")] = fmt.number(reading.undecided)
    st.table(rows, border="horizontal", alt=_("Figures behind the value"))
