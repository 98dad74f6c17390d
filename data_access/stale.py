"""What changed since the last refresh: marks that imports, forms and acts leave in their own transaction.

A mark says: facts of this source, booked on this unit, changed in this month. Refresh clears a mark only if
nobody set it again since refresh read it, so nothing that happens meanwhile is lost.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Column, Connection, MetaData, Table, delete, func, select, tuple_

from data_access.engine import insert, write_rows
from data_access.tables.imports import source_coverage
from data_access.tables.kpi import stale_marks
from data_access.tables.org import org_units
from domain.kpis import COVERED
from domain.periods import month_of, months_between

EVERY_MONTH = date(1900, 1, 1)  # for kinds without a month: lines, areas, area_customers
EVERYTHING = "*"

Mark = tuple[int, str, date]

COMPARED = ("org_unit_id", "source", "month", "times")
SEEN = Table(
    "seen_marks",
    MetaData(),
    *(Column(name, stale_marks.c[name].type) for name in COMPARED),
    prefixes=["TEMPORARY"],
)


def mark(connection: Connection, marks: Iterable[Mark]) -> None:
    """Store marks (unit, kind such as "outages", first day of the month); repeating one does no harm.

    Which: the unit and month of every row written, withdrawn or replaced, as it was and as it is. For an
    outage step: its unit, the outage's own unit, and the units of its area and its line, in the month of
    start_day (old and new, for every step of the outage where the earliest step changed). For a promise or
    notice: the units of its outage too, in the month that its measures count in. customers_served: its month.
    lines, areas, area_customers: EVERY_MONTH. Defects, loads and what else says in what condition lines and
    areas are: imports/marking_condition.py. org_units, rules: mark_everything().
    """
    unique = set(marks)
    if not unique:
        return
    units = select(org_units.c.id, org_units.c.bureau_id)
    home = {row.id: row.bureau_id for row in connection.execute(units)}
    rows = [
        {"bureau_id": home.get(unit, ""), "org_unit_id": unit, "source": source, "month": month, "times": 1}
        for unit, source, month in sorted(unique)
    ]
    _store(connection, rows)


def mark_coverage(connection: Connection, batch_id: int) -> None:
    """Mark what the batch's rows in source_coverage cover; such a mark reaches all below and above too.

    To be called after they are written, and in undo before they are deleted.
    """
    rows = connection.execute(
        select(
            source_coverage.c.org_unit_id,
            source_coverage.c.source,
            source_coverage.c.covers_from,
            source_coverage.c.covers_to,
        ).where(source_coverage.c.batch_id == batch_id)
    ).all()
    mark(
        connection,
        (
            (row.org_unit_id, COVERED + row.source, month)
            for row in rows
            for month in months_between(month_of(row.covers_from), month_of(row.covers_to))
        ),
    )


def mark_everything(connection: Connection) -> None:
    """Ask for a refresh from nothing: the tree, a rule or the calendar changed."""
    _store(
        connection,
        [
            {
                "bureau_id": EVERYTHING,
                "org_unit_id": 0,
                "source": EVERYTHING,
                "month": EVERY_MONTH,
                "times": 1,
            }
        ],
    )


def _store(connection: Connection, rows: list[dict]) -> None:
    statement = insert(connection, stale_marks)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["bureau_id", "org_unit_id", "source", "month"],
            set_={"times": stale_marks.c.times + 1},
        ),
        rows,
    )


def waiting(connection: Connection) -> dict[Mark, int]:
    """All marks, with how often each was set."""
    rows = connection.execute(
        select(stale_marks.c.org_unit_id, stale_marks.c.source, stale_marks.c.month, stale_marks.c.times)
    )
    return {(row.org_unit_id, row.source, row.month): row.times for row in rows}


def is_waiting(connection: Connection) -> bool:
    """Whether anything waits for a refresh."""
    return bool(connection.execute(select(func.count()).select_from(stale_marks)).scalar_one())


def clear(connection: Connection, seen: dict[Mark, int]) -> None:
    """Remove the marks that nobody set again since they were read as `seen`.

    One statement compares and deletes: whatever another transaction commits meanwhile stays.
    """
    SEEN.create(connection)
    write_rows(connection, SEEN, COMPARED, ((*mark, times) for mark, times in seen.items()))
    compared = tuple_(*(stale_marks.c[name] for name in COMPARED))
    connection.execute(delete(stale_marks).where(compared.in_(select(SEEN))))
    SEEN.drop(connection)
