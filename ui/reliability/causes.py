"""What interrupts customers: causes by the customer time that they cost, with the running share."""

from collections.abc import Callable, Mapping
from datetime import date

import pandas as pd
import streamlit as st

from domain.periods import Period, days_in
from ui import format as fmt
from ui import messages, style
from ui.charts import pareto, table_view
from ui.charts.table_view import Keep
from ui.plain import plain
from ui.texts import _, counted

MOST_BARS = 12


def by_cause(facts: pd.DataFrame, level: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Customer-seconds per cause: cause (in words), ordinary, major; all is ordinary where no days are known.

    facts is kpi_facts.monthly(dimension="cause") of cmi_<level> and cmi_<level>_med; members without a name
    keep their code, the empty one is "not given".
    """
    wide = facts.pivot_table(index="member", columns="measure", values="value", aggfunc="sum", fill_value=0)
    whole = wide.get(f"cmi_{level}", pd.Series(0, index=wide.index))
    major = wide.get(f"cmi_{level}_med", pd.Series(0, index=wide.index))
    words = [names.get(code, code) or _("not given") for code in wide.index]
    return pd.DataFrame({"cause": words, "ordinary": whole - major, "major": major}).reset_index(drop=True)


def message(rows: pd.DataFrame) -> str:
    """The takeaway: how few causes make most of it."""
    most = pareto.few_that_make_most(rows)
    share = fmt.share(most["running"].iloc[-1])
    if len(most) == 1:
        return _("{cause} alone makes {share} of the customer time interrupted").format(
            cause=most["cause"].iloc[0], share=share
        )
    return counted(
        "{first} and {more} other cause make {share} of the customer time interrupted",
        "{first} and {more} other causes make {share} of the customer time interrupted",
        len(most) - 1,
    ).format(first=most["cause"].iloc[0], more=len(most) - 1, share=share)


def not_covered(source: str) -> None:
    """Why there is nothing to show."""
    st.info(_("Causes cannot be weighed: {reason}.").format(reason=messages.missing(f"not_covered:{source}")))


def show(
    values: Callable[[], pd.DataFrame], subtitle: str, covered: Mapping[date, int], period: Period, keep: Keep
) -> None:
    """The Pareto of by_cause() with its message, and as a table. covered: month -> days with data.

    values gives by_cause(); it is asked when the chart is made or its table open.
    """

    def bars() -> pd.DataFrame:
        return pareto.frame(values(), MOST_BARS, _("all others"))

    def made() -> table_view.Ready:
        rows = bars()
        return table_view.Ready(table_view.rows(drawn(rows)), "" if rows.empty else message(rows))

    if any(covered.get(month, 0) < days_in(month) for month in period.months):
        subtitle += " · " + _("data incomplete")
    found = keep("causes", made)
    if not found.rows.num_rows:
        st.info(_("Nothing was interrupted in this period."))
        return
    st.markdown(f"**{plain(found.said)}**")
    st.caption(plain(subtitle))
    title = _("Customer time interrupted") + f" ({fmt.customer_time_unit()})"
    table_view.chart(
        found.rows,
        pareto.spec(style.theme(), *_days(), title),
        found.said,
        key="causes",
        height=26 * (found.rows.num_rows // 2) + 60,
    )
    st.caption(_("Beside each bar: {unit} · share · running share").format(unit=fmt.customer_time_unit()))
    table_view.table(lambda: _table(bars()), _("Causes by customer time interrupted"), "causes")


def drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows for the chart from pareto.frame(): two per cause, ordinary and major event days, with words."""
    ordinary, major = _days()
    bars = rows.melt(
        id_vars=["cause", "total", "share", "running", "place"],
        value_vars=["ordinary", "major"],
        var_name="part",
        value_name="value",
    )
    bars["is_major"] = bars["part"] == "major"
    bars["days"] = bars["is_major"].map({False: ordinary, True: major})
    bars["shown"] = [fmt.customer_time(one) for one in bars["value"]]
    bars["words"] = [
        ""
        if is_major
        else f"{fmt.large(total / fmt.customer_time_divisor())} · {fmt.share(share)} · Σ{fmt.share(running)}"
        for is_major, total, share, running in zip(
            bars["is_major"], bars["total"], bars["share"], bars["running"], strict=True
        )
    ]
    return bars


def _days() -> tuple[str, str]:
    return _("Ordinary days"), _("Major event days")


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Cause"): rows["cause"],
            _("Customer time interrupted"): [fmt.customer_time(one) for one in rows["total"]],
            _("of which on major event days"): [fmt.customer_time(one) for one in rows["major"]],
            _("Share"): [fmt.share(one, 1) for one in rows["share"]],
            _("Running share"): [fmt.share(one, 1) for one in rows["running"]],
        }
    )
