"""No English is left on a Chinese page: every text in the code has its translation, of all parts together."""

import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from ui import texts

PROJECT = Path(__file__).resolve().parent.parent.parent
CATALOGUES = sorted((PROJECT / "ui" / "locale" / "zh_CN").glob("*.po"))
CODE = [path for folder in ("ui", "pages") for path in sorted((PROJECT / folder).rglob("*.py"))] + [
    PROJECT / "dashboard.py"
]
KEYWORDS = {"_": None, "N_": None, "counted": (1, 2)}


def _said() -> Iterator[tuple[str, str, bool]]:
    """Every text of the code, where it stands, and whether it needs a translation.

    Of counted() only the form for many does: Chinese has one form.
    """
    for path in CODE:
        for line, message, _comments, _context in extract_from_file("python", path, keywords=KEYWORDS):
            forms = (message,) if isinstance(message, str) else message
            for text in forms:
                yield text, f"{path.relative_to(PROJECT)}:{line}", text == forms[-1]


def _entries() -> list[tuple[str, str, str]]:
    entries = []
    for path in CATALOGUES:
        with path.open("rb") as file:
            entries += [(path.name, one.id, one.string) for one in read_po(file, locale="zh_CN") if one.id]
    return entries


def _fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_every_text_has_a_chinese_translation():
    known = {english for _file, english, chinese in _entries() if chinese}

    assert [(text, place) for text, place, is_needed in _said() if is_needed and text not in known] == []


def test_no_catalogue_translates_what_nobody_says():
    """A text that left the code leaves the catalogue, or nobody knows what is still true."""
    said = {text for text, _place, _is_needed in _said()}
    assert [(file, english) for file, english, _chinese in _entries() if english not in said] == []


def test_a_text_has_one_translation():
    """Catalogues are merged: two translations of one text would depend on the order of files."""
    found: dict[str, set[str]] = {}
    for _file, english, chinese in _entries():
        found.setdefault(english, set()).add(chinese)

    assert {english: chinese for english, chinese in found.items() if len(chinese) > 1} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_a_translation_has_the_fields_of_its_text(path):
    """Otherwise format() breaks, in one language only."""
    for file, english, chinese in _entries():
        if file == path.name:
            assert _fields(chinese) <= _fields(english), english


def test_every_translation_is_chinese():
    """A copy of the English is no translation; a text of fields and stops alone may stay as it is."""
    for _file, english, chinese in _entries():
        words = "".join(literal for literal, *_rest in string.Formatter().parse(chinese))
        is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in words)
        assert is_chinese or not any(letter.isalpha() for letter in words), english


def test_the_language_belongs_to_the_run():
    texts.use("en")
    assert texts._("Overview") == "Overview"
    texts.use("zh")
    assert texts._("Overview") == "综合看板"


def test_one_and_many_differ_in_english_only():
    texts.use("en")
    assert texts.counted("{n} exception", "{n} exceptions", 1) == "{n} exception"
    texts.use("zh")
    assert texts.counted("{n} exception", "{n} exceptions", 1) == "异常事项 {n} 项"


HALF_WIDTH = re.compile(
    r"[\u3400-\u9fff、。“”《》（），；：][,;:()]|[,;:()][\u3400-\u9fff、。“”《》（），；：]"
)


def _chinese_of_catalogue(path: Path) -> list[str]:
    """The values of zh and *_zh keys, also of those within other values."""

    def found(entry: object, key: str) -> Iterator[str]:
        if isinstance(entry, dict):
            for name, value in entry.items():
                yield from found(value, name)
        elif isinstance(entry, str) and (key == "zh" or key.endswith("_zh")):
            yield entry

    return list(found(tomllib.loads(path.read_text(encoding="utf-8")), ""))


@pytest.mark.parametrize(
    "path", [*CATALOGUES, *sorted((PROJECT / "domain").rglob("*.toml"))], ids=lambda path: path.name
)
def test_chinese_sentences_have_chinese_punctuation(path):
    """Half-width commas and brackets beside Chinese characters look like a slip of the keyboard."""
    chinese = (
        _chinese_of_catalogue(path)
        if path.suffix == ".toml"
        else [text for file, _english, text in _entries() if file == path.name]
    )

    assert [text for text in chinese if HALF_WIDTH.search(text)] == []
