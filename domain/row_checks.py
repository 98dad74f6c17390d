"""Texts of a file -> typed columns, with everything that is wrong on the way. Whole columns at a time.

A value that is wrong becomes missing in the typed column, and its row is named in a Found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from domain import personal
from domain import row_check_numbers as read_numbers
from domain import row_check_times as times
from domain.import_kinds import LARGEST_INT, KindColumn
from domain.mapping import ColumnSource
from domain.row_check_rows import Found, found

# What a spreadsheet would run when somebody opens a list that carries it.
FORMULA = r"^(?:[=@]|[+-][^0-9.]*\()"
TRUE = {"1", "true", "yes", "y", "t", "是", "有", "成功", "√"}
FALSE = {"0", "false", "no", "n", "f", "否", "无", "不成功", "失败", "×"}


@dataclass(frozen=True)
class FileReading:
    """How the texts of a file are read: its decimal sign and time zone, and what now is."""

    decimal: str
    zone: ZoneInfo
    now: datetime  # naive UTC
    today: date  # in the company's zone
    units: Mapping[str, int]  # code, or a name that only one unit has, -> id
    causes: Mapping[str, str] = field(default_factory=dict)  # code or name, without case, -> code


def cleaned(texts: pd.Series) -> pd.Series:
    """Texts without blanks around them; empty ones missing. Numbers and times stay as they are."""
    if not pd.api.types.is_string_dtype(texts) or texts.dtype == object:
        return texts
    stripped = texts.str.strip()
    return stripped.where(stripped != "")


def by_value(texts: pd.Series, meaning: Callable[[str], object]) -> np.ndarray:
    """meaning(text) of each text, worked out once per different text; None for missing ones."""
    codes, uniques = pd.factorize(texts)
    table = np.empty(len(uniques) + 1, dtype=object)
    table[:-1] = [meaning(one) for one in uniques]
    table[-1] = None
    return table[codes]


def translated(texts: pd.Series, source: ColumnSource) -> pd.Series:
    """Texts with the mapping's values applied; `other` for what it does not name."""
    if not source.values and source.other is None:
        return texts

    def meaning(text: str) -> str:
        return source.values.get(text, text if source.other is None else source.other)

    result = pd.Series(by_value(texts, meaning), index=texts.index, dtype="str")
    # A blank is translated only when the mapping names it.
    return result.fillna(source.values[""]) if "" in source.values else result


def typed(
    texts: pd.Series, column: KindColumn, source: ColumnSource, rows: np.ndarray, reading: FileReading
) -> tuple[pd.Series, list[Found]]:
    """The column in its type, and what is wrong with it."""
    texts = translated(cleaned(texts), source)
    missing = texts.isna()
    problems = found(rows, missing, texts, "missing_value", column.id) if column.required else []
    if missing.all():
        return pd.Series([None] * len(texts), index=texts.index, dtype=_EMPTY[column.type]), problems
    values, more = _READERS[column.type](texts, column, source, rows, reading)
    return values, problems + more


def _texts(
    texts: pd.Series, column: KindColumn, _source: ColumnSource, rows: np.ndarray, _reading: FileReading
) -> tuple[pd.Series, list[Found]]:
    texts = texts.astype("str")
    formula = texts.str.contains(FORMULA, na=False)
    problems = found(rows, formula, texts, "formula", column.id)
    if column.personal:  # never take a mask for the name, as of rows that were left out of an earlier file
        problems += found(rows, texts.map(personal.is_masked), texts, "masked_value", column.id)
    if column.max:
        long = (texts.str.len() > column.max).fillna(False)
        start = texts.str.slice(0, 200)
        problems += found(rows, long, start, "too_long", column.id, expected=str(column.max))
    return texts, problems


def _numbers(
    texts: pd.Series, column: KindColumn, source: ColumnSource, rows: np.ndarray, reading: FileReading
) -> tuple[pd.Series, list[Found]]:
    whole = column.type == "int"
    if pd.api.types.is_numeric_dtype(texts):
        numbers, wrong = texts.astype("Float64"), np.zeros(len(texts), dtype=bool)
    else:
        numbers, wrong = read_numbers.numbers(texts, reading.decimal)
    problems = found(rows, wrong, texts, "not_a_number", column.id)
    if source.factor is not None:
        numbers = numbers * source.factor
        numbers = numbers.round() if whole else numbers
    if whole and not pd.api.types.is_integer_dtype(numbers):
        broken = ((numbers % 1) != 0).fillna(False) | (numbers.abs() >= LARGEST_INT).fillna(False)
        problems += found(rows, broken, texts, "not_whole", column.id)
        numbers = numbers.where(~broken)
    numbers = numbers.astype("Int64" if whole else "Float64")
    if column.decimals is not None:  # the same on every database, whatever it does with further places
        numbers = numbers.round(column.decimals)
    for limit, sign, code in ((column.min, -1, "too_small"), (column.max_value, 1, "too_large")):
        if limit is not None:
            beyond = (numbers * sign > limit * sign).fillna(False)
            expected = f"{'<=' if sign > 0 else '>='} {limit:g}"
            problems += found(rows, beyond, texts, code, column.id, expected=expected)
    return numbers, problems


def _times(
    texts: pd.Series, column: KindColumn, source: ColumnSource, rows: np.ndarray, reading: FileReading
) -> tuple[pd.Series, list[Found]]:
    values, wrong, skipped, repeated = times.utc_times(texts, source.format, reading.zone)
    problems = found(
        rows, wrong, texts, "not_a_time", column.id, expected=source.format or "2024-01-31 08:00:00"
    )
    zone = str(reading.zone)
    problems += found(rows, skipped, texts, "nonexistent_time", column.id, expected=zone)
    problems += found(rows, repeated, texts, "ambiguous_time", column.id, expected=zone, severity="warning")
    if column.past:
        future = (values > pd.Timestamp(reading.now)).fillna(False)
        now = reading.now.replace(tzinfo=UTC).astimezone(reading.zone)  # as the file's own times
        problems += found(
            rows, future, texts, "in_future", column.id, expected=f"<= {now:%Y-%m-%d %H:%M} ({zone})"
        )
    return values, problems


def _dates(
    texts: pd.Series, column: KindColumn, source: ColumnSource, rows: np.ndarray, reading: FileReading
) -> tuple[pd.Series, list[Found]]:
    is_month = column.type == "month"
    if is_month:
        values, wrong = times.months(texts, source.format)
    else:
        values, wrong = times.dates(texts, source.format, times.OLDEST if column.old else times.FIRST)
    code, example = ("not_a_month", "2024-01") if is_month else ("not_a_date", "2024-01-31")
    problems = found(rows, wrong, texts, code, column.id, expected=source.format or example)
    odd = (values < times.FIRST).fillna(False)
    problems += found(rows, odd, texts, "long_ago", column.id, expected=">= 1950", severity="warning")
    if column.past:
        future = (values > pd.Timestamp(reading.today)).fillna(False)
        problems += found(rows, future, texts, "in_future", column.id, expected=f"<= {reading.today}")
    return values, problems


def _booleans(
    texts: pd.Series, column: KindColumn, _source: ColumnSource, rows: np.ndarray, _reading: FileReading
) -> tuple[pd.Series, list[Found]]:
    if pd.api.types.is_bool_dtype(texts):
        return texts.astype("boolean"), []

    def meaning(text: object) -> bool | None:
        word = str(text).casefold()
        return True if word in TRUE else False if word in FALSE else None

    values = pd.Series(by_value(texts, meaning), index=texts.index, dtype="boolean")
    wrong = texts.notna() & values.isna()
    return values, found(rows, wrong, texts, "not_a_bool", column.id, expected="true, false, 是, 否")


def _choices(
    texts: pd.Series, column: KindColumn, _source: ColumnSource, rows: np.ndarray, _reading: FileReading
) -> tuple[pd.Series, list[Found]]:
    words = {word.casefold(): choice for choice, names in column.choices.items() for word in (choice, *names)}
    values = pd.Series(
        by_value(texts, lambda text: words.get(str(text).casefold())), index=texts.index, dtype="str"
    )
    wrong = texts.notna() & values.isna()
    return values, found(rows, wrong, texts, "not_a_choice", column.id, expected=", ".join(column.choices))


def _units(
    texts: pd.Series, column: KindColumn, _source: ColumnSource, rows: np.ndarray, reading: FileReading
) -> tuple[pd.Series, list[Found]]:
    values = pd.Series(
        by_value(texts, lambda text: reading.units.get(str(text))), index=texts.index, dtype="Int64"
    )
    wrong = texts.notna() & values.isna()
    return values, found(rows, wrong, texts, "unknown_unit", column.id)


def _causes(
    texts: pd.Series, column: KindColumn, source: ColumnSource, rows: np.ndarray, reading: FileReading
) -> tuple[pd.Series, list[Found]]:
    """Codes of the causes, by code or name; anything else stays, and the checks of the kind name it."""
    codes = by_value(texts, lambda text: reading.causes.get(str(text).casefold(), text))
    return _texts(pd.Series(codes, index=texts.index, dtype="str"), column, source, rows, reading)


_READERS = {
    "key": _texts,
    "text": _texts,
    "reference": _texts,
    "int": _numbers,
    "decimal": _numbers,
    "datetime": _times,
    "date": _dates,
    "month": _dates,
    "bool": _booleans,
    "choice": _choices,
    "unit": _units,
    "cause": _causes,
}
_EMPTY = (
    dict.fromkeys(("key", "text", "reference", "choice", "cause"), "str")
    | dict.fromkeys(("datetime", "date", "month"), "datetime64[us]")
    | {"int": "Int64", "unit": "Int64", "decimal": "Float64", "bool": "boolean"}
)
