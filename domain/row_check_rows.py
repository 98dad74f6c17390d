"""Rows of a file while they are checked, what they are compared with, and what is found wrong with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np
import pandas as pd

from domain.rule_sets import RuleVersion


@dataclass(frozen=True)
class Found:
    """The same thing wrong in several rows of one column."""

    rows: np.ndarray  # row numbers as a person counts them
    column: str  # ours
    code: str
    values: list[str]
    expected: str | list[str] = ""  # one for all, or one for each row
    severity: str = "error"


@dataclass(frozen=True)
class Knowledge:
    """What the rows of a file are compared with."""

    now: datetime  # naive UTC
    causes: Collection[str]
    outage_rules: Sequence[RuleVersion]
    served: Mapping[int, int]  # unit -> LV customers of the latest month, with all below
    below_bureaus: Mapping[int, str] = field(default_factory=dict)  # unit below a city bureau -> its code
    zone: tzinfo = UTC  # the company's, in which days begin


@dataclass(frozen=True)
class Rows:
    """Rows of a file: their numbers, their cells as they stand there, and what was read from these.

    Columns are ours, absent ones were not given.
    """

    numbers: np.ndarray
    texts: Mapping[str, pd.Series]
    frame: pd.DataFrame


def found(
    rows: np.ndarray, wrong: object, texts: pd.Series, code: str, column: str, **more: Any
) -> list[Found]:
    """The rows where `wrong` holds, as a list of none or one Found."""
    mask = np.asarray(wrong, dtype=bool)
    if not mask.any():
        return []
    return [Found(rows[mask], column, code, said(texts[mask]), **more)]


def said(texts: pd.Series) -> list[str]:
    """The cells as they stand in the file; '' for empty ones."""
    return texts.astype(object).where(texts.notna(), "").astype(str).tolist()


def after(rows: Rows, first: str, then: str, code: str) -> list[Found]:
    """Rows in which `then` lies before `first`, both as they stand in the file: the reader looks for them."""
    frame = rows.frame
    if first not in frame or then not in frame:
        return []
    wrong = (frame[then] < frame[first]).fillna(False)
    if not wrong.any():
        return []
    expected = [f">= {one}" for one in said(rows.texts[first][np.asarray(wrong)])]
    return found(rows.numbers, wrong, rows.texts[then], code, then, expected=expected)


def error_rows(problems: Iterable[Found]) -> np.ndarray:
    """Numbers of the rows that cannot be taken, each once."""
    rows = [one.rows for one in problems if one.severity == "error"]
    return np.unique(np.concatenate(rows)) if rows else np.empty(0, dtype=np.int64)
