"""What happened to one thing over time: a row for each kind of event, a mark for each event."""

from functools import cache
from typing import Any

import altair as alt

from ui.charts.pareto import as_spec
from ui.style import ACTUAL, GROUND, MET, NEUTRAL, NOT_MET, WATCH

STEP = 30
COLOURS = {"good": MET, "open": WATCH, "bad": NOT_MET, "plain": NEUTRAL}


@cache
def spec(theme: str, today_word: str, due_word: str) -> dict[str, Any]:
    """Vega-Lite spec over rows of label, place, day (ISO), judged (COLOURS), mark, text.

    mark: event (filled), due (hollow: a last day that is ahead or over) or today, which is a line through all
    rows. The words are for those who point at a mark; every row has its name on the axis.
    """
    data = alt.Chart(alt.NamedData("rows"))
    x = alt.X(
        "day:T",
        title=None,
        axis=alt.Axis(format="%Y-%m", tickCount=6, grid=True, domain=False, labelOverlap=True),
        scale=alt.Scale(nice=False, padding=16),
    )
    y = alt.Y(
        "label:N",
        sort=alt.EncodingSortField("place", op="min", order="ascending"),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=150, labelPadding=6, grid=True),
    )
    colour = alt.Color(
        "judged:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None
    )
    tooltip = [alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title="  ")]
    events = (
        data.transform_filter("datum.mark == 'event'")
        .mark_circle(size=130, opacity=1)
        .encode(x=x, y=y, color=colour, tooltip=tooltip)
    )
    due = (
        data.transform_filter("datum.mark == 'due'")
        .mark_point(size=120, shape="diamond", strokeWidth=2, fill=GROUND[theme])
        .encode(x=x, y=y, color=colour, tooltip=[alt.Tooltip("text:N", title=due_word)])
    )
    today = (
        data.transform_filter("datum.mark == 'today'")
        .mark_rule(strokeDash=[4, 3], color=ACTUAL[theme])
        .encode(x=x, tooltip=[alt.Tooltip("text:N", title=today_word)])
    )
    chart = alt.layer(today, events, due).properties(height=alt.Step(STEP)).configure_view(stroke=None)
    return as_spec(chart)
