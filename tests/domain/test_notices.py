"""Notices: announced in time and as it came, with none at all, cancelled, moved, entered late."""

import numpy as np
import pandas as pd
import pytest

from domain import notices, rule_sets

BODY = rule_sets.first_version("notices").body
MINUTE, HOUR, DAY = 60, 3600, 86400
START = 100 * DAY  # when the outage began


def messages(*rows):
    """(published, start, end), or with changes as a dict at the end."""
    made = []
    for published, start, end, *more in rows:
        made.append(
            {
                "outage": 1,
                "kind": "planned",
                "published_s": published,
                "start_s": start,
                "end_s": end,
                "cancelled_s": np.nan,
                "moved_to_s": np.nan,
                **(more[0] if more else {}),
            }
        )
    columns = ["outage", "kind", "published_s", "start_s", "end_s", "cancelled_s", "moved_to_s"]
    return pd.DataFrame(made, columns=columns).astype(dict.fromkeys(columns[2:], float))


def expected(*rows):
    """(start, end, first published) of the outage, None if it was not announced."""
    outages = pd.DataFrame({"outage": [1], "started_s": [START]})
    found = notices.announced(outages, messages(*rows))
    return None if found.empty else tuple(found.loc[1, ["start_s", "end_s", "published_s"]].tolist())


END = START + 4 * HOUR
ANNOUNCED = [
    ("no notice at all", [], None),
    ("published before it began", [(START - 8 * DAY, START, END)], (START, END, START - 8 * DAY)),
    ("published after it began announces nothing", [(START + 1, START, END)], None),
    ("cancelled before it began: told that it would not come", [(0, START, END, {"cancelled_s": 9})], None),
    (
        "cancelled after it began changes nothing",
        [(0, START, END, {"cancelled_s": START + 1})],
        (START, END, 0),
    ),
    (
        "moved: start and end move together",
        [(0, START - DAY, END - DAY, {"moved_to_s": START})],
        (START, END, 0),
    ),
    ("a reminder does not make it late", [(0, START, END), (START - HOUR, START, END)], (START, END, 0)),
    (
        "published again for another time: only that counts",
        [(0, START - DAY, END - DAY), (START - 2 * DAY, START, END)],
        (START, END, START - 2 * DAY),
    ),
    ("a message of the restoration announces nothing", [(0, START, END, {"kind": "restored"})], None),
    ("a message of a fault neither", [(0, START, END, {"kind": "fault"})], None),
]


@pytest.mark.parametrize(("rule", "rows", "result"), ANNOUNCED, ids=[case[0] for case in ANNOUNCED])
def test_what_customers_expected(rule, rows, result):
    assert result == expected(*rows), rule


def test_a_message_without_a_start_announces_the_actual_one():
    assert expected((0, np.nan, np.nan))[::2] == (START, 0)


LEADS = [
    ("planned: 7 days before", "planned", 7 * DAY, True),
    ("planned: a second later is late", "planned", 7 * DAY - 1, False),
    ("temporary: 24 h before", "temporary", 24 * HOUR, True),
    ("temporary: a second later is late", "temporary", 24 * HOUR - 1, False),
]


@pytest.mark.parametrize(("rule", "kind", "before", "result"), LEADS, ids=[case[0] for case in LEADS])
def test_announced_in_time(rule, kind, before, result):
    assert result == notices.is_early_enough(START - before, START, notices.lead_s(kind, BODY)), rule


def test_no_message_is_not_in_time():
    assert not notices.is_early_enough(np.nan, np.nan, 0)
    assert not notices.is_prompt(np.nan, START, 30)


def test_a_fault_is_told_within_30_minutes_of_its_detection():
    assert notices.is_prompt(START + 30 * MINUTE, START, BODY["fault"]["minutes_after_detection"])
    assert not notices.is_prompt(START + 30 * MINUTE + 1, START, BODY["fault"]["minutes_after_detection"])


ACCURATE = [
    ("30 min late and 30 min longer", 30, 30, True),
    ("30 min early", -30, 0, True),
    ("31 min late", 31, 0, False),
    ("31 min longer", 0, 31, False),
    ("back 3 h early is no mistake", 0, -180, True),
    ("no end announced", 0, np.nan, False),
]


@pytest.mark.parametrize(("rule", "began", "ended", "result"), ACCURATE, ids=[case[0] for case in ACCURATE])
def test_announced_times_accurate(rule, began, ended, result):
    rows = pd.DataFrame(
        {
            "started_s": [START + began * MINUTE],
            "ended_s": [END],
            "start_s": [START],
            "end_s": [END - ended * MINUTE],
        }
    )

    assert [result] == notices.are_times_accurate(rows, BODY).tolist(), rule


def areas(*pairs):
    return pd.DataFrame(pairs, columns=["outage", "area_code"])


def test_announced_areas_are_compared_as_sets():
    touched = areas((1, "a"), (1, "b"), (2, "a"), (2, "b"), (3, "a"), (4, "a"))
    told = areas((1, "b"), (1, "a"), (2, "a"), (2, "c"), (3, "z"), (5, "a"))

    # 2: a of a, b, c. 4 was not announced with areas, 5 has no known areas: neither is judged.
    assert notices.jaccard(touched, told).to_dict() == {1: 1.0, 2: pytest.approx(1 / 3), 3: 0.0}


PLANS = [
    ("carried out as published", {}, True, (True, True, False, False)),
    ("due, but its outage never came", {}, False, (True, False, False, False)),
    ("cancelled", {"cancelled_s": 1.0}, False, (True, False, True, False)),
    ("moved, and then carried out", {"moved_to_s": 1.0}, True, (True, False, False, True)),
    (
        "cancelled after it was moved",
        {"cancelled_s": 1.0, "moved_to_s": 1.0},
        False,
        (True, False, True, False),
    ),
    ("not yet due", {"start_s": START + 1.0}, False, (False, False, False, False)),
]


@pytest.mark.parametrize(("rule", "given", "carried_out", "result"), PLANS, ids=[case[0] for case in PLANS])
def test_what_became_of_a_plan(rule, given, carried_out, result):
    plan = {
        "start_s": float(START),
        "cancelled_s": np.nan,
        "moved_to_s": np.nan,
        "is_carried_out": carried_out,
    }

    found = notices.plan_outcomes(pd.DataFrame([{**plan, **given}]), START)

    assert result == tuple(found.loc[0, ["is_due", "executed", "cancelled", "rescheduled"]]), rule


def test_a_planned_outage_is_late_from_the_first_second():
    assert notices.is_late(END + 1, END)
    assert not notices.is_late(END, END)
