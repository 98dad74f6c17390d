"""What is wrong with a file, as sentences, for the command line and the page alike."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.errors import Problem
from domain.import_kinds import kinds

CATALOGUE = Path(__file__).with_name("import_problems.toml")


@dataclass(frozen=True)
class ProblemText:
    """How a code is said. level: file (nothing could be read), row (an error) or warning."""

    level: str
    title_zh: str
    title_en: str
    zh: str
    en: str
    expected_zh: str = ""
    expected_en: str = ""


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
    return (text.zh if language == "zh" else text.en).format(
        row=problem.row,
        column=problem.column,
        value=value_in_words(problem.value, language),
        expected=expected(problem, language),
        limit=_limit(problem.expected),
    )


def expected(problem: Problem, language: str) -> str:
    """What would have been right, in words: a condition as a person says it, the choices by their names."""
    text = texts()[problem.code]
    words = text.expected_zh if language == "zh" else text.expected_en
    if words:
        return words.format(limit=_limit(problem.expected))
    for kind in kinds().values():
        for column in kind.columns.values():
            if column.choices and problem.expected == ", ".join(column.choices):
                return column.choice_words(language)
    below = " 低于 " if language == "zh" else " below "
    return problem.expected.replace(" < ", below) if problem.code == "level_order" else problem.expected


def _limit(condition: str) -> str:
    """The number of a condition such as "<= 30 d", with grouped thousands."""
    found = re.search(r"-?\d+(?:\.\d+)?", condition)
    return f"{float(found[0]):,.10g}" if found else condition


def value_in_words(value: str, language: str) -> str:
    """The value as the file says it; a time that something lasted in days, a level by its name."""
    minutes = re.fullmatch(r"(\d+) min", value)
    if minutes:
        days = f"{int(minutes[1]) / 1440:,.1f}"
        return f"{days} 天" if language == "zh" else f"{days} days"
    levels = kinds()["units"].columns["level"].choices
    return levels[value][0] if language == "zh" and value in levels else value


def line(problem: Problem, language: str) -> str:
    """The sentence with its place: row 12, 停电户数: ..."""
    said = sentence(problem, language)
    if texts()[problem.code].level == "file":
        return said
    if language == "zh":
        return f"第 {problem.row} 行" + (f"，{problem.column}" if problem.column else "") + f"：{said}"
    return f"Row {problem.row}" + (f", {problem.column}" if problem.column else "") + f": {said}"
