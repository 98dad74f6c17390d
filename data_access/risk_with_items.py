"""The list of risk objects with what is done about each: its open rectification items and their lights.

A page of it costs the same few statements however long the list is: the page itself, its findings, the
course of its objects, and their items.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, and_, exists, func, or_, select

from data_access import rectifications, risk_lines
from data_access.rectifications import Shown
from data_access.risk_lines import TREND_MONTHS, Filters
from data_access.scope import check_unit, inside
from data_access.tables.rectifications import rectifications as items
from data_access.tables.risk import risk_findings, risk_objects
from data_access.transactions import reading
from domain import paging
from domain.periods import add_months, months_between
from domain.rectifications import ON_THE_BOOKS
from domain.viewer import Scope

PAGE_SIZE = 25
Key = tuple[str, str, str]  # key space, line or area, code


@dataclass(frozen=True)
class Listed:
    """A page of the list and how many there are in all.

    objects: as risk_lines.with_names() gives them. findings: of each object rule, value, threshold, level,
    the gravest first. course: expected customer-minutes at the last 13 month-ends, None where it was not at
    risk. items: those on the books, the worst light first.
    """

    objects: pd.DataFrame
    count: int
    findings: Mapping[Key, tuple[tuple[str, float, str, int], ...]]
    course: Mapping[Key, tuple[int | None, ...]]
    items: Mapping[Key, tuple[Shown, ...]]


@dataclass(frozen=True)
class ItemCounts:
    """How rectification stands.

    Objects at risk: all, without an item on the books, covered by one that is on them or closed. Items of
    the unit's lines and areas: on_books, overdue, waiting for verification.
    """

    at_risk: int
    without: int
    covered: int
    on_books: int
    overdue: int
    waiting: int

    @property
    def coverage(self) -> float | None:
        """Share of the objects at risk that are covered; None without any."""
        return self.covered / self.at_risk if self.at_risk else None


def listed(
    engine: Engine,
    scope: Scope,
    unit_id: int,
    month: date,
    filters: Filters,
    with_items: bool | None,
    number: int,
    day: date,
    size: int = PAGE_SIZE,
) -> Listed:
    """Page `number` of the objects at risk at the month-end, held to the last that has rows.

    with_items: only those with an item on the books (True) or without (False). day: on which lights are
    judged; items are those of now, whatever the month. Raises NotFound for a unit outside the scope.
    """
    conditions = risk_lines.chosen(scope, unit_id, month, filters)
    if with_items is not None:
        conditions.append(_has_item() if with_items else ~_has_item())
    page = select(risk_objects).where(*conditions).order_by(*risk_lines.worst_first()).limit(size)
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        found = connection.scalar(select(func.count()).select_from(risk_objects).where(*conditions)) or 0
        page = page.offset(paging.before(number, found, size))
        result = connection.execute(risk_lines.with_names(page, month))
        rows = [tuple(row) for row in result]
        objects = pd.DataFrame(rows, columns=list(result.keys()), dtype=object)
        keys = list(zip(objects["bureau_id"], objects["object_kind"], objects["object_code"], strict=True))
        units = sorted(set(objects["org_unit_id"]))
        return Listed(
            objects,
            found,
            _findings(connection, keys, units, month),
            _course(connection, keys, units, month),
            _items(connection, scope, keys, day),
        )


def item_counts(engine: Engine, scope: Scope, unit_id: int, month: date, day: date) -> ItemCounts:
    """How many objects have nothing done about them, and how the items stand. Raises NotFound."""
    c = items.c
    is_covered = _has_item((*ON_THE_BOOKS, "closed"))
    at_risk = select(func.count(), func.count().filter(~_has_item()), func.count().filter(is_covered))
    at_risk = at_risk.where(*risk_lines.chosen(scope, unit_id, month, Filters()))
    of_items = select(
        func.count(), func.count().filter(c.current_due < day), func.count().filter(c.status == "done")
    ).where(
        inside(c.org_unit_id, scope, unit_id),
        c.status.in_(ON_THE_BOOKS),
        c.object_kind.in_(("line", "area")),
    )
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return ItemCounts(*connection.execute(at_risk).one(), *connection.execute(of_items).one())


def _has_item(statuses: Collection[str] = ON_THE_BOOKS) -> ColumnElement[bool]:
    c, o = items.c, risk_objects.c
    return exists().where(
        c.bureau_id == o.bureau_id,
        c.object_kind == o.object_kind,
        c.object_code == o.object_code,
        c.status.in_(statuses),
    )


def _of_these(table: Any, keys: list[Key], units: list[int]) -> list[ColumnElement[bool]]:
    """Condition on a table of risk: about these objects, of these units; by kind and key space."""
    c = table.c
    codes: dict[tuple[str, str], list[str]] = {}
    for bureau, kind, code in keys:
        codes.setdefault((bureau, kind), []).append(code)
    each = [
        and_(c.bureau_id == bureau, c.object_kind == kind, c.object_code.in_(several))
        for (bureau, kind), several in codes.items()
    ]
    return [c.org_unit_id.in_(units), or_(*each)]


def _findings(
    connection: Connection, keys: list[Key], units: list[int], month: date
) -> dict[Key, tuple[tuple[str, float, str, int], ...]]:
    if not keys:
        return {}
    c = risk_findings.c
    statement = select(
        c.bureau_id, c.object_kind, c.object_code, c.rule, c.value, c.threshold, c.level
    ).where(*_of_these(risk_findings, keys, units), c.month == month)
    found: dict[Key, list[tuple[str, float, str, int]]] = {}
    for row in connection.execute(statement):
        found.setdefault(tuple(row[:3]), []).append(tuple(row[3:]))
    return {key: tuple(sorted(rows, key=_gravest)) for key, rows in found.items()}


def _gravest(finding: tuple[str, float, str, int]) -> tuple[int, int]:
    return finding[3], int(finding[0].removeprefix("RL"))


def _course(
    connection: Connection, keys: list[Key], units: list[int], month: date
) -> dict[Key, tuple[int | None, ...]]:
    if not keys:
        return {}
    c = risk_objects.c
    months = months_between(add_months(month, 1 - TREND_MONTHS), month)
    statement = select(c.bureau_id, c.object_kind, c.object_code, c.month, c.expected_min).where(
        *_of_these(risk_objects, keys, units), c.month.in_(months)
    )
    known = {(tuple(row[:3]), row.month): row.expected_min for row in connection.execute(statement)}
    return {key: tuple(known.get((key, one)) for one in months) for key in keys}


def _items(connection: Connection, scope: Scope, keys: list[Key], day: date) -> dict[Key, tuple[Shown, ...]]:
    if not keys:
        return {}
    c = items.c
    mine = [c.bureau_id.in_({one[0] for one in keys}), c.object_code.in_([one[2] for one in keys])]
    found: dict[Key, list[Shown]] = {}
    for shown in rectifications.shown_of(connection, scope, [*mine, c.status.in_(ON_THE_BOOKS)], day):
        item = shown.item
        found.setdefault((item.bureau_id, item.object_kind, item.object_code), []).append(shown)
    return {key: tuple(sorted(several, key=rectifications.urgency)) for key, several in found.items()}
