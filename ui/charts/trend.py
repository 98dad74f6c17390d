"""A KPI by month: actual dark, last year light, control limits, target, and colour only at signals.

The line is what the limits judge: complete months without major event days. Where the figure with such days
is another one, a hollow ring shows it. A month that is not over is dashed.
"""

from datetime import date
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from ui import format as fmt
from ui.charts.pareto import as_spec
from ui.style import ACTUAL, JUDGED, LIGHTER, NEUTRAL

HEIGHT = 270
# January with its year, then April, July, October as numbers: no month names in any language.
LABEL = (
    "substring(datum.value, 5, 7) == '01' ? datum.value : "
    "indexof(['04', '07', '10'], substring(datum.value, 5, 7)) >= 0 ? substring(datum.value, 5, 7) : ''"
)


def rows(trend: pd.DataFrame, decimals: int, target: float | None, target_text: str) -> pd.DataFrame:
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
    for column in ("value", "all_days", "open", "last_year", "lower", "upper"):
        frame[f"{column}_shown"] = [fmt.number(one, decimals) for one in frame[column]]
    return frame


def _open(judged: pd.Series, value: pd.Series, complete: pd.Series) -> pd.Series:
    """The months that are not over, joined to the last complete one before them."""
    known = value.where(~complete)
    joined = known.copy()
    for place in range(1, len(known)):
        if pd.notna(known.iloc[place]) and complete.iloc[place - 1]:
            joined.iloc[place - 1] = judged.iloc[place - 1]
    return joined


@cache
def spec(theme: str, starts_at_zero: bool, decimals: int, words: tuple[str, ...]) -> dict[str, Any]:
    """Vega-Lite spec over rows(). words: month, actual, last year, limits, with major event days."""
    month_word, actual_word, year_word, limits_word, all_days_word = words
    month = alt.X(
        "month:O",
        title=None,
        axis=alt.Axis(labelAngle=0, labelExpr=LABEL, ticks=False, labelOverlap=False, grid=False),
    )
    scale = alt.Scale(zero=starts_at_zero, nice=True)
    axis = alt.Axis(title=None, format=f",.{decimals}f" if decimals else "~r", tickCount=5, domain=False)

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", scale=scale, axis=axis)

    base = alt.Chart(alt.NamedData("rows"))
    dark, light = ACTUAL[theme], LIGHTER[theme]
    layers = [
        base.mark_area(opacity=0.13, color=NEUTRAL).encode(x=month, y=y("lower"), y2="upper:Q"),
        base.mark_line(strokeDash=[5, 4], strokeWidth=1, color=NEUTRAL).encode(x=month, y=y("centre")),
        base.mark_line(strokeWidth=1.6, color=light).encode(x=month, y=y("last_year")),
        base.mark_line(strokeWidth=1, color=dark).encode(x=month, y=y("target")),
        base.mark_line(strokeWidth=1.6, strokeDash=[3, 3], color=light).encode(x=month, y=y("open")),
        base.mark_point(filled=False, size=45, color=light).encode(x=month, y=y("open")),
        base.mark_line(strokeWidth=2.2, color=dark).encode(x=month, y=y("value")),
        base.mark_point(filled=True, size=22, color=dark, opacity=1).encode(x=month, y=y("value")),
        base.mark_point(filled=False, size=45, color=dark).encode(x=month, y=y("all_days")),
        base.transform_filter("datum.direction != ''")
        .mark_point(filled=True, size=75, opacity=1)
        .encode(
            x=month,
            y=y("value"),
            color=alt.Color(
                "direction:N",
                scale=alt.Scale(domain=list(JUDGED), range=list(JUDGED.values())),
                legend=None,
            ),
        ),
        base.transform_filter("datum.target_text != ''")
        .mark_text(align="right", dy=-7, fontSize=11, color=dark)
        .encode(x=month, y=y("target"), text="target_text:N"),
        base.mark_bar(opacity=0).encode(
            x=month,
            tooltip=[
                alt.Tooltip("month:O", title=month_word),
                alt.Tooltip("value_shown:N", title=actual_word),
                alt.Tooltip("last_year_shown:N", title=year_word),
                alt.Tooltip("lower_shown:N", title=f"{limits_word} ↓"),
                alt.Tooltip("upper_shown:N", title=f"{limits_word} ↑"),
                alt.Tooltip("all_days_shown:N", title=all_days_word),
            ],
        ),
    ]
    return as_spec(alt.layer(*layers).properties(height=HEIGHT).configure_view(stroke=None))


def table(trend: pd.DataFrame, decimals: int, names: dict[str, str]) -> pd.DataFrame:
    """The figures of the chart, newest first; names: heading by column."""
    kept = [one for one in names if one in trend]
    frame = trend[kept].iloc[::-1].reset_index(drop=True)
    frame["month"] = [f"{one:%Y-%m}" if isinstance(one, date) else one for one in frame["month"]]
    numbers = [one for one in kept if one not in ("month", "signal", "missing")]
    return frame.astype(dict.fromkeys(numbers, float)).round(decimals).rename(columns=names)
