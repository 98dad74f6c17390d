"""Targets in a table that somebody pasted: read and judged as a file of the kind `targets` would be."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from domain import kpi_search, pasted, row_check_kinds
from domain.errors import Problem
from domain.import_kinds import kinds
from domain.kpis import catalogue
from domain.mapping import ColumnSource
from domain.row_check_rows import Found, Knowledge, Rows, error_rows
from domain.row_checks import FileReading, typed
from domain.target_state import Target

NEEDED = ("period", "kind", "value")
# Written out: those of the calendar module change with the language of the machine.
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4} | {
    word: number for number, month in enumerate(MONTHS, 1) for word in (month, month[:3])
}
WRITTEN = {  # the number of a month or quarter, and the year
    "month": (
        r"(?P<year>\d{4})\s*[-年/.]\s*(?P<number>\d{1,2})\s*月?",
        r"(?P<number>[a-z]+)\.?\s+(?P<year>\d{4})",
    ),
    "quarter": (
        # Something stands between year and number, or after it: 20261 is a month with a slip, no quarter.
        r"(?P<year>\d{4})\s*(?:[-年/.]\s*[q第]?|[q第])\s*(?P<number>[1-4一二三四])\s*(?:季度?)?",
        r"(?P<year>\d{4})\s*(?P<number>[一二三四])\s*季度?",
        r"q(?P<number>[1-4])\s+(?P<year>\d{4})",
    ),
    "year": (r"(?P<year>\d{4})\s*年度?",),
}
HERE = {"not_a_choice": "not_one_of"}  # there is no mapping here in which a value could be translated
STAY = ("for_below", "source")  # without a column the stored target keeps its own


def columns() -> dict[str, tuple[str, ...]]:
    """The headers of each column, the Chinese one first, as pasted.rows() takes them."""
    found = kinds()["targets"].columns.values()
    return {one.id: (one.zh, one.en, *one.alias) for one in found}


def read(
    text: str, units: Mapping[str, int], otherwise: Mapping[str, str]
) -> tuple[list[Target], list[Problem], tuple[str, ...]]:
    """The targets of the rows without a fault; what is wrong by row (1: the header) and column; what of STAY
    has no column.

    units: code, or a name that only one has, -> id. otherwise: what a column says that is not there, e.g.
    {"kpi": "saidi"}. Raises InvalidInput as pasted.rows() does.
    """
    rows = pasted.rows(text, columns(), NEEDED)
    given = set().union(*rows) | set(otherwise)
    cells = {
        name: pd.Series([row.get(name) or otherwise.get(name, "") for row in rows], dtype="str")
        for name in columns()
        if name in given
    }
    numbers = np.arange(2, len(rows) + 2, dtype=np.int64)
    # No column of the kind is a time, so what now is and where plays no part.
    reading = FileReading(".", ZoneInfo("UTC"), datetime.min, datetime.min.date(), units)
    cells["period"] = pd.Series(
        [period_key(*both) for both in zip(cells["period_kind"], cells["period"], strict=True)], dtype="str"
    )
    frame, found = {}, []
    for name, texts in cells.items():
        frame[name], more = typed(texts, kinds()["targets"].columns[name], ColumnSource(), numbers, reading)
        found += more
    read_ones = pd.DataFrame(frame)
    ids = [kpi_search.id_of(catalogue(), one) if one else None for one in cells["kpi"]]
    read_ones["kpi"] = pd.Series(ids, dtype="str")
    knowledge = Knowledge(datetime.min, (), (), {})
    found += row_check_kinds.checked("targets", Rows(numbers, cells, read_ones), knowledge)
    is_right = ~np.isin(numbers, error_rows(found))
    targets = [_target(row) for row in read_ones[is_right].to_dict("records")]
    twice = _twice(targets, numbers[is_right])
    repeated = {one.row for one in twice}
    kept = [one for one, row in zip(targets, numbers[is_right], strict=True) if row not in repeated]
    problems = sorted([*_problems(found), *twice], key=lambda one: (one.row, one.column))
    return kept, problems, tuple(one for one in STAY if one not in given)


def period_key(kind: str, text: str) -> str:
    """The key of a period that is written as pages and spreadsheets do, e.g. 2026年11月 or 2026/11.

    kind: of the period, in any of its words. What is no period comes back as it is.
    """
    words = kinds()["targets"].columns["period_kind"].choices
    known = {word.casefold(): one for one, several in words.items() for word in (one, *several)}
    kind = known.get(kind.casefold(), "")
    kind = "month" if kind in ("ytd", "12m") else kind
    found = next(filter(None, (re.fullmatch(one, text.lower()) for one in WRITTEN.get(kind, ()))), None)
    if found is None:
        return text
    said = found.groupdict().get("number")
    if said is None:
        return found["year"]
    number = int(said) if said.isdecimal() else NUMBERS.get(said)
    if number is None or not 1 <= number <= 12:
        return text
    return f"{found['year']}-Q{number}" if kind == "quarter" else f"{found['year']}-{number:02d}"


def _target(row: Mapping[str, object]) -> Target:
    source, below = row.get("source"), row.get("for_below")
    return Target(
        kpi=row["kpi"],
        org_unit_id=int(row["unit"]),
        period_kind=row["period_kind"],
        period=row["period"],
        kind=row["kind"],
        value=float(row["value"]),
        for_below=False if pd.isna(below) else bool(below),
        source="" if pd.isna(source) else source,
        version=0,
    )


def _twice(targets: Sequence[Target], numbers: Sequence[int]) -> list[Problem]:
    first: dict[tuple, int] = {}
    problems = []
    for one, row in zip(targets, numbers, strict=True):
        its = (one.kpi, one.org_unit_id, one.period_kind, one.period, one.kind)
        if its in first:
            problems.append(Problem(int(row), "period", one.period, "duplicate_key", str(first[its])))
        first.setdefault(its, int(row))
    return problems


def _problems(found: Sequence[Found]) -> list[Problem]:
    return [
        Problem(int(row), one.column, value, HERE.get(one.code, one.code), right)
        for one in found
        for row, value, right in zip(
            one.rows,
            one.values,
            [one.expected] * len(one.rows) if isinstance(one.expected, str) else one.expected,
            strict=True,
        )
    ]
