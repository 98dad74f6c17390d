"""A large company made in minutes: rows as an import would leave them, written in bulk without its checks.

It serves to measure, so outages fall evenly on lines and months; the demo is the one that looks like life.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from sqlalchemy import Engine, insert

from data_access import database, org_units, stale
from data_access.engine import write_rows
from data_access.tables.grid import area_customers, areas, lines
from data_access.tables.imports import import_batches, source_coverage
from data_access.tables.org import customers_served
from data_access.tables.org import org_units as units_table
from data_access.transactions import writing_all
from domain.org_units import OrgUnit, home_key_space
from domain.periods import add_months, last_day, months_between
from tests.bench import items, outages
from tests.bench.outages import AREAS_PER_LINE, GRIDS_PER_STATION, LINES_PER_STATION

SOURCES = (
    "outages",
    "outages.customers",
    "outages.mv_users",
    "outages.area_code",
    "outages.line_code",
    "outages.trip",
    "outages.detected_at",
    "customers_served.LV",
    "customers_served.MV",
    "lines",
    "lines.length_m",
    "areas",
)


@dataclass(frozen=True)
class Size:
    """How large: units of each level, outages; every outage has AREAS_PER_LINE steps."""

    cities: int
    counties: int  # per city
    stations: int  # per county
    outages: int
    months: int = 36

    @property
    def all_stations(self) -> int:
        return self.cities * self.counties * self.stations


SIZES = {"full": Size(8, 5, 10, 300_000), "small": Size(2, 2, 5, 15_000)}
LAST = date(2026, 10, 1)
NEW_DAYS = 3  # that follow, see refreshing.py
DATA_ENDS = last_day(LAST) - timedelta(days=NEW_DAYS + 1)  # so that none of them ends the month


def _tree(size: Size) -> dict[int, OrgUnit]:
    units: dict[int, OrgUnit] = {}

    def add(code: str, level: str, parent: int | None) -> int:
        number = len(units) + 1
        home = home_key_space(code, level, parent, units)
        units[number] = OrgUnit(number, code, f"单位{code}", f"Unit {code}", level, parent, home)
        return number

    top = add("9", "province", None)
    for i in range(size.cities):
        city = add(f"9{i:02}", "city", top)
        for j in range(size.counties):
            county = add(f"9{i:02}{j:02}", "county", city)
            for k in range(size.stations):
                station = add(f"9{i:02}{j:02}{k:02}", "station", county)
                for g in range(GRIDS_PER_STATION):
                    add(f"9{i:02}{j:02}{k:02}{g:02}", "grid", station)
    return units


def fill(engine: Engine, size: Size) -> None:
    """Fill a database that has tables and no data; everything is marked stale."""
    units = _tree(size)
    first = add_months(LAST, 1 - size.months)
    random = np.random.default_rng(1)
    with writing_all(engine) as connection:
        database.settle(connection, "real")
        rows = [
            {name: getattr(unit, name) for name in ("id", "code", "name", "level", "parent_id", "bureau_id")}
            for unit in units.values()
        ]
        connection.execute(insert(units_table), rows)
        org_units.rebuild_closure(connection, units)
        _write_grid(connection, units, first, random)
        _cover(connection, units, first)
        for table, columns, part in outages.rows(units, size.outages, first, DATA_ENDS, random):
            write_rows(connection, table, columns, part)
        items.write(connection, units, LAST)
        stale.mark_everything(connection)


def _write_grid(connection, units: dict[int, OrgUnit], first: date, random: np.random.Generator) -> None:
    stations = [unit for unit in units.values() if unit.level == "station"]
    grids = {unit.code: unit.id for unit in units.values() if unit.level == "grid"}
    line_rows, area_rows, customer_rows, served = [], [], [], {}
    for station in stations:
        for n in range(LINES_PER_STATION):
            code = f"{station.code}F{n}"
            line_rows.append(
                (station.bureau_id, code, code, station.id, "public", int(random.integers(4_000, 30_000)))
            )
            for m in range(AREAS_PER_LINE):
                grid = grids[f"{station.code}{m % GRIDS_PER_STATION:02}"]
                customers = int(random.integers(40, 200))
                area_rows.append(
                    (station.bureau_id, f"{code}T{m:02}", f"{code}T{m:02}", grid, code, "public")
                )
                customer_rows.append((station.bureau_id, f"{code}T{m:02}", str(first), customers))
                total = served.setdefault((station.bureau_id, grid), [0, 0])
                total[0] += customers
                total[1] += 1
    write_rows(
        connection, lines, ["bureau_id", "line_code", "name", "org_unit_id", "kind", "length_m"], line_rows
    )
    names = ["bureau_id", "area_code", "name", "org_unit_id", "line_code", "kind"]
    write_rows(connection, areas, names, area_rows)
    write_rows(
        connection, area_customers, ["bureau_id", "area_code", "valid_from", "customers"], customer_rows
    )
    rows = (
        (bureau, grid, level, str(month), counts[place])
        for (bureau, grid), counts in served.items()
        for place, level in enumerate(("LV", "MV"))
        for month in months_between(first, LAST)
    )
    write_rows(
        connection, customers_served, ["bureau_id", "org_unit_id", "level", "month", "customers"], rows
    )


def _cover(connection, units: dict[int, OrgUnit], first: date) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    zero = ("rows", "rows_new", "rows_changed", "rows_same", "rows_withdrawn", "rows_rejected", "warnings")
    for unit in units.values():
        if unit.level != "city":
            continue
        values = {
            "bureau_id": unit.code,
            "org_unit_id": unit.id,
            "kind": "outages",
            "origin": "file",
            "mapping": {},
        }
        values |= {
            "file_name": "bench",
            "file_sha256": unit.code,
            "state": "taken",
            "by_name": "bench",
            "taken_at": now,
        }
        statement = (
            insert(import_batches).values(**values, **dict.fromkeys(zero, 0)).returning(import_batches.c.id)
        )
        batch = connection.execute(statement).scalar_one()
        period = {"covers_from": first, "covers_to": DATA_ENDS}
        common = {"bureau_id": unit.code, "org_unit_id": unit.id, "batch_id": batch, **period}
        connection.execute(insert(source_coverage), [{**common, "source": source} for source in SOURCES])
