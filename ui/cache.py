"""The one caching policy: what a page reads is kept by question, scope and state of the data.

The viewer's scope is an argument of every read, so it is part of every key. A refresh or an act, on whatever
server or by command, changes the state of the data and with it every key: nothing has to be told to forget.
Acts on people and saved views do not (audit.NOT_KEPT_BY_PAGES), so neither is ever read through cached().
After a write on this server forget() drops everything at once. What is read comes as a copy; what is made of
it for the screen is shared.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from ui import session, shown_names, texts

SECONDS_KEPT = 600
MOST_ENTRIES = 1_000


def cached(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function read(engine, *arguments), its answers kept while the data stay as they are.

    Arguments: ids, dates, texts and frozen dataclasses, never frames. Each caller gets a copy of its own.
    """

    def read(engine: Engine, *arguments: Any, **named: Any) -> Any:
        name = f"{function.__module__}.{function.__qualname__}"
        key = _key(name, engine, arguments, named)
        return _kept(key, lambda: function(engine, *arguments, **named))

    return read


def keeper(engine: Engine, *question: Any) -> Callable[[str, Callable[[], Any]], Any]:
    """keep(name, make): what make() gives is kept for this question and the language of the run.

    For what takes longer to make than to send. The question carries the scope. All get the same object, so
    it must be one that nobody can change: arrow tables, texts, frozen dataclasses of them; never frames.
    Nothing is kept, and nothing kept is used, while this person sees plain names of masked columns.
    """
    key = _key("rows", engine, question, texts.language())
    return lambda name, make: make() if shown_names.are_shown() else _shared(f"{name} {key}", make)


def _key(name: str, engine: Engine, *question: Any) -> str:
    """The text of ids, dates and frozen dataclasses says all that they are, and is hashed at once."""
    state = session.data_state()
    # A refresh freezes limits after its figures are there: what is read until it ends is kept for itself.
    version = (state.version, state.as_of_at, state.is_refreshing)
    return repr((name, str(engine.url), version, question))


def forget() -> None:
    """Drop every kept answer, after a write."""
    _kept.clear()
    _shared.clear()
    session.forget()


@st.cache_data(ttl=SECONDS_KEPT, max_entries=MOST_ENTRIES, show_spinner=False)
def _kept(key: str, _answer: Callable[[], Any]) -> Any:  # noqa: ARG001 - the key is what it is kept by
    return _answer()


@st.cache_resource(ttl=SECONDS_KEPT, max_entries=MOST_ENTRIES, show_spinner=False)
def _shared(key: str, _made: Callable[[], Any]) -> Any:  # noqa: ARG001 - the key is what it is kept by
    return _made()
