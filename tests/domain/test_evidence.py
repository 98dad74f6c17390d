"""Files are what their content is: an ending alone proves nothing."""

import io
import zipfile

import pytest

from domain import evidence
from domain.errors import InvalidInput

RULE = {"largest_mb": 1}


def office(*names):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return packed.getvalue()


GOOD = {
    "a.jpg": b"\xff\xd8\xff\xe0 and more",
    "a.JPEG": b"\xff\xd8\xff\xe1",
    "a.png": b"\x89PNG\r\n\x1a\n...",
    "a.webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "a.pdf": b"%PDF-1.7 ...",
    "a.xlsx": office("xl/workbook.xml"),
    "a.docx": office("word/document.xml"),
    "a.txt": "现场已清理".encode(),
    "b.csv": "台区,结果\nA1,合格\n".encode("gb18030"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_is_what_it_says_is_taken(name):
    assert evidence.checked(name, GOOD[name], RULE).partition("/")[2]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", GOOD["a.png"]),
        ("a.png", b"MZ\x90\x00 a program"),
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.exe", GOOD["a.png"]),
        ("a.svg", b"<svg onload='x'/>"),
        ("a.html", b"<html>"),
        ("a.txt", b"\x7fELF\x00\x00"),
        ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html><p>"),
        ("a.csv", b"#!/bin/sh\nrm -rf x"),
        ("a.xlsx", GOOD["a.docx"]),
        ("a.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin")),
        ("a.docx", office("word/document.xml", "word/embeddings/oleObject1.bin")),
        ("a.docx", b"PK\x03\x04 cut off"),
        ("no ending", GOOD["a.jpg"]),
        ("jpg", GOOD["a.jpg"]),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVEfmt "),
    ],
)
def test_anything_else_is_refused_by_name(name, content):
    with pytest.raises(InvalidInput) as caught:
        evidence.checked(name, content, RULE)

    assert (caught.value.code, caught.value.values["name"]) == ("evidence_type", name)


def test_an_empty_or_too_large_file_is_refused():
    with pytest.raises(InvalidInput, match="evidence_empty"):
        evidence.checked("a.jpg", b"", RULE)
    full = GOOD["a.jpg"].ljust(evidence.MIB, b"x")
    assert evidence.checked("a.jpg", full, RULE) == "image/jpeg"
    with pytest.raises(InvalidInput, match="evidence_large"):
        evidence.checked("a.jpg", full + b"x", RULE)
