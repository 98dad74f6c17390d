"""An error as an English sentence for the command line; pages make theirs, zh and en, in ui/messages.py."""

from domain import errors
from domain.errors import DashboardError

CANNOT_BE_UNDONE = {
    "referred": "Cannot be undone: later work refers to rows that would vanish",
    "counted_twice": "Cannot be undone: customers of a month would hold for a unit and one above it, or from "
    "two sources, and be counted twice. First take back or correct the later imports (#) in the way",
}

PLAIN = {
    errors.NotFound: "Not found, or outside the units that you may see",
    errors.NotAllowed: "Your role does not allow this",
    errors.StepNotAllowed: "The present state does not lead there",
    errors.ChangedByOthers: "Somebody else changed this meanwhile; look at it again",
    errors.Busy: "Another process is at work on this",
    errors.WrongDatabase: "This is not the right database for it",
}


def sentence(error: DashboardError) -> str:
    """What went wrong, with the values that the error carries, ending in a full stop."""
    if isinstance(error, errors.FileRejected):
        return _problems(error)
    if isinstance(error, errors.CannotBeUndone):
        text = f"{CANNOT_BE_UNDONE[error.reason]}: {', '.join(error.references[:20])}"
    elif isinstance(error, errors.InvalidInput):
        values = ", ".join(f"{name} = {value}" for name, value in error.values.items())
        text = f"Not valid: {error.code.replace('_', ' ')}" + (f" ({values})" if values else "")
    else:
        text = PLAIN.get(type(error), type(error).__name__)
        if error.args:
            text += ": " + ", ".join(str(one) for one in error.args)
    return text if text.endswith(".") else text + "."


def _problems(error: errors.FileRejected) -> str:
    """Every kind of problem with its number, then the first rows in full."""
    counts = [f"  {count} x {column}: {code}" for (column, code), count in sorted(error.counts.items())]
    rows = [
        f"  row {one.row}, {one.column}: {one.code}, got {one.value!r}"
        + (f", expected {one.expected}" if one.expected else "")
        for one in error.problems[:20]
    ]
    return "\n".join(["The file was rejected; nothing changed.", *counts, *rows])
