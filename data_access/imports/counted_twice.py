"""What else than a file of customers served could make them count twice: an undo, and a unit that moves.

Asked of the tables before and after the act, in its transaction; the act then falls with the error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from data_access import org_units as tree
from data_access.imports.made_units import UnitRow
from data_access.tables.org import customers_served, org_closure, org_units
from domain.errors import CannotBeUndone, FileRejected, Problem
from domain.org_units import above

CODE = "moves_below_customers"
KINDS = ("customers_served", "units")  # the imports that can make it so


@dataclass(frozen=True)
class Pair:
    """Two rows that count the same customers: of a unit and one above it, or of one unit from two sources."""

    above: str  # codes of the units
    below: str
    level: str
    month: date
    sources: tuple[str, str]


def pairs(connection: Connection) -> dict[Pair, tuple[str, int]]:
    """Every such pair that the database holds, each with its row of the later import and that import."""
    one, other = customers_served.alias("one"), customers_served.alias("other")
    upper, lower = org_units.alias("upper"), org_units.alias("lower")
    same = and_(
        other.c.org_unit_id == org_closure.c.descendant_id,
        other.c.level == one.c.level,
        other.c.month == one.c.month,
    )
    statement = (
        select(
            upper.c.code.label("above"),
            lower.c.code.label("below"),
            one.c.level,
            one.c.month,
            one.c.bureau_id,
            other.c.bureau_id.label("other_id"),
            func.coalesce(one.c.batch_id, 0).label("batch_above"),
            func.coalesce(other.c.batch_id, 0).label("batch_below"),
        )
        .join_from(one, org_closure, org_closure.c.ancestor_id == one.c.org_unit_id)
        .join(other, same)
        .join(upper, upper.c.id == one.c.org_unit_id)
        .join(lower, lower.c.id == other.c.org_unit_id)
        .where(or_(org_closure.c.depth > 0, one.c.bureau_id < other.c.bureau_id))
    )
    found = {}
    for row in connection.execute(statement):
        batch, code = max((row.batch_above, row.above), (row.batch_below, row.below))
        pair = Pair(row.above, row.below, row.level, row.month, (row.bureau_id, row.other_id))
        found[pair] = f"customers_served {code} {row.level} {row.month:%Y-%m}", batch
    return found


def check_undo(connection: Connection, before: Mapping[Pair, tuple[str, int]]) -> None:
    """Raises CannotBeUndone("counted_twice") where pairs came to those before, with the rows in the way."""
    new = {found for pair, found in pairs(connection).items() if pair not in before}
    if new:
        batches = {batch for _text, batch in new if batch}
        raise CannotBeUndone(sorted(text for text, _batch in new), sorted(batches), "counted_twice")


def check_moves(
    connection: Connection,
    before: Mapping[Pair, tuple[str, int]],
    rows: Mapping[int, UnitRow],
    column: str,
) -> None:
    """Raises FileRejected where pairs came to those before, at the file's rows of the units that moved.

    rows: the units that the file changed, by row number; column: what the file calls the unit above.
    """
    new = [pair for pair in pairs(connection) if pair not in before]
    if not new:
        return
    units = tree.all_units(connection)
    ids = {unit.code: unit.id for unit in units.values()}
    numbers = {row.code: number for number, row in rows.items()}
    found = {}
    for pair in new:
        path = (units[one].code for one in above(ids[pair.below], units))
        moved = next(code for code in path if code in numbers)
        text = f"{pair.above} + {pair.below} {pair.month:%Y-%m}"
        found.setdefault(moved, Problem(numbers[moved], column, rows[numbers[moved]].parent, CODE, text))
    raise FileRejected(list(found.values()), {(column, CODE): len(found)})
