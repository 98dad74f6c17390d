"""The KPI by month with its limits, target and last year; for as-of KPIs also what entered each month."""

from html import escape

import pandas as pd
import streamlit as st

from domain.kpis import Kpi, Measure
from domain.overview import Card
from ui import format as fmt
from ui import messages, statements, style
from ui.charts import table_view, trend
from ui.charts.table_view import Keep
from ui.plain import plain
from ui.texts import _, name_of

ACCUMULATES = ("min/customer", "times/customer", "count")  # a year's target is not one for a month


def show(frame: pd.DataFrame, card: Card, kpi: Kpi, period_kind: str, alt: str, keep: Keep) -> None:
    """The trend of the KPI itself."""
    line = card.target_state.judged
    drawn = line if line and (period_kind == "month" or kpi.is_as_of or kpi.unit not in ACCUMULATES) else None
    kind = statements.target_kind(drawn) if drawn else ""
    count = statements.decimals(kpi, card.reading.value, card.target_state)
    text = f"{kind} {fmt.figure(kpi, drawn.value, count)}" if drawn else ""
    title, days = _("By month"), keep("days counted", lambda: days_counted(kpi, card, frame))
    st.markdown(" · ".join(one for one in (f"**{title}**", days, fmt.unit(kpi)) if one))
    value = drawn.value if drawn else None
    line = keep(
        f"trend {value} {text}", lambda: trend.ready(frame, kpi.decimals, value, text, kpi.unit != "%")
    )
    _chart(line, kpi.unit != "%", kpi.decimals, alt, "trend")
    has_limits = "upper" in line.layers or "lower" in line.layers
    legend(has_limits, "all_days" in line.layers, "open" in line.layers, kind, line.beyond)
    _limits(card)
    _table(frame, kpi.decimals, alt, "trend")


def show_flow(frame: pd.DataFrame, card: Card, measure: Measure, keep: Keep) -> None:
    """The trend of what entered an as-of count: months do not overlap, so limits may stand here."""
    title = _("{measure}, by month").format(measure=name_of(measure))
    st.markdown(f"**{title}** · {statements.signal(card.judgement)}")
    st.caption(_("The count itself overlaps from month to month; signals are judged on what is new."))
    line = keep("flow", lambda: trend.ready(frame, 0, None, ""))
    _chart(line, True, 0, title, "flow")
    legend("upper" in line.layers, False, False, "", line.beyond)
    _limits(card)
    _table(frame, 0, title, "flow")


def days_counted(kpi: Kpi, card: Card, frame: pd.DataFrame) -> str:
    """Whether the line leaves major event days out, in words; '' for a KPI that does not know them.

    A month for which no such day could be determined is drawn with all its days, and that is said.
    """
    if card.judgement.subject != kpi.without_med:
        return ""
    drawn = frame[frame["is_complete"].astype(bool) & frame["value"].notna()]
    unknown = drawn.loc[drawn["judged"].isna(), "month"]
    if unknown.empty:
        return _("without major event days")
    if len(unknown) == len(drawn):
        return _("all days, major event days are unknown")
    return _("without major event days; {months} with all days, theirs are unknown").format(
        months=fmt.runs_of_months(unknown)
    )


def _chart(line: trend.Ready, from_zero: bool, decimals: int, alt: str, key: str) -> None:
    words = (_("Month"), _("Actual"), _("Last year"), _("Control limits"), _("With major event days"))
    spec = trend.spec(style.theme(), from_zero, decimals, words, line.layers)
    table_view.chart(line.rows, spec, alt, key)


def legend(has_limits: bool, has_events: bool, has_open: bool, target: str, has_beyond: bool) -> None:
    """What line is what, in words; only what is drawn. target: which one in words, or ''."""
    parts = [("line dark", _("actual")), ("line light", _("same month last year"))]
    parts += [("band", _("control limits")), ("line dashed", _("centre"))] if has_limits else []
    parts += [("line thin", target)] if target else []
    parts += [("ring", _("with major event days"))] if has_events else []
    parts += [("line dotted", _("incomplete month"))] if has_open else []
    parts += (
        [("dot worse", _("signal for the worse")), ("dot better", _("signal for the better"))]
        if has_limits
        else []
    )
    spans = "".join(f'<span><i class="cs-key {kind}"></i>{escape(text)}</span>' for kind, text in parts)
    if has_beyond:
        beyond = _("beyond the scale: the true value stands there or in the tooltip and the table")
        spans += f"<span>↑ ↓ {escape(beyond)}</span>"
    st.html(f'<div class="cs-row cs-quiet">{spans}</div>')


def _limits(card: Card) -> None:
    baseline = card.judgement.baseline
    if baseline is None or card.judgement.too_few:
        return
    months = f"{baseline.first_month:%Y-%m} – {baseline.last_month:%Y-%m}"
    text = _("Limits from {n} months, {months}").format(n=baseline.n, months=months)
    if not baseline.is_stored:
        text += " · " + _("provisional until 24 months are complete")
    elif baseline.set_by:
        text += " · " + _("frozen by {name}").format(name=plain(messages.person(baseline.set_by)))
    if card.judgement.is_difference:
        text += " · " + _("judged on the difference from the same month last year")
    st.caption(text)


def _table(frame: pd.DataFrame, decimals: int, alt: str, key: str) -> None:
    names = {
        "month": _("Month"), "value": _("Actual"), "judged": _("Judged value"), "last_year": _("Last year"),
        "centre": _("Centre"), "lower": _("Lower limit"), "upper": _("Upper limit"),
    }  # fmt: skip
    table_view.table(lambda: trend.table(frame, decimals, names), alt, key)
