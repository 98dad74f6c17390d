"""The units below: who is where, and who makes the change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import streamlit as st

from domain.contribution import Contribution
from domain.kpis import Kpi
from domain.org_units import OrgUnit
from domain.overview import Card
from ui import format as fmt
from ui import messages, statements, style, unit_names
from ui.charts import ranking, table_view, waterfall
from ui.charts.table_view import Keep
from ui.plain import plain
from ui.texts import _, name_of

MOST_PARTS = 8
DRAWN = ["label", "code", "value", "low", "high", "shown", "interval", "average", "place"]


@dataclass(frozen=True)
class Ranking:
    """The ranking as it is kept between runs: rows for the browser and what the words around them need.

    first: name and value of the first unit, None where no unit has a value; then missing says why, '' where
    there is no unit below.
    """

    rows: pa.Table
    first: tuple[str, float] | None
    missing: str
    has_intervals: bool
    is_cut: bool


def ready(frame: pd.DataFrame, card: Card, kpi: Kpi, units: Mapping[int, OrgUnit]) -> Ranking:
    """What the ranking needs, from domain.detail.ranking()."""
    rows = ranked(frame, card, kpi, units)
    known = rows[rows["value"].notna()]
    first = None if known.empty else (known["label"].iloc[0], float(known["value"].iloc[0]))
    missing = rows["missing"].iloc[0] if first is None and len(rows) else ""
    return Ranking(
        table_view.rows(rows[DRAWN]),
        first,
        missing,
        bool(rows["low"].notna().any()),
        ranking.is_cut(rows, kpi.unit),
    )


def ranked(frame: pd.DataFrame, card: Card, kpi: Kpi, units: Mapping[int, OrgUnit]) -> pd.DataFrame:
    """Rows for the ranking chart, from domain.detail.ranking()."""
    rows = frame.assign(
        label=unit_names.told_apart([name_of(units[one]) for one in frame["org_unit_id"]]),
        code=[units[one].code for one in frame["org_unit_id"]],
        average=card.reading.value,
        place_now=frame["place"],
    )
    rows["shown"] = [_shown(kpi, row) for row in frame.itertuples()]
    rows["interval"] = [
        "" if fmt.is_missing(row.low) else f"{fmt.figure(kpi, row.low)} – {fmt.figure(kpi, row.high)}"
        for row in frame.itertuples()
    ]
    rows["place"] = range(len(rows))
    return rows


def _shown(kpi: Kpi, row: object) -> str:
    if fmt.is_missing(row.value):
        return f"{fmt.MISSING} {messages.missing(row.missing)}"
    count = "" if fmt.is_missing(row.n) else statements.sample(int(row.n))
    return f"{fmt.figure(kpi, row.value)}  {count}"


def show_ranking(
    frame: pd.DataFrame,
    card: Card,
    kpi: Kpi,
    units: Mapping[int, OrgUnit],
    open_unit: Callable[[str], None],
    keep: Keep,
) -> None:
    """Bars of the units below, worst first; a click opens the unit."""
    bars = keep("ranking", lambda: ready(frame, card, kpi, units))
    if bars.first is None:
        title = _("Units below")
        st.markdown(f"**{title}**")
        st.caption(messages.missing(bars.missing) if bars.missing else _("This is the lowest unit."))
        return
    name, value = bars.first
    worst = _("Worst: {unit} {value}") if kpi.better != "neutral" else _("Highest: {unit} {value}")
    said = worst.format(unit=name, value=fmt.figure_with_unit(kpi, value))
    average = _("this unit {value}").format(value=fmt.figure(kpi, card.reading.value))
    st.markdown(f"**{plain(said)}** · {average}")
    key = f"ranking_{kpi.id}_{card.reading.unit_id}"
    spec = ranking.spec(
        style.theme(),
        _("Figure"),
        _("95 % interval"),
        card.reading.value is not None and kpi.unit != "count",
        True,
        bars.is_cut,
    )

    def clicked() -> None:
        chosen = st.session_state[key].selection.get("unit", [])
        if chosen:
            open_unit(chosen[0]["code"])

    st.vega_lite_chart(bars.rows, spec, alt=said, key=key, on_select=clicked, selection_mode="unit")
    notes = [_("Click a point to open the unit.") if bars.is_cut else _("Click a bar to open the unit.")]
    if bars.is_cut:
        notes.append(_("The scale does not begin at zero."))
    if kpi.unit != "count":
        notes.append(_("Dashed: this unit."))
    if bars.has_intervals:
        notes.append(_("Thin line: 95 % interval; where intervals overlap, the order may be chance."))
    st.caption(" ".join(notes))
    table_view.table(lambda: _table(ranked(frame, card, kpi, units), kpi), said, "ranking")


def _table(rows: pd.DataFrame, kpi: Kpi) -> pd.DataFrame:
    names = {
        "label": _("Unit"), "value": name_of(kpi), "n": "n", "interval": _("95 % interval"),
        "place_now": _("Place"), "place_before": _("Place before"), "why": _("Missing because"),
    }  # fmt: skip
    frame = rows.assign(why=[messages.missing(one) if one else "" for one in rows["missing"]])
    frame["value"] = frame["value"].round(kpi.decimals)
    return frame[list(names)].rename(columns=names)


def show_parts(
    parts: Contribution,
    labels: Callable[[], Sequence[tuple[str, float]]],
    kpi: Kpi,
    compare: str,
    by: str,
    keep: Keep,
) -> None:
    """The waterfall of a change, parted by units, cause ...: ends exactly at the change.

    labels gives unit_parts() or member_parts(); it is asked when the chart is made or its table open.
    """
    if parts.missing or parts.change is None:
        st.caption(
            _("No contributions: {reason}.").format(reason=messages.missing(parts.missing or "missing"))
        )
        return

    def made() -> pa.Table:
        all_others, in_all = _("all others"), _("change in all")
        rows = waterfall.rows(labels(), parts.change, kpi.better, MOST_PARTS, all_others, in_all)
        rows["shown"] = [fmt.difference(kpi, one) for one in rows["part"]]
        return table_view.rows(rows.assign(zero=0.0))

    def table() -> pd.DataFrame:
        named = pd.DataFrame(labels(), columns=[_("Part of"), _("Part of the change")])
        return named.round(kpi.decimals + 2)

    said = _("From {before} to {now}: {change}").format(
        before=fmt.figure(kpi, parts.before),
        now=fmt.figure_with_unit(kpi, parts.now),
        change=fmt.difference(kpi, parts.change),
    )
    st.markdown(f"**{said}** · {statements.comparison(compare)}")
    spec = waterfall.spec(style.theme(), _("Part of the change"))
    table_view.chart(keep(f"parts {by}", made), spec, said, "parts")
    table_view.table(table, said, "parts")


def unit_parts(parts: Contribution, units: Mapping[int, OrgUnit]) -> list[tuple[str, float]]:
    """Name and part of each unit, largest first."""
    rows = parts.rows
    return [
        (unit_names.below(int(one), units), float(part))
        for one, part in zip(rows.get("org_unit_id", []), rows.get("part", []), strict=True)
        if part
    ]


def member_parts(parts: Contribution, name: Callable[[str], str]) -> list[tuple[str, float]]:
    """Name and part of each cause or kind, largest first."""
    rows = parts.rows
    return [
        (name(one), float(part))
        for one, part in zip(rows.get("member", []), rows.get("part", []), strict=True)
        if part
    ]
