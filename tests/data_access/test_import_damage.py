"""A damaged file: a clear message for each kind of damage, and a database that is row for row as before."""

import gzip
import io
import os
import zipfile

import openpyxl
import pytest

from data_access.imports import run
from domain import import_problems
from domain.errors import FileRejected, InvalidInput
from tests.built_once import built_once
from tests.data_access.importing import OUTAGES, administrator, company, dump, errors, take, write

HEADER, *ROWS = OUTAGES.splitlines()


def changed(column: str, value: str) -> str:
    """The outages with another value in one column of the second row (row 3 of the file)."""
    place = HEADER.split(",").index(column)
    cells = ROWS[1].split(",")
    cells[place] = value
    return "\n".join([HEADER, ROWS[0], ",".join(cells), *ROWS[2:]]) + "\n"


def workbook() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for line in OUTAGES.splitlines():
        book.active.append(line.split(","))
    book.save(file)
    return file.getvalue()


def archive_without_sheets() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    return file.getvalue()


DAMAGES = {
    "empty file": (b"", "file.csv", 0, "empty_file"),
    "header without rows": (HEADER + "\n", "file.csv", 0, "no_rows"),
    "neither UTF-8 nor GB18030": (OUTAGES.encode() + b"\xff\xff\xff\n", "file.csv", 6, "encoding"),
    "UTF-16": (OUTAGES.encode("utf-16"), "file.csv", 0, "encoding_utf16"),
    "NUL bytes": (OUTAGES.encode()[:200] + b"\0\0" + OUTAGES.encode()[200:], "file.csv", 3, "nul_bytes"),
    "one endless line": (b"x" * 3_000_000, "file.csv", 1, "line_too_long"),
    "quote that never ends": (changed("cause", '"tree'), "file.csv", 6, "broken_quotes"),
    "workbook named csv": (workbook(), "file.csv", 0, "content_is_xlsx"),
    "text named xlsx": (OUTAGES, "file.xlsx", 0, "content_not_xlsx"),
    "gzip named csv": (gzip.compress(OUTAGES.encode()), "file.csv", 0, "content_is_gzip"),
    "text named gz": (OUTAGES, "file.csv.gz", 0, "content_not_gzip"),
    "gzip cut off": (gzip.compress(OUTAGES.encode())[:-30], "file.csv.gz", 0, "broken_file"),
    "workbook cut off": (workbook()[:-400], "file.xlsx", 0, "broken_file"),
    "archive that is no workbook": (archive_without_sheets(), "file.xlsx", 0, "broken_file"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file.xls", 0, "content_is_old_excel"),
    "missing column": (OUTAGES.replace("unit,", "somewhere,"), "file.csv", 1, "missing_column"),
    "header twice": (OUTAGES.replace("cause", "unit"), "file.csv", 1, "duplicate_header"),
    "cell too many": (changed("cause", "tree,again"), "file.csv", 3, "cell_count"),
    "cell too few": (OUTAGES.replace("s4,", ""), "file.csv", 5, "cell_count"),
    "blank where needed": (changed("outage_key", " "), "file.csv", 3, "missing_value"),
    "text in a number": (changed("customers", "many"), "file.csv", 3, "not_a_number"),
    "half a customer": (changed("customers", "0.5"), "file.csv", 3, "not_whole"),
    "infinite customers": (changed("customers", "inf"), "file.csv", 3, "not_a_number"),
    "negative number": (changed("customers", "-1"), "file.csv", 3, "too_small"),
    "31 February": (changed("interrupted_at", "2024-02-31 08:00"), "file.csv", 3, "not_a_time"),
    "ends too early": (changed("restored_at", "2024-03-01 07:59"), "file.csv", 3, "restored_before_start"),
    "in the future": (changed("restored_at", "2190-03-01 07:59"), "file.csv", 3, "in_future"),
    "unknown unit": (changed("unit", "S9"), "file.csv", 3, "unknown_unit"),
    "unknown area": (changed("area_code", "A9"), "file.csv", 3, "unknown_area"),
    "unknown kind": (changed("kind", "surprise"), "file.csv", 3, "not_a_choice"),
    "key twice": (changed("step_key", "s1"), "file.csv", 3, "duplicate_key"),
    "text too long": (changed("outage_key", "o" * 81), "file.csv", 3, "too_long"),
    "formula": (changed("cause", "=HYPERLINK(1)"), "file.csv", 3, "formula"),
}  # fmt: skip


@pytest.fixture
def stocked(engine, tmp_path):
    _stock(engine, tmp_path)
    return engine


@built_once
def _stock(engine, folder):
    company(engine, folder)
    take(engine, folder, "outages", OUTAGES.replace("\ns", "\nold"))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named_and_changes_nothing(stocked, tmp_path, damage):
    content, name, row, code = DAMAGES[damage]
    before = dump(stocked)

    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "outages", content, name=name)

    assert code in {one.code for one in caught.value.problems}
    assert {one.row for one in caught.value.problems if one.code == code} == {row}
    assert before == dump(stocked)
    assert not list(tmp_path.glob("*staging*"))


def test_every_problem_is_said_in_both_languages(stocked, tmp_path):
    for content, name, _, _ in DAMAGES.values():
        with pytest.raises(FileRejected) as caught:
            take(stocked, tmp_path, "outages", content, name=name)
        for one in caught.value.problems:
            for language in ("zh", "en"):
                assert "{" not in import_problems.line(one, language)


def test_a_time_that_is_wrong_is_said_as_it_stands_in_the_file(stocked, tmp_path):
    """Whoever looks for it there finds neither UTC nor our names of columns."""
    content = changed("restored_at", "2024/3/1 7:59")
    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "outages", content)

    (problem,) = errors(caught)
    assert (problem.value, problem.expected) == ("2024/3/1 7:59", ">= 2024-03-01 08:00")
    assert "2024/3/1 7:59" in import_problems.line(problem, "zh")


def test_all_problems_are_counted_and_the_first_thousand_come_in_full(stocked, tmp_path):
    bad = "".join(f"k{n},o{n},S9,A1,fault,tree,x,2024-03-01 08:00,2024-03-01 09:00\n" for n in range(1_200))

    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "outages", HEADER + "\n" + bad)

    assert caught.value.counts == {("unit", "unknown_unit"): 1_200, ("customers", "not_a_number"): 1_200}
    assert len(caught.value.problems) == 1_000
    assert [one.row for one in caught.value.problems[:4]] == [2, 2, 3, 3]


def test_an_endless_line_is_refused_before_it_is_read_to_its_end(stocked, tmp_path):
    """The file claims 1 GiB; only its first blocks are ever touched (the rest is a hole of NUL bytes)."""
    path = write(tmp_path, b"x" * 2_500_000)
    os.truncate(path, 1 << 30)

    with pytest.raises(FileRejected) as caught:
        run.import_file(stocked, administrator(stocked), "outages", path)

    assert [one.code for one in caught.value.problems] == ["line_too_long"]


def test_a_mapping_that_names_what_is_not_there_says_what_is(stocked, tmp_path):
    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "outages", OUTAGES, '[columns]\ncause = "why"')
    assert ("why", "missing_column") in caught.value.counts
    with pytest.raises(InvalidInput, match="mapping_column"):
        take(stocked, tmp_path, "outages", OUTAGES, '[columns]\nreason = "cause"')
