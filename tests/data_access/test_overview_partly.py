"""What the overview says before any month is complete."""

from datetime import date

import pytest

from data_access import overview
from domain.errors import NotFound
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.booked import cover
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, PROVINCE

ALL = Scope((PROVINCE,))


def test_the_days_of_the_newest_month_that_is_covered_in_part(engine):
    """Stated for the city; its county has them too, the other city has none."""
    company.build(engine)
    cover(engine, date(2026, 10, 3), date(2026, 10, 20), CITY_A)

    days = (date(2026, 10, 3), date(2026, 10, 20))
    assert [overview.partly_covered(engine, ALL, one) for one in (CITY_A, COUNTY_A1, PROVINCE)] == [days] * 3
    assert overview.partly_covered(engine, ALL, CITY_B) is None


def test_a_month_before_does_not_count_for_the_newest(engine):
    company.build(engine)
    cover(engine, date(2026, 9, 11), date(2026, 10, 20), CITY_A)

    assert overview.partly_covered(engine, ALL, CITY_A) == (date(2026, 10, 1), date(2026, 10, 20))


def test_a_foreign_unit_is_not_found(engine):
    company.build(engine)
    with pytest.raises(NotFound):
        overview.partly_covered(engine, Scope((CITY_B,)), CITY_A)
