"""What the reliability page may list: not known is another thing than none."""

from datetime import date

from data_access import coverage, reliability
from data_access.kpi_refresh import refresh
from data_access.transactions import reading_all
from domain.periods import period
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.booked import at, book, cover, step
from tests.data_access.company import CITY_A, COUNTY_A1, PROVINCE

MAY = period("month", date(2026, 5, 1))
ALL = Scope((PROVINCE,))


def loaded(engine, *sources):
    company.build(engine)
    cover(engine, date(2026, 5, 1), date(2026, 5, 31), sources=("outages", "outages.customers", *sources))
    book(engine, step(COUNTY_A1, at(date(2026, 5, 10)), 100, 1))
    refresh(engine)


def test_without_lines_and_areas_in_the_source_no_list_can_be_made(engine):
    loaded(engine)

    assert reliability.lacking(engine, ALL, CITY_A, MAY, "outages.customers") == {
        "line": "not_covered:outages.line_code",
        "area": "not_covered:outages.area_code",
    }


def test_without_the_customers_of_a_level_its_worst_lines_cannot_be_named(engine):
    loaded(engine, "outages.line_code")

    assert reliability.lacking(engine, ALL, CITY_A, MAY, "outages.customers")["line"] == ""
    found = reliability.lacking(engine, ALL, CITY_A, MAY, "outages.mv_users")
    assert found["line"] == "not_covered:outages.mv_users"


def test_one_restoration_time_of_each_outage_says_nothing_of_revisions(engine):
    """A table of every time told does."""
    company.build(engine)
    cover(engine, date(2026, 5, 1), date(2026, 5, 31), sources=("outages.promised_at",))
    with reading_all(engine) as connection:
        assert set(coverage.intervals(connection)) == {"promises"}

    cover(engine, date(2026, 5, 1), date(2026, 5, 31), sources=("promises",), batch=2)
    with reading_all(engine) as connection:
        assert set(coverage.intervals(connection)) == {"promises", "promises.revisions"}
