"""Units or causes as horizontal bars, sorted, from zero, with the average line and, for shares, intervals."""

from functools import cache
from typing import Any

import altair as alt

from ui.charts.pareto import as_spec
from ui.style import ACTUAL

BAR = "#6F8CA8"  # neutral: colours of judgement are kept for judgements
LABEL_PX = 118  # room to the right of the bars for "25.2 · n=45"
STEP = 27


@cache
def spec(
    theme: str, value_word: str, interval_word: str, has_average: bool, can_choose: bool
) -> dict[str, Any]:
    """Vega-Lite spec over rows of label, code, value, low, high, edge, shown, interval, average, place.

    edge: where the words begin, the larger of value and high. Choosing a bar selects its `code`.
    """
    row = alt.Y(
        "label:N",
        sort=alt.EncodingSortField("place", order="ascending"),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=130, labelPadding=6),
    )
    length = alt.Scale(range=[0, {"expr": f"width - {LABEL_PX}"}], nice=False, zero=True)
    base = alt.Chart(alt.NamedData("rows"))
    tip = [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("shown:N", title=value_word),
        alt.Tooltip("interval:N", title=interval_word),
    ]
    bars = base.mark_bar(
        height={"band": 0.62}, color=BAR, cursor="pointer" if can_choose else "default"
    ).encode(y=row, x=alt.X("value:Q", scale=length, axis=None), tooltip=tip)
    if can_choose:
        bars = bars.add_params(alt.selection_point(name="unit", fields=["code"], on="click", clear=False))
    layers = [
        bars,
        base.mark_rule(strokeWidth=1.5, color=ACTUAL[theme], opacity=0.75).encode(
            y=row, x=alt.X("low:Q", scale=length), x2="high:Q"
        ),
        base.mark_text(align="left", dx=6, baseline="middle", fontSize=12, color=ACTUAL[theme]).encode(
            y=row, x=alt.X("edge:Q", scale=length), text="shown:N"
        ),
    ]
    if has_average:
        layers.append(
            base.transform_aggregate(average="max(average)")
            .mark_rule(strokeDash=[4, 3], color=ACTUAL[theme])
            .encode(x=alt.X("average:Q", scale=length))
        )
    chart = alt.layer(*layers).properties(height=alt.Step(STEP)).configure_view(stroke=None)
    return as_spec(chart)
