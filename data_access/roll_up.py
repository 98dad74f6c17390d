"""The tree, and sums along it: parents from children, level by level, in whole integers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from data_access.packed import Packed
from domain.org_units import OrgUnit


@dataclass(frozen=True)
class Tree:
    """Parents, depths and children of all units."""

    units: Mapping[int, OrgUnit]
    parent: Mapping[int, int | None]
    depth: Mapping[int, int]  # 0 at the top
    children: Mapping[int, list[int]] = field(repr=False)

    def above(self, unit: int) -> list[int]:
        """The units above, nearest first."""
        found = []
        while (parent := self.parent[unit]) is not None:
            found.append(parent)
            unit = parent
        return found

    def below(self, unit: int) -> list[int]:
        """The unit and all below, the unit first."""
        found = [unit]
        for one in found:
            found.extend(self.children.get(one, ()))
        return found


def tree(units: Mapping[int, OrgUnit]) -> Tree:
    """The tree of the units."""
    parent = {unit.id: unit.parent_id for unit in units.values()}
    children: dict[int, list[int]] = {}
    for unit, above in sorted(parent.items()):
        if above is not None:
            children.setdefault(above, []).append(unit)
    depth = {unit: 0 for unit, above in parent.items() if above is None}
    waiting = list(depth)
    for unit in waiting:
        for child in children.get(unit, ()):
            depth[child] = depth[unit] + 1
            waiting.append(child)
    return Tree(units, parent, depth, children)


def _summed(unit: np.ndarray, code: np.ndarray, day: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, ...]:
    """One row per unit, series and day, in that order; rows that sum to zero are left out."""
    if not len(unit):
        return unit, code, day, value
    first, codes, days = day.min(), code.max() + 1, day.max() - day.min() + 1
    key = (unit * codes + code) * days + (day - first)
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    sums = np.add.reduceat(value[order], starts)
    kept = starts[sums != 0]
    rows = order[kept]
    return unit[rows], code[rows], day[rows], sums[sums != 0]


def totals(rows: Packed, of: Tree, wanted: frozenset[int] | None = None) -> Packed:
    """The values of every unit with all below it, from values booked on the units themselves.

    rows may also hold finished totals of units that are not wanted: they count for the units above them.
    Only rows of wanted units come back (None: all).
    """
    depth = np.array([of.depth[unit] for unit in rows.unit.tolist()], np.int64)
    parent = {unit: -1 if above is None else above for unit, above in of.parent.items()}
    carried = tuple(np.empty(0, np.int64) for _ in range(4))
    finished = []
    for level in range(int(depth.max(initial=-1)), -1, -1):
        here = depth == level
        own = (rows.unit[here], rows.code[here], rows.day[here], rows.value[here])
        both = tuple(np.concatenate(pair) for pair in zip(own, carried, strict=True))
        unit, code, day, value = _summed(*both)
        finished.append((unit, code, day, value))
        names, place = np.unique(unit, return_inverse=True)
        above = np.array([parent[one] for one in names.tolist()], np.int64)[place]
        has = above >= 0
        carried = (above[has], code[has], day[has], value[has])
    columns = [np.concatenate([part[i] for part in finished] or [np.empty(0, np.int64)]) for i in range(4)]
    result = Packed(*columns, rows.series)
    if wanted is None:
        return result
    return result.taken(np.isin(result.unit, np.fromiter(wanted, np.int64, len(wanted))))
