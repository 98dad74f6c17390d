"""One row of a table of items that is brought back: what it does to the item, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from data_access import rectification_acts as acts
from data_access import rectification_making as making
from data_access import rectification_people, rectification_steps
from data_access.changing import Change
from data_access.rectification_acts import At
from data_access.scope import within
from domain import rectification_table as columns
from domain import rectifications
from domain.errors import Coded, InvalidInput, NotFound
from domain.rectification_rights import EDIT, WORK
from domain.rectifications import Rectification
from domain.viewer import Viewer

PLACES = {  # where a problem stands that a step finds
    "rectification_due": "original_due",
    "rectification_name_twice": "responsible",
    "rectification_no_person": "responsible",
    "rectification_five_points": "funding",
    "rectification_object": "object_code",
    "rectification_percent": "progress_pct",
    "rectification_person": "responsible",
    "rectification_progress": "progress_pct",
    "rectification_rules": "rules",
    "rectification_text": "note",
    "rectification_title": "title",
    "rectification_type": "measure_type",
    "work_on_rectifications": "progress_pct",
}


@dataclass(frozen=True)
class Taken:
    """What all rows of a table share. units: code by id, of those that the viewer sees."""

    connection: Connection
    viewer: Viewer
    kinds: Mapping[str, Mapping[str, Any]]
    units: Mapping[int, str]


class Row:
    """A row; act() does what it says inside the caller's savepoint and gives the word for it."""

    def __init__(self, taken: Taken, cells: Mapping[str, str]):
        self.taken = taken
        self.problems: list[tuple[str, Coded]] = []
        self.said, found = columns.read(cells, taken.kinds)
        self.problems += found
        self.item_id: str = self.said.get("item_id", "")
        self.bureau_id: str = self.said.get("bureau_id", "")
        self.version: int | None = None
        self.mine: dict[str, Any] = {}
        self.theirs: dict[str, Any] = {}
        self.changes: list[tuple[str, Change]] = []

    def problem(self, column: str, error: Coded) -> None:
        self.problems.append((column, error))

    def act(self, over: int | None) -> str:
        """new, changed, same, conflict or wrong. over: a stored version that may be replaced."""
        if self.problems:
            return "wrong"
        try:
            word = self._held(over) if self.item_id else self._new()
        except Coded as error:
            self.problem(_place(error), error)
        except NotFound:
            self.problem("item_id", InvalidInput("rectification_no_item", value=self.item_id))
        return "wrong" if self.problems else word

    def _held(self, over: int | None) -> str:
        connection, viewer = self.taken.connection, self.taken.viewer
        item = acts.held(connection, viewer.scope, self.bureau_id, self.item_id)
        self.version = item.version
        at = At(connection, viewer, item, self.changes)
        acts.check_may(at, (EDIT,))
        wanted = self._wanted(item)
        note = self.said.get("note", "")
        if not wanted and not note:
            return "same"
        self._check_fixed(item, wanted)
        if self.problems:
            return "wrong"
        if wanted and self.said["version"] != item.version and over != item.version:
            self.mine, self.theirs = wanted, {name: getattr(item, name) for name in wanted}
            return "conflict"
        self._store(at, wanted, note)
        return "changed"

    def _wanted(self, item: Rectification) -> dict[str, Any]:
        """What the row says otherwise than the item is; empty dates, numbers, fixed columns say nothing."""
        told = {"item_id", "bureau_id", "version", "note"}
        needed = {*columns.FIXED, "level"}
        says = {
            name: one
            for name, one in self.said.items()
            if name not in told and one is not None and (one != "" or name not in needed)
        }
        now = {"unit": self.taken.units.get(item.org_unit_id, "")}
        return {name: one for name, one in says.items() if one != now.get(name, getattr(item, name, None))}

    def _check_fixed(self, item: Rectification, wanted: dict[str, Any]) -> None:
        fixed = [*columns.FIXED, *(("responsible", "co_responsible") if item.status != "draft" else ())]
        told = columns.cells(item, self.taken.units.get(item.org_unit_id, ""), "zh", self.taken.kinds)
        for name in fixed:
            if name in wanted:
                self.problem(name, InvalidInput("rectification_fixed", value=told[name]))

    def _store(self, at: At, wanted: Mapping[str, Any], note: str) -> None:
        people = self._people(at.item.org_unit_id, wanted)
        values = {name: one for name, one in wanted.items() if name in rectification_steps.EDITABLE}
        due = wanted.get("original_due")
        if values or due is not None:
            at = replace(at, item=rectification_steps.edit_in(at, values, due))
        if people:
            at = replace(at, item=rectification_steps.assign_in(at, *people, None, note))
        if "progress_pct" in wanted:
            acts.check_may(at, (WORK,), is_for_workers=True)
            rectification_steps.progress_in(at, wanted["progress_pct"], note)
        elif note and not people:
            acts.say(at, "note", note)

    def _people(self, unit_id: int, wanted: Mapping[str, Any]) -> tuple[int, int | None] | None:
        """Numbers of those whose names the row gives; None where it gives none."""
        numbers = [self._person(unit_id, wanted.get(name, "")) for name in ("responsible", "co_responsible")]
        if numbers[1] is not None and numbers[0] is None:
            raise InvalidInput("rectification_no_person", name="")
        return None if numbers[0] is None else (numbers[0], numbers[1])

    def _person(self, unit_id: int, name: str) -> int | None:
        if not name:
            return None
        connection, scope = self.taken.connection, self.taken.viewer.scope
        found = rectification_people.by_name(connection, scope, unit_id, name)
        if len(found) != 1:
            code = "rectification_name_twice" if found else "rectification_no_person"
            raise InvalidInput(code, name=name)
        return found[0]

    def _new(self) -> str:
        if not self.said["object_kind"]:
            self.problem("object_kind", InvalidInput("cell_needed"))
            return "wrong"
        given = {name: self.said[name] for name in making.WRITTEN if self.said.get(name)}
        unit = next((one for one, code in self.taken.units.items() if code == self.said.get("unit")), 0)
        wanted = Rectification(
            self.bureau_id,
            "",
            unit,
            given.pop("object_kind", ""),
            self.said["object_code"],
            given.pop("title", ""),
            rules=self.said.get("rules", ""),
            found_by="table",
            original_due=self.said.get("original_due"),
            **given,
        )
        if self.said.get("progress_pct"):
            rectifications.check_step(wanted, "progress")
        wanted = replace(wanted, bureau_id=self.space())
        connection, viewer = self.taken.connection, self.taken.viewer
        unit = making.unit_of(connection, viewer.scope, wanted)
        if people := self._people(unit, self.said):
            wanted = replace(wanted, responsible_id=people[0], co_responsible_id=people[1])
        made = making.create_in(connection, viewer, wanted, self.changes)
        self.bureau_id, self.item_id, self.version = made.bureau_id, made.item_id, made.version
        if note := self.said.get("note", ""):
            acts.say(At(connection, viewer, made, self.changes), "note", note)
        return "new"

    def space(self) -> str:
        """The key space that the row says, or that of its object where only one has it; '' otherwise.

        It is what items are ordered by, so that it is looked for before anything is stored.
        """
        kind = self.said.get("object_kind")
        if self.bureau_id or not kind:
            return self.bureau_id
        connection, scope = self.taken.connection, self.taken.viewer.scope
        register, name = making.REGISTERS[kind]
        mine = (register.c[name] == self.said.get("object_code", "")) & within(register.c.org_unit_id, scope)
        spaces = connection.execute(select(register.c.bureau_id).where(mine)).scalars().all()
        self.bureau_id = spaces[0] if len(spaces) == 1 else ""
        return self.bureau_id


def _place(error: Coded) -> str:
    """The column in which what a step found wrong is to be put right."""
    return next((column for code, column in PLACES.items() if error.code.startswith(code)), "item_id")
