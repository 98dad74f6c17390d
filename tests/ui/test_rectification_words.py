"""States and types of measures are called alike on pages, in tables and in errors."""

import pytest

from domain import error_texts, rectification_table, rectifications
from ui import rectification_words, texts


@pytest.mark.parametrize("code", rectifications.STATES)
def test_a_state_has_one_chinese_name(code):
    texts.use("zh")
    name = rectification_words.state(code)

    assert name == rectification_table.WORDS["status"][code][0]
    assert name == error_texts.texts()["words"][f"rectification_{code}"]["zh"]


@pytest.mark.parametrize("code", rectifications.MEASURE_TYPES)
def test_a_type_of_measure_has_one_chinese_name(code):
    texts.use("zh")
    name = rectification_words.measure_type(code)

    assert name == rectification_table.WORDS["measure_type"][code][0]
    assert name == error_texts.texts()["words"][f"measure_type_{code}"]["zh"]
