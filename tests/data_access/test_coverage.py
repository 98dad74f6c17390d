"""Zero or missing: how many days of a month a source covers, by hand."""

from datetime import date

from sqlalchemy import Engine, insert, update

from data_access import coverage
from data_access.coverage import Coverage
from data_access.refresh_basis import basis
from data_access.tables.grid import lines
from data_access.tables.org import org_units
from data_access.transactions import reading_all, writing_all
from tests.data_access import company
from tests.data_access.booked import cover, serve
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)


def known(engine: Engine) -> Coverage:
    with reading_all(engine) as connection:
        found = basis(connection)
    return found.coverage


def test_a_statement_covers_the_unit_and_all_below_on_its_days(engine: Engine) -> None:
    """20 April to 2 June: 11 days, all of May, 2 days. The other city has nothing."""
    company.build(engine)
    cover(engine, date(2026, 4, 20), date(2026, 6, 2), CITY_A)

    found = known(engine)

    for unit in (CITY_A, COUNTY_A1, COUNTY_A2):
        assert [found.of(unit, "outages", month) for month in (APRIL, MAY, JUNE)] == [11, 31, 2]
    assert found.of(CITY_B, "outages", MAY) == found.of(COUNTY_B1, "outages", MAY) == 0


def test_two_statements_cover_their_union(engine: Engine) -> None:
    company.build(engine)
    cover(engine, date(2026, 5, 1), date(2026, 5, 10), CITY_A)
    cover(engine, date(2026, 5, 8), date(2026, 5, 12), COUNTY_A1, batch=2)

    found = known(engine)

    assert (found.of(COUNTY_A1, "outages", MAY), found.of(COUNTY_A2, "outages", MAY)) == (12, 10)


def test_a_unit_above_is_covered_on_the_days_on_which_all_its_children_are(engine: Engine) -> None:
    """1-20 and 11-31: ten days in common, not the smaller of 20 and 21."""
    company.build(engine)
    cover(engine, date(2026, 5, 1), date(2026, 5, 20), CITY_A)
    cover(engine, date(2026, 5, 11), date(2026, 5, 31), CITY_B, batch=2)

    assert known(engine).of(PROVINCE, "outages", MAY) == 10


def test_a_child_not_yet_opened_does_not_hold_its_parent_back(engine: Engine) -> None:
    company.build(engine)
    with writing_all(engine) as connection:
        opened = update(org_units).where(org_units.c.id == CITY_B).values(opened_on=date(2026, 5, 22))
        connection.execute(opened)
    cover(engine, date(2026, 5, 1), date(2026, 5, 31), CITY_A)

    assert known(engine).of(PROVINCE, "outages", MAY) == 21


def test_customers_are_known_by_the_units_own_figure_or_by_all_its_children(engine: Engine) -> None:
    """City A by both counties; city B's county is missing, so the province is too."""
    company.build(engine)
    serve(engine, [MAY], {COUNTY_A1: 1, COUNTY_A2: 0})
    serve(engine, [JUNE], {COUNTY_A1: 1})

    found, source = known(engine), "customers_served.LV"

    assert (found.of(CITY_A, source, MAY), found.of(COUNTY_A2, source, MAY)) == (31, 31)
    assert (found.of(CITY_A, source, JUNE), found.of(COUNTY_A2, source, JUNE)) == (0, 0)
    assert found.of(PROVINCE, source, MAY) == 0


def test_customers_given_for_a_county_say_nothing_of_its_stations(engine: Engine) -> None:
    company.build(engine)
    serve(engine, [MAY], {CITY_A: 100})

    found = known(engine)

    assert found.of(CITY_A, "customers_served.LV", MAY) == 31
    assert found.of(COUNTY_A1, "customers_served.LV", MAY) == 0


def test_a_unit_that_does_not_exist_yet_has_no_customers_and_that_is_known(engine: Engine) -> None:
    company.build(engine)
    with writing_all(engine) as connection:
        opened = update(org_units).where(org_units.c.id == COUNTY_A2).values(opened_on=JUNE)
        connection.execute(opened)
    serve(engine, [MAY, JUNE], {COUNTY_A1: 5})

    found, source = known(engine), "customers_served.LV"

    assert (found.of(CITY_A, source, MAY), found.of(CITY_A, source, JUNE)) == (31, 0)


def test_lines_are_known_from_the_first_line_or_an_import_on_and_lengths_only_if_none_lacks(
    engine: Engine,
) -> None:
    company.build(engine)
    cover(engine, APRIL, date(2026, 6, 30), PROVINCE)
    common = {"bureau_id": "A", "name": "x", "kind": "public"}
    with writing_all(engine) as connection:
        connection.execute(
            insert(lines),
            [
                common | {"line_code": "1", "org_unit_id": COUNTY_A1, "length_m": 5, "opened_on": MAY},
                common | {"line_code": "2", "org_unit_id": COUNTY_A2, "length_m": None, "opened_on": JUNE},
            ],
        )
    cover(engine, APRIL, date(2026, 6, 30), CITY_B, ("lines",), batch=2)

    found = known(engine)

    assert [found.of(COUNTY_A1, "lines", month) for month in (APRIL, MAY)] == [0, 31]
    assert [found.of(CITY_A, "lines", month) for month in (APRIL, MAY)] == [0, 31]
    assert found.of(COUNTY_A2, "lines", MAY) == 0
    assert found.of(COUNTY_B1, "lines", APRIL) == 30
    assert [found.of(CITY_A, "lines.length_m", month) for month in (MAY, JUNE)] == [31, 0]
    assert found.of(COUNTY_A1, "lines.length_m", JUNE) == 30


def test_the_last_day_of_data_is_that_of_outages_not_of_plans(engine: Engine) -> None:
    """Notices may be published for months to come; customers may be known before any outage."""
    company.build(engine)
    serve(engine, [date(2026, 3, 1)], {COUNTY_A1: 1})
    cover(engine, date(2026, 4, 3), date(2026, 5, 17), CITY_A, ("outages",))
    cover(engine, date(2026, 4, 3), date(2026, 9, 30), CITY_A, ("notices",), batch=2)

    with reading_all(engine) as connection:
        span = coverage.span(connection, coverage.intervals(connection))

    assert span == coverage.Span(date(2026, 3, 1), MAY, date(2026, 5, 17))
