"""Names of units where room is scarce: short, and still told apart from those beside them."""

from collections.abc import Iterable, Mapping, Sequence
from os.path import commonprefix
from unicodedata import east_asian_width

from domain.org_units import OrgUnit
from ui.texts import _, name_of

LONGEST = 26  # half-widths: a Chinese character takes two
CUT = "…"


def told_apart(names: Sequence[str]) -> list[str]:
    """The names in order; where one is too long, without what they all begin with.

    Bureaus of one company share long beginnings, and names cut at the end would all look alike.
    """
    if len(names) < 2 or all(_width(one) <= LONGEST for one in names):
        return list(names)
    shared = commonprefix(names)  # noqa: RUF071 - signs are wanted, not folders
    # To the end of a word; in Chinese the last shared sign may belong to the name proper.
    shared = shared[: shared.rfind(" ") + 1] if shared.isascii() else shared[:-1]
    return [CUT + one[len(shared) :] for one in names] if len(shared) > 1 else list(names)


def short(unit: OrgUnit, units: Mapping[int, OrgUnit]) -> str:
    """The unit's name as told apart from its siblings, cut where it is still too long."""
    name = name_of(unit)
    if _width(name) <= LONGEST:
        return name
    beside = [one for one in units.values() if one.parent_id == unit.parent_id]
    return _cut(told_apart([name_of(one) for one in beside])[beside.index(unit)])


def below(unit_id: int, units: Mapping[int, OrgUnit]) -> str:
    """Short name of a unit below, or the words for what is booked on the unit itself."""
    return short(units[unit_id], units) if unit_id in units else _("directly at this unit")


def _width(text: Iterable[str]) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _cut(name: str) -> str:
    if _width(name) <= LONGEST:
        return name
    kept = next(end for end in range(len(name), 0, -1) if _width(name[:end]) < LONGEST)
    return name[:kept] + CUT
