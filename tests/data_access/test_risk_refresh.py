"""What refresh finds of lines and areas at risk, on both databases: hand cases with what just misses them."""

import copy
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, delete, insert

from data_access import stale
from data_access.kpi_refresh import refresh
from data_access.tables.condition import area_loads, damage_sites, defects, voltage_days
from data_access.tables.grid import lines
from data_access.tables.risk import risk_objects
from data_access.tables.rules import major_event_dates, rule_versions
from data_access.transactions import writing_all
from domain import rule_sets
from domain.periods import utc_now
from tests.data_access import booked, risky, stored_risk
from tests.data_access.company import COUNTY_A1, COUNTY_A2, COUNTY_B1
from tests.data_access.risky import JUNE, all_conditions, changed, fault, found, points, put
from tests.data_access.steps import line

MAY = date(2026, 5, 1)


@pytest.fixture
def world(engine: Engine) -> Engine:
    risky.build(engine)
    return engine


def objects(engine: Engine, month: date = JUNE) -> dict:
    return {row.object_code: row for row in stored_risk.rows(engine, risk_objects) if row.month == month}


def test_three_faults_of_a_line_put_it_on_the_list_and_what_is_no_fault_does_not(world):
    """L: three faults. M: two, one of 3 min, one planned. T felt two of L's, the third for 3 min only."""
    steps = fault("2026-04-01", "T", "D") + fault("2026-05-01", "T", "D") + fault("2026-06-01", "D")
    steps += fault("2026-06-01", "T", minutes=3)
    steps += fault("2026-04-01", "x", "y", at="M") + fault("2026-05-01", "x", "y", at="M")
    steps += fault("2026-06-01", "x", at="M", minutes=3) + fault("2026-06-02", "x", at="M", kind="planned")
    booked.book(world, *steps)

    refresh(world)

    assert {key: one[:3] for key, one in found(world).items() if one[2] == "faults >= 3"} == {
        ("L", "RL1"): (2, 3, "faults >= 3"),
        ("D", "RL1"): (2, 3, "faults >= 3"),
    }
    assert found(world)["L", "RL1"][3] is None  # the outages are looked up
    assert ("L", "RL1") not in found(world, MAY)


def test_expected_customer_minutes_are_lambda_times_m_by_hand(world):
    """Six months observed. L: 3 faults of 60 min x 10 customers; M: none, so that peers have 3 in 12 months.

    lambda = 12 x (12 x 3/12 + 3) / (12 + 6) = 4; m = (3 x 600 + 5 x 600) / 8 = 600: 2,400 customer-minutes.
    """
    booked.book(world, *(one for month in (2, 4, 6) for one in fault(f"2026-0{month}-01", "T")))

    refresh(world)

    row = objects(world)["L"]
    assert (row.months_observed, row.faults_observed, row.faults_timed) == (6, 3, 3)
    assert row.peer_faults_month == 0.25
    assert (row.faults_expected, row.own_minutes_per_fault, row.minutes_per_fault) == (4, 600, 600)
    assert row.expected_min == 2400
    assert row.customers == 40  # those of its areas


def test_the_open_month_counts_for_rules_but_is_not_observed(world):
    """In July data end on the 10th: its fault makes three in 12 months, and lambda stays that of June."""
    booked.book(
        world, *(one for day in ("2026-02-01", "2026-04-01", "2026-07-01") for one in fault(day, "T"))
    )
    booked.cover(world, date(2026, 7, 1), date(2026, 7, 10), batch=2)

    refresh(world)

    row = objects(world, date(2026, 7, 1))["L"]
    assert (row.faults_12m, row.months_observed, row.faults_observed) == (3, 6, 2)


def test_major_event_days_stay_out_of_the_minutes_but_not_of_the_count(world):
    put(world, major_event_dates, {"org_unit_id": 2, "day": date(2026, 6, 1)})
    booked.cover(world, date(2026, 1, 1), date(2026, 12, 31), unit=2, sources=("major_event_dates",), batch=3)
    booked.book(world, *(one for month in (2, 4) for one in fault(f"2026-0{month}-01", "T")))
    booked.book(world, *fault("2026-06-01", "T", minutes=600))

    refresh(world)

    row = objects(world)["L"]
    assert (row.faults_12m, row.faults_observed, row.faults_timed) == (3, 3, 2)
    assert row.own_minutes_per_fault == 600


def test_peers_are_those_of_the_own_bureau(world):
    """A hundred faults in city B change nothing in A."""
    booked.book(world, *(one for month in (2, 4, 6) for one in fault(f"2026-0{month}-01", "T")))
    put(world, lines, line(COUNTY_B1, "B"))
    booked.book(
        world,
        *(one for day in range(1, 29) for one in fault(f"2026-03-{day:02}", "z", at="B", unit=COUNTY_B1)),
    )

    refresh(world)

    assert objects(world)["L"].peer_faults_month == 0.25


def test_every_rule_on_condition_finds_its_object_and_not_the_one_beside_it(world):
    all_conditions(world)

    refresh(world)

    assert found(world) == {
        ("U", "RL2"): (2, 8, "load >= 80 %, points >= 8", ["2026-06"]),
        ("U", "RL3"): (2, 3, "low_days >= 3", ["2026-06-03", "2026-06-02", "2026-06-01"]),
        ("T", "RL4"): (3, 30, "unbalance > 25 %, hours >= 24", ["2026-06"]),
        ("T", "RL5"): (3, 26.5, "transformer_years > 20", ["old"]),
        ("M", "RL6"): (2, 1, "sites >= 1", ["s1"]),
        ("M", "RL7"): (1, 1, "urgent_defects >= 1", ["d1"]),
        ("L", "RL8"): (3, 1, "accounts >= 1", ["e1"]),
        ("D", "RL8"): (3, 1, "accounts >= 1", ["e1"]),
        ("D", "RL9"): (3, 1, "arrester in valve, silicon_carbide", ["e1"]),
        ("M", "RL10"): (3, 0, "ties < 1", ["ties"]),
    }
    assert objects(world)["M"].rules == ";RL6;RL7;RL10;"
    assert objects(world)["M"].level == 1
    assert objects(world)["M"].expected_min == 0  # no fault is expected where none was seen


def test_an_object_that_is_out_of_service_is_at_no_risk(world):
    all_conditions(world)
    changed(world, lines, "lines", COUNTY_A1, stale.EVERY_MONTH, closed_on=date(2026, 6, 15))

    refresh(world)

    assert {code for code, _ in found(world)} == {"T", "U", "D"}
    assert ("M", "RL6") in found(world, MAY)


def test_runs_of_metered_points_are_told_by_the_capacity_of_all_transformers(world):
    """160 kW are 80 % of two transformers of 100 kVA; a join with each would see 80 kW or 160 % of one."""
    all_conditions(world)
    points(world, "D", 80, *range(8))  # its capacity is unknown
    with writing_all(world) as connection:
        connection.execute(delete(area_loads))
    points(world, "T", 160, *range(8))
    points(world, "U", -99, *range(7), 8)  # a gap after seven

    refresh(world)

    heavy = {code: one[:2] for (code, rule), one in found(world).items() if rule == "RL2"}
    assert heavy == {"T": (2, 8)}


def test_a_defect_is_a_risk_from_its_month_on_until_it_is_cleared_and_enters_once(world):
    put(
        world, defects,
        {"defect_key": "d", "org_unit_id": COUNTY_A1, "line_code": "M", "severity": "urgent",
         "found_at": datetime(2026, 2, 28, 16)},  # 1 March
    )  # fmt: skip
    refresh(world)
    open_at = [row.month.month for row in stored_risk.rows(world, risk_objects)]

    changed(world, defects, "defects", COUNTY_A1, date(2026, 3, 1), cleared_at=datetime(2026, 5, 31, 15))
    refresh(world)

    assert open_at == [3, 4, 5, 6]
    rows = sorted((row.month.month, row.has_entered) for row in stored_risk.rows(world, risk_objects))
    assert rows == [(3, True), (4, False)]
    assert risky.refreshed_alike(world)


def test_each_change_alone_leaves_what_a_refresh_from_nothing_gives(world):
    all_conditions(world)
    booked.book(world, *(one for month in (1, 2, 3) for one in fault(f"2026-0{month}-01", "T", "D")))
    refresh(world)

    booked.book(world, *fault("2026-02-05", "U", unit=COUNTY_A2, at=None))
    assert risky.refreshed_alike(world)
    changed(world, damage_sites, "damage_sites", COUNTY_A1, date(2026, 4, 1), closed_on=date(2026, 5, 2))
    assert risky.refreshed_alike(world)
    changed(world, voltage_days, "voltage_days", COUNTY_A2, JUNE, low_minutes=10)
    assert risky.refreshed_alike(world)
    booked.cover(world, date(2026, 7, 1), date(2026, 7, 31), batch=2)
    assert risky.refreshed_alike(world)


def test_a_month_is_judged_by_the_version_of_its_date(world):
    """From May on two faults are enough."""
    booked.book(world, *(one for month in (2, 3) for one in fault(f"2026-0{month}-01", "T")))
    body = copy.deepcopy(dict(rule_sets.first_version("risk").body))
    body["RL1"]["faults"]["faults"] = 2
    with writing_all(world) as connection:
        row = {"rule_set": "risk", "version": 2, "valid_from": MAY, "state": "published", "body": body}
        connection.execute(insert(rule_versions).values(**row, by_name="x", at=utc_now(), reason="x"))

    refresh(world)

    assert ("L", "RL1") not in found(world, date(2026, 4, 1))
    assert found(world, MAY)["L", "RL1"][:3] == (2, 2, "faults >= 2")


def test_a_passed_fault_is_one_that_left_the_customers_equipment(world):
    """Not where the boundary breaker alone opened, nor where only one account was out, nor another cause."""
    own = {"cause": "customer_equipment"}
    booked.book(world, *fault("2026-05-01", "T", "D", is_boundary_breaker=True, **own))
    booked.book(world, *fault("2026-05-02", "D", **own), *fault("2026-05-03", "T", "D"))
    refresh(world)
    assert ("L", "RL8") not in found(world)

    booked.book(world, *fault("2026-06-03", "T", "D", **own))
    refresh(world)

    assert found(world)["L", "RL8"][:3] == (2, 1, "faults >= 1")
    assert ("T", "RL8") not in found(world)
