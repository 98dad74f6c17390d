"""Facts -> additive measures per unit and period, for every unit up to the top; only what changed.

One refresh under a lease: leaves first, then parents from children. A refresh of what is marked as stale
gives the same rows as one from nothing.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, Engine, insert, select

from data_access import (
    baselines,
    coverage,
    lease,
    major_event_days,
    major_events,
    rectification_coverage,
    rectification_moves,
    refresh_everything,
    refresh_leftovers,
    refresh_plan,
    refresh_stale,
    stale,
)
from data_access.at_work import uncollected
from data_access.engine import renew_statistics
from data_access.measures.builders import builders
from data_access.refresh_basis import Basis, basis
from data_access.refresh_plan import LastRun
from data_access.stale import Mark
from data_access.tables.kpi import refresh_runs
from data_access.transactions import reading_all, snapshot
from domain.errors import Busy
from domain.periods import add_months, last_day, utc_now

UNITS_AT_ONCE = 50  # whose baselines are stored in one transaction


@dataclass(frozen=True)
class RefreshResult:
    """What one refresh did."""

    is_full: bool
    rows: int  # of kpi_facts that came, went or have another value; from nothing: all
    units: int  # that were computed
    seconds: float
    as_of_day: date | None


def refresh(engine: Engine, full: bool = False) -> RefreshResult:
    """Bring kpi_facts up to date with what is marked as stale; with full, from nothing.

    Raises Busy while another process refreshes; that one then takes our marks along, so an importer may
    ignore it. Returns when nothing is marked any more.
    """
    began = time.monotonic()
    with lease.held(engine) as holder:
        rounds = [_round(engine, holder, full)]
    # Whoever set marks while we held the lease found it busy and went: they are ours to do.
    while _is_waiting(engine):
        with lease.held(engine) as holder:
            rounds.append(_round(engine, holder, full=False))
    return RefreshResult(
        any(one.is_full for one in rounds),
        sum(one.rows for one in rounds),
        max(one.units for one in rounds),
        time.monotonic() - began,
        rounds[-1].as_of_day,
    )


def refresh_or_leave(engine: Engine) -> bool:
    """Whether the figures are up to date now; False where another process refreshes: it does ours too."""
    try:
        refresh(engine)
    except Busy:
        return False
    return True


def _is_waiting(engine: Engine) -> bool:
    with reading_all(engine) as connection:
        return stale.is_waiting(connection)


def last_run(connection: Connection) -> LastRun | None:
    """What the last finished refresh worked with; None before the first."""
    row = connection.execute(select(refresh_runs).order_by(refresh_runs.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    days = {int(bureau): date.fromisoformat(day) for bureau, day in (row.as_of_days or {}).items()}
    return LastRun(days, row.first_month, row.last_month)


def _round(engine: Engine, holder: str, full: bool) -> RefreshResult:
    """One pass over the marks of now."""
    started = utc_now()
    rectification_moves.follow(engine, holder)
    # Marks and what they speak of as of one moment: whatever changes later marks again.
    with snapshot(engine) as connection:
        marks, known, run = stale.waiting(connection), basis(connection), last_run(connection)
    full = full or refresh_plan.needs_everything(marks, run)
    if full:
        renew_statistics(engine)
    if known is not None:
        marks = _with_major_events(engine, holder, known, marks, None if full else run)
        known, own = _with_their_coverage(engine, known)
        marks = {**dict.fromkeys(own, 0), **marks}
        refresh_leftovers.remove_of_areas_and_lines(engine, holder, known, None if full else run)

    def finish(connection: Connection, rows: int) -> None:
        stale.clear(connection, marks)
        _record(connection, started, full, rows, known)

    if known is None:
        rows, units = 0, frozenset()
        with lease.writing_as(engine, holder) as connection:
            refresh_leftovers.remove_all(connection)
            finish(connection, 0)
    elif full or run is None:
        rows = refresh_everything.write(engine, holder, known, finish)
        units = frozenset(known.tree.units)
    else:
        with uncollected():
            rows, units = refresh_stale.write(engine, holder, known, builders(), marks, run, finish)
    if known is not None and (full or _may_complete(known, marks, run)):
        _freeze_baselines(engine, holder, known, units)
    return RefreshResult(full, rows, len(units), 0, known.span.as_of_day if known else None)


def _with_major_events(
    engine: Engine, holder: str, known: Basis, marks: dict[Mark, int], run: LastRun | None
) -> dict[Mark, int]:
    """Determine missing thresholds and the days in force; the marks with those that this set."""
    own: list[Mark] = []
    read: major_events.Read = {}
    with reading_all(engine) as connection:
        wanted = major_events.missing(connection, known)
        found = {one: major_events.determine(connection, known, *one, read) for one in wanted}
    found = {one: threshold for one, threshold in found.items() if threshold is not None}
    if found:
        with lease.writing_as(engine, holder) as connection:
            for (bureau, year), threshold in found.items():
                own += major_events.store(
                    connection, known.tree, bureau, year, threshold, major_events.SYSTEM, "first determined"
                )
    affected = refresh_plan.major_event_months(known, [*marks, *own], run)
    with reading_all(engine) as connection:
        changed = major_event_days.changes(connection, known, affected, read)
    if changed:
        with lease.writing_as(engine, holder) as connection:
            own += major_event_days.write(connection, known.tree, changed)
    seen = dict(marks)
    for mark in own:
        seen[mark] = seen.get(mark, 0) + 1
    return seen


def _with_their_coverage(engine: Engine, known: Basis) -> tuple[Basis, list[Mark]]:
    """The basis with what is known of major event days and rectifications; marks of what that moved."""
    with reading_all(engine) as connection:
        rows = major_event_days.covered(connection, known)
        first = rectification_coverage.first_month(connection, known)
        own = rectification_coverage.moved(connection, known, first)
    source = major_event_days.SOURCE
    known = replace(known, coverage=coverage.adding(known.coverage, known.tree, source, rows))
    return rectification_coverage.adding(known, first), own


def _record(connection: Connection, started: datetime, full: bool, rows: int, known: Basis | None) -> None:
    span = known.span if known else None
    connection.execute(
        insert(refresh_runs).values(
            started_at=started,
            finished_at=utc_now(),
            is_full=full,
            rows=rows,
            as_of_day=span.as_of_day if span else None,
            as_of_days={str(unit): f"{day}" for unit, day in refresh_plan.last_days(known).items()}
            if known
            else None,
            first_month=span.first_month if span else None,
            last_month=span.last_month if span else None,
        )
    )


def _last_complete(known: Basis) -> date:
    """Last month that the data reaches to the end of."""
    last = known.span.last_month
    return last if last_day(last) == known.span.as_of_day else add_months(last, -1)


def _may_complete(known: Basis, marks: Iterable[Mark], run: LastRun) -> bool:
    """Whether coverage of a month that is over changed; a new day of the open month completes nothing."""
    changed = refresh_plan.coverage_work(known, marks, run)
    return any(first <= _last_complete(known) for _, first, _ in changed)


def _freeze_baselines(engine: Engine, holder: str, known: Basis, units: Iterable[int]) -> None:
    """Store the baselines that have become possible; those that exist stay as they are."""
    last_complete = _last_complete(known)
    names = sorted(units)
    for start in range(0, len(names), UNITS_AT_ONCE):
        with lease.writing_as(engine, holder) as connection:
            baselines.freeze_missing(connection, last_complete, unit_ids=names[start : start + UNITS_AT_ONCE])
