"""A small company with lines and areas at risk, for tests of what refresh finds and of reads.

Line L (county A1) carries area T and the dedicated account D; line M (A1) and area U (A2) are its peers. Data
cover January to June 2026, of A and B alike.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, insert, update

from data_access import stale
from data_access.kpi_refresh import refresh
from data_access.tables.condition import (
    area_loads,
    customer_equipment,
    damage_sites,
    defects,
    load_points,
    transformers,
    voltage_days,
)
from data_access.tables.grid import area_customers, areas, lines
from data_access.tables.risk import risk_findings, risk_objects
from data_access.transactions import writing_all
from tests.built_once import built_once
from tests.data_access import booked, company, stored_risk
from tests.data_access.company import COUNTY_A1, COUNTY_A2, HOME
from tests.data_access.steps import area, line

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
JUNE = date(2026, 6, 1)
MIDNIGHT = datetime(2026, 6, 10) - company.CHINA


@built_once
def build(engine: Engine) -> None:
    """The network, and what is covered."""
    company.build(engine)
    put(engine, lines, line(COUNTY_A1, "L"), line(COUNTY_A1, "M"))
    put(
        engine, areas, area(COUNTY_A1, "T", "L"), area(COUNTY_A1, "D", "L", "dedicated"),
        area(COUNTY_A2, "U"),
    )  # fmt: skip
    customers = {"bureau_id": "A", "valid_from": date(2020, 1, 1)}
    put(engine, area_customers, {**customers, "area_code": "T", "customers": 40})
    put(engine, area_customers, {**customers, "area_code": "U", "customers": 60})
    booked.cover(engine, FIRST, LAST, sources=(*booked.ALL, "lines", "areas"))


def put(engine: Engine, table: Table, *rows: dict[str, Any]) -> None:
    """Write rows of key space A."""
    with writing_all(engine) as connection:
        for row in rows:
            connection.execute(insert(table).values(**{"bureau_id": "A", **row}))


def changed(engine: Engine, table: Table, kind: str, unit: int, month: date, **values: Any) -> None:
    """Change every row of the table, with the mark that an import leaves."""
    with writing_all(engine) as connection:
        connection.execute(update(table).values(**values))
        stale.mark(connection, [(unit, kind, month)])


def fault(
    day: str,
    *codes: str,
    at: str | None = "L",
    minutes: float | None = 60,
    unit: int = COUNTY_A1,
    **more: Any,
) -> list[dict[str, Any]]:
    """One fault of the line at 10:00 that the areas felt."""
    start = company.utc(date.fromisoformat(day))
    return [
        booked.step(
            unit, start, minutes, key=f"{day}{at}{code}", outage=f"{HOME[unit]}{day}{at}", area_code=code,
            line_code=at, **more,
        )
        for code in codes
    ]  # fmt: skip


def all_conditions(engine: Engine) -> None:
    """One object for each rule on condition, each with a decoy beside it."""
    put(
        engine, transformers,
        {"transformer_key": "old", "area_code": "T", "capacity_kva": 100, "in_service_on": date(2000, 1, 1)},
        {"transformer_key": "new", "area_code": "T", "capacity_kva": 100, "in_service_on": date(2025, 1, 1)},
        {"transformer_key": "u", "area_code": "U", "capacity_kva": 100, "in_service_on": date(2020, 1, 1)},
    )  # fmt: skip
    put(
        engine, area_loads,
        {"area_code": "T", "month": JUNE, "heavy_run_points": 7, "overload_run_points": 0,
         "unbalance_pct": 30, "unbalance_hours": 50},
        {"area_code": "U", "month": JUNE, "heavy_run_points": 8, "overload_run_points": 0,
         "unbalance_pct": 20, "unbalance_hours": 50},
    )  # fmt: skip
    put(
        engine, voltage_days,
        *({"area_code": code, "day": date(2026, 6, day), "lowest_v": 190, "low_minutes": 61}
          for code, last in (("U", 3), ("T", 2)) for day in range(1, last + 1)),
    )  # fmt: skip
    put(
        engine, defects,
        {"defect_key": "d1", "org_unit_id": COUNTY_A1, "line_code": "M", "severity": "urgent",
         "found_at": datetime(2026, 6, 30, 15, 59)},  # 23:59 of the last day
        {"defect_key": "d2", "org_unit_id": COUNTY_A1, "line_code": "L", "area_code": "T",
         "severity": "minor", "found_at": datetime(2026, 6, 1)},
        {"defect_key": "d3", "org_unit_id": COUNTY_A1, "line_code": "L", "severity": "urgent",
         "found_at": datetime(2026, 5, 1), "cleared_at": datetime(2026, 6, 30, 15, 59)},
    )  # fmt: skip
    put(
        engine, damage_sites,
        {"site_key": "s1", "org_unit_id": COUNTY_A1, "line_code": "M", "kind": "crossing",
         "opened_on": date(2026, 4, 1)},
    )  # fmt: skip
    put(
        engine, customer_equipment,
        {"equipment_key": "e1", "org_unit_id": COUNTY_A1, "area_code": "D", "customer": "王五",
         "has_boundary_switch": False, "arrester_type": "valve"},
    )  # fmt: skip
    with writing_all(engine) as connection:
        connection.execute(update(lines).where(lines.c.line_code == "M").values(ties=0))
        connection.execute(update(lines).where(lines.c.line_code == "L").values(ties=2, ties_at_limit=False))


def points(engine: Engine, code: str, power_kw: float, *places: int) -> None:
    """Metered points of an area on 10 June, by their place among the day's 96."""
    put(
        engine, load_points,
        *({"area_code": code, "measured_at": MIDNIGHT + timedelta(minutes=15 * place), "power_kw": power_kw}
          for place in places),
    )  # fmt: skip


def found(engine: Engine, month: date = JUNE) -> dict[tuple[str, str], tuple]:
    """(object_code, rule) -> (level, value, threshold, evidence) at the month-end."""
    rows = stored_risk.rows(engine, risk_findings)
    return {
        (row.object_code, row.rule): (row.level, row.value, row.threshold, row.evidence)
        for row in rows
        if row.month == month
    }


def stored(engine: Engine) -> list[set[tuple]]:
    """Every row of the tables of risk."""
    return [{repr(row) for row in stored_risk.rows(engine, table)} for table in (risk_findings, risk_objects)]


def refreshed_alike(engine: Engine) -> bool:
    """Whether a refresh from nothing leaves the rows of a refresh of what is marked."""
    refresh(engine)
    before = stored(engine)
    refresh(engine, full=True)
    return before == stored(engine)
