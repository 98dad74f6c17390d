"""The demo company has what the pages are to find, and is the same each time."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import func, select

from data_access import detail, org_units, people
from data_access.demo import company, messages, names, outages
from data_access.engine import engine_for
from data_access.kpi_facts import data_state
from data_access.tables.kpi import kpi_facts, stale_marks
from data_access.transactions import reading_all
from domain.periods import add_months, period
from domain.viewer import ROLES

LAST = date(2026, 10, 1)


@pytest.fixture(scope="module")
def frames():
    return company.made(LAST)[0]


def test_the_company_is_of_the_size_that_was_asked_for(frames):
    levels = frames["units"].groupby("level").size()

    assert levels.to_dict() == {"province": 1, "city": 3, "county": 12, "station": 60, "grid": 240}
    assert 2_300 <= len(frames["areas"]) <= 2_600
    assert frames["areas"]["line_code"].isin(frames["lines"]["line_code"]).all()
    assert frames["customers_served"].groupby(["level", "month"]).ngroups == 2 * company.MONTHS


def test_the_same_month_gives_the_same_rows_again(frames):
    for kind, again in company.made(LAST)[0].items():
        pd.testing.assert_frame_equal(frames[kind], again, obj=kind)


def test_a_larger_company_has_more_stations_with_names_of_their_own():
    units = company.made(LAST, scale=2)[0]["units"]
    stations = units[units["level"] == "station"]

    assert len(stations) == 120
    assert stations["name"].is_unique
    assert units["code"].is_unique


def _minutes(frame):
    lasted = (frame["restored_at"] - frame["interrupted_at"]).dt.total_seconds() / 60
    return (lasted * frame["customers"]).sum()


def test_one_station_gets_worse_in_the_last_ten_months(frames):
    """More than three times the faults of the same months a year before; its neighbours do not."""
    steps = frames["outages"]
    faults = steps[(steps["kind"] == "fault") & (steps["trip"] != "none")]
    month = faults["interrupted_at"].dt.to_period("M").dt.to_timestamp()
    first = pd.Timestamp(add_months(LAST, 1 - outages.WORSENING_MONTHS))
    now, before = (
        month >= first,
        (month >= first - pd.DateOffset(years=1)) & (month < first - pd.DateOffset(months=4)),
    )

    def count(rows, is_there):
        return faults[rows & is_there]["outage_key"].nunique()

    there = faults["outage_unit"] == outages.WORSENING_STATION
    elsewhere = ~there & faults["outage_unit"].str.startswith(outages.WORSENING_STATION[:6])
    assert count(now, there) > 3 * count(before, there)
    assert count(now, elsewhere) < 2 * count(before, elsewhere)


def test_one_county_keeps_its_promises_less_and_less(frames):
    last_told = frames["promises"].sort_values("told_at").groupby("outage_key").last()
    steps = (
        frames["outages"]
        .groupby("outage_key")
        .agg(
            unit=("outage_unit", "first"), started=("interrupted_at", "min"), restored=("restored_at", "max")
        )
    )
    told = last_told.join(steps).dropna()
    told["kept"] = told["restored"] <= told["promised_at"] + pd.Timedelta(minutes=30)
    recent = told["started"] >= pd.Timestamp(add_months(LAST, -4))
    there = told["unit"].str.startswith(messages.FADING_COUNTY)

    assert told[recent & there]["kept"].mean() < 0.7
    assert told[~there]["kept"].mean() > 0.83


def test_typhoon_days_stand_out(frames):
    steps = frames["outages"]
    by_day = steps.groupby(steps["interrupted_at"].dt.date)["customers"].sum().sort_values(ascending=False)

    assert by_day.iloc[0] > 20 * by_day.median()


def test_a_few_outages_still_last_when_the_data_ends(frames):
    steps = frames["outages"]
    lasting = steps[steps["restored_at"].isna()]

    assert 1 <= lasting["outage_key"].nunique() <= 10
    assert (lasting["interrupted_at"] >= pd.Timestamp("2026-10-31")).all()


def test_some_areas_are_interrupted_frequently(frames):
    """Over five times this year, so that the list of 1.3 has rows."""
    steps = frames["outages"]
    this_year = steps[(steps["interrupted_at"] >= "2026-01-01") & (steps["trip"] != "reclosed")]
    counts = this_year.groupby("area_code")["outage_key"].nunique()

    assert 5 <= (counts > 5).sum() <= 250


def test_notices_have_every_fault_that_the_pages_count(frames):
    told = frames["notices"]

    assert set(told["kind"]) == {"planned", "temporary", "fault", "restored"}
    assert told["cancelled_at"].notna().any()
    assert told["rescheduled_to"].notna().any()
    assert (told["announced_start"] > told["published_at"].max()).any()  # plans of the coming days


def test_limits_know_the_station_that_gets_worse_as_worse(demo_url):
    """What the README tells: the frozen baseline ends before the worsening, so that the limits hold it."""
    engine = engine_for(demo_url)
    scope = org_units.whole_company(engine)
    state = data_state(engine, scope)
    station = org_units.by_code(engine, scope, outages.WORSENING_STATION)
    month = period("month", state.last_complete_month)
    found = {
        kpi: detail.read(engine, scope, kpi, station.id, month, month.last_year(), state).card.judgement
        for kpi in ("saidi", "saifi", "asai")
    }

    assert {kpi: one.icon for kpi, one in found.items()} == dict.fromkeys(found, "worse")
    begins = add_months(month.last, 1 - outages.WORSENING_MONTHS)
    assert all(one.baseline.last_month < begins for one in found.values())


def test_invented_people_are_called_by_a_stem():
    """Nobody's name: in Chinese texts 甲 and 乙 say "anybody"."""
    stems = {zh for zh, _ in names.STEMS}
    assert all(names.person(number)[0][1] in stems for number in range(200))


def test_the_loaded_demo_has_figures_and_somebody_in_every_role(demo_url):
    engine = engine_for(demo_url)
    with reading_all(engine) as connection:
        facts = connection.scalar(select(func.count()).select_from(kpi_facts))
        waiting = connection.scalar(select(func.count()).select_from(stale_marks))

    assert facts > 50_000
    assert waiting == 0
    assert {person.role for person in people.choosable(engine, date(2026, 11, 23))} == set(ROLES)
