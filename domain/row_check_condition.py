"""What rows about the condition of lines and areas must hold: loads, voltage, defects, sites, equipment."""

from collections.abc import Callable, Mapping

import pandas as pd

from domain.row_check_rows import Found, Knowledge, Rows, after, found, said

POINTS_A_DAY = 96  # of 15 minutes
USUAL_LOAD_PCT = 300.0
USUAL_V = (100.0, 300.0)  # of a phase; beyond it is the voltage between lines, or another unit
USUAL_UNBALANCE_PCT = 100.0  # (largest - smallest) / largest never gives more; other definitions do


def _odd(given: Rows, column: str, wrong: pd.Series, code: str, expected: str) -> list[Found]:
    """Rows to look at, with the column's cells as they stand in the file."""
    texts = given.texts[column]
    return found(
        given.numbers, wrong.fillna(False), texts, code, column, expected=expected, severity="warning"
    )


def ties(given: Rows) -> list[Found]:
    """Lines whose ties are at their limit though they have none."""
    frame = given.frame
    if "ties" not in frame or "ties_at_limit" not in frame:
        return []
    wrong = (frame["ties"] == 0) & frame["ties_at_limit"]
    return _odd(given, "ties_at_limit", wrong, "limit_without_tie", "")


def _area_loads(given: Rows, _knowledge: Knowledge) -> list[Found]:
    frame, problems = given.frame, []
    if "peak_load_pct" in frame:
        wrong = frame["peak_load_pct"] > USUAL_LOAD_PCT
        problems += _odd(given, "peak_load_pct", wrong, "load_unusual", f"<= {USUAL_LOAD_PCT:g}")
    if "unbalance_pct" in frame:
        wrong = frame["unbalance_pct"] > USUAL_UNBALANCE_PCT
        problems += _odd(given, "unbalance_pct", wrong, "unbalance_unusual", f"<= {USUAL_UNBALANCE_PCT:g}")
    days = frame["month"].dt.days_in_month.astype("Int64")
    for column, a_day, code in (
        ("heavy_run_points", POINTS_A_DAY, "more_points_than_month"),
        ("overload_run_points", POINTS_A_DAY, "more_points_than_month"),
        ("unbalance_hours", 24, "more_hours_than_month"),
    ):
        if column in frame:
            most = days * a_day
            wrong = (frame[column] > most).fillna(False)
            expected = [f"<= {one}" for one in most[wrong]]
            problems += found(given.numbers, wrong, given.texts[column], code, column, expected=expected)
    if {"heavy_run_points", "overload_run_points"} <= set(frame):
        longer = (frame["overload_run_points"] > frame["heavy_run_points"]).fillna(False)
        heavy = [f"<= {one}" for one in said(given.texts["heavy_run_points"][longer])]
        code, column = "overload_longer_than_heavy", "overload_run_points"
        texts = given.texts[column]
        problems += found(given.numbers, longer, texts, code, column, expected=heavy, severity="warning")
    return problems


def _load_points(given: Rows, _knowledge: Knowledge) -> list[Found]:
    """Runs are counted in points that follow each other; every zone lies whole quarters from UTC."""
    times = given.frame["measured_at"]
    wrong = (times.notna() & (times != times.dt.floor("15min"))).fillna(False)
    return found(given.numbers, wrong, given.texts["measured_at"], "not_a_quarter_hour", "measured_at")


def _voltage_days(given: Rows, _knowledge: Knowledge) -> list[Found]:
    if "lowest_v" not in given.frame:
        return []
    volts, (low, high) = given.frame["lowest_v"], USUAL_V
    return _odd(given, "lowest_v", (volts < low) | (volts > high), "voltage_unusual", f"{low:g}–{high:g}")


def _local(times: pd.Series, knowledge: Knowledge) -> pd.Series:
    """UTC times by the clock of the company."""
    return times.dt.tz_localize("UTC").dt.tz_convert(knowledge.zone).dt.tz_localize(None)


def _defects(given: Rows, knowledge: Knowledge) -> list[Found]:
    frame = given.frame
    problems = []
    day = _local(frame["found_at"], knowledge).dt.normalize()
    if "cleared_at" in frame:
        cleared = _local(frame["cleared_at"], knowledge)
        is_day_only = (cleared == day).fillna(False)  # the source knows no time of the day
        wrong = (frame["cleared_at"] < frame["found_at"]).fillna(False) & ~is_day_only
        expected = [f">= {one}" for one in said(given.texts["found_at"][wrong])]
        texts, code = given.texts["cleared_at"], "cleared_before_found"
        problems += found(given.numbers, wrong, texts, code, "cleared_at", expected=expected)
    if "limit_on" in frame:
        wrong = (frame["limit_on"] < day).fillna(False)
        expected = [f">= {one:%Y-%m-%d}" for one in day[wrong]]
        texts = given.texts["limit_on"]
        problems += found(given.numbers, wrong, texts, "limit_before_found", "limit_on", expected=expected)
    nowhere = pd.Series(True, index=frame.index)
    for column in ("line_code", "area_code"):
        if column in frame:
            nowhere &= frame[column].isna()
    key = frame["defect_key"]
    problems += found(given.numbers, nowhere, key, "no_line_or_area", "line_code", severity="warning")
    return problems


def _patrols(given: Rows, _knowledge: Knowledge) -> list[Found]:
    return after(given, "patrolled_on", "next_due_on", "due_before_patrol")


def _customer_equipment(given: Rows, _knowledge: Knowledge) -> list[Found]:
    return [
        *after(given, "transformer_in_service_on", "last_test_on", "tested_before_service"),
        *after(given, "advised_on", "accepted_on", "accepted_before_advice"),
        *after(given, "advised_on", "done_on", "done_before_advice"),
    ]


RULES: Mapping[str, Callable[[Rows, Knowledge], list[Found]]] = {
    "area_loads": _area_loads,
    "load_points": _load_points,
    "voltage_days": _voltage_days,
    "defects": _defects,
    "patrols": _patrols,
    "customer_equipment": _customer_equipment,
}
