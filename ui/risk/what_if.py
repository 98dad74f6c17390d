"""A draft of the rules of risk: what is changed, what it would do to the list, and its publication."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from domain.org_units import OrgUnit
from domain.periods import add_months, month_of
from domain.rule_sets import RuleVersion
from ui import format as fmt
from ui import url_choice
from ui.charts import table_view
from ui.plain import plain
from ui.risk import rule_fields, words
from ui.texts import _, counted, language, name_of

MONTHS = ("3", "6", "12")
MOST = 200
AHEAD = 6
Key = tuple[str, str, str]  # key space, line or area, code


def head(version: RuleVersion, newest: RuleVersion) -> None:
    """Which version judges now, and which one the draft begins with. newest: the one that begins last."""
    text = _("In force: version {version}, since {since}. A draft is tried on the facts of the last refresh.")
    since = _("the beginning") if version.valid_from.year == 1900 else fmt.day(version.valid_from)
    said = text.format(version=version.version, since=since)
    if newest.version != version.version:
        later = _("Version {version} holds from {day}; the draft begins with it.")
        said += (" " if language() == "en" else "") + later.format(
            version=newest.version, day=fmt.day(newest.valid_from)
        )
    st.caption(said)


def months() -> int:
    """How many month-ends a draft is tried at."""
    said = url_choice.picked(
        st.segmented_control, "months", _("Month-ends"), MONTHS, "3",
        lambda one: _("{n} months").format(n=one), required=True,
    )  # fmt: skip
    return int(said or MONTHS[0])


def form(body: Mapping[str, Any], tried: Callable[[], None]) -> None:
    """The thresholds to be changed; tried is called when they are sent."""
    with st.form("risk_rules", border=False):
        st.form_submit_button(
            _("Show what it would change"), type="primary", icon=":material/compare_arrows:", on_click=tried
        )
        rule_fields.fields(body)


def changed(changes: Mapping[str, Sequence[Any]]) -> None:
    """What the draft changes, one line each."""
    lines = [f"- {plain(rule_fields.change(path, *both))}" for path, both in changes.items()]
    st.markdown("**" + _("The draft changes") + "**\n" + "\n".join(lines))


def effect(
    counts: pd.DataFrame,
    tried: pd.DataFrame,
    units: Mapping[int, OrgUnit],
    names_of: Callable[[tuple[Key, ...]], Mapping[Key, str]],
) -> None:
    """By month-end how many objects enter and leave the list, and which. names_of: what they are called."""
    last = counts.iloc[0]
    text = _("At the end of {month}: {entered} would enter the list, {left} would leave it")
    said = text.format(month=fmt.month(last["month"]), entered=last["entered"], left=last["left"])
    st.markdown(f"**{said}**")
    table = pd.DataFrame(
        {
            _("Month-end"): [fmt.month(one) for one in counts["month"]],
            _("Would enter"): counts["entered"],
            _("Would leave"): counts["left"],
            _("Stay, by other rules"): counts["rules"],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        alt=said,
        key="draft_months",
        width="content",
        column_config=table_view.grouped(table),
    )
    if tried.empty:
        st.info(_("The list stays as it is at these month-ends."), icon=":material/check:")
        return
    rows = tried.sort_values(["month", "change"], ascending=[False, True]).head(MOST)
    keys = list(zip(rows["bureau_id"], rows["object_kind"], rows["object_code"], strict=True))
    names = names_of(tuple(sorted(set(keys))))
    whole = pd.DataFrame(
        {
            _("Month-end"): [fmt.month(one) for one in rows["month"]],
            _("Change"): [_change(one) for one in rows["change"]],
            _("Kind"): [words.kind(one) for one in rows["object_kind"]],
            _("Line or area"): [names.get(key, key[2]) for key in keys],
            _("Code"): rows["object_code"],
            _("Unit"): [name_of(units[one]) if one in units else fmt.MISSING for one in rows["org_unit_id"]],
            _("Rules now"): [words.named(one) or fmt.MISSING for one in rows["rules"]],
            _("Rules under the draft"): [words.named(one) or fmt.MISSING for one in rows["rules_draft"]],
        }
    )
    st.dataframe(whole, hide_index=True, alt=_("Objects that would change"), key="draft_objects")
    if (more := len(tried) - len(rows)) > 0:
        text = counted("{n} more is not listed here.", "{n} more are not listed here.", more)
        st.caption(text.format(n=fmt.number(more)))


def _change(code: str) -> str:
    return {
        "entered": "＋ " + _("would enter"),
        "left": "－ " + _("would leave"),
        "rules": _("other rules"),
    }[code]


def publication(first: date, publish: Callable[[date, str], None]) -> None:
    """From which month the draft is to hold, and why. first: a day of the first month that is offered."""
    st.subheader(_("Publish the draft"), anchor=False)
    st.caption(_("Months before it are judged as they were: old figures keep their version."))
    months = [add_months(month_of(first), step) for step in range(AHEAD + 1)]

    def sent() -> None:
        publish(st.session_state["publish_from"], st.session_state["publish_reason"])

    with st.form("publish_rules"):
        st.selectbox(
            _("Holds from the first of"),
            months,
            index=1,
            format_func=fmt.month,
            key="publish_from",
            width=200,
        )
        st.text_input(_("Reason"), key="publish_reason", max_chars=300)
        st.form_submit_button(_("Publish"), type="primary", icon=":material/publish:", on_click=sent)


def published(version: RuleVersion) -> None:
    """That a version was published, and from when it holds."""
    text = _("Published: version {version} holds from {day}. Figures follow by themselves.")
    st.success(
        text.format(version=version.version, day=fmt.day(version.valid_from)), icon=":material/check_circle:"
    )
