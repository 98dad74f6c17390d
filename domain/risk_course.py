"""The course of lines and areas at risk over the months: what entered, which rules held, what happened."""

from datetime import date

import pandas as pd

from domain.periods import add_months, months_between

MONTHS = 13
TIME_LINE = 24


def entered(trend: pd.DataFrame, month: date) -> int:
    """How many objects met a rule at the month-end and none at the one before.

    trend: as risk_lines.trend() gives it.
    """
    return int(trend.loc[trend["month"] == month, "entered"].sum())


def met(levels: pd.DataFrame, month: date, months: int = MONTHS) -> pd.DataFrame:
    """One row per rule that held at any of the month-ends, and month: rule, month, is_met.

    levels: month and rules (";RL1;RL6;") of those at which the object was at risk. In the order of the rules.
    """
    held = {row.month: set(row.rules.split(";")) - {""} for row in levels.itertuples()}
    shown = months_between(add_months(month, 1 - months), month)
    rules = sorted(
        {rule for one in shown for rule in held.get(one, ())}, key=lambda rule: int(rule.removeprefix("RL"))
    )
    rows = [(rule, one, rule in held.get(one, ())) for rule in rules for one in shown]
    return pd.DataFrame(rows, columns=["rule", "month", "is_met"])


def time_line(months: pd.DataFrame, month: date, count: int = TIME_LINE) -> pd.DataFrame:
    """One row per month up to the month: month, faults, others (sustained outages that are no faults).

    months: as object_months.read() gives them, where a month without an outage has no row.
    """
    known = {row.month: (int(row.faults), int(row.outages)) for row in months.itertuples()}
    shown = months_between(add_months(month, 1 - count), month)
    rows = [(one, known.get(one, (0, 0))[0], known.get(one, (0, 0))[1]) for one in shown]
    found = pd.DataFrame(rows, columns=["month", "faults", "outages"])
    return found.assign(others=found["outages"] - found["faults"])[["month", "faults", "others"]]
