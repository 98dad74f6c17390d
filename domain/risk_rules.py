"""The rules of risk lines and areas (RL1 ... RL12) as pure functions: which objects met a rule at a day.

Each takes the facts (frames by name, see SOURCES), the day at whose end it judges, and its section of rule
set risk. Objects are places in the caller's list of lines and areas. A frame that is absent has no say:
nothing is found by it, and lacking() names the rule. Unknown values (null) never meet a clause.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from domain import risk_condition, risk_customers, risk_events
from domain.risk_findings import NOTHING, Clause, Findings, together

Facts = Mapping[str, pd.DataFrame]
Judge = Callable[[Facts, date, Mapping[str, Any]], list[Clause]]

# What each frame holds, beside `object`.
SOURCES = {
    "counts": "is_line, faults, external_faults, passed_faults: of the 12 months to the day",
    "listed": "state (frequent, warning), total: the frequent-outage list at the day",
    "loads": "month, heavy_run_points, overload_run_points, unbalance_pct, unbalance_hours",
    "voltage_days": "day, lowest_v, low_minutes",
    "transformers": "key, in_service_on",
    "conductors": "conductor, conductor_since; of lines",
    "ties": "ties, ties_at_limit; of lines",
    "sites": "key, kind, opened_on, closed_on; of lines",
    "defects": "key, severity, found_on, limit_on, cleared_on",
    "equipment": "line (an object, -1 for none), key, has_boundary_switch, arrester_type, "
    "transformer_in_service_on, last_test_on; of dedicated accounts, object -1 for one not registered",
    "complaints": "no source yet",
    "line_loss": "no source yet",
}


@dataclass(frozen=True)
class Rule:
    """One rule. sources: frames that it is made from; kinds of object that it can be about."""

    code: str
    judge: Judge
    sources: tuple[str, ...]
    kinds: tuple[str, ...] = ("line", "area")


def _no_data(_facts: Facts, _as_of: date, _rule: Mapping[str, Any]) -> list[Clause]:
    return []


RULES = {
    rule.code: rule
    for rule in (
        Rule("RL1", risk_events.repeated, ("counts", "listed")),
        Rule("RL2", risk_condition.overloaded, ("loads",), ("area",)),
        Rule("RL3", risk_condition.low_voltage, ("voltage_days",), ("area",)),
        Rule("RL4", risk_condition.unbalanced, ("loads",), ("area",)),
        Rule("RL5", risk_condition.aged, ("transformers", "conductors")),
        Rule("RL6", risk_events.external, ("counts", "sites")),
        Rule("RL7", risk_condition.defective, ("defects",)),
        Rule("RL8", risk_customers.passed_on, ("counts", "equipment")),
        Rule("RL9", risk_customers.equipment, ("equipment",), ("area",)),
        Rule("RL10", risk_condition.radial, ("ties",), ("line",)),
        Rule("RL11", _no_data, ("complaints",)),
        Rule("RL12", _no_data, ("line_loss",)),
    )
}


def judged(code: str, facts: Facts, as_of: date, body: Mapping[str, Any]) -> Findings:
    """Objects that met the rule at the end of the day."""
    return together(RULES[code].judge(facts, as_of, body[code])) if is_judged(code, facts) else NOTHING


def lacking(known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Rules that lack a source, with the sources that they lack; in part or wholly.

    known: the sources that there are. A rule whose every source is there is left out.
    """
    found = {code: tuple(one for one in rule.sources if one not in known) for code, rule in RULES.items()}
    return {code: missing for code, missing in found.items() if missing}


def is_judged(code: str, known: Collection[str]) -> bool:
    """Whether the rule has at least one of its sources."""
    return any(one in known for one in RULES[code].sources)
