"""From when on rectification items are known: no import says so, people make them.

Before the month in which the company's first item was found nothing is known of any; from then on a unit
without one has none. A bureau is known as far as its outages are: its open month ends where theirs does.
"""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, func, select

from data_access import coverage
from data_access.rectification_acts import SOURCE
from data_access.refresh_basis import Basis
from data_access.stale import EVERY_MONTH, Mark
from data_access.tables.kpi import kpi_facts
from data_access.tables.rectifications import rectifications
from domain.kpis import COVERED
from domain.periods import month_of


def first_month(connection: Connection, basis: Basis) -> date | None:
    """The first month of the data that items are known in; None without any."""
    found = connection.scalar(select(func.min(rectifications.c.found_on)))
    if found is None or month_of(found) > basis.span.last_month:
        return None
    return max(month_of(found), basis.span.first_month)


def adding(basis: Basis, first: date | None) -> Basis:
    """The basis with what is covered."""
    if first is None:
        return basis
    rows = [(bureau, first, basis.last_day_of(bureau)) for bureau in basis.bureaus]
    return replace(basis, coverage=coverage.adding(basis.coverage, basis.tree, SOURCE, rows))


def moved(connection: Connection, basis: Basis, first: date | None) -> list[Mark]:
    """Marks for all bureaus where what is stored begins in another month."""
    fact = kpi_facts.c
    of_bureaus = (fact.org_unit_id.in_(list(basis.bureaus)), fact.measure == COVERED + SOURCE)
    statement = select(func.min(fact.period_start)).where(*of_bureaus, fact.dimension == "")
    stored = connection.scalar(statement.where(fact.grain == "month"))
    if stored == first:
        return []
    return [(bureau, COVERED + SOURCE, EVERY_MONTH) for bureau in basis.bureaus]
