"""Commands of our own that a page starts beside itself: they outlive the tab, and the server's restart."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from sqlalchemy import Engine

from data_access import settings
from domain.errors import NotAllowed
from domain.viewer import Viewer


def is_alive(pid: int) -> bool:
    """Whether a process of this machine runs under that id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def start(engine: Engine, viewer: Viewer, *arguments: str) -> int:
    """Id of a process that runs `python -m data_access ARGUMENTS` on the engine's database.

    Raises NotAllowed for who may only look. What it says in error goes where the server's own log goes.
    """
    if not viewer.may_change_something():
        raise NotAllowed(arguments[0])
    process = _started(engine, arguments)
    # Without somebody who waits for it, a process that ended would still look alive to os.kill.
    threading.Thread(target=process.wait, daemon=True).start()
    return process.pid


def run(engine: Engine, *arguments: str) -> int:
    """Exit status of such a process, once it has ended; for the server itself, whom no viewer asked."""
    return _started(engine, arguments).wait()


def _started(engine: Engine, arguments: Sequence[str]) -> subprocess.Popen:
    url = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-m", "data_access", *arguments],
        cwd=settings.PROJECT,
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
