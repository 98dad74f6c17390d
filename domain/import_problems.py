"""What is wrong with a file, as sentences, for the command line and the page alike."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.errors import Problem

CATALOGUE = Path(__file__).with_name("import_problems.toml")


@dataclass(frozen=True)
class ProblemText:
    """How a code is said. level: file (nothing could be read), row (an error) or warning."""

    level: str
    title_zh: str
    title_en: str
    zh: str
    en: str


@cache
def texts() -> Mapping[str, ProblemText]:
    """Every problem code with its words."""
    content = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {code: ProblemText(**entry) for code, entry in content.items()}


def title(code: str, language: str) -> str:
    """Short name of a code, for counts. language is zh or en."""
    text = texts()[code]
    return text.title_zh if language == "zh" else text.title_en


def sentence(problem: Problem, language: str) -> str:
    """What is wrong with the cell and what would have been right; without row and column."""
    text = texts()[problem.code]
    template = text.zh if language == "zh" else text.en
    return template.format(
        row=problem.row, column=problem.column, value=problem.value, expected=problem.expected
    )


def line(problem: Problem, language: str) -> str:
    """The sentence with its place: row 12, 停电户数: ..."""
    said = sentence(problem, language)
    if texts()[problem.code].level == "file":
        return said
    place = f"第 {problem.row} 行" if language == "zh" else f"Row {problem.row}"
    column = (f",{problem.column}" if language == "zh" else f", {problem.column}") if problem.column else ""
    return f"{place}{column}:{said}" if language == "zh" else f"{place}{column}: {said}"
