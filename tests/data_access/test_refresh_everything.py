"""A refresh from nothing works on several bureaus at a time in processes of their own."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, insert

from data_access import beside, refresh_everything
from data_access.kpi_refresh import refresh
from data_access.refresh_basis import basis
from data_access.tables.grid import areas, lines
from data_access.transactions import reading_all, writing_all
from domain.errors import Busy
from tests.data_access import company
from tests.data_access.booked import at, book, cover, facts, serve, step
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE
from tests.data_access.importing import dump
from tests.data_access.steps import area, line

NOON = at(date(2026, 5, 10), 12)


@pytest.fixture
def opened(engine: Engine) -> Engine:
    company.build(engine)
    cover(engine, date(2026, 4, 1), date(2026, 6, 30))
    serve(engine, [date(2026, 5, 1)], {COUNTY_A1: 50, COUNTY_A2: 60, COUNTY_B1: 70, CITY_A: 1, PROVINCE: 2})
    book(engine, step(COUNTY_A1, NOON, 60, 10), step(COUNTY_A2, NOON + timedelta(days=30), 90, 20, key="b"))
    book(engine, step(COUNTY_B1, NOON, 60, 100, key="c"))
    places = {"area_code": "T", "line_code": "L"}
    book(engine, *(step(COUNTY_B1, NOON + timedelta(days=n), 60, 5, key=f"d{n}", **places) for n in range(5)))
    with writing_all(engine) as connection:
        connection.execute(insert(areas), [area(COUNTY_B1, "T", "L")])
        connection.execute(insert(lines), [line(COUNTY_B1, "L")])
    return engine


@pytest.fixture
def begun(monkeypatch) -> list[int]:
    """As if the company were large, on two processors: in how many processes a refresh called something."""
    found, call = [], beside.each
    monkeypatch.setattr(refresh_everything, "WORTH_PROCESSES", 0)
    monkeypatch.setattr(refresh_everything.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(beside, "each", lambda *what: found.append(what[2]) or call(*what))
    return found


def test_bureaus_side_by_side_give_what_they_give_one_after_another(opened, begun, monkeypatch) -> None:
    rows, told = refresh(opened, full=True).rows, {"refresh_lease", "refresh_runs"}
    side_by_side, everything = facts(opened), dump(opened, without=told)
    assert begun == [2]

    monkeypatch.setattr(refresh_everything, "WORTH_PROCESSES", 100)

    assert refresh(opened, full=True).rows == rows
    assert begun == [2]
    assert dump(opened, without=told) == everything
    assert all(everything[name] for name in ("area_months", "line_months", "risk_findings", "risk_objects"))
    assert side_by_side[PROVINCE, "ci_lv", "", "", "month", date(2026, 5, 1)] == 135
    assert side_by_side[PROVINCE, "customers_served_lv", "", "", "month", date(2026, 5, 1)] == 183


def test_a_process_that_finds_the_lease_lost_says_so_to_who_waits(opened, begun) -> None:
    with reading_all(opened) as connection:
        known = basis(connection)

    with pytest.raises(Busy):
        refresh_everything.write(opened, "nobody", known, lambda *_: pytest.fail("it went on"))

    assert begun == [2]
    assert facts(opened) == {}
