"""Causes by weight: one bar per cause, largest first, with its share and the running share as words.

The running share stands beside the bar instead of on a second axis: two scales in one picture can be
made to say anything.
"""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

# Ordinary days, major event days, words. Neutral: colours of judgement are kept for judgements.
COLOURS = {"light": ("#4C6A88", "#AEB9C4", "#1F2933"), "dark": ("#8FB3D6", "#55616D", "#E6EAEE")}
LABEL_PX = 150  # room to the right of the bars for "1,234 · 38% · 62%"


def frame(values: pd.DataFrame, at_most: int, others: str) -> pd.DataFrame:
    """Bars of a Pareto, largest first: cause, ordinary, major, total, share and running share in 0..1.

    values has one row per cause with ordinary (minutes outside major event days) and major. What comes
    after the first at_most is pooled as `others`, always last, so that the shares end at 1.
    """
    rows = values.assign(total=values["ordinary"] + values["major"])
    rows = rows[rows["total"] > 0].sort_values(["total", "cause"], ascending=[False, True], ignore_index=True)
    if len(rows) > at_most:
        rest = rows.iloc[at_most - 1 :][["ordinary", "major", "total"]].sum()
        pooled = pd.DataFrame([{"cause": others, **rest}])
        rows = pd.concat([rows.iloc[: at_most - 1], pooled], ignore_index=True)
    whole = rows["total"].sum()
    rows["share"] = rows["total"] / whole if whole else 0.0
    rows["running"] = rows["share"].cumsum()
    rows["place"] = range(len(rows))
    return rows


def few_that_make_most(rows: pd.DataFrame, part: float = 0.8) -> pd.DataFrame:
    """The first rows of frame() that together reach `part` of the total."""
    return rows[rows["running"].shift(fill_value=0.0) < part]


@cache
def spec(theme: str, ordinary: str, major: str, value_title: str) -> dict[str, Any]:
    """Vega-Lite spec over rows of cause, days (ordinary, major), is_major, value, shown, place, total, words.

    Both layers must see the same rows, else Vega-Lite sorts by name: words are blank in the major ones.
    """
    colours = COLOURS[theme]
    row = alt.Y(
        "cause:N",
        sort=alt.EncodingSortField("place", op="min", order="ascending"),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=150, labelPadding=6),
    )
    length = alt.Scale(range=[0, {"expr": f"width - {LABEL_PX}"}], nice=False)
    data = alt.Chart(alt.NamedData("rows"))
    bars = data.mark_bar(height={"band": 0.7}).encode(
        y=row,
        x=alt.X("value:Q", scale=length, axis=None),
        color=alt.Color(
            "days:N",
            scale=alt.Scale(domain=[ordinary, major], range=list(colours[:2])),
            legend=alt.Legend(title=None, orient="top", symbolType="square", direction="vertical"),
        ),
        order=alt.Order("is_major:Q"),
        tooltip=[
            alt.Tooltip("cause:N", title=" "),
            alt.Tooltip("days:N", title="  "),
            alt.Tooltip("shown:N", title=value_title),
        ],
    )
    words = data.mark_text(align="left", dx=6, baseline="middle", color=colours[2]).encode(
        y=row, x=alt.X("total:Q", scale=length), text="words:N"
    )
    chart = (bars + words).properties(height=alt.Step(26)).configure_view(stroke=None)
    return as_spec(chart)


def as_spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The chart as a spec without data: the page passes the rows."""
    body = chart.to_dict(validate=False)
    body.pop("data", None)
    return body
