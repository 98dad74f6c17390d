"""What a refresh works from besides the facts: the tree, what is covered, and the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from data_access import coverage, rules
from data_access.coverage import Coverage, Interval, Span
from data_access.org_units import all_units
from data_access.roll_up import Tree, tree
from domain import rule_sets
from domain.org_units import city_of
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
    return Basis(of, cities, span, stated, known, versions)
