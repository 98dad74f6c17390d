"""Imports started from the page: a job row, a process of its own, progress that outlives the tab.

The process beats while it works. One that is gone, or was silent for too long, is shown as failed; since rows
are taken over in one transaction it has then changed nothing, or all of it and the batch says so.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, insert, or_, select, update

from data_access import settings, uploads
from data_access.engine import reading, writing
from data_access.scope import within
from data_access.tables.imports import import_jobs
from domain.errors import NotAllowed, NotFound, StepNotAllowed
from domain.viewer import Scope, Viewer

BEAT_EVERY_S = 3
LOST_AFTER_S = 60  # a beat may wait for another import's write transaction
OPEN = ("queued", "running")


@dataclass(frozen=True)
class Request:
    """What to import and how. mapping is the text of a mapping file; days are ISO texts, for JSON."""

    path: str
    mapping: str
    covers: tuple[str, str] | None = None
    bureau: str | None = None
    replaces: tuple[str, str] | None = None
    leave_out_bad_rows: bool = False


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


def now() -> datetime:
    """This moment as it is stored: naive UTC, whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def start(engine: Engine, viewer: Viewer, kind: str, request: Request) -> int:
    """Number of a job whose process has been started. Raises NotAllowed."""
    if not viewer.may("import"):
        raise NotAllowed("import")
    uploads.forget_old()
    asked = {
        **vars(request),
        "host": socket.gethostname(),
        "viewer": {
            "person_id": viewer.person_id,
            "name": viewer.name,
            "roles": sorted(viewer.roles),
            "roots": list(viewer.scope.roots),
        },
    }
    moment = now()
    with writing(engine) as connection:
        number = connection.execute(
            insert(import_jobs)
            .values(
                kind=kind,
                file_name=request.path.rsplit("/", 1)[-1],
                org_unit_id=viewer.scope.roots[0] if viewer.scope.roots else None,
                request=asked,
                state="queued",
                by_name=viewer.name,
                started_at=moment,
                beat_at=moment,
            )
            .returning(import_jobs.c.id)
        ).scalar_one()
    _start_process(engine, number)
    return number


def _start_process(engine: Engine, number: int) -> None:
    url = engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module and a number
        [sys.executable, "-m", "data_access", "import-job", str(number)],
        cwd=settings.PROJECT,
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the server may be restarted while it works
    )
    # Without somebody who waits for it, a process that ended would still look alive to alive().
    threading.Thread(target=process.wait, daemon=True).start()


def _seen(scope: Scope, name: str) -> ColumnElement[bool]:
    mine = import_jobs.c.org_unit_id.is_(None) & (import_jobs.c.by_name == name)
    return or_(within(import_jobs.c.org_unit_id, scope), mine)


def _job(row: Row) -> Job:
    values = {field: getattr(row, field) for field in Job.__dataclass_fields__}
    return Job(**values | {"request": row.request or {}, "result": row.result or {}})


def recent(engine: Engine, viewer: Viewer, limit: int = 20) -> list[Job]:
    """The newest jobs inside the viewer's scope; those whose process is gone are failed first."""
    _close_lost(engine)
    statement = (
        select(import_jobs)
        .where(_seen(viewer.scope, viewer.name))
        .order_by(import_jobs.c.id.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        return [_job(row) for row in connection.execute(statement)]


def job(engine: Engine, viewer: Viewer, number: int) -> Job:
    """One job. Raises NotFound where it is absent or outside the viewer's scope."""
    _close_lost(engine)
    statement = select(import_jobs).where(import_jobs.c.id == number, _seen(viewer.scope, viewer.name))
    with reading(engine) as connection:
        row = connection.execute(statement).first()
    if row is None:
        raise NotFound(number)
    return _job(row)


def stop(engine: Engine, viewer: Viewer, number: int) -> None:
    """End a running job; what it had checked is dropped. Raises NotFound, NotAllowed, StepNotAllowed."""
    if not viewer.may("import"):
        raise NotAllowed("import")
    found = job(engine, viewer, number)
    if not found.is_open:
        raise StepNotAllowed(found.state)
    with reading(engine) as connection:
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
    if now() - row.beat_at > timedelta(seconds=LOST_AFTER_S):
        return True
    here = (row.request or {}).get("host") == socket.gethostname()
    return bool(here and row.pid and not _is_alive(row.pid))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _fail(engine: Engine, number: int, code: str, **values: Any) -> None:
    with writing(engine) as connection:
        _finish(connection, number, "failed", {"code": code, **values}, from_states=OPEN)


def _finish(
    connection: Connection,
    number: int,
    state: str,
    result: dict[str, Any],
    batch_id: int | None = None,
    from_states: tuple[str, ...] = (*OPEN, "failed"),
) -> None:
    connection.execute(
        update(import_jobs)
        .where(import_jobs.c.id == number, import_jobs.c.state.in_(from_states))
        .values(state=state, result=result, batch_id=batch_id, finished_at=now(), beat_at=now())
    )
