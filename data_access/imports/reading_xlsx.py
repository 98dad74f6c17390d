"""An XLSX sheet row by row as texts. Cells that a formula filled give the value that was last computed."""

import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

LARGEST = 4 << 30  # bytes unpacked; a zip can promise far more than it weighs


def check(path: Path, refused: Callable[..., Exception]) -> None:
    """Raises FileRejected for a damaged or absurdly large archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError) as error:
        raise refused("broken_file", value=path.name, expected=str(error)) from error
    if size > LARGEST:
        raise refused("unpacked_too_large", value=size, expected=f"<= {LARGEST}")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise refused("broken_file", value=path.name, expected="XLSX")


def rows(path: Path, sheet: str, refused: Callable[..., Exception]) -> Iterator[list[str]]:
    """Every row of the sheet (the first, if none is named) as texts."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise refused("broken_file", value=path.name, expected=str(error)) from error
    try:
        if sheet and sheet not in book.sheetnames:
            raise refused("missing_sheet", value=sheet, expected=", ".join(book.sheetnames))
        page = book[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()  # what the file says of its own size is often wrong
        for row in page.iter_rows(values_only=True):
            yield [_text(cell) for cell in row]
    except (SyntaxError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise refused("broken_file", value=path.name, expected=str(error)) from error
    finally:
        book.close()


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    return str(cell)
