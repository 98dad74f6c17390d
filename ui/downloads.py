"""Files to take away, made when the button is pressed: whoever may not look any more gets none."""

from collections.abc import Callable

import streamlit as st

from domain.viewer import Viewer
from ui import session, style
from ui.texts import _, language, use


def button(label: str, make: Callable[[Viewer], str | bytes], file_name: str, mime: str, key: str) -> None:
    """A button for the file that make(viewer) gives; the viewer is asked anew at each press.

    It runs outside the run of the page, where neither st.user nor the page's language is known.
    """
    ask, spoken = session.asker(), language()

    def made() -> str | bytes:
        use(spoken)
        return make(ask())

    style.no_file(_("No file was made. Load the page again; you may have to sign in."))
    st.download_button(label, made, file_name, mime, icon=":material/download:", on_click="ignore", key=key)
