"""A real file: how BC Hydro kept the restoration times that it told in 2024."""

from datetime import date

import pytest
from sqlalchemy import func, select

from data_access.measures import promises as builder
from data_access.tables.outages import outage_steps
from domain.periods import month_of
from tests.data_access import bchydro
from tests.data_access.steps import computed, request


@pytest.mark.sample_data
def test_promises_of_the_whole_file(engine, monkeypatch):
    """Kept 84.60 %, estimates accurate 54.22 %; each step was told one time, so first and last agree."""
    monkeypatch.setenv("COMPANY_TIMEZONE", bchydro.ZONE)
    bchydro.taken(engine)
    days = select(func.min(outage_steps.c.start_day), func.max(outage_steps.c.start_day))
    with engine.connect() as connection:
        first, last = connection.execute(days).one()

    found = computed(engine, builder, request(engine, month_of(first), month_of(last)))

    totals = found[found["dimension"] == ""].groupby("measure")["value"].sum()
    assert totals["promises_due"] == 21_909
    assert totals["promises_kept_first"] == totals["promises_kept_last"] == 18_535
    assert totals["estimates_accurate_first"] == totals["estimates_accurate_last"] == 11_880
    assert round(100 * 18_535 / 21_909, 2) == 84.60
    assert round(100 * 11_880 / 21_909, 2) == 54.22
    assert first < date(2024, 1, 1)  # the file begins with outages that started earlier
