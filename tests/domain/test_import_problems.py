"""What is wrong with a file, as a person says it: no operators, no minutes by the hundred thousand."""

import pytest

from domain import import_problems
from domain.errors import Problem
from domain.import_kinds import kinds


def _both(code: str, value: str, expected: str) -> tuple[str, str]:
    problem = Problem(2, "customers", value, code, expected)
    return import_problems.sentence(problem, "zh"), import_problems.sentence(problem, "en")


def test_a_number_that_is_too_small_says_the_limit_in_words():
    chinese, english = _both("too_small", "-5", ">= 0")

    assert chinese == "不能小于 0，文件中为 -5。"
    assert english == "It must not be below 0, but is -5."


def test_a_long_outage_is_told_in_days():
    """294,586 minutes are 204.6 days."""
    chinese, english = _both("longer_than_days", "294586 min", "<= 30 d")

    assert chinese == "持续 204.6 天，超过 30 天上限。"
    assert english == "It lasted 204.6 days, more than the 30 days that are usual."


def test_choices_are_told_by_their_chinese_words_first():
    """市, 县 and 供电所 are accepted, so they are what a Chinese page offers."""
    level = kinds()["units"].columns["level"]
    expected = ", ".join(level.choices)
    problem = Problem(2, "层级", "部", "not_a_choice", expected)

    assert level.choice_words("zh") == "省、市、县、供电所、片区（或 province、city、county、station、grid）"
    assert level.choice_words("en") == expected
    assert import_problems.expected(problem, "zh") == level.choice_words("zh")
    assert import_problems.expected(problem, "en") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("in_future", "<= 2026-11-24 08:00 UTC"),
        ("too_small", ">= 0"),
        ("too_large", "<= 32000"),
        ("restored_before_start", ">= interrupted_at"),
        ("ends_before_start", ">= announced_start"),
        ("longer_than_days", "<= 30 d"),
        ("level_order", "K01 < S01"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_would_be_right_is_said_without_operators_and_names_of_columns(code, expected, language):
    problem = Problem(2, "x", "county", code, expected)

    for text in (import_problems.expected(problem, language), import_problems.line(problem, language)):
        assert not any(sign in text for sign in "<>=_{")
