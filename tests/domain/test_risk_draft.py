"""A draft of the rules of risk, and what came of trying it."""

from datetime import date

import pandas as pd
import pytest

from domain import risk_draft, rule_sets

BODY = rule_sets.first_version("risk").body
JUNE, MAY = date(2026, 6, 1), date(2026, 5, 1)


def test_one_threshold_is_changed_and_the_body_stays_as_it_was():
    draft = risk_draft.changed(BODY, {"RL1.faults.faults": 5})

    assert rule_sets.changes(BODY, draft) == {"RL1.faults.faults": [3, 5]}
    assert BODY["RL1"]["faults"]["faults"] == 3


def test_all_leaves_put_back_make_the_same_body():
    assert risk_draft.changed(BODY, dict(risk_draft.leaves(BODY))) == BODY


def test_a_path_that_there_is_not_is_no_new_key():
    with pytest.raises(KeyError):
        risk_draft.changed(BODY, {"RL1.faults.fault": 5})


def test_changes_are_counted_by_month_end():
    rows = [(JUNE, "entered"), (JUNE, "entered"), (JUNE, "rules"), (date(2026, 1, 1), "left")]
    tried = pd.DataFrame(rows, columns=["month", "change"])

    found = risk_draft.by_month(tried, JUNE, 2)

    assert found.values.tolist() == [[JUNE, 2, 0, 1], [MAY, 0, 0, 0]]


def test_a_draft_that_changes_nothing_has_months_of_zeros():
    found = risk_draft.by_month(pd.DataFrame(columns=["month", "change"]), JUNE, 1)

    assert found.values.tolist() == [[JUNE, 0, 0, 0]]
