"""What changed on the frequent-outage lists, as a table: all four kinds, both labels, both rule versions."""

import pandas as pd
import pytest

from ui import texts
from ui.reliability import frequent_changes

ROWS = [
    ("line", "L1", "left", None, None, None, "frequent", "areas", 4),
    ("area", "T2", "label_changed", "frequent", "window", 5, "warning", "days_30", 2),
    ("area", "T1", "entered", "warning", "days_30", 2, None, None, None),
    ("area", "T3", "decreased", "frequent", "year", 6, "frequent", "year", 7),
]
COLUMNS = [
    "subject",
    "code",
    "change",
    "state",
    "label",
    "total",
    "state_before",
    "label_before",
    "total_before",
]


@pytest.fixture
def changes():
    texts.use("en")
    yield pd.DataFrame(ROWS, columns=COLUMNS).assign(
        name="x", unit_name="甲", unit_name_en="A", rule_version=2, rule_version_before=1
    )
    texts.use("zh")


def test_every_kind_of_change_is_a_row_with_both_labels(changes):
    table = frequent_changes.table(changes)

    assert table["Change"].tolist() == ["entered", "decreased", "label changed", "left"]
    assert table["Code"].tolist() == ["T1", "T3", "T2", "L1"]
    assert table["Label now"].tolist()[:3] == [
        "2 interruptions in the last 30 days",
        "too many interruptions this year",
        "too many interruptions in a short time",
    ]
    assert table["Label before"].tolist()[1:] == [
        "too many interruptions this year",
        "2 interruptions in the last 30 days",
        "several frequent areas",
    ]
    assert table["Count before"].tolist()[1:] == [7, 2, 4]


def test_both_rule_versions_are_printed_and_what_it_means_where_they_differ(changes):
    assert frequent_changes.versions(changes).startswith("Rule version before: 1, now: 2. A change may come")
    same = frequent_changes.versions(changes.assign(rule_version_before=2))
    assert same == "Rule version before: 2, now: 2."


def test_the_line_above_the_list_counts_all_four(changes):
    said = frequent_changes.counts(changes)

    assert (
        said
        == "since the month before: frequent 1 new, warning 1 new, 1 left, 1 decreased, 1 with another label"
    )
