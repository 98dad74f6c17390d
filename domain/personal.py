"""Personal data: which they are, and what they look like where nobody has given a reason to see them.

A column is marked once, by its kind: name, phone, address or email; of a table in its info, of a file in
import_kinds.toml. SQL masks alike (data_access/masking.py), so that a plain value never leaves the database.
Masking is no secret keeping: it leaves enough to tell rows apart, and never more than half.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from domain.import_kinds import Kind, KindColumn, normalised
from domain.mapping import FileMapping

HEADERS = Path(__file__).with_name("personal_headers.toml")
SIGN = "**"  # in every mask, and in no name, number or address that is true
SHORTEST_PHONE = 11  # of a shorter number seven digits would be nearly all
ADDRESS_PART = 6


def _name(value: str) -> str:
    return value[:1] + "**"


def _phone(value: str) -> str:
    return "*******" if len(value) < SHORTEST_PHONE else f"{value[:3]}****{value[-4:]}"


def _address(value: str) -> str:
    return value[: min(ADDRESS_PART, len(value) // 2)] + "***"


def _email(value: str) -> str:
    mailbox, at, domain = value.partition("@")
    return f"{mailbox[:1]}***@{domain}" if at else "***"


_MASKS: Mapping[str, Callable[[str], str]] = {
    "name": _name,
    "phone": _phone,
    "address": _address,
    "email": _email,
}
KINDS = tuple(_MASKS)


def masked(value: str | None, kind: str) -> str | None:
    """The value as everybody may see it: 张**, 138****5678, 云川市青溪县***, z***@company.cn; empty stays."""
    return _MASKS[kind](value) if value else value


def is_masked(value: object) -> bool:
    """Whether the text is a mask and not the value itself."""
    return isinstance(value, str) and SIGN in value


@cache
def _headers() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(HEADERS.read_text(encoding="utf-8"))


def kind_of_header(header: str) -> str:
    """What a column with that header holds of a person; '' for nothing."""
    plain = normalised(header)
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", header)  # customerName
    words = f" {' '.join(re.findall('[a-z0-9]+', spaced.casefold()))} "
    for kind, known in _headers().items():
        if (
            plain in known["whole"]
            or any(part in plain for part in known["parts"])
            or any(f" {phrase} " in words for phrase in known["phrases"])
        ):
            return kind
    return ""


def without_plain(
    texts: pd.DataFrame, header: Sequence[str], kind: Kind, mapping: FileMapping
) -> pd.DataFrame:
    """The cells of a file with those of persons masked; columns by place, as the header names them.

    A column that the mapping takes is what the kind says of it; any other what its header says.
    """
    result = texts.copy()
    for place, name in enumerate(header):
        mark, marked = _mark(name, kind, mapping)
        if not mark:
            continue
        cells = texts.iloc[:, place]
        hidden = [masked(one, mark) if isinstance(one, str) else one for one in cells]
        if marked and marked.personal_where:
            plain = _is_open(texts, header, kind, mapping, marked)
            hidden = [one if is_open else two for one, two, is_open in zip(cells, hidden, plain, strict=True)]
        result.isetitem(place, pd.Series(hidden, index=texts.index, dtype="str"))
    return result


def is_of_person(name: str, kind: Kind, mapping: FileMapping) -> bool:
    """Whether the column of the file with that header speaks of a person in any row."""
    return bool(_mark(name, kind, mapping)[0])


def _mark(name: str, kind: Kind, mapping: FileMapping) -> tuple[str, KindColumn | None]:
    """What a column of the file holds of a person, and our column where one takes it; '' for nothing."""
    taken = [ours for ours, source in mapping.columns.items() if source.column == name]
    marked = next((kind.columns[one] for one in taken if kind.columns[one].personal), None)
    if marked is not None:
        return marked.personal, marked
    return ("" if taken else kind_of_header(name)), None


def _is_open(
    texts: pd.DataFrame, header: Sequence[str], kind: Kind, mapping: FileMapping, marked: KindColumn
) -> list[bool]:
    """Rows in which the column is known to be no personal one; what cannot be read is taken for personal."""
    (other, personal_value), *_rest = marked.personal_where.items()
    source = mapping.columns.get(other)
    if source is None:
        return [False] * len(texts)
    words = {
        word.casefold(): choice
        for choice, names in kind.columns[other].choices.items()
        for word in (choice, *names)
    }

    def is_open(text: object) -> bool:
        given = str(text).strip() if isinstance(text, str) else ""
        meant = source.values.get(given, given if source.other is None else source.other)
        return words.get(meant.casefold(), personal_value) != personal_value

    if source.column is None:
        return [is_open(source.constant)] * len(texts)
    places = [place for place, name in enumerate(header) if name == source.column]
    if len(places) != 1:
        return [False] * len(texts)
    return [is_open(one) for one in texts.iloc[:, places[0]]]
