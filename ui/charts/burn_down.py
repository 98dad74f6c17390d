"""Items on the books at the end of each week as a line, with those that were opened and those that left."""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from ui import format as fmt
from ui.charts.pareto import as_spec
from ui.style import ACTUAL, LIGHTER

HEIGHT = 230
# Neutral: colours of judgement are kept for judgements. Opened upwards, left downwards.
BARS = {"light": ("#AEB9C4", "#6F8CA8"), "dark": ("#55616D", "#8FB3D6")}


def rows(weeks: pd.DataFrame) -> pd.DataFrame:
    """The weeks as the chart takes them: week, open, opened upwards, left downwards, and each as text."""
    return pd.DataFrame(
        {
            "week": [fmt.day(one)[5:] for one in weeks["week_end"]],
            "place": range(len(weeks)),
            "open": weeks["open"].astype(int),
            "opened": weeks["opened"].astype(int),
            "left": -weeks["left"].astype(int),
            "left_shown": [fmt.number(one) for one in weeks["left"]],
            "day_shown": [fmt.day(one) for one in weeks["week_end"]],
        }
    )


@cache
def spec(theme: str, week: str, still: str, opened: str, left: str) -> dict[str, Any]:
    """Vega-Lite spec over rows(); the words are those of the legend and of the tooltips."""
    dark, grid = ACTUAL[theme], LIGHTER[theme]
    x = alt.X(
        "week:O",
        title=None,
        sort=alt.EncodingSortField("place", order="ascending"),
        axis=alt.Axis(labelAngle=0, ticks=False, labelOverlap=True, grid=False),
    )
    axis = alt.Axis(title=None, format="~r", tickCount=5, tickMinStep=1, domain=False, gridOpacity=0.6)
    base = alt.Chart(alt.NamedData("rows")).encode(x=x)

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", axis=axis, scale=alt.Scale(zero=True))

    tips = [
        alt.Tooltip("day_shown:N", title=week),
        alt.Tooltip("open:Q", title=still),
        alt.Tooltip("opened:Q", title=opened),
        alt.Tooltip("left_shown:N", title=left),
    ]
    layers = [
        base.mark_bar(color=BARS[theme][0], width={"band": 0.55}).encode(y=y("opened")),
        base.mark_bar(color=BARS[theme][1], width={"band": 0.55}).encode(y=y("left")),
        base.mark_rule(color=grid).encode(y=alt.datum(0)),
        base.mark_line(color=dark, strokeWidth=2.2, interpolate="step-after").encode(y=y("open")),
        base.mark_point(filled=True, size=22, color=dark, opacity=1).encode(y=y("open")),
        base.mark_bar(opacity=0).encode(y=y("open"), tooltip=tips),
    ]
    chart = alt.layer(*layers).properties(height=HEIGHT).configure_view(stroke=None)
    return as_spec(chart)


def table(weeks: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """The figures of the chart, newest first; names: heading by column."""
    frame = weeks.iloc[::-1].reset_index(drop=True)
    frame["week_end"] = [fmt.day(one) for one in frame["week_end"]]
    return frame[list(names)].rename(columns=names)
