"""Uploaded files wait here until their import is done: a folder beside the program, never the database.

One folder per upload, named by chance, so that no file's name can reach another's. UPLOADS names the place;
several servers behind one address share it or send each person to the same server.
"""

import os
import re
import shutil
import time
import uuid
from pathlib import Path
from typing import BinaryIO

from data_access import settings

CHUNK = 1 << 20


def folder() -> Path:
    """Where uploads lie: UPLOADS, default var/uploads."""
    return Path(os.environ.get("UPLOADS") or settings.PROJECT / "var" / "uploads")


def keep(content: BinaryIO, file_name: str) -> Path:
    """Path of a copy of the content, under the last part of its own name; written in chunks."""
    place = folder() / uuid.uuid4().hex
    place.mkdir(parents=True, mode=0o700)
    path = place / safe_name(file_name)
    content.seek(0)
    with path.open("wb") as file:
        shutil.copyfileobj(content, file, CHUNK)
    return path


def safe_name(file_name: str) -> str:
    """The name without folders and control characters, at most 120 characters, its ending kept."""
    name = re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", file_name)[-1]).lstrip(".") or "upload"
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= 120 else f"{stem[: 118 - len(ending)]}{dot}{ending}"


def forget(path: Path) -> None:
    """Remove an upload with everything beside it; silent where it is gone. Never outside the folder."""
    place = path.resolve().parent
    if place.parent == folder().resolve():
        shutil.rmtree(place, ignore_errors=True)


def old(days: int) -> list[Path]:
    """Folders of uploads that are older than so many days."""
    limit = time.time() - days * 86400
    if not folder().is_dir():
        return []
    return sorted(one for one in folder().iterdir() if one.is_dir() and one.stat().st_mtime < limit)


def forget_old(days: int) -> int:
    """Remove them; how many."""
    places = old(days)
    for place in places:
        shutil.rmtree(place, ignore_errors=True)
    return len(places)
