"""Restoration promises: kept, accurate, first and last, revisions."""

import numpy as np
import pandas as pd
import pytest

from domain import promises, rule_sets

BODY = rule_sets.first_version("promises").body
MINUTE = 60

JUDGED = [
    ("30 min late is kept, and accurate", 30 * MINUTE, True, True),
    ("30 min and 1 s late is neither", 30 * MINUTE + 1, False, False),
    ("30 min early is both", -30 * MINUTE, True, True),
    ("3 h early is kept, but a wrong estimate", -180 * MINUTE, True, False),
]


@pytest.mark.parametrize(("rule", "late", "kept", "accurate"), JUDGED, ids=[case[0] for case in JUDGED])
def test_kept_and_accurate(rule, late, kept, accurate):
    assert kept == promises.is_kept(late, BODY), rule
    assert accurate == promises.is_accurate(late, BODY), rule


def told(steps, messages=()):
    """steps: (outage, step, started, promised or NaN and perhaps restored).

    messages: (outage, step or NaN, told, promised).
    """
    columns = ["outage", "step", "started_s", "promised_s", "restored_s"]
    return promises.tellings(
        pd.DataFrame([(*step, np.nan)[:5] for step in steps], columns=columns, dtype=float),
        pd.DataFrame(messages, columns=["outage", "step", "told_s", "promised_s"], dtype=float),
    )


def ends(found):
    return {
        key: (row.first_s, row.last_s)
        for key, row in zip(
            promises.first_and_last(found).index,
            promises.first_and_last(found).itertuples(),
            strict=True,
        )
    }


def test_the_promise_on_the_row_counts_as_told_when_the_step_began():
    found = told([(1, 1, 100, 500)], [(1, np.nan, 200, 700)])

    assert ends(found) == {(1, 1): (500, 700)}


def test_what_was_told_before_the_step_began_comes_first():
    found = told([(1, 1, 100, 500)], [(1, np.nan, 50, 900)])

    assert ends(found) == {(1, 1): (900, 500)}


def test_what_is_told_after_the_restoration_promises_nothing():
    """Restored at 400: told at 400 still counts, told at 401 does not. The step that lasts hears both."""
    found = told(
        [(1, 1, 100, 300, 400), (1, 2, 100, 300)],
        [(1, np.nan, 400, 900), (1, np.nan, 401, 400), (1, 1, 500, 400)],
    )

    assert ends(found) == {(1, 1): (300, 900), (1, 2): (300, 400)}
    assert promises.revisions(found).to_dict() == {1: 2}


def test_first_and_last_go_by_when_it_was_told_not_by_the_order_of_rows():
    found = told([(1, 1, 0, np.nan)], [(1, np.nan, 300, 3), (1, np.nan, 100, 1), (1, np.nan, 200, 2)])

    assert ends(found) == {(1, 1): (1, 3)}


def test_a_promise_for_one_step_is_told_to_that_step_only():
    found = told([(1, 1, 0, 10), (1, 2, 0, 10), (2, 3, 0, np.nan)], [(1, 2, 5, 20)])

    assert ends(found) == {(1, 1): (10, 10), (1, 2): (10, 20)}


def test_a_revision_is_a_message_that_changes_what_was_told():
    steps = [(1, 1, 0, 10), (1, 2, 0, 10)]
    messages = [(1, np.nan, 5, 20), (1, np.nan, 6, 20), (1, 2, 7, 30)]

    found = promises.revisions(told(steps, messages))

    assert found.to_dict() == {1: 2}  # 10 to 20 for both steps is one; repeated 20 is none; 30 for step 2


def test_a_first_promise_is_no_revision():
    assert promises.revisions(told([(1, 1, 0, np.nan)], [(1, np.nan, 5, 20)])).empty


def test_few_promises_make_no_share():
    """From 20 on; a version of the rules from before the limit knows none."""
    assert promises.is_few(19, BODY)
    assert not promises.is_few(20, BODY)
    assert not promises.is_few(1, {"kept": {"minutes": 30}})
