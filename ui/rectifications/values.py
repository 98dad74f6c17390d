"""What is chosen of an item, in words: object, level, measure, who found it, causes, files."""

from collections.abc import Mapping
from typing import Any

from ui import format as fmt
from ui import rectification_words
from ui.texts import _, language

Kinds = Mapping[str, Mapping[str, Any]]  # body of rule set measures


def object_kind(code: str) -> str:
    """What the item is about."""
    return {"line": _("Line"), "area": _("Area"), "equipment": _("Customer equipment")}[code]


def level(number: int) -> str:
    """How grave it is."""
    return {1: _("high"), 2: _("medium"), 3: _("low")}.get(number, str(number))


def measure_type(code: str) -> str:
    """The type of a measure."""
    return rectification_words.measure_type(code) or fmt.MISSING


def measure_kind(code: str, kinds: Kinds) -> str:
    """The kind of a measure, as its rule set calls it."""
    if code not in kinds:
        return code or fmt.MISSING
    return str(kinds[code]["name_zh" if language() == "zh" else "name_en"])


def stage(code: str) -> str:
    """When a file was made."""
    return {"before": _("before the works"), "after": _("after the works"), "other": _("other")}[code]


def found_by(code: str) -> str:
    """How it came to be known; a text of another source as it is."""
    return {
        "rules": _("risk rules"),
        "patrol": _("patrol"),
        "inspection": _("inspection"),
        "complaint": _("complaint"),
        "relapse": _("relapse of an earlier item"),
        "other": _("other"),
    }.get(code, code)


def cause_group(code: str) -> str:
    """How causes of outages are pooled, as rule set causes does it."""
    return {
        "arranged": _("arranged outages"),
        "equipment": _("equipment"),
        "weather": _("weather"),
        "external": _("external damage"),
        "tree": _("trees"),
        "animal": _("animals"),
        "customer": _("customer's equipment"),
        "operation": _("operation"),
        "upstream": _("upstream grid"),
        "unknown": _("unknown cause"),
    }.get(code, code)
