"""What is refused: said on the page and written down, once a minute for each session, page and asked thing.

No personal content: the page, the kind of thing or act, and of a unit its code where it looks like one.
"""

import re
import time

import streamlit as st

from domain.errors import DashboardError, NotAllowed, NotFound
from ui import messages, session
from ui.plain import plain

ONCE_IN_S = 60
ASKED_BY = {"unit": "unit", "of": "unit", "job": "job"}  # parameter of the URL -> what it asks for
CODE = re.compile(r"(?!\d{11})[A-Za-z0-9._-]{1,30}", re.ASCII)  # not a number of a person or a telephone


def on_page(name: str) -> None:
    """From here on this run and its fragments are of that page."""
    st.session_state["page"] = name


def show(error: DashboardError, icon: str | None = ":material/block:") -> None:
    """Say why not; where somebody may not do or see it, write that down too."""
    st.error(plain(messages.sentence(error)), icon=icon)
    note(error)


def note(error: DashboardError) -> None:
    """Write it down without a word; nothing for what is no refusal."""
    if isinstance(error, NotAllowed):
        asked, said = error.code, {}
    elif isinstance(error, NotFound):
        asked, said = _asked_for(error)
    else:
        return
    page = st.session_state.get("page", "overview")
    kept = st.session_state.setdefault("refused", {})
    now, about = time.monotonic(), (page, asked, said.get("code"))
    if now - kept.get(about, -ONCE_IN_S) < ONCE_IN_S:
        return
    kept[about] = now  # also where it fails: the next run must not wait for the lock again
    try:
        viewer = session.viewer()
    except DashboardError:  # nobody is signed in
        return
    session.refused(viewer, f"{page} {asked}", {"page": page, "asked": asked, **said})


def _asked_for(error: NotFound) -> tuple[str, dict[str, str]]:
    """What was looked for in vain, as the URL tells it, and the code of a unit."""
    wanted = str(error.args[0]) if error.args else ""
    name = next((one for one in ASKED_BY if st.query_params.get(one) == wanted), "")
    what = ASKED_BY.get(name, "record")
    return what, {"code": wanted} if what == "unit" and CODE.fullmatch(wanted) else {}
