"""Which files are taken as evidence, told by their content; the ending has to say the same.

Nothing is taken that a program would run: no scripts, no pages, no documents with macros.
"""

import io
import zipfile
from collections.abc import Mapping

from domain.errors import InvalidInput

STAGES = ("before", "after", "other")
MIB = 1 << 20
LONGEST_NAME = 120
OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {  # by the ending that the name may have
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "txt": "text/plain",
    "csv": "text/csv",
}
MAIN_PART = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
TEXTS = ("txt", "csv")
CONTROLS = frozenset(map(chr, [*range(9), 11, 12, *range(14, 32), 127]))
MARKUP = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "#!")
MACROS = ("vbaproject", "/activex/", "/embeddings/")


def checked(name: str, content: bytes, rule: Mapping[str, int]) -> str:
    """The media type of the content. rule: section evidence of rule set rectification.

    Raises InvalidInput("evidence_empty" | "evidence_large", most | "evidence_type", name, known).
    """
    if not content:
        raise InvalidInput("evidence_empty")
    if len(content) > rule["largest_mb"] * MIB:
        raise InvalidInput("evidence_large", most=rule["largest_mb"])
    _stem, dot, ending = name.lower().rpartition(".")
    if not dot or ending not in MEDIA_TYPES or not _is(ending, content):
        raise InvalidInput("evidence_type", name=name, known=", ".join(MEDIA_TYPES))
    return MEDIA_TYPES[ending]


def _is(ending: str, content: bytes) -> bool:
    if ending in ("jpg", "jpeg"):
        return content.startswith(b"\xff\xd8\xff")
    if ending == "png":
        return content.startswith(b"\x89PNG\r\n\x1a\n")
    if ending == "webp":
        return content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if ending == "pdf":
        return content.startswith(b"%PDF-")
    if ending in TEXTS:
        return _is_text(content)
    return _is_office(content, MAIN_PART[ending])


def _is_office(content: bytes, main_part: str) -> bool:
    """Whether it is a document of that kind, without macros or embedded objects."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {one.lower() for one in archive.namelist()}
    except zipfile.BadZipFile:
        return False
    runs = any(mark in f"/{one}" for one in names for mark in MACROS)
    return not runs and "[content_types].xml" in names and main_part in names


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):  # Chinese spreadsheets write either
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not CONTROLS & set(text) and not text.lstrip().lower().startswith(MARKUP)
    return False
