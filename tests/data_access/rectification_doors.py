"""What test_foreign_scope.py asks of rectification items: every read and act, of the other city's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import select

from data_access import (
    evidence_files,
    rectification_acts,
    rectification_board,
    rectification_handover,
    rectification_import,
    rectification_making,
    rectification_notes,
    rectification_objects,
    rectification_people,
    rectification_proof,
    rectification_steps,
    rectifications,
    today,
)
from data_access import rectification_extensions as extensions
from data_access.rectifications import Wanted
from data_access.tables.rectifications import rectifications as table
from domain.rectifications import Rectification
from tests.data_access.other_city import ITEMS, OTHER, WORKER, Asked

DAY = rectification_acts.today()
LATER = date(DAY.year + 1, 12, 31)
NEW = Rectification("P", "", 0, "line", "L3", "x")


def _item(at: Asked, state: str) -> tuple[str, str, int]:
    """Key and version of the item in that state."""
    with at.engine.connect() as connection:
        version = connection.scalar(select(table.c.version).where(table.c.item_id == ITEMS[state]))
    return "P", ITEMS[state], version


def _step(name: str, state: str, *more: Any) -> Callable[[Asked], Any]:
    return lambda at: getattr(rectification_steps, name)(*at.by, *_item(at, state), *more).version


def _manager(at: Asked) -> tuple[Any, Any]:
    """Somebody of the same city who had no hand in the items, as its manager."""
    return at.engine, replace(at.viewer, person_id=OTHER, roles=frozenset({"manager"}))


def _table(_at: Asked) -> pd.DataFrame:
    cells = {"item_id": ITEMS["draft"], "bureau_id": "P", "version": "1", "object_kind": "line"}
    return pd.DataFrame([cells | {"object_code": "L3", "title": "another"}])


DOORS: dict[str, Callable[[Asked], Any]] = {
    "evidence_files.add": lambda at: evidence_files.add(
        *at.by, *_item(at, "working")[:2], "y.pdf", b"%PDF-1.6", "before"
    ),
    "evidence_files.content": lambda at: evidence_files.content(*at.of, *_item(at, "done")[:2], 1).content,
    "rectification_proof.by_kind": lambda at: rectification_proof.by_kind(*at.of, at.city),
    "rectification_proof.of_item": lambda at: (
        rectification_proof.of_item(*at.of, *_item(at, "done")[:2]).title
    ),
    "rectification_proof.of_object": lambda at: rectification_proof.of_object(*at.of, "P", "line", "L3"),
    "rectification_proof.of_unit": lambda at: rectification_proof.of_unit(*at.of, at.city),
    "rectification_board.board": lambda at: rectification_board.board(*at.of, at.city, DAY, DAY, DAY).states,
    "rectification_board.burn_down": lambda at: rectification_board.burn_down(*at.of, at.city, DAY, DAY),
    "rectification_board.overdue": lambda at: rectification_board.overdue(*at.of, at.city, LATER),
    "rectification_board.timeline": lambda at: rectification_board.timeline(*at.of, at.city, DAY),
    "rectification_extensions.ask": lambda at: (
        extensions.ask(*at.by, *_item(at, "working"), DAY + timedelta(days=90), "why").version
    ),
    "rectification_extensions.decide": lambda at: (
        extensions.decide(*_manager(at), *_item(at, "assigned"), 1, True).version
    ),
    "rectification_handover.hand_over_all": lambda at: rectification_handover.hand_over_all(
        *at.by, at.city, WORKER, OTHER, "why"
    ),
    "rectification_handover.lying_with": lambda at: rectification_handover.lying_with(
        *at.by, at.city, WORKER
    ),
    "rectification_import.exported": lambda at: rectification_import.exported(*at.of, Wanted(), DAY, "zh"),
    "rectification_import.planned": lambda at: [
        one.act for one in rectification_import.planned(*at.by, _table(at)) if not one.problems
    ],
    "rectification_import.take_over": lambda at: rectification_import.take_over(*at.by, _table(at)),
    "rectification_making.create": lambda at: rectification_making.create(*at.by, NEW).item_id,
    "rectification_making.suggested": lambda at: (
        rectification_making.suggested(*at.of, replace(NEW, rules="RL6")).causes
    ),
    "rectification_notes.write": lambda at: rectification_notes.write(*at.by, *_item(at, "draft")[:2], "x"),
    "rectification_objects.found": lambda at: rectification_objects.found(*at.of, "line", "L3"),
    "rectification_objects.named": lambda at: rectification_objects.named(*at.of, [("P", "line", "L3")]),
    "rectification_people.assignable": lambda at: rectification_people.assignable(*at.of, at.city),
    "rectification_steps.assign": _step("assign", "draft", WORKER),
    "rectification_steps.cancel": _step("cancel", "draft", "why"),
    "rectification_steps.edit": _step("edit", "draft", {"title": "another"}),
    "rectification_steps.hand_over": _step("hand_over", "draft", WORKER, None, "why"),
    "rectification_steps.mark_done": _step("mark_done", "working", DAY, "x"),
    "rectification_steps.progress": _step("progress", "working", 10, "x"),
    "rectification_steps.send_back": _step("send_back", "done", "why"),
    "rectification_steps.start": _step("start", "assigned"),
    "rectification_steps.verify": lambda at: (
        rectification_steps.verify(*_manager(at), *_item(at, "done"), "x").version
    ),
    "rectification_extensions.waiting": lambda at: extensions.waiting(*at.of, at.city),
    "rectifications.history": lambda at: rectifications.history(*at.of, *_item(at, "draft")[:2]),
    "rectifications.listed": lambda at: rectifications.listed(*at.of, Wanted(), DAY),
    "rectifications.log_of_object": lambda at: rectifications.log_of_object(*at.of, "P", "line", "L3"),
    "rectifications.of_object": lambda at: rectifications.of_object(*at.of, "P", "line", "L3", DAY),
    "rectifications.one": lambda at: rectifications.one(*at.of, *_item(at, "draft")[:2], DAY).log,
    "today.due": lambda at: today.due(*at.by, LATER),
}
