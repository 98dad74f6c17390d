"""Due dates of items on one time axis: from the assignment to the current due date, the original one marked.

Colour says only what the light says, and the sign of the light stands beside the name.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from domain.rectification_counts import LIGHTS
from ui import format as fmt
from ui.charts.pareto import as_spec
from ui.style import ACTUAL, GROUND, LIGHTER, MET, NEUTRAL, NOT_MET, WATCH

STEP = 22
COLOURS = {"red": NOT_MET, "yellow": WATCH, "blue": MET, "none": NEUTRAL}


def rows(found: pd.DataFrame, day: date, signs: Mapping[str, str]) -> pd.DataFrame:
    """The items as the chart takes them, in their order; those without a due date are left out.

    found: as rectification_board.timeline() gives it. signs: of the lights.
    """
    known = found[found["current_due"].notna()].reset_index(drop=True)
    return pd.DataFrame(
        {
            "label": [_label(one, signs) for one in known.itertuples()],
            "place": range(len(known)),
            "begin": [_text(one or day) for one in known["assigned_on"]],
            "current": [_text(one) for one in known["current_due"]],
            "original": [_text(one) for one in known["original_due"]],
            "is_moved": [a != b for a, b in zip(known["current_due"], known["original_due"], strict=True)],
            "light": known["light"].tolist(),
            "title": known["title"].tolist(),
            "who": known["responsible"].fillna("").tolist(),
            "today": _text(day),
            "code": [f"{one.item_id} {one.bureau_id}" for one in known.itertuples()],
        }
    )


def _label(one: Any, signs: Mapping[str, str]) -> str:
    return f"{signs[one.light]} {one.item_id.removeprefix('R')} {one.title}"


def _text(day: date) -> str:
    return f"{day:%Y-%m-%d}"


@cache
def spec(theme: str, words: tuple[str, ...], label_px: int) -> dict[str, Any]:
    """Vega-Lite spec over rows(). words: item, responsible, original and current due date."""
    dark, light = ACTUAL[theme], LIGHTER[theme]
    y = alt.Y(
        "label:N",
        title=None,
        sort=alt.EncodingSortField("place", op="min", order="ascending"),
        axis=alt.Axis(
            ticks=False,
            domain=False,
            grid=False,
            labelAlign="left",
            labelLimit=label_px - 8,
            labelPadding=label_px,
        ),  # fmt: skip,
    )
    axis = alt.Axis(title=None, format="%m-%d", tickCount=7, domain=False, orient="top", labelAngle=0)
    colours = alt.Scale(domain=list(LIGHTS), range=[COLOURS[one] for one in LIGHTS])
    base = alt.Chart(alt.NamedData("rows")).encode(y=y)

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:T", axis=axis)

    tips = [
        alt.Tooltip("title:N", title=words[0]),
        alt.Tooltip("who:N", title=words[1]),
        alt.Tooltip("original:N", title=words[2]),
        alt.Tooltip("current:N", title=words[3]),
    ]
    colour = alt.Color("light:N", scale=colours, legend=None)
    layers = [
        base.mark_rule(strokeWidth=5, color=light, opacity=0.55, strokeCap="round").encode(
            x=x("begin"), x2="current:T", tooltip=tips
        ),
        base.mark_rule(strokeDash=[4, 3], color=dark).encode(
            x=x("today"), y=alt.value(0), y2=alt.value("height")
        ),
        base.transform_filter("datum.is_moved")
        .mark_point(shape="diamond", size=70, filled=True, fill=GROUND[theme], stroke=dark, opacity=1)
        .encode(x=x("original"), tooltip=tips),
        base.mark_circle(size=110, opacity=1).encode(x=x("current"), color=colour, tooltip=tips),
    ]
    return as_spec(alt.layer(*layers).properties(height=alt.Step(STEP)).configure_view(stroke=None))


def table(found: pd.DataFrame, names: dict[str, str], lights: Mapping[str, str]) -> pd.DataFrame:
    """The dates of the chart; names: heading by column, lights: in words."""
    frame = found.assign(light=[lights[one] for one in found["light"]])
    for column in ("assigned_on", "original_due", "current_due"):
        frame[column] = [fmt.day(one) if one else "" for one in frame[column]]
    return frame[list(names)].rename(columns=names)
