"""Places where others may damage a line (外力破坏隐患点): when the next patrol is due, and how late it is."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

PATROL_STATES = ("late", "soon", "fine")
KINDS = ("construction", "crossing", "tall_machinery", "fishing", "other")


def every_days(kind: str, stated: int | None, rules: Mapping[str, Any]) -> int:
    """Days between patrols: as stated for the site, else as rule set risk says for its kind."""
    of_kind = rules["patrol_every_days"]
    return stated if stated is not None else of_kind.get(kind, of_kind["other"])


def due_on(opened_on: date, last_patrol_on: date | None, set_due_on: date | None, every: int) -> date:
    """The last day for the next patrol: as set with the last one, else `every` days after it.

    A site that was never patrolled is due as many days after it was opened.
    """
    if last_patrol_on is not None and set_due_on is not None:
        return set_due_on
    return (last_patrol_on or opened_on) + timedelta(days=every)


def patrol_state(due: date, day: date, rules: Mapping[str, Any]) -> str:
    """One of PATROL_STATES on the day; soon: due within the rule's days."""
    if due < day:
        return "late"
    return "soon" if due <= day + timedelta(days=rules["checks"]["near_patrol_days"]) else "fine"
