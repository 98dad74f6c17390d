"""Smaller parts of the imports page: what the demo says, jobs, paging, and acts that may be refused."""

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain import referrers
from domain.errors import CannotBeUndone, DashboardError
from domain.import_kinds import KindColumn, kinds
from domain.viewer import Viewer, import_act
from ui import downloads, exports, messages, refusals, url_choice
from ui import format as fmt
from ui.imports import mapping_form, names, progress
from ui.plain import plain
from ui.texts import _, language, listed

VIEWS = ("new", "history", "waiting")
PAGE_ROWS = 25


def picked(waiting: int) -> str:
    """Which part of the page to show; in the URL."""
    texts = {
        "new": _("New import"),
        "history": _("History and undo"),
        "waiting": _("Odd rows") + (f" ({fmt.number(waiting)})" if waiting else ""),
    }
    return url_choice.picked(
        st.segmented_control, "view", _("View"), VIEWS, VIEWS[0], texts.get, required=True
    )


def demo_refuses(is_demo: bool, may_enter: bool) -> bool:
    """Whether no file is taken here; says why, and how to start a database for real ones.

    may_enter: whether the person has the records page, which takes single records here too.
    """
    if not is_demo:
        return False
    st.info(
        _("Real files are not taken into a demo database, so that invented and real figures never mix."),
        title=_("This is the demo company"),
        icon=":material/block:",
    )
    st.markdown(_("Start a database for real data of its own, then open this page there:"))
    st.code(
        "export DATABASE_URL=sqlite:///var/real.db   # or postgresql://…\n"
        "python -m data_access init --empty\n"
        "make run",
        language=None,
    )
    if may_enter:
        st.caption(
            _("To try entering data here, use the forms of the records page: what they take is demo data.")
        )
    return True


def kinds_for(viewer: Viewer) -> list[str]:
    """The kinds of file that the viewer may import."""
    return [kind for kind in kinds() if viewer.may(import_act(kind))]


def act(function: Callable[[], Any], done: str = "") -> bool:
    """Do it, and say so; where it is refused, say why. True when it was done."""
    try:
        function()
    except CannotBeUndone as error:
        st.error(plain(messages.sentence(error)), icon=":material/block:")
        rows_in_the_way = _("The rows in the way")
        with st.expander(rows_in_the_way):
            st.dataframe(
                pd.DataFrame(referrers.split(error.references, language()), columns=[_("Kind"), _("Number")]),
                hide_index=True,
                alt=rows_in_the_way,
            )
    except DashboardError as error:
        refusals.show(error)
    else:
        if done:
            st.toast(done, icon=":material/check:")
        return True
    return False


def once(key: str, question: Any, answer: Callable[[], Any]) -> Any:
    """The answer, found once per question and session: looking into a file again would take as long again."""
    kept = st.session_state.get(f"once_{key}")
    if kept is None or kept[0] != question:
        kept = st.session_state[f"once_{key}"] = (question, answer())
    return kept[1]


def lacking(columns: Sequence[KindColumn]) -> bool:
    """Say which required columns have no source yet; whether there are any."""
    if columns:
        words = listed(mapping_form.name_of(one) for one in columns)
        st.warning(_("Still needed: {columns}").format(columns=words), icon=":material/rule:")
    return bool(columns)


def open_job(job: Any, zone: ZoneInfo) -> bool:
    """A job that is at work; True when a person stops it."""
    progress.running(job.kind, job.file_name, job.rows_read, fmt.moment(job.started_at, zone))
    return st.button(_("Stop"), icon=":material/stop_circle:", key="stop_job")


def closed_job(job: Any, left_out: Callable[[Viewer], bytes]) -> bool:
    """A job that ended; True when a person wants its good rows taken over without the bad ones."""
    wanted = False
    if st.button(_("Another import"), icon=":material/arrow_back:", type="tertiary"):
        del st.query_params["job"]
        st.rerun()
    if job.state == "done":
        progress.taken(job.kind, job.file_name, job.result)
        if job.result.get("rejected_file"):
            about, rows = f"left_out {job.kind} {job.file_name}", job.result.get("rows_rejected")
            made = exports.noted_whole(left_out, about, format="CSV", rows=rows)
            name = f"{job.file_name}.left_out.csv"
            downloads.button(_("Download what was left out"), made, name, "text/csv", "left_out")
    elif job.state == "rejected":
        progress.rejected(job.kind, job.file_name, job.result)
        if job.result.get("has_good_rows"):
            wanted = st.button(
                _("Take over the good rows, leave out the others"),
                icon=":material/filter_alt:",
                key="leave_out",
            )
            st.caption(_("What is left out can be downloaded afterwards, with the reasons."))
    else:
        progress.failed(job.result)
    return wanted


def jobs(found: Sequence[Any], zone: ZoneInfo) -> int | None:
    """The newest imports of the page; returns the one that a person opens."""
    if not found:
        return None
    st.markdown("**" + _("Latest imports of this page") + "**")
    table = pd.DataFrame(
        {
            _("No."): [one.id for one in found],
            _("State"): [names.job_state(one.state) for one in found],
            _("Kind"): [names.kind(one.kind) for one in found],
            _("File"): [one.file_name for one in found],
            _("By"): [messages.person(one.by_name) for one in found],
            _("Started"): [fmt.moment(one.started_at, zone) for one in found],
        }
    )
    event = st.dataframe(
        table,
        hide_index=True,
        key="jobs",
        on_select="rerun",
        selection_mode="single-row",
        alt=_("Latest imports of this page"),
    )
    rows = event.selection.rows
    return found[rows[0]].id if rows and rows[0] < len(found) else None
