"""An error as a sentence, in Chinese or English, for the command line and the page alike."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from domain import errors, referrers
from domain.errors import DashboardError

CATALOGUE = Path(__file__).with_name("error_texts.toml")


@cache
def texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The words by section (errors, words), name and language."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def say(code: str, language: str, /, **values: object) -> str:
    """The sentence of a code with its values; one that was not given shows as a dash and breaks nothing.

    A value may be given by language, {"zh": ..., "en": ...}.
    """
    words = texts()["words"]
    given = {name: str(one[language] if isinstance(one, Mapping) else one) for name, one in values.items()}
    said = {name: words[one][language] if one in words else one for name, one in given.items()}
    return texts()["errors"][code][language].format_map(_Known(said))


def sentence(error: DashboardError, language: str) -> str:
    """What went wrong and what to do, as one or a few sentences. language is zh or en.

    Absent and foreign sound the same, so that nobody learns what exists elsewhere.
    """
    if isinstance(error, errors.CannotBeUndone):
        return _cannot_be_undone(error, language)
    if isinstance(error, errors.FileRejected):
        count = sum(error.counts.values()) or len(error.problems)
        return say("one_problem" if count == 1 else "FileRejected", language, n=count)
    kind = next(one.__name__ for one in type(error).__mro__ if one.__name__ in texts()["errors"])
    if not isinstance(error, errors.Coded):
        return say(kind, language)
    if error.code in texts()["errors"]:
        return say(error.code, language, **error.values)
    return say(kind, language, code=error.code.replace("_", " "))


def _cannot_be_undone(error: errors.CannotBeUndone, language: str) -> str:
    rows = referrers.summary(error.references, language)
    newest_first = sorted(error.batches, reverse=True)
    batches = ("、" if language == "zh" else ", ").join(str(one) for one in newest_first)
    if error.reason == "counted_twice":
        return say("undo_counts_twice", language, rows=rows, batches=batches)
    code = ("CannotBeUndone", "undo_one_first")[len(newest_first)] if len(newest_first) < 2 else "undo_first"
    return say(code, language, rows=rows, batches=batches)


class _Known(dict):
    def __missing__(self, key: str) -> str:
        return "—"
