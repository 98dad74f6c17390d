"""How many lines and areas are at risk at each month-end, by level, the gravest at the bottom."""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from domain.periods import add_months
from ui.charts.pareto import as_spec
from ui.charts.trend import LABEL
from ui.style import ACTUAL

# Graver is darker; by lightness, not by hue: colours of judgement are kept for judgements.
COLOURS = {"light": ("#1D4E7A", "#6E97BA", "#C9D6E2"), "dark": ("#A9D4F2", "#5E9AC7", "#2F4658")}
HEIGHT = 190


def frame(trend: pd.DataFrame, last: Any, count: int) -> pd.DataFrame:
    """Rows for spec(): month, level, objects, entered, total; a month or level without a row has 0."""
    known = {(row.month, row.level): (row.objects, row.entered) for row in trend.itertuples()}
    months = [add_months(last, step - count + 1) for step in range(count)]
    rows = []
    for month in months:
        total = sum(known.get((month, level), (0, 0))[0] for level in (1, 2, 3))
        for level in (1, 2, 3):
            objects, entered = known.get((month, level), (0, 0))
            rows.append((f"{month:%Y-%m}", level, objects, entered, total))
    return pd.DataFrame(rows, columns=["month", "level", "objects", "entered", "total"])


@cache
def spec(theme: str, levels: tuple[str, str, str], title: str, entered: str) -> dict[str, Any]:
    """Vega-Lite spec over rows of month, level, level_text, objects, entered, total, is_last."""
    base = alt.Chart(alt.NamedData("rows"))
    x = alt.X("month:O", title=None, axis=alt.Axis(labelAngle=0, labelExpr=LABEL, ticks=False, grid=False,
              labelOverlap=False))  # fmt: skip
    bars = base.mark_bar().encode(
        x=x,
        y=alt.Y("objects:Q", title=None, axis=alt.Axis(tickCount=4, domain=False)),
        color=alt.Color("level_text:N", scale=alt.Scale(domain=list(levels), range=list(COLOURS[theme])),
                        legend=None),
        order=alt.Order("level:Q"),
        tooltip=[
            alt.Tooltip("month:O", title=" "),
            alt.Tooltip("level_text:N", title="  "),
            alt.Tooltip("objects:Q", title=title),
            alt.Tooltip("entered:Q", title=entered),
        ],
    )  # fmt: skip
    words = (
        base.transform_filter("datum.is_last && datum.level == 1")
        .mark_text(dy=-7, fontSize=11, color=ACTUAL[theme])
        .encode(x=x, y="total:Q", text=alt.Text("total:Q", format=","))
    )
    return as_spec((bars + words).properties(height=HEIGHT).configure_view(stroke=None))
