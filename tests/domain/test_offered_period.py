"""Which days a file is offered to cover: whole months, for these have figures."""

from datetime import date

from domain.import_kinds import kinds
from domain.periods import whole_months

TODAY = date(2026, 11, 24)


def test_whole_months_are_offered():
    assert whole_months(date(2026, 1, 5), date(2026, 2, 7), TODAY) == (date(2026, 1, 1), date(2026, 2, 28))


def test_the_month_that_runs_is_offered_up_to_the_last_day_of_the_file():
    assert whole_months(date(2026, 9, 3), date(2026, 11, 20), TODAY) == (date(2026, 9, 1), date(2026, 11, 20))


def test_rows_of_months_speak_of_whole_months_and_of_the_one_that_runs_up_to_today():
    loads = kinds()["area_loads"]
    assert loads.proposed_days(date(2026, 1, 1), date(2026, 2, 1), TODAY) == (
        date(2026, 1, 1),
        date(2026, 2, 28),
    )
    assert loads.proposed_days(date(2026, 9, 1), date(2026, 11, 1), TODAY) == (date(2026, 9, 1), TODAY)
