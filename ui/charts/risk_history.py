"""One object over the months: outages as bars, rectifications as bands above, windows of the proof shaded.

And the strip of its rules: a dark cell where a rule was met at the month-end.
"""

from functools import cache
from typing import Any

import altair as alt

from ui.charts.pareto import as_spec
from ui.charts.trend import LABEL
from ui.style import ACTUAL, LIGHTER, MET, NEUTRAL

HEIGHT = 220
BAND = 16  # px, of one rectification above the bars


@cache
def spec(theme: str, words: tuple[str, str, str], bands: int) -> dict[str, Any]:
    """Vega-Lite spec over rows of part, start, end, kind, count, low, high, place, text, shown.

    part: bar (low to high), window, or item (at its place).
    words: fault, other outage, how many. bands: how many rectifications are drawn, one above the other.
    """
    room = bands * BAND + (8 if bands else 0)
    # One outage must not look like the worst month of a bad line.
    height = alt.Scale(domain=alt.DomainUnionWith(unionWith=[0, 4]), range=[HEIGHT, room + 6])
    base = alt.Chart(alt.NamedData("rows"))
    axis = alt.Axis(format="%Y-%m", labelAngle=0, grid=False, tickCount=6, labelOverlap=True)
    x = alt.X("start:T", title=None, axis=axis)
    windows = (
        base.transform_filter("datum.part == 'window'")
        .mark_rect(opacity=0.16, color=NEUTRAL)
        .encode(x=x, x2="end:T", y=alt.value(room), y2=alt.value(HEIGHT),
                tooltip=[alt.Tooltip("text:N", title=" "), alt.Tooltip("shown:N", title="  ")])
    )  # fmt: skip
    bars = (
        base.transform_filter("datum.part == 'bar'")
        .mark_rect()
        .encode(
            x=x,
            x2="end:T",
            y=alt.Y("low:Q", title=None, scale=height,
                    axis=alt.Axis(tickMinStep=1, tickCount=4, domain=False, format="d")),
            y2="high:Q",
            color=alt.Color("kind:N", legend=None,
                            scale=alt.Scale(domain=list(words[:2]), range=[ACTUAL[theme], LIGHTER[theme]])),
            tooltip=[alt.Tooltip("shown:N", title=" "), alt.Tooltip("kind:N", title="  "),
                     alt.Tooltip("count:Q", title=words[2])],
        )
    )  # fmt: skip
    top = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[0, max(bands, 1)], range=[0, bands * BAND]))
    items = base.transform_filter("datum.part == 'item'")
    band = items.mark_rule(strokeWidth=BAND - 4, color=MET).encode(
        x=x, x2="end:T", y=top,
        tooltip=[alt.Tooltip("text:N", title=" "), alt.Tooltip("shown:N", title="  ")],
    )  # fmt: skip
    said = (
        base.transform_filter("datum.part == 'window'")
        .mark_text(align="left", baseline="top", dx=4, dy=4, fontSize=11, color=ACTUAL[theme])
        .encode(x=x, y=alt.value(room), text="kind:N")
    )
    drawn = windows + bars + said
    if bands:
        drawn = alt.layer(drawn, band).resolve_scale(y="independent")
    return as_spec(drawn.properties(height=HEIGHT).configure_view(stroke=None))


@cache
def strip(theme: str, met: str, not_met: str) -> dict[str, Any]:
    """Vega-Lite spec over rows of rule_text, place, month, state (met or not)."""
    colours = {"light": ["#1D4E7A", "#EDF1F5"], "dark": ["#A9D4F2", "#232B33"]}[theme]
    chart = (
        alt.Chart(alt.NamedData("rows"))
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=0, labelExpr=LABEL, ticks=False,
                    domain=False, labelOverlap=False, grid=False)),
            y=alt.Y("rule_text:N", title=None, sort=alt.EncodingSortField("place", order="ascending"),
                    axis=alt.Axis(ticks=False, domain=False, labelLimit=170, grid=False)),
            color=alt.Color("state:N", legend=None, scale=alt.Scale(domain=[met, not_met], range=colours)),
            tooltip=[alt.Tooltip("rule_text:N", title=" "), alt.Tooltip("month:O", title="  "),
                     alt.Tooltip("state:N", title="   ")],
        )
        .properties(height=alt.Step(22))
        .configure_view(stroke=None)
        .configure_scale(bandPaddingInner=0.12)
    )  # fmt: skip
    return as_spec(chart)
