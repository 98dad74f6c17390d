"""Stocks by hand: customers served, customer time, lines and areas at the end of a month."""

from datetime import date

import pytest
from sqlalchemy import Engine, insert

from data_access.measures import stocks
from data_access.tables.grid import areas, lines
from data_access.transactions import writing_all
from tests.data_access import company
from tests.data_access.booked import cover, measured, serve
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, PROVINCE

FEB, MARCH = date(2026, 2, 1), date(2026, 3, 1)


def opened(engine: Engine) -> None:
    company.build(engine)
    cover(engine, date(2026, 1, 1), date(2026, 3, 31))


def test_customer_time_is_customers_times_seconds_of_the_month(engine: Engine) -> None:
    """100 customers in 28 days: 241,920,000 customer-seconds; above, the sum of the units below."""
    opened(engine)
    serve(engine, [FEB], {COUNTY_A1: 100, COUNTY_A2: 7})
    serve(engine, [FEB], {COUNTY_A1: 3}, "MV")

    county, province = (measured(engine, stocks, unit, FEB) for unit in (COUNTY_A1, PROVINCE))

    assert (county["customers_served_lv"], county["customer_time_lv"]) == (100, 241_920_000)
    assert (county["customers_served_mv"], county["customer_time_mv"]) == (3, 3 * 28 * 86_400)
    assert province["customers_served_lv"] == 107


def test_a_month_with_a_change_of_clocks_is_an_hour_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPANY_TIMEZONE", "America/Vancouver")

    assert stocks.seconds_of(MARCH) == 31 * 86_400 - 3_600
    assert stocks.seconds_of(date(2026, 11, 1)) == 30 * 86_400 + 3_600
    assert stocks.seconds_of(FEB) == 28 * 86_400


def test_lines_and_areas_count_as_they_stand_at_the_end_of_the_month(engine: Engine) -> None:
    """closed_on is the first day without: closed on 1 March they still stand at the end of February."""
    opened(engine)
    rows = [
        (None, None, 1_000),
        (date(2026, 2, 28), None, 200),
        (date(2026, 3, 1), None, 30),
        (None, date(2026, 3, 1), 4),
        (None, date(2026, 2, 28), 5),
    ]
    common = {"bureau_id": "A", "org_unit_id": COUNTY_A1, "kind": "public"}
    with writing_all(engine) as connection:
        for number, (opened_on, closed_on, length) in enumerate(rows):
            life = {"opened_on": opened_on, "closed_on": closed_on, "name": "x"}
            line = common | life | {"line_code": f"L{number}", "length_m": length}
            connection.execute(insert(lines).values(line))
            connection.execute(insert(areas).values(common | life | {"area_code": f"T{number}"}))

    february, march = (measured(engine, stocks, CITY_A, month) for month in (FEB, MARCH))

    assert (february["lines_served"], february["line_metre_months"]) == (3, 1_204)
    assert (march["lines_served"], march["line_metre_months"]) == (3, 1_230)
    assert (february["areas_served"], march["areas_served"]) == (3, 3)
