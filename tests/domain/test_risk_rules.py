"""The rules of risk lines and areas, clause by clause, each with what just misses it; version 1 of the rules.

Objects are places: 0 and 1 are lines, 2 and 3 areas. Every rule is judged at the end of 30 June 2026.
"""

import copy
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from domain import risk_rules, rule_sets
from domain.load_runs import longest_runs
from domain.risk_condition import years_before

BODY = rule_sets.first_version("risk").body
TODAY = date(2026, 6, 30)
DAYS = ("opened_on", "closed_on", "found_on", "cleared_on", "limit_on", "in_service_on", "day", "month",
        "conductor_since", "last_test_on", "transformer_in_service_on")  # fmt: skip


def rows(*given, **filled):
    """A frame of dicts; days as datetime64. filled: what all rows have."""
    frame = pd.DataFrame([{"key": f"k{place}", **filled, **one} for place, one in enumerate(given)])
    for name in frame.columns.intersection(DAYS):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def met(code, body=BODY, as_of=TODAY, **facts):
    """{object: (level, value, clauses)} of what the rule found."""
    found = risk_rules.judged(code, facts, as_of, body)
    columns = (found.objects.tolist(), found.levels.tolist(), found.values.tolist(), found.text.tolist())
    return {one: (level, value, found.texts[text]) for one, level, value, text in zip(*columns, strict=True)}


def counts(faults=(0, 0, 0, 0), external=(0, 0, 0, 0), passed=(0, 0, 0, 0)):
    """Of the two lines and the two areas."""
    named = {"faults": faults, "external_faults": external, "passed_faults": passed}
    return pd.DataFrame({"object": range(4), "is_line": [True, True, False, False], **named})


def no_list():
    return pd.DataFrame({"object": [], "state": [], "total": []})


def test_rl1_three_faults_in_twelve_months_are_repeated_and_two_are_not():
    found = met("RL1", counts=counts(faults=(3, 2, 4, 0)), listed=no_list())

    assert found == {0: (2, 3, "faults >= 3"), 2: (2, 4, "faults >= 3")}


def test_rl1_the_lists_count_too_and_the_gravest_clause_gives_level_and_value():
    listed = pd.DataFrame(
        {"object": [0, 2, 3], "state": ["frequent", "warning", "frequent"], "total": [7, 4, 6]}
    )

    found = met("RL1", counts=counts(faults=(3, 0, 3, 1)), listed=listed)

    assert found == {
        0: (1, 7, "list = frequent; faults >= 3"),
        2: (2, 3, "faults >= 3; list = warning"),
        3: (1, 6, "list = frequent"),
    }


def points(*runs, capacity=100.0):
    """Quarter-hours of area 2, at 80 % for each of the runs, parted by a missing point."""
    at, times = 0, []
    for length in runs:
        times += [at + place for place in range(length)]
        at += length + 1
    frame = pd.DataFrame({"object": 2, "measured_s": np.array(times) * 900, "power_kw": 80.0})
    return longest_runs(frame, np.array([np.nan, np.nan, capacity, np.nan]), BODY["RL2"])


def loads(runs):
    return runs.assign(month=pd.Timestamp(2026, 6, 1), unbalance_pct=np.nan, unbalance_hours=np.nan)


@pytest.mark.parametrize(
    ("what", "runs", "is_heavy"),
    [
        ("7 heavy points and a gap are normal", points(7), False),
        ("7, a gap and 7 more are normal: a gap ends a run", points(7, 7), False),
        ("8 in a row are heavy", points(8), True),
        ("8 after a gap are heavy", points(3, 8, 1), True),
    ],
)
def test_rl2_heavy_load_is_eight_points_in_a_row(what, runs, is_heavy):
    expected = {2: (2, 8, "load >= 80 %, points >= 8")} if is_heavy else {}

    assert met("RL2", loads=loads(runs)) == expected, what


def test_rl2_a_point_below_the_limit_ends_a_run_as_a_gap_does():
    frame = pd.DataFrame(
        {"object": 2, "measured_s": np.arange(15) * 900, "power_kw": [80.0] * 7 + [79.9] + [80.0] * 7}
    )

    runs = longest_runs(frame, np.array([0, 0, 100.0]), BODY["RL2"])

    assert runs["heavy_run_points"].tolist() == [7]


def test_rl2_reverse_flow_loads_a_transformer_too_and_unknown_capacity_says_nothing():
    frame = pd.DataFrame({"object": [2, 3], "measured_s": 0, "power_kw": [-100.0, 100.0]})

    runs = longest_runs(frame, np.array([0, 0, 100.0, np.nan]), BODY["RL2"])

    assert runs.to_dict("list") == {"object": [2], "heavy_run_points": [1], "overload_run_points": [1]}


def test_rl2_overload_is_graver_and_another_month_does_not_count():
    columns = {"unbalance_pct": np.nan, "unbalance_hours": np.nan}
    frame = rows(
        {"object": 2, "month": "2026-06-01", "heavy_run_points": 20, "overload_run_points": 8},
        {"object": 3, "month": "2026-05-01", "heavy_run_points": 20, "overload_run_points": 20},
        **columns,
    )

    text = "load >= 100 %, points >= 8; load >= 80 %, points >= 8"
    assert met("RL2", loads=frame) == {2: (1, 8, text)}


def low_days(*days, volts=197.9, minutes=60):
    return rows(*({"object": 2, "day": day} for day in days), lowest_v=volts, low_minutes=minutes)


@pytest.mark.parametrize(
    ("what", "days", "is_low"),
    [
        ("three days of an hour", low_days("2026-06-10", "2026-06-20", "2026-06-30"), True),
        ("two days", low_days("2026-06-10", "2026-06-20"), False),
        ("59 minutes are not an hour", low_days("2026-06-10", "2026-06-20", "2026-06-30", minutes=59), False),
        ("198 V is the limit itself", low_days("2026-06-10", "2026-06-20", "2026-06-30", volts=198.0), False),
        ("unknown volts", low_days("2026-06-10", "2026-06-20", "2026-06-30", volts=None), False),
        ("1 June is the first of 30 days", low_days("2026-06-01", "2026-06-02", "2026-06-30"), True),
        ("31 May lies before them", low_days("2026-05-31", "2026-06-02", "2026-06-30"), False),
        ("what comes after is not seen", low_days("2026-06-20", "2026-06-30", "2026-07-01"), False),
    ],
)
def test_rl3_low_voltage_is_an_hour_on_three_days_of_thirty(what, days, is_low):
    assert met("RL3", voltage_days=days) == ({2: (2, 3, "low_days >= 3")} if is_low else {}), what


def test_rl4_unbalance_is_more_than_25_percent_and_lasts():
    frame = rows(
        {"object": 2, "unbalance_pct": 25.1, "unbalance_hours": 24},
        {"object": 3, "unbalance_pct": 25.0, "unbalance_hours": 300},  # not more
        {"object": 4, "unbalance_pct": 60.0, "unbalance_hours": 23.5},  # does not last
        {"object": 5, "unbalance_pct": 60.0, "unbalance_hours": None},  # unknown
        month="2026-06-01", heavy_run_points=0, overload_run_points=0,
    )  # fmt: skip

    assert met("RL4", loads=frame) == {2: (3, 25.1, "unbalance > 25 %, hours >= 24")}


def test_rl5_a_transformer_is_old_the_day_after_its_20th_year_and_a_bare_conductor_after_25():
    transformers = rows(
        {"object": 2, "in_service_on": "2020-01-01"},
        {"object": 2, "in_service_on": "2006-06-29"},  # the older one of the area counts
        {"object": 3, "in_service_on": "2006-06-30"},  # exactly 20 years
        {"object": 4, "in_service_on": None},
    )
    conductors = rows(
        {"object": 0, "conductor": "bare", "conductor_since": "2001-06-29"},
        {"object": 1, "conductor": "insulated", "conductor_since": "1980-01-01"},
    )

    found = met("RL5", transformers=transformers, conductors=conductors)

    assert found == {0: (3, 25.0, "bare_conductor_years > 25"), 2: (3, 20.0, "transformer_years > 20")}


def test_twenty_years_before_a_leap_day_end_on_its_eve():
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
    assert years_before(date(2024, 2, 29), 20) == date(2004, 2, 29)


def test_rl6_two_external_faults_or_a_place_of_danger_that_is_open():
    sites = rows(
        {"object": 1, "opened_on": "2026-06-30"},
        {"object": 0, "opened_on": "2026-07-01"},  # opens tomorrow
        {"object": 0, "opened_on": "2026-01-01", "closed_on": "2026-06-30"},  # its last day is over
        kind="construction",
    )

    found = met("RL6", counts=counts(external=(1, 0, 2, 0)), sites=sites)

    assert found == {1: (2, 1, "sites >= 1"), 2: (2, 2, "faults >= 2")}


def test_rl6_only_kinds_of_places_that_the_rule_names():
    body = copy.deepcopy(dict(BODY))
    body["RL6"]["sites"]["kinds"] = ["construction"]
    sites = rows({"object": 0, "opened_on": "2026-01-01", "closed_on": None}, kind="fishing")

    assert met("RL6", body, counts=counts(), sites=sites) == {}


def defects(*given):
    return rows(*given, object=0, found_on="2026-06-01").assign(
        limit_on=lambda frame: pd.to_datetime(frame.get("limit_on")),
        cleared_on=lambda frame: pd.to_datetime(frame.get("cleared_on")),
    )


@pytest.mark.parametrize(
    ("what", "given", "expected"),
    [
        ("one urgent", [{"severity": "urgent"}], (1, 1, "urgent_defects >= 1")),
        ("cleared on the day", [{"severity": "urgent", "cleared_on": "2026-06-30"}], None),
        (
            "cleared later",
            [{"severity": "urgent", "cleared_on": "2026-07-01"}],
            (1, 1, "urgent_defects >= 1"),
        ),
        ("found later", [{"severity": "urgent", "found_on": "2026-07-01"}], None),
        (
            "major past its limit",
            [{"severity": "major", "limit_on": "2026-06-29"}],
            (2, 1, "major_late_defects >= 1"),
        ),
        ("major on its last day", [{"severity": "major", "limit_on": "2026-06-30"}], None),
        ("major without limit", [{"severity": "major"}], None),
        ("5 minor", [{"severity": "minor"}] * 5, (3, 5, "minor_defects >= 5")),
        ("4 minor", [{"severity": "minor"}] * 4, None),
    ],
)
def test_rl7_open_defects(what, given, expected):
    frame = defects(
        *({"limit_on": None, "cleared_on": None, "found_on": "2026-06-01", **one} for one in given)
    )

    assert met("RL7", defects=frame) == ({0: expected} if expected else {}), what


def equipment(*given, **filled):
    known = {"object": 2, "line": 0, "has_boundary_switch": True, "arrester_type": "metal_oxide"}
    return rows(*given, **known | {"transformer_in_service_on": None, "last_test_on": None} | filled)


def test_rl8_a_passed_fault_is_the_lines_and_a_missing_switch_the_accounts_and_its_lines():
    frame = equipment(
        {"has_boundary_switch": False},
        {"object": 3, "line": 0, "has_boundary_switch": None},  # unknown is not missing
        {"object": -1, "line": 1, "has_boundary_switch": False},  # an account that is not registered
    )

    found = met("RL8", counts=counts(passed=(1, 0, 9, 0)), equipment=frame)

    assert found == {
        0: (2, 1, "faults >= 1; accounts >= 1"),
        1: (3, 1, "accounts >= 1"),
        2: (3, 1, "accounts >= 1"),  # by its switch: nobody knows which of the areas passed the fault on
    }


def test_rl9_old_arrester_old_transformer_or_a_test_more_than_three_years_ago():
    frame = equipment(
        {"object": 2, "arrester_type": "valve"},
        {"object": 3, "last_test_on": "2023-06-29", "transformer_in_service_on": "2006-06-30"},
        {"object": 4, "last_test_on": "2023-06-30", "transformer_in_service_on": "2006-06-29"},
        {"object": 5},  # no test is known of: unknown, not long ago
    )

    assert met("RL9", equipment=frame) == {
        2: (3, 1, "arrester in valve, silicon_carbide"),
        3: (2, 3.0, "years_since_test > 3"),
        4: (3, 20.0, "transformer_years > 20"),
    }


def test_rl10_no_tie_or_ties_at_their_limit():
    frame = rows(
        {"object": 0, "ties": 0, "ties_at_limit": None},
        {"object": 1, "ties": 2, "ties_at_limit": True},
        {"object": 6, "ties": 1, "ties_at_limit": False},
        {"object": 7, "ties": None, "ties_at_limit": True},  # unknown
    )

    assert met("RL10", ties=frame) == {0: (3, 0, "ties < 1"), 1: (3, 2, "ties at limit")}


def test_a_rule_without_its_source_finds_nothing_and_says_what_it_lacks():
    assert all(met(code) == {} for code in risk_rules.RULES)
    lacking = risk_rules.lacking({"counts", "listed", "defects"})
    assert lacking["RL2"] == ("loads",)
    assert lacking["RL6"] == ("sites",)  # judged on faults alone
    assert lacking["RL11"] == ("complaints",)
    assert lacking["RL12"] == ("line_loss",)
    assert "RL1" not in lacking
    assert "RL7" not in lacking
    assert risk_rules.is_judged("RL6", {"counts"})
    assert not risk_rules.is_judged("RL2", {"counts"})


def test_evidence_is_at_most_20_keys_of_the_gravest_clause_first_and_the_number_of_all():
    given = [{"severity": "minor"}] * 25 + [{"severity": "urgent", "found_on": "2026-06-02"}]
    frame = defects(
        *({"limit_on": None, "cleared_on": None, "found_on": "2026-06-01", **one} for one in given)
    )

    found = risk_rules.judged("RL7", {"defects": frame}, TODAY, BODY)

    assert found.counts.tolist() == [26]
    assert len(found.keys[0]) == 20
    assert found.keys[0][0] == "k25"


def test_the_operator_is_data():
    body = copy.deepcopy(dict(BODY))
    body["RL1"]["faults"] |= {"operator": ">"}

    found = met("RL1", body, counts=counts(faults=(3, 4, 0, 0)), listed=no_list())

    assert found == {1: (2, 4, "faults > 3")}


def test_low_voltage_days_are_evidence_the_last_first():
    days = low_days(*(TODAY - timedelta(days=place) for place in (5, 0, 9)))

    found = risk_rules.judged("RL3", {"voltage_days": days}, TODAY, BODY)

    assert found.keys == {2: ["2026-06-30", "2026-06-25", "2026-06-21"]}
