"""A KPI by month: actual dark, last year light, control limits, target, and colour only at signals.

The line is what the limits judge: complete months without major event days. Where the figure with such days
is another one, a hollow ring shows it. A month that is not over is dashed.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa

from ui import format as fmt
from ui.charts import table_view
from ui.charts.pareto import as_spec
from ui.style import ACTUAL, GROUND, JUDGED, LIGHTER, NEUTRAL

HEIGHT = 270
DRAWN = ("value", "all_days", "open", "last_year", "centre", "lower", "upper")
FAR = 5  # interquartile ranges from the middle half: beyond it a month would flatten all others
FEW = 8  # months from which on that can be told
WORDS_OVER = 4  # months that the words of the target stand over
APART = 4  # months between two words at the edge, else they would cover each other
# January with its year and July as numbers: no month names in any language, and room on a phone. Up to a
# year every month or every other one, of which the first has the year.
_COUNT = "length(domain('x'))"
_MONTH = "substring(datum.value, 5, 7)"
LABEL = (
    f"{_COUNT} > 12 ? ({_MONTH} == '01' ? datum.value : {_MONTH} == '07' ? '07' : '')"
    f" : {_COUNT} > 6 && round(datum.index * ({_COUNT} - 1)) % 2 ? ''"
    f" : datum.index == 0 ? datum.value : {_MONTH}"
)


@dataclass(frozen=True)
class Ready:
    """A trend as it is kept between runs: rows() for the browser, and which layers they have."""

    rows: pa.Table
    layers: tuple[str, ...]
    beyond: bool  # whether a month lies beyond the scale


def ready(
    trend: pd.DataFrame, decimals: int, target: float | None, target_text: str, from_zero: bool = True
) -> Ready:
    """What the chart needs, from domain.detail.trend()."""
    frame = rows(trend, decimals, target, target_text, from_zero)
    return Ready(table_view.rows(frame), drawn(frame), bool((frame["beyond_text"] != "").any()))


def rows(
    trend: pd.DataFrame, decimals: int, target: float | None, target_text: str, from_zero: bool = True
) -> pd.DataFrame:
    """Rows for spec(): one per month, from domain.detail.trend()."""
    frame = pd.DataFrame({"month": [f"{one:%Y-%m}" for one in trend["month"]]})
    complete = trend["is_complete"].astype(bool)
    judged = trend["judged"].where(trend["judged"].notna(), trend["value"])
    frame["value"] = judged.where(complete)
    frame["all_days"] = trend["value"].where(complete & ((trend["value"] - judged).abs() > 1e-9))
    frame["open"] = _open(frame["value"], trend["value"], complete)
    for column in ("last_year", "centre", "lower", "upper"):
        frame[column] = trend[column].astype(float)
    frame["direction"] = trend["direction"].where(trend["signal"].fillna("") != "", "").fillna("")
    frame["target"] = float("nan") if target is None else target
    frame["target_text"] = ""
    if target is not None and len(frame):
        frame.loc[len(frame) - 1, "target_text"] = target_text
    # Words on the side of the line on which the last months do not lie.
    frame["is_below"] = bool(frame["value"].dropna().tail(WORDS_OVER).mean() > frame["target"].max())
    for column in ("value", "all_days", "open", "last_year", "lower", "upper"):
        frame[f"{column}_shown"] = [fmt.number(one, decimals) for one in frame[column]]
    return _kept_in_sight(frame, decimals, from_zero)


def _kept_in_sight(frame: pd.DataFrame, decimals: int, from_zero: bool) -> pd.DataFrame:
    """Months far from all others stay at the edge, so that these can be read; words there say how far.

    A typhoon month is ten times the others, a partial one may be nothing. Adds beyond (where the mark is),
    beyond_text (the arrow alone where two numbers would cover each other, so that no month lies in silence)
    and is_late (whether there is no room to the right of it).
    """
    frame = frame.assign(beyond=float("nan"), beyond_text="", is_late=False)
    edges = _edges(frame, from_zero)
    if edges is None:
        return frame
    low, high = (float("-inf") if from_zero else edges[0]), edges[1]  # down to zero there is room anyway
    true = frame[["value", "all_days", "open"]].copy()
    for column in DRAWN:
        frame[column] = frame[column].clip(low, high)
    far = (true - true.clip(low, high)).abs()
    places = far.max(axis=1).fillna(0)
    labelled: list[int] = []
    for place in places[places > 1e-9].sort_values(ascending=False, kind="stable").index:
        column = far.loc[place].idxmax()
        frame.loc[place, "beyond"] = frame.loc[place, column]
        sign = "↑" if true.loc[place, column] > high else "↓"
        frame.loc[place, "beyond_text"] = sign
        if all(abs(place - one) >= APART for one in labelled):
            labelled.append(place)
            frame.loc[place, "beyond_text"] = f"{sign} {fmt.number(true.loc[place, column], decimals)}"
    frame["is_late"] = frame.index >= len(frame) - 3
    return frame


def _edges(frame: pd.DataFrame, from_zero: bool) -> tuple[float, float] | None:
    """Where the scale ends; None where nothing can be drawn."""
    usual = pd.concat([frame["value"], frame["last_year"]]).dropna()
    if len(usual) >= FEW:
        first, third = usual.quantile(0.25), usual.quantile(0.75)
        span = FAR * max(third - first, 0.02 * abs(usual.median()) if from_zero else 0)
        usual = usual[usual.between(first - span, third + span)] if span else usual
    shown = [*usual, *frame["target"].dropna(), *(frame["open"].dropna() if len(usual) < FEW else [])]
    if not shown:
        return None
    low, high = min(shown), max(shown)
    room = (high - low) or 0.05 * abs(high) or 1
    limits = frame[["lower", "upper"]].clip(low - room, high + room)
    low, high = min(low, limits["lower"].min()), max(high, limits["upper"].max())
    return low - 0.15 * room, high + 0.15 * room


def drawn(rows: pd.DataFrame) -> tuple[str, ...]:
    """Which optional layers have anything to draw."""
    parts = ("upper", "lower", "centre", "last_year", "open", "all_days", "target")
    found = tuple(one for one in parts if rows[one].notna().any())
    found += ("beyond",) if (rows["beyond_text"] != "").any() else ()
    return found + (("signals",) if (rows["direction"] != "").any() else ())


def _open(judged: pd.Series, value: pd.Series, complete: pd.Series) -> pd.Series:
    """The months that are not over, joined to the last complete one before them."""
    known = value.where(~complete)
    joined = known.copy()
    for place in range(1, len(known)):
        if pd.notna(known.iloc[place]) and complete.iloc[place - 1]:
            joined.iloc[place - 1] = judged.iloc[place - 1]
    return joined


@cache
def spec(
    theme: str, starts_at_zero: bool, decimals: int, words: tuple[str, ...], layers: tuple[str, ...]
) -> dict[str, Any]:
    """Vega-Lite spec over rows(). words: month, actual, last year, limits, with major event days.

    layers: of drawn(); a layer without anything to draw only makes the browser complain.
    """
    month = alt.X(
        "month:O",
        title=None,
        axis=alt.Axis(labelAngle=0, labelExpr=LABEL, ticks=False, labelOverlap=False, grid=False),
    )
    scale = alt.Scale(zero=starts_at_zero, nice=True)
    axis = alt.Axis(title=None, format=f",.{decimals}f" if decimals else "~r", tickCount=5, domain=False)

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", scale=scale, axis=axis)

    base = alt.Chart(alt.NamedData("rows")).encode(x=month)
    dark, light = ACTUAL[theme], LIGHTER[theme]

    def line(column: str, **look: Any) -> alt.Chart:
        return base.mark_line(**look).encode(y=y(column))

    found = []
    if "upper" in layers and "lower" in layers:
        found.append(base.mark_area(opacity=0.13, color=NEUTRAL).encode(y=y("lower"), y2="upper:Q"))
    elif "upper" in layers or "lower" in layers:
        found.append(line("upper" if "upper" in layers else "lower", strokeWidth=1, color=NEUTRAL))
    if "centre" in layers:
        found.append(line("centre", strokeDash=[5, 4], strokeWidth=1, color=NEUTRAL))
    if "last_year" in layers:
        found.append(line("last_year", strokeWidth=1.6, color=light))
    if "target" in layers:
        found.append(line("target", strokeWidth=1, color=dark))
    if "open" in layers:
        found.append(line("open", strokeWidth=1.6, strokeDash=[3, 3], color=light))
        found.append(base.mark_point(filled=False, size=45, color=light).encode(y=y("open")))
    found.append(line("value", strokeWidth=2.2, color=dark))
    found.append(base.mark_point(filled=True, size=22, color=dark, opacity=1).encode(y=y("value")))
    if "all_days" in layers:
        found.append(base.mark_point(filled=False, size=45, color=dark).encode(y=y("all_days")))
    for is_late in (False, True) if "beyond" in layers else ():
        words_there = base.transform_filter(f"datum.beyond_text && datum.is_late == {str(is_late).lower()}")
        look = {"align": "right", "dx": 6} if is_late else {"align": "center"}
        # The number on the inner side of the edge, an arrow alone on the outer one: there it is not covered.
        below = alt.expr("(datum.beyond_text[0] == '↑' ? 1 : -1) * (length(datum.beyond_text) > 1 ? 13 : -9)")
        text = words_there.mark_text(fontSize=11, color=dark, dy=below, **look)
        found.append(text.encode(y=y("beyond"), text="beyond_text:N"))
    if "target" in layers:
        words_at_end = base.transform_filter("datum.target_text != ''")
        look = {"align": "right", "dy": alt.expr("datum.is_below ? 12 : -8"), "fontSize": 11}
        # The ground shines through around the words, so that no line crosses them out.
        for halo in ({"stroke": GROUND[theme], "strokeWidth": 4, "strokeJoin": "round"}, {}):
            text = words_at_end.mark_text(color=dark, **look, **halo)
            found.append(text.encode(y=y("target"), text="target_text:N"))
    if "signals" in layers:
        colours = alt.Scale(domain=list(JUDGED), range=list(JUDGED.values()))
        marked = base.transform_filter("datum.direction != ''").mark_point(filled=True, size=75, opacity=1)
        found.append(marked.encode(y=y("value"), color=alt.Color("direction:N", scale=colours, legend=None)))
    columns = (
        "month:O",
        "value_shown:N",
        "last_year_shown:N",
        "lower_shown:N",
        "upper_shown:N",
        "all_days_shown:N",
    )
    titles = (words[0], words[1], words[2], f"{words[3]} ↓", f"{words[3]} ↑", words[4])
    tips = [alt.Tooltip(column, title=title) for column, title in zip(columns, titles, strict=True)]
    found.append(base.mark_bar(opacity=0).encode(tooltip=tips))
    room = {"left": 0, "right": 0, "bottom": 0, "top": 14 if "beyond" in layers else 0}  # for arrows alone
    chart = alt.layer(*found).properties(height=HEIGHT, padding=room)
    return as_spec(chart.configure_view(stroke=None))


def table(trend: pd.DataFrame, decimals: int, names: dict[str, str]) -> pd.DataFrame:
    """The figures of the chart, newest first; names: heading by column."""
    kept = [one for one in names if one in trend]
    frame = trend[kept].iloc[::-1].reset_index(drop=True)
    frame["month"] = [f"{one:%Y-%m}" if isinstance(one, date) else one for one in frame["month"]]
    numbers = [one for one in kept if one not in ("month", "signal", "missing")]
    return frame.astype(dict.fromkeys(numbers, float)).round(decimals).rename(columns=names)
