"""Ratios of what came to what was expected: a dot with its interval per row, around 1, on a log scale.

On a log scale half and double lie equally far from 1. Limits beyond the scale end at its edge.
"""

from functools import cache
from typing import Any

import altair as alt

from ui.charts.pareto import as_spec
from ui.style import ACTUAL, MET, NEUTRAL, NOT_MET

FIRST, LAST = 0.05, 5.0  # of the scale
COLOURS = {"better": MET, "worse": NOT_MET, "none": NEUTRAL}
STEP = 34


def held(value: float) -> float:
    """The value as it is drawn."""
    return min(max(value, FIRST), LAST)


@cache
def spec(theme: str, ratio_word: str, interval_word: str, better: str, worse: str) -> dict[str, Any]:
    """Vega-Lite spec over rows of label, place, one, ratio, low, high, judged, shown, interval, verdict.

    better, worse: what the two sides of 1 mean, in words. The label carries
    the sign of the verdict, so that colour does not stand alone.
    """
    base = alt.Chart(alt.NamedData("rows"))
    row = alt.Y(
        "label:N",
        sort=alt.EncodingSortField("place", op="min", order="ascending"),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=170, labelPadding=6),
    )
    scale = alt.Scale(type="log", domain=[FIRST, LAST], nice=False, clamp=True)
    axis = alt.Axis(
        title=f"← {better} · {worse} →",
        titleAnchor="end",  # the words may be wider than the plot, and to its left there is room
        values=[0.1, 0.2, 0.5, 1, 2, 5],
        format="~r",
        domain=False,
        titleFontWeight="normal",
    )
    x = alt.X("ratio:Q", scale=scale, axis=axis)
    colour = alt.Color(
        "judged:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None
    )
    tip = [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("verdict:N", title="  "),
        alt.Tooltip("shown:N", title=ratio_word),
        alt.Tooltip("interval:N", title=interval_word),
    ]
    one = base.mark_rule(strokeDash=[4, 3], color=ACTUAL[theme]).encode(
        x=alt.X("one:Q", scale=scale, aggregate="min"),
    )
    bars = base.mark_rule(strokeWidth=5, opacity=0.55, strokeCap="round").encode(
        y=row, x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", color=colour, tooltip=tip
    )
    dots = base.mark_point(filled=True, size=130, opacity=1).encode(y=row, x=x, color=colour, tooltip=tip)
    chart = alt.layer(one, bars, dots).properties(height=alt.Step(STEP)).configure_view(stroke=None)
    return as_spec(chart)
