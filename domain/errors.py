"""What can go wrong at the screen and can be put right there.

Everything else is our bug and rises to the log with its traceback. The sentence a person reads is made
from these values in error_texts.py, in Chinese or English.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class DashboardError(Exception):
    """Something the person at the screen can put right."""


class NotFound(DashboardError):
    """Absent, or outside the viewer's units: deliberately the same."""


class Coded(DashboardError):
    """Carries a code for error_texts.toml and the values of its sentence."""

    def __init__(self, code: str, /, **values: object):
        super().__init__(f"{code} {values}" if values else code)
        self.code = code
        self.values = values


class StepNotAllowed(Coded):
    """A step that the present state does not lead to, e.g. undoing a batch twice."""


class NotAllowed(Coded):
    """The role may not do this; the code is the act, or why it may not."""


class SignInNeeded(Coded):
    """Nobody is signed in, the sign-in is over, or the rights were asked too long ago; the code says which.

    not_signed_in | expired | too_old | not_known | not_verified, and what a sign-in came to:
    sign_in_refused | sign_in_failed | sign_in_broken_off
    """


class ChangedByOthers(DashboardError):
    """The row's version moved on since it was shown.

    mine: what was to be stored; theirs: what is stored now; both by column, to be shown side by side. None of
    one: the row was to be removed, or is gone. seen: what a form hands on to store mine over theirs, where
    that is no column.
    """

    def __init__(
        self,
        *about: object,
        mine: Mapping[str, Any] | None = None,
        theirs: Mapping[str, Any] | None = None,
        seen: Any = None,
    ):
        super().__init__(*about)
        self.mine = mine or {}
        self.theirs = theirs or {}
        self.seen = seen


class CannotBeUndone(DashboardError):
    """Later work stands in the way; carries its rows, and the batches to be undone first.

    reason: "referred" to by the rows is what would vanish; "counted_twice" would be the customers served that
    they give and that would hold again.
    """

    def __init__(self, references: list[str], batches: Sequence[int] = (), reason: str = "referred"):
        super().__init__(f"{reason} by {len(references)} rows")
        self.references = references
        self.batches = tuple(batches)
        self.reason = reason


class Busy(DashboardError):
    """Another process holds what this needs, e.g. the refresh lease; carries who and until when."""


class WrongDatabase(Coded):
    """The database is not the kind that this act needs, e.g. real rows into a demo database."""


class InvalidInput(Coded):
    """A choice that cannot be carried out."""


def as_values(error: DashboardError) -> dict[str, object]:
    """What from_values() makes the error from again; for JSON, so that another process can say it."""
    if isinstance(error, Coded):
        return {
            "error": type(error).__name__,
            "code": error.code,
            "values": {name: str(one) for name, one in error.values.items()},
        }
    if isinstance(error, CannotBeUndone):
        return {
            "error": "CannotBeUndone",
            "references": error.references,
            "batches": list(error.batches),
            "reason": error.reason,
        }
    return {"error": type(error).__name__}


def from_values(values: Mapping[str, Any]) -> DashboardError | None:
    """The error that as_values() was given; None for what is none of ours."""
    kind = globals().get(values.get("error", ""))
    if not (isinstance(kind, type) and issubclass(kind, DashboardError)):
        return None
    if issubclass(kind, Coded):
        return kind(values.get("code", kind.__name__), **values.get("values", {}))
    if kind is CannotBeUndone:
        return CannotBeUndone(
            values["references"], values.get("batches", ()), values.get("reason", "referred")
        )
    return kind()


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one cell of a file.

    row counts as a person counts in a spreadsheet: 1 is the header line; 0 is the file itself.
    code names the sentence in import_problems.toml; expected is what would have been right.
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
