"""Where the contents of evidence files lie: beside the database, each under the hash of what it holds.

The name that a person gave stands in the database alone, so none leads anywhere. A file is whole or not
there, and the same content is kept once. EVIDENCE_FILES names the folder; else it is `evidence` beside the
SQLite file; for PostgreSQL, whose servers share one, it has to be named.
"""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine

from data_access.engine import is_sqlite
from domain.errors import InvalidInput

FOLDER = "evidence"
HASH = re.compile(r"[0-9a-f]{64}")
DAY_S = 86400


def folder(bind: Engine | Connection) -> Path:
    """The folder; it may not be there yet. Raises InvalidInput("evidence_folder")."""
    if given := os.environ.get("EVIDENCE_FILES"):
        return Path(given)
    file = bind.engine.url.database if is_sqlite(bind) else None
    if not file or file == ":memory:":
        raise InvalidInput("evidence_folder")
    return Path(file).parent / FOLDER


def hash_of(content: bytes) -> str:
    """SHA-256 in hexadecimal digits: the content's place."""
    return hashlib.sha256(content).hexdigest()


def keep(place: Path, content: bytes) -> str:
    """The hash of the content, which is in the folder from here on; renewed where it was."""
    sha256 = hash_of(content)
    path = path_of(place, sha256)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{sha256}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return sha256


def read(place: Path, sha256: str) -> bytes | None:
    """The content, None where it is gone or is no longer what was kept."""
    path = path_of(place, sha256)
    content = path.read_bytes() if path.is_file() else b""
    return content if hash_of(content) == sha256 else None


def path_of(place: Path, sha256: str) -> Path:
    """Where a content lies. Raises ValueError for what is no hash, so that no text leads elsewhere."""
    if not HASH.fullmatch(sha256):
        raise ValueError(sha256)
    return place / sha256[:2] / sha256


def unchanged(place: Path, days: int) -> Iterator[tuple[str, Path]]:
    """(hash, path) of files that nobody wrote for so many days, those broken off in writing among them."""
    limit = time.time() - days * DAY_S
    for path in sorted(place.glob("??/*")) if place.is_dir() else ():
        sha256 = path.name.partition(".")[0]
        if HASH.fullmatch(sha256) and path.is_file() and path.stat().st_mtime < limit:
            yield sha256, path
