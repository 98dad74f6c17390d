"""42 lines of one county with so many faults each, and rectification items on them, for tests of proof.

In 2024 the 21 bad lines had 18 faults and the 21 good ones 2; in the year from July 2025 on as
told. Line 0 is bad and treated: works from January 2025, done on 20 June 2025.
"""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine, insert

from data_access import stale
from data_access.rectification_acts import SOURCE
from data_access.tables.grid import lines
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import writing_all
from domain.periods import month_of, months_between
from domain.rectifications import Rectification
from tests.data_access.booked import at, book, cover, step
from tests.data_access.company import COUNTY_A1, HOME, build

FIRST, LAST = date(2024, 1, 1), date(2026, 6, 30)
BEFORE = months_between(date(2024, 1, 1), date(2024, 12, 1))
AFTER = months_between(date(2025, 7, 1), date(2026, 6, 1))
BAD, GOOD = range(21), range(21, 42)
ITEM = Rectification(
    "A", "R2025-0001", COUNTY_A1, "line", "L00", "L00 绝缘化改造", rules="RL1", found_on=date(2025, 1, 5),
    measure_kind="insulate_conductor", measure_type="works", original_due=date(2025, 6, 30),
    current_due=date(2025, 6, 30), status="closed", assigned_at=datetime(2025, 1, 6),
    started_at=datetime(2025, 1, 10), done_at=date(2025, 6, 20), closed_at=date(2025, 6, 25),
    before_from=BEFORE[0], before_to=BEFORE[-1], created_at=datetime(2025, 1, 5), created_by="x",
)  # fmt: skip


def code(number: int) -> str:
    return f"L{number:02d}"


def faults(
    line: int, count: int, months: tuple[date, ...], unit: int = COUNTY_A1, key: str = ""
) -> list[dict]:
    """So many of one hour and 10 customers, as evenly over the months as can be."""
    return [
        step(
            unit,
            at(months[n * len(months) // count].replace(day=1 + n % 28), n % 20),
            60,
            key=f"{key}{HOME[unit]}{code(line)}-{months[0]:%y%m}-{n}",
            line_code=code(line),
        )
        for n in range(count)
    ]


def register(engine: Engine, unit: int = COUNTY_A1, count: int = 42) -> None:
    same = {"bureau_id": HOME[unit], "org_unit_id": unit, "kind": "public"}
    with writing_all(engine) as connection:
        connection.execute(
            insert(lines), [{"line_code": code(n), "name": code(n), **same} for n in range(count)]
        )


def world(engine: Engine, treated: int = 1, unit: int = COUNTY_A1, own_after: int = 2) -> Engine:
    """The lines and their faults, everything covered; no item yet and no refresh.

    The first bad lines, so many, had own_after faults after, all others of the bad 8, and the good ones 2.
    """
    if unit == COUNTY_A1:
        build(engine)
        cover(engine, FIRST, LAST)
    register(engine, unit)
    booked = []
    for line in range(42):
        booked += faults(line, 18 if line in BAD else 2, BEFORE, unit)
        after = own_after if line < treated else 8 if line in BAD else 2
        booked += faults(line, after, AFTER, unit)
    book(engine, *booked)
    return engine


def add(engine: Engine, *items: Rectification) -> None:
    """Store the items as they are, as if time had passed, and mark what an act would mark."""
    rows = [
        {name: getattr(one, name) for name in one.__dataclass_fields__} | {"worked_by_ids": []}
        for one in items
    ]
    marks = [
        (one.org_unit_id, SOURCE, month_of(day))
        for one in items
        for day in (one.found_on, one.original_due, one.done_at, one.closed_at)
        if day
    ]
    with writing_all(engine) as connection:
        connection.execute(insert(table), rows)
        stale.mark(connection, marks)


def item(number: int, **values) -> Rectification:
    """The item with another number; of line `line`, where that is given."""
    if (line := values.pop("line", None)) is not None:
        values["object_code"] = code(line)
    return replace(ITEM, item_id=f"R2025-{number:04d}", **values)
