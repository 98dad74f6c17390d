"""A file of rectification items that comes back, as the table that rectification_import takes."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pandas as pd

from data_access.imports import reading_xlsx
from data_access.imports.examining import FileFacts, examine, open_content, refused
from domain import rectification_table as columns

HEADER_WITHIN = 30  # lines above the header may say what the list was narrowed to


def table_of(path: Path) -> pd.DataFrame:
    """The first sheet of an XLSX file, or a CSV file, as texts.

    attrs["first_row"]: number of the line below the header, as a person counts. The header is the first line
    that names the item's number, else the first line of all. Raises FileRejected.
    """
    found = list(islice(_lines(examine(path)), columns.MOST_ROWS + HEADER_WITHIN + 2))
    if not found:
        raise refused("empty_file", value=path.name)
    names = {word.casefold() for word in ("item_id", *columns.COLUMNS["item_id"])}
    is_header = (bool(names & {cell.strip().casefold() for cell in cells}) for cells in found[:HEADER_WITHIN])
    at = next((number for number, yes in enumerate(is_header) if yes), 0)
    header = found[at]
    rows = [[*cells, *[""] * len(header)][: len(header)] for cells in found[at + 1 :]]
    table = pd.DataFrame(rows, columns=header, dtype="str")
    table.attrs["first_row"] = at + 2
    return table


def _lines(facts: FileFacts) -> Iterator[list[str]]:
    if facts.form == "xlsx":
        yield from reading_xlsx.rows(facts.path, "", refused)
        return
    content = open_content(facts.path, facts.is_gzip)
    with io.TextIOWrapper(content, encoding=facts.encoding, newline="") as text:
        yield from csv.reader(text, delimiter=facts.delimiter)
