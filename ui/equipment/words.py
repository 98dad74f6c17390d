"""States and kinds of customers' equipment and damage sites in words, each state with a sign of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from ui import format as fmt
from ui.texts import N_, _, counted, language, listed

ARRESTERS = {
    "valve": N_("valve type"),
    "silicon_carbide": N_("silicon carbide"),
    "metal_oxide": N_("metal-oxide type"),
    "none": N_("none fitted"),
}
SWITCHGEAR = {
    "ring_main": N_("ring main unit"),
    "switch_cabinet": N_("switch cabinet"),
    "column_switch": N_("pole-mounted switch"),
    "fuse": N_("drop-out fuse"),
    "other": N_("other"),
}
WEAKNESSES = {
    "switch": N_("no boundary switch"),
    "arrester": N_("old type of arrester"),
    "transformer": N_("old transformer"),
}
ADVICE = {
    "open": N_("advised, not accepted yet"),
    "accepted": N_("accepted, not done yet"),
    "done": N_("done"),
    "none": N_("no advice"),
}
TESTS = {
    "due": N_("Test overdue or due soon"),
    "overdue": N_("Test overdue"),
    "soon": N_("Test due soon"),
    "fine": N_("Test in time"),
    "unknown": N_("No test known"),
}
SITES = {
    "construction": N_("construction site"),
    "crossing": N_("crossing"),
    "tall_machinery": N_("large machinery"),
    "fishing": N_("fishing"),
    "other": N_("other"),
}
EDGES = {"overdue": "notmet", "soon": "watch", "fine": "met", "unknown": "none"}  # how a test is judged
SIGNS = {"overdue": "▲", "late": "▲", "soon": "◆", "fine": "✓", "unknown": "?"}


def word(words: Mapping[str, str], code: Any) -> str:
    """The word for a code; the dash where nothing is known, a code without a word as it is."""
    if not isinstance(code, str) or not code:
        return fmt.MISSING
    return _(words[code]) if code in words else code


def site(code: str) -> str:
    """Kind of a place where others may damage a line."""
    return word(SITES, code)


def switch(has: Any) -> str:
    """Whether there is a boundary switch; the dash where nobody knows."""
    return fmt.MISSING if has is None or has is pd.NA else _("yes") if has else _("no")


def day(value: Any) -> str:
    """A day, or the dash."""
    return fmt.day(value) if isinstance(value, date) else fmt.MISSING


def test(state: str, days_overdue: int | None) -> str:
    """How a test stands: overdue by so many days, due in so many, in time, or unknown."""
    if state == "unknown":
        return f"{SIGNS[state]} " + _("no test known")
    if state == "fine":
        return f"{SIGNS[state]} " + _("in time")
    return f"{SIGNS[state]} {_by_days(int(days_overdue))}"


def patrol(state: str, days_late: int) -> str:
    """How the next patrol of a site stands."""
    return f"{SIGNS[state]} {_by_days(days_late)}"


def _by_days(overdue: int) -> str:
    if overdue > 0:
        text = counted("overdue by {n} day", "overdue by {n} days", overdue)
    elif overdue == 0:
        return _("due today")
    else:
        text = counted("due in {n} day", "due in {n} days", -overdue)
    return text.format(n=fmt.number(abs(overdue)))


def weaknesses(codes: str) -> str:
    """What is wrong with a piece, beside its test."""
    return listed(_(WEAKNESSES[one]) for one in codes.split(";") if one)


def unit(names: pd.DataFrame) -> pd.Series:
    """Names of units in the language of the screen."""
    if language() == "zh":
        return names["unit_name"]
    return names["unit_name_en"].where(names["unit_name_en"].fillna("") != "", names["unit_name"])


def widths() -> dict[str, Any]:
    """Settings of columns whose names may be so long that they push all others out of sight."""
    long = {_("Line"): 150, _("Unit"): 150, _("Where it is"): 230}
    return {title: st.column_config.TextColumn(width=width) for title, width in long.items()}


def line(rows: pd.DataFrame) -> pd.Series:
    """Name of the line, its code where the register lacks it."""
    return rows["line_name"].where(rows["line_name"].notna(), rows["line_code"])
