"""What changes no item and may be said at any time: a note, and a file as evidence."""

import streamlit as st

from domain.evidence import MEDIA_TYPES, STAGES
from domain.rectifications import LONGEST
from ui import file_field
from ui.rectifications import values, words
from ui.rectifications.form import Form
from ui.texts import _


def note(form: Form) -> None:
    """A few words for the log."""
    count = st.session_state.get("notes_written", 0)  # a note leaves the version: the next field begins empty
    key = f"{form.key('note')}_{count}"

    def asked() -> None:
        form.act("note", *form.shown[:2], st.session_state[key])

    with st.form(f"form_{key}", border=False):
        st.text_area(_("Note"), key=key, height=80, max_chars=LONGEST["measure"])
        st.form_submit_button(
            words.step("note"),
            type="primary",
            icon=":material/chat:",
            on_click=asked,
            key=form.key("do_note"),
        )


def file(form: Form) -> None:
    """A picture or document as evidence."""
    count = st.session_state.get("files_added", 0)  # the uploader keeps its file
    key = f"{form.key('file')}_{count}"
    given = file_field.show(_("Picture or document"), tuple(MEDIA_TYPES), key)
    stage = st.segmented_control(
        _("Made"), STAGES, default="after" if form.item.status in ("working", "done") else "before",
        format_func=values.stage, key=f"stage_{key}", required=True,
    )  # fmt: skip
    what = (*form.shown[:2], given.name, given.getvalue(), stage) if given else ()
    st.button(
        words.step("file"), type="primary", icon=":material/attach_file:", key=form.key("do_file"),
        disabled=given is None, on_click=form.act, args=("file", *what),
    )  # fmt: skip
