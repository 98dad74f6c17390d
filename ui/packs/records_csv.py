"""Records as a CSV file for Excel: with BOM, and no cell that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from domain.spreadsheet import safe


def text(
    header: Sequence[tuple[str, str]], labels: Mapping[str, str], chunks: Iterable[pd.DataFrame]
) -> bytes:
    """The file's bytes (UTF-8 with BOM). header, labels as in records_xlsx.workbook.

    The rows come chunk by chunk, but the whole file is in memory at the end: a download button gives the
    browser what it holds. Where a file can be written piece by piece, use pieces().
    """
    return b"".join(pieces(header, labels, chunks))


def pieces(
    header: Sequence[tuple[str, str]], labels: Mapping[str, str], chunks: Iterable[pd.DataFrame]
) -> Iterator[bytes]:
    """The same in pieces, one per chunk, so that memory does not grow with the file."""
    yield b"\xef\xbb\xbf"
    yield _lines([(safe(name), safe(value)) for name, value in header])
    yield _lines(
        [(), [safe(label) for label in labels.values()]] if header else [[*map(safe, labels.values())]]
    )
    for chunk in chunks:
        rows = chunk[list(labels)].astype(object).itertuples(index=False, name=None)
        yield _lines([[safe(plain(value)) for value in row] for row in rows])


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)
    return lines.getvalue().encode("utf-8")


def plain(value: Any) -> Any:
    """The value as a spreadsheet shows it: missing as an empty cell, times without fractions."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value
