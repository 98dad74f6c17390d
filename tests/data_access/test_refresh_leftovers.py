"""What refresh wrote goes with the data it was made from: months that left it, units that are gone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, delete, insert, select

from data_access import org_units, stale, worst
from data_access.imports import undo
from data_access.kpi_refresh import refresh
from data_access.tables.grid import areas, lines
from data_access.tables.kpi import area_months, frequent_outage_list, line_months
from data_access.tables.org import org_units as units
from data_access.tables.outages import outage_steps, outages
from data_access.tables.risk import line_outages, risk_findings, risk_objects
from data_access.transactions import writing_all
from domain.periods import Period
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.booked import at, book, cover, facts, step
from tests.data_access.company import COUNTY_A1, COUNTY_A2, PROVINCE
from tests.data_access.importing import UNITS, administrator, take
from tests.data_access.steps import area, line

MAY = date(2026, 5, 1)
COMPUTED = (area_months, line_months, line_outages, frequent_outage_list, risk_findings, risk_objects)
NO_MED = ("customers", "customer_s", "fault_customer_s", "mv_users", "mv_user_s")
OF_STEPS = (
    "outages",
    "customers",
    "customer_s",
    "mv_users",
    "mv_user_s",
    *(f"{one}_no_med" for one in NO_MED),
)


def months_of(engine: Engine, table) -> set[date]:
    day = table.c.as_of if table is frequent_outage_list else table.c.month
    with engine.connect() as connection:
        return {one.replace(day=1) for one in connection.execute(select(day)).scalars()}


@pytest.fixture
def world(engine):
    """T1 and T2 are out four times in April, in May once with the line still known: a decoy that stays."""
    company.build(engine)
    cover(engine, date(2026, 4, 1), date(2026, 4, 30), batch=1)
    cover(engine, MAY, date(2026, 5, 31), batch=2)
    with writing_all(engine) as connection:
        connection.execute(insert(areas), [area(COUNTY_A1, code) for code in ("T1", "T2")])
        connection.execute(insert(lines), [line(COUNTY_A1, "L")])
    days = [date(2026, 4, 2) + timedelta(days=7 * number) for number in range(4)] + [date(2026, 5, 9)]
    rows = [
        step(COUNTY_A1, at(day), 60, 10, key=f"{day}/{code}", outage=f"{day}", area_code=code, line_code="L")
        for day in days
        for code in ("T1", "T2")
    ]
    book(engine, *rows)
    refresh(engine)
    return engine


@pytest.fixture(params=[False, True], ids=["what is marked", "from nothing"])
def without_april(request, world):
    """April's import is taken back, and the figures follow."""
    with writing_all(world) as connection:
        stale.mark_coverage(connection, 1)
        connection.exec_driver_sql("DELETE FROM source_coverage WHERE batch_id = 1")
        for table in (outage_steps, outages):
            connection.execute(delete(table).where(table.c.start_day < MAY))
        stale.mark(connection, [(COUNTY_A1, "outages", date(2026, 4, 1))])
    refresh(world, full=request.param)
    return world


def test_months_that_left_the_data_leave_the_tables_of_areas_and_lines(without_april):
    assert [months_of(without_april, table) for table in COMPUTED] == [{MAY}] * 3 + [set()] * 3


def test_nobody_is_counted_for_interruptions_of_months_that_left_the_data(without_april):
    """Three in twelve months make an area one of CEMI; one is left, in no list of the worst but May's."""
    assert [key for key in facts(without_april) if key[1].startswith(("cemi", "frequent", "warning"))] == []
    year = Period("12m", date(2025, 6, 1), MAY)
    assert worst.worst_areas(without_april, Scope((PROVINCE,)), PROVINCE, year)["customers"].tolist() == [
        10,
        10,
    ]


def test_without_any_data_no_table_keeps_a_row(world):
    with writing_all(world) as connection:
        connection.exec_driver_sql("DELETE FROM source_coverage")
        stale.mark_everything(connection)

    refresh(world)

    assert [months_of(world, table) for table in COMPUTED] == [set()] * 6


def test_rows_of_a_unit_that_is_gone_go_in_a_refresh_from_nothing(world):
    stored = {"bureau_id": "A", "month": MAY, "line_code": "L"} | dict.fromkeys(OF_STEPS, 1)
    with writing_all(world) as connection:
        for unit in (COUNTY_A2, 99):
            connection.execute(insert(line_months).values(**stored, org_unit_id=unit))

    refresh(world, full=True)

    with world.connect() as connection:
        assert set(connection.execute(select(line_months.c.org_unit_id)).scalars()) == {COUNTY_A1}


def test_the_number_of_a_unit_that_is_gone_is_never_another_units(engine, tmp_path):
    """A bookmark, a viewer's scope or a kept row would mean the other unit from then on."""
    take(engine, tmp_path, "units", UNITS)
    made = take(engine, tmp_path, "units", UNITS + "S4,新所,station,C2,\n")
    with engine.connect() as connection:
        gone = connection.scalar(select(units.c.id).where(units.c.code == "S4"))

    undo.undo(engine, administrator(engine), made.batch_id, "a mistake")
    take(engine, tmp_path, "units", UNITS + "S5,另所,station,C2,\n")

    with engine.connect() as connection:
        assert gone not in org_units.all_units(connection)


def test_line_months_of_a_unit_go_with_the_import_that_made_it(engine, tmp_path):
    made = take(engine, tmp_path, "units", UNITS)
    with writing_all(engine) as connection:
        unit = connection.scalar(select(units.c.id).where(units.c.code == "S1"))
        values = {"bureau_id": "C1", "org_unit_id": unit, "month": MAY, "line_code": "L"}
        values |= dict.fromkeys(OF_STEPS, 1)
        connection.execute(insert(line_months).values(**values))

    undo.undo(engine, administrator(engine), made.batch_id, "a mistake")

    with engine.connect() as connection:
        assert connection.execute(select(line_months)).all() == []
