"""Records as people read them: the company's time, minutes, words for codes, no hidden columns."""

import ast
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from data_access import records
from domain import frequent_outage
from domain.import_kinds import kinds
from domain.kpis import catalogue
from ui import rule_texts, tables, texts

SHANGHAI = ZoneInfo("Asia/Shanghai")
PROJECT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = catalogue()
SAIDI = CATALOGUE.kpis["saidi"]


def test_times_are_local_and_durations_minutes():
    """16:30 UTC is half past midnight in Shanghai; 5,400 s are 90 minutes."""
    frame = pd.DataFrame(
        {"interrupted_at": [datetime(2026, 10, 1, 16, 30), None], "duration_s": [5_400, None]}
    )
    shown = tables.readable(frame, SHANGHAI, {}, SAIDI, CATALOGUE)

    assert shown["interrupted_at"].tolist() == ["2026-10-02 00:30", ""]
    assert shown["duration_s"].iloc[0] == 90
    assert pd.isna(shown["duration_s"].iloc[1])


def test_codes_are_words():
    frame = pd.DataFrame(
        {
            "cause": ["tree"],
            "label": ["year"],
            "labels": ["frequent:year;frequent:window"],
            "reason": ["short"],
            "trip": ["reclose_failed"],
            "channel": ["sms"],
            "is_counted": [False],
            "has_automation": [None],
        }
    )
    texts.use("zh")
    shown = tables.readable(frame, SHANGHAI, {"tree": "树障"}, SAIDI, CATALOGUE)

    assert shown["cause"].iloc[0] == "树障"
    assert shown["label"].iloc[0] == shown["labels"].iloc[0].split("、")[0]
    assert "year" not in shown["labels"].iloc[0]
    assert shown["reason"].iloc[0] == "时长不足"
    assert shown["trip"].iloc[0] == "重合不成功"
    assert shown["channel"].iloc[0] == "短信"
    assert shown["is_counted"].iloc[0] == "否"
    assert shown["has_automation"].iloc[0] == ""


def test_every_choice_of_a_file_that_a_record_shows_has_a_word():
    """The codes are those of the import kinds: a new one must not reach the screen bare."""
    choices = {
        name: set(column.choices)
        for kind in kinds().values()
        for name, column in kind.columns.items()
        if kind.id in ("outages", "notices") and column.choices
    }

    assert choices["trip"] <= set(tables.WORDS["trip"])
    for kind in choices["kind"] | {"restored"}:
        assert rule_texts.kind_name(kind) != kind


def test_every_reason_of_the_records_and_of_the_frequent_list_has_words():
    """The reasons stand in the queries as pairs of a condition and a code."""
    said = {
        pair.elts[1].value
        for path in sorted((PROJECT / "data_access").glob("record_queries*.py"))
        for pair in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(pair, ast.Tuple)
        and len(pair.elts) == 2
        and isinstance(pair.elts[1], ast.Constant)
        and isinstance(pair.elts[1].value, str)
        and not isinstance(pair.elts[0], ast.Constant)
    }

    assert {"momentary", "open", "boundary_breaker", "not_due"} <= said
    assert (said | set(frequent_outage.REASONS)) - set(tables.REASONS) == set()


def test_what_a_person_looks_for_stands_beside_the_key():
    """Misses and delays are seen without moving the table."""
    kpi = CATALOGUE.kpis["promise_kept_last"]
    columns = list(tables.headings(records.columns(kpi.id), kpi, CATALOGUE))

    assert columns[:5] == ["step_key", "is_counted", "reason", "in_numerator", "in_denominator"]
    assert columns[5] == "late_last_s"
    assert set(columns) == set(records.columns("promise_kept_last")) - set(tables.HIDDEN)


def test_customer_time_is_shown_in_the_unit_that_its_heading_names():
    """7,200 stored customer-seconds are 2 时户."""
    frame = pd.DataFrame({"step_key": ["S1"], "in_numerator": [7_200]})
    texts.use("zh")

    assert tables.headings(frame.columns, SAIDI, CATALOGUE)["in_numerator"] == "计入分子（时户）"
    assert tables.readable(frame, SHANGHAI, {}, SAIDI, CATALOGUE)["in_numerator"].tolist() == [2.0]


def test_a_row_without_a_label_has_an_empty_cell():
    """The list of lines has no labels; the table once broke on it."""
    frame = pd.DataFrame({"label": [None, "year"], "labels": [None, float("nan")], "cause": [None, ""]})

    assert tables.readable(frame, SHANGHAI, {}, SAIDI, CATALOGUE)["label"].tolist() == ["", "year"]


def test_every_column_of_every_kpis_records_has_a_heading():
    columns = {one for kpi in catalogue().kpis.values() if kpi.records for one in records.columns(kpi.id)}

    assert columns - set(tables.HEADINGS) - set(tables.HIDDEN) == set()


def test_the_english_name_of_a_unit_is_used_where_there_is_one():
    frame = pd.DataFrame({"unit_name": ["城东所", "河口所"], "unit_name_en": ["Chengdong", ""]})
    texts.use("en")
    shown = tables.readable(frame, SHANGHAI, {}, SAIDI, CATALOGUE)
    texts.use("zh")

    assert shown["unit_name"].tolist() == ["Chengdong", "河口所"]


def test_the_part_in_the_denominator_is_shown_only_where_records_have_one():
    """Under customers served it would be 0 in every row; CAIDI counts restored steps."""
    columns = ["step_key", "in_numerator", "in_denominator"]

    def has_it(kpi: str) -> bool:
        return "in_denominator" in tables.headings(columns, CATALOGUE.kpis[kpi], CATALOGUE)

    assert [has_it(one) for one in ("saidi", "asai", "trips", "frequent_areas")] == [False] * 4
    assert [has_it(one) for one in ("caidi", "cemi", "promise_kept_last")] == [True] * 3
