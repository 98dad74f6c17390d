"""The list of items taken out as a table, filled in elsewhere, and brought back: all of it or nothing.

What a table would do is found by doing it and taking that back, so that it is judged by the rules of the
steps themselves. Bringing it back is one act with one audit row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access import changing, org_units, rectifications, rules
from data_access import rectification_acts as acts
from data_access.changing import Change
from data_access.rectification_rows import Row, Taken
from data_access.rectifications import Wanted
from data_access.scope import within
from data_access.tables.org import org_units as units
from data_access.transactions import reading, writing
from domain import rectification_table as columns
from domain.errors import ChangedByOthers, Coded, InvalidInput
from domain.viewer import Scope, Viewer

Key = tuple[str, str]  # key space and number of an item


@dataclass(frozen=True)
class Planned:
    """What a row does. row counts as in a spreadsheet, the header is 1.

    act: new, changed, same (nothing), conflict (somebody changed the item since) or wrong. mine, theirs: of a
    conflict what the row says and what is stored, by column, where they differ. problems: by column.
    """

    row: int
    bureau_id: str
    item_id: str
    act: str
    mine: Mapping[str, Any] = field(default_factory=dict)
    theirs: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None  # of the stored item
    problems: tuple[tuple[str, Coded], ...] = ()


class _TakenBack(Exception):
    """Ends a transaction that was only to be tried."""


def exported(engine: Engine, scope: Scope, wanted: Wanted, day: date, language: str) -> pd.DataFrame:
    """The items looked for as the table to be filled in: texts, headers and words in the language (zh or en).

    Raises NotFound for a unit outside the scope.
    """
    found = rectifications.listed(engine, scope, wanted, day)
    with reading(engine, scope) as connection:
        kinds = rules.current(connection, "measures")
        codes = _codes(connection, scope)
    cells = [columns.cells(one.item, codes[one.item.org_unit_id], language, kinds) for one in found]
    rows = [[row[name] for name in columns.COLUMNS] for row in cells]
    return pd.DataFrame(rows, columns=columns.headers(language), dtype="str")


def planned(
    engine: Engine, viewer: Viewer, table: pd.DataFrame, over: Mapping[Key, int] | None = None
) -> list[Planned]:
    """What each row of the table would do; nothing is stored.

    table: as rectification_file.table_of() gives it. over: stored versions that the person has seen beside
    the own ones and wants replaced, by key. Raises InvalidInput of rectification_table.rows(), SignInNeeded.
    """
    rows = columns.rows(table)
    plan: list[Planned] = []
    try:
        with writing(engine, viewer.scope) as connection:
            plan, _changes = _done(connection, viewer, rows, over or {}, _first_row(table))
            raise _TakenBack
    except _TakenBack:
        return plan


def take_over(
    engine: Engine, viewer: Viewer, table: pd.DataFrame, over: Mapping[Key, int] | None = None
) -> list[Planned]:
    """What each row did: all are stored, or none.

    Raises InvalidInput("rows_wrong", n and those of the table), ChangedByOthers(mine, theirs: of the rows in
    conflict by key; seen: what to give as `over` to replace what is stored).
    """
    rows = columns.rows(table)
    with writing(engine, viewer.scope) as connection:
        plan, changes = _done(connection, viewer, rows, over or {}, _first_row(table))
        if wrong := sum(one.act == "wrong" for one in plan):
            raise InvalidInput("rows_wrong", n=wrong)
        if conflicts := {(one.bureau_id, one.item_id): one for one in plan if one.act == "conflict"}:
            raise ChangedByOthers(
                mine={key: one.mine for key, one in conflicts.items()},
                theirs={key: one.theirs for key, one in conflicts.items()},
                seen={key: one.version for key, one in conflicts.items()},
            )
        n = sum(one.act in ("new", "changed") for one in plan)
        acts.mark(connection, *(one for _of, one in changes))
        at = org_units.lowest_over(connection, {(one.row or one.was)["org_unit_id"] for _of, one in changes})
        changing.record_many(connection, viewer, "rectifications.import", f"{n} items", changes, unit_id=at)
    return plan


def _done(
    connection: Connection,
    viewer: Viewer,
    rows: Sequence[Mapping[str, str]],
    over: Mapping[Key, int],
    first_row: int,
) -> tuple[list[Planned], list[tuple[str, Change]]]:
    """What each row did, in a step of its own that a wrong one takes back; and all changes.

    Items in the order of their keys and new ones last, whatever the order of the table: two tables, or a
    table and another act on many, never wait for each other.
    """
    taken = Taken(connection, viewer, rules.current(connection, "measures"), _codes(connection, viewer.scope))
    told: list[tuple[int, Row]] = []
    seen: dict[Key, int] = {}
    for number, cells in enumerate(rows, start=first_row):
        if not any(cells.values()):
            continue
        row = Row(taken, cells)
        key = (row.bureau_id, row.item_id)
        if row.item_id and key in seen:
            row.problem("item_id", InvalidInput("rectification_twice", row=seen[key]))
        seen.setdefault(key, number)
        told.append((number, row))
    plan: list[Planned] = []
    changes: list[tuple[str, Change]] = []
    for number, row in sorted(
        told, key=lambda one: (not one[1].item_id, one[1].space(), one[1].item_id, one[0])
    ):
        step = connection.begin_nested()
        act = row.act(over.get((row.bureau_id, row.item_id)))
        if act in ("new", "changed"):
            step.commit()
            changes += row.changes
        else:
            step.rollback()
        plan.append(
            Planned(
                number,
                row.bureau_id,
                row.item_id,
                act,
                row.mine,
                row.theirs,
                row.version,
                tuple(row.problems),
            )
        )
    return sorted(plan, key=lambda one: one.row), changes


def _first_row(table: pd.DataFrame) -> int:
    return table.attrs.get("first_row", 2)


def _codes(connection: Connection, scope: Scope) -> dict[int, str]:
    seen = select(units.c.id, units.c.code).where(within(units.c.id, scope))
    return {row.id: row.code for row in connection.execute(seen)}
