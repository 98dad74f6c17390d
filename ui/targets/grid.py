"""The table of targets beside what was reached; one line is open in the form."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from domain import target_state
from domain.kpis import Catalogue, Kpi
from domain.org_units import OrgUnit
from domain.target_state import TargetState
from domain.targets import Line, out_of_order
from ui import format as fmt
from ui import messages, statements
from ui.charts import table_view
from ui.plain import plain
from ui.targets import words
from ui.texts import _, listed, name_of

ALWAYS = ("base", "full")
INHERITED, OPEN = "↑", "▸ "


def show(
    lines: Sequence[Line], is_group: bool, unit_id: int, catalogue: Catalogue, units: Mapping[int, OrgUnit]
) -> Line:
    """The table; returns the line that is open: the chosen one, else the last with a figure."""
    ids = [line.kpi if is_group else line.period.key() for line in lines]
    figures = [number for number, line in enumerate(lines) if line.reading.value is not None]
    number = 0 if is_group or not figures else figures[-1]
    if (said := st.query_params.get("pick", "")) in ids:
        number = ids.index(said)
    elif said:
        st.query_params.pop("pick", None)  # so that a copied link says what is shown

    def opened(row: int) -> None:
        st.query_params["pick"] = ids[row]

    frame = table(lines, is_group, unit_id, catalogue, units, number)
    right = {one: st.column_config.TextColumn(alignment="right") for one in _figures(frame)}
    alt = _("Targets and what was reached")
    table_view.opens(table_view.rows(frame), "targets", alt, opened, right, height="content")
    if any(INHERITED in cell for cell in frame.to_numpy().ravel() if isinstance(cell, str)):
        st.caption(
            _("{sign} comes from a unit above; a target set for this unit holds instead.").format(
                sign=INHERITED
            )
        )
    return lines[number]


def table(
    lines: Sequence[Line],
    is_group: bool,
    unit_id: int,
    catalogue: Catalogue,
    units: Mapping[int, OrgUnit],
    open_line: int,
) -> pd.DataFrame:
    """One row per line, as texts: what it is, what was reached, whether that is met, the targets by kind."""
    kinds = [
        kind
        for kind in target_state.KINDS
        if kind in ALWAYS or any(getattr(line.state.targets, kind) for line in lines)
    ]
    kpis = [catalogue.kpis[line.kpi] for line in lines]
    rows = {
        _("KPI") if is_group else _("Period"): [
            OPEN * (number == open_line) + (name_of(kpi) if is_group else fmt.period(line.period))
            for number, (kpi, line) in enumerate(zip(kpis, lines, strict=True))
        ],
        _("Reached"): [
            fmt.figure_with_unit(kpi, line.reading.value) for kpi, line in zip(kpis, lines, strict=True)
        ],
        _("Judged"): [judged(line.state, line.reading.value) for line in lines],
    }
    for kind in kinds:
        rows[words.kind(kind)] = [
            _cell(kpi, line.state, kind, unit_id, units) for kpi, line in zip(kpis, lines, strict=True)
        ]
    return pd.DataFrame(rows)


def _figures(frame: pd.DataFrame) -> list[str]:
    return [one for one in frame.columns if one not in (_("KPI"), _("Period"), _("Judged"))]


def judged(state: TargetState, value: float | None) -> str:
    """Whether the targets are met, in a word with its sign."""
    if state.legal == "not_met":
        return "✕ " + _("legal limit missed")
    if value is None or state.chip == "no_target":
        return "" if value is None else statements.chip(state)
    return f"{statements.CHIPS[state.chip]} {statements.chip(state)}"


def _cell(kpi: Kpi, state: TargetState, kind: str, unit_id: int, units: Mapping[int, OrgUnit]) -> str:
    held = getattr(state.targets, kind)
    if held is None:
        return ""
    text = words.value(kpi, held.value)
    return (
        text if held.org_unit_id == unit_id else f"{text} {INHERITED} {words.unit(held.org_unit_id, units)}"
    )


def head(line: Line, kpi: Kpi, unit: OrgUnit) -> None:
    """What is open: KPI, period and unit, the figure, and what is odd about its targets."""
    st.markdown(f"**{name_of(kpi)}** · {fmt.period(line.period)} · {plain(name_of(unit))}")
    value, state = line.reading.value, line.state
    if value is None:
        st.caption(
            _("Reached: {value}").format(value=f"{fmt.MISSING} {messages.missing(line.reading.missing)}")
        )
    else:
        said = [_("Reached: {value}").format(value=fmt.figure_with_unit(kpi, value)), judged(state, value)]
        st.caption(" · ".join(one for one in said if one))
    if pairs := out_of_order(kpi, state.targets):
        text = _("{harder} asks for less than {kind}")
        said = listed(text.format(harder=words.kind(two), kind=words.kind(one)) for one, two in pairs)
        st.warning(said, icon=":material/rule:")
