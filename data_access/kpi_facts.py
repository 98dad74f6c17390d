"""The one SELECT behind every KPI screen, always inside the scope.

Values are the stored integers of the catalogue's measures; domain/ratios.py divides. Rows `covered:<source>`
say how many days of the month the source covers: without them no row would not be known to be zero.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Select, func, or_, select

from data_access import coverage, lease, stale
from data_access.engine import bare_rows
from data_access.org_units import all_units
from data_access.scope import check_unit, within
from data_access.tables.audit import audit_head
from data_access.tables.imports import source_coverage
from data_access.tables.kpi import kpi_facts, refresh_runs
from data_access.tables.org import org_closure, org_units
from data_access.transactions import reading, reading_all
from domain.benchmark import Benchmark, rank
from domain.kpis import COVERED, catalogue
from domain.org_units import OrgUnit
from domain.periods import Period, days_in
from domain.ratios import by_unit, first_month_needed
from domain.viewer import Scope


@dataclass(frozen=True)
class DataState:
    """How far the data goes, and whether the figures are behind it."""

    as_of_day: date | None  # last day of data of the scope, company zone; None: no data
    as_of_at: datetime | None  # when the figures were last brought up to date, UTC
    last_complete_month: date | None  # of the unit asked for, else of whatever in the scope has one
    first_month: date | None
    is_refreshing: bool
    is_stale: bool
    version: tuple[int, int]  # last refresh, and how far the acts go: another, other answers


def monthly(
    engine: Engine,
    scope: Scope,
    unit_ids: Iterable[int],
    measures: Iterable[str],
    first_month: date,
    last_month: date,
    dimension: str = "",
) -> pd.DataFrame:
    """Columns org_unit_id, measure, member, month (date), value (int): one row per stored month.

    With dimension "" also the rows `covered:<source>` of everything that the measures need. Units outside
    the scope give no rows.
    """
    with reading(engine, scope) as connection:
        units = _inside(connection, scope, org_units.c.id.in_(tuple(unit_ids)))
        return _monthly(connection, units, measures, first_month, last_month, dimension)


def children_monthly(
    engine: Engine,
    scope: Scope,
    unit_id: int,
    measures: Iterable[str],
    first_month: date,
    last_month: date,
    dimension: str = "",
) -> pd.DataFrame:
    """As monthly(), for the unit and the units directly below it."""
    wanted = or_(org_units.c.id == unit_id, org_units.c.parent_id == unit_id)
    with reading(engine, scope) as connection:
        units = _inside(connection, scope, wanted)
        return _monthly(connection, units, measures, first_month, last_month, dimension)


def _inside(connection: Connection, scope: Scope, wanted: ColumnElement[bool]) -> list[int]:
    """Ids of the wanted units that lie in the scope.

    A statement of its own: the key of kpi_facts begins with the unit, and only named units make it certain
    that both databases go by the key.
    """
    statement = select(org_units.c.id).where(wanted, within(org_units.c.id, scope)).order_by(org_units.c.id)
    return list(connection.execute(statement).scalars())


def _monthly(
    connection: Connection,
    units: Sequence[int],
    measures: Iterable[str],
    first_month: date,
    last_month: date,
    dimension: str,
) -> pd.DataFrame:
    names = set(measures)
    if dimension == "":
        known = catalogue().measures
        needs = {need for name in names for need in known[name].needs}
        # and of the whole of which a need is a column: the reason of a missing figure asks for both
        names |= {COVERED + one for need in needs for one in (need, need.partition(".")[0])}
    fact = kpi_facts.c
    statement = select(fact.org_unit_id, fact.measure, fact.member, fact.period_start, fact.value).where(
        fact.org_unit_id.in_(units),
        fact.measure.in_(sorted(names)),
        fact.dimension == dimension,
        fact.grain == "month",
        fact.period_start.between(first_month, last_month),
    )
    return _frame(connection, statement, ["org_unit_id", "measure", "member", "month", "value"], "month")


def _frame(connection: Connection, statement: Select, columns: list[str], day: str) -> pd.DataFrame:
    """The rows with `day` as dates; by column, for a page reads thousands."""
    rows = [row for block in bare_rows(connection, statement) for row in block]
    values = dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}
    frame = pd.DataFrame(values, columns=columns)
    if rows and isinstance(rows[0][columns.index(day)], str):
        dates = {text: date.fromisoformat(text) for text in set(values[day])}
        frame[day] = pd.Series([dates[text] for text in values[day]], dtype=object)
    return frame


def daily(
    engine: Engine, scope: Scope, unit_id: int, measures: Iterable[str], first_day: date, last_day: date
) -> pd.DataFrame:
    """Columns measure, day (date), value (int) of one unit; only measures that the catalogue calls daily."""
    fact = kpi_facts.c
    with reading(engine, scope) as connection:
        statement = select(fact.measure, fact.period_start, fact.value).where(
            fact.org_unit_id.in_(_inside(connection, scope, org_units.c.id == unit_id)),
            fact.measure.in_(tuple(measures)),
            fact.dimension == "",
            fact.grain == "day",
            fact.period_start.between(first_day, last_day),
        )
        return _frame(connection, statement, ["measure", "day", "value"], "day")


def data_state(engine: Engine, scope: Scope, unit_id: int | None = None) -> DataState:
    """How far the data of the scope goes and whether a refresh runs or waits.

    Its months are the unit's, or those on which all roots agree; where these have none, because a city below
    has not sent its data yet, those of any unit of the scope, so that what is there can be seen.
    """
    with reading(engine, scope) as connection:
        run = connection.execute(select(refresh_runs).order_by(refresh_runs.c.id.desc()).limit(1)).first()
        wanted = org_units.c.id.in_(scope.roots) if unit_id is None else org_units.c.id == unit_id
        first, last = _months(connection, _inside(connection, scope, wanted), all)
        if last is None:
            everywhere = _inside(connection, scope, within(org_units.c.id, scope))
            first, last = _months(connection, everywhere, any)
        is_refreshing, is_stale = lease.is_held(connection), stale.is_waiting(connection)
        as_of = _as_of_day(connection, scope)
        act = connection.scalar(select(func.sum(audit_head.c.last_change_no)))
    return DataState(
        as_of_day=as_of,
        as_of_at=run.finished_at if run else None,
        last_complete_month=last,
        first_month=first,
        is_refreshing=is_refreshing,
        is_stale=is_stale,
        version=(run.id if run else 0, int(act or 0)),
    )


def _months(
    connection: Connection, units: Sequence[int], enough: Callable[[Iterable[bool]], bool]
) -> tuple[date | None, date | None]:
    """The first month that outages cover at all; the last that they cover fully in all (or any) units."""
    fact = kpi_facts.c
    rows = connection.execute(
        select(fact.org_unit_id, fact.period_start, fact.value).where(
            fact.org_unit_id.in_(units),
            fact.measure == COVERED + coverage.OUTAGES,
            fact.dimension == "",
            fact.grain == "month",
        )
    ).all()
    full = {(unit, month) for unit, month, days in rows if days == days_in(month)}
    months = sorted({month for _, month, _ in rows})
    complete = (month for month in reversed(months) if enough((unit, month) in full for unit in units))
    return min(months, default=None), next(complete, None)


def _as_of_day(connection: Connection, scope: Scope) -> date | None:
    """Last day that outages cover for a unit of the scope or for one above it."""
    closure, stated = org_closure.c, source_coverage.c
    above = select(closure.ancestor_id).where(closure.descendant_id.in_(scope.roots))
    touches = or_(within(stated.org_unit_id, scope), stated.org_unit_id.in_(above))
    statement = select(func.max(stated.covers_to)).where(touches, stated.source == coverage.OUTAGES)
    return connection.execute(statement).scalar_one()


def benchmark(engine: Engine, scope: Scope, unit_id: int, kpi_id: str, period: Period) -> Benchmark:
    """Where the unit stands: the same KPI of every unit above it, and its rank among its siblings.

    The only read that looks outside the scope; it names no sibling. Raises NotFound for a foreign unit.
    """
    kpi, measures = catalogue().kpis[kpi_id], catalogue().measures
    first = first_month_needed([kpi], period.first, measures)
    with reading_all(engine) as connection:
        check_unit(connection, scope, unit_id)
        known = all_units(connection)
        above = _above(known, unit_id)
        siblings = [one.id for one in known.values() if one.parent_id == known[unit_id].parent_id]
        units = sorted({unit_id, *above, *siblings})
        facts = _monthly(connection, units, kpi.measures(), first, period.last, "")
    values = by_unit(facts, kpi, period, measures, units).set_index("org_unit_id")["value"]
    rows = [(one, known[one].name, known[one].name_en, known[one].level, values[one]) for one in above]
    found = values[siblings].dropna()
    return Benchmark(
        pd.DataFrame(rows, columns=["org_unit_id", "name", "name_en", "level", "value"]),
        rank(found, unit_id, kpi.better),
        len(found),
        tuple(sorted(found.tolist())),
    )


def _above(known: Mapping[int, OrgUnit], unit_id: int) -> list[int]:
    """Units above, top first."""
    found: list[int] = []
    while (parent := known[unit_id].parent_id) is not None:
        found.insert(0, parent)
        unit_id = parent
    return found
