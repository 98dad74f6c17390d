"""The key that audit rows are signed with: outside the database, so that who can write there cannot sign.

AUDIT_KEY, the same on every server; else the file audit.key beside the SQLite file, for PostgreSQL in var/.
The first signature settles the key. From then on no other is made or taken: a database without its key
refuses what it would have to sign, until the key is back or somebody gives it a new one (audit_chain.renew).
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, select, update

from data_access import settings
from data_access.engine import insert, is_sqlite
from data_access.tables.org import database_info
from domain.errors import InvalidInput, WrongDatabase
from domain.periods import utc_now

FILE = "audit.key"
KNOWN_BY = "audit_key"  # in database_info: what tells the key from another one, and says nothing of it


def checked(connection: Connection) -> bytes:
    """The key, once it is known to be the one that the log was begun with. Raises WrongDatabase."""
    key = given(connection)
    known = _known(connection)
    if known is None:
        key = key or made(connection)
        row = {"key": KNOWN_BY, "value": sign(key, KNOWN_BY), "at": utc_now()}
        connection.execute(insert(connection, database_info).values(row).on_conflict_do_nothing())
        known = _known(connection)  # another server may have been faster, with another key
    if not _is_known_by(key, known):
        raise WrongDatabase("audit_key", file=FILE)
    return key


def present(connection: Connection) -> bytes:
    """The key of a log that was begun, to look at it; nothing is made. Raises WrongDatabase."""
    key, known = given(connection), _known(connection)
    if not key or (known is not None and not _is_known_by(key, known)):
        raise WrongDatabase("audit_key", file=FILE)
    return key


def renewed(connection: Connection) -> bytes:
    """The key that is given now, settled in the place of the one before; made where none is given.

    Raises InvalidInput("audit_key_is_right") where it is the one that the log goes on with.
    """
    key = given(connection)
    if _known(connection) is None or _is_known_by(key, _known(connection)):
        raise InvalidInput("audit_key_is_right")
    key = key or made(connection)
    mark = {"value": sign(key, KNOWN_BY), "at": utc_now()}
    connection.execute(update(database_info).where(database_info.c.key == KNOWN_BY).values(**mark))
    return key


def made(connection: Connection) -> bytes:
    """A new key in this server's file, or what another process put there meanwhile."""
    return _made(_file(connection))


def given(connection: Connection) -> bytes:
    """AUDIT_KEY, else what the file holds; b"" for neither."""
    given = settings.audit_key()
    if given:
        return given.encode()
    path = _file(connection)
    return path.read_bytes().strip() if path.is_file() else b""


def sign(key: bytes, text: str) -> str:
    """The text's HMAC-SHA-256 in hexadecimal digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _file(connection: Connection) -> Path:
    name = connection.engine.url.database if is_sqlite(connection) else None
    folder = Path(name).parent if name and name != ":memory:" else settings.PROJECT / "var"
    return folder / FILE


def _made(path: Path) -> bytes:
    """A new key in the file, unless another process was faster; the file is whole, or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink()
    return path.read_bytes().strip()


def _known(connection: Connection) -> str | None:
    return connection.scalar(select(database_info.c.value).where(database_info.c.key == KNOWN_BY))


def _is_known_by(key: bytes, mark: str | None) -> bool:
    return bool(key) and mark is not None and hmac.compare_digest(mark, sign(key, KNOWN_BY))
