"""The history of one object: outages, rectifications and the windows of their proof on one time axis."""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.periods import add_months, last_day, local_day
from domain.proof_windows import after_window
from ui import format as fmt
from ui import style
from ui.charts import risk_history, table_view
from ui.risk import words
from ui.texts import _, counted

COLUMNS = ("part", "start", "end", "kind", "count", "low", "high", "place", "text", "shown")
MOST_BANDS = 4
WORDS_TAKE = timedelta(days=120)  # of the axis, above a window


def show(
    months: pd.DataFrame,
    several: Sequence[Any],
    judged_by: tuple[Sequence[Any], Any],
    month: date,
    day: date,
    zone: ZoneInfo,
) -> None:
    """Bars of outages by month; a band for each rectification, the newest on top; windows shaded.

    months: month, faults, others. several: the items of the object. judged_by: proofs of its items with their
    rules, and the version of rule set proof for those without one. day: until when open ones go on.
    """
    st.subheader(_("Outages and rectification, 24 months"), anchor=False)
    rows = frame(months, several, judged_by, month, day, zone)
    bands = int((rows["part"] == "item").sum())
    faults, others = int(months["faults"].sum()), int(months["others"].sum())
    text = _("24 months: {n} faults, {m} other outages")
    said = text.format(n=fmt.number(faults), m=fmt.number(others))
    spec = risk_history.spec(style.theme(), (_("Fault outages"), _("Other outages"), _("Outages")), bands)
    table_view.chart(table_view.rows(rows), spec, said, "risk_history", risk_history.HEIGHT + 40)
    st.html(legend(bool(bands)))
    table_view.table(lambda: _table(months), _("Outages by month"), "risk_history")


def frame(
    months: pd.DataFrame,
    several: Sequence[Any],
    judged_by: tuple[Sequence[Any], Any],
    month: date,
    day: date,
    zone: ZoneInfo,
) -> pd.DataFrame:
    """Rows for risk_history.spec(): what is drawn ends at the axis, what is said of it does not.

    Items that were cancelled, or done before the axis begins, are left out.
    """
    first, end = months["month"].iloc[0], max(last_day(month), day)
    rows: list[tuple] = []
    for one in months.itertuples():
        until = last_day(one.month) - timedelta(days=3)  # so that months stand apart
        shown = fmt.month(one.month)
        stacked = ((_("Fault outages"), 0, one.faults), (_("Other outages"), one.faults, one.others))
        rows += [
            ("bar", one.month, until, kind, count, low, low + count, 0, "", shown)
            for kind, low, count in stacked
            if count
        ]
    known = {one.item_id: one.rules.body for one in judged_by[0]}
    whole = month if last_day(month) < day else add_months(month, -1)
    drawn = [one.item for one in several if one.item.status != "cancelled"]
    drawn = [item for item in drawn if item.done_at is None or item.done_at >= first][:MOST_BANDS]
    windows: list[tuple] = []
    for place, item in enumerate(drawn):
        began = local_day(item.created_at, zone) if item.created_at else day
        until = fmt.day(item.done_at) if item.done_at else _("still open")
        shown = f"{fmt.day(began)} – {until}"
        ends = item.done_at or end
        rows.append(("item", max(first, began), ends, "", 0, 0, 0, place + 0.5, item.title, shown))
        windows += _windows(item, known.get(item.item_id, judged_by[1].body), first, whole)
    found = pd.DataFrame(rows + _apart(windows), columns=list(COLUMNS))
    return found.assign(**{name: pd.to_datetime(found[name]) for name in ("start", "end")})


def _windows(item: Any, rules: Any, first: date, whole: date) -> list[tuple]:
    """The months before that were frozen with the item, and those since the works that its proof may use.

    whole: the last whole month.
    """
    found = []
    if item.before_from and item.before_to:
        found.append((_("Before the item"), item.before_from, last_day(item.before_to)))
    if item.done_at and (after := after_window(item.done_at, whole, rules)):
        found.append((_("After the works"), after[0], last_day(after[-1])))
    return [
        ("window", max(first, start), end, name, 0, 0, 0, 0, f"{name}: {item.item_id}",
         f"{fmt.day(start)} – {fmt.day(end)}")
        for name, start, end in found
        if end >= first
    ]  # fmt: skip


def _apart(windows: list[tuple]) -> list[tuple]:
    """The windows by their first day, without the words of those that begin under the words of another."""
    found: list[tuple] = []
    free = date.min
    for kind, start, end, name, *rest in sorted(windows, key=lambda one: one[1]):
        found.append((kind, start, end, name if start >= free else "", *rest))
        if start >= free:
            free = start + WORDS_TAKE
    return found


def legend(has_items: bool) -> str:
    """What is drawn how."""
    parts = [("dark", _("Fault outages")), ("light", _("Other outages"))]
    marks = [f'<span><i class="cs-key {one}"></i>{escape(text)}</span>' for one, text in parts]
    if has_items:
        cell = '<i class="cs-cell" style="background:var(--mark-met)"></i>'
        compared = escape(_("Months compared before and after"))
        name = escape(_("Rectification items"))
        marks.append(f"<span>{cell}{name}</span>")
        marks.append(f'<span><i class="cs-key band"></i>{compared}</span>')
    return f'<div class="cs-row cs-quiet">{"".join(marks)}</div>'


def _table(months: pd.DataFrame) -> pd.DataFrame:
    newest = months.iloc[::-1]
    return pd.DataFrame(
        {
            _("Month"): [fmt.month(one) for one in newest["month"]],
            _("Fault outages"): newest["faults"],
            _("Other outages"): newest["others"],
        }
    )


def strip(met: pd.DataFrame) -> None:
    """Which rules were met at each of the last 13 month-ends."""
    if met.empty:
        return
    st.subheader(_("Rules met, 13 months"), anchor=False)
    codes = list(dict.fromkeys(met["rule"]))
    yes, no = _("met"), _("not met at the month-end")
    rows = pd.DataFrame(
        {
            "rule_text": [words.numbered(one) for one in met["rule"]],
            "place": [codes.index(one) for one in met["rule"]],
            "month": [f"{one:%Y-%m}" for one in met["month"]],
            "state": [yes if one else no for one in met["is_met"]],
        }
    )
    said = counted("{n} rule met in 13 months", "{n} rules met in 13 months", len(codes)).format(n=len(codes))
    spec = risk_history.strip(style.theme(), yes, no)
    table_view.chart(table_view.rows(rows), spec, said, "risk_strip", 22 * len(codes) + 50)
