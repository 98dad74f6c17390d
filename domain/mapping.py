"""How the columns of one source's file become ours, as a TOML text that people can read and keep.

    kind = "outages"
    bureau = "EAST"                      # key space of the source
    time_zone = "UTC"                    # of times without an offset; else the company's
    source_key = ["id", "dateOn"]        # the file's columns that tell its rows apart, or "row_number"
    covers = "2024-01-01..2024-12-31"    # or "file": from its first to its last day; or "none"
    covers_unit = "EAST"                 # or a list; for them and all below; else what the rows speak of
    [columns]
    interrupted_at = "dateOff"           # ours = header of the file
    level = { constant = "LV" }
    length_m = { column = "km", factor = 1000 }
    day = { column = "Date", format = "%d.%m.%Y" }
    kind = { column = "cause", values = { "Planned work" = "planned" }, other = "fault" }
    [make_units]                         # units are made from the file
    root = { code = "EAST", name = "East", level = "province" }
    levels = [{ column = "region", level = "city" }, { column = "town", level = "county" }]

values translates by equality; other is what every further value becomes (without it, the value stays).
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import InvalidInput
from domain.import_kinds import Kind, kinds, normalised
from domain.org_units import LEVELS

ROW_NUMBER = "row_number"
PATH = ":"  # between the parts of the code of a made unit


@dataclass(frozen=True)
class ColumnSource:
    """Where the values of one of our columns come from."""

    column: str | None = None
    constant: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None
    format: str | None = None
    factor: float | None = None


@dataclass(frozen=True)
class MakeUnits:
    """Units made from the file: a root, and below it one unit per distinct path of these columns."""

    root: Mapping[str, str]
    levels: tuple[tuple[str, str], ...]  # (column of the file, level), top first


@dataclass(frozen=True)
class FileMapping:
    """The mapping of one source's files of one kind."""

    kind: str
    columns: Mapping[str, ColumnSource] = field(default_factory=dict)
    source_key: tuple[str, ...] | str = ()
    bureau: str = ""
    covers_unit: tuple[str, ...] = ()  # codes of the units that the source covers with all below
    time_zone: str = ""
    decimal: str = "."
    covers: str = ""
    keep: str = ""  # "lowest": of customers served given for a unit and one above, the lowest hold
    make_units: MakeUnits | None = None
    sheet: str = ""
    header_row: int = 1

    def file_columns(self) -> tuple[str, ...]:
        """Headers of the file that the mapping reads, each once."""
        named = [one.column for one in self.columns.values() if one.column]
        named += [] if isinstance(self.source_key, str) else self.source_key
        named += [column for column, _ in self.make_units.levels] if self.make_units else []
        return tuple(dict.fromkeys(named))


def from_toml(text: str) -> FileMapping:
    """The mapping that a TOML text describes. Raises InvalidInput naming what is wrong."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("mapping_unreadable", reason=str(error)) from error
    return from_values(content)


def from_values(content: Mapping[str, Any]) -> FileMapping:
    """The mapping of a parsed TOML text. Raises InvalidInput naming what is wrong."""
    values = dict(content)
    _right_types(values)
    kind = kinds().get(str(values.pop("kind", "")))
    if kind is None:
        raise InvalidInput("mapping_kind", known=", ".join(kinds()))
    columns = {name: _source(name, body) for name, body in values.pop("columns", {}).items()}
    for name in columns:
        if name not in kind.columns:
            raise InvalidInput("mapping_column", column=name, known=", ".join(kind.columns))
    key, covered = values.pop("source_key", ()), values.pop("covers_unit", ())
    made = values.pop("make_units", None)
    unknown = set(values) - set(FileMapping.__dataclass_fields__)
    if unknown:
        raise InvalidInput("mapping_field", field=sorted(unknown)[0])
    mapping = FileMapping(
        kind=kind.id,
        columns=columns,
        source_key=key if isinstance(key, str) else tuple(key),
        covers_unit=(covered,) if isinstance(covered, str) else tuple(covered),
        make_units=_make_units(made) if made else None,
        **values,
    )
    return _checked(mapping, kind)


def _right_types(content: Mapping[str, Any]) -> None:
    """Raises InvalidInput("mapping_type") for the first entry of the wrong type."""
    wanted = {"columns": dict, "make_units": dict, "header_row": int}
    wanted |= dict.fromkeys(("source_key", "covers_unit"), (str, list))
    for name, value in content.items():
        right = isinstance(value, wanted.get(name, str)) and not isinstance(value, bool)
        if right and isinstance(value, list):
            right = all(isinstance(one, str) for one in value)
        if not right:
            raise InvalidInput("mapping_type", field=name, value=str(value)[:80])


def _checked(mapping: FileMapping, kind: Kind) -> FileMapping:
    if isinstance(mapping.source_key, str) and mapping.source_key != ROW_NUMBER:
        raise InvalidInput("mapping_source_key", value=mapping.source_key)
    if mapping.source_key and not kind.has_made_key:
        raise InvalidInput("mapping_source_key_fixed", kind=kind.id, key=", ".join(kind.key))
    if mapping.make_units and ("unit" not in kind.columns or kind.key_space != "source"):
        raise InvalidInput("mapping_make_units", kind=kind.id)
    if mapping.decimal not in (".", ",") or mapping.keep not in ("", "lowest") or mapping.header_row < 1:
        raise InvalidInput("mapping_field", field="decimal, keep, header_row")
    try:
        ZoneInfo(mapping.time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput("mapping_time_zone", value=mapping.time_zone) from error
    return mapping


def _source(name: str, body: Any) -> ColumnSource:
    if isinstance(body, str):
        return ColumnSource(column=body)
    known = set(ColumnSource.__dataclass_fields__)
    if not isinstance(body, Mapping) or set(body) - known or not ({"column", "constant"} & set(body)):
        raise InvalidInput("mapping_source", column=name, known=", ".join(sorted(known)))
    values, factor = body.get("values", {}), body.get("factor")
    if not isinstance(values, Mapping) or isinstance(factor, bool | str):
        raise InvalidInput("mapping_type", field=f"{name}: values, factor", value=str(body)[:80])
    texts = {key: str(value) for key, value in body.items() if key not in ("values", "factor")}
    return ColumnSource(
        **texts, values={str(key): str(value) for key, value in values.items()}, factor=factor
    )


def _make_units(body: Any) -> MakeUnits:
    try:
        root = {key: str(value) for key, value in body["root"].items()}
        levels = tuple((str(one["column"]), str(one["level"])) for one in body["levels"])
        order = [LEVELS.index(level) for level in (root["level"], *(level for _, level in levels))]
        complete = {"code", "name", "level"} <= set(root) <= {"code", "name", "name_en", "level"}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput("mapping_field", field="make_units") from error
    if not complete or order != sorted(set(order)):
        raise InvalidInput("mapping_field", field="make_units")
    return MakeUnits(root, levels)


def suggested(kind: Kind, header: Sequence[str]) -> FileMapping:
    """The mapping by header names that the kind recognises, Chinese or English; others are left out."""
    by_name = {name: column.id for column in reversed(kind.columns.values()) for name in column.headers}
    columns: dict[str, ColumnSource] = {}
    for name in header:
        ours = by_name.get(normalised(name))
        if ours and ours not in columns:
            columns[ours] = ColumnSource(column=name)
    return FileMapping(kind=kind.id, columns=columns)


def as_toml(mapping: FileMapping) -> str:
    """The mapping as a TOML text that from_toml reads back to the same."""
    lines = [f"kind = {_text(mapping.kind)}"]
    lines += [
        f"{name} = {_text(getattr(mapping, name))}"
        for name in ("bureau", "covers_unit", "time_zone", "covers", "keep", "sheet")
        if getattr(mapping, name)
    ]
    if mapping.decimal != ".":
        lines.append(f"decimal = {_text(mapping.decimal)}")
    if mapping.header_row != 1:
        lines.append(f"header_row = {mapping.header_row}")
    if mapping.source_key:
        lines.append(f"source_key = {_text(mapping.source_key)}")
    lines += ["", "[columns]", *(f"{name} = {_inline(one)}" for name, one in mapping.columns.items())]
    if mapping.make_units:
        levels = ", ".join(
            f"{{ column = {_text(column)}, level = {_text(level)} }}"
            for column, level in mapping.make_units.levels
        )
        lines += ["", "[make_units]", f"root = {_table(mapping.make_units.root)}", f"levels = [{levels}]"]
    return "\n".join(lines) + "\n"


def _inline(source: ColumnSource) -> str:
    if source == ColumnSource(column=source.column):
        return _text(source.column)
    parts = {
        name: _text(getattr(source, name))
        for name in ("column", "constant", "other", "format")
        if getattr(source, name) is not None
    }
    if source.factor is not None:
        parts["factor"] = repr(source.factor)
    if source.values:
        parts["values"] = _table(source.values)
    return "{ " + ", ".join(f"{name} = {value}" for name, value in parts.items()) + " }"


def _table(values: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{_text(name)} = {_text(value)}" for name, value in values.items()) + " }"


def _text(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_text(one) for one in value) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    shown = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c for c in escaped)
    return f'"{shown}"'
