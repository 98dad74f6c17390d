"""The frequent-outage rules, clause by clause: a row of a table each."""

import copy
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import frequent_list, frequent_outage, rule_sets

BODY = rule_sets.first_version("frequent_outage").body
HOUR, DAY = 3600, 86400
FIELDS = ("is_med", "is_single_user", "is_external", "is_planned")


def changed(**settings):
    """The rules with other values, e.g. changed(exclude={"external_damage": True})."""
    body = copy.deepcopy(dict(BODY))
    for section, values in settings.items():
        body[section] = {**body[section], **values}
    return body


def rows_of(*starts, user=0, duration_s=HOUR, kind="fault", **flags):
    """Rows of one user at times such as "2026-03-01 10:00" (local), an hour each."""
    times = [datetime.fromisoformat(one) for one in starts]
    frame = pd.DataFrame(
        {
            "user": user,
            "started_s": [int((one - datetime(1970, 1, 1)).total_seconds()) for one in times],
            "duration_s": duration_s,
            "day": pd.to_datetime([one.date() for one in times]),
            "is_fault": kind == "fault",
        }
    )
    for name in FIELDS:
        frame[name] = flags.get(name, False)
    if kind != "fault":
        frame["is_planned"] = True
    return frame


def why(rows, body=BODY):
    return [
        ";".join(frequent_outage.reason_names(one)) for one in frequent_outage.reasons(rows, body).tolist()
    ]


def days(first, count, step=1):
    """Noon of `count` days from `first`, `step` days apart."""
    start = datetime.fromisoformat(first) + timedelta(hours=12)
    return [str(start + timedelta(days=step * place)) for place in range(count)]


def listed(rows, as_of, body=BODY, users=1):
    kept = frequent_outage.counted(rows, frequent_outage.reasons(rows, body), body)
    return frequent_list.judged(kept, date.fromisoformat(as_of), body, users)


def labels(rows, as_of, body=BODY):
    found = listed(rows, as_of, body)
    return "" if found.empty else found["labels"][0]


ROW_FILTER = [
    ("a) a start on a major event day is left out", rows_of("2026-03-01 10:00", is_med=True), ["med"]),
    ("b) 4 min 59 s is left out", rows_of("2026-03-01 10:00", duration_s=299), ["short"]),
    ("b) exactly 5 min counts", rows_of("2026-03-01 10:00", duration_s=300), [""]),
    ("b) one that lasts is not short", rows_of("2026-03-01 10:00", duration_s=-1), [""]),
    ("c) a single-user order is left out", rows_of("2026-03-01 10:00", is_single_user=True), ["single_user"]),
    ("d) external damage counts in the main list", rows_of("2026-03-01 10:00", is_external=True), [""]),
    (
        "all reasons of a row are kept",
        rows_of("2026-03-01 10:00", duration_s=60, is_med=True, is_single_user=True),
        ["med;short;single_user"],
    ),
    (
        "e) 5 h 59 min 59 s after is the same outage",
        rows_of("2026-03-01 10:00", "2026-03-01 15:59:59"),
        ["", "within_6h"],
    ),
    ("e) exactly 6 h after is a new outage", rows_of("2026-03-01 10:00", "2026-03-01 16:00"), ["", ""]),
    (
        "e) the chain does not extend: 8 h after the kept one is new, though 4 h after a merged one",
        rows_of("2026-03-01 10:00", "2026-03-01 14:00", "2026-03-01 18:00"),
        ["", "within_6h", ""],
    ),
    (
        "e) exactly 6 h after the kept one is new, though another was merged in between",
        rows_of("2026-03-01 10:00", "2026-03-01 14:00", "2026-03-01 16:00"),
        ["", "within_6h", ""],
    ),
    (
        "e) a row that is left out anyway opens no 6 hours",
        pd.concat([rows_of("2026-03-01 10:00", duration_s=60), rows_of("2026-03-01 11:00")]),
        ["short", ""],
    ),
    (
        "e) another user's outage is its own",
        pd.concat([rows_of("2026-03-01 10:00"), rows_of("2026-03-01 11:00", user=1)]),
        ["", ""],
    ),
    (
        "e) the order of the rows does not matter",
        rows_of("2026-03-01 14:00", "2026-03-01 10:00"),
        ["within_6h", ""],
    ),
]


@pytest.mark.parametrize(("rule", "rows", "expected"), ROW_FILTER, ids=[case[0] for case in ROW_FILTER])
def test_row_filter(rule, rows, expected):
    assert expected == why(rows.reset_index(drop=True)), rule


def test_the_variant_list_leaves_external_damage_out():
    rows = rows_of("2026-03-01 10:00", is_external=True)

    assert why(rows, changed(exclude={"external_damage": True})) == ["external"]


def test_a_row_is_reported_under_its_first_reason_so_that_reasons_add_up():
    bits = np.array([0, frequent_outage.SHORT | frequent_outage.MED, frequent_outage.WITHIN_6H], np.uint8)

    assert frequent_outage.first_reason(bits).tolist() == [-1, 0, 4]


LABELS = [
    ("5 in the year are not more than 5", rows_of(*days("2026-01-01", 5, 61)), "2026-10-31", "warning:year"),
    ("6 in the year are frequent", rows_of(*days("2026-01-01", 6, 50)), "2026-12-31", "frequent:year"),
    ("3 in 60 days are not more than 3", rows_of(*days("2026-01-01", 3, 10)), "2026-06-30", ""),
    ("more than 3 is 4", rows_of(*days("2026-01-01", 4, 10)), "2026-06-30", "frequent:window;warning:year"),
    (
        "a window is less than 60 x 24 h: the 4th exactly 60 days after the 1st is outside",
        rows_of(*days("2026-01-01", 4, 20)),
        "2026-06-30",
        "warning:year",
    ),
    (
        "one second less is inside",
        rows_of(*days("2026-01-01", 3, 20), "2026-03-02 11:59:59"),
        "2026-06-30",
        "frequent:window;warning:year",
    ),
    (
        "4 planned are frequent, temporary ones included",
        rows_of(*days("2026-01-01", 4, 61), kind="planned"),
        "2026-10-31",
        "frequent:planned;warning:year",
    ),
    ("3 planned are not", rows_of(*days("2026-01-01", 3, 61), kind="planned"), "2026-10-31", ""),
    ("exactly 2 in 30 days warn", rows_of(*days("2026-06-01", 2, 10)), "2026-06-30", "warning:days_30"),
    (
        "the 30th day back counts: 1 June of 30 June",
        rows_of("2026-06-01 00:00", "2026-06-30 23:00"),
        "2026-06-30",
        "warning:days_30",
    ),
    ("the 31st does not", rows_of("2026-05-31 23:59", "2026-06-30 23:00"), "2026-06-30", ""),
    ("3 in 30 days are not exactly 2", rows_of(*days("2026-06-01", 3)), "2026-06-30", "warning:days_50"),
    ("4 in 50 days do not", rows_of(*days("2026-05-12", 4, 5)), "2026-06-30", "frequent:window;warning:year"),
    (
        "exactly 3 in 50 days warn: 12 May is the first day of 50 to 30 June",
        rows_of("2026-05-12 00:00", "2026-05-13 00:00", "2026-05-14 00:00"),
        "2026-06-30",
        "warning:days_50",
    ),
    (
        "11 May is outside",
        rows_of("2026-05-11 23:59", "2026-05-13 00:00", "2026-05-14 00:00"),
        "2026-06-30",
        "",
    ),
    ("4 in the year warn", rows_of(*days("2026-01-01", 4, 65)), "2026-10-31", "warning:year"),
    ("3 in the year do not", rows_of(*days("2026-01-01", 3, 65)), "2026-10-31", ""),
    (
        "what begins after the day is not seen",
        rows_of(*days("2026-01-01", 6, 50)),
        "2026-06-30",
        "warning:year",
    ),
    (
        "the year starts anew",
        rows_of(*days("2025-01-01", 6, 50), "2026-03-01 10:00"),
        "2026-03-31",
        "",
    ),
]


@pytest.mark.parametrize(("rule", "rows", "as_of", "expected"), LABELS, ids=[case[0] for case in LABELS])
def test_labels(rule, rows, as_of, expected):
    assert expected == labels(rows, as_of), rule


OVER_NEW_YEAR = rows_of("2025-12-20 10:00", "2025-12-27 10:00", "2026-01-05 10:00", "2026-01-10 10:00")


def test_windows_look_back_over_new_year_but_the_year_does_not():
    found = listed(OVER_NEW_YEAR, "2026-01-31")

    assert found["state"].tolist() == ["frequent"]
    assert found["label"].tolist() == ["window"]
    assert found["total"].tolist() == [2]
    assert found["most_in_window"].tolist() == [4]


def test_without_cross_year_the_windows_start_on_new_years_day():
    body = changed(windows={"cross_year": False})
    start = frequent_outage.first_day(2026, body)
    rows = OVER_NEW_YEAR[OVER_NEW_YEAR["day"] >= pd.Timestamp(start)].reset_index(drop=True)

    assert date(2026, 1, 1) == start
    assert labels(rows, "2026-01-31", body) == "warning:days_30"


def test_a_window_of_last_year_makes_nobody_frequent_this_year():
    rows = rows_of(*days("2025-11-10", 4), "2026-02-20 10:00")

    assert labels(rows, "2026-02-28") == ""


def test_a_years_list_is_made_from_the_60_days_before_new_year_on():
    assert date(2025, 11, 2) == frequent_outage.first_day(2026, BODY)


def test_3_or_more_is_another_operator():
    """Other documents of the trade read 及以上."""
    rows = rows_of(*days("2026-01-01", 3, 10))

    assert (
        labels(rows.assign(is_planned=True), "2026-06-30", changed(frequent={"operator": ">="}))
        == "frequent:window;frequent:planned"
    )


ALL_WARNINGS = rows_of("2026-01-05 10:00", "2026-05-15 10:00", "2026-06-10 10:00", "2026-06-20 10:00")
PRIORITIES = [
    ("the reversed version: 30 days first", ["days_30", "days_50", "year"], "days_30"),
    ("v1.0.0: the year first", ["year", "days_50", "days_30"], "year"),
]


@pytest.mark.parametrize(("rule", "order", "expected"), PRIORITIES, ids=[case[0] for case in PRIORITIES])
def test_one_official_label_by_the_priority_of_the_version(rule, order, expected):
    found = listed(ALL_WARNINGS, "2026-06-30", changed(priority={"warning": order}))

    assert found["labels"].tolist() == ["warning:year;warning:days_50;warning:days_30"]
    assert [expected] == found["label"].tolist(), rule


def test_frequent_beats_warning_and_year_beats_window_beats_planned():
    found = listed(rows_of(*days("2026-01-01", 6, 9), kind="planned"), "2026-02-28")

    assert found["state"].tolist() == ["frequent"]
    assert found["label"].tolist() == ["year"]
    assert "frequent:window" in found["labels"][0]
    assert "frequent:planned" in found["labels"][0]


WARNED_ON = [
    ("the 4th of the year", rows_of(*days("2026-01-01", 5, 61)), "2026-10-31", "2026-07-03"),
    ("the 3rd of 50 days", rows_of(*days("2026-05-12", 3)), "2026-06-30", "2026-05-14"),
    ("the 2nd of 30 days", rows_of(*days("2026-06-01", 2, 10)), "2026-06-30", "2026-06-11"),
    ("the latest of those that hold", ALL_WARNINGS, "2026-06-30", "2026-06-20"),
    ("frequent: the first label to hold", rows_of(*days("2026-01-01", 7, 10)), "2026-06-30", "2026-01-31"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "rows", "as_of", "expected"), WARNED_ON, ids=[case[0] for case in WARNED_ON]
)
def test_the_day_on_which_a_user_came_on_the_list(rule, rows, as_of, expected):
    found = listed(rows, as_of)

    assert [expected] == found["triggered_on"].astype("datetime64[s]").dt.strftime("%Y-%m-%d").tolist(), rule


def test_the_warning_date_stays_while_the_state_does():
    now = listed(rows_of(*days("2026-06-01", 2, 10)), "2026-06-30")
    same = pd.DataFrame({"user": [0], "state": ["warning"], "warned_on": pd.to_datetime(["2026-05-20"])})
    other = same.assign(state="frequent")

    assert pd.Timestamp("2026-05-20") == frequent_list.keep_first_day(now, same)[0]
    assert pd.Timestamp("2026-06-11") == frequent_list.keep_first_day(now, other)[0]


def test_of_rows_that_begin_together_one_is_kept_the_longest_then_the_unplanned():
    """Work orders of one outage may repeat it: which one stays does not depend on the order of reading."""
    at = "2026-03-01 10:00"
    short, long = rows_of(at, duration_s=600), rows_of(at, duration_s=HOUR)
    planned = rows_of(at, kind="planned")

    for rows, expected in (
        ([short, long], ["within_6h", ""]),
        ([long, short], ["", "within_6h"]),
        ([planned, long], ["within_6h", ""]),
        ([long, planned], ["", "within_6h"]),
    ):
        assert why(pd.concat(rows, ignore_index=True)) == expected


def test_no_rows_are_no_list():
    rows = rows_of()

    assert listed(rows, "2026-06-30").empty
    assert frequent_outage.reasons(rows, BODY).size == 0


moments = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 400 * 24)), min_size=1, max_size=40, unique=True
)


@given(moments)
def test_merging_and_windows_agree_with_counting_by_hand(events):
    """User, and hours since 2 November: the fast way against two plain loops."""
    start = int(datetime(2025, 11, 2).timestamp()) // DAY * DAY
    frame = pd.DataFrame(events, columns=["user", "hour"])
    frame["started_s"] = start + frame["hour"] * HOUR
    frame["day"] = pd.to_datetime(frame["started_s"], unit="s").dt.normalize()
    frame = frame.assign(duration_s=HOUR, is_fault=True).assign(**dict.fromkeys(FIELDS, False))

    expected = {}
    for user, group in frame.sort_values("started_s").groupby("user"):
        kept = []
        for moment in group["started_s"]:
            if not kept or moment - kept[-1] >= 6 * HOUR:
                kept.append(moment)
        for moment in kept:
            expected[user, moment] = sum(moment - 60 * DAY < one <= moment for one in kept)

    found = frequent_outage.counted(frame, frequent_outage.reasons(frame, BODY), BODY)
    assert expected == {(row.user, row.started_s): row.in_window for row in found.itertuples()}
