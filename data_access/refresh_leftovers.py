"""Computed rows that no longer belong to the data, e.g. after an undo: of months outside it, of units gone.

Rows of areas and lines go before anything is computed, because lists and counts look back on the months
before theirs. Rows of kpi_facts go with the last of what is written, so that readers never see half.
"""

from datetime import date

from sqlalchemy import ColumnElement, Connection, Engine, delete, literal, or_, select

from data_access import lease
from data_access.refresh_basis import Basis
from data_access.refresh_plan import LastRun
from data_access.tables.kpi import area_months, frequent_outage_list, kpi_facts, line_months
from data_access.tables.org import org_units
from data_access.tables.proofs import rectification_pools, rectification_proofs
from data_access.tables.risk import line_outages, risk_findings, risk_objects
from domain.periods import last_day

OF_AREAS_AND_LINES = (
    (area_months, "month"),
    (line_months, "month"),
    (frequent_outage_list, "as_of"),
    (line_outages, "month"),
    (risk_findings, "month"),
    (risk_objects, "month"),
)

OF_RECTIFICATIONS = (rectification_proofs, rectification_pools)


def _outside(day: ColumnElement[date], basis: Basis, last_run: LastRun | None) -> list[ColumnElement[bool]]:
    """Conditions on days before and after the data; only where the last run may have left rows there."""
    start, end = basis.span.first_month, last_day(basis.span.last_month)
    if last_run is None:
        return [or_(day < start, day > end)]
    found = []
    if last_run.first_month is not None and last_run.first_month < start:
        found.append(day < start)
    if last_run.last_month is not None and last_day(last_run.last_month) > end:
        found.append(day > end)
    return found


def remove_of_areas_and_lines(engine: Engine, holder: str, basis: Basis, last_run: LastRun | None) -> None:
    """Delete their rows outside the data. Without a last run, also of units that are gone."""
    units = select(org_units.c.id)
    for table, day in OF_AREAS_AND_LINES:
        conditions = _outside(table.c[day], basis, last_run)
        if last_run is None:
            conditions.append(table.c.org_unit_id.not_in(units))
        if conditions:
            with lease.writing_as(engine, holder) as connection:
                connection.execute(delete(table).where(or_(*conditions)))
    if last_run is None:
        with lease.writing_as(engine, holder) as connection:
            for table in OF_RECTIFICATIONS:
                connection.execute(delete(table).where(table.c.org_unit_id.not_in(units)))


def remove_facts(connection: Connection, basis: Basis, last_run: LastRun) -> None:
    """Delete the rows of kpi_facts of months outside the data."""
    for condition in _outside(kpi_facts.c.period_start, basis, last_run):
        connection.execute(delete(kpi_facts).where(condition))


def remove_facts_of_gone_units(connection: Connection) -> None:
    """Delete the rows of kpi_facts of units that are gone."""
    connection.execute(delete(kpi_facts).where(kpi_facts.c.org_unit_id.not_in(select(org_units.c.id))))


def remove_all(connection: Connection) -> None:
    """Delete every computed row: there is no data any more."""
    for table in (kpi_facts, *(table for table, _ in OF_AREAS_AND_LINES), *OF_RECTIFICATIONS):
        connection.execute(delete(table).where(literal(True)))
