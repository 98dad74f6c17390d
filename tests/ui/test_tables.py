"""Records as people read them: the company's time, minutes, words for codes, no hidden columns."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from data_access import records
from domain.kpis import catalogue
from ui import tables, texts

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_times_are_local_and_durations_minutes():
    """16:30 UTC is half past midnight in Shanghai; 5,400 s are 90 minutes."""
    frame = pd.DataFrame(
        {"interrupted_at": [datetime(2026, 10, 1, 16, 30), None], "duration_s": [5_400, None]}
    )
    shown = tables.readable(frame, SHANGHAI, {})

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
        }
    )
    texts.use("zh")
    shown = tables.readable(frame, SHANGHAI, {"tree": "树障"})

    assert shown["cause"].iloc[0] == "树障"
    assert shown["label"].iloc[0] == shown["labels"].iloc[0].split(", ")[0]
    assert "year" not in shown["labels"].iloc[0]
    assert shown["reason"].iloc[0] == "时长不足"


def test_a_row_without_a_label_has_an_empty_cell():
    """The list of lines has no labels; the table once broke on it."""
    frame = pd.DataFrame({"label": [None, "year"], "labels": [None, float("nan")], "cause": [None, ""]})

    assert tables.readable(frame, SHANGHAI, {})["label"].tolist() == ["", "year"]


def test_every_column_of_every_kpis_records_has_a_heading():
    columns = {one for kpi in catalogue().kpis.values() if kpi.records for one in records.columns(kpi.id)}

    assert columns - set(tables.HEADINGS) - set(tables.HIDDEN) == set()


def test_the_english_name_of_a_unit_is_used_where_there_is_one():
    frame = pd.DataFrame({"unit_name": ["城东所", "河口所"], "unit_name_en": ["Chengdong", ""]})
    texts.use("en")
    shown = tables.readable(frame, SHANGHAI, {})
    texts.use("zh")

    assert shown["unit_name"].tolist() == ["Chengdong", "河口所"]
