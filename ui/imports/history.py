"""What was taken over so far, and the way back."""

from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.viewer import Viewer, undo_act
from ui import format as fmt
from ui import messages, pager
from ui.charts import table_view
from ui.imports import names
from ui.plain import plain
from ui.texts import _

PAGE = "batches_page"


def show(found: pd.DataFrame, zone: ZoneInfo) -> pd.Series | None:
    """The batches; returns the one that a person chose, None for none."""
    if found.empty:
        st.info(_("Nothing has been taken over yet."))
        return None
    table = pd.DataFrame(
        {
            _("No."): found["id"],
            _("State"): [names.batch_state(one) for one in found["state"]],
            _("Kind"): [names.kind(one) for one in found["kind"]],
            _("Rows"): found["rows"],
            _("Waiting warnings"): found["waiting"],
            _("File"): found["file_name"],
            _("From"): [names.origin(one) for one in found["origin"]],
            _("New"): found["rows_new"],
            _("Changed"): found["rows_changed"],
            _("As before"): found["rows_same"],
            _("Withdrawn"): found["rows_withdrawn"],
            _("Left out"): found["rows_rejected"],
            _("By"): [messages.person(one) for one in found["by_name"]],
            _("Taken over"): [fmt.moment(one, zone) for one in found["taken_at"]],
        }
    )
    event = st.dataframe(
        table,
        hide_index=True,
        key=f"batches_{pager.asked(PAGE)}",
        on_select="rerun",
        selection_mode="single-row",
        alt=_("Batches taken over, newest first"),
        column_config=table_view.grouped(table),
    )
    rows = event.selection.rows
    return found.iloc[rows[0]] if rows and rows[0] < len(found) else None


def undo_form(batch: pd.Series, viewer: Viewer, zone: ZoneInfo) -> str | None:
    """The chosen batch with its way back; returns the reason once a person asks for the undo."""
    head = _("Batch {number}: {kind}, {file}")
    st.markdown(
        "**"
        + head.format(number=batch["id"], kind=names.kind(batch["kind"]), file=plain(batch["file_name"]))
        + "**"
    )
    if batch["state"] == "undone":
        text = _("Undone {time} by {name}: {reason}")
        st.caption(
            text.format(
                time=fmt.moment(batch["undone_at"], zone),
                name=plain(messages.person(batch["undone_by"])),
                reason=plain(batch["undo_reason"]),
            )
        )
        return None
    if not viewer.may(undo_act(batch["kind"])):
        st.caption(_("Your role may not undo batches."))
        return None
    st.caption(
        _(
            "Undoing brings back exactly what the rows were before. "
            "It is refused where later work refers to them."
        )
    )
    return _confirmed(int(batch["id"]))


def _confirmed(number: int) -> str | None:
    """The reason, once it was given and confirmed: Enter in the field must not take a batch back."""
    waits = f"undo_waits_{number}"
    with st.form("undo", border=False):
        reason = st.text_input(_("Reason"), key=f"undo_reason_{number}", max_chars=500).strip()
        if st.form_submit_button(_("Undo this batch …"), icon=":material/undo:"):
            st.session_state[waits] = bool(reason)
            if not reason:
                st.error(_("Give a reason."))
    if not (reason and st.session_state.get(waits)):
        return None
    text = _("Batch {number} is about to be undone, with the reason “{reason}”.")
    st.warning(text.format(number=number, reason=plain(reason)))
    with st.container(horizontal=True):
        is_sure = st.button(_("Undo batch {number}").format(number=number), type="primary", key="undo_sure")
        if st.button(_("Cancel"), key="undo_cancel") or is_sure:
            del st.session_state[waits]
            if not is_sure:
                st.rerun()
    return reason if is_sure else None
