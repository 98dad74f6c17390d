"""The process behind one import job: takes the file over, beats while it works, writes down how it ended."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update

from data_access import import_jobs, kpi_refresh, people, uploads
from data_access.imports import run as imports
from data_access.settings import company_timezone
from data_access.tables.imports import import_jobs as jobs
from data_access.transactions import writing
from domain import errors
from domain.errors import DashboardError, FileRejected, NotAllowed, NotFound, StepNotAllowed
from domain.mapping import from_toml
from domain.periods import local_today, utc_now
from domain.viewer import Viewer, import_act

LOG = logging.getLogger(__name__)
REJECTED = "rejected"  # beside the upload: the rows that were left out, with their reasons


def run(engine: Engine, number: int) -> str:
    """The state in which the job ended. Raises StepNotAllowed unless it was waiting to start."""
    request, kind = _claim(engine, number)
    state, result, batch = "failed", {"code": "crashed"}, None
    try:
        with _beating(engine, number) as progress:
            found = _import(engine, kind, request, progress)
        state, result, batch = "done", found, found.pop("batch_id")
    except FileRejected as error:
        state, result = "rejected", import_jobs.problems_of(error)
    except DashboardError as error:
        result = {"code": "refused", "why": errors.as_values(error)}
    finally:
        with writing(engine) as connection:
            import_jobs.finish(connection, number, state, result, batch)
    if state == "done":
        _tidy(request, result)
        if not kpi_refresh.refresh_or_leave(engine):
            LOG.info("figures are being refreshed by another process")
    return state


def _claim(engine: Engine, number: int) -> tuple[dict[str, Any], str]:
    now = utc_now()
    with writing(engine) as connection:
        claimed = connection.execute(
            update(jobs)
            .where(jobs.c.id == number, jobs.c.state == "queued")
            .values(state="running", pid=os.getpid(), beat_at=now)
        )
        if claimed.rowcount == 0:
            raise StepNotAllowed(f"job {number} is not waiting to start")
        row = connection.execute(select(jobs.c.request, jobs.c.kind).where(jobs.c.id == number)).one()
    return row.request, row.kind


def _import(
    engine: Engine, kind: str, request: dict[str, Any], progress: Callable[[int], None]
) -> dict[str, Any]:
    viewer = _started_by(engine, request["viewer"]["person_id"]).acting(import_act(kind))
    path = Path(request["path"])
    reject_to = path.with_name(f"{REJECTED}.csv") if request["leave_out_bad_rows"] else None
    replaces = request["replaces"]
    options = imports.Options(
        bureau=request["bureau"],
        covers="..".join(request["covers"]) if request["covers"] else "none",
        covers_units=tuple(request.get("covers_units") or ()),
        replaces=tuple(date.fromisoformat(day) for day in replaces) if replaces else None,
        reject_to=reject_to,
        language=request["language"],
    )
    found = imports.import_file(engine, viewer, kind, path, from_toml(request["mapping"]), options, progress)
    return {
        "batch_id": found.batch_id,
        "is_repeated": found.batch_id is None,
        "rows": found.rows,
        "rows_new": found.new,
        "rows_changed": found.changed,
        "rows_same": found.same,
        "rows_withdrawn": found.withdrawn,
        "rows_rejected": found.rejected,
        "warnings": found.warnings,
        "units_made": found.units_made,
        "ignored": list(found.ignored),
        "covers": [day.isoformat() for day in found.covers] if found.covers_units else None,
        "covers_units": list(found.covers_units),
        "rejected_file": str(reject_to) if reject_to and found.rejected else None,
    }


def _started_by(engine: Engine, person_id: int | None) -> Viewer:
    """Who started the job, with the grants that hold now: since then some may have been taken away."""
    if person_id is None:
        return people.local_administrator(engine)
    try:
        return people.viewer_for(engine, person_id, local_today(company_timezone()))
    except NotFound as error:
        raise NotAllowed("grants_gone") from error


@contextmanager
def _beating(engine: Engine, number: int) -> Iterator[Callable[[int], None]]:
    """Gives progress(rows), and writes a beat with it every few seconds from a thread of its own."""
    rows, ended = [0], threading.Event()

    def beat() -> None:
        while not ended.wait(import_jobs.BEAT_EVERY_S):
            with writing(engine) as connection:
                connection.execute(
                    update(jobs).where(jobs.c.id == number).values(beat_at=utc_now(), rows_read=rows[0])
                )

    def progress(count: int) -> None:
        rows[0] = count

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        ended.set()
        thread.join()


def _tidy(request: dict[str, Any], result: dict[str, Any]) -> None:
    """The upload is no longer needed, unless rows that were left out lie beside it."""
    if not result["rejected_file"]:
        uploads.forget(Path(request["path"]))
