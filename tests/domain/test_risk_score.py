"""Expected customer-minutes of the next 12 months, term by term."""

import pandas as pd
import pytest

from domain import risk_score

SCORE = {"prior_months": 12, "prior_faults": 5, "peers_at_least": 2}
COLUMNS = ["object", "kind", "peer_group", "months", "faults", "faults_no_med", "fault_customer_s_no_med"]


def scored(*rows, **changed):
    objects = pd.DataFrame(rows, columns=COLUMNS).set_index("object")
    return risk_score.expected_minutes(objects, SCORE | changed)


TWO = [  # together 6 faults in 48 months, 5 of them sized with 5,000 customer-minutes; the decoy is an area
    ("A", "line", "city", 24, 6, 5, 5_000 * 60),
    ("B", "line", "city", 24, 0, 0, 0),
    ("decoy", "area", "areas", 24, 20, 20, 9_000_000),
    ("decoy 2", "area", "areas", 24, 20, 20, 9_000_000),
]


def test_every_term_by_hand():
    """a = 12 x 6/48 = 1.5; lambda = 12 x 7.5 / 36 = 2.5; own and peers' mean 1,000 min: 2,500 min."""
    found = scored(*TWO).loc["A"]

    assert found.to_dict() == pytest.approx(
        {
            "months": 24,
            "faults": 6,
            "peer_faults_month": 0.125,
            "prior_faults": 1.5,
            "faults_expected": 2.5,
            "sized_faults": 5,
            "own_minutes_per_fault": 1_000,
            "peer_minutes_per_fault": 1_000,
            "minutes_per_fault": 1_000,
            "expected_min": 2_500,
        }
    )


def test_without_a_fault_the_peers_speak():
    """lambda = 12 x 1.5 / 36 = 0.5 faults of the peers' 1,000 min; its own mean is missing, not 0."""
    found = scored(*TWO).loc["B"]

    assert pd.isna(found["own_minutes_per_fault"])
    assert found["expected_min"] == pytest.approx(500)


def test_a_new_object_has_the_peers_rate():
    found = scored(*TWO, ("new", "line", "city", 0, 0, 0, 0)).loc["new"]

    assert found["faults_expected"] == pytest.approx(12 * 0.125)


def test_the_size_of_few_faults_is_drawn_to_the_peers():
    """One fault of 7,000 min beside nine of 1,000: peers 1,600; (7,000 + 5 x 1,600) / 6 = 2,500."""
    found = scored(
        ("A", "line", "city", 24, 1, 1, 7_000 * 60), ("B", "line", "city", 24, 9, 9, 9_000 * 60)
    ).loc["A"]

    assert found["peer_minutes_per_fault"] == pytest.approx(1_600)
    assert found["minutes_per_fault"] == pytest.approx(2_500)


def test_a_major_event_day_counts_for_how_often_and_not_for_how_bad():
    """Of two faults one was on such a day: the frequency has both, the size is the other's alone."""
    found = scored(("A", "line", "city", 12, 2, 1, 600 * 60), ("B", "line", "city", 12, 0, 0, 0)).loc["A"]

    assert found["faults"] == 2
    assert found["own_minutes_per_fault"] == 600


def test_a_small_group_is_compared_with_its_kind_everywhere():
    """One line alone in its city: its peers are all lines, not all areas."""
    found = scored(*TWO, ("alone", "line", "other", 12, 0, 0, 0)).loc["alone"]

    assert found["peer_faults_month"] == pytest.approx(6 / 60)


def test_where_no_fault_says_how_bad_one_is_nothing_is_said():
    found = scored(("A", "line", "city", 12, 1, 0, 0), ("B", "line", "city", 12, 0, 0, 0))

    assert found["faults_expected"].tolist() == pytest.approx([12 * 1.5 / 24, 12 * 0.5 / 24])
    assert found["expected_min"].isna().all()


def test_who_was_worst_is_expected_to_fall_towards_the_peers():
    """12 faults in 12 months among lines with one: not 12 again."""
    rows = [(f"L{number}", "line", "city", 12, 1, 1, 60) for number in range(11)]
    found = scored(("bad", "line", "city", 12, 12, 12, 720), *rows).loc["bad", "faults_expected"]

    assert found == pytest.approx(12 * (12 * 23 / 144 + 12) / 24)
    assert 2 < found < 12
