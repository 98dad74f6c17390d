"""Who refreshes now: one row, which its holder renews in every transaction that writes.

A holder that stops renewing loses it; one of this machine whose process is gone loses it at once.
"""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select, text, update

from data_access import processes
from data_access.engine import insert, is_sqlite
from data_access.tables.kpi import refresh_lease
from data_access.transactions import writing
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


def renew(connection: Connection, holder: str) -> None:
    """Keep the lease for this transaction and the next minutes. Raises Busy if it was lost."""
    kept = connection.execute(
        update(refresh_lease).where(refresh_lease.c.holder == holder).values(until=utc_now() + LASTS)
    )
    if kept.rowcount == 0:
        raise Busy(holder, "lost the lease")
    if not is_sqlite(connection):
        # A server that fails loses the last moments of a refresh with what cleared their marks: the next
        # refresh does them again, so no transaction of this one waits for the disk.
        connection.execute(NO_WAIT)


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
