"""In which months the stocks of a unit are known: customers served, lines and areas."""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
from sqlalchemy import Connection, Table, func, select

from data_access.engine import bare_rows
from data_access.roll_up import Tree
from data_access.tables.grid import areas, lines
from data_access.tables.org import customers_served
from domain.periods import add_months, days_in

Months = tuple[date, ...]
Stated = Mapping[str, list[tuple[int, date, date]]]


def _lengths(months: Months) -> np.ndarray:
    return np.array([days_in(month) for month in months], np.int64)


def _exists(tree: Tree, place: Mapping[int, int], months: Months) -> np.ndarray:
    """[unit, month]: the unit exists on some day of the month."""
    result = np.ones((len(place), len(months)), bool)
    for unit in tree.units.values():
        for at, month in enumerate(months):
            opened = unit.opened_on is None or unit.opened_on < add_months(month, 1)
            if not opened or (unit.closed_on is not None and unit.closed_on <= month):
                result[place[unit.id], at] = False
    return result


def customers(
    connection: Connection, tree: Tree, place: Mapping[int, int], months: Months
) -> dict[str, np.ndarray]:
    """Days of the sources customers_served.LV and .MV.

    Known: the unit's own figure, or that of all its children; a unit that does not exist is known with 0.
    """
    missing_is_zero = ~_exists(tree, place, months)
    result = {}
    # Levels of all months, so that a request for one month finds the same sources as one for all.
    for level, own in sorted(_own_figures(connection, place, months).items()):
        known = missing_is_zero | own
        for unit in sorted(tree.children, key=lambda unit: -tree.depth[unit]):
            known[place[unit]] |= known[[place[child] for child in tree.children[unit]]].all(axis=0)
        result[f"customers_served.{level}"] = known * _lengths(months)
    return result


def _own_figures(connection: Connection, place: Mapping[int, int], months: Months) -> dict[str, np.ndarray]:
    """By level, [unit, month]: the unit's own figure is there."""
    stock = customers_served.c
    first, last, count = func.min(stock.month), func.max(stock.month), func.count()
    spans = select(stock.org_unit_id, stock.level, first, last, count).group_by(
        stock.org_unit_id, stock.level
    )
    found: dict[str, np.ndarray] = {}
    with_gaps = set()
    days: dict[date | str, date] = {}
    for unit, level, *ends, number in (row for block in bare_rows(connection, spans) for row in block):
        begin, end = (days.get(one) or days.setdefault(one, date.fromisoformat(f"{one}")) for one in ends)
        own = found.setdefault(level, np.zeros((len(place), len(months)), bool))
        if number == _months_apart(begin, end) + 1:
            own[place[unit], _index(begin, months) : _index(add_months(end, 1), months)] = True
        else:
            with_gaps.add(unit)
    rows = select(stock.org_unit_id, stock.level, stock.month).where(
        stock.org_unit_id.in_(with_gaps), stock.month.between(months[0], months[-1])
    )
    for unit, level, month in connection.execute(rows) if with_gaps else ():
        found[level][place[unit], _index(month, months)] = True
    return found


def network(
    connection: Connection, tree: Tree, place: Mapping[int, int], months: Months, stated: Stated
) -> dict[str, np.ndarray]:
    """Days of the sources lines, lines.length_m and areas.

    Known from the month in which the unit, or one below, has a first row, or an import covers it; the length
    where moreover no line in service lacks one.
    """
    result = {}
    for table, source in ((lines, "lines"), (areas, "areas")):
        known = _since(connection, tree, place, months, table, stated.get(source, ()))
        if known.any():
            result[source] = known * _lengths(months)
    if "lines" in result:
        result["lines.length_m"] = result["lines"] * ~_lacks_length(connection, tree, place, months)
    return result


def _since(
    connection: Connection,
    tree: Tree,
    place: Mapping[int, int],
    months: Months,
    table: Table,
    stated: Iterable[tuple[int, date, date]],
) -> np.ndarray:
    """[unit, month]: the register of the unit is there."""
    first = np.full(len(place), len(months), np.int64)
    for unit, opened in connection.execute(select(table.c.org_unit_id, table.c.opened_on).distinct()):
        first[place[unit]] = min(first[place[unit]], _index(opened, months))
    for unit in sorted(tree.units, key=lambda unit: -tree.depth[unit]):
        if (parent := tree.parent[unit]) is not None:
            first[place[parent]] = min(first[place[parent]], first[place[unit]])
    for unit, start, _ in stated:
        below = [place[one] for one in tree.below(unit)]
        first[below] = np.minimum(first[below], _index(start, months))
    return first[:, None] <= np.arange(len(months))


def _lacks_length(connection: Connection, tree: Tree, place: Mapping[int, int], months: Months) -> np.ndarray:
    """[unit, month]: a line in service at the unit or below has no length."""
    lacking = np.zeros((len(place), len(months)), bool)
    columns = [lines.c.org_unit_id, lines.c.opened_on, lines.c.closed_on]
    for unit, opened, closed in connection.execute(select(*columns).where(lines.c.length_m.is_(None))):
        until = len(months) if closed is None else _index(closed, months)
        for one in (unit, *tree.above(unit)):
            lacking[place[one], _index(opened, months) : until] = True
    return lacking


def _index(day: date | None, months: Months) -> int:
    """Number of the day's month in months; 0 for none or before, len(months) for after."""
    if day is None:
        return 0
    return min(max(_months_apart(months[0], day), 0), len(months))


def _months_apart(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
