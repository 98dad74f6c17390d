"""Units made from a file's own columns: a root, and one unit per distinct path of their values.

A unit's code is its path, because a town's name is unique only inside its region.
"""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from domain.mapping import PATH, MakeUnits
from domain.row_check_rows import Found, error_rows, found
from domain.row_checks import by_value, cleaned

LONGEST_CODE, LONGEST_NAME = 60, 120


@dataclass(frozen=True)
class UnitRow:
    """A unit as a file gives it. parent is a code, empty for a topmost unit."""

    code: str
    name: str
    level: str
    parent: str = ""
    name_en: str = ""
    opened_on: str | None = None  # ISO days
    closed_on: str | None = None


@dataclass(frozen=True)
class MadeUnits:
    """The units that the rows seen so far need; filled while a file is read.

    ids: code -> id of a unit that exists, else a provisional number below zero.
    """

    make: MakeUnits
    known: dict[str, int]
    rows: dict[str, UnitRow] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)


def units_of(made: MadeUnits, texts: pd.DataFrame, rows: np.ndarray) -> tuple[pd.Series, list[Found]]:
    """The unit of each row (provisional where it is new), and the rows whose path has a gap."""
    path, problems = pd.Series(made.make.root["code"], index=texts.index, dtype="str"), []
    for column, _ in made.make.levels:
        part = cleaned(texts[column])
        problems += found(rows, part.isna(), part, "missing_value", column)
        path = path + PATH + part
        long = (part.str.len() > LONGEST_NAME).fillna(False)
        problems += found(rows, long, part, "too_long", column, expected=str(LONGEST_NAME))
    path = path.where(~path.index.isin(_places(rows, problems)))
    _add(made, UnitRow(parent="", **made.make.root))
    units = by_value(path, lambda text: _id_of(made, text))
    return pd.Series(units, index=texts.index, dtype="Int64"), problems


def _places(rows: np.ndarray, problems: list[Found]) -> np.ndarray:
    return np.flatnonzero(np.isin(rows, error_rows(problems)))


def _id_of(made: MadeUnits, path: str) -> int:
    code = code_of(path)
    if code not in made.ids:
        above = made.make.root["code"]
        parent = above
        for name, (_, level) in zip(
            _names(path.removeprefix(above + PATH), len(made.make.levels)), made.make.levels, strict=True
        ):
            above = above + PATH + name
            _add(made, UnitRow(code=code_of(above), name=name, level=level, parent=parent))
            parent = code_of(above)
    return made.ids[code]


def code_of(path: str) -> str:
    """The path itself; one that is too long for a code is cut and told apart by its hash."""
    if len(path) <= LONGEST_CODE:
        return path
    return f"{path[: LONGEST_CODE - 9]}~{hashlib.sha256(path.encode()).hexdigest()[:8]}"


def _names(path: str, count: int) -> list[str]:
    names = path.split(PATH)
    # A name may itself hold the sign between the parts; the surplus then belongs to the last.
    return [*names[: count - 1], PATH.join(names[count - 1 :])]


def _add(made: MadeUnits, unit: UnitRow) -> None:
    if unit.code not in made.ids:
        made.rows[unit.code] = unit
        made.ids[unit.code] = made.known.get(unit.code, -len(made.ids) - 1)
