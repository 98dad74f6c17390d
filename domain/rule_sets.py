"""Versions of a rule set: which one judges an event of a day."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("rules")
BEGINNING = date(1900, 1, 1)


@dataclass(frozen=True)
class RuleVersion:
    """One published version; it judges events from valid_from until the next version's valid_from."""

    rule_set: str
    version: int
    valid_from: date
    body: Mapping[str, Any]


@cache
def first_version(rule_set: str) -> RuleVersion:
    """Version 1 as it ships, in domain/rules."""
    text = (FOLDER / f"{rule_set}.toml").read_text(encoding="utf-8")
    return RuleVersion(rule_set, 1, BEGINNING, tomllib.loads(text))


def names() -> tuple[str, ...]:
    """All rule sets that exist."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def version_on(versions: Sequence[RuleVersion], day: date) -> RuleVersion:
    """The version that judges an event of the day; versions in any order."""
    return max(
        (one for one in versions if one.valid_from <= day), key=lambda one: (one.valid_from, one.version)
    )


def cause_codes(causes: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Code by every word for a cause, without case: its code and its Chinese and English name.

    causes is the body of rule set causes. A code is itself, whatever another cause is called.
    """
    named = {one[name].casefold(): code for code, one in causes.items() for name in ("name_zh", "name_en")}
    return named | {code.casefold(): code for code in causes}


def holds(values: Any, operator: str, limit: float) -> Any:
    """Where `values operator limit` is true; values may be one number, an array or a column.

    The trade's documents say both "more than 3" and "3 or more", so rule sets name the operator.
    """
    return {">": values > limit, ">=": values >= limit, "<": values < limit, "<=": values <= limit}[operator]
