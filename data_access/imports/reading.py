"""The rows of a file as chunks of texts, whatever its size, numbered as a person counts them."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from data_access.imports import reading_xlsx
from data_access.imports.examining import FileFacts, open_content, refused

XLSX_ROWS = 20_000
CSV_BLOCK = 4 << 20  # bytes parsed at a time


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file as texts, with their numbers as a person counts; uneven ones apart."""

    rows: np.ndarray
    texts: pd.DataFrame
    uneven: list[tuple[int, int]]  # (row, number of cells) of rows that do not fit the header


def header(facts: FileFacts, header_row: int = 1, sheet: str = "") -> list[str]:
    """The header's cells without blanks around them. Raises FileRejected("empty_file")."""
    if facts.form == "xlsx":
        line = next(islice(reading_xlsx.rows(facts.path, sheet, refused), header_row - 1, None), None)
    else:
        with io.TextIOWrapper(
            open_content(facts.path, facts.is_gzip), encoding=facts.encoding, newline=""
        ) as text:
            line = next(islice(csv.reader(text, delimiter=facts.delimiter), header_row - 1, None), None)
    if line is None or not any(cell.strip() for cell in line):
        raise refused("empty_file", value=facts.path.name)
    return [cell.strip() for cell in line]


def chunks(
    facts: FileFacts, width: int, wanted: Sequence[int], header_row: int = 1, sheet: str = ""
) -> Iterator[Chunk]:
    """The rows below the header in chunks: only the wanted columns (by place), named by their place.

    Rows without any text are passed over but counted.
    """
    if facts.form == "xlsx":
        rows = islice(reading_xlsx.rows(facts.path, sheet, refused), header_row, None)
        number = header_row + 1
        while block := list(islice(rows, XLSX_ROWS)):
            yield _xlsx_chunk(block, number, width, wanted)
            number += len(block)
        return
    try:
        yield from _csv_chunks(facts, width, wanted, header_row)
    except pa.ArrowInvalid as error:
        raise refused("broken_quotes", value=str(error)[:200]) from error


def _csv_chunks(facts: FileFacts, width: int, wanted: Sequence[int], header_row: int) -> Iterator[Chunk]:
    uneven: list[tuple[int, int]] = []

    def left_out(row: pa_csv.InvalidRow) -> str:
        uneven.append((row.number, row.actual_columns))
        return "skip"

    names = [f"f{place}" for place in range(width)]
    with open_content(facts.path, facts.is_gzip) as file:
        batches = pa_csv.open_csv(
            file,
            pa_csv.ReadOptions(
                use_threads=False,  # else rows left out come without their number
                block_size=CSV_BLOCK,
                encoding=facts.encoding,
                column_names=names,
                skip_rows=header_row - 1,
            ),
            pa_csv.ParseOptions(
                delimiter=facts.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=left_out,
            ),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
        number, done, told = header_row, 0, 0
        for batch in batches:
            rows, done = _numbers(number, batch.num_rows, uneven, done)
            number = int(rows[-1]) + 1 if len(rows) else number
            texts, rows = _csv_texts(batch, rows, wanted, header_row)
            yield Chunk(rows, texts, uneven[told:])
            told = len(uneven)
        if uneven[told:]:
            none = np.empty(0, dtype=np.int64)
            yield Chunk(none, pd.DataFrame(columns=list(wanted), dtype="str"), uneven[told:])


def _numbers(first: int, count: int, uneven: list[tuple[int, int]], done: int) -> tuple[np.ndarray, int]:
    """Numbers of the next `count` rows, those left out passed over; and how many of these are behind."""
    gaps = []
    while done < len(uneven) and uneven[done][0] < first + count + len(gaps):
        gaps.append(uneven[done][0])
        done += 1
    numbers = np.arange(first, first + count + len(gaps), dtype=np.int64)
    return (np.setdiff1d(numbers, gaps, assume_unique=True) if gaps else numbers), done


def _csv_texts(
    batch: pa.RecordBatch, rows: np.ndarray, wanted: Sequence[int], header_row: int
) -> tuple[pd.DataFrame, np.ndarray]:
    blank = pc.equal(batch.column(0), "")
    for place in range(1, batch.num_columns):
        if not pc.any(blank).as_py():
            break
        blank = pc.and_(blank, pc.equal(batch.column(place), ""))
    keep = ~blank.to_numpy(zero_copy_only=False) & (rows > header_row)
    if not keep.all():
        batch, rows = batch.filter(pa.array(keep)), rows[keep]
    frame = batch.select([f"f{place}" for place in wanted]).to_pandas()
    return frame.set_axis(list(wanted), axis=1), rows


def _xlsx_chunk(block: list[list[str]], first: int, width: int, wanted: Sequence[int]) -> Chunk:
    rows, good, uneven = [], [], []
    for number, cells in enumerate(block, start=first):
        beyond = [cell for cell in cells[width:] if cell]
        if not any(cells):
            continue
        if beyond:
            uneven.append((number, len(cells)))
            continue
        rows.append(number)
        good.append(cells + [""] * (width - len(cells)))
    texts = {place: pd.Series([row[place] for row in good], dtype="str") for place in wanted}
    return Chunk(np.array(rows, dtype=np.int64), pd.DataFrame(texts), uneven)
