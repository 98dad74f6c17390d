"""An error as the command line says it: the sentence of the page, and which thing it speaks of."""

from data_access import reasons
from domain import error_texts, errors
from domain.errors import DashboardError


def sentence(error: DashboardError, language: str = "") -> str:
    """What went wrong, ending in a full stop; language is zh or en, '' that of the terminal.

    Whoever typed a code sees it again; a page does not show it, as it chose from a list.
    """
    spoken = language or reasons.language()
    text = error_texts.sentence(error, spoken)
    if isinstance(error, errors.Coded | errors.CannotBeUndone | errors.FileRejected) or not error.args:
        return text
    about = ", ".join(str(one) for one in error.args)
    return f"{text[:-1]}（{about}）。" if spoken == "zh" else f"{text[:-1]} ({about})."
