"""Units or causes as horizontal bars, sorted, from zero, with the average line and, for shares, intervals.

Where all values are shares close to 100 %, bars from zero would all look equal: then points on a cut scale.
"""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from ui.charts.pareto import as_spec
from ui.style import ACTUAL

BAR = "#6F8CA8"  # neutral: colours of judgement are kept for judgements
LABEL_PX = 118  # room to the right of the bars for "25.2 · n=45"
STEP = 27
HIGH = 90  # per cent; from here on up shares are drawn as points


def is_cut(rows: pd.DataFrame, unit: str) -> bool:
    """Whether the rows are shown as points on a scale that does not begin at zero."""
    low = rows[["value", "low"]].min().min()
    return unit == "%" and len(rows) > 1 and low == low and low >= HIGH


@cache
def spec(
    theme: str, value_word: str, interval_word: str, has_average: bool, can_choose: bool, is_cut: bool = False
) -> dict[str, Any]:
    """Vega-Lite spec over rows of label, code, value, low, high, shown, interval, average, place.

    Choosing a bar selects its `code`. is_cut: as is_cut() says: points instead of bars, and an axis that
    says where the scale begins.
    """
    row = alt.Y(
        "label:N",
        sort=alt.EncodingSortField("place", op="min", order="ascending"),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=130, labelPadding=6),
    )
    first = 14 if is_cut else 0  # room for the left-most point
    length = alt.Scale(range=[first, {"expr": f"width - {LABEL_PX}"}], nice=False, zero=not is_cut)
    axis = alt.Axis(title=None, tickCount=3, format="~r", domain=False, grid=True) if is_cut else None
    base = alt.Chart(alt.NamedData("rows"))
    tip = [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("shown:N", title=value_word),
        alt.Tooltip("interval:N", title=interval_word),
    ]
    look = {"color": BAR, "cursor": "pointer" if can_choose else "default"}
    marks = (
        base.mark_circle(size=110, opacity=1, **look)
        if is_cut
        else base.mark_bar(height={"band": 0.62}, **look)
    )
    bars = marks.encode(y=row, x=alt.X("value:Q", scale=length, axis=axis), tooltip=tip)
    if can_choose:
        bars = bars.add_params(alt.selection_point(name="unit", fields=["code"], on="click", clear=False))
    layers = [
        bars,
        base.mark_rule(strokeWidth=1.5, color=ACTUAL[theme], opacity=0.75).encode(
            y=row, x=alt.X("low:Q", scale=length), x2="high:Q"
        ),
    ]
    if has_average:
        layers.append(
            base.transform_aggregate(average="max(average)")
            .mark_rule(strokeDash=[4, 3], color=ACTUAL[theme])
            .encode(x=alt.X("average:Q", scale=length))
        )
    # A column of their own: beside the ends of the bars the average line would cross them out.
    # Why a value is missing is longer, and has no bar in its way.
    look = {"align": "left", "baseline": "middle", "fontSize": 12, "color": ACTUAL[theme]}
    # By a condition, not a filter: layers that see other rows make Vega-Lite sort the axis by name.
    known, nothing = "isValid(datum.value)", alt.value("")
    for test, begins in ((known, f"width - {LABEL_PX - 8}"), (f"!{known}", "6")):
        text = alt.condition(test, "shown:N", nothing)
        layers.append(base.mark_text(**look).encode(y=row, x=alt.value(alt.expr(begins)), text=text))
    chart = alt.layer(*layers).properties(height=alt.Step(STEP)).configure_view(stroke=None)
    return as_spec(chart)
