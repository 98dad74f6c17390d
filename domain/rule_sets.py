"""Versions of a rule set: which one judges an event of a day."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput

FOLDER = Path(__file__).with_name("rules")
BEGINNING = date(1900, 1, 1)
OF_NO_FIGURE = ("measures", "retention")  # another version changes no figure
OPERATORS = (">", ">=", "<", "<=")


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


def completed(body: Mapping[str, Any], shipped: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the shipped value of every key that it lacks, in its sections too."""
    found = {**shipped, **body}
    for key, value in shipped.items():
        if isinstance(value, Mapping) and isinstance(found[key], Mapping):
            found[key] = completed(found[key], value)
    return found


def version_on(versions: Sequence[RuleVersion], day: date) -> RuleVersion:
    """The version that judges an event of the day; versions in any order."""
    return max(
        (one for one in versions if one.valid_from <= day), key=lambda one: (one.valid_from, one.version)
    )


def versions_between(versions: Sequence[RuleVersion], first: date, last: date) -> tuple[RuleVersion, ...]:
    """The versions that judge the events of these days, oldest first; several where rules changed."""
    days = [first, *(one.valid_from for one in versions if first < one.valid_from <= last)]
    found = {one.version: one for one in (version_on(versions, day) for day in sorted(days))}
    return tuple(found.values())


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


def check_shape(body: Mapping[str, Any], shape: Mapping[str, Any], path: str = "") -> None:
    """Raises InvalidInput unless body has the keys and types of shape.

    "rule_line_missing" and "rule_field" carry field and expected, "rule_line_unknown" the field.
    A whole number will do where shape has a decimal one, not the other way round.
    """
    for key in [*shape, *(key for key in body if key not in shape)]:
        field = f"{path}{key}"
        if key not in shape:
            raise InvalidInput("rule_line_unknown", field=field)
        if key not in body:
            raise InvalidInput("rule_line_missing", field=field, expected=_kind(shape[key]))
        _check_value(key, field, body[key], shape[key])


def _check_value(key: str, field: str, value: Any, like: Any) -> None:
    if isinstance(value, Mapping) and isinstance(like, Mapping):
        check_shape(value, like, f"{field}.")
    elif key == "operator" and value not in OPERATORS:
        raise InvalidInput("rule_field", field=field, expected=" ".join(OPERATORS))
    elif isinstance(value, list) and isinstance(like, list):
        for one in value:
            _check_value("", field, one, like[0])
    elif (
        _kind(value) not in {_kind(like), "int"}
        or (_kind(value) == "int" and _kind(like) not in ("int", "float"))
        or (isinstance(value, float) and not isfinite(value))
    ):
        raise InvalidInput("rule_field", field=field, expected=_kind(like))
    elif key == "days" and _kind(value) == "int" and value < 1:
        raise InvalidInput("rule_field", field=field, expected=">= 1")


def _kind(value: Any) -> str:
    return "table" if isinstance(value, Mapping) else type(value).__name__


def changes(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> dict[str, list[Any]]:
    """{key with its section: [value before, value after]} of two bodies of one shape, what differs only."""
    found: dict[str, list[Any]] = {}
    for key, value in after.items():
        if isinstance(value, Mapping):
            found |= changes(before.get(key, {}), value, f"{path}{key}.")
        elif before.get(key) != value:
            found[f"{path}{key}"] = [before.get(key), value]
    return found
