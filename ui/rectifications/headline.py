"""What one item says in a sentence: who does what by when, and what is late."""

from datetime import date
from zoneinfo import ZoneInfo

from domain.periods import local_day
from domain.rectification_extensions import Extension
from domain.rectification_rights import waiting
from domain.rectifications import UNDER_WAY, Rectification
from ui import format as fmt
from ui import messages
from ui.rectifications import words
from ui.texts import _, counted


def who_does_what(item: Rectification) -> str:
    """Who does what by when; of an item off the books how it ended."""
    who, what = words.responsible(item), item.title
    if item.status == "draft":
        return _("Not assigned yet: {what}").format(what=what)
    if item.status in UNDER_WAY:
        text = _("{who}, by {due}: {what}")
        return text.format(who=who, what=what, due=fmt.day(item.current_due))
    if item.status == "done":
        return _("{who} reported it done on {day}: {what}").format(
            who=messages.person(item.done_by), day=fmt.day(item.done_at), what=what
        )
    if item.status == "closed":
        return _("Closed on {day}, verified by {who}: {what}").format(
            who=messages.person(item.verified_by), day=fmt.day(item.closed_at), what=what
        )
    return _("Cancelled on {day}: {what}").format(day=fmt.day(item.closed_at), what=what)


def what_is_late(
    item: Rectification,
    overdue_days: int,
    light: str,
    is_stuck: bool,
    last_news: date | None,
    extensions: tuple[Extension, ...],
    day: date,
    zone: ZoneInfo,
) -> list[str]:
    """What there is to say of its time, the worst first; last_news: the last day on which anybody logged."""
    said = []
    if overdue_days:
        text = counted("{n} day overdue", "{n} days overdue", overdue_days)
        said.append(text.format(n=fmt.number(overdue_days)))
    elif item.status in UNDER_WAY and item.current_due is not None:
        left = (item.current_due - day).days
        text = counted("{n} day left", "{n} days left", left)
        said.append(_("due today") if left == 0 else text.format(n=fmt.number(left)))
    if light == "yellow":
        said.append(_("behind: less of the work is done than of the time is over, or nobody reported lately"))
    if is_stuck:
        since = last_news or (item.created_at and local_day(item.created_at, zone))
        if since:
            text = _("no news for {n} days, the last on {day}")
            said.append(text.format(n=fmt.number((day - since).days), day=fmt.day(since)))
    said += _extended(item, extensions)
    if item.returned_times:
        text = counted("returned once", "returned {n} times", item.returned_times)
        said.append(text.format(n=item.returned_times))
    if item.status == "closed" and None not in (item.done_at, item.original_due):
        said.append(_kept(item))
    return said


def _extended(item: Rectification, extensions: tuple[Extension, ...]) -> list[str]:
    said = []
    approved = sum(one.state == "approved" for one in extensions)
    if approved and item.original_due is not None:
        text = counted(
            "extended once, originally due on {day}", "extended {n} times, originally due on {day}", approved
        )
        said.append(text.format(n=approved, day=fmt.day(item.original_due)))
    asked = waiting(extensions)
    if asked and item.is_on_the_books:
        text = _("an extension to {day} waits for a decision; until then {due} holds")
        said.append(text.format(day=fmt.day(asked.to_due), due=fmt.day(asked.from_due)))
    return said


def _kept(item: Rectification) -> str:
    late = (item.done_at - item.original_due).days
    if late <= 0:
        return _("done in time, by the original due date {day}").format(day=fmt.day(item.original_due))
    text = counted(
        "done {n} day after the original due date {day}",
        "done {n} days after the original due date {day}",
        late,
    )
    return text.format(n=fmt.number(late), day=fmt.day(item.original_due))
