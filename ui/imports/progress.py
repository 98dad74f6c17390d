"""One import: how far it is, what it took over, or why it did not."""

import streamlit as st

from domain import errors
from ui import format as fmt
from ui import messages
from ui.imports import names, problems
from ui.plain import plain
from ui.texts import _, counted


def running(kind: str, file_name: str, rows_read: int, since: str) -> None:
    """A job that is open: rows so far. The tab may be closed."""
    st.markdown(f"**{names.kind(kind)} · {plain(file_name)}**")
    with st.status(_("Being checked and taken over …"), expanded=True):
        text = counted("{n} row read", "{n} rows read", rows_read).format(n=fmt.number(rows_read))
        st.markdown(text + " · " + _("started {time}").format(time=since))
        st.caption(_("This tab may be closed: the import goes on, and this address shows it again."))


def taken(kind: str, file_name: str, result: dict) -> None:
    """What was taken over and what changed."""
    st.success(
        _("{kind} from {file} was taken over.").format(kind=names.kind(kind), file=plain(file_name)),
        icon=":material/check_circle:",
    )
    if result.get("is_repeated"):
        st.info(_("The same content had been taken over before: nothing changed."))
    with st.container(horizontal=True):
        for label, key in (
            (_("Rows in the file"), "rows"),
            (_("New"), "rows_new"),
            (_("Changed"), "rows_changed"),
            (_("As before"), "rows_same"),
            (_("Withdrawn"), "rows_withdrawn"),
            (_("Left out"), "rows_rejected"),
            (_("Warnings"), "warnings"),
        ):
            st.metric(label, fmt.number(result.get(key, 0)), border=True, width=130)
    if result.get("covers"):
        first, last = result["covers"]
        text = _("Covered: {first} to {last}, {units} with all below. There, no row means zero.")
        st.caption(
            text.format(first=first, last=last, units=plain(", ".join(result.get("covers_units", []))))
        )
        if result.get("rows_rejected"):
            st.warning(
                _(
                    "The rows that were left out are missing from the figures of this period, which are that "
                    "much too low until they are corrected and imported."
                ),
                icon=":material/warning:",
            )


def failed(result: dict) -> None:
    """A job that was broken off: nothing of it remains."""
    texts = {
        "lost": _("The process ended without a word, for example because the machine was restarted."),
        "stopped": _("Stopped by {by}."),
        "refused": _("Refused: {message}"),
        "crashed": _("An error in the program; the server's log has the details."),
    }
    why = errors.from_values(result.get("why", {}))
    text = texts.get(result.get("code", ""), texts["crashed"]).format(
        by=messages.person(result.get("by")), message=messages.sentence(why) if why else ""
    )
    st.error(plain(text) + " " + _("Nothing was changed; start it again."), icon=":material/error:")


def rejected(kind: str, file_name: str, result: dict) -> None:
    """The problems of a file."""
    problems.show(result, kind, file_name)
