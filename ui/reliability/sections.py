"""The sections of the reliability page: their names, and the two pickers that only this page has."""

import streamlit as st

from ui.texts import _

SECTIONS = ("events", "causes", "calendar", "frequent", "worst", "promises", "ongoing")


def name(section: str) -> str:
    """A section in words."""
    return {
        "events": _("With and without major events"),
        "causes": _("Causes"),
        "calendar": _("Calendar"),
        "frequent": _("Frequent outages"),
        "worst": _("Worst lines and areas"),
        "promises": _("Restoration promises"),
        "ongoing": _("Still going on"),
    }[section]


def picked() -> str:
    """The section to show; in the URL."""
    return st.segmented_control(
        _("Section"),
        SECTIONS,
        format_func=name,
        default=SECTIONS[0],
        required=True,
        key="section",
        bind="query-params",
        label_visibility="collapsed",
        wrap=True,
    )


def level(known: str) -> str:
    """lv or mv: whose customers are counted; in the URL, by default the one that the data know."""
    return st.segmented_control(
        _("Customers"),
        ("lv", "mv"),
        format_func={"lv": _("LV customers"), "mv": _("MV users")}.get,
        default=known,
        required=True,
        key="level",
        bind="query-params",
        label_visibility="collapsed",
    )
