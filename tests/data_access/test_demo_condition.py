"""The demo company has lines and areas in every condition that rules for risk lines look at, and decoys."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import func, select

from data_access.demo import company, hazards, loads, network
from data_access.engine import engine_for
from data_access.tables.condition import OF_CONDITION
from data_access.tables.imports import import_batches
from data_access.transactions import reading_all
from domain.periods import last_day

LAST = date(2026, 10, 1)
END = pd.Timestamp(last_day(LAST))


@pytest.fixture(scope="module")
def frames():
    return company.made(LAST)[0]


def years_before(days):
    return (END - pd.to_datetime(days)).dt.days / 365


def test_some_transformers_and_bare_conductors_are_old_and_most_are_not(frames):
    age = years_before(frames["transformers"]["in_service_on"])
    lines = frames["lines"]
    old = (lines["conductor"] == "bare") & (years_before(lines["conductor_since"]) > 25)

    assert 0.03 < (age > 20).mean() < 0.25
    assert network.BAD_LINES <= old.sum() <= 60  # the bad lines among them


def test_the_transformers_of_an_area_share_its_capacity(frames):
    """Joined row by row the capacity would be counted twice."""
    found = frames["transformers"].groupby("area_code")["capacity_kva"].agg(["sum", "size"])
    areas = frames["areas"].set_index("area_code")["capacity_kva"]

    assert (found["sum"] == areas.loc[found.index]).all()
    assert 50 <= (found["size"] == 2).sum() <= 200


def test_some_areas_are_heavily_loaded_for_two_hours_and_some_fall_just_short(frames):
    found = frames["area_loads"].dropna(subset=["peak_load_pct"])

    assert found["month"].map(lambda month: month.month).isin(loads.SUMMER).all()
    assert (found["heavy_run_points"] >= 8).sum() > 100
    assert (found["heavy_run_points"] == 7).sum() > 10
    assert (found["overload_run_points"] >= 8).sum() > 30
    assert (frames["area_loads"]["unbalance_pct"] > 25).sum() > 100


def longest_run(over):
    """Length of the longest run of True."""
    return int(over.groupby((~over).cumsum()).sum().max())


def test_points_of_a_hot_week_hold_overload_heavy_load_and_a_gap_after_seven(frames):
    """Each city has one of each; a gap of one point parts two runs of seven."""
    points = frames["load_points"].merge(
        frames["areas"][["area_code", "capacity_kva"]], on="area_code", validate="many_to_one"
    )
    share = points["power_kw"] / points["capacity_kva"]
    runs = {
        code: (longest_run(share[rows] >= 0.8), longest_run(share[rows] >= 1.0))
        for code, rows in points.groupby("area_code").groups.items()
    }

    assert points.groupby("area_code").size().unique().tolist() == [96 * loads.METERED_DAYS]
    assert sorted(runs.values()) == [(7, 0)] * 3 + [(8, 0)] * 3 + [(15, 15)] * 3
    assert {code[:4] for code in runs} == {"0601", "0602", "0603"}


def test_low_voltage_is_at_the_ends_of_lines_and_not_always_long_enough(frames):
    days = frames["voltage_days"]
    long_ones = days[days["low_minutes"] >= 60]
    per_month = long_ones.groupby(["area_code", long_ones["day"].map(lambda day: day.replace(day=1))]).size()

    assert days["lowest_v"].lt(198).all()
    assert (per_month >= 3).sum() > 50
    assert (per_month < 3).sum() > 50


def test_defects_are_open_past_their_limit_and_some_areas_have_their_own(frames):
    defects = frames["defects"]
    is_open = defects["cleared_at"].isna()
    is_late = is_open & (pd.to_datetime(defects["limit_on"]) < END)

    assert set(defects["severity"]) == {"urgent", "major", "minor"}
    assert set(defects["found_by"]) == set(hazards.FOUND_BY)
    assert set(defects.loc[is_late, "severity"]) >= {"urgent", "major"}
    assert (defects.loc[is_open, "severity"] == "minor").groupby(defects["line_code"]).sum().max() >= 5
    assert defects["area_code"].notna().sum() > 50


def test_open_sites_are_patrolled_but_for_some_that_were_forgotten(frames):
    sites = frames["damage_sites"]
    open_ones = sites[sites["closed_on"].isna()].set_index("site_key")
    last = pd.to_datetime(frames["patrols"].groupby("site_key")["patrolled_on"].max())
    since = (END - last.reindex(open_ones.index)).dt.days
    is_late = since > open_ones["patrol_every_days"] + 2

    assert set(sites["kind"]) == set(hazards.SITES)
    assert 3 <= is_late.sum() < len(open_ones) / 2
    assert frames["patrols"]["site_key"].isin(sites["site_key"]).all()


def test_some_lines_are_radial_and_some_ties_are_at_their_limit(frames):
    lines = frames["lines"]

    assert 20 <= (lines["ties"] == 0).sum() < 100
    assert 10 <= lines["ties_at_limit"].fillna(False).sum() < 60
    assert not (lines["ties_at_limit"].fillna(False) & (lines["ties"] == 0)).any()


def test_customers_have_old_arresters_no_boundary_switch_and_overdue_tests(frames):
    found = frames["customer_equipment"]
    dedicated = frames["areas"][frames["areas"]["kind"] == "dedicated"]

    assert found["area_code"].tolist() == dedicated["area_code"].tolist()
    assert found["customer"].tolist() == dedicated["name"].tolist()  # nobody new
    assert (found["arrester_type"] == "silicon_carbide").sum() >= 5
    assert (~found["has_boundary_switch"]).sum() >= 10
    assert (years_before(found["last_test_on"]) > 3).sum() >= 10
    assert found["accepted_on"].notna().any()


def test_the_loaded_demo_holds_them_all_without_an_odd_row(frames, demo_url):
    with reading_all(engine_for(demo_url)) as connection:
        for table in OF_CONDITION:
            stored = connection.scalar(select(func.count()).select_from(table))
            odd = select(func.sum(import_batches.c.warnings)).where(import_batches.c.kind == table.name)
            assert (stored, connection.scalar(odd)) == (len(frames[table.name]), 0), table.name
