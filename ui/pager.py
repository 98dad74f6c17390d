"""Turning the pages of a long list; the page that is shown stands in the URL, under a name for each list.

The read holds the number to the last page that has rows (domain/paging.py), and so does what is shown here.
"""

import streamlit as st

from domain import paging

LONGEST = 6  # digits


def asked(name: str) -> int:
    """The page that the URL asks for, from 1."""
    text = st.query_params.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 1


def turn_back(name: str) -> None:
    """The first page again: what is listed changes."""
    st.query_params.pop(name, None)


def show(name: str, count: int, size: int) -> None:
    """The pages of a list of `count` rows, `size` on each; nothing where all fit on one."""
    if count <= size:
        return
    number = paging.held(asked(name), count, size)
    key = f"{name}_{number}"  # a widget of its own per page: the URL says which one is shown
    st.pagination(paging.pages(count, size), default=number, key=key, on_change=_turned, args=(name, key))


def _turned(name: str, key: str) -> None:
    st.query_params[name] = str(st.session_state[key])
