"""A unit that moves takes its history with it: what was covered through the units it leaves stays covered.

Coverage is stated for a unit with all below it, so a move would lose it. The rows of the units that no longer
lie above are repeated for the unit that moved, under their own batch: undoing that one still takes them away.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, and_, delete, exists, insert, select

from data_access import major_events
from data_access import org_units as tree
from data_access.tables.imports import source_coverage
from data_access.tables.org import org_closure
from domain.org_units import OrgUnit, above

SAME = ("bureau_id", "source", "batch_id", "covers_from", "covers_to")


def keep_coverage(connection: Connection, before: Mapping[int, OrgUnit], since_batch: int = 0) -> None:
    """After a change of the tree: repeat for each unit that moved what it would lose.

    before: the units as they were; since_batch: only what later batches stated. Lists of major event days are
    a bureau's and stay with it.
    """
    now = tree.all_units(connection)
    stated = source_coverage.c
    kept = []
    for unit in before:
        if unit not in now or before[unit].parent_id == now[unit].parent_id:
            continue
        left = set(above(unit, before)) - set(above(unit, now))
        rows = connection.execute(
            select(source_coverage).where(
                stated.org_unit_id.in_(left),
                stated.source != major_events.LIST,
                stated.batch_id > since_batch,
            )
        )
        kept += [dict(row._mapping) | {"org_unit_id": unit} for row in rows]
    key = [column.name for column in source_coverage.primary_key]
    known = {tuple(row) for row in connection.execute(select(*(stated[name] for name in key)))}
    fresh = {tuple(row[name] for name in key): row for row in kept}
    if new := [row for found, row in fresh.items() if found not in known]:
        connection.execute(insert(source_coverage), new)


def drop_repeated(connection: Connection, units: set[int]) -> None:
    """Remove what the same batch states for these units and for one above: a move back needs it no more."""
    own, theirs = source_coverage, source_coverage.alias("theirs")
    repeated = exists().where(
        org_closure.c.descendant_id == own.c.org_unit_id,
        org_closure.c.ancestor_id == theirs.c.org_unit_id,
        org_closure.c.depth > 0,
        and_(*(theirs.c[name] == own.c[name] for name in SAME)),
    )
    connection.execute(delete(own).where(own.c.org_unit_id.in_(units), repeated))
