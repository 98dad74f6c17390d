"""Which days hurt: twelve months of customer time interrupted, a cell per day."""

from collections.abc import Collection, Sequence
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from ui import format as fmt
from ui import style
from ui.charts import heatmap, table_view
from ui.charts.table_view import Keep
from ui.texts import _, language, listed

DRAWN = ["number", "place", "month_text", "day_text", "shown", "step_text", "remark", "is_major"]


def message(rows: pd.DataFrame) -> str:
    """The takeaway: the worst day and what part of the whole it is."""
    whole = rows["value"].sum()
    if not whole:
        return _("No customer was interrupted in these months")
    worst = rows.loc[rows["value"].idxmax()]
    return _("The worst day, {day}, makes {share} of twelve months").format(
        day=fmt.day(worst["day"]), share=fmt.share(worst["value"] / whole)
    )


def cells(
    daily: pd.DataFrame, months: Sequence[date], covered: Collection[date], major: pd.DataFrame
) -> pd.DataFrame:
    """Rows for the calendar with their words, from data_access.reliability.Calendar; one per covered day."""
    where = _where(major)
    rows = heatmap.frame(daily, months, covered, set(where))
    steps = _steps()
    rows["place"] = [months.index(one) for one in rows["month"]]
    rows["month_text"] = [fmt.month(one) for one in rows["month"]]
    rows["day_text"] = [fmt.day(one) for one in rows["day"]]
    rows["shown"] = [fmt.customer_time(one) for one in rows["value"]]
    rows["step_text"] = [steps[one] for one in rows["step"]]
    rows["remark"] = [
        _("major event day: {where}").format(where=where[one]) if one in where else "" for one in rows["day"]
    ]
    return rows


def show(
    daily: pd.DataFrame,
    months: Sequence[date],
    covered: Collection[date],
    major: pd.DataFrame,
    subtitle: str,
    keep: Keep,
) -> None:
    """daily: day and value in customer-seconds; covered: days with a source; major: day, unit and unit_en."""

    def made() -> table_view.Ready:
        rows = cells(daily, months, covered, major)
        return table_view.Ready(table_view.rows(rows[DRAWN]), "" if rows.empty else message(rows))

    found = keep("calendar", made)
    if not found.rows.num_rows:
        st.info(_("No source covers these months."))
        return
    st.markdown(f"**{found.said}**")
    st.caption(subtitle)
    spec = heatmap.spec(
        style.theme(),
        _("Customer time interrupted") + f" ({fmt.customer_time_unit()})",
        _steps(),
    )
    table_view.chart(found.rows, spec, found.said, key="calendar", height=24 * len(months) + 50)
    st.html(legend())
    st.caption(
        _("Ringed: major event days. No cell: no data for the day. Ongoing outages are not in it yet.")
    )
    table_view.table(
        lambda: _worst_days(cells(daily, months, covered, major)), _("The 100 worst days"), "calendar"
    )


def legend() -> str:
    """The five steps with their colours; the words wrap where the screen is narrow."""
    steps = zip(_steps(), heatmap.LIGHT, heatmap.DARK, strict=True)
    marks = (
        f'<span><i class="cs-cell" style="background:light-dark({light},{dark})"></i>{escape(text)}</span>'
        for text, light, dark in steps
    )
    title = escape(_("Days by customer time"))
    return f'<div class="cs-row cs-quiet"><span>{title}</span>{"".join(marks)}</div>'


def _worst_days(rows: pd.DataFrame) -> pd.DataFrame:
    worst = rows[rows["value"] > 0].sort_values("value", ascending=False).head(100)
    return pd.DataFrame(
        {
            _("Day"): worst["day_text"],
            _("Customer time interrupted"): worst["shown"],
            _("Remark"): worst["remark"],
        }
    )


def _steps() -> tuple[str, ...]:
    return (_("none"), _("slight"), _("moderate"), _("heavy"), _("worst 5%"))


def _where(major: pd.DataFrame) -> dict[date, str]:
    """Day -> the bureaus for which it is a major event day."""
    names = (
        major["unit"] if language() == "zh" else major["unit_en"].where(major["unit_en"] != "", major["unit"])
    )
    return names.groupby(major["day"]).agg(lambda several: listed(sorted(several))).to_dict()
