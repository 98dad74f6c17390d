"""Were customers told the truth: restoration times kept and estimates accurate, by first and last told."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from domain import promises as judged
from domain.kpis import Kpi
from domain.readings import Reading
from ui import format as fmt
from ui import messages, rule_texts
from ui.charts import table_view
from ui.charts.table_view import Keep
from ui.plain import plain
from ui.texts import _, in_brackets, name_of


def message(kpi: Kpi, kept: Reading) -> str:
    """The takeaway from the last time told."""
    if kept.value is None:
        return _("Restoration promises: {reason}").format(reason=messages.missing(kept.missing))
    return _("{share} of {n} restoration times told were kept").format(
        share=fmt.number(kept.value, kpi.decimals) + "%", n=fmt.number(kept.denominator)
    )


def show(
    pairs: Sequence[tuple[Kpi, Reading, Reading]],
    revisions: tuple[Kpi, Reading],
    by_kind: Mapping[str, pd.DataFrame],
    rules: Mapping[str, Any],
    subtitle: str,
    keep: Keep,
) -> None:
    """A table of the promise KPIs with n and without major event days; revisions; and by kind of outage.

    rules: body of rule set promises.
    """
    of_last, kept = next((kpi, whole) for kpi, whole, _without in pairs if kpi.id == "promise_kept_last")
    st.markdown(f"**{message(of_last, kept)}**")
    st.caption(plain(subtitle))
    st.dataframe(
        keep("promises", lambda: table_view.rows(figures(pairs, rules))),
        hide_index=True,
        key="promises",
        alt=_("Restoration promises kept and accurate"),
    )
    reasons = [messages.missing(one.missing) for _kpi, *both in pairs for one in both if one.missing]
    for reason in dict.fromkeys(reasons):
        st.caption(f"— {reason}")
    kpi, reading = revisions
    st.caption(
        f"{name_of(kpi)} {fmt.figure_with_unit(kpi, reading.value)}"
        + (in_brackets(f"n = {fmt.number(reading.denominator)}") if reading.value is not None else "")
    )
    for title, frame in by_kind.items():
        if not frame.empty:
            _show_kinds(title, frame, of_last.decimals, rules, keep)


def figures(pairs: Sequence[tuple[Kpi, Reading, Reading]], rules: Mapping[str, Any]) -> pd.DataFrame:
    """A row per promise KPI, as words; "too few" for the share of few promises."""
    rows = []
    for kpi, whole, without in pairs:
        few = whole.value is not None and judged.is_few(whole.denominator or 0, rules)
        rows.append(
            {
                _("Indicator"): name_of(kpi),
                _("Share"): _("too few") if few else fmt.figure_with_unit(kpi, whole.value),
                _("Met"): fmt.number(whole.numerator),
                "n": fmt.number(whole.denominator),
                _("Still open"): fmt.number(whole.undecided),
                _("Without major event days"): fmt.figure_with_unit(kpi, without.value),
            }
        )
    return pd.DataFrame(rows)


def _show_kinds(title: str, frame: pd.DataFrame, decimals: int, rules: Mapping[str, Any], keep: Keep) -> None:
    def kinds() -> pd.DataFrame:
        return pd.DataFrame(
            {
                _("Kind of outage"): [rule_texts.kind_name(one) for one in frame["member"]],
                _("Share"): [
                    _("too few") if judged.is_few(n, rules) else fmt.number(value, decimals) + "%"
                    for value, n in zip(frame["own_value"], frame["denominator"], strict=True)
                ],
                "n": [fmt.number(one) for one in frame["denominator"]],
            }
        )

    key = f"kinds_{title}"
    st.markdown(f"**{title}**")
    st.dataframe(keep(key, lambda: table_view.rows(kinds())), hide_index=True, key=key, alt=title)
