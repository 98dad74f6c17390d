"""A table that somebody copied out of a spreadsheet: text with tabs, else with semicolons or commas."""

import csv
import io
from collections.abc import Mapping, Sequence

from domain.errors import InvalidInput

MOST_ROWS = 5_000
ENCODINGS = ("utf-8-sig", "gb18030")  # Chinese spreadsheets write either


def decoded(content: bytes) -> str:
    """The text of such a table in a file. Raises InvalidInput("pasted_encoding")."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput("pasted_encoding")


def rows(text: str, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> list[dict[str, str]]:
    """The rows below the header line, by our names of the columns; cells without blanks around them.

    columns: the headers that stand for each of our names, in any case; the first is said in Chinese, the
    second in English, e.g. {"name": ("姓名", "Full name")}. Others are left out. Empty lines are
    left out. Raises InvalidInput("pasted_empty" | "pasted_columns", columns | "pasted_too_long", most).
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if len(lines) < 2:
        raise InvalidInput("pasted_empty")
    if len(lines) - 1 > MOST_ROWS:
        raise InvalidInput("pasted_too_long", most=MOST_ROWS)
    mark = next((one for one in "\t;" if one in lines[0]), ",")
    header, *cells = csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)
    known = {word.casefold(): name for name, words in columns.items() for word in (name, *words)}
    names = [known.get(one.strip().casefold(), "") for one in header]
    if missing := [columns[name][:2] for name in needed if name not in names]:
        zh, en = ([one[place] for one in missing] for place in (0, -1))
        raise InvalidInput("pasted_columns", columns={"zh": "、".join(zh), "en": ", ".join(en)})
    return [
        {name: cell.strip() for name, cell in zip(names, [*row, *[""] * len(names)], strict=False) if name}
        for row in cells
    ]
