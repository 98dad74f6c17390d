"""One piece of customer's equipment: how it stands, what happened to it over time, and its faults."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.periods import local_day
from ui import format as fmt
from ui import messages, style
from ui.charts import life, table_view
from ui.equipment import words
from ui.plain import plain
from ui.texts import _, language

MOST_YEARS = 7  # on the axis; what is older stands in the facts


def back(close: Callable[[], None]) -> None:
    """The way back to the list."""
    st.button(
        _("Back to the list"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=close,
        key="all_equipment",
    )


def head(piece: Mapping[str, Any], customer: str | None) -> None:
    """Whose it is and how its test stands."""
    st.header(plain(customer or piece["equipment_key"]), anchor=False)
    state = piece["test_state"]
    test = words.test(state, piece["days_overdue"])
    unit = piece["unit_name"] if language() == "zh" or not piece["unit_name_en"] else piece["unit_name_en"]
    said = [piece["equipment_key"], unit, piece["line_name"] or piece["line_code"], piece["area_code"]]
    chip = _("Preventive test: {state}").format(state=test)
    st.html(
        f'<div class="cs-row"><span class="cs-chip cs-flat cs-{words.EDGES[state]}">{escape(chip)}</span>'
        f'<span class="cs-quiet">{escape(" · ".join(one for one in said if one))}</span></div>'
    )


def facts(piece: Mapping[str, Any]) -> None:
    """What it is made of, and what was found and advised."""
    wrong = words.weaknesses(piece["weaknesses"])
    made = [
        (_("What is wrong"), f"▲ {wrong}" if wrong else "✓ " + _("nothing known")),
        (_("Boundary switch"), words.switch(piece["has_boundary_switch"])),
        (_("Arrester"), words.word(words.ARRESTERS, piece["arrester_type"])),
        (_("Switchgear"), words.word(words.SWITCHGEAR, piece["switchgear"])),
        (_("Transformer in service since"), words.day(piece["transformer_in_service_on"])),
        (_("Last test"), words.day(piece["last_test_on"])),
        (_("Test due by"), words.day(piece["due_on"])),
        (_("Last maintenance"), words.day(piece["last_maintenance_on"])),
    ]
    told = [
        (_("Findings"), piece["findings"] or fmt.MISSING),
        (_("Advice"), piece["advice"] or fmt.MISSING),
        (_("What became of it"), words.word(words.ADVICE, piece["advice_state"])),
        (_("Advised on"), words.day(piece["advised_on"])),
        (_("Accepted on"), words.day(piece["accepted_on"])),
        (_("Done on"), words.day(piece["done_on"])),
    ]
    left, right = st.columns(2, gap="medium")
    for place, rows, alt in ((left, made, _("What it is")), (right, told, _("Inspection and advice"))):
        with place:
            st.markdown(f"**{alt}**")
            table = pd.DataFrame([(title, plain(text)) for title, text in rows], columns=["", " "])
            st.table(table, border="horizontal", hide_index=True, hide_header=True, alt=alt)


def faults(found: pd.DataFrame, reason: str, zone: ZoneInfo) -> None:
    """The account's own faults, newest first. reason: why none can be known, '' where they can."""
    st.markdown("**" + _("Faults of this customer") + "**")
    if reason:
        st.info(reason)
        return
    if found.empty:
        st.caption(_("None in these months that is this customer's alone."))
        return
    table = pd.DataFrame(
        {
            _("Began"): [fmt.moment(one, zone) for one in found["began_at"]],
            _("What became of it"): [_outcome(one) for one in found["is_passed"]],
            _("Lasted"): [
                _("still going on") if one is pd.NA else fmt.duration(one) for one in found["own_s"]
            ],
            _("Others interrupted"): found["customers"],
            _("Their time interrupted"): [
                fmt.customer_time(None if one is pd.NA else one) for one in found["customer_s"]
            ],
            _("Outage"): found["outage_key"],
        }
    )
    st.dataframe(
        table, hide_index=True, key="piece_faults", placeholder=fmt.MISSING, alt=_("Faults of this customer"),
        column_config=table_view.grouped(table),
    )  # fmt: skip


def unknown(piece: Mapping[str, Any], reason: str) -> str:
    """Why the faults of the piece cannot be known, '' where they can. reason: why none of the unit are."""
    if not piece["area_code"]:
        return _("This piece names no account, so its faults are not known.")
    return messages.missing(reason) if reason else ""


def _outcome(is_passed: int) -> str:
    return "▲ " + _("passed to the grid") if is_passed else "✓ " + _("contained")


def time_line(piece: Mapping[str, Any], found: pd.DataFrame, day: date, zone: ZoneInfo) -> None:
    """Tests, maintenance, advice and faults on one axis of time, with the day on which the test is due."""
    rows = events(piece, found, day, zone)
    if len(rows) < 2:
        return
    st.markdown("**" + _("On the time axis") + "**")
    passed = int(found["is_passed"].sum()) if len(found) else 0
    alt = _("Tests, advice and {n} faults passed to the grid over time").format(n=passed)
    words_ = (_("Today"), _("Test due by"))
    table_view.chart(table_view.rows(rows), life.spec(style.theme(), *words_), alt, "piece_life")


def events(piece: Mapping[str, Any], found: pd.DataFrame, day: date, zone: ZoneInfo) -> pd.DataFrame:
    """Rows for ui.charts.life, at most MOST_YEARS back."""
    first = day - timedelta(days=MOST_YEARS * 366)
    names = [_("Preventive test"), _("Maintenance"), _("Advice"), _("Fault passed on"), _("Fault contained")]
    overdue = "bad" if piece["test_state"] == "overdue" else "open"
    known = [
        (0, piece["last_test_on"], "good", "event", _("tested")),
        (0, piece["due_on"], overdue, "due", ""),
        (1, piece["last_maintenance_on"], "plain", "event", _("maintained")),
        (2, piece["advised_on"], "open", "event", _("advised")),
        (2, piece["accepted_on"], "plain", "event", _("accepted")),
        (2, piece["done_on"], "good", "event", _("done")),
        (0, day, "plain", "today", ""),
    ]
    for began, is_passed in zip(found["began_at"], found["is_passed"], strict=True):
        kind = (3, "bad") if is_passed else (4, "plain")
        known.append((kind[0], local_day(began, zone), kind[1], "event", ""))
    return pd.DataFrame(
        [
            {
                "label": names[place], "place": place, "day": fmt.day(on), "judged": judged, "mark": mark,
                "text": f"{fmt.day(on)} {said}".strip(),
            }
            for place, on, judged, mark, said in known
            if on is not None and on >= first
        ]
    )  # fmt: skip
