"""The KPI by cause, kind or label: what it is made of now, and what of it makes the change."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from domain.kpis import Kpi
from ui import format as fmt
from ui import rule_texts, style
from ui.charts import ranking, table_view
from ui.charts.table_view import Keep
from ui.detail import record_filters
from ui.plain import plain
from ui.texts import _

MOST_BARS = 10


def dimension_name(dimension: str) -> str:
    """What the figure is broken down by, in words."""
    return {
        "cause": _("By cause"),
        "kind": _("By kind"),
        "label": _("By rule"),
        "level": _("By level"),
        "reason": _("By reason"),
    }[dimension]


def member_name(dimension: str, member: str, causes: Mapping[str, str], kpi: Kpi) -> str:
    """A member of a break-down in words; what has none is "not given"."""
    if not member:
        return _("not given")
    if dimension == "cause":
        return causes.get(member, member)
    if dimension == "kind":
        return rule_texts.kind_name(member)
    if dimension == "level":
        return {"1": _("High risk"), "2": _("Medium risk"), "3": _("Low risk")}.get(member, member)
    return rule_texts.label_name(f"{'warning' if 'warning' in kpi.id else 'frequent'}:{member}")


def rows_of(frame: pd.DataFrame, dimension: str, kpi: Kpi, causes: Mapping[str, str]) -> pd.DataFrame:
    """Rows for the chart, from domain.ratios.by_member(); the small ones are pooled."""
    rows = pd.DataFrame(
        {
            "label": [member_name(dimension, one, causes, kpi) for one in frame["member"]],
            "code": [one or record_filters.NOT_GIVEN for one in frame["member"]],
            "value": frame["value"],
            "share": frame["share"],
        }
    )
    if len(rows) > MOST_BARS:
        rest = rows.iloc[MOST_BARS - 1 :][["value", "share"]].sum()
        pooled = pd.DataFrame([{"label": _("all others"), "code": "", **rest}])
        rows = pd.concat([rows.iloc[: MOST_BARS - 1], pooled])
    pairs = zip(rows["value"], rows["share"], strict=True)
    rows["shown"] = [f"{fmt.figure(kpi, value)} · {fmt.share(share)}" for value, share in pairs]
    nothing = float("nan")
    rows = rows.assign(low=nothing, high=nothing, edge=rows["value"], interval="", average=nothing)
    rows["place"] = range(len(rows))
    return rows


def says_something(frame: pd.DataFrame, kpi: Kpi) -> bool:
    """Not where a figure has one part only, nor for a share: its parts' shares of it would mean nothing."""
    return len(frame) > 1 and kpi.unit != "%"


def show(frame: pd.DataFrame, dimension: str, kpi: Kpi, causes: Mapping[str, str], keep: Keep) -> None:
    """Bars of the members, largest first, with their share; they add up to the figure.

    A bar of a cause or kind opens its records.
    """

    def made() -> table_view.Ready:
        rows = rows_of(frame, dimension, kpi, causes)
        first = rows.iloc[0]
        said = _("{cause} makes {share}").format(cause=first["label"], share=fmt.share(first["share"]))
        return table_view.Ready(table_view.rows(rows), said)

    bars = keep(f"members {dimension}", made)
    st.markdown(" · ".join(one for one in (f"**{plain(bars.said)}**", fmt.unit(kpi)) if one))
    can_open = dimension in record_filters.DIMENSIONS
    spec = ranking.spec(style.theme(), _("Figure"), " ", False, can_open)
    key = f"members_{dimension}"
    if can_open:

        def clicked() -> None:
            chosen = st.session_state[key].selection.get("unit", [])
            if chosen and chosen[0]["code"]:
                record_filters.open_member(dimension, record_filters.member_of(chosen[0]["code"]))

        st.vega_lite_chart(bars.rows, spec, alt=bars.said, key=key, on_select=clicked, selection_mode="unit")
        st.caption(_("Click a bar to open its records."))
    else:
        table_view.chart(bars.rows, spec, bars.said, key)
    names = {"label": dimension_name(dimension), "value": _("Figure"), "share": _("Share")}

    def table() -> pd.DataFrame:
        return rows_of(frame, dimension, kpi, causes)[list(names)].rename(columns=names).round(4)

    table_view.table(table, bars.said, f"members_{dimension}")
