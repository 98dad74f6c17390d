"""The key that audit rows are signed with: outside the database, so that who can write there cannot sign."""

import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, select

from data_access import settings
from data_access.engine import insert, is_sqlite
from data_access.tables.org import database_info
from domain.errors import WrongDatabase
from domain.periods import utc_now

FILE = "audit.key"
KNOWN_BY = "audit_key"  # in database_info: what tells the key from another one, and says nothing of it


def checked(connection: Connection) -> bytes:
    """The key, once it is known to be the one that the log was begun with. Raises WrongDatabase."""
    key = _of(connection)
    _check(connection, key)
    return key


def sign(key: bytes, text: str) -> str:
    """The text's HMAC-SHA-256 in hexadecimal digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _of(connection: Connection) -> bytes:
    """AUDIT_KEY, else the file audit.key beside the SQLite file, for PostgreSQL in var/; made when absent."""
    given = settings.audit_key()
    if given:
        return given.encode()
    name = connection.engine.url.database if is_sqlite(connection) else None
    folder = Path(name).parent if name and name != ":memory:" else settings.PROJECT / "var"
    return _kept(folder / FILE)


@cache
def _kept(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_bytes().strip()


def _check(connection: Connection, key: bytes) -> None:
    """The first signature settles the key: a server with another one would break the chain."""
    mark = sign(key, KNOWN_BY)
    known = connection.scalar(select(database_info.c.value).where(database_info.c.key == KNOWN_BY))
    if known is None:
        row = {"key": KNOWN_BY, "value": mark, "at": utc_now()}
        connection.execute(insert(connection, database_info).values(row).on_conflict_do_nothing())
    elif not hmac.compare_digest(known, mark):
        raise WrongDatabase("audit_key", file=FILE)
