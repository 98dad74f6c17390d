"""Which months a proof compares, and whose outages in them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from domain import proof_windows
from domain.periods import months_between
from domain.rule_sets import first_version

RULES = first_version("proof").body
JAN, MAY = date(2025, 1, 1), date(2025, 5, 1)
MONTHS = months_between(JAN, MAY)


def months(first, last):
    return months_between(*(date.fromisoformat(f"{one}-01") for one in (first, last)))


@pytest.mark.parametrize(
    ("created_on", "before"),
    [
        ("2025-06-17", ("2024-06", "2025-05")),
        ("2026-03-31", ("2025-03", "2026-02")),
        ("2026-01-01", ("2025-01", "2025-12")),
    ],
)
def test_before_are_the_twelve_months_up_to_the_one_of_the_creation(created_on, before):
    found = proof_windows.before_window(date.fromisoformat(created_on), RULES)

    assert months_between(*found) == months(*before)


@pytest.mark.parametrize(
    ("done_on", "last_month", "after"),
    [
        ("2025-08-20", "2025-12", ("2025-09", "2025-12")),
        ("2025-08-31", "2025-12", ("2025-09", "2025-12")),
        ("2025-09-01", "2025-12", ("2025-10", "2025-12")),  # begun before the works were done: not whole
        ("2024-01-15", "2025-12", ("2024-02", "2025-01")),  # full: what comes later changes nothing
    ],
)
def test_after_begins_with_the_first_full_month_and_ends_with_the_twelfth(done_on, last_month, after):
    found = proof_windows.after_window(
        date.fromisoformat(done_on), date.fromisoformat(f"{last_month}-01"), RULES
    )

    assert found == months(*after)


def test_without_a_whole_month_since_there_is_no_window():
    assert proof_windows.after_window(date(2025, 12, 3), date(2025, 12, 1), RULES) == ()


def test_a_short_window_is_compared_with_the_same_calendar_months():
    """November to February, not the last four months before: winter with winter."""
    found = proof_windows.same_season(months("2024-06", "2025-05"), months("2025-11", "2026-02"))

    assert found == months("2024-11", "2025-02")


@pytest.mark.parametrize(
    ("known", "stage"),
    [(0, "too_early"), (2, "too_early"), (3, "provisional"), (11, "provisional"), (12, "final")],
)
def test_how_far_a_proof_is(known, stage):
    assert proof_windows.stage(known, RULES) == stage


OBJECTS = pd.DataFrame(
    {"peer_group": ["line north", "line north", "area north"], "cluster": ["L1", "L2", "L1"]},
    index=["L1", "L2", "A1"],
)
NO_WORKS = pd.DataFrame(columns=["object", "first_month", "last_month"])


def made(rows=(), works=NO_WORKS, known=None):
    frame = pd.DataFrame(rows, columns=["object", "month", "outages", "customers", "customer_s"])
    known = np.ones((3, 5), dtype=bool) if known is None else known
    return proof_windows.panel(frame, OBJECTS, known, MONTHS, works)


def test_a_known_month_without_a_row_is_zero_and_an_unknown_one_is_not():
    known = np.ones((3, 5), dtype=bool)
    known[0, 4] = False
    found = made(
        [
            ("L1", JAN, 2, 80, 4_800),
            ("L1", MAY, 1, 9, 9),  # not covered: a part of the month would pass for the whole
            ("L1", date(2024, 12, 1), 9, 9, 9),  # before the panel
            ("other", JAN, 9, 9, 9),
        ],
        known=known,
    )

    assert found.amounts["outages"][0].tolist()[:4] == [2, 0, 0, 0]
    assert np.isnan(found.amounts["outages"][0, 4])
    assert found.amounts["customers"].sum(where=known) == 80
    assert found.amounts["customer_s"][0, 0] == 4_800


def test_peers_and_what_goes_out_together_are_two_things():
    found = made()

    assert found.peer_group.tolist() == [0, 0, 1]
    assert found.cluster.tolist() == [0, 1, 0]


def works(*rows):
    return pd.DataFrame(rows, columns=["object", "first_month", "last_month"])


def test_works_last_to_the_end_until_somebody_says_when_they_were_done():
    found = made(works=works(("L1", months("2025-02", "2025-02")[0], MONTHS[2]), ("L2", MONTHS[3], None)))

    assert found.in_works.tolist() == [
        [False, True, True, False, False],
        [False, False, False, True, True],
        [False] * 5,
    ]


def test_an_untreated_object_counts_until_its_own_works_begin():
    """Left out wholly, those who got worse and were taken up would be missing from the comparison."""
    found = made(works=works(("L1", MONTHS[3], None))).untreated(MONTHS[:2], MONTHS[2:])

    assert found.tolist() == [[True, False, False], [True, True, True], [True, True, True]]


def test_works_between_the_windows_end_the_comparison_although_they_are_over():
    found = made(works=works(("L1", MONTHS[2], MONTHS[2]))).untreated(MONTHS[:2], MONTHS[3:])

    assert found.tolist() == [[False, False], [True, True], [True, True]]


def test_works_that_were_over_before_the_first_window_do_not_matter():
    """Otherwise after some years nobody would be left to compare with."""
    found = made(works=works(("L1", MONTHS[0], MONTHS[0]))).untreated(MONTHS[1:3], MONTHS[3:])

    assert found.all()
