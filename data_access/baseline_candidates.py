"""Which units and KPIs could have a baseline now, found by counting, and the facts to make it from.

Counting first keeps the daily refresh short: the facts of 500 units are read only for what can be complete.
"""

from collections.abc import Iterable
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Select, func, literal, select

from data_access import rules
from data_access.tables.kpi import kpi_facts
from data_access.tables.rules import xmr_baselines
from domain import signals
from domain.facts import Facts, facts
from domain.kpis import COVERED, Kpi, catalogue

SHORTEST_MONTH = 28


def waiting(
    connection: Connection, months: int, last_complete: date, unit_ids: Iterable[int] | None
) -> dict[int, list[str]]:
    """KPIs by unit that have no stored baseline and enough covered months for one.

    A necessary condition only: whether the months are complete and have a value shows when they are read.
    """
    units = None if unit_ids is None else tuple(unit_ids)
    kpis = judged_kpis()
    needs = {
        COVERED + need for kpi in kpis for name in _terms(kpi) for need in catalogue().measures[name].needs
    }
    parts = {name for kpi in kpis for sign, name in _judged(kpi).denominator if sign > 0 and not kpi.is_as_of}
    covered = _counts(connection, needs, SHORTEST_MONTH, last_complete, units)
    filled = _counts(connection, parts, 1, last_complete, units)
    of_units = xmr_baselines.c.org_unit_id.in_(units) if units is not None else literal(True)
    statement = select(xmr_baselines.c.org_unit_id, xmr_baselines.c.kpi).where(of_units)
    stored = {(row.org_unit_id, row.kpi) for row in connection.execute(statement)}
    result: dict[int, list[str]] = {}
    for unit in {unit for unit, _ in covered}:
        for kpi in kpis:
            needed = months + _months_before(kpi)
            known = [
                covered.get((unit, COVERED + need), 0)
                for name in _terms(kpi)
                for need in catalogue().measures[name].needs
            ]
            whole = [
                filled.get((unit, name), 0)
                for sign, name in _judged(kpi).denominator
                if sign > 0 and not kpi.is_as_of
            ]
            if (
                min(known) >= needed
                and min(whole, default=needed) >= needed
                and (unit, signals.baseline_id(kpi)) not in stored
            ):
                result.setdefault(unit, []).append(kpi.id)
    return result


def judged_kpis() -> list[Kpi]:
    """The KPIs whose baselines are stored; a twin without major event days shares that of its KPI."""
    twins = {one.without_med for one in catalogue().kpis.values()}
    return [one for one in catalogue().kpis.values() if one.id not in twins]


def _judged(kpi: Kpi) -> Kpi:
    return catalogue().kpis[signals.baseline_id(kpi)]


def _terms(kpi: Kpi) -> tuple[str, ...]:
    if kpi.is_as_of:
        return (_judged(kpi).flow,)
    return tuple(name for _, name in _judged(kpi).numerator + _judged(kpi).denominator)


def _months_before(kpi: Kpi) -> int:
    """Complete months that must lie before the first month that is judged."""
    if kpi.is_as_of:
        # Windows that the rules state may be as short as the month itself.
        return 11 if catalogue().measures[_judged(kpi).flow].window == "12m" else 0
    return 12 if kpi.seasonal else 0


def _counts(
    connection: Connection,
    measures: Iterable[str],
    at_least: int,
    last_complete: date,
    units: tuple[int, ...] | None,
) -> dict[tuple[int, str], int]:
    """Months by (unit, measure) in which the measure is at least so much."""
    statement = (
        select(kpi_facts.c.org_unit_id, kpi_facts.c.measure, func.count())
        .where(
            kpi_facts.c.measure.in_(sorted(measures)),
            kpi_facts.c.dimension == "",
            kpi_facts.c.grain == "month",
            kpi_facts.c.period_start <= last_complete,
            kpi_facts.c.value >= at_least,
            kpi_facts.c.org_unit_id.in_(units) if units is not None else literal(True),
        )
        .group_by(kpi_facts.c.org_unit_id, kpi_facts.c.measure)
    )
    return {(unit, measure): count for unit, measure, count in connection.execute(statement)}


def facts_of(
    connection: Connection, unit_ids: Iterable[int], measures: Iterable[str], last_complete: date | None
) -> Facts:
    """Facts of the units over all their months, for acts that judge them; pages read kpi_facts.monthly."""
    known = catalogue().measures
    names = set(measures)
    names |= {COVERED + need for name in tuple(names) for need in known[name].needs}
    rows = connection.execute(_facts_statement(tuple(unit_ids), sorted(names))).all()
    columns = ["org_unit_id", "measure", "member", "month", "value"]
    # Plain tuples: pandas asks each Row what it is, which takes nine times as long.
    frame = pd.DataFrame(map(tuple, rows), columns=columns)
    return facts(frame, last_complete, rules.looking_back(connection))


def _facts_statement(unit_ids: tuple[int, ...], names: list[str]) -> Select:
    return select(
        kpi_facts.c.org_unit_id,
        kpi_facts.c.measure,
        kpi_facts.c.member,
        kpi_facts.c.period_start,
        kpi_facts.c.value,
    ).where(
        kpi_facts.c.org_unit_id.in_(unit_ids),
        kpi_facts.c.measure.in_(names),
        kpi_facts.c.dimension == "",
        kpi_facts.c.grain == "month",
    )
