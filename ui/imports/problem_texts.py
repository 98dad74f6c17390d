"""Problem codes as sentences, in the language of the screen."""

from collections.abc import Mapping
from typing import Any

from domain import import_problems
from domain.errors import Problem
from ui.texts import language


def title(code: str) -> str:
    """Short name of a code, for counts; the code itself where a later version made it."""
    return import_problems.title(code, language()) if code in import_problems.texts() else code


def sentence(problem: Mapping[str, Any]) -> str:
    """What is wrong with one cell and what would have been right. problem: the values of a Problem.

    Without the full stop at its end, which in a cell may come to stand alone on a line.
    """
    if problem["code"] not in import_problems.texts():
        return problem["code"]
    return import_problems.sentence(_problem(problem), language()).rstrip("。.")


def value(problem: Mapping[str, Any]) -> str:
    """The value as people read it: what lasted long in days, a level by its name, all others as is."""
    return import_problems.value_in_words(problem["value"], language())


def expected(problem: Mapping[str, Any]) -> str:
    """What would have been right, in words."""
    if problem["code"] not in import_problems.texts():
        return problem["expected"]
    return import_problems.expected(_problem(problem), language())


def _problem(values: Mapping[str, Any]) -> Problem:
    return Problem(values["row"], values["column"], values["value"], values["code"], values["expected"])


def is_warning(code: str) -> bool:
    """Whether rows with it are taken all the same."""
    return code in import_problems.texts() and import_problems.texts()[code].level == "warning"
