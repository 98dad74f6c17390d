"""Rows about the condition of lines and areas: impossible ones are errors, odd ones wait for a decision."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from domain import import_problems
from domain.errors import Problem
from domain.import_kinds import kinds
from domain.mapping import ColumnSource
from domain.row_check_kinds import checked
from domain.row_check_rows import Knowledge, Rows
from domain.row_checks import FileReading, typed

ZONE = ZoneInfo("Asia/Shanghai")
NOW, TODAY = datetime(2026, 1, 1, 4), date(2026, 1, 1)
READING = FileReading(".", ZONE, NOW, TODAY, {"S1": 7})
RIGHT = {  # of each kind, a row with nothing wrong
    "transformers": {
        "transformer_key": "T",
        "area_code": "A",
        "capacity_kva": "315",
        "in_service_on": "1950-01-01",
    },
    "area_loads": {
        "area_code": "A",
        "month": "2025-02",
        "peak_load_pct": "300",
        "heavy_run_points": "2688",  # 28 days of 96
        "overload_run_points": "2688",
        "unbalance_pct": "100",
        "unbalance_hours": "672",
    },
    "load_points": {"area_code": "A", "measured_at": "2025-07-01 08:45", "power_kw": "-12.5"},
    "voltage_days": {"area_code": "A", "day": "2025-12-31", "lowest_v": "100", "low_minutes": "1440"},
    "defects": {
        "defect_key": "D",
        "unit": "S1",
        "line_code": "L",
        "area_code": "",
        "severity": "紧急",
        "found_at": "2025-07-01 08:00",
        "limit_on": "2025-07-01",
        "cleared_at": "2025-07-01 08:00",
    },
    "damage_sites": {
        "site_key": "P",
        "unit": "S1",
        "kind": "施工",
        "opened_on": "2025-07-01",
        "closed_on": "2025-07-01",
        "patrol_every_days": "1",
    },
    "patrols": {
        "patrol_key": "X",
        "site_key": "P",
        "patrolled_on": "2026-01-01",
        "next_due_on": "2026-01-08",
    },
    "customer_equipment": {
        "equipment_key": "E",
        "unit": "S1",
        "transformer_in_service_on": "2001-01-01",
        "last_test_on": "2001-01-01",
        "advised_on": "2025-07-01",
        "accepted_on": "2025-07-01",
        "done_on": "2025-07-01",
    },
    "lines": {
        "line_code": "L",
        "name": "x",
        "unit": "S1",
        "kind": "公用",
        "ties": "0",
        "ties_at_limit": "否",
    },
}


def problems(kind, **changed):
    """(severity, column, code) of a row that is right but for the changed cells; and the problems."""
    row = RIGHT[kind] | changed
    texts = {name: pd.Series([value or None], dtype="str") for name, value in row.items()}
    found, frame = [], {}
    for name, cells in texts.items():
        column = kinds()[kind].columns[name]
        frame[name], more = typed(cells, column, ColumnSource(column=name), np.array([2]), READING)
        found += more
    knowledge = Knowledge(NOW, (), (), {}, zone=ZONE)
    found += checked(kind, Rows(np.array([2]), texts, pd.DataFrame(frame)), knowledge)
    return {(one.severity, one.column, one.code) for one in found}, found


@pytest.mark.parametrize("kind", RIGHT)
def test_a_row_at_the_edge_of_what_is_possible_is_right(kind):
    assert problems(kind)[0] == set()


@pytest.mark.parametrize(
    ("kind", "column", "value", "code"),
    [
        ("transformers", "capacity_kva", "0", "too_small"),
        ("transformers", "in_service_on", "2026-01-02", "in_future"),
        ("transformers", "in_service_on", "1899-12-31", "not_a_date"),
        ("area_loads", "peak_load_pct", "-5", "too_small"),
        ("area_loads", "peak_load_pct", "10001", "too_large"),
        ("area_loads", "heavy_run_points", "2689", "more_points_than_month"),
        ("area_loads", "unbalance_hours", "672.25", "more_hours_than_month"),
        ("area_loads", "unbalance_pct", "201", "too_large"),
        ("area_loads", "month", "2026-02", "in_future"),
        ("load_points", "measured_at", "2025-07-01 08:44", "not_a_quarter_hour"),
        ("load_points", "measured_at", "2025-07-01 08:45:01", "not_a_quarter_hour"),
        ("voltage_days", "low_minutes", "1441", "too_large"),
        ("voltage_days", "low_minutes", "-1", "too_small"),
        ("voltage_days", "lowest_v", "1000.01", "too_large"),
        ("defects", "cleared_at", "2025-07-01 07:59", "cleared_before_found"),
        ("defects", "cleared_at", "2025-06-30", "cleared_before_found"),
        ("defects", "cleared_at", "2026-01-02", "in_future"),
        ("defects", "limit_on", "2025-06-30", "limit_before_found"),
        ("defects", "severity", "严重吗", "not_a_choice"),
        ("damage_sites", "closed_on", "2025-06-30", "ends_before_start"),
        ("damage_sites", "opened_on", "1949-12-31", "not_a_date"),  # no register of things is that old
        ("damage_sites", "patrol_every_days", "0", "too_small"),
        ("patrols", "patrolled_on", "2026-01-02", "in_future"),
        ("patrols", "next_due_on", "2025-12-31", "due_before_patrol"),
        ("customer_equipment", "last_test_on", "2000-12-31", "tested_before_service"),
        ("customer_equipment", "accepted_on", "2025-06-30", "accepted_before_advice"),
        ("customer_equipment", "done_on", "2025-06-30", "done_before_advice"),
        ("lines", "ties", "-1", "too_small"),
    ],
)
def test_what_cannot_be_is_an_error(kind, column, value, code):
    assert ("error", column, code) in problems(kind, **{column: value})[0]


@pytest.mark.parametrize(
    ("kind", "column", "value", "code"),
    [
        ("transformers", "in_service_on", "1949-12-31", "long_ago"),
        ("area_loads", "peak_load_pct", "300.01", "load_unusual"),
        ("area_loads", "unbalance_pct", "100.01", "unbalance_unusual"),
        ("area_loads", "heavy_run_points", "2687", "overload_longer_than_heavy"),
        ("voltage_days", "lowest_v", "99.99", "voltage_unusual"),
        ("voltage_days", "lowest_v", "380", "voltage_unusual"),
        ("defects", "line_code", "", "no_line_or_area"),
        ("lines", "ties_at_limit", "是", "limit_without_tie"),
    ],
)
def test_what_is_odd_is_taken_with_a_warning(kind, column, value, code):
    found = problems(kind, **{column: value})[0]

    assert {(severity, one) for severity, _, one in found} == {("warning", code)}


def test_a_defect_cleared_on_the_day_it_was_found_needs_no_time_of_the_day():
    """Many sources know the day only; the day begins by the clock of the company."""
    assert problems("defects", cleared_at="2025-07-01")[0] == set()


def test_a_defect_of_an_area_needs_no_line():
    assert problems("defects", line_code="", area_code="A")[0] == set()


def test_the_limit_of_a_defect_found_after_midnight_is_judged_by_the_local_day():
    """Half past midnight in Shanghai is still the day before in UTC."""
    found = problems("defects", found_at="2025-07-01 00:30", cleared_at="", limit_on="2025-06-30")[0]

    assert found == {("error", "limit_on", "limit_before_found")}


@pytest.mark.parametrize(
    ("kind", "changed", "zh", "en"),
    [
        (
            "area_loads",
            {"peak_load_pct": "-5"},
            "不能小于 0，文件中为 -5。",
            "It must not be below 0, but is -5.",
        ),
        (
            "area_loads",
            {"heavy_run_points": "9000"},
            "连续 9000 点，而当月只有 2,688 点（每 15 分钟一点）。",
            "A run of 9000 points, but the month has only 2,688 of 15 minutes.",
        ),
        (
            "defects",
            {"cleared_at": "2025-06-30 08:00"},
            "消缺时间 2025-06-30 08:00 早于发现时间。",
            "Cleared at 2025-06-30 08:00, which is before it was found.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(kind, changed, zh, en):
    ((one,),) = [[each for each in problems(kind, **changed)[1] if each.severity == "error"]]
    expected = one.expected if isinstance(one.expected, str) else one.expected[0]
    problem = Problem(2, one.column, one.values[0], one.code, expected)

    assert import_problems.sentence(problem, "zh") == zh
    assert import_problems.sentence(problem, "en") == en


def test_numbers_keep_the_places_of_their_column():
    column = kinds()["area_loads"].columns["peak_load_pct"]
    texts = pd.Series(["104.256", "99"], dtype="str")

    found, _ = typed(texts, column, ColumnSource(column="x"), np.arange(2), READING)

    assert found.tolist() == [104.26, 99.0]
