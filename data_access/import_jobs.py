"""Imports started from the page: a job row, a process of its own, progress that outlives the tab.

The process beats while it works. One that is gone, or was silent for too long, is shown as failed; since rows
are taken over in one transaction it has then changed nothing, or all of it and the batch says so.
"""

import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from data_access import import_rights, processes, rules, uploads
from data_access.org_units import lowest_over
from data_access.tables.imports import import_jobs
from data_access.transactions import reading, writing
from domain.errors import FileRejected, NotFound, StepNotAllowed
from domain.periods import utc_now
from domain.viewer import Viewer, import_act

BEAT_EVERY_S = 3
LOST_AFTER_S = 60  # a beat may wait for another import's write transaction
OPEN = ("queued", "running")
SEARCHED = 500  # of the newest jobs, for those that a viewer may see


@dataclass(frozen=True)
class Request:
    """What to import and how. mapping is the text of a mapping file; days are ISO texts, for JSON."""

    path: str
    mapping: str
    covers: tuple[str, str] | None = None
    covers_units: tuple[str, ...] = ()
    bureau: str | None = None
    replaces: tuple[str, str] | None = None
    leave_out_bad_rows: bool = False
    language: str = "zh"  # of the reasons beside rows that are left out: zh or en


@dataclass(frozen=True)
class Job:
    """One import started from the page. state: queued, running, done, rejected, failed.

    result: for done what was taken, for rejected the problems with their counts, for failed the message.
    """

    id: int
    kind: str
    file_name: str
    state: str
    rows_read: int
    by_name: str
    started_at: datetime
    beat_at: datetime
    finished_at: datetime | None
    batch_id: int | None
    request: dict[str, Any]
    result: dict[str, Any]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def start(engine: Engine, viewer: Viewer, kind: str, request: Request) -> int:
    """Number of a job whose process has been started. Raises NotAllowed."""
    acting = viewer.acting(import_act(kind))
    with reading(engine) as connection:
        days = rules.current(connection, "retention")["uploads"]["days"]
    uploads.forget_old(days)
    asked = {
        **vars(request),
        "host": socket.gethostname(),
        "viewer": {
            "person_id": viewer.person_id,
            "name": viewer.name,
            "roles": sorted(acting.roles),
            "roots": list(acting.scope.roots),
        },
    }
    moment = utc_now()
    with writing(engine, viewer.scope) as connection:
        number = connection.execute(
            insert(import_jobs)
            .values(
                kind=kind,
                file_name=Path(request.path).name,
                org_unit_id=lowest_over(connection, viewer.scope.roots),
                request=asked,
                state="queued",
                by_name=viewer.name,
                started_at=moment,
                beat_at=moment,
            )
            .returning(import_jobs.c.id)
        ).scalar_one()
    pid = processes.start(engine, viewer, "import-job", str(number))
    with writing(engine, viewer.scope) as connection:
        # Known at once, so that one that never begins is seen as lost.
        connection.execute(update(import_jobs).where(import_jobs.c.id == number).values(pid=pid))
    return number


def _job(row: Row) -> Job:
    values = {field: getattr(row, field) for field in Job.__dataclass_fields__}
    return Job(**values | {"request": row.request or {}, "result": row.result or {}})


def recent(engine: Engine, viewer: Viewer, limit: int = 20) -> list[Job]:
    """The newest jobs that the viewer may see; those whose process is gone are failed first.

    Seen by who started it, and by who may import the kind for all units that it was started for.
    Raises NotAllowed.
    """
    _close_lost(engine)
    c = import_jobs.c
    newest = select(c.id, c.kind, c.by_name, c.request).order_by(c.id.desc()).limit(SEARCHED)
    with reading(engine, viewer.scope) as connection:
        is_seen = import_rights.jobs(connection, viewer)
        seen = [row.id for row in connection.execute(newest) if is_seen(row)][:limit]
        statement = select(import_jobs).where(c.id.in_(seen)).order_by(c.id.desc())
        return [_job(row) for row in connection.execute(statement)]


def job(engine: Engine, viewer: Viewer, number: int) -> Job:
    """One job. Raises NotAllowed, NotFound where it is absent or not for the viewer to see."""
    _close_lost(engine)
    with reading(engine, viewer.scope) as connection:
        is_seen = import_rights.jobs(connection, viewer)
        row = connection.execute(select(import_jobs).where(import_jobs.c.id == number)).first()
    if row is None or not is_seen(row):
        raise NotFound(number)
    return _job(row)


def stop(engine: Engine, viewer: Viewer, number: int) -> None:
    """End a running job; what it had checked is dropped. Raises NotFound, NotAllowed, StepNotAllowed."""
    found = job(engine, viewer, number)
    if not found.is_open:
        raise StepNotAllowed(found.state)
    with reading(engine, viewer.scope) as connection:
        pid = connection.scalar(select(import_jobs.c.pid).where(import_jobs.c.id == number))
    if pid and found.request.get("host") == socket.gethostname():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    _fail(engine, number, "stopped", by=viewer.name)


def _close_lost(engine: Engine) -> None:
    """Mark as failed every open job whose process is gone or was silent for LOST_AFTER_S."""
    statement = select(import_jobs).where(import_jobs.c.state.in_(OPEN))
    with reading(engine) as connection:
        lost = [row.id for row in connection.execute(statement) if _is_lost(row)]
    for number in lost:
        _fail(engine, number, "lost")


def _is_lost(row: Row) -> bool:
    if utc_now() - row.beat_at > timedelta(seconds=LOST_AFTER_S):
        return True
    here = (row.request or {}).get("host") == socket.gethostname()
    return bool(here and row.pid and not processes.is_alive(row.pid))


def _fail(engine: Engine, number: int, code: str, **values: Any) -> None:
    with writing(engine) as connection:
        finish(connection, number, "failed", {"code": code, **values}, from_states=OPEN)


def finish(
    connection: Connection,
    number: int,
    state: str,
    result: dict[str, Any],
    batch_id: int | None = None,
    from_states: tuple[str, ...] = (*OPEN, "failed"),
) -> None:
    """Write down how a job ended; its process knows better than who thought it lost."""
    connection.execute(
        update(import_jobs)
        .where(import_jobs.c.id == number, import_jobs.c.state.in_(from_states))
        .values(state=state, result=result, batch_id=batch_id, finished_at=utc_now(), beat_at=utc_now())
    )


def problems_of(error: FileRejected) -> dict[str, Any]:
    """The problems of a file as a job keeps them: JSON values."""
    return {
        "problems": [vars(one) for one in error.problems],
        "counts": [[column, code, count] for (column, code), count in error.counts.items()],
        "has_good_rows": all(one.row > 0 for one in error.problems),
    }


def again_without_bad_rows(engine: Engine, viewer: Viewer, number: int) -> int:
    """Number of a new job for the same upload that leaves out what is wrong.

    Raises NotAllowed, NotFound, StepNotAllowed where the job was not rejected or the upload is gone.
    """
    found = job(engine, viewer, number)
    kept = {name: found.request.get(name) for name in Request.__dataclass_fields__}
    if found.state != "rejected" or not Path(kept["path"] or "").is_file():
        raise StepNotAllowed(found.state)
    return start(engine, viewer, found.kind, Request(**kept | {"leave_out_bad_rows": True}))


def left_out(engine: Engine, viewer: Viewer, number: int) -> bytes:
    """The rows that a job left out, with their reasons, as CSV.

    Raises NotAllowed, NotFound, also when they are gone.
    """
    path = Path(job(engine, viewer, number).result.get("rejected_file") or "")
    if not path.is_file():
        raise NotFound(number)
    return path.read_bytes()
