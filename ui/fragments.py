"""Parts of a page that run by themselves: a fragment's rerun runs neither dashboard.py nor the page.

So each asks first whether the sign-in and the grants still hold; where they do not, the whole app runs again
and shows the sign-in page in its place.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

from domain.errors import SignInNeeded
from ui import session


def fragment(run_every: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator: st.fragment, the only one of ours; run_every as there, e.g. "2s"."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def guarded(*arguments: Any, **named: Any) -> None:
            try:
                session.viewer()
            except SignInNeeded:
                st.rerun()
            function(*arguments, **named)

        return st.fragment(run_every=run_every)(guarded)

    return decorate
