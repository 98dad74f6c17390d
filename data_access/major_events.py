"""Thresholds of major event days: one per city bureau and year, frozen.

A year's threshold is determined once, at the first refresh that has data of the year and a full year before
it; from then on only reset() changes it. An imported list replaces the formula for its bureau and year.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, and_, cast, func, select

from data_access import audit, stale
from data_access.coverage import Coverage, Interval
from data_access.engine import insert
from data_access.measures.outages import is_momentary
from data_access.refresh_basis import Basis, basis
from data_access.roll_up import Tree
from data_access.scope import below, check_act
from data_access.stale import Mark
from data_access.tables.org import customers_served, org_units
from data_access.tables.outages import outage_steps
from data_access.tables.rules import med_thresholds
from data_access.transactions import writing_all
from domain import major_events
from domain.errors import InvalidInput, NotAllowed
from domain.periods import last_day, month_of, utc_now
from domain.rule_sets import version_on
from domain.viewer import Scope, Viewer

LIST = "major_event_dates"
THRESHOLD = "med_thresholds"  # marks of a threshold that was set
USERS = {"LV": "customers", "MV": "mv_users"}
Read = dict[tuple[int, str, int], dict[date, float]]  # (bureau, level, year) -> SAIDI by day
SYSTEM = Viewer(None, "refresh", frozenset(), Scope(()))


def list_days(of: Tree, stated: Mapping[str, Sequence[Interval]], bureau: int) -> list[tuple[date, date]]:
    """Intervals that an imported list states for the bureau."""
    units = {bureau, *of.above(bureau)}
    return [(start, end) for unit, start, end in stated.get(LIST, ()) if unit in units]


def has_list(intervals: Iterable[tuple[date, date]], year: int) -> bool:
    """Whether a list touches the year: then it holds and the formula does not."""
    return any(start.year <= year <= end.year for start, end in intervals)


def saidi(
    connection: Connection, basis: Basis, bureau: int, level: str, first: date, last: date
) -> dict[date, float]:
    """Minutes per customer of each day from first month to last, where customers and outages are known.

    Without momentary interruptions; minutes lie on the day the outage starts; days at 0 are left out.
    """
    step = outage_steps.c
    momentary = is_momentary(basis.rules["outages"], step.start_day, step.duration_s)
    lost = cast(func.sum(step[USERS[level]] * step.duration_s), BigInteger)
    days = (
        select(step.start_day, lost)
        .where(
            step.start_day.between(first, last_day(last)),
            below(step.org_unit_id, bureau),
            and_(step.duration_s.is_not(None), ~momentary),
        )
        .group_by(step.start_day)
    )
    stock = customers_served.c
    served = (
        select(stock.month, cast(func.sum(stock.customers), BigInteger))
        .where(stock.month.between(first, last), stock.level == level, below(stock.org_unit_id, bureau))
        .group_by(stock.month)
    )
    customers = {
        month: count
        for month, count in connection.execute(served)
        if count and is_known(basis.coverage, bureau, level, month)
    }
    return {
        day: seconds / 60 / customers[month_of(day)]
        for day, seconds in connection.execute(days)
        if seconds and month_of(day) in customers
    }


def saidi_of_years(
    connection: Connection, basis: Basis, bureau: int, level: str, years: Iterable[int], read: Read
) -> dict[date, float]:
    """saidi() of whole years; what was read once is kept in `read`."""
    found: dict[date, float] = {}
    for year in years:
        key = (bureau, level, year)
        if key not in read:
            read[key] = saidi(connection, basis, bureau, level, date(year, 1, 1), date(year, 12, 1))
        found |= read[key]
    return found


def is_known(known: Coverage, bureau: int, level: str, month: date) -> bool:
    """Whether the month's customers of the level are known and its interruptions at least partly."""
    interrupted = known.of(bureau, f"outages.{USERS[level]}", month)
    return known.is_full(bureau, f"customers_served.{level}", month) and interrupted > 0


def _full_years(basis: Basis, bureau: int, level: str) -> frozenset[int]:
    """Years of which every day is covered."""
    years = range(basis.span.first_month.year, basis.span.last_month.year + 1)
    sources = (f"customers_served.{level}", f"outages.{USERS[level]}")
    return frozenset(
        year
        for year in years
        if all(
            basis.coverage.is_full(bureau, source, date(year, month, 1))
            for source in sources
            for month in range(1, 13)
        )
    )


def determine(
    connection: Connection, basis: Basis, bureau: int, year: int, read: Read
) -> dict[str, Any] | None:
    """Columns of med_thresholds for the bureau and year; None where its history does not allow one."""
    rule = version_on(basis.rules["reliability"], date(year, 1, 1)).body["major_event_days"]
    for level in USERS:
        full = _full_years(basis, bureau, level)
        years = major_events.history_years(year, full, rule["history_years"])
        if not years:
            continue
        values = saidi_of_years(connection, basis, bureau, level, years, read)
        found = major_events.threshold(values, rule["multiplier"])
        if found is not None:
            return {
                "level": level,
                "t_med": found.t_med,
                "alpha": found.alpha,
                "beta": found.beta,
                "days": found.days,
                "history_from": date(years[0], 1, 1),
                "history_to": date(years[-1], 12, 31),
                "is_provisional": len(years) < rule["history_years"],
            }
        return None
    return None


def thresholds(connection: Connection) -> dict[tuple[int, int], Any]:
    """Stored thresholds by (bureau, year)."""
    return {(row.org_unit_id, row.year): row for row in connection.execute(select(med_thresholds))}


def missing(connection: Connection, basis: Basis) -> list[tuple[int, int]]:
    """(bureau, year) without threshold and list, of years before which a whole year may be known."""
    stored = thresholds(connection)
    years = range(basis.span.first_month.year + 1, basis.span.last_month.year + 1)
    return [
        (bureau, year)
        for bureau in basis.bureaus
        for year in years
        if (bureau, year) not in stored
        and basis.span.first_month <= date(year - 1, 1, 1)
        and not has_list(list_days(basis.tree, basis.stated, bureau), year)
    ]


def store(
    connection: Connection,
    of: Tree,
    bureau: int,
    year: int,
    found: Mapping[str, Any],
    viewer: Viewer,
    reason: str,
) -> list[Mark]:
    """Write one threshold with its audit row; the marks of what it judges, which are set."""
    before = thresholds(connection).get((bureau, year))
    now = utc_now()
    row = {"bureau_id": of.units[bureau].bureau_id, "org_unit_id": bureau, "year": year, **found}
    row |= {"set_by": viewer.name, "set_at": now, "reason": reason}
    statement = insert(connection, med_thresholds).values(row)
    key = ["bureau_id", "org_unit_id", "year"]
    changed = {name: statement.excluded[name] for name in row if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))
    subject = f"{year} at unit {bureau}"
    old = None if before is None else {name: _plain(getattr(before, name)) for name in found}
    new = {name: _plain(value) for name, value in found.items()}
    audit.record(connection, viewer, "set_med_threshold", subject, old, new, reason, bureau)
    marks = [(bureau, THRESHOLD, date(year, month, 1)) for month in range(1, 13)]
    stale.mark(connection, marks)
    return marks


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def reset(engine: Engine, viewer: Viewer, unit_id: int, year: int, reason: str) -> dict[str, Any]:
    """Determine the threshold of a city bureau and year anew from today's data; its columns.

    An act with a reason and an audit row; figures follow at the next refresh. Raises NotAllowed, NotFound,
    InvalidInput("reason_missing" | "not_a_bureau" | "med_history").
    """
    if not viewer.may("reset_baseline"):
        raise NotAllowed("reset_baseline")
    if not reason.strip():
        raise InvalidInput("reason_missing")
    with writing_all(engine) as connection:  # the history of the bureau, wherever it was booked
        check_act(connection, viewer, "reset_baseline", unit_id)
        known = basis(connection)
        code = connection.scalar(select(org_units.c.code).where(org_units.c.id == unit_id))
        if known is None or unit_id not in known.bureaus:
            raise InvalidInput("not_a_bureau", unit=code)
        found = determine(connection, known, unit_id, year, {})
        if found is None:
            raise InvalidInput("med_history", unit=code, year=year)
        store(connection, known.tree, unit_id, year, found, viewer, reason.strip())
    return found
