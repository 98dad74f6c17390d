"""The course of a line or area at risk: rules by month, outages by month."""

from datetime import date

import pandas as pd

from domain import risk_course

JUNE, MAY = date(2026, 6, 1), date(2026, 5, 1)


def test_only_what_entered_at_the_month_end_is_counted():
    rows = [(MAY, 1, 9, 5), (JUNE, 1, 9, 2), (JUNE, 3, 4, 1)]
    trend = pd.DataFrame(rows, columns=["month", "level", "objects", "entered"])

    assert risk_course.entered(trend, JUNE) == 3
    assert risk_course.entered(trend, date(2026, 7, 1)) == 0


def test_rules_stand_in_their_order_and_a_rule_of_long_ago_is_left_out():
    levels = pd.DataFrame(
        [(date(2025, 5, 1), ";RL3;"), (MAY, ";RL2;RL10;"), (JUNE, ";RL10;")], columns=["month", "rules"]
    )

    found = risk_course.met(levels, JUNE)

    assert found["rule"].unique().tolist() == ["RL2", "RL10"]  # by number, and not as text
    assert len(found) == 2 * 13
    by_rule = found[found["is_met"]].groupby("rule")["month"].agg(list).to_dict()
    assert by_rule == {"RL2": [MAY], "RL10": [MAY, JUNE]}  # and RL1 is not met by RL10


def test_a_month_without_a_row_had_no_outage():
    months = pd.DataFrame([(MAY, 2, 5), (date(2024, 5, 1), 9, 9)], columns=["month", "faults", "outages"])

    found = risk_course.time_line(months, JUNE, 3)

    assert found.to_dict("list") == {
        "month": [date(2026, 4, 1), MAY, JUNE],
        "faults": [0, 2, 0],
        "others": [0, 3, 0],
    }
