"""The form that is open: what was stored when it was opened, and what came of it. For every form.

What was stored then goes along with what is saved, so that saving notices what others did since.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from domain.errors import DashboardError
from ui import conflict, session


@dataclass(frozen=True)
class Opened:
    """stored: as it was when the form was opened. typed: what to fill it with instead, see again()."""

    about: tuple
    stored: Any
    typed: Any = None


def begun(form: str, about: tuple, read: Callable[[], Any]) -> Opened:
    """The form of a record, opened by this viewer now, or before and kept. about: which record.

    Of another record, or for somebody else, it is opened anew, and an undecided conflict is dropped.
    """
    viewer = session.viewer()
    about = (viewer.person_id, viewer.scope.roots, *about)
    kept: Opened | None = st.session_state.get(f"opened_{form}")
    if kept is None or kept.about != about:
        closed(form)
        kept = st.session_state[f"opened_{form}"] = Opened(about, read())
    return kept


def again(form: str, stored: Any, typed: Any, error: DashboardError) -> None:
    """After a conflict, storing mine was refused: the next run opens the form with what was typed.

    Without this there would be no form to correct it in. stored: what is to be replaced now; the next run
    says the error, see refusal().
    """
    conflict.forget(form)
    st.session_state[f"opened_{form}"] = replace(
        st.session_state[f"opened_{form}"], stored=stored, typed=typed
    )
    st.session_state[f"refused_{form}"] = error


def refusal(form: str) -> DashboardError | None:
    """What was refused after a conflict, once."""
    error: DashboardError | None = st.session_state.pop(f"refused_{form}", None)
    return error


def closed(form: str) -> None:
    """The form is done with: the next run opens it with what is stored then."""
    conflict.forget(form)
    st.session_state.pop(f"opened_{form}", None)


def ended(form: str, text: str) -> None:
    """The form is done with, and the next run says this."""
    closed(form)
    st.session_state[f"said_{form}"] = text


def said(form: str) -> str:
    """What the last act did, once; '' for nothing to be said."""
    text: str = st.session_state.pop(f"said_{form}", "")
    return text
