"""A line of a list as a phone shows it: a title that opens what it is about, and a few words below."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import streamlit as st

from ui.plain import plain


def row(key: str, title: str, body: str, opened: Callable[..., Any], *about: Any) -> None:
    """The line; tapping it anywhere calls opened(*about) before the page runs again. body: HTML."""
    with st.container(key=f"item_row_{key}", gap=None):
        st.button(plain(title), type="tertiary", key=f"open_{key}", on_click=opened, args=about)
        st.html(body)


def tag(kind: str, text: str) -> str:
    """A word that judges, in its colour, as HTML. kind: met, watch, notmet or none."""
    return f'<span class="cs-tag cs-{kind}">{escape(text)}</span>'


def body(first: str, said: Iterable[str]) -> str:
    """What stands below a title, as HTML. first: HTML, '' for nothing; said: texts, empty ones left out."""
    spans = "".join(f"<span>{escape(one)}</span>" for one in said if one)
    return f'<div class="cs-row">{first}{spans}</div>'
