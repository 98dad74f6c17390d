"""Counts of rectification items for a board: lights, ages, lateness by person and unit, weeks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Engine, select

from data_access import rectifications, rules
from data_access.rectifications import Shown
from data_access.scope import check_unit, inside
from data_access.settings import company_timezone
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import reading
from domain import rectification_counts as counts
from domain.periods import local_day
from domain.rectification_counts import Group, Load, Share, Watched
from domain.rectifications import ON_THE_BOOKS
from domain.viewer import Scope


@dataclass(frozen=True)
class Board:
    """How the items of a unit and all below stand on a day.

    states: all items by state. lights: those on the books. closed_rate: of the items found in the period;
    on_time, on_time_now: of those due in it, by the original (X01) and by the current due date; what is due
    on the day itself is not missed yet.
    """

    states: Mapping[str, int]
    lights: Mapping[str, int]
    by_age: tuple[Group, ...]
    by_overdue: tuple[Group, ...]
    load: tuple[Load, ...]
    closed_rate: Share
    on_time: Share
    on_time_now: Share
    stuck: tuple[Watched, ...]


def board(engine: Engine, scope: Scope, unit_id: int, first: date, last: date, day: date) -> Board:
    """The counts on a day, shares of the period from first to last. Raises NotFound."""
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        mine = inside(table.c.org_unit_id, scope, unit_id)
        found = rectifications.watched(connection, scope, [mine, table.c.status.in_(ON_THE_BOOKS)])
        items = connection.execute(select(*(table.c[name] for name in counts.FOR_SHARES)).where(mine)).all()
        rule = rules.current(connection, "rectification")
    lights = Counter(counts.light(one, day, rule) for one in found)
    cohort = [one for one in items if first <= one.found_on <= last]
    yesterday = day - timedelta(days=1)  # shares are told of ends of days, and this day is not over
    return Board(
        dict(Counter(one.status for one in items)),
        {light: lights[light] for light in counts.LIGHTS},
        tuple(counts.open_by_age(found, day, rule)),
        tuple(counts.overdue_by_days(found, day, rule)),
        tuple(counts.load(found, day, rule)),
        counts.closed_rate(cohort),
        counts.on_time(items, first, last, day=yesterday),
        counts.on_time(items, first, last, "current_due", yesterday),
        tuple(counts.stuck(found, day, rule)),
    )


def overdue(engine: Engine, scope: Scope, unit_id: int, day: date) -> pd.DataFrame:
    """Overdue items by unit and responsible person, the most first: org_unit_id, responsible_id, responsible,
    items, longest_days. Raises NotFound."""
    wanted = rectifications.Wanted(unit_id, states=ON_THE_BOOKS, light="red")
    rows: dict[tuple, list[Shown]] = {}
    for one in rectifications.listed(engine, scope, wanted, day):
        key = (one.item.org_unit_id, one.item.responsible_id, one.item.responsible)
        rows.setdefault(key, []).append(one)
    found = [(*key, len(these), max(one.overdue_days for one in these)) for key, these in rows.items()]
    columns = ["org_unit_id", "responsible_id", "responsible", "items", "longest_days"]
    frame = pd.DataFrame(sorted(found, key=lambda row: (-row[3], -row[4], row[0])), columns=columns)
    return frame.astype({"responsible_id": "Int64"})


def burn_down(engine: Engine, scope: Scope, unit_id: int, first: date, last: date) -> pd.DataFrame:
    """Items on the books at the end of each week: week_end (a Sunday, or last), open, and opened and left in
    the week. Raises NotFound."""
    c = table.c
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        statement = select(c.created_at, c.closed_at).where(inside(c.org_unit_id, scope, unit_id))
        rows = connection.execute(statement).all()
    zone = company_timezone()
    opened = [local_day(row.created_at, zone) for row in rows]
    left = [row.closed_at for row in rows if row.closed_at is not None]
    begin, found = first, []
    while begin <= last:
        end = min(begin + timedelta(days=6 - begin.weekday()), last)
        inside_week = [sum(begin <= one <= end for one in days) for days in (opened, left)]
        still = sum(one <= end for one in opened) - sum(one <= end for one in left)
        found.append((end, still, *inside_week))
        begin = end + timedelta(days=1)
    return pd.DataFrame(found, columns=["week_end", "open", "opened", "left"])


def timeline(engine: Engine, scope: Scope, unit_id: int, day: date) -> pd.DataFrame:
    """Due dates of the items on the books, the earliest first, those without one last: item_id, bureau_id,
    title, responsible, status, light, assigned_on, original_due, current_due, progress_pct. Raises NotFound.
    """
    wanted = rectifications.Wanted(unit_id, states=ON_THE_BOOKS)
    zone = company_timezone()
    rows = [
        {name: getattr(one.item, name) for name in ("item_id", "bureau_id", "title", "responsible", "status")}
        | {"light": one.light, "assigned_on": one.item.assigned_at and local_day(one.item.assigned_at, zone)}
        | {name: getattr(one.item, name) for name in ("original_due", "current_due", "progress_pct")}
        for one in rectifications.listed(engine, scope, wanted, day)
    ]
    columns = [
        "item_id", "bureau_id", "title", "responsible", "status",
        "light", "assigned_on", "original_due", "current_due", "progress_pct",
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["current_due"] is None, row["current_due"] or day, row["item_id"]))
    return pd.DataFrame(rows, columns=columns)
