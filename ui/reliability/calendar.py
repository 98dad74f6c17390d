"""Which days hurt: twelve months of customer time interrupted, a cell per day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd
import pyarrow as pa
import streamlit as st

from ui import filters, style
from ui import format as fmt
from ui.charts import heatmap, table_view
from ui.charts.table_view import Keep
from ui.plain import plain
from ui.texts import _, language, listed

MONTHS = 12  # that the calendar has
DRAWN = ["number", "place", "month_text", "day_text", "shown", "step_text", "remark", "is_major", "code"]


def message(rows: pd.DataFrame) -> str:
    """The takeaway: the worst day and what part of the months with data it is."""
    whole = rows["value"].sum()
    if not whole:
        return _("No customer was interrupted in these months")
    worst = rows.loc[rows["value"].idxmax()]
    if rows["month"].nunique() == MONTHS:
        text = _("The worst day, {day}, makes {share} of twelve months")
    else:
        text = _("The worst day, {day}, makes {share} of the months with data")
    return text.format(day=fmt.day(worst["day"]), share=fmt.share(worst["value"] / whole))


@dataclass(frozen=True)
class Days:
    """The calendar as it is kept between runs: rows for the browser, the takeaway, the months with data in
    words, the worst day if any."""

    rows: pa.Table
    said: str
    months: str
    worst: date | None


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
    rows["code"] = [one.isoformat() for one in rows["day"]]
    return rows


def show(
    daily: pd.DataFrame,
    months: Sequence[date],
    covered: Collection[date],
    major: pd.DataFrame,
    unit: str,
    keep: Keep,
    kpi_id: str,
) -> None:
    """daily: day and value in customer-seconds; covered: days with a source; major: day, unit and unit_en.

    unit: its name. A chosen day, else the worst one, has a link to the records of the KPI on it.
    """

    def made() -> Days:
        rows = cells(daily, months, covered, major)
        worst = rows.loc[rows["value"].idxmax(), "day"] if rows["value"].any() else None
        known = fmt.runs_of_months(sorted(set(rows["month"])))
        return Days(table_view.rows(rows[DRAWN]), "" if rows.empty else message(rows), known, worst)

    found = keep("calendar", made)
    if not found.rows.num_rows:
        st.info(_("No source covers these months."))
        return
    st.markdown(f"**{found.said}**")
    st.caption(f"{plain(unit)} · {found.months}")
    spec = heatmap.spec(
        style.theme(),
        _("Customer time interrupted") + f" ({fmt.customer_time_unit()})",
        _steps(),
    )
    event = st.vega_lite_chart(
        found.rows, spec, alt=found.said, key="chart_calendar", height=24 * len(months) + 50,
        on_select="rerun", selection_mode="day",
    )  # fmt: skip
    st.html(legend())
    _records(found.worst, event.selection.get("day", []), kpi_id)
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


def _records(worst: date | None, chosen: Sequence[dict[str, str]], kpi_id: str) -> None:
    """The link to the records of the chosen day, else of the worst."""
    if worst is None:
        return
    day = date.fromisoformat(chosen[0]["code"]) if chosen and "code" in chosen[0] else worst
    st.page_link(
        "pages/kpi/detail.py",
        label=_("Records of {day}").format(day=fmt.day(day)),
        icon=":material/list_alt:",
        query_params=filters.query(
            kpi=kpi_id, view="records", period="month", end=f"{day:%Y-%m}", day=day.isoformat()
        ),
        help=_("Choose a day in the calendar for its records."),
    )


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
