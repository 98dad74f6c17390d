"""Figures follow by themselves: while a server runs, what waits for a refresh is brought up to date.

Whoever changes something asks for a refresh at once. But it may be killed before, or find the lease of a
machine that has died: then its marks would wait for the next one who changes something.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from data_access import database, lease, processes, settings, stale
from data_access.transactions import reading_all

LOG = logging.getLogger(__name__)


@contextmanager
def while_serving(engine: Engine) -> Iterator[None]:
    """During the block, at once and every settings.refresh_every_s(), a refresh runs where one is needed.

    In a process of its own, for minutes of pandas in this one would stall its pages; at the end it goes on.
    """
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            try:
                if is_needed(engine):
                    processes.run(engine, "refresh")
            except Exception:  # the database may be away for a while
                LOG.exception("it cannot be told whether the figures are up to date")
            ended.wait(settings.refresh_every_s())

    threading.Thread(target=look, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def is_needed(engine: Engine) -> bool:
    """Whether marks wait and nobody refreshes; never while tables are older or the demo is being made."""
    found = database.state(engine)
    if not found.is_current or found.kind == "filling":
        return False
    with reading_all(engine) as connection:
        return stale.is_waiting(connection) and not lease.is_held(connection)
