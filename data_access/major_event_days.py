"""Major event days in force per city bureau: by the year's threshold, or by an imported list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, delete, select

from data_access import stale
from data_access.coverage import Interval
from data_access.engine import insert
from data_access.major_events import (
    Read,
    has_list,
    is_known,
    list_days,
    saidi,
    saidi_of_years,
    thresholds,
)
from data_access.refresh_basis import Basis
from data_access.roll_up import Tree
from data_access.stale import Mark
from data_access.tables.kpi import major_event_days
from data_access.tables.rules import major_event_dates
from domain import major_events
from domain.periods import last_day, month_of, months_between

SOURCE = "major_events"  # marks and coverage of the days in force


def stored(connection: Connection) -> dict[tuple[int, date], dict[date, bool]]:
    """Days in force by (bureau, month), as the last refresh left them; True: by an imported list."""
    found: dict[tuple[int, date], dict[date, bool]] = {}
    for row in connection.execute(select(major_event_days)):
        found.setdefault((row.org_unit_id, month_of(row.day)), {})[row.day] = row.by_list
    return found


def in_force(
    connection: Connection, basis: Basis, bureau: int, months: Sequence[date], read: Read
) -> dict[date, bool]:
    """Major event days of the bureau in these months, all of one year; True: by an imported list."""
    year = months[0].year
    listed = list_days(basis.tree, basis.stated, bureau)
    if has_list(listed, year):
        units = (bureau, *basis.tree.above(bureau))  # a province's day holds for all of its bureaus
        rows = select(major_event_dates.c.day).where(major_event_dates.c.org_unit_id.in_(units))
        return {day: True for day in connection.execute(rows).scalars() if month_of(day) in set(months)}
    limit = thresholds(connection).get((bureau, year))
    if limit is None:
        return {}
    if len(months) > 1 or (bureau, limit.level, year) in read:
        values = saidi_of_years(connection, basis, bureau, limit.level, [year], read)
    else:
        values = saidi(connection, basis, bureau, limit.level, months[0], months[0])
    days = major_events.days_above(values, limit.t_med)
    return {day: False for day in days if month_of(day) in set(months)}


def changes(
    connection: Connection, basis: Basis, affected: Iterable[tuple[int, date]], read: Read
) -> dict[tuple[int, date], dict[date, bool]]:
    """The days in force of those (bureau, month) whose stored days differ."""
    by_year: dict[tuple[int, int], list[date]] = {}
    for bureau, month in sorted(set(affected)):
        by_year.setdefault((bureau, month.year), []).append(month)
    before, found = stored(connection), {}
    for (bureau, _), months in by_year.items():
        days = in_force(connection, basis, bureau, months, read)
        for month in months:
            now = {day: by_list for day, by_list in days.items() if month_of(day) == month}
            if now != before.get((bureau, month), {}):
                found[bureau, month] = now
    return found


def write(
    connection: Connection, of: Tree, changed: Mapping[tuple[int, date], Mapping[date, bool]]
) -> list[Mark]:
    """Replace the days of those months; the marks of the figures that depend on them, which are set."""
    days = major_event_days.c
    for (bureau, month), now in changed.items():
        within = days.day.between(month, last_day(month))
        connection.execute(delete(major_event_days).where(days.org_unit_id == bureau, within))
        home = of.units[bureau].bureau_id
        rows = [
            {"bureau_id": home, "org_unit_id": bureau, "day": day, "by_list": by_list}
            for day, by_list in now.items()
        ]
        if rows:
            connection.execute(insert(connection, major_event_days), rows)
    marks = [(bureau, SOURCE, month) for bureau, month in changed]
    stale.mark(connection, marks)
    return marks


def covered(connection: Connection, basis: Basis) -> list[Interval]:
    """Days for which it is known whether they are major event days."""
    limits = thresholds(connection)
    found: list[Interval] = []
    months = months_between(basis.span.first_month, basis.span.last_month)
    for bureau in basis.bureaus:
        listed = list_days(basis.tree, basis.stated, bureau)
        found += [(bureau, start, end) for start, end in listed]
        for month in months:
            limit = limits.get((bureau, month.year))
            if limit is None or has_list(listed, month.year):
                continue
            if is_known(basis.coverage, bureau, limit.level, month):
                found.append((bureau, month, last_day(month)))
    return found
