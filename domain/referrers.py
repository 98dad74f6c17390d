"""Who refers to rows that an undo would remove, in words: kinds of rows with their number, no tables."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from domain.import_kinds import kinds

# Made from other rows: named only where nothing else refers to the rows.
DERIVED = ("outages", "notice_areas", "source_coverage", "import_batches")
MOST = 100  # so many are looked up at most
CATALOGUE = Path(__file__).with_name("referrers.toml")


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """Names of the rows of tables that no kind of file fills, by table and language."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def kind_name(table: str, language: str) -> str:
    """What the rows of a table are called. language is zh or en."""
    found = next((one for one in kinds().values() if one.table == table), None)
    if found is not None:
        return found.name_zh if language == "zh" else found.name_en
    return tables()[table][language] if table in tables() else table


def split(references: Sequence[str], language: str) -> list[tuple[str, str]]:
    """(what it is, its number or code) of each reference; the made ones only where there are no others."""
    pairs = [tuple(one.partition(" ")[::2]) for one in references]
    own = [pair for pair in pairs if pair[0] not in DERIVED]
    return [(kind_name(table, language), key) for table, key in own or pairs]


def summary(references: Sequence[str], language: str) -> str:
    """用户数（3 条）、停电记录（4 条）; a full list says that there are more."""
    found = Counter(name for name, _key in split(references, language))
    is_full = len(references) >= MOST
    if language == "zh":
        return "、".join(f"{name}（{n} 条）" for name, n in found.items()) + ("等" if is_full else "")
    text = ", ".join(f"{name} ({n} row{'s' if n != 1 else ''})" for name, n in found.items())
    return f"{text} and more" if is_full else text
