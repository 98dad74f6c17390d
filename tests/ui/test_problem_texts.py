"""A problem as a cell of a list: in words, and without a full stop that would stand alone on a line."""

from ui import texts
from ui.imports import problem_texts

LONG = {
    "row": 2,
    "column": "restored_at",
    "value": "294586 min",
    "code": "longer_than_days",
    "expected": "<= 30 d",
}


def test_what_lasted_long_is_told_in_days_in_every_column():
    texts.use("zh")

    assert problem_texts.value(LONG) == "204.6 天"
    assert problem_texts.sentence(LONG) == "持续 204.6 天，超过 30 天上限"
