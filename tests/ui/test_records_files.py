"""Downloads: the same rows and header in CSV and XLSX, and no cell that a spreadsheet would run."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from ui.imports import problems
from ui.packs import records_csv, records_xlsx

HEADER = [("Unit", "A1"), ("Filter", "=cause")]
LABELS = {"key": "Key", "minutes": "Minutes", "at": "Began", "day": "Day", "open": "Restored"}
EVIL = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "=cmd|' /C calc'!A0"]
ALSO_EVIL = ["\n=1", "＝1+1", "＋1", "－1", "＠x"]


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


@pytest.mark.parametrize("text", [*EVIL, *ALSO_EVIL])
def test_no_heading_and_no_line_above_the_rows_is_a_formula(text):
    """A heading may be the header of somebody's file, a line above it the name of a unit."""
    rows = [pd.DataFrame({"a": [text]})]
    content = records_csv.text([(text, text)], {"a": text}, rows)
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))

    assert [cell for line in found for cell in line] == [f"'{text}"] * 4

    book = openpyxl.load_workbook(
        io.BytesIO(records_xlsx.workbook([(text, text)], {"a": text}, rows, "明细"))
    )
    assert {cell.data_type for line in book.active.iter_rows() for cell in line} <= {"s", "n"}
    assert [cell.value for line in book.active.iter_rows() for cell in line if cell.data_type == "f"] == []


@pytest.mark.parametrize("text", EVIL)
def test_the_list_of_a_file_s_problems_has_no_formula(text):
    problem = {"row": 2, "column": text, "value": text, "code": "unknown_unit", "expected": text}
    listed = problems.details([problem], "outages")
    content = records_csv.text((), {one: one for one in listed}, [listed])
    cells = [
        cell for line in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in line
    ]

    assert f"'{text}" in cells
    assert not [one for one in cells if one.startswith(tuple("=+-@\t\r"))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("明细", "明细"),
        ("a/b\\c:d*e?f[g]", "abcdefg"),
        ("'=1+1'", "=1+1"),
        ("x" * 40, "x" * 31),
        ("'", "1"),
        ("", "1"),
    ],
)
def test_a_sheet_has_a_name_that_a_spreadsheet_accepts(text, name):
    assert records_xlsx.sheet_name(text) == name
    assert len(records_xlsx.sheet_name(text, 12)) <= 31
    records_xlsx.workbook((), {"a": "a"}, [], text)


def test_numbers_of_all_kinds_stay_numbers_in_a_workbook():
    frame = pd.DataFrame({"a": [-1, 2.5], "b": pd.array([-7, None], dtype="Int64")})
    book = openpyxl.load_workbook(io.BytesIO(records_xlsx.workbook((), {"a": "a", "b": "b"}, [frame], "x")))

    assert [[cell.value for cell in line] for line in book.active.iter_rows(min_row=2)] == [
        [-1, -7],
        [2.5, None],
    ]
