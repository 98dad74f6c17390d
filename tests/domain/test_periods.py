"""Which period a period is compared with, by dates."""

from datetime import date

import pytest

from domain.periods import Period, last_day, period


@pytest.mark.parametrize(
    ("kind", "end", "first", "last"),
    [
        ("month", "2026-01", "2025-12", "2025-12"),
        ("quarter", "2026-12", "2026-07", "2026-09"),
        ("quarter", "2026-11", "2026-07", "2026-08"),  # not August and September
        ("quarter", "2026-01", "2025-10", "2025-10"),
        ("ytd", "2026-10", "2025-01", "2025-10"),
        ("year", "2026-12", "2025-01", "2025-12"),
        ("year", "2026-10", "2025-01", "2025-10"),  # not March to December
        ("year", "2026-01", "2025-01", "2025-01"),
        ("12m", "2026-10", "2024-11", "2025-10"),
    ],
)
def test_an_unfinished_period_is_compared_with_as_many_months_of_the_one_before(kind, end, first, last):
    """Ten months of a year beside ten others would compare a summer with a winter."""
    found = period(kind, date.fromisoformat(f"{end}-01")).previous()

    assert found == Period(kind, date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01"))


@pytest.mark.parametrize("kind", ["month", "quarter", "ytd", "12m", "year"])
@pytest.mark.parametrize("month", range(1, 13))
def test_both_have_the_same_number_of_months_and_do_not_overlap(kind, month):
    now = period(kind, date(2026, month, 1))

    assert len(now.previous().months) == len(now.months)
    assert now.previous().last < now.first


def test_the_last_day_of_february_knows_leap_years():
    assert last_day(date(2024, 2, 1)) == date(2024, 2, 29)
