"""What an org unit is: a place in the tree from the province down to the area manager's grid."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

LEVELS = ("province", "city", "county", "station", "grid")


@dataclass(frozen=True)
class OrgUnit:
    """One unit. bureau_id is its home key space: fixed when it is created, no matter where it moves."""

    id: int
    code: str
    name: str
    name_en: str
    level: str
    parent_id: int | None
    bureau_id: str
    opened_on: date | None = None
    closed_on: date | None = None


def home_key_space(code: str, level: str, parent_id: int | None, units: Mapping[int, OrgUnit]) -> str:
    """Code of the city bureau that a new unit belongs to; its own code above city level.

    A tree without a city level uses its topmost unit, so that all of one company's facts lie together.
    """
    if level == "city" or parent_id is None:
        return code
    above = units[parent_id]
    if LEVELS.index(level) < LEVELS.index("city"):
        return code
    while above.level != "city" and above.parent_id is not None:
        above = units[above.parent_id]
    return above.code if above.level == "city" or LEVELS.index(above.level) > LEVELS.index("city") else code


def city_of(unit_id: int, units: Mapping[int, OrgUnit]) -> int:
    """The unit whose major event days hold for unit_id: its city bureau today, else its topmost unit."""
    unit = units[unit_id]
    while unit.level != "city" and unit.parent_id is not None:
        unit = units[unit.parent_id]
    if unit.level == "city" or LEVELS.index(unit.level) > LEVELS.index("city"):
        return unit.id
    return unit_id


def above(unit_id: int, units: Mapping[int, OrgUnit]) -> list[int]:
    """The unit and those above it, the topmost last."""
    found = [unit_id]
    while (parent := units[found[-1]].parent_id) is not None:
        found.append(parent)
    return found


def named(units: Iterable[OrgUnit]) -> dict[str, int]:
    """Ids of the units by what a table may call them: the code, or a name that only one has."""
    units = list(units)
    count = Counter(one.name for one in units)
    names = {one.name: one.id for one in units if count[one.name] == 1}
    return names | {one.code: one.id for one in units}


def lowest_common(unit_ids: Iterable[int], units: Mapping[int, OrgUnit]) -> int | None:
    """The lowest unit at or above all of them; None without any, or where they share no tree."""
    paths = [above(one, units) for one in set(unit_ids)]
    return next((one for one in paths[0] if all(one in path for path in paths)), None) if paths else None


def spoken_of(unit_ids: Iterable[int], units: Mapping[int, OrgUnit]) -> list[int]:
    """The units that rows booked on unit_ids speak of: the lowest common one, never above one city bureau.

    Rows of several bureaus speak of each of these; rows of a unit above bureaus of all below it.
    """
    ids = set(unit_ids)
    bureaus = {city_of(one, units) for one in ids}
    if len(bureaus) == 1:
        return [lowest_common(ids, units)]
    return outermost(bureaus, units)


def outermost(unit_ids: Iterable[int], units: Mapping[int, OrgUnit]) -> list[int]:
    """The units without those that lie below another of them, sorted."""
    ids = set(unit_ids)
    return sorted(one for one in ids if not ids & set(above(one, units)[1:]))
