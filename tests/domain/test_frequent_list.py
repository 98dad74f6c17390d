"""Frequent lines and who represents them, and what changed between two lists."""

import pandas as pd
import pytest

from domain import frequent_list, rule_sets

BODY = rule_sets.first_version("frequent_outage").body


def users_on(line, *totals):
    return pd.DataFrame(
        {"line": line, "area": [f"{line}{n}" for n in range(len(totals))], "total": totals}
    ).assign(fault=1, planned=0)


LINES = [
    ("one frequent user does not make a line", users_on("L", 7), {}, []),
    ("two do", users_on("L", 7, 8), {}, ["L"]),
    ("not if all of its users are dedicated", users_on("L", 7, 8), {"L": True}, []),
    ("one public user is enough", users_on("L", 7, 8), {"L": False}, ["L"]),
]


@pytest.mark.parametrize(("rule", "users", "dedicated", "expected"), LINES, ids=[case[0] for case in LINES])
def test_frequent_lines(rule, users, dedicated, expected):
    found = frequent_list.lines(users, pd.Series(dedicated, dtype=bool), BODY)

    assert expected == found["line"].tolist(), rule


def test_a_line_is_represented_by_its_worst_user():
    users = users_on("L", 7, 8, 8).assign(fault=[7, 3, 5])

    found = frequent_list.lines(users, pd.Series(dtype=bool), BODY)

    assert found["area"].tolist() == ["L2"]
    assert found["areas"].tolist() == [3]


@pytest.mark.parametrize(
    ("users", "expected"),
    [
        (users_on("L", 8, 8, 7).assign(fault=5, planned=[1, 3, 9]), "L1"),
        (users_on("L", 8, 8).assign(fault=[5, 4], planned=[0, 9]), "L0"),
        (users_on("L", 8, 8).assign(area=["Z", "A"]), "A"),
    ],
    ids=["planned after faults", "faults before planned", "the lower code of two that are the same"],
)
def test_of_users_with_the_same_total_the_next_number_decides(users, expected):
    found = frequent_list.lines(users, pd.Series(dtype=bool), BODY)

    assert found["area"].tolist() == [expected]


def test_changes_between_two_lists():
    columns = ["code", "total", "state", "label"]
    before = pd.DataFrame(
        [
            ("left", 4, "warning", "year"),
            ("down", 6, "frequent", "year"),
            ("fewer", 7, "frequent", "year"),
            ("label", 4, "frequent", "window"),
            ("same", 4, "warning", "year"),
        ],
        columns=columns,
    )
    now = pd.DataFrame(
        [
            ("entered", 4, "warning", "year"),
            ("down", 6, "warning", "days_30"),
            ("fewer", 6, "frequent", "year"),
            ("label", 6, "frequent", "year"),
            ("same", 5, "warning", "year"),
        ],
        columns=columns,
    )

    found = frequent_list.changes(before, now, ["code"]).set_index("code")["change"].to_dict()

    assert found == {
        "left": "left",
        "entered": "entered",
        "down": "decreased",
        "fewer": "decreased",
        "label": "label_changed",
    }


def test_newcomers_are_counted_apart_for_each_list():
    """Up from a warning is new on the frequent list; down to a warning is new on none."""
    columns = ["code", "total", "state", "label"]
    before = [("up", 5, "warning", "year"), ("down", 6, "frequent", "year"), ("left", 4, "warning", "year")]
    now = [
        ("up", 6, "frequent", "year"), ("down", 5, "warning", "year"), ("at once", 6, "frequent", "window"),
        ("warned", 4, "warning", "year"),
    ]  # fmt: skip
    frames = (pd.DataFrame(rows, columns=columns) for rows in (before, now))

    assert frequent_list.newcomers(frequent_list.changes(*frames, ["code"])) == (2, 1)
