"""The field for a file: it takes any, for Streamlit refuses other kinds with a sign and in English only."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ui import style
from ui.plain import plain
from ui.texts import _, listed


def show(label: str, endings: Sequence[str], key: str, **how: object) -> UploadedFile | None:
    """The chosen file, if its name ends as one of these do; else what it must be is said below the field."""
    style.uploader(_("Choose a file"))
    found = st.file_uploader(label, key=key, **how)
    if found is None or found.name.lower().endswith(tuple(f".{one}" for one in endings)):
        return found
    text = _("{name} is no such file. Choose one that ends in {endings}.")
    words = {"name": plain(found.name), "endings": listed(f".{one}" for one in endings)}
    st.error(text.format(**words), icon=":material/block:")
    return None
