"""What an audit row says, in words: its subject, and what was before and after, field by field."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pandas as pd

from domain import target_state
from domain.kpis import catalogue
from domain.viewer import MAY
from ui import filters, rectification_words, rule_texts, shell
from ui import format as fmt
from ui.audit_log.fields import FIELDS, PEOPLE_BY_NUMBER
from ui.targets import words as target_words
from ui.texts import N_, _, in_brackets, level_name, listed, name_of

ITEM = re.compile(r"(R\d{4}-\d{4,}) \S+")  # domain.rectifications.subject()
LONGEST = 400  # signs of one value; a bulk act names thousands of keys
PARAMETERS = {  # of an address
    "compare": N_("Compare with"),
    "end": N_("last month"),
    "kpi": N_("indicator"),
    "period": N_("kind of period"),
    "unit": N_("unit"),
}
PAGES = {
    "overview": N_("Overview"),
    "detail": N_("KPI detail"),
    "reliability": N_("Reliability"),
    "definitions": N_("Definitions"),
    "today": N_("Today"),
    "rectifications": N_("Rectifications"),
    "customer_equipment": N_("Equipment and damage"),
    "targets": N_("Targets"),
    "people": N_("People"),
    "imports": N_("Imports"),
    "records": N_("Records"),
    "audit_log": N_("Audit log"),
}
ACTS = {
    "import": N_("import files"),
    "undo": N_("undo imports"),
    "edit_records": N_("enter records"),
    "edit_rules": N_("publish rules"),
    "reset_baseline": N_("set limits anew"),
    "edit_targets": N_("set targets"),
    "edit_people": N_("manage people"),
    "edit_shared_views": N_("delete shared views"),
    "edit_rectifications": N_("make, assign and cancel rectification items"),
    "work_on_rectifications": N_("report on rectification items"),
    "approve_extensions": N_("decide on extensions"),
    "verify_rectifications": N_("verify rectification items"),
    "log_equipment": N_("log tests and advice of customer equipment"),
    "see_audit": N_("see the audit log"),
    "unmask": N_("see personal data in full"),
}
ASKED = {
    "unit": N_("a unit"),
    "job": N_("an import"),
    "record": N_("a record"),
}
KEPT = {  # what purge removes
    "uploads": N_("uploads"),
    "evidence_orphans": N_("evidence files of no record"),
    "import_jobs": N_("import jobs"),
    "warning_values": N_("values of odd rows decided on"),
    "former_people": N_("names of people who left"),
    "former_views": N_("views of people who left"),
}


def field(name: str) -> str:
    """A field in words; a rule's own key, or one of another version, as it is."""
    return _(FIELDS[name]) if name in FIELDS else name


def value(name: str, found: Any) -> str:
    """A value as a person reads it."""
    if found is None or found == "":
        return fmt.MISSING
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, float):
        return f"{found:,.6g}".replace("-", fmt.MINUS)
    if isinstance(found, int) and name in PEOPLE_BY_NUMBER:
        return _("person no. {n}").format(n=found)
    if isinstance(found, int):
        return fmt.number(found) if name not in ("version", "batch", "year") else str(found)
    if isinstance(found, Mapping):
        return _cut("; ".join(f"{field(key)}: {value(key, one)}" for key, one in found.items()))
    if isinstance(found, list):
        words = listed(_part(name, one) for one in found)
        return _cut(words) + (
            in_brackets(_("{n} in all").format(n=len(found))) if len(words) > LONGEST else ""
        )
    return _cut(_word(name, str(found)))


def _part(name: str, one: Any) -> str:
    """One of several: of a bulk act what was changed and how, of rows their keys."""
    if name == "changes" and isinstance(one, list):
        of, _unit, *sides_ = one
        return about(of) + in_brackets(" → ".join(_side(side) for side in sides_ if side))
    if name == "people" and (number := str(one).removeprefix("person ")).isdigit():
        return _("person no. {n}").format(n=number)
    return " ".join(map(str, one)) if isinstance(one, list) else value(name, one)


def _side(said: Mapping[str, Any] | None) -> str:
    """What a bulk act says of a row before or after; not the version, which counts its changes."""
    return value("", {key: one for key, one in (said or {}).items() if key != "version"} or None)


def about(text: str) -> str:
    """What one change of a bulk act is about: a rectification item by its number, a target in words."""
    found = ITEM.fullmatch(text)
    return found[1] if found else target(text)


def target(about: str) -> str:
    """A target as domain.targets.subject() names it, in words."""
    parts = about.split(" ")
    if len(parts) != 4 or parts[3] not in target_state.KINDS:  # of another version
        return about
    return f"{kpi_name(parts[0])} {parts[2]} {target_words.kind(parts[3])}"


def _word(name: str, text: str) -> str:
    words: dict[str, Callable[[str], str]] = {
        "level": level_name,
        "role": lambda role: (
            shell.role_name(role) if role in {one for of in MAY.values() for one in of} else role
        ),
        "kpi": kpi_name,
        "asked": lambda what: _(ASKED[what]) if what in ASKED else act_name(what),
        "page": page_name,
        "status": rectification_words.state,
        "measure_type": rectification_words.measure_type,
        "query": address,
    }
    return words[name](text) if name in words else rule_texts.OPERATORS.get(text, text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def kpi_name(code: str) -> str:
    """A KPI in words; one that there is no more as its code."""
    kpi = catalogue().kpis.get(code)
    return name_of(kpi) if kpi else code


def act_name(code: str) -> str:
    """A right in words."""
    return _(ACTS[code]) if code in ACTS else code


def page_name(name: str) -> str:
    """A page in words."""
    return _(PAGES[name]) if name in PAGES else name


def sides(entry: Mapping[str, Any], unit_name: Callable[[int], str] = str) -> pd.DataFrame:
    """What was before and after, side by side; what was not there, or is no more, is a dash.

    Where nothing was before, e.g. of an import, only what it says; of a bulk act a row for each change.
    entry: action, subject, before, after.
    """
    old, new = entry["before"] or {}, entry["after"] or {}
    if isinstance(new.get("changes"), list):
        rows = [(about(of), unit_name(unit), _side(was), _side(now)) for of, unit, was, now in new["changes"]]
        heading = _("Target") if entry["action"].startswith("targets.") else _("Rectification item")
        return pd.DataFrame(rows, columns=[heading, _("Unit"), _("Before"), _("After")])
    keys = list(dict.fromkeys((*old, *new)))
    table = {_("Field"): [_field_of(key, entry["action"], entry["subject"]) for key in keys]}
    if old:
        table[_("Before")] = [value(key, old.get(key)) for key in keys]
    if keys:
        table[_("After") if old else _("Content")] = [value(key, new.get(key)) for key in keys]
    return pd.DataFrame(table)


def address(query: str) -> str:
    """The parameters of a page's address in words; those that are the page's own as they stand there."""
    values: dict[str, Callable[[str], str]] = {
        "kpi": kpi_name,
        "period": lambda kind: filters.period_name(kind) if kind in filters.PERIODS else kind,
        "compare": lambda what: filters.compare_name(what) if what in filters.COMPARISONS else what,
    }
    return "; ".join(
        f"{_(PARAMETERS[name]) if name in PARAMETERS else name}: {values.get(name, str)(text)}"
        for name, text in parse_qsl(query)
    )


def _field_of(name: str, action: str, about: str) -> str:
    if action == "rules.publish" and name not in ("version", "valid_from"):
        return rule_texts.key_name(about, name)
    if action.startswith("views.") and name == "name":
        return _("name of the view")
    kpi = catalogue().kpis.get(about.partition(" ")[0]) if action.startswith("targets.") else None
    unit = fmt.unit(kpi) if kpi and name == "value" else ""
    return field(name) + (in_brackets(unit) if unit else "")


def in_a_line(said: Mapping[str, Any] | None, action: str, about: str) -> str:
    """The same of one side in a line, for files."""
    parts = (f"{_field_of(key, action, about)}: {value(key, one)}" for key, one in (said or {}).items())
    return "; ".join(parts)
