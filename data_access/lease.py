"""Who refreshes now: one row, which its holder keeps to itself in every transaction that writes.

A holder that stops renewing loses it; one of this machine whose process is gone loses it at once.
"""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Update, select, text, update

from data_access import processes
from data_access.engine import insert, is_sqlite
from data_access.tables.kpi import refresh_lease
from data_access.transactions import writing, writing_all
from domain.errors import Busy
from domain.periods import utc_now

LASTS = timedelta(minutes=10)
ROW = 1
LONG_AGO = datetime(1900, 1, 1)
NO_WAIT = text("SET LOCAL synchronous_commit = off")


def _is_gone(holder: str) -> bool:
    """Whether the holder was a process of this machine that no longer runs."""
    host, _, rest = holder.partition(":")
    pid = rest.partition(":")[0]
    return host == socket.gethostname() and pid.isdigit() and not processes.is_alive(int(pid))


def is_held(connection: Connection) -> bool:
    """Whether somebody refreshes now."""
    row = connection.execute(select(refresh_lease)).first()
    return row is not None and row.until > utc_now() and not _is_gone(row.holder)


def take(engine: Engine) -> str:
    """The name under which the lease is now ours. Raises Busy with the other holder and until when."""
    holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    with writing(engine) as connection:
        empty = insert(connection, refresh_lease).values(id=ROW, holder="", until=LONG_AGO)
        connection.execute(empty.on_conflict_do_nothing(index_elements=["id"]))
        row = connection.execute(select(refresh_lease).with_for_update()).one()
        if row.until > utc_now() and not _is_gone(row.holder):
            raise Busy(row.holder, f"until {row.until:%H:%M:%S} UTC")
        connection.execute(update(refresh_lease).values(holder=holder, until=utc_now() + LASTS))
    return holder


@contextmanager
def writing_as(engine: Engine, holder: str) -> Iterator[Connection]:
    """A write transaction of the whole company that keeps the lease. Raises Busy if it was lost.

    On PostgreSQL the processes of one refresh write at the same time: each holds the row against others who
    would take it, not against its fellows.
    """
    with writing_all(engine) as connection:
        if is_sqlite(engine):
            is_kept = connection.execute(_longer(holder)).rowcount > 0
        else:
            # A server that fails loses the last moments of a refresh with what cleared their marks: the next
            # refresh does them again, so no transaction of this one waits for the disk.
            connection.execute(NO_WAIT)
            _renew_beside(connection, holder)
            kept = select(refresh_lease.c.id).where(refresh_lease.c.holder == holder)
            is_kept = connection.scalar(kept.with_for_update(read=True)) == ROW
        if not is_kept:
            raise Busy(holder, "lost the lease")
        yield connection


def _longer(holder: str) -> Update:
    return update(refresh_lease).where(refresh_lease.c.holder == holder).values(until=utc_now() + LASTS)


def _renew_beside(connection: Connection, holder: str) -> None:
    """Let the lease last longer once half its time is over, in a transaction of its own.

    It waits for those in which fellows hold the row now, seconds at most; so no thread has two at a time.
    """
    until = connection.scalar(select(refresh_lease.c.until).where(refresh_lease.c.holder == holder))
    if until is not None and until < utc_now() + LASTS / 2:
        with writing(connection.engine) as beside:
            beside.execute(_longer(holder))


@contextmanager
def held(engine: Engine) -> Iterator[str]:
    """The lease for the time of the block; given back at its end, whatever happens."""
    holder = take(engine)
    try:
        yield holder
    finally:
        with writing(engine) as connection:
            connection.execute(
                update(refresh_lease)
                .where(refresh_lease.c.holder == holder)
                .values(holder="", until=LONG_AGO)
            )
