"""Names that are masked, shown for a while to who may see them and says why.

Plain names are kept in the person's own session only: never in the URL, and never among the answers that
viewers with the same units share (ui/cache.py keeps nothing while they are shown). They go when the page is
left, when another person looks, and after five minutes. Files stay masked: a download outlives its reason.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from domain import personal
from domain.errors import DashboardError
from domain.viewer import Viewer
from ui import format as fmt
from ui import fragments, refusals, session, style
from ui.texts import N_, _, counted

KEPT_S = 300
STATE = "shown_names"
READY = (
    N_("a customer's complaint"),
    N_("a visit or call to the customer"),
    N_("telling the customer of an outage"),
    N_("checking the data"),
)
Key = tuple[str, str]
AREAS = "areas"  # the names of most places


@dataclass(frozen=True)
class Shown:
    """What is shown plain: columns by table and key of the row, to whom and until when."""

    viewer: Viewer
    until: float
    rows: Mapping[tuple[str, Key], Mapping[str, str]]


def _rows() -> Mapping[tuple[str, Key], Mapping[str, str]]:
    found: Shown | None = st.session_state.get(STATE)
    if found is None:
        return {}
    viewer = session.viewer()
    if time.monotonic() > found.until or viewer != found.viewer or not viewer.may("unmask"):
        forget()
        return {}
    return found.rows


def are_shown() -> bool:
    """Whether this person sees plain names now, so that nothing made of them may be kept for others."""
    return bool(_rows())


def forget() -> None:
    """Mask everything again."""
    st.session_state.pop(STATE, None)


def forget_elsewhere(page: str) -> None:
    """Mask everything again where another page is opened."""
    if st.session_state.get("shown_names_page") != page:
        forget()
        st.session_state["shown_names_page"] = page


def masked_keys(found: pd.DataFrame, code: str, column: str = "name") -> list[Key]:
    """Keys (bureau_id, code) of the rows whose name is masked."""
    rows = found.loc[[personal.is_masked(one) for one in found[column]]]
    return list(zip(rows["bureau_id"], rows[code], strict=True))


def put(
    found: pd.DataFrame, code: str, column: str = "name", table: str = AREAS, stored: str = "name"
) -> pd.DataFrame:
    """The rows with the plain names that are shown now. stored: what the table calls the column."""
    rows = _rows()
    if not rows:
        return found
    keys = zip(found["bureau_id"], found[code], strict=True)
    plain = [
        rows.get((table, key), {}).get(stored, name) for key, name in zip(keys, found[column], strict=True)
    ]
    return found.assign(**{column: plain})


def of_record(table: str, key: Key, masked: Mapping[str, str], place: str) -> Mapping[str, str]:
    """What stands for the masked columns of one record: the masks, or what is shown plain now."""
    shown = _rows().get((table, key), {})
    offer(lambda: [key], int(not shown), place, table)
    return {name: shown.get(name, mask) for name, mask in masked.items()}


def offer(keys: Callable[[], Iterable[Key]], masked: int, place: str, table: str = AREAS) -> None:
    """A quiet button that asks why and shows the names; beside names that are shown, how long they are.

    keys: of the rows of the table, asked when somebody gives a reason. masked: how many of the names are.
    place: tells several on a page apart.
    """
    if _rows():
        style.no_files_of_tables()
        _note()
    if not masked:
        return
    if not session.viewer().may("unmask"):
        st.caption(":material/visibility_off: " + _("Names of dedicated accounts are masked."))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = counted("{n} name is masked", "{n} names are masked", masked)
        st.caption(text.format(n=fmt.number(masked)), width="content")
        with st.popover(_("Show names"), icon=":material/visibility:", type="tertiary", key=f"names_{place}"):
            _form(keys, place, table)


def _form(keys: Callable[[], Iterable[Key]], place: str, table: str) -> None:
    with st.form(f"show_names_{place}", border=False):
        st.markdown("**" + _("Why do you need to see the names?") + "**")
        ready = st.pills(
            _("Reason"), READY, format_func=_, key=f"ready_{place}", label_visibility="collapsed"
        )
        more = st.text_input(_("More about it"), key=f"reason_{place}", max_chars=200).strip()
        st.caption(_("Every look goes into the audit log with your name and the reason."))
        if not st.form_submit_button(_("Show for 5 minutes"), type="primary", icon=":material/visibility:"):
            return
    try:
        reason = " · ".join(one for one in (_(ready) if ready else "", more) if one)
        plain = session.unmasked(table, list(keys()), reason)
        rows = {**_rows(), **{(table, key): row for key, row in plain.items()}}
    except DashboardError as error:
        refusals.show(error)
        return
    st.session_state[STATE] = Shown(session.viewer(), time.monotonic() + KEPT_S, rows)
    st.rerun()


@fragments.fragment(run_every="15s")
def _note() -> None:
    if not _rows():
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        text = _("Names are shown until you leave the page, for 5 minutes at most; files stay masked.")
        st.caption(":material/visibility: " + text)
        if st.button(_("Mask again"), icon=":material/visibility_off:", type="tertiary", key="mask_again"):
            forget()
            st.rerun()
