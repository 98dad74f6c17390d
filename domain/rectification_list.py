"""What a list of rectification items says in one line, and how it lies on a board by state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.rectifications import ON_THE_BOOKS


@dataclass(frozen=True)
class Tally:
    """How many items are listed, and how many of them are late, wait, or lack what work needs."""

    items: int
    overdue: int
    waiting: int
    unassigned: int


def tally(shown: Iterable[Any]) -> Tally:
    """The counts of listed items; each carries item and overdue_days."""
    found = list(shown)
    return Tally(
        len(found),
        sum(one.overdue_days > 0 for one in found),
        sum(one.item.status == "done" for one in found),
        sum(one.item.status == "draft" for one in found),
    )


def by_state(shown: Iterable[Any], states: Sequence[str] = ON_THE_BOOKS) -> Mapping[str, list[Any]]:
    """The listed items by state, in their order; states without any are there too."""
    found: dict[str, list[Any]] = {state: [] for state in states}
    for one in shown:
        if one.item.status in found:
            found[one.item.status].append(one)
    return found
