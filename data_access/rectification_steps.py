"""The steps of a rectification item, each one transaction with its version, log row and audit row.

Each takes (engine, viewer, bureau_id, item_id, version as shown, ...) and gives the item as stored. All raise
NotFound, NotAllowed, ChangedByOthers and StepNotAllowed("rectification_<step>", state); what else, each says.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Engine, select

from data_access import rectification_acts as acts
from data_access import rectification_people, rules
from data_access.rectification_acts import At
from data_access.settings import company_timezone
from data_access.tables.rectifications import rectification_log as log
from domain import rectifications
from domain.errors import InvalidInput
from domain.periods import local_day, utc_now
from domain.rectification_rights import EDIT, VERIFY, WORK
from domain.rectifications import Rectification
from domain.viewer import Viewer

EDITABLE = (*rectifications.LONGEST, "level", "measure_kind", "measure_type")


def edit(
    engine: Engine,
    viewer: Viewer,
    bureau_id: str,
    item_id: str,
    version: int,
    values: Mapping[str, Any],
    due: date | None = None,
) -> Rectification:
    """What the item says is another; due only where it has none yet.

    values: of EDITABLE. While it is worked on the five points stay filled. Raises InvalidInput of
    rectifications.check_content() and check_due(), StepNotAllowed("rectification_five_points").
    """
    mine = {name: values[name] for name in EDITABLE if name in values}
    with acts.opened(engine, viewer, bureau_id, item_id, version, (EDIT,), mine=mine) as at:
        return edit_in(at, mine, due)


def edit_in(at: At, values: Mapping[str, Any], due: date | None) -> Rectification:
    """edit() inside the caller's transaction."""
    rectifications.check_step(at.item, "edit")
    kinds = rules.current(at.connection, "measures")
    rectifications.check_content(values, kinds)
    stored = dict(values)
    if "measure_kind" in values or "measure_type" in values:
        after = replace(at.item, **values)
        has_own = bool(after.measure_kind and kinds[after.measure_kind]["type"])
        chosen = values.get("measure_type", "" if has_own else at.item.measure_type)
        stored["measure_type"] = rectifications.type_of(after.measure_kind, chosen, kinds)
    if due is not None:
        rectifications.check_due(at.item, due, acts.today())
        if at.item.original_due is None:
            stored |= {"original_due": due, "current_due": due}
    if at.item.status == "working":
        rectifications.check_points(replace(at.item, **stored))
    return acts.store(at, "edit", stored)


def assign(
    engine: Engine,
    viewer: Viewer,
    bureau_id: str,
    item_id: str,
    version: int,
    responsible_id: int,
    co_responsible_id: int | None = None,
    due: date | None = None,
    text: str = "",
) -> Rectification:
    """A draft is somebody's, with a due date. Raises InvalidInput("rectification_person" |
    "rectification_person_twice" | "rectification_due_missing" and those of rectifications.check_due())."""
    mine = {"responsible_id": responsible_id, "co_responsible_id": co_responsible_id}
    with acts.opened(engine, viewer, bureau_id, item_id, version, (EDIT,), mine=mine) as at:
        return assign_in(at, responsible_id, co_responsible_id, due, text)


def assign_in(
    at: At, responsible_id: int, co_responsible_id: int | None, due: date | None, text: str
) -> Rectification:
    """assign() inside the caller's transaction."""
    to = rectifications.check_step(at.item, "assign")
    people = given_to(at, responsible_id, co_responsible_id)
    wanted = due or at.item.original_due
    if wanted is None:
        raise InvalidInput("rectification_due_missing")
    rectifications.check_due(at.item, wanted, acts.today())
    values = people | {"original_due": wanted, "current_due": wanted, "status": to, "assigned_at": utc_now()}
    return acts.store(at, "assign", values, text, to=(responsible_id, people["responsible"]))


def hand_over(
    engine: Engine,
    viewer: Viewer,
    bureau_id: str,
    item_id: str,
    version: int,
    responsible_id: int,
    co_responsible_id: int | None,
    reason: str,
) -> Rectification:
    """Somebody else is responsible; who was so far may still not verify. Raises InvalidInput
    ("rectification_person" | "rectification_person_twice" | "reason_missing")."""
    rectifications.check_reason(reason)
    mine = {"responsible_id": responsible_id, "co_responsible_id": co_responsible_id}
    with acts.opened(engine, viewer, bureau_id, item_id, version, (EDIT,), mine=mine) as at:
        rectifications.check_step(at.item, "hand_over")
        people = given_to(at, responsible_id, co_responsible_id)
        return acts.store(at, "hand_over", people, reason, to=(responsible_id, people["responsible"]))


def given_to(at: At, responsible_id: int, co_responsible_id: int | None) -> dict[str, Any]:
    """The columns that say whose the item is. Raises InvalidInput."""
    if responsible_id is None:
        raise InvalidInput("rectification_person_missing")
    if responsible_id == co_responsible_id:
        raise InvalidInput("rectification_person_twice")
    names = [
        one and rectification_people.name_of(at.connection, at.viewer.scope, at.item.org_unit_id, one)
        for one in (responsible_id, co_responsible_id)
    ]
    return {
        "responsible_id": responsible_id,
        "responsible": names[0],
        "co_responsible_id": co_responsible_id,
        "co_responsible": names[1],
        "worked_by_ids": acts.hands(at.item, responsible_id, co_responsible_id),
    }


def start(
    engine: Engine, viewer: Viewer, bureau_id: str, item_id: str, version: int, text: str = ""
) -> Rectification:
    """Work begins, once the five points stand. Raises StepNotAllowed("rectification_five_points")."""
    with acts.opened(engine, viewer, bureau_id, item_id, version, (WORK,), is_for_workers=True) as at:
        to = rectifications.check_step(at.item, "start")
        rectifications.check_points(at.item)
        values = {"status": to, "started_at": utc_now(), "worked_by_ids": acts.hands(at.item, acting=viewer)}
        return acts.store(at, "start", values, text)


def progress(
    engine: Engine, viewer: Viewer, bureau_id: str, item_id: str, version: int, pct: int, text: str
) -> Rectification:
    """How far it is, in percent. Raises InvalidInput("rectification_percent" | "rectification_text")."""
    rectifications.check_progress(pct, text)
    mine = {"progress_pct": pct}
    with acts.opened(
        engine, viewer, bureau_id, item_id, version, (WORK,), is_for_workers=True, mine=mine
    ) as at:
        return progress_in(at, pct, text)


def progress_in(at: At, pct: int, text: str) -> Rectification:
    """progress() inside the caller's transaction; said again with the same number it is a note."""
    rectifications.check_step(at.item, "progress")
    rectifications.check_progress(pct, text)
    people = acts.hands(at.item, acting=at.viewer)
    if (pct, people) == (at.item.progress_pct, list(at.item.worked_by_ids)):
        acts.say(at, "note", text)
        return at.item
    values = {"progress_pct": pct, "worked_by_ids": people}
    return acts.store(at, "progress", values, text, pct)


def mark_done(
    engine: Engine, viewer: Viewer, bureau_id: str, item_id: str, version: int, done_on: date, text: str
) -> Rectification:
    """The works ended on that day and wait for verification. Raises InvalidInput("rectification_done_on" |
    "rectification_text")."""
    rectifications.check_text(text)
    mine = {"done_at": done_on}
    with acts.opened(
        engine, viewer, bureau_id, item_id, version, (WORK,), is_for_workers=True, mine=mine
    ) as at:
        to = rectifications.check_step(at.item, "done")
        assigned_on = local_day(at.item.assigned_at, company_timezone())
        rectifications.check_done_on(done_on, assigned_on, acts.today())
        values = {"status": to, "done_at": done_on, "done_by_id": viewer.person_id, "done_by": viewer.name}
        values |= {"progress_pct": 100, "worked_by_ids": acts.hands(at.item, acting=viewer)}
        return acts.store(at, "done", values, text)


def send_back(
    engine: Engine, viewer: Viewer, bureau_id: str, item_id: str, version: int, reason: str
) -> Rectification:
    """What was reported as done is not: worked on again, at the progress last reported, and counted.

    Raises InvalidInput("reason_missing").
    """
    rectifications.check_reason(reason)
    with acts.opened(engine, viewer, bureau_id, item_id, version, (VERIFY, EDIT)) as at:
        to = rectifications.check_step(at.item, "return")
        last = select(log.c.progress_pct).where(*(log.c[name] == one for name, one in at.key.items()))
        last = last.where(log.c.progress_pct.is_not(None)).order_by(log.c.no.desc()).limit(1)
        values = {"status": to, "done_at": None, "done_by_id": None, "done_by": None}
        values |= {"returned_times": at.item.returned_times + 1}
        values |= {"progress_pct": at.connection.scalar(last) or 0}
        return acts.store(at, "return", values, reason)


def verify(
    engine: Engine, viewer: Viewer, bureau_id: str, item_id: str, version: int, text: str
) -> Rectification:
    """Verified by somebody who had no hand in it, and off the books 销号.

    text: what was looked at and found. Raises StepNotAllowed("rectification_own"), InvalidInput
    ("rectification_text").
    """
    rectifications.check_text(text)
    with acts.opened(engine, viewer, bureau_id, item_id, version, (VERIFY,)) as at:
        to = rectifications.check_step(at.item, "verify")
        rectifications.check_independent(at.item, viewer.person_id, "rectification_own")
        values = {"status": to, "verified_at": utc_now(), "verification": text.strip()}
        values |= {"verified_by_id": viewer.person_id, "verified_by": viewer.name, "closed_at": acts.today()}
        return acts.store(at, "verify", values, text)


def cancel(
    engine: Engine, viewer: Viewer, bureau_id: str, item_id: str, version: int, reason: str
) -> Rectification:
    """Made by mistake, or no longer needed; once it is somebody's, not by who had a hand in it.

    Raises InvalidInput("reason_missing"), StepNotAllowed("rectification_cancel_own").
    """
    rectifications.check_reason(reason)
    with acts.opened(engine, viewer, bureau_id, item_id, version, (EDIT,)) as at:
        to = rectifications.check_step(at.item, "cancel")
        if at.item.status != "draft":
            rectifications.check_independent(at.item, viewer.person_id, "rectification_cancel_own")
        values = {"status": to, "cancelled_reason": reason.strip(), "closed_at": acts.today()}
        return acts.store(at, "cancel", values, reason)
