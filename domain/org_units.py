"""What an org unit is: a place in the tree from the province down to the area manager's grid."""

from collections.abc import Mapping
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
