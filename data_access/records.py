"""The rows behind a number: every KPI opens onto the records that its numerator and denominator count.

Each row says what it adds to the KPI's numerator and denominator, in the stored units of the measures
(customer-seconds, steps, areas), so the rows of a number add up to the number; a row that was not counted
says why. Denominators that are stocks (customers served, lines) are not records.
"""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd
from sqlalchemy import Connection, Engine

from data_access import kpi_refresh, record_queries, rules
from data_access.record_queries import Asked, Filters, Query
from data_access.record_queries_areas import areas_planned, celid_s_areas, celid_t_areas, cemi_areas, listed
from data_access.record_queries_lines import repeat_fault_lines
from data_access.record_queries_notices import outages_told
from data_access.record_queries_outages import customers_per_fault, events, steps
from data_access.record_queries_plans import plans
from data_access.record_queries_promises import promises, revisions
from data_access.record_queries_rectifications import due, judged, overdue, relapsed
from data_access.record_queries_risk import at_risk
from data_access.transactions import reading
from domain import paging, rule_sets
from domain.kpis import Kpi, catalogue
from domain.periods import Period
from domain.viewer import Scope

__all__ = ["Filters", "columns", "page", "stream", "sums"]

JUDGED_BY = (
    "frequent_outage", "notices", "outages", "promises", "proof", "rectification", "reliability",
)  # fmt: skip

QUERIES: Mapping[str, Callable[[Asked], Query]] = {
    "steps": steps,
    "fault_steps": steps,
    "planned_steps": steps,
    "med_steps": steps,
    "faults": events,
    "trips": events,
    "automated_trips": events,
    "faults_and_steps": customers_per_fault,
    "repeat_fault_lines": repeat_fault_lines,
    "cemi_areas": cemi_areas,
    "celid_s_areas": celid_s_areas,
    "celid_t_areas": celid_t_areas,
    "areas_planned": areas_planned,
    "frequent_areas": listed,
    "warning_areas": listed,
    "frequent_lines": listed,
    "risk_lines": at_risk,
    "risk_areas": at_risk,
    "planned_notices": outages_told,
    "temporary_notices": outages_told,
    "fault_notices": outages_told,
    "restoration_notices": outages_told,
    "announced_outages": outages_told,
    "plans": plans,
    "promises": promises,
    "promise_revisions": revisions,
    "rectifications_due": due,
    "rectifications_overdue": overdue,
    "rectifications_relapsed": relapsed,
    "rectifications_judged": judged,
}


def columns(kpi_id: str) -> tuple[str, ...]:
    """Ids of the columns that page() gives for the KPI, in order; ui labels them.

    All begin with their own columns and end with the unit (org_unit_id, unit_code, unit_name, unit_name_en),
    in_numerator, in_denominator (integers), is_counted (bool) and reason ('' or the code why not). *_at are
    naive UTC, *_day and *_on are dates, *_s are seconds.
    """
    known = {name: [rule_sets.first_version(name)] for name in JUDGED_BY}
    some = Period("month", rule_sets.BEGINNING, rule_sets.BEGINNING)
    kpi = catalogue().kpis[kpi_id]
    return record_queries.names(QUERIES[kpi.records](Asked(Scope(()), kpi, 0, some, Filters(), known)))


def _query(
    connection: Connection, scope: Scope, kpi: Kpi, unit_id: int, period: Period, filters: Filters
) -> Query:
    versions = {name: rules.versions(connection, name) for name in JUDGED_BY}
    run = kpi_refresh.last_run(connection)
    return QUERIES[kpi.records](
        Asked(scope, kpi, unit_id, period, filters, versions, run.last_days if run else {})
    )


def page(
    engine: Engine,
    scope: Scope,
    kpi_id: str,
    unit_id: int,
    period: Period,
    number: int = 1,
    size: int = 50,
    filters: Filters | None = None,
) -> tuple[pd.DataFrame, int]:
    """Rows of page `number` (from 1), or the last, and how many rows there are in all; newest first.

    Outside the scope: no rows and 0. As-of KPIs: the rows as at the end of period.last, so give a period
    that ends with Reading.as_of.
    """
    kpi, filters = catalogue().kpis[kpi_id], filters or Filters()
    with reading(engine, scope) as connection:
        query = _query(connection, scope, kpi, unit_id, period, filters)
        if query.day is None:
            total = connection.execute(record_queries.total(query, filters)).scalar_one()
            offset = paging.before(number, total, size)
        else:
            counts = [tuple(row) for row in connection.execute(record_queries.by_day(query, filters))]
            total = int(sum(count for _, count in counts))
            offset = paging.before(number, total, size)
            query, offset = record_queries.narrowed(query, counts, offset, size)
        found = connection.execute(record_queries.rows(query, filters, size, offset))
        return pd.DataFrame(found.all(), columns=list(record_queries.names(query))), int(total)


def sums(
    engine: Engine, scope: Scope, kpi_id: str, unit_id: int, period: Period, filters: Filters | None = None
) -> tuple[int, int]:
    """Sum of in_numerator and in_denominator over all rows, for the line below the table."""
    kpi, filters = catalogue().kpis[kpi_id], filters or Filters()
    with reading(engine, scope) as connection:
        query = _query(connection, scope, kpi, unit_id, period, filters)
        numerator, denominator = connection.execute(record_queries.sums(query, filters)).one()
    return int(numerator or 0), int(denominator or 0)


def stream(
    engine: Engine,
    scope: Scope,
    kpi_id: str,
    unit_id: int,
    period: Period,
    filters: Filters | None = None,
    chunk: int = 5_000,
) -> Iterator[pd.DataFrame]:
    """All rows in chunks for a download; memory does not grow with their number."""
    kpi, filters = catalogue().kpis[kpi_id], filters or Filters()
    with reading(engine, scope) as connection:
        query = _query(connection, scope, kpi, unit_id, period, filters)
        streaming = connection.execution_options(yield_per=chunk)
        for rows in streaming.execute(record_queries.rows(query, filters)).partitions():
            yield pd.DataFrame(rows, columns=list(record_queries.names(query)))
