"""What a person sees of a mistake of ours: one sentence with a number, by which the log has the rest.

Streamlit calls shown() for whatever a page, a fragment or a callback lets rise. What the person can put right
keeps its own sentence: in a fragment or a callback no page is there to say it.
"""

import logging
import secrets

import streamlit as st

from domain.errors import DashboardError
from ui import refusals, session
from ui.texts import _

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read or said as another one
STREAMLITS_OWN = "Uncaught app execution"
log = logging.getLogger(__name__)


def shown(error: Exception) -> bool:
    """True: the error was said, so that Streamlit shows no box of its own."""
    if not isinstance(error, DashboardError):
        number = reference()
        log.error("Error %s on a page", number, exc_info=error)
        session.language()  # in a callback no page has set it yet
        st.error(sentence(number), icon=":material/error:")
    else:
        session.language()
        refusals.show(error)
    return True


def sentence(number: str) -> str:
    """What happened and what to do, with the number under which the log has it."""
    text = _(
        "Something went wrong here. Load the page again; if it stays, tell whoever runs the dashboard this "
        "number: {number}."
    )
    return text.format(number=f"**{number}**")


def reference() -> str:
    """Six signs that are new each time."""
    return "".join(secrets.choice(SIGNS) for _place in range(6))


def log_once() -> None:
    """Let the log have each error under its number only: Streamlit would write it a second time without."""
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.msg != STREAMLITS_OWN)
