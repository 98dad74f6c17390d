"""What a rectification item counts for, told from its days: due in time, overdue, relapsed, judged.

The board of a day and the KPIs of a month (X01 to X04) both ask here, so that they agree.
"""

from datetime import date, timedelta

from domain.periods import add_months, last_day, month_of
from domain.rectifications import Rectification


def kept(item: Rectification, due: date, day: date) -> bool | None:
    """Whether the works were done no later than due, and verified; None while it is undecided on the day.

    Works that are done in time but not verified yet are undecided, and so is a due date still to come.
    """
    in_time = item.done_at is not None and item.done_at <= due
    if item.status == "closed":
        return in_time
    if in_time or day < due:
        return None
    return False


def was_overdue(item: Rectification, day: date) -> bool:
    """Whether it was on the books past its original due date at the end of the day; of any day gone by.

    An extension changes nothing of it. An item counts from the day on which it was found.
    """
    if item.original_due is None or item.original_due >= day:
        return False
    is_known = item.found_on is None or item.found_on <= day
    return is_known and (item.closed_at is None or item.closed_at > day)


def became_overdue_on(item: Rectification) -> date | None:
    """The first day at whose end it was overdue; None where it never was."""
    if item.original_due is None:
        return None
    first = max(item.original_due + timedelta(days=1), item.found_on or date.min)
    return first if was_overdue(item, first) else None


def relapse_known_on(item: Rectification, days: int) -> date | None:
    """The day from which a closed item counts as relapsed or not; None for one that was not closed.

    So many days after the works, or when it was closed, where that was later.
    """
    if item.status != "closed" or item.done_at is None:
        return None
    return max(item.done_at + timedelta(days=days), item.closed_at or date.min)


def final_month(item: Rectification, months: int) -> date | None:
    """The month at whose end the window after the works has so many months; None before they are done."""
    if item.done_at is None or item.status not in ("done", "closed"):
        return None
    return add_months(month_of(item.done_at), months)


def is_over(month: date, as_of: date) -> bool:
    """Whether the data reach to the end of the month."""
    return last_day(month) <= as_of
