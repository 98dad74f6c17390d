"""What became of one row: the acts on it, as the audit log and the imports tell them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One act. before, after: only what it changed, by column; None where there was or is no row.

    version: of the row that it left, or removed; by_id: the person, None where nobody knows.
    """

    at: datetime  # naive UTC
    by_name: str
    action: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reason: str
    version: int
    by_id: int | None = None


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """The entries of one row; those of one second by version, a removal after what it removed."""
    return sorted(entries, key=lambda one: (one.at, one.version, one.after is None), reverse=True)
