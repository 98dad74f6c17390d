"""Every error has its sentence as data, in both languages."""

import string

import pytest

from domain import error_texts
from domain.errors import CannotBeUndone, InvalidInput, NotFound, StepNotAllowed, as_values, from_values
from domain.rule_sets import check_shape

LANGUAGES = ("zh", "en")


def _fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", error_texts.texts()["errors"])
def test_both_languages_say_the_same_values_and_end_with_a_stop(code):
    text = error_texts.texts()["errors"][code]

    assert _fields(text["zh"]) == _fields(text["en"])
    assert text["zh"].endswith("。")
    assert text["en"].endswith(".")


def test_an_undo_that_is_refused_says_what_to_undo_first_and_in_which_order():
    error = CannotBeUndone(["customers_served 3", "outage_steps A1"], [2, 5])

    assert error_texts.sentence(error, "zh").endswith("请先撤销批次 5、2（按此顺序）。")
    assert error_texts.sentence(error, "en").endswith("First undo the batches 5, 2, in this order.")
    assert error_texts.sentence(from_values(as_values(error)), "zh") == error_texts.sentence(error, "zh")


def test_one_batch_to_undo_first_needs_no_order():
    error = CannotBeUndone(["customers_served 3"], [2])

    assert error_texts.sentence(error, "en").endswith("First undo batch 2.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_absent_and_foreign_sound_the_same(language):
    assert error_texts.sentence(NotFound(7), language) == error_texts.sentence(NotFound("K99"), language)


def test_a_step_that_has_no_words_of_its_own_is_still_a_sentence():
    assert error_texts.sentence(StepNotAllowed("running"), "zh") == "当前状态不能进行这一步操作。"


def test_an_error_kept_by_an_earlier_version_is_still_said():
    assert error_texts.sentence(from_values({"error": "NotAllowed"}), "zh") == "您的角色没有此项权限。"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "规则中缺少 minutes（应为整数）"),
        ({"minutes": "5"}, "规则中 minutes 的值不对，应为整数。"),
        ({"minutes": 5, "hours": 1}, "规则中没有 hours 这一项"),
    ],
)
def test_rules_that_do_not_fit_are_told_without_names_of_types(body, said):
    with pytest.raises(InvalidInput) as caught:
        check_shape(body, {"minutes": 3})

    assert error_texts.sentence(caught.value, "zh").startswith(said)
