"""What another version of the rules of risk would do to the list; nothing of it is stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access import kpi_refresh, rules
from data_access.measures import risk_facts
from data_access.measures.risk_facts import RiskFacts
from data_access.measures.risk_judged import bits_of, met_at, words
from data_access.org_units import all_units
from data_access.refresh_plan import ELSEWHERE, LastRun
from data_access.scope import check_unit, inside
from data_access.tables.org import org_units
from data_access.transactions import reading
from domain import risk_condition, rule_sets
from domain.org_units import city_of
from domain.periods import add_months, last_day, months_between
from domain.rule_sets import RuleVersion, version_on
from domain.viewer import Scope

COLUMNS = [
    "month", "org_unit_id", "object_kind", "object_code", "bureau_id", "change", "rules", "rules_draft",
]  # fmt: skip


def what_if(
    engine: Engine, scope: Scope, unit_id: int, body: Mapping[str, Any], month: date, months: int = 3
) -> pd.DataFrame:
    """Objects of the unit that would enter or leave the list at the last month-ends under a draft body.

    body: of rule set risk, whole. Columns: COLUMNS; change: entered, left, or rules where it stays for other
    reasons; rules (as published) and rules_draft as ";RL1;RL6;", ";" for none. Both sides are judged by the
    same facts, those of the last refresh. Writes nothing. Raises NotFound, and InvalidInput as
    rule_sets.check_shape() and risk_condition.check_ages() do.
    """
    rule_sets.check_shape(body, rule_sets.first_version("risk").body)
    risk_condition.check_ages(body)
    draft = [RuleVersion("risk", 0, rule_sets.BEGINNING, body)]
    found = [pd.DataFrame(columns=COLUMNS)]
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        run, published = kpi_refresh.last_run(connection), rules.versions(connection, "risk")
        for city, units in _by_bureau(connection, scope, unit_id).items():
            ends = _ends(run, city, month, months)
            if ends:
                now, then = (_met(connection, units, ends, versions) for versions in (published, draft))
                found += [_compared(*one) for one in zip(ends, now, then, strict=True)]
    return pd.concat([one for one in found if len(one)] or found, ignore_index=True)


def _by_bureau(connection: Connection, scope: Scope, unit_id: int) -> dict[int, list[int]]:
    """The units asked for, by their city bureau: data may end on another day in each."""
    tree = all_units(connection)
    found: dict[int, list[int]] = {}
    for unit in connection.execute(
        select(org_units.c.id).where(inside(org_units.c.id, scope, unit_id))
    ).scalars():
        found.setdefault(city_of(unit, tree), []).append(unit)
    return found


def _ends(run: LastRun | None, city: int, month: date, months: int) -> dict[date, date]:
    """The months with figures among the last so many, each with the day at whose end it is judged."""
    if run is None or run.first_month is None:
        return {}
    end = run.last_days.get(city, run.last_days[ELSEWHERE])
    first, last = max(add_months(month, 1 - months), run.first_month), min(month, end.replace(day=1))
    return {one: min(last_day(one), end) for one in months_between(first, last)} if first <= last else {}


def _met(
    connection: Connection, units: Sequence[int], ends: Mapping[date, date], versions: Sequence[RuleVersion]
) -> list[tuple[RiskFacts, np.ndarray]]:
    """The facts, and the rules that each object met, at each month-end."""
    of = {month: version_on(versions, day) for month, day in ends.items()}
    limits = {month: version.body["RL2"] for month, version in of.items()}
    facts = risk_facts.read(connection, units, limits, _no_score)
    found = []
    for place, (month, day) in enumerate(ends.items()):
        met = met_at(facts, place, day, of[month], facts.objects.in_service(month))
        found.append((facts, bits_of(met, len(facts.objects.frame))))
    return found


def _no_score(_source: str, units: Sequence[int], months: Sequence[date]) -> np.ndarray:
    """What was observed matters to the score alone."""
    return np.zeros((len(units), len(months)), dtype=bool)


def _compared(
    month: date, now: tuple[RiskFacts, np.ndarray], then: tuple[RiskFacts, np.ndarray]
) -> pd.DataFrame:
    """Objects that differ at a month-end."""
    facts, bits = now
    differ = np.flatnonzero(bits != then[1])
    was, is_ = bits[differ], then[1][differ]
    frame = facts.objects.frame.iloc[differ].reset_index(drop=True)
    change = np.select([was == 0, is_ == 0], ["entered", "left"], "rules")
    return frame.assign(month=month, change=change, rules=words(was), rules_draft=words(is_))[COLUMNS]
