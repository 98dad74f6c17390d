"""What a refresh works from besides the facts: the tree, what is covered, and the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from data_access import coverage, rules
from data_access.coverage import Coverage, Interval, Span
from data_access.org_units import all_units
from data_access.roll_up import Tree, tree
from domain import rule_sets
from domain.org_units import LEVELS, city_of
from domain.rule_sets import RuleVersion


@dataclass(frozen=True)
class Basis:
    """Read once at the start of a refresh."""

    tree: Tree
    city_of: Mapping[int, int]  # unit -> unit whose major event days hold for it
    span: Span
    stated: Mapping[str, Sequence[Interval]]
    coverage: Coverage  # of the whole span, without major_events
    rules: Mapping[str, Sequence[RuleVersion]]
    bureaus: tuple[int, ...]
    last_days: Mapping[int, date]  # by bureau: the last day of its data, or of any where it has none

    def last_day_of(self, unit: int) -> date:
        """Day at which the open month of the unit is judged: its bureau's, so that cities do not wait."""
        return self.last_days.get(self.city_of[unit], self.span.as_of_day)


def bureaus(of: Tree) -> tuple[int, ...]:
    """The units that have major event days of their own: city bureaus, else the topmost units."""
    found = {city_of(unit, of.units) for unit in of.units}
    city = LEVELS.index("city")
    return tuple(sorted(unit for unit in found if LEVELS.index(of.units[unit].level) >= city))


def basis(connection: Connection) -> Basis | None:
    """The basis of today; None without any data."""
    of = tree(all_units(connection))
    stated = coverage.intervals(connection)
    span = coverage.span(connection, stated)
    if span is None:
        return None
    cities = {unit: city_of(unit, of.units) for unit in of.units}
    known = coverage.compute(connection, of, stated, span.first_month, span.last_month)
    versions = {name: rules.versions(connection, name) for name in rule_sets.names()}
    found = bureaus(of)
    return Basis(of, cities, span, stated, known, versions, found, _last_days(of, stated, span, found))


def _last_days(
    of: Tree, stated: Mapping[str, Sequence[Interval]], span: Span, found: Sequence[int]
) -> dict[int, date]:
    rows = stated.get(coverage.OUTAGES, ())
    days = {}
    for bureau in found:
        related = {*of.above(bureau), *of.below(bureau)}
        days[bureau] = max((end for unit, _, end in rows if unit in related), default=span.as_of_day)
    return days
