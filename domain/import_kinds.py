"""What can be imported: kinds and their columns, as data in import_kinds.toml."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from domain.periods import last_day

CATALOGUE = Path(__file__).with_name("import_kinds.toml")
TYPES = (
    "key", "text", "int", "decimal", "datetime", "date", "month", "bool", "choice", "unit", "reference",
    "cause",
)  # fmt: skip
LARGEST_INT = 2**53  # exact in every step between the file and the database


@dataclass(frozen=True)
class KindColumn:
    """One column of a kind: what a file may give, and what is right."""

    id: str
    type: str
    zh: str
    en: str
    alias: tuple[str, ...] = ()
    required: bool = False
    stored: str = ""  # column of the table; empty: the same name
    max: int = 0  # longest text
    min: float | None = None
    max_value: float | None = None
    unit_zh: str = ""
    unit_en: str = ""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    to: str = ""
    unknown: str = "error"  # what a reference to nothing is
    made: bool = False  # of a key: the mapping's source_key may make it
    decimals: int | None = None  # places that are kept; None: all
    past: bool = False
    old: bool = False  # dates before 1950 are odd, not wrong
    covers: str = ""
    personal: str = ""  # name, phone, address or email: masked wherever it is shown (domain/personal.py)
    personal_where: Mapping[str, str] = field(
        default_factory=dict
    )  # only in rows in which that column says so
    about_zh: str = ""
    about_en: str = ""

    @property
    def column(self) -> str:
        """Name of the table's column."""
        return self.stored or self.id

    @property
    def headers(self) -> frozenset[str]:
        """Normalised headers that mean this column."""
        return frozenset(normalised(one) for one in (self.id, self.zh, self.en, *self.alias))

    def choice_words(self, language: str) -> str:
        """The values that a file may give: in Chinese the words first, then the codes."""
        if not self.choices or language != "zh":
            return ", ".join(self.choices)
        words = "、".join(names[0] for names in self.choices.values())
        return f"{words}（或 {'、'.join(self.choices)}）"


@dataclass(frozen=True)
class Kind:
    """One kind of file. key names the columns that tell its rows apart."""

    id: str
    table: str
    name_zh: str
    name_en: str
    about_zh: str
    about_en: str
    key: tuple[str, ...]
    period: str
    states: str
    sources: tuple[str, ...]
    key_space: str
    columns: Mapping[str, KindColumn]

    @property
    def may_cover_days_to_come(self) -> bool:
        """Whether a period may be stated that is not over: lists of whole years, and plans."""
        return self.states in ("years", "ahead")

    def proposed_days(self, first: date, last: date, today: date) -> tuple[date, date]:
        """The period that a file from first to last day is taken or offered to cover.

        Never more than its own days, on the page as by command: of the days around them the file says
        nothing, and to claim whole months would turn what is missing into zero, or withdraw rows of theirs
        where the file replaces its period. Lists of years are complete by nature; rows of months speak of
        whole months, of the current one up to today.
        """
        if self.states == "years":
            return date(first.year, 1, 1), date(last.year, 12, 31)
        if self.columns[self.period].type == "month":
            return first, max(last, min(last_day(last), today))
        return first, last

    @property
    def has_made_key(self) -> bool:
        """Whether the key is a text made from the file's own columns or row numbers."""
        column = self.columns[self.key[0]]
        return column.type == "key" or column.made

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The key as columns of the table, without bureau_id."""
        return tuple(self.columns[one].column for one in self.key)


def normalised(header: str) -> str:
    """Header without case, spaces, underscores and a unit in brackets, for comparison."""
    text = re.sub(r"[\((][^()()]*[\))]\s*$", "", header.strip().lstrip("\ufeff"))
    return re.sub(r"[\s_\-]+", "", text or header).casefold()


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by id, in the order in which a company loads them."""
    content = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {name: _kind(name, entry) for name, entry in content.items()}


def column_name(kind: str, name: str, language: str) -> str:
    """A column of a kind as a header says it; anything unknown is a file's own header and stays."""
    found = kinds()[kind].columns.get(name) if kind in kinds() else None
    return name if found is None else found.zh if language == "zh" else found.en


def _kind(name: str, entry: dict) -> Kind:
    columns = {one: _column(one, body) for one, body in entry.pop("columns").items()}
    key, sources = tuple(entry.pop("key")), tuple(entry.pop("sources"))
    return Kind(id=name, columns=columns, key=key, sources=sources, **entry)


def _column(name: str, body: dict) -> KindColumn:
    if body["type"] not in TYPES:
        raise ValueError(f"import_kinds.toml: column {name} has the unknown type {body['type']}")
    return KindColumn(id=name, **{**body, "alias": tuple(body.get("alias", ()))})


def as_markdown(language: str) -> str:
    """Every kind as a table of columns, types, units and keys, for the README. language is zh or en."""
    zh = language == "zh"
    head = "| 列 | 表头 | 类型 | 必填 | 说明 |" if zh else "| column | headers | type | required | about |"
    parts = []
    for kind in kinds().values():
        name, about = (kind.name_zh, kind.about_zh) if zh else (kind.name_en, kind.about_en)
        key = ", ".join(f"`{one}`" for one in kind.key)
        rows = [_row(column, zh) for column in kind.columns.values()]
        label = "键" if zh else "Key"
        parts += [
            f"#### `{kind.id}`: {name}",
            "",
            f"{about} {label}: {key}.",
            "",
            head,
            "|---|---|---|---|---|",
        ]
        parts += [*rows, ""]
    return "\n".join(parts)


def _row(column: KindColumn, zh: bool) -> str:
    about = column.about_zh if zh else column.about_en
    choices = ", ".join(f"`{one}`" for one in column.choices)
    unit = column.unit_zh if zh else column.unit_en
    kind = f"{column.type} ({unit})" if unit else f"{column.type} → {column.to}" if column.to else column.type
    text = "; ".join(one for one in (choices, about, _masked(column, zh)) if one)
    needed = ("是" if zh else "yes") if column.required else ""
    names = ", ".join(dict.fromkeys((column.zh, column.en, *column.alias)))
    return f"| `{column.id}` | {names} | {kind} | {needed} | {text} |"


def _masked(column: KindColumn, zh: bool) -> str:
    """That the column is masked, and in which rows."""
    if not column.personal:
        return ""
    where = " ".join(f"`{other}` = `{value}`" for other, value in column.personal_where.items())
    if zh:
        return "默认脱敏" + (f"（{where}）" if where else "")
    return "Masked by default" + (f" where {where}" if where else "")
