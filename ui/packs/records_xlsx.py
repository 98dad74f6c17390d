"""Records as an XLSX file, written row by row; text is never taken for a formula."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter

from ui.packs.records_csv import plain

MOST_ROWS = 1_048_576  # of an XLSX sheet
LONGEST_NAME = 31  # of a sheet
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]|^['\s]+|['\s]+$")


def workbook(
    header: Sequence[tuple[str, str]], labels: Mapping[str, str], chunks: Iterable[pd.DataFrame], name: str
) -> bytes:
    """The file's bytes. header: lines (label, text) on top: unit, period, filters, as-of, rule versions.

    labels: column id -> heading, in order; only these columns are written. name: of the sheet. Rows beyond
    what a sheet holds go on in further sheets, so a large download is never cut.
    """
    content = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
    }
    with xlsxwriter.Workbook(content, options) as book:
        formats = {
            "bold": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        sheet = book.add_worksheet(sheet_name(name))
        line = _begin(sheet, header, labels, formats["bold"])
        for chunk in chunks:
            for row in chunk[list(labels)].astype(object).itertuples(index=False, name=None):
                if line >= MOST_ROWS:
                    sheet = book.add_worksheet(sheet_name(name, len(book.worksheets()) + 1))
                    line = _begin(sheet, (), labels, formats["bold"])
                for place, value in enumerate(row):
                    _write(sheet, line, place, value, formats["day"])
                line += 1
    return content.getvalue()


def sheet_name(text: str, number: int = 1) -> str:
    """The text as a sheet may be called, from the second sheet on with its number."""
    end = f" {number}" if number > 1 else ""
    kept = NOT_IN_A_NAME.sub("", text)[: LONGEST_NAME - len(end)].rstrip("' ")
    return (kept or "1") + end


def _begin(sheet: Any, header: Sequence[tuple[str, str]], labels: Mapping[str, str], bold: Any) -> int:
    """Writes the lines above the rows; the number of the first row."""
    sheet.set_column(0, max(len(labels) - 1, 0), 18)
    line = 0
    for name, value in header:
        sheet.write_string(line, 0, str(name), bold)
        sheet.write_string(line, 1, str(value))
        line += 1
    line += 1 if header else 0
    for place, label in enumerate(labels.values()):
        sheet.write_string(line, place, str(label), bold)
    return line + 1


def _write(sheet: Any, line: int, place: int, value: Any, day: Any) -> None:
    if isinstance(value, pd.Timestamp) and not pd.isna(value):
        sheet.write_datetime(line, place, value.to_pydatetime())
    elif isinstance(value, date) and not isinstance(value, datetime) and value is not pd.NaT:
        sheet.write_datetime(line, place, value, day)
    else:
        sheet.write(line, place, plain(value))
