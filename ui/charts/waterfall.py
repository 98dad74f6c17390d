"""What makes up a change: one floating bar per part, and a last one from zero that is exactly their sum."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from ui.charts.pareto import as_spec
from ui.style import ACTUAL, GROUND, MET, NEUTRAL, NOT_MET

STEP = 27
LABEL_PX = 96


def rows(
    parts: Sequence[tuple[str, float]], change: float, better: str, at_most: int, others: str, total: str
) -> pd.DataFrame:
    """Bars of a waterfall: label, start, end, part, kind (worse, better, neutral, total), edge, place.

    parts: label and signed part, in the order to be shown; all after at_most go into one bar `others`. The
    bars run from 0 to the change; the last one is the change itself.
    """
    shown = list(parts[:at_most])
    if len(parts) > at_most:
        shown.append((others, sum(part for _label, part in parts[at_most:])))
    table, at = [], 0.0
    for label, part in shown:
        table.append((label, at, at + part, part, _kind(part, better)))
        at += part
    table.append((total, 0.0, change, change, "total"))
    frame = pd.DataFrame(table, columns=["label", "start", "end", "part", "kind"])
    frame["edge"] = frame[["start", "end"]].max(axis=1)
    frame["place"] = range(len(frame))
    return frame


def _kind(part: float, better: str) -> str:
    if better == "neutral" or part == 0:
        return "neutral"
    return "better" if (part < 0) == (better == "lower") else "worse"


@cache
def spec(theme: str, part_word: str) -> dict[str, Any]:
    """Vega-Lite spec over rows() with a column shown."""
    row = alt.Y(
        "label:N",
        sort=alt.EncodingSortField("place", op="min", order="ascending"),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=130, labelPadding=6),
    )
    length = alt.Scale(range=[0, {"expr": f"width - {LABEL_PX}"}], nice=False, zero=True)
    base = alt.Chart(alt.NamedData("rows"))
    colours = alt.Scale(
        domain=["worse", "better", "neutral", "total"], range=[NOT_MET, MET, NEUTRAL, NEUTRAL]
    )
    bars = base.mark_bar(height={"band": 0.62}).encode(
        y=row,
        x=alt.X("start:Q", scale=length, axis=None),
        x2="end:Q",
        color=alt.Color("kind:N", scale=colours, legend=None),
        tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("shown:N", title=part_word)],
    )
    # The ground shines through around the words, so that the line at zero does not cross them out.
    halo = {"stroke": GROUND[theme], "strokeWidth": 5, "strokeJoin": "round"}
    words = [
        base.mark_text(
            align="left", dx=6, baseline="middle", fontSize=12, color=ACTUAL[theme], **look
        ).encode(y=row, x=alt.X("edge:Q", scale=length), text="shown:N")
        for look in (halo, {})
    ]
    zero = (
        base.transform_aggregate(at="min(zero)")
        .mark_rule(color=NEUTRAL)
        .encode(x=alt.X("at:Q", scale=length))
    )
    return as_spec(
        alt.layer(bars, zero, *words).properties(height=alt.Step(STEP)).configure_view(stroke=None)
    )
