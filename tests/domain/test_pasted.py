"""What people paste: from Excel with tabs, from a file with commas or semicolons, with or without a BOM."""

import pytest

from domain.errors import InvalidInput
from domain.pasted import MOST_ROWS, rows

COLUMNS = {"name": ("姓名",), "unit": ("单位编码", "unit code")}


@pytest.mark.parametrize("mark", ["\t", ",", ";"])
@pytest.mark.parametrize("header", ["姓名{}Unit Code", "\ufeffNAME{}单位编码"])
def test_headers_in_both_languages_and_every_mark_give_the_same_rows(mark, header):
    text = header.format(mark) + f"\n\n甲 {mark} S1\r\n乙{mark}\n丙\n"

    assert rows(text, COLUMNS, ["name"]) == [
        {"name": "甲", "unit": "S1"},
        {"name": "乙", "unit": ""},
        {"name": "丙", "unit": ""},
    ]


def test_columns_that_are_none_of_ours_are_left_out_and_quotes_hold_marks():
    assert rows('姓名,备注,unit\n"甲, 乙",x,S1', COLUMNS, ["name", "unit"]) == [
        {"name": "甲, 乙", "unit": "S1"}
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "pasted_empty"),
        ("姓名\t单位编码", "pasted_empty"),
        ("姓名\n甲", "pasted_columns"),
        ("姓名\t单位编码\n" + "甲\tS1\n" * (MOST_ROWS + 1), "pasted_too_long"),
    ],
    ids=["nothing", "header only", "a column is missing", "too long"],
)
def test_what_is_no_such_table_is_refused(text, code):
    with pytest.raises(InvalidInput) as caught:
        rows(text, COLUMNS, ["name", "unit"])

    assert caught.value.code == code
