"""Risk in words: the rules, their levels, and what each finding says."""

import re
from collections.abc import Callable, Iterable

from ui import format as fmt
from ui.texts import _, counted, language, listed

ICONS = {1: "▲", 2: "◆", 3: "●"}
CLASSES = {1: "notmet", 2: "watch", 3: "none"}
OPERATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
CLAUSE = re.compile(r"(?P<what>[a-z_]+) (?P<sign>>=|<=|>|<) (?P<limit>[\d.]+)(?: %)?")


def rule(code: str) -> str:
    """Name of a rule: what is wrong, in a few words."""
    return {
        "RL1": _("repeated faults"),
        "RL2": _("heavy load"),
        "RL3": _("low voltage"),
        "RL4": _("unbalanced phases"),
        "RL5": _("old equipment"),
        "RL6": _("external damage"),
        "RL7": _("open defects"),
        "RL8": _("customer faults reaching the grid"),
        "RL9": _("customer equipment at risk"),
        "RL10": _("radial, no tie"),
        "RL11": _("many complaints"),
        "RL12": _("abnormal line loss"),
    }.get(code, code)


def numbered(code: str) -> str:
    """Name of a rule with its number."""
    return f"{code} {rule(code)}"


def rules_of(text: str) -> list[str]:
    """The codes in RL1;RL6 or ;RL1;RL6; as they are stored."""
    return [one for one in (text or "").split(";") if one]


def named(text: str) -> str:
    """The rules in RL1;RL6 by number and name, beside each other; '' for none."""
    return listed(numbered(one) for one in rules_of(text))


def level(number: int) -> str:
    """How grave it is, in a word."""
    return {1: _("high"), 2: _("medium"), 3: _("low")}.get(number, str(number))


def level_marked(number: int) -> str:
    """The level with its sign, so that it is told without its colour."""
    return f"{ICONS.get(number, '')} {level(number)}".strip()


def kind(code: str) -> str:
    """Line or area."""
    return {"line": _("Line"), "area": _("Area")}.get(code, code)


def value(code: str, number: float, threshold: str) -> str:
    """The value that met the rule, with what it counts: 23 faults in 12 months."""
    clause = threshold.partition("; ")[0]
    words = _VALUES.get((code, _what(clause))) or _VALUES.get((code, ""))
    shown = fmt.number(number, 0 if float(number).is_integer() else 1)
    return words(number).format(n=shown) if words else shown


def why(code: str, number: float, threshold: str) -> str:
    """The finding in a few words for a list: RL1 repeated faults 23 times."""
    words = _SHORT.get((code, _what(threshold.partition("; ")[0])))
    shown = words(number).format(n=fmt.number(number)) if words else value(code, number, threshold)
    return f"{numbered(code)} {shown}".strip()


def whys(findings: tuple[tuple[str, float, str, int], ...]) -> str:
    """All findings of an object beside each other, the gravest first."""
    return " · ".join(why(*one[:3]) for one in findings)


def limits(code: str, threshold: str) -> str:
    """The clauses that were met, in words, the gravest first."""
    return listed(_clause(code, one) for one in threshold.split("; "))


def _what(clause: str) -> str:
    """Which clause of its rule it is: the word before its sign, else what stands before its list."""
    found = CLAUSE.match(clause)
    return found["what"] if found else clause.partition(" in ")[0]


def _clause(code: str, clause: str) -> str:
    if clause in _LISTS:
        return _LISTS[clause]()
    if clause.startswith("arrester in "):
        types = clause.removeprefix("arrester in ").split(", ")
        return _("arrester of type {types}").format(types=listed(arrester(one) for one in types))
    parts = [_part(code, found) for found in CLAUSE.finditer(clause)]
    return _both(parts) or clause


def _both(parts: list[str]) -> str:
    """Two halves of one clause, which hold together."""
    return ("，且" if language() == "zh" else " and ").join(parts)


def several(sentences: Iterable[str]) -> str:
    """Sentences beside each other."""
    return ("；" if language() == "zh" else "; ").join(sentences)


def _part(code: str, found: re.Match[str]) -> str:
    words = _LIMITS.get((code, found["what"])) or _LIMITS.get(("", found["what"]))
    limit = f"{OPERATORS[found['sign']]} {found['limit']}"
    return words().format(limit=limit) if words else f"{found['what']} {limit}"


def arrester(code: str) -> str:
    """Type of an arrester."""
    return {
        "valve": _("valve"),
        "silicon_carbide": _("silicon carbide"),
        "metal_oxide": _("metal oxide"),
        "none": _("no arrester"),
    }.get(code, code)


def lacks(source: str) -> str:
    """What a rule lacks, in words."""
    return {
        "counts": _("outages by line and area"),
        "listed": _("frequent-outage list"),
        "loads": _("loads of areas"),
        "voltage_days": _("daily voltages"),
        "transformers": _("register of transformers"),
        "conductors": _("conductors of lines"),
        "ties": _("tie points of lines"),
        "sites": _("places of external damage"),
        "defects": _("defects"),
        "equipment": _("customers' equipment"),
        "complaints": _("complaints"),
        "line_loss": _("line loss"),
    }.get(source, source)


_LISTS: dict[str, Callable[[], str]] = {
    "list = frequent": lambda: _("on the frequent-outage list"),
    "list = warning": lambda: _("on the warning list"),
    "ties at limit": lambda: _("ties cannot take the load over"),
}
# Words by rule and by the clause that weighs most; the value is told with what it counts.
_VALUES: dict[tuple[str, str], Callable[[float], str]] = {
    ("RL1", "faults"): lambda n: counted("{n} fault in 12 months", "{n} faults in 12 months", int(n)),
    ("RL1", "list = frequent"): lambda _n: _("on the frequent-outage list by {n} outages"),
    ("RL1", "list = warning"): lambda _n: _("on the warning list by {n} outages"),
    ("RL2", ""): lambda n: counted("{n} point in a row", "{n} points in a row", int(n)),
    ("RL3", ""): lambda n: counted("{n} day in 30 days", "{n} days in 30 days", int(n)),
    ("RL4", ""): lambda _n: "{n}%",
    ("RL5", ""): lambda _n: _("{n} years"),
    ("RL6", "faults"): lambda n: counted("{n} fault in 12 months", "{n} faults in 12 months", int(n)),
    ("RL6", "sites"): lambda n: counted("{n} open place", "{n} open places", int(n)),
    ("RL7", "urgent_defects"): lambda n: counted("{n} urgent", "{n} urgent ones", int(n)),
    ("RL7", "major_late_defects"): lambda n: counted(
        "{n} major, past its limit", "{n} major ones, past their limit", int(n)
    ),
    ("RL7", "minor_defects"): lambda n: counted("{n} minor", "{n} minor ones", int(n)),
    ("RL8", "faults"): lambda n: counted("{n} fault in 12 months", "{n} faults in 12 months", int(n)),
    ("RL8", "accounts"): lambda n: counted(
        "{n} account without boundary switch", "{n} accounts without boundary switch", int(n)
    ),
    ("RL9", "years_since_test"): lambda _n: _("{n} years since the last test"),
    ("RL9", "transformer_years"): lambda _n: _("transformer {n} years old"),
    ("RL9", "arrester"): lambda n: counted("{n} old arrester", "{n} old arresters", int(n)),
    ("RL10", "ties at limit"): lambda _n: _("ties cannot take the load over"),
    ("RL10", ""): lambda n: counted("{n} tie point", "{n} tie points", int(n)) if n else _("no tie point"),
}
_SHORT: dict[tuple[str, str], Callable[[float], str]] = {  # in a list that says what it counts in its help
    ("RL1", "faults"): lambda n: counted("{n} time", "{n} times", int(n)),
    ("RL1", "list = frequent"): lambda n: counted("{n} time, frequent", "{n} times, frequent", int(n)),
    ("RL1", "list = warning"): lambda n: counted("{n} time, warning", "{n} times, warning", int(n)),
    ("RL6", "faults"): lambda n: counted("{n} time", "{n} times", int(n)),
    ("RL8", "faults"): lambda n: counted("{n} time", "{n} times", int(n)),
    ("RL10", "ties"): lambda _n: "",
    ("RL10", "ties at limit"): lambda _n: _("ties full"),
}
_LIMITS: dict[tuple[str, str], Callable[[], str]] = {
    ("RL1", "faults"): lambda: _("faults in 12 months {limit}"),
    ("RL6", "faults"): lambda: _("faults of outside influence in 12 months {limit}"),
    ("RL8", "faults"): lambda: _("faults that customers passed on in 12 months {limit}"),
    ("", "load"): lambda: _("load {limit} %"),
    ("", "points"): lambda: _("points of 15 minutes in a row {limit}"),
    ("", "low_days"): lambda: _("days of low voltage {limit}"),
    ("", "unbalance"): lambda: _("unbalance {limit} %"),
    ("", "hours"): lambda: _("hours {limit}"),
    ("", "transformer_years"): lambda: _("age of the transformer {limit} years"),
    ("", "bare_conductor_years"): lambda: _("age of the bare conductor {limit} years"),
    ("", "sites"): lambda: _("open places {limit}"),
    ("", "urgent_defects"): lambda: _("urgent defects {limit}"),
    ("", "major_late_defects"): lambda: _("major defects past their limit {limit}"),
    ("", "minor_defects"): lambda: _("minor defects {limit}"),
    ("", "accounts"): lambda: _("accounts without boundary switch {limit}"),
    ("", "years_since_test"): lambda: _("years since the last test {limit}"),
    ("", "ties"): lambda: _("tie points {limit}"),
}
