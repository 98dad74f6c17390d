"""What an act in the audit log was about, as people read it."""

import re

from ui import filters, rule_texts
from ui import format as fmt
from ui.audit_log import words
from ui.imports import names
from ui.texts import _, in_brackets


def subject(action: str, text: str) -> str:
    """What an act was about, in words; as it was written down where there are none."""
    first, _space, rest = text.partition(" ")
    if action in ("import.file", "import.form", "import.demo"):
        return f"{names.kind(first)} {rest}".strip()
    if action == "import.undo" and (found := re.fullmatch(r"batch (\d+) (\w+)", text)):
        return _("batch {number}: {kind}").format(number=found[1], kind=names.kind(found[2]))
    if action.startswith("warnings.") and (found := re.search(r"\d+$", text)):
        return _("{n} warnings").format(n=fmt.number(int(found[0])))
    if action in ("reset_baseline", "set_med_threshold"):
        return words.kpi_name(text.partition(" at unit ")[0])
    if action == "rules.publish":
        return rule_texts.set_name(text)
    if action == "purge":
        return _(words.KEPT[text]) if text in words.KEPT else text
    if action == "refused":
        asked = _(words.ASKED[rest]) if rest in words.ASKED else words.act_name(rest)
        return (
            _("{page}: {asked}").format(page=words.page_name(first), asked=asked)
            if rest
            else words.page_name(first)
        )
    if action == "export":
        return _exported(first, rest)
    if action in ("targets.set", "targets.remove"):
        return words.target(text)
    if action == "targets.set_many":
        return _("{n} targets").format(n=first)
    if action in ("rectifications.hand_over_all", "rectifications.import"):
        return _("{n} rectification items").format(n=first)
    if action.startswith("rectifications."):
        return words.about(text)
    if first in ("person", "people:"):
        return _("person no. {n}").format(n=rest) if first == "person" else _("{n} people").format(n=rest)
    if action.startswith("views.") and (found := re.fullmatch(r"view (\d+)", text)):
        return _("own view no. {n}").format(n=found[1])
    if action == "unmask":
        return _("{n} names").format(n=rest)
    return text


def _exported(what: str, rest: str) -> str:
    kinds = {
        "records": _("records"),
        "left_out": _("rows left out"),
        "problems": _("problems of a file"),
        "audit_log": _("audit log"),
        "evidence": _("evidence file"),
        "rectifications": _("rectification items"),
        "equipment": _("register of customer equipment"),
        "passed_faults": _("faults passed to the grid, by customer"),
        "damage_sites": _("external-damage sites"),
    }
    parts = rest.split(" ", 1)
    if what == "records" and (found := re.fullmatch(r"(\S+) \S+ (\w+)-([\dQ-]+)", rest)):
        kind = filters.period_name(found[2]) if found[2] in filters.PERIODS else found[2]
        parts = [
            words.kpi_name(found[1]),
            found[3] + (in_brackets(kind) if kind != filters.period_name("month") else ""),
        ]
    elif what in ("left_out", "problems"):
        parts[0] = names.kind(parts[0])
    return " ".join((kinds.get(what, what), *parts)).strip()
