"""The sections of the reliability page: their names, and the two pickers that only this page has."""

import streamlit as st

from ui import url_choice
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
    return url_choice.picked(
        st.segmented_control, "section", _("Section"), SECTIONS, SECTIONS[0], name, required=True, wrap=True
    )


def level(known: str) -> str:
    """lv or mv: whose customers are counted; in the URL, by default the one that the data know."""
    words = {"lv": _("LV customers"), "mv": _("MV users")}
    return url_choice.picked(
        st.segmented_control, "level", _("Customers"), ("lv", "mv"), known, words.get, required=True
    )
