"""What is due today for somebody: one line per rectification item, its worst reason first, worst items first.

    overdue             the current due date is over; for who works on the item
    extension_waits     a later due date was asked for; for who may decide on it
    verification_waits  reported as done; for who may verify it
    near_due            due within the days of rule set rectification
    no_log              nobody logged anything for as many days as [stuck] says
    draft               not assigned yet; for who may assign it

Who works on an item is responsible or co-responsible for it, or has the right to work on items of its unit.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain import rectification_counts as counts
from domain import rectification_rights as rights
from domain.rectification_counts import Watched
from domain.rectification_extensions import Extension
from domain.rectifications import UNDER_WAY, Rectification

REASONS = ("overdue", "extension_waits", "verification_waits", "near_due", "no_log", "draft")
Key = tuple[str, str]


@dataclass(frozen=True)
class Reason:
    """Why an item is listed. days: overdue, left until due, or since the last news; of a request how many
    days later it would be due. since: the day on which it was reported, asked for, opened or last logged.
    """

    code: str
    days: int
    since: date | None = None


@dataclass(frozen=True)
class Line:
    """An item that somebody has to do something about. reasons: at least one, the worst first.

    is_mine: the person is responsible or co-responsible; asked: the extension to be decided on.
    """

    item: Rectification
    reasons: tuple[Reason, ...]
    is_mine: bool
    asked: Extension | None = None


def due(
    watched: Iterable[Watched],
    extensions: Mapping[Key, Extension],
    person_id: int | None,
    units: Mapping[str, Collection[int]],
    day: date,
    rule: Mapping[str, Mapping[str, Any]],
) -> list[Line]:
    """The person's lines, the worst first.

    extensions: those that wait, by (bureau_id, item_id). units: ids of the units for which the person may, by
    act. rule: body of rule set rectification.
    """
    lines = []
    for one in watched:
        acts = [act for act, ids in units.items() if one.item.org_unit_id in ids]
        asked = extensions.get((one.item.bureau_id, one.item.item_id))
        reasons = _reasons(one, asked, person_id, acts, day, rule)
        if reasons:
            lines.append(Line(one.item, tuple(reasons), one.item.is_worker(person_id), asked))
    return sorted(lines, key=_weight)


def _reasons(
    one: Watched,
    asked: Extension | None,
    person_id: int | None,
    acts: Collection[str],
    day: date,
    rule: Mapping[str, Mapping[str, Any]],
) -> list[Reason]:
    item, found = one.item, []
    works = item.is_worker(person_id) or rights.WORK in acts
    late = counts.overdue_days(item, day)
    if works and late and item.status in UNDER_WAY:
        found.append(Reason("overdue", late, item.current_due))
    if asked is not None and rights.APPROVE in acts and rights.may_decide(item, asked, person_id):
        found.append(Reason("extension_waits", (asked.to_due - asked.from_due).days, asked.from_due))
    if item.status == "done" and rights.VERIFY in acts and rights.is_independent(item, person_id):
        found.append(Reason("verification_waits", (day - item.done_at).days, item.done_at))
    if works and item.status in UNDER_WAY and item.current_due is not None and not late:
        left = (item.current_due - day).days
        if left <= rule["near_due"]["days"]:
            found.append(Reason("near_due", left, item.current_due))
    if works and item.status in UNDER_WAY and counts.is_stuck(one, day, rule):
        since = one.last_log_on or one.opened_on
        found.append(Reason("no_log", (day - since).days, since))
    if item.status == "draft" and rights.EDIT in acts:
        found.append(Reason("draft", (day - one.opened_on).days, one.opened_on))
    return found


def _weight(line: Line) -> tuple:
    first = line.reasons[0]
    sooner = first.days if first.code == "near_due" else -first.days
    return REASONS.index(first.code), sooner, line.item.item_id, line.item.bureau_id
