"""A real file: BC Hydro's public outages of 2024 give the published and worked-out figures, to the cent."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data_access.imports.finishing import ImportResult
from data_access.tables.imports import import_warnings
from data_access.tables.org import org_units
from data_access.tables.outages import outage_steps, outages
from domain import rule_sets
from domain.mapping import from_toml
from tests.data_access import bchydro

MAPPING = Path("data_access/mappings/bchydro_outages.toml")
LOCAL_2024 = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture
def taken(engine, monkeypatch) -> ImportResult:
    monkeypatch.setenv("COMPANY_TIMEZONE", bchydro.ZONE)
    return bchydro.taken(engine)


def figures(engine, *conditions):
    """Customer interruptions, customer-minutes, outages, steps."""
    steps = select(
        func.sum(outage_steps.c.customers),
        func.sum(outage_steps.c.customers * outage_steps.c.duration_s),
        func.count(),
    ).where(*(condition(outage_steps) for condition in conditions))
    count = select(func.count()).select_from(outages).where(*(condition(outages) for condition in conditions))
    with engine.connect() as connection:
        customers, seconds, number = connection.execute(steps).one()
        return int(customers), round(int(seconds) / 60, 2), connection.execute(count).scalar_one(), number


@pytest.mark.sample_data
def test_the_whole_file_gives_the_published_totals(engine, taken):
    assert figures(engine) == (4_872_808, 1_411_395_135.83, 33_608, 33_876)
    assert (taken.new, taken.rejected, taken.units_made) == (33_876, 0, 313)
    with engine.connect() as connection:
        planned = select(func.count()).where(outage_steps.c.kind == "planned").select_from(outage_steps)
        assert connection.execute(planned).scalar_one() == 9_657
        levels = select(org_units.c.level, func.count()).group_by(org_units.c.level)
        assert {("province", 1), ("city", 7), ("county", 305)} == {
            tuple(row) for row in connection.execute(levels)
        }


@pytest.mark.sample_data
@pytest.mark.usefixtures("taken")
def test_the_local_year_2024_is_a_little_less(engine):
    """Days are Vancouver's: an outage of the evening of 31 December UTC-8 is 2024's, that of 2023 is not."""
    local = figures(engine, lambda table: table.c.start_day.between(*LOCAL_2024))

    assert local == (4_866_343, 1_349_878_850.30, 33_583, 33_851)


@pytest.mark.sample_data
def test_three_steps_over_thirty_days_wait_for_a_decision(engine, taken):
    assert list(taken.counts) == [("warning", "dateOn", "longer_than_days", 3)]
    with engine.connect() as connection:
        found = connection.execute(
            select(import_warnings.c.value).order_by(import_warnings.c.row_no)
        ).scalars()
        assert list(found) == ["294586 min", "45108 min", "53345 min"]


def test_every_cause_of_the_file_has_a_code_of_the_rules():
    causes = from_toml(MAPPING.read_text(encoding="utf-8")).columns["cause"].values

    assert len(causes) == 33
    assert set(causes.values()) <= set(rule_sets.first_version("causes").body)
