"""Imports: choose, map, confirm what is covered, check, take over; history, undo, and odd rows.

URL: view (new, history, waiting), kind, job (one import), batches_page, waiting_page, decided."""

from pathlib import Path

import streamlit as st

from data_access import import_history, import_jobs, import_mappings, import_preview, rules, uploads
from domain.errors import FileRejected
from domain.import_kinds import Kind
from domain.mapping import as_toml
from domain.periods import local_today
from ui import cache, fragments, pager, session
from ui.imports import history, mapping_form, problems, steps, views, waiting
from ui.texts import _, language

viewer, engine, zone = session.viewer(), session.engine(), session.zone()


def new_import(kind: Kind) -> None:
    """The steps of a new import, as far as they can go."""
    path: Path | None = st.session_state.get("upload")
    if path is None or not path.exists():
        if (found := steps.file(kind)) is not None:
            st.session_state["upload"] = uploads.keep(found, found.name)
            st.session_state.pop("map_source", None)
            st.rerun()
        open_job(views.jobs(import_jobs.recent(engine, viewer), zone))
        return
    if steps.kept_file(path.name):
        uploads.forget(st.session_state.pop("upload"))
        st.rerun()
    looked = (kind, path, *steps.place(path.name))
    try:
        seen = views.once("preview", looked, lambda: import_preview.preview(viewer, *looked))
    except FileRejected as error:
        problems.show(import_jobs.problems_of(error), kind.id, path.name)
        return
    mapping_form.begin(kind, seen.header)
    load, save = steps.saved(import_mappings.names(engine, viewer, kind.id))
    if load:
        mapping_form.fill(import_mappings.load(engine, viewer, kind.id, load), kind, seen.header)
        st.rerun()
    causes = cache.cached(rules.in_force)(engine, local_today(zone))["causes"].body
    mapping = mapping_form.show(kind, seen.header, seen.samples, causes, *looked[2:])
    if save:
        views.act(lambda: import_mappings.save(engine, viewer, save, mapping), _("Saved."))
    steps.preview(seen.samples, mapping, kind)
    if views.lacking(mapping_form.missing(kind, mapping)):
        return
    asked = (viewer, path, kind, mapping)
    found = views.once("covered", asked, lambda: import_preview.covered_by(engine, *asked))
    covers, units, goes = steps.covered(kind, *found, session.units())
    if steps.start(is_ready=covers is not False):
        del st.session_state["upload"]
        told = (str(path), as_toml(mapping), covers, units, None, covers if goes else None)
        open_job(import_jobs.start(engine, viewer, kind.id, import_jobs.Request(*told, language=language())))


def open_job(number: int | None) -> None:
    """Show one import from now on."""
    if number is not None:
        st.query_params["job"] = str(number)
        st.rerun()


@fragments.fragment(run_every="2s")
def watch(number: int) -> None:
    """A job that is at work, until it no longer is."""
    found = import_jobs.job(session.engine(), session.viewer(), number)
    if not found.is_open:
        cache.forget()
        st.rerun()
    if views.open_job(found, zone):
        views.act(lambda: import_jobs.stop(session.engine(), session.viewer(), number))


def one_job(number: int) -> None:
    """Progress or result of one import."""
    found = import_jobs.job(engine, viewer, number)
    if found.is_open:
        watch(number)
    elif views.closed_job(found, lambda who: import_jobs.left_out(engine, who, number)):
        open_job(import_jobs.again_without_bad_rows(engine, viewer, number))


def show_history() -> None:
    """Batches, and the undo of one."""
    number, size = pager.asked(history.PAGE), views.PAGE_ROWS
    found, count = import_history.batches(engine, viewer, number=number, size=size)
    batch = history.show(found, zone)
    pager.show(history.PAGE, count, views.PAGE_ROWS)
    reason = history.undo_form(batch, viewer, zone) if batch is not None else None
    if reason and views.act(lambda: import_history.undo(engine, viewer, int(batch["id"]), reason)):
        cache.forget()
        st.rerun()


def show_waiting() -> None:
    """Rows that look wrong, and the decision on some."""
    is_decided = waiting.are_decided()
    asked = (is_decided, pager.asked(waiting.PAGE), views.PAGE_ROWS)
    found, count = import_history.warnings(engine, viewer, *asked)
    decided = waiting.show(found, import_history.rows_waiting(engine, viewer), zone, is_decided)
    pager.show(waiting.PAGE, count, views.PAGE_ROWS)
    if decided and views.act(lambda: import_history.decide(engine, viewer, *decided)):
        st.rerun()


st.header(_("Imports"), anchor=False)
known, view = views.kinds_for(viewer), views.picked(import_history.rows_waiting(engine, viewer))
if view == "history":
    show_history()
elif view == "waiting":
    show_waiting()
elif st.query_params.get("job", "").isdecimal():
    one_job(int(st.query_params["job"]))
elif not views.demo_refuses(session.is_demo(), viewer.may("edit_records")):
    new_import(steps.kind(known))
