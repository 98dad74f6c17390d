"""Texts on screen: English in the code through _(), Chinese from the catalogues in ui/locale/zh_CN.

Each part of the product has its own .po file there; all are read once and merged. The language belongs to
the run of a page: dashboard.py and session.viewer() set it, so that fragments have it too.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

LOCALE = Path(__file__).with_name("locale")
LANGUAGES = ("zh", "en")

_language: ContextVar[str] = ContextVar("language", default="zh")


def use(language: str) -> None:
    """From here on this run speaks `language` (zh or en)."""
    _language.set(language)


def language() -> str:
    """The language of this run."""
    return _language.get()


@cache
def chinese() -> dict[str, str]:
    """Chinese text by English text, of all catalogues together."""
    texts = {}
    for path in sorted((LOCALE / "zh_CN").glob("*.po")):
        with path.open("rb") as file:
            texts |= {one.id: one.string for one in read_po(file, locale="zh_CN") if one.id and one.string}
    return texts


def _(text: str) -> str:
    """The text in the language of this run; English where no translation exists."""
    return chinese().get(text, text) if _language.get() == "zh" else text


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translated later"
    """Marks a text that a table holds and _() translates where it is shown."""
    return text


def counted(one: str, many: str, count: int) -> str:
    """`one` or `many` by count, in the language of this run; Chinese has one form, filed under `many`."""
    return _(many) if _language.get() == "zh" or count != 1 else one


def in_brackets(text: str) -> str:
    """The text in brackets, to be put behind another one: full-width in Chinese."""
    return f"（{text}）" if _language.get() == "zh" else f" ({text})"


def listed(words: Iterable[str]) -> str:
    """Several words beside each other: 甲、乙 or a, b."""
    return ("、" if _language.get() == "zh" else ", ").join(words)


def level_name(level: str) -> str:
    """LV or MV in words."""
    return {"LV": _("LV"), "MV": _("MV")}.get(level, level)


def name_of(thing: Any) -> str:
    """Name of a KPI, measure, org unit or person in the language of this run.

    Units and people carry `name` and an English one that may be empty.
    """
    if hasattr(thing, "name_zh"):
        return thing.name_zh if _language.get() == "zh" else thing.name_en
    return thing.name if _language.get() == "zh" or not thing.name_en else thing.name_en
