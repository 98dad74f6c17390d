"""A small company for tests of reads: a province, two cities, three counties, and what is booked on them."""

from datetime import date, datetime, timedelta

from sqlalchemy import Engine, insert

from data_access import org_units as tree
from data_access.tables.org import org_units
from data_access.transactions import writing_all

PROVINCE, CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1 = range(1, 7)
UNITS = {
    PROVINCE: ("P", "province", None, "P"),
    CITY_A: ("A", "city", PROVINCE, "A"),
    CITY_B: ("B", "city", PROVINCE, "B"),
    COUNTY_A1: ("A1", "county", CITY_A, "A"),
    COUNTY_A2: ("A2", "county", CITY_A, "A"),
    COUNTY_B1: ("B1", "county", CITY_B, "B"),
}
HOME = {unit: bureau for unit, (_, _, _, bureau) in UNITS.items()}
CHINA = timedelta(hours=8)  # no summer time: local = UTC + 8 h


def build(engine: Engine) -> None:
    """Write the units and their closure."""
    rows = [
        {"id": unit, "code": code, "name": code, "level": level, "parent_id": parent, "bureau_id": bureau}
        for unit, (code, level, parent, bureau) in UNITS.items()
    ]
    with writing_all(engine) as connection:
        connection.execute(insert(org_units), rows)
        tree.rebuild_closure(connection)


def utc(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Naive UTC of a local time in the company's zone."""
    return datetime(day.year, day.month, day.day, hour, minute) - CHINA
