"""The file of rows that were left out: safe to open, and its reasons are sentences."""

import csv

import pytest

from tests.data_access.importing import OUTAGES, company, take

HEADER = OUTAGES.splitlines()[0]
EVIL = ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1"]


@pytest.fixture
def stocked(engine, tmp_path):
    return company(engine, tmp_path)


def left_out(engine, folder, content, **options):
    """The lines of the file, its header first."""
    aside = folder / "aside.csv"
    take(engine, folder, "outages", content, reject_to=aside, **options)
    with aside.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_no_cell_of_the_file_is_run_by_a_spreadsheet(stocked, tmp_path):
    """Somebody outside wrote these texts; a data steward opens them."""
    bad = "".join(f'k{n},k{n},S9,A1,故障,"{text}",1,2024-03-01 08:00,\n' for n, text in enumerate(EVIL))
    head, *lines = (OUTAGES + bad).splitlines()
    content = "\n".join([f"{head},=1+1", *(f"{line},x" for line in lines), ""])

    found = left_out(stocked, tmp_path, content)

    place = found[0].index("cause")
    assert [line[place] for line in found[1:]] == [f"'{text}" for text in EVIL]
    assert not [cell for line in found for cell in line if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.parametrize(
    ("language", "headers", "said"),
    [
        ("en", ("row", "rejected because"), "unit: There is no unit with the code or name “S9”"),
        ("zh", ("行号", "未被接收的原因"), "unit: 没有编码或名称为“S9”的单位"),
    ],
)
def test_every_reason_is_a_sentence_with_its_code(stocked, tmp_path, language, headers, said):
    bad = "s5,o5,S9,A1,故障,tree,x,2024-03-01 08:00,\n"

    found = left_out(stocked, tmp_path, OUTAGES + bad, language=language)

    assert (found[0][0], found[0][-1]) == headers
    assert found[1][0] == "6"
    assert said in found[1][-1]
    assert "[unknown_unit]" in found[1][-1]
    assert "[not_a_number]" in found[1][-1]
