"""Texts become numbers, times and choices; what is none of these is named, never guessed."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from domain import row_check_times as times
from domain.import_kinds import KindColumn
from domain.mapping import ColumnSource
from domain.row_checks import FileReading, typed
from domain.rule_sets import cause_codes

READING = FileReading(".", ZoneInfo("Asia/Shanghai"), datetime(2026, 1, 1), date(2026, 1, 1), {"S1": 7})
GERMAN = FileReading(",", ZoneInfo("UTC"), datetime(2026, 1, 1), date(2026, 1, 1), {})


def read(values, kind, reading=READING, source=None, **more):
    column = KindColumn(id="x", type=kind, zh="x", en="x", **more)
    texts = pd.Series(values, dtype="str")
    found, problems = typed(texts, column, source or ColumnSource(column="x"), np.arange(len(texts)), reading)
    return [None if pd.isna(one) else one for one in found], {p.code: p.rows.tolist() for p in problems}


def utc(values, zone="Asia/Shanghai", form=None):
    found = times.utc_times(pd.Series(values, dtype="str"), form, ZoneInfo(zone))[0]
    return [None if pd.isna(one) else one.to_pydatetime() for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05 08:03",
        "2024-01-05T08:03:00",
        "2024/1/5 8:03",
        "2024.1.5 8:3:0",
        "2024年1月5日8时3分",
        "2024-01-05 00:03Z",
    ],
)
def test_a_time_may_be_written_in_many_ways(text):
    assert [datetime(2024, 1, 5, 0, 3)] == utc([text])


@pytest.mark.parametrize(
    "text", ["2024-02-30 08:00", "2024", "2024-01", "8:00", "05/01/2024", "0024-01-05", "nan", "NaT"]
)
def test_what_is_no_full_time_is_not_guessed(text):
    assert utc([text]) == [None]


def test_day_first_dates_need_the_mappings_format():
    assert [datetime(2024, 1, 5, 0, 30)] == utc(["05/01/2024 08:30"], form="%d/%m/%Y %H:%M")


def test_fractions_of_a_second_are_cut():
    assert [datetime(2024, 1, 5, 0, 0, 1)] == utc(["2024-01-05 08:00:01.999"])


def test_a_month_may_be_written_in_many_ways():
    found, wrong = times.months(
        pd.Series(["2024-01", "202401", "2024/1", "2024年1月", "2024-01-31", "2024-13", "1"]), None
    )

    assert [date(2024, 1, 1)] * 5 == [one.date() for one in found[:5]]
    assert wrong.tolist() == [False] * 5 + [True, True]


def test_numbers_with_thousands_are_numbers_and_half_a_customer_is_not():
    found, problems = read(["1,234", "12.0", "", "1.5", "12a", "1,23", "9007199254740993"], "int")

    assert found == [1234, 12, None, None, None, None, None]
    assert problems == {"not_whole": [3, 6], "not_a_number": [4, 5]}


def test_a_decimal_comma_is_the_mappings_word():
    assert read(["1.234,5", ",5"], "decimal", GERMAN) == ([1234.5, 0.5], {})


def test_a_factor_turns_kilometres_into_metres():
    assert read(["1.2038", "0.003"], "int", source=ColumnSource(column="x", factor=1000)) == ([1204, 3], {})


def test_yes_and_no_in_both_languages():
    found, problems = read(["是", "否", "TRUE", "n", "", "maybe"], "bool")

    assert found == [True, False, True, False, None, None]
    assert problems == {"not_a_bool": [5]}


def test_values_are_translated_by_equality_and_the_others_become_other():
    source = ColumnSource(column="x", values={"Planned": "planned"}, other="fault")

    assert read(["Planned", "planned work", ""], "text", source=source)[0] == ["planned", "fault", None]


def test_formulas_are_named_and_plain_signs_are_not():
    problems = read(["=1+1", "@SUM(A1)", "+cmd(1)", "-5 °C", "+86 10", "a=b"], "text")[1]

    assert problems == {"formula": [0, 1, 2]}


def test_a_cause_may_be_given_by_its_code_or_by_either_name():
    """What no cause is called stays as it is: the row is taken, with a warning."""
    causes = {"tree": {"name_zh": "树障", "name_en": "Tree"}, "wind": {"name_zh": "大风", "name_en": "Wind"}}
    reading = replace(READING, causes=cause_codes(causes))

    assert read(["tree", "树障", "TREE", "大风", "ufo", ""], "cause", reading)[0] == [
        "tree", "tree", "tree", "wind", "ufo", None,
    ]  # fmt: skip


def test_what_lies_in_the_future_is_measured_by_the_clock_of_the_file():
    """Midnight UTC is eight in the morning in Shanghai; the cell is said as it stands in the file."""
    column = KindColumn(id="x", type="datetime", zh="x", en="x", past=True)
    texts = pd.Series(["2026/1/1 7:59", "2026/1/1 8:01"], dtype="str")
    problems = typed(texts, column, ColumnSource(column="x"), np.arange(2), READING)[1]

    assert [(one.values, one.expected) for one in problems] == [
        (["2026/1/1 8:01"], "<= 2026-01-01 08:00 (Asia/Shanghai)")
    ]
