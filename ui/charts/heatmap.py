"""A calendar of days by months, darker where customers were interrupted longer; major event days ringed.

A day without an interruption is a pale cell; a day that no source covers has none: zero is not missing.
"""

from calendar import monthrange
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from ui.charts.pareto import as_spec

LIGHT = ("#EDF1F5", "#C9D6E2", "#8FABC6", "#4C7CA6", "#1D4E7A")
DARK = ("#232B33", "#2F4658", "#3F6A8C", "#5E9AC7", "#A9D4F2")
RING = {"light": "#1F2933", "dark": "#E6EAEE"}
PARTS = (0.5, 0.8, 0.95)  # of the days with an interruption: where the next darker step begins


def frame(
    daily: pd.DataFrame, months: Sequence[date], covered: Collection[date], major: Collection[date]
) -> pd.DataFrame:
    """One row per covered day of the months: day, month, number of the day, value, step 0..4, is_major.

    daily has day and value for days with an interruption; a covered day without a row is 0. Steps are
    parts of the days with an interruption, so that one typhoon does not make every other day look calm.
    """
    known = dict(zip(daily["day"], daily["value"], strict=True))
    rows = [
        {"day": day, "month": month, "number": day.day, "value": known.get(day, 0), "is_major": day in major}
        for month in months
        for day in (month + timedelta(days=step) for step in range(monthrange(month.year, month.month)[1]))
        if day in covered
    ]
    result = pd.DataFrame(rows, columns=["day", "month", "number", "value", "is_major"])
    some = result.loc[result["value"] > 0, "value"]
    edges = [some.quantile(part) for part in PARTS] if len(some) else []
    result["step"] = [_step(value, edges) for value in result["value"]]
    return result


def _step(value: float, edges: list[float]) -> int:
    return 0 if value <= 0 else 1 + sum(value > edge for edge in edges)


@cache
def spec(theme: str, value_title: str, steps: tuple[str, ...]) -> dict[str, Any]:
    """Vega-Lite spec over rows of number, month_text, place, step_text, is_major, day_text, shown, code.

    steps are the words of the five steps, lightest first; theme is light or dark. A click selects `code`.
    """
    colours = DARK if theme == "dark" else LIGHT
    data = alt.Chart(alt.NamedData("rows"))
    x = alt.X(
        "number:O",
        title=None,
        scale=alt.Scale(domain=list(range(1, 32))),
        axis=alt.Axis(values=[1, 5, 10, 15, 20, 25, 31], labelAngle=0, ticks=False, domain=False, grid=False),
    )
    y = alt.Y(
        "month_text:N",
        title=None,
        sort=alt.EncodingSortField("place", order="ascending"),
        axis=alt.Axis(ticks=False, domain=False, labelLimit=90, grid=False),
    )
    tooltip = [
        alt.Tooltip("day_text:N", title=" "),
        alt.Tooltip("shown:N", title=value_title),
        alt.Tooltip("remark:N", title="  "),
    ]
    cells = data.mark_rect(cornerRadius=2).encode(
        x=x,
        y=y,
        color=alt.Color(
            "step_text:N",
            scale=alt.Scale(domain=list(steps), range=list(colours)),
            legend=None,  # ui/reliability/calendar.py writes it as text that wraps on a phone
        ),
        tooltip=tooltip,
    )
    cells = cells.add_params(alt.selection_point(name="day", fields=["code"], on="click", clear=False))
    rings = (
        data.transform_filter("datum.is_major")
        .mark_rect(cornerRadius=2, filled=False, strokeWidth=2, stroke=RING[theme])
        .encode(x=x, y=y, tooltip=tooltip)
    )
    chart = (
        (cells + rings)
        .properties(height=alt.Step(24))
        .configure_view(stroke=None)
        .configure_scale(bandPaddingInner=0.12)
    )
    return as_spec(chart)
