"""The number of lines and areas at risk over 13 month-ends, with its message."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa
import streamlit as st

from ui import format as fmt
from ui import style
from ui.charts import risk_trend, table_view
from ui.charts.table_view import Keep
from ui.risk import words
from ui.texts import _


@dataclass(frozen=True)
class Ready:
    """The trend as it is kept between runs."""

    rows: pa.Table
    said: str


def ready(trend: pd.DataFrame, last: date, months: int) -> Ready:
    """What the chart needs, from risk_lines.trend()."""
    rows = risk_trend.frame(trend, last, months)
    rows["level_text"] = [words.level(one) for one in rows["level"]]
    rows["is_last"] = rows["month"] == f"{last:%Y-%m}"
    totals = rows.drop_duplicates("month")["total"].tolist()
    return Ready(table_view.rows(rows), message(totals))


def message(totals: list[int]) -> str:
    """The takeaway: how many now, and how that differs from the first month of the chart."""
    now, then = totals[-1], totals[0]
    if not then:
        return _("{n} at risk").format(n=fmt.number(now))
    change = now - then
    sign = "+" if change > 0 else ""
    text = _("{n} at risk, {change} against the same month of last year")
    return text.format(n=fmt.number(now), change=sign + fmt.number(change))


def show(trend: pd.DataFrame, last: date, months: int, keep: Keep) -> None:
    """The chart with its legend in words and its table."""
    found = keep("risk_trend", lambda: ready(trend, last, months))
    st.markdown(f"**{found.said}**")
    levels = tuple(words.level(one) for one in (1, 2, 3))
    spec = risk_trend.spec(style.theme(), levels, _("At risk"), _("of these new"))
    table_view.chart(found.rows, spec, found.said, "risk_trend", risk_trend.HEIGHT + 40)
    colours = zip(levels, *risk_trend.COLOURS.values(), strict=True)
    marks = (
        f'<span><i class="cs-cell" style="background:light-dark({light},{dark})"></i>{text}</span>'
        for text, light, dark in colours
    )
    title = _("Level of risk")
    st.html(f'<div class="cs-row cs-quiet"><span>{title}</span>{"".join(marks)}</div>')
    table_view.table(lambda: _table(found.rows.to_pandas()), _("Objects at risk by month"), "risk_trend")


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    wide = rows.pivot(index="month", columns="level", values="objects").sort_index(ascending=False)
    names = {level: words.level(level) for level in (1, 2, 3)}
    return wide.rename(columns=names).rename_axis(columns=None, index=_("Month")).reset_index()
