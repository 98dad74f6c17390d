"""The rows of a file that were not taken, as a file of the same columns with the reasons beside."""

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from data_access.imports import reading
from data_access.imports.examining import FileFacts
from data_access.imports.staging import Staging
from domain import import_problems, personal
from domain.errors import Problem
from domain.import_kinds import kinds
from domain.mapping import FileMapping
from domain.spreadsheet import safe

HEADERS = {"en": ("row", "rejected because"), "zh": ("行号", "未被接收的原因")}


def write(
    staging: Staging,
    facts: FileFacts,
    header: Sequence[str],
    mapping: FileMapping,
    to: Path,
    language: str,
) -> None:
    """Write the rejected rows (UTF-8 with BOM, so that spreadsheets show Chinese), read a second time.

    What is wrong stands beside as sentences in the language, each with its code. What a spreadsheet would run
    as a formula is written as text. Cells that speak of a person are masked: who corrects them looks the row
    up in the source, and a mask is refused where it comes back.

    A row with a wrong number of cells has no columns to stand in: only its number and reason are written.
    """
    found = staging.problems
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        number, because = HEADERS[language]
        writer.writerow([number, *map(safe, header), because])
        for chunk in reading.chunks(
            facts, len(header), range(len(header)), mapping.header_row, mapping.sheet
        ):
            numbers = [*chunk.rows.tolist(), *(row for row, _ in chunk.uneven)]
            if not numbers:
                continue
            statement = select(found).where(
                found.c.severity == "error", found.c.row_no.between(min(numbers), max(numbers))
            )
            reasons: dict[int, list[str]] = defaultdict(list)
            with staging.connection.begin():
                for one in staging.connection.execute(statement):
                    problem = Problem(one.row_no, one.column, one.value, one.code, one.expected)
                    place = f"{one.column}: " if one.column else ""
                    said = import_problems.sentence(problem, language)
                    reasons[one.row_no].append(f"{place}{said} [{one.code}]")
            texts = personal.without_plain(chunk.texts, header, kinds()[mapping.kind], mapping)
            places = {row: place for place, row in enumerate(chunk.rows.tolist())}
            for row, why in sorted(reasons.items()):
                cells = texts.iloc[places[row]].tolist() if row in places else [""] * len(header)
                writer.writerow([row, *map(safe, cells), safe("; ".join(sorted(set(why))))])
