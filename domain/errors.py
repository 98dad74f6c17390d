"""What can go wrong at the screen and can be put right there.

Everything else is our bug and rises to the log with its traceback. The sentence a person reads is made
from these values in ui/messages.py, in Chinese or English.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class DashboardError(Exception):
    """Something the person at the screen can put right."""


class NotFound(DashboardError):
    """Absent, or outside the viewer's units: deliberately the same."""


class NotAllowed(DashboardError):
    """The role may not do this."""


class StepNotAllowed(DashboardError):
    """A step that the present state does not lead to, e.g. undoing a batch twice."""


class ChangedByOthers(DashboardError):
    """The row's version moved on since it was shown."""


class CannotBeUndone(DashboardError):
    """Later work stands in the way; carries its rows.

    reason: "referred" to by them are rows that would vanish; "counted_twice" would be customers served that
    they give and that would hold again.
    """

    def __init__(self, references: list[str], reason: str = "referred"):
        super().__init__(f"{reason} by {len(references)} rows")
        self.references = references
        self.reason = reason


class Busy(DashboardError):
    """Another process holds what this needs, e.g. the refresh lease; carries who and until when."""


class WrongDatabase(DashboardError):
    """The database is not the kind that this act needs, e.g. real rows into a demo database."""


class InvalidInput(DashboardError):
    """A choice that cannot be carried out; carries a code for ui/messages.py and its values."""

    def __init__(self, code: str, /, **values: object):
        super().__init__(f"{code} {values}" if values else code)
        self.code = code
        self.values = values


def as_values(error: DashboardError) -> dict[str, object]:
    """What from_values() makes the error from again; for JSON, so that another process can say it."""
    if isinstance(error, InvalidInput):
        return {
            "error": "InvalidInput",
            "code": error.code,
            "values": {name: str(one) for name, one in error.values.items()},
        }
    if isinstance(error, CannotBeUndone):
        return {"error": "CannotBeUndone", "references": error.references, "reason": error.reason}
    return {"error": type(error).__name__}


def from_values(values: Mapping[str, Any]) -> DashboardError | None:
    """The error that as_values() was given; None for what is none of ours."""
    kind = globals().get(values.get("error", ""))
    if kind is InvalidInput:
        return InvalidInput(values["code"], **values["values"])
    if kind is CannotBeUndone:
        return CannotBeUndone(values["references"], values.get("reason", "referred"))
    return kind() if isinstance(kind, type) and issubclass(kind, DashboardError) else None


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one cell of a file.

    row counts as a person counts in a spreadsheet: 1 is the header line; 0 is the file itself.
    code names the sentence in ui/messages.py; expected is what would have been right.
    """

    row: int
    column: str
    value: str
    code: str
    expected: str = ""
    severity: str = "error"  # "error": the row cannot be taken; "warning": taken and listed


@dataclass
class FileRejected(DashboardError):
    """Carries the problems, the first 1,000 in full, and how many there are of each (column, code)."""

    problems: list[Problem]
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def __str__(self) -> str:
        return "; ".join(f"{p.row}/{p.column}: {p.code} {p.value!r}" for p in self.problems[:5])
