"""What a board of rectification items says: lights, ages, lateness, load, and what was kept in time.

Thresholds are those of rule set rectification, handed in as its body.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain import rectification_months
from domain.rectifications import UNDER_WAY, Rectification

LIGHTS = ("red", "yellow", "blue", "none")  # the worst first
FOR_SHARES = ("status", "found_on", "done_at", "closed_at", "original_due", "current_due")
Rule = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Watched:
    """An item as a board sees it; local days. last_log_on: None where nobody logged anything."""

    item: Rectification
    opened_on: date
    assigned_on: date | None
    last_log_on: date | None


@dataclass(frozen=True)
class Group:
    """How many items have from `first` to `last` days; last is None for all above."""

    first: int
    last: int | None
    n: int


@dataclass(frozen=True)
class Load:
    """What lies with one person; person_id None: with nobody."""

    person_id: int | None
    name: str
    open: int
    overdue: int
    near_due: int


@dataclass(frozen=True)
class Share:
    """n of `of`; a share of nothing is no share."""

    n: int
    of: int

    @property
    def value(self) -> float | None:
        return self.n / self.of if self.of else None


def overdue_days(item: Rectification, day: date) -> int:
    """Days since the current due date; 0 where it is not over, there is none, or the item left the books."""
    if not item.is_on_the_books or item.current_due is None:
        return 0
    return max(0, (day - item.current_due).days)


def light(one: Watched, day: date, rule: Rule) -> str:
    """red 红 overdue until closed, yellow 黄 behind, blue 蓝 near due, none; the worst that holds."""
    item = one.item
    if overdue_days(item, day):
        return "red"
    if item.status in UNDER_WAY and is_behind(one, day, rule["behind"]):
        return "yellow"
    return "blue" if is_near_due(item, day, rule) else "none"


def is_near_due(item: Rectification, day: date, rule: Rule) -> bool:
    """Whether an item on the books is due within so many days, on time or behind; today is within them."""
    if not item.is_on_the_books or item.current_due is None:
        return False
    return 0 <= (item.current_due - day).days <= rule["near_due"]["days"]


def is_behind(one: Watched, day: date, rule: Mapping[str, int]) -> bool:
    """Whether more of the time is over than of the work, or nobody logged anything for long."""
    since = one.last_log_on or one.assigned_on
    if since is not None and (day - since).days >= rule["no_log_days"]:
        return True
    if one.assigned_on is None or one.item.current_due is None:
        return False
    total = (one.item.current_due - one.assigned_on).days
    over = (day - one.assigned_on).days
    return over * 100 > (one.item.progress_pct + rule["points"]) * total


def is_stuck(one: Watched, day: date, rule: Rule) -> bool:
    """Whether an item on the books has had no log for so many days; its opening counts as one."""
    since = one.last_log_on or one.opened_on
    return one.item.is_on_the_books and (day - since).days >= rule["stuck"]["days"]


def open_by_age(watched: Iterable[Watched], day: date, rule: Rule) -> list[Group]:
    """Items on the books by days since they were opened."""
    ages = [(day - one.opened_on).days for one in watched if one.item.is_on_the_books]
    return _groups(ages, rule["open_by_age"]["up_to_days"], 0)


def overdue_by_days(watched: Iterable[Watched], day: date, rule: Rule) -> list[Group]:
    """Overdue items by days since the current due date."""
    late = [days for one in watched if (days := overdue_days(one.item, day))]
    return _groups(late, rule["overdue_by"]["up_to_days"], 1)


def load(watched: Iterable[Watched], day: date, rule: Rule) -> list[Load]:
    """What lies with each responsible person, the most overdue first; co-responsible items are not theirs."""
    names: dict[int | None, str] = {}
    counts: dict[str, Counter] = {name: Counter() for name in ("open", "overdue", "near_due")}
    for one in watched:
        if not one.item.is_on_the_books:
            continue
        person = one.item.responsible_id
        names.setdefault(person, one.item.responsible)
        counts["open"][person] += 1
        counts["overdue"][person] += overdue_days(one.item, day) > 0
        counts["near_due"][person] += is_near_due(one.item, day, rule)
    found = [
        Load(person, name, *(counts[kind][person] for kind in ("open", "overdue", "near_due")))
        for person, name in names.items()
    ]
    return sorted(found, key=lambda one: (-one.overdue, -one.open, one.name))


def closed_rate(items: Iterable[Any]) -> Share:
    """整改率: closed of all that were found; cancelled items were found by mistake and count nowhere.

    items: whatever has the attributes FOR_SHARES, here and in on_time().
    """
    found = [one for one in items if one.status != "cancelled"]
    return Share(sum(one.status == "closed" for one in found), len(found))


def on_time(
    items: Iterable[Any],
    first: date,
    last: date,
    by: str = "original_due",
    day: date | None = None,
) -> Share:
    """Done no later than due and verified, of the items due in these days that are decided on the day.

    by: original_due (X01 整改按期完成率, which no extension moves) or current_due. day: default last.
    """
    due = [
        (getattr(one, by), one)
        for one in items
        if one.status != "cancelled" and getattr(one, by) is not None and first <= getattr(one, by) <= last
    ]
    found = [rectification_months.kept(one, due_on, day or last) for due_on, one in due]
    return Share(found.count(True), len(found) - found.count(None))


def stuck(watched: Iterable[Watched], day: date, rule: Rule) -> list[Watched]:
    """Items without a log for long, the longest first."""
    found = [one for one in watched if is_stuck(one, day, rule)]
    return sorted(found, key=lambda one: (one.last_log_on or one.opened_on, one.item.item_id))


def _groups(days: Sequence[int], up_to: Sequence[int], least: int) -> list[Group]:
    edges = [*sorted(up_to), None]
    firsts = [least, *(edge + 1 for edge in sorted(up_to))]
    return [
        Group(first, last, sum(first <= one and (last is None or one <= last) for one in days))
        for first, last in zip(firsts, edges, strict=True)
    ]
