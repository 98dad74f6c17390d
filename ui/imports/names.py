"""Names of kinds, columns and states of imports, in the language of the screen."""

from domain.import_kinds import column_name, kinds
from ui.texts import _, language


def kind(name: str) -> str:
    """A kind of file in words."""
    found = kinds().get(name)
    if found is None:
        return name
    return found.name_zh if language() == "zh" else found.name_en


def column(kind_name: str, name: str) -> str:
    """A column of a kind in words; '' is the file itself, anything unknown is the file's own header."""
    return column_name(kind_name, name, language()) if name else _("the file")


def job_state(state: str) -> str:
    """State of a job in words."""
    return {
        "queued": _("waiting to start"),
        "running": _("being checked and taken over"),
        "done": _("taken over"),
        "rejected": _("refused: problems in the file"),
        "failed": _("broken off"),
    }.get(state, state)


def batch_state(state: str) -> str:
    """State of a batch in words."""
    return {"taken": _("taken over"), "undone": _("undone")}.get(state, state)


def origin(name: str) -> str:
    """Where a batch came from."""
    return {"file": _("file"), "form": _("form"), "demo": _("demo company")}.get(name, name)
