"""Rows of kpi_facts as integers: unit, code of the series, day number and value.

A series is one measure, dimension, grain and member.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

SERIES = ["measure", "dimension", "grain", "member"]
EPOCH = np.datetime64("1970-01-01", "D")
Series = tuple[str, str, str, str]


@dataclass(frozen=True)
class Packed:
    """Rows of kpi_facts as integers; series[i] = (measure, dimension, grain, member) of code i."""

    unit: np.ndarray
    code: np.ndarray
    day: np.ndarray  # days since 1970
    value: np.ndarray
    series: Sequence[Series]

    def __len__(self) -> int:
        return len(self.unit)

    def between(self, first: date, last: date) -> "Packed":
        """Only the rows of these days."""
        low, high = ((np.datetime64(day) - EPOCH).astype(np.int64) for day in (first, last))
        return self.taken((self.day >= low) & (self.day <= high))

    def taken(self, rows: np.ndarray | slice) -> "Packed":
        """Only these rows."""
        return Packed(self.unit[rows], self.code[rows], self.day[rows], self.value[rows], self.series)


def pack(frame: pd.DataFrame) -> Packed:
    """Integers of a frame of values, see data_access/measures/request.py."""
    if frame.empty:
        none = np.empty(0, np.int64)
        return Packed(none, none, none, none, [])
    codes = [pd.factorize(frame[name], sort=True) for name in SERIES]
    code = np.zeros(len(frame), np.int64)
    for numbers, names in codes:
        code = code * len(names) + numbers
    present, code = np.unique(code, return_inverse=True)
    series = []
    for one in present.tolist():
        parts = []
        for _, names in reversed(codes):
            one, place = divmod(one, len(names))
            parts.append(str(names[place]))
        series.append(tuple(reversed(parts)))
    return Packed(
        frame["org_unit_id"].to_numpy(np.int64), code, _days(frame["period_start"]),
        frame["value"].to_numpy(np.int64), series,
    )  # fmt: skip


def _days(column: pd.Series) -> np.ndarray:
    """Day numbers of a column of dates or times."""
    if column.dtype == object:
        numbers, dates = pd.factorize(column)
        return (np.array(dates, "datetime64[D]") - EPOCH).astype(np.int64)[numbers]
    return (column.to_numpy().astype("datetime64[D]") - EPOCH).astype(np.int64)


def together(packs: Iterable[Packed]) -> Packed:
    """All rows of the packs, sorted by unit, series and day."""
    some = [one for one in packs if len(one)]
    if not some:
        return pack(pd.DataFrame())
    series = sorted({one for packed in some for one in packed.series})
    codes = np.concatenate([_recoded(one, series) for one in some])
    unit, day, value = (np.concatenate([getattr(one, at) for one in some]) for at in ("unit", "day", "value"))
    whole = Packed(unit, codes, day, value, series)
    return whole.taken(np.lexsort((day, codes, unit)))


def _recoded(packed: Packed, series: Sequence[Series]) -> np.ndarray:
    place = {one: at for at, one in enumerate(series)}
    return np.array([place[one] for one in packed.series], np.int64)[packed.code]


def difference(old: Packed, new: Packed) -> tuple[Packed, Packed]:
    """Rows of old whose unit, series and day new lacks; rows of new that old lacks or has otherwise."""
    if not len(old) or not len(new):
        return old, new
    series = sorted({*old.series, *new.series})
    first = min(old.day.min(), new.day.min())
    days = max(old.day.max(), new.day.max()) - first + 1
    before, after = (
        (one.unit * len(series) + _recoded(one, series)) * days + one.day - first for one in (old, new)
    )
    order = np.argsort(before)
    place = order[np.searchsorted(before[order], after).clip(max=len(order) - 1)]
    is_same = (before[place] == after) & (old.value[place] == new.value)
    return old.taken(~np.isin(before, after)), new.taken(~is_same)
