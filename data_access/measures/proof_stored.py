"""Proofs of rectifications, item by item and pooled by unit and kind of measure, kept in tables.

One expectation compares an object with all of its bureau; so what did not change is not judged again: `seen`
is a hash of everything that a proof is judged by, the program included.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from data_access import lease
from data_access.measures import proof_panel
from data_access.measures.proof_panel import World
from data_access.measures.request import Request
from data_access.proof_rows import as_json
from data_access.tables.org import org_closure, org_units
from data_access.tables.proofs import rectification_pools, rectification_proofs
from data_access.transactions import reading_all
from domain import proof, proof_expectation, proof_together, proof_windows, statistics
from domain.proof import Proof, Treated
from domain.proof_expectation import Group
from domain.proof_windows import OUTCOMES
from domain.rectifications import Rectification
from domain.rule_sets import RuleVersion, version_on

PROGRAM = (proof, proof_expectation, proof_together, proof_windows, statistics)
TABLES = (rectification_proofs, rectification_pools)
Row = dict[str, Any]
OF_ITEM = (
    "bureau_id", "item_id", "org_unit_id", "object_kind", "object_code", "rules", "measure_kind", "status",
    "assigned_at", "started_at", "done_at", "closed_at", "before_from", "before_to",
)  # fmt: skip


def store(engine: Engine, holder: str, units: Sequence[int], request: Request) -> None:
    """Bring the proofs of the items of these units, all of one bureau, up to date. Raises Busy."""
    with reading_all(engine) as connection:
        known_items = proof_panel.items_of(connection, units)
        items = [one for one in known_items if proof_panel.is_finished(one)]
        held = {table: _held(connection, table, units) for table in TABLES}
        if not items and not any(held.values()):
            return
        of_items = _hash(repr([[getattr(one, name) for name in OF_ITEM] for one in known_items]).encode())
        is_after = request.first_month > proof_panel.last_whole_month(request)
        if is_after and _known_items(connection, units) == {of_items}:
            return  # a new day of the open month says nothing yet
        world = proof_panel.world(connection, units, request, items) if items else None
        above, homes = _above(connection, units)
    rows = list(_rows(_Judge(world, request.rules["proof"]), items, above, homes, held)) if items else []
    with lease.writing_as(engine, holder) as connection:
        for table, known in held.items():
            mine = {_key(table, row): row for of, row in rows if of is table}
            changed = [key for key, row in mine.items() if row.get("found") is not None]
            _remove(connection, table, [*(known.keys() - mine.keys()), *changed])
            if changed:
                more = {"of_items": of_items} if table is rectification_proofs else {}
                connection.execute(insert(table), [mine[key] | more for key in changed])
        proofs = rectification_proofs
        is_older = (proofs.c.org_unit_id.in_(units), proofs.c.of_items != of_items)
        connection.execute(update(proofs).where(*is_older).values(of_items=of_items))


def _known_items(connection: Connection, units: Sequence[int]) -> set[str]:
    """of_items of the stored rows."""
    c = rectification_proofs.c
    return set(connection.execute(select(c.of_items).distinct().where(c.org_unit_id.in_(units))).scalars())


@dataclass(frozen=True)
class _Judge:
    """Proofs of one bureau's items in its world; world None: nothing is known of any month."""

    world: World | None
    versions: Sequence[RuleVersion]
    hashes: dict[tuple, str] = field(default_factory=dict)  # of items already looked at

    def version(self, items: Sequence[Rectification]) -> RuleVersion:
        """The version of the day on which the works were done; of many, of the last one."""
        return version_on(self.versions, max(one.done_at for one in items))

    def lacks(self, item: Rectification) -> str:
        """Why the item can have no proof; '' where it can."""
        if item.object_kind == "equipment":
            return "equipment"
        if self.world is None:
            return "few_months"
        return "no_object" if self.world.place(item) is None else ""

    def treated(self, item: Rectification) -> Treated:
        met = self.world.met_with(item)
        return Treated(self.world.place(item), item.before_from, item.before_to, item.done_at, met)

    @cached_property
    def columns(self) -> dict[date, tuple[str, str]]:
        """By month a hash of all that happened, and one of the works."""
        panel = self.world.panel
        found = {}
        for at, month in enumerate(panel.months):
            amounts = b"".join(np.ascontiguousarray(panel.amounts[one][:, at]).tobytes() for one in OUTCOMES)
            found[month] = (_hash(amounts), _hash(panel.in_works[:, at].tobytes()))
        return found

    @cached_property
    def everybody(self) -> str:
        frame, panel = self.world.objects.frame, self.world.panel
        names = frame[["object_kind", "bureau_id", "object_code"]].to_csv(index=False)
        return _hash(names.encode() + panel.peer_group.tobytes() + panel.cluster.tobytes())

    def seen(self, item: Rectification, version: RuleVersion) -> str:
        """The hash of what the item's proof depends on."""
        key = (item.bureau_id, item.item_id, version.version)
        if key not in self.hashes:
            self.hashes[key] = self._hashed(item, version)
        return self.hashes[key]

    def _hashed(self, item: Rectification, version: RuleVersion) -> str:
        about: list[Any] = [_program(), version.version, version.body, self.lacks(item), item.item_id]
        about += [item.org_unit_id, item.measure_kind, f"{item.done_at}"]
        if not self.lacks(item):
            last = self.world.panel.months[-1]
            after = proof_windows.after_window(item.done_at, last, version.body)
            window = {*proof_windows.months_between(item.before_from, item.before_to), *after}
            between = [one for one in self.columns if min(window) <= one <= max(window)]
            about += [self.everybody, f"{item.before_from} {item.before_to}"]
            about += [
                (*(self.columns[one][:1] if one in window else ()), self.columns[one][1]) for one in between
            ]
            about.append(_hash(np.packbits(self.world.met_with(item)).tobytes()))
        return _hash(json.dumps(about, sort_keys=True, default=str).encode())

    def judged(
        self, items: Sequence[Rectification], outcome: str, version: RuleVersion, expect: Callable
    ) -> Proof:
        """The proof of the items together; those that can have none are counted as without."""
        able = [one for one in items if not self.lacks(one)]
        if not able:
            return proof_together.nothing(outcome, self.lacks(items[0]), len(items), version.body)
        found = proof.judge(
            self.world.panel, [self.treated(one) for one in able], outcome, version.body, expect
        )
        return proof_together.with_others(found, len(items) - len(able))


def _rows(
    judge: _Judge,
    items: Sequence[Rectification],
    above: Mapping[int, Sequence[int]],
    homes: Mapping[int, str],
    held: Mapping[Table, Mapping[tuple, str]],
) -> Iterator[tuple[Table, Row]]:
    """Rows of both tables; without `found` where the stored one holds still.

    Kind by kind, since what one expectation remembers is as long as the bureau has objects.
    """
    tops = {unit for unit, over in above.items() if len(over) == 1}
    for kind in sorted({one.measure_kind for one in items}):
        mine = [one for one in items if one.measure_kind == kind]
        groups: list[tuple[Table, Row, list[Rectification]]] = []
        for one in mine:
            key = {"bureau_id": one.bureau_id, "item_id": one.item_id, "org_unit_id": one.org_unit_id}
            groups.append((rectification_proofs, {**key, "measure_kind": kind}, [one]))
        for unit in sorted({over for one in mine for over in above.get(one.org_unit_id, ())}):
            some = [one for one in mine if unit in above.get(one.org_unit_id, ())]
            key = {"bureau_id": homes[unit], "org_unit_id": unit, "measure_kind": kind}
            groups.append((rectification_pools, {**key, "is_top": unit in tops}, some))
        for outcome in OUTCOMES:
            expect = _remembering()
            for table, row, some in groups:
                yield table, _row(judge, table, {**row, "outcome": outcome}, some, expect, held[table])


def _row(
    judge: _Judge, table: Table, row: Row, items: Sequence[Rectification], expect: Callable, known: Mapping
) -> Row:
    version = judge.version(items)
    seen = _hash(" ".join(judge.seen(one, version) for one in items).encode() + f"{row}".encode())
    if known.get(_key(table, row)) == seen:
        return row
    found = judge.judged(items, row["outcome"], version, expect)
    row |= {"rule_version": version.version, "found": as_json(found), "seen": seen}
    if table is rectification_proofs:
        row |= {"verdict": found.verdict, "stage": found.stage, "reason": found.reason}
    return row


def _remembering() -> Callable:
    """expectation(), each asked once: an item's own serves the pools that it is in."""
    known: dict[tuple, Any] = {}

    def expect(panel, outcome: str, group: Group, rules: Mapping[str, Any], by_cluster: bool):
        key = (group.rows.tobytes(), group.before, group.after, group.met.tobytes(), by_cluster)
        if key not in known:
            known[key] = proof_expectation.expectation(panel, outcome, group, rules, by_cluster)
        return known[key]

    return expect


@cache
def _program() -> str:
    return _hash(b"".join(Path(one.__file__).read_bytes() for one in PROGRAM))


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _key(table: Table, row: Mapping[str, Any]) -> tuple:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _held(connection: Connection, table: Table, units: Sequence[int]) -> dict[tuple, str]:
    """What was seen, by key."""
    keys = list(table.primary_key.columns)
    rows = connection.execute(select(*keys, table.c.seen).where(table.c.org_unit_id.in_(units)))
    return {tuple(row[:-1]): row[-1] for row in rows}


def _remove(connection: Connection, table: Table, keys: Sequence[tuple]) -> None:
    for key in keys:
        mine = [column == one for column, one in zip(table.primary_key.columns, key, strict=True)]
        connection.execute(delete(table).where(*mine))


def _above(connection: Connection, units: Sequence[int]) -> tuple[dict[int, list[int]], dict[int, str]]:
    """By unit itself and those above it that are of the group; and home key spaces."""
    c = org_closure.c
    found: dict[int, list[int]] = {}
    pairs = select(c.descendant_id, c.ancestor_id).where(c.descendant_id.in_(units), c.ancestor_id.in_(units))
    for below, over in connection.execute(pairs):
        found.setdefault(below, []).append(over)
    homes = select(org_units.c.id, org_units.c.bureau_id).where(org_units.c.id.in_(units))
    return found, {row.id: row.bureau_id for row in connection.execute(homes)}
