"""What a row of a kind must hold beyond the type of each column: errors, and warnings to look at."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from domain import kpi_search, row_check_condition, targets
from domain.kpis import catalogue
from domain.periods import KEYS
from domain.row_check_rows import Found, Knowledge, Rows, after, found, said
from domain.rule_sets import RuleVersion, version_on


def checked(kind: str, rows: Rows, knowledge: Knowledge) -> list[Found]:
    """What is wrong or odd in the rows of a kind."""
    return _RULES[kind](rows, knowledge) if kind in _RULES else []


def _outages(given: Rows, knowledge: Knowledge) -> list[Found]:
    frame, rows = given.frame, given.numbers
    problems = after(given, "interrupted_at", "restored_at", "restored_before_start")
    for column in ("cause", "outage_cause"):
        if column in frame:
            odd = frame[column].notna() & ~frame[column].isin(knowledge.causes)
            problems += found(rows, odd, frame[column], "unknown_cause", column, severity="warning")
    problems += _too_long(frame, rows, knowledge)
    if "customers" in frame and "unit" in frame and knowledge.served:
        served = frame["unit"].map(knowledge.served)
        odd = (frame["customers"] > served).fillna(False)
        problems += found(rows, odd, frame["customers"], "more_than_served", "customers", severity="warning")
    return problems


def _too_long(frame: pd.DataFrame, rows: np.ndarray, knowledge: Knowledge) -> list[Found]:
    """Steps longer than the rule of their day allows; those that still last are measured up to now."""
    limit = allowed_days(frame["start_day"], knowledge.outage_rules)
    ended = frame["restored_at"] if "restored_at" in frame else pd.Series(pd.NaT, index=frame.index)
    ended = ended.astype("datetime64[us]")
    lasted = ended.fillna(pd.Timestamp(knowledge.now)) - frame["interrupted_at"]
    odd = (lasted.dt.total_seconds() > limit * 86400).fillna(False)  # a row without a day has no limit
    minutes = (lasted.dt.total_seconds() / 60).round().astype("Int64").astype("str") + " min"
    problems = []
    for is_open, code in ((False, "longer_than_days"), (True, "open_longer_than_days")):
        mask = np.asarray(odd & (ended.isna() == is_open))
        for days in np.unique(limit[mask]):
            problems += found(
                rows,
                mask & (limit == days),
                minutes,
                code,
                "restored_at",
                expected=f"<= {days:g} d",
                severity="warning",
            )
    return problems


def allowed_days(days: pd.Series, versions: Sequence[RuleVersion]) -> np.ndarray:
    """Longest duration in days that the rule version of each day takes without a warning."""
    months = days.dt.to_period("M")
    codes, uniques = pd.factorize(months)
    # A version is valid from the first of a month, so one answer holds for all days of a month.
    table = [_limit(versions, one.start_time.date()) for one in uniques]
    return np.array([*table, np.inf])[codes]


def _limit(versions: Sequence[RuleVersion], day: date) -> float:
    return float(version_on(versions, day).body["warnings"]["longer_than_days"])


def _notices(rows: Rows, _knowledge: Knowledge) -> list[Found]:
    return after(rows, "announced_start", "announced_end", "ends_before_start")


def _closed(rows: Rows, _knowledge: Knowledge) -> list[Found]:
    return after(rows, "opened_on", "closed_on", "ends_before_start")


def _lines(rows: Rows, knowledge: Knowledge) -> list[Found]:
    return _closed(rows, knowledge) + row_check_condition.ties(rows)


def _major_event_dates(given: Rows, knowledge: Knowledge) -> list[Found]:
    """Days belong to whole bureaus: of a county's day nobody could say what it means for the next county."""
    below = given.frame["unit"].map(knowledge.below_bureaus)
    return found(given.numbers, below.notna(), below, "below_bureau", "unit")


def _targets(given: Rows, _knowledge: Knowledge) -> list[Found]:
    frame, rows = given.frame, given.numbers
    unknown = frame["kpi"].notna() & ~frame["kpi"].isin(catalogue().kpis)
    names = [kpi_search.suggested(catalogue(), one) for one in said(frame["kpi"][unknown])]
    problems = found(rows, unknown, frame["kpi"], "unknown_kpi", "kpi", expected=names)
    for kind, pattern in KEYS.items():
        wrong = ((frame["period_kind"] == kind) & ~frame["period"].str.fullmatch(pattern, na=True)).fillna(
            False
        )
        example = targets.EXAMPLES[kind]
        problems += found(rows, wrong, frame["period"], "not_a_period", "period", expected=example)
    kpis = catalogue().kpis.values()
    neutral = frame["kpi"].isin([one.id for one in kpis if not targets.has_direction(one)])
    problems += found(rows, neutral, given.texts["kpi"], "no_direction", "kpi")
    for sign, code, mark in ((-1, "too_small", ">="), (1, "too_large", "<=")):
        limits = frame["kpi"].map({one.id: targets.limit(one, sign) for one in kpis}).astype("Float64")
        wrong = (frame["value"].astype("Float64") * sign > limits * sign).fillna(False)
        right = [f"{mark} {one:g}" for one in limits[wrong]]
        problems += found(rows, wrong, given.texts["value"], code, "value", expected=right)
    return problems


_RULES: dict[str, Callable[[Rows, Knowledge], list[Found]]] = {
    "outages": _outages,
    "notices": _notices,
    "units": _closed,
    "lines": _lines,
    "areas": _closed,
    "major_event_dates": _major_event_dates,
    "targets": _targets,
    "damage_sites": _closed,
    **row_check_condition.RULES,
}
