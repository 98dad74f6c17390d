"""Downloads: the same rows and header in CSV and XLSX, and no cell that a spreadsheet would run."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from ui.packs import records_csv, records_xlsx

HEADER = [("Unit", "A1"), ("Filter", "=cause")]
LABELS = {"key": "Key", "minutes": "Minutes", "at": "Began", "day": "Day", "open": "Restored"}
EVIL = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "=cmd|' /C calc'!A0"]


def chunks():
    yield pd.DataFrame(
        {
            "key": ["O1", *EVIL],
            "hidden": "not asked for",
            "minutes": [7, *range(-1, -8, -1)],
            "at": pd.to_datetime([datetime(2026, 3, 1, 8, 30)] * 8),
            "day": [date(2026, 3, 1)] * 8,
            "open": pd.to_datetime([None] * 8),
        }
    )
    yield pd.DataFrame(
        {"key": ["停电"], "minutes": [9], "at": [pd.NaT], "day": [None], "open": [None], "hidden": [1]}
    )


def csv_rows():
    content = records_csv.text(HEADER, LABELS, chunks())
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet():
    content = records_xlsx.workbook(HEADER, LABELS, chunks(), "明细")
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_the_header_says_what_was_asked_for():
    rows = csv_rows()

    assert rows[:4] == [["Unit", "A1"], ["Filter", "'=cause"], [], list(LABELS.values())]
    assert [cell.value for cell in sheet()[4]] == list(LABELS.values())


@pytest.mark.parametrize("place", range(len(EVIL)))
def test_no_cell_of_a_csv_file_is_a_formula(place):
    """Excel runs what begins with = + - @, also behind a tab or a carriage return."""
    assert csv_rows()[5 + place][0] == "'" + EVIL[place]


def test_numbers_stay_numbers_though_they_are_negative():
    assert csv_rows()[5][1] == "-1"
    assert sheet().cell(6, 2).value == -1


def test_no_cell_of_an_xlsx_file_is_a_formula():
    cells = [cell for row in sheet().iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert sheet().cell(6, 1).value == "=1+1"


def test_missing_is_an_empty_cell_and_times_are_times():
    assert csv_rows()[4] == ["O1", "7", "2026-03-01 08:30:00", "2026-03-01", ""]
    assert sheet().cell(5, 3).value == datetime(2026, 3, 1, 8, 30)
    assert sheet().cell(5, 4).value == datetime(2026, 3, 1)
    assert sheet().cell(5, 5).value is None
    assert csv_rows()[-1] == ["停电", "9", "", "", ""]


def test_rows_go_on_in_another_sheet_where_one_is_full(monkeypatch):
    monkeypatch.setattr(records_xlsx, "MOST_ROWS", 8)

    content = records_xlsx.workbook(HEADER, LABELS, chunks(), "明细")
    book = openpyxl.load_workbook(io.BytesIO(content))

    assert book.sheetnames == ["明细", "明细 2"]
    assert [cell.value for cell in book["明细 2"][1]] == list(LABELS.values())
    written = sum(sheet.max_row for sheet in book.worksheets) - 4 - 1
    assert written == 9
