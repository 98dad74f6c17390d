"""What an outage was as a whole, told to each of its steps: a fault, of outside influence, passed on.

Kind and cause are the outage's own (a step may name others), so that lines and areas count the same events.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from data_access import arrow_rows
from data_access.measures.request import Request
from data_access.measures.step_rows import OUTAGES_ASKED_AT_ONCE
from data_access.tables.outages import outages
from domain.periods import last_day
from domain.rule_sets import RuleVersion

Rules = Mapping[str, Sequence[RuleVersion]]
FAULT, EXTERNAL, PASSED = 1, 2, 4


def codes_of(rules: Rules, group: str) -> list[str]:
    """Codes of the causes of a group, by the newest version of rule set causes."""
    causes = rules["causes"][-1].body if rules.get("causes") else {}
    return [code for code, cause in causes.items() if cause.get("group") == group]


def is_external(rules: Rules) -> ColumnElement[bool]:
    """Condition on outages: a fault of outside influence (外力破坏)."""
    return and_(outages.c.kind == "fault", outages.c.cause.in_(codes_of(rules, "external")))


def is_passed(rules: Rules) -> ColumnElement[bool]:
    """Condition on outages: a fault of a customer's equipment that reached the grid (用户故障出门).

    Not where the customer's boundary breaker alone opened, nor where only one MV user was out.
    """
    one = outages.c
    of_customer = and_(one.kind == "fault", one.cause.in_(codes_of(rules, "customer")))
    return and_(of_customer, ~is_kept_inside(one.is_boundary_breaker, one.mv_users))


def is_kept_inside(
    is_boundary_breaker: ColumnElement[bool], mv_users: ColumnElement[int]
) -> ColumnElement[bool]:
    """Condition on a fault of a customer: it did not reach the grid; domain.customer_equipment.outcome()."""
    return or_(func.coalesce(is_boundary_breaker, False), func.coalesce(mv_users, 2) <= 1)


def nature(connection: Connection, steps: pd.DataFrame, units: Sequence[int], request: Request) -> np.ndarray:
    """Per step the bits FAULT, EXTERNAL, PASSED of its outage; 0 before the months of the request."""
    found = np.zeros(len(steps), dtype=np.int8)
    asked = np.flatnonzero(steps["day"].to_numpy() >= np.datetime64(request.first_month))
    if not len(asked):
        return found
    bureaus, keys = steps["bureau_id"].cat, steps["outage_key"].cat
    size = len(keys.categories)
    number = bureaus.codes.to_numpy().astype(np.int64)[asked] * size + keys.codes.to_numpy()[asked]
    wanted, place = np.unique(number, return_inverse=True)
    bits = np.full(len(wanted), -1, dtype=np.int8)

    def take(condition: ColumnElement[bool]) -> None:
        """Bits of the wanted outages that meet the condition."""
        one = outages.c
        flags = {"is_fault": one.kind == "fault", "is_external": is_external(request.rules)}
        flags["is_passed"] = is_passed(request.rules)
        columns = [case((flag, 1), else_=0).label(name) for name, flag in flags.items()]
        rows = arrow_rows.read(connection, select(one.bureau_id, one.outage_key, *columns).where(condition))
        of_bureau = bureaus.categories.get_indexer(rows["bureau_id"].to_pandas())
        of_key = keys.categories.get_indexer(rows["outage_key"].to_pandas())
        known = of_bureau.astype(np.int64) * size + of_key
        value = sum(rows[name].to_numpy() << bit for bit, name in enumerate(flags))
        at = np.searchsorted(wanted, known)
        at[at == len(wanted)] = 0
        mine = (of_bureau >= 0) & (of_key >= 0) & (wanted[at] == known)
        bits[at[mine]] = value[mine]

    days = outages.c.start_day.between(request.first_month, last_day(request.last_month))
    take(and_(outages.c.org_unit_id.in_(units), days))
    rest = wanted[bits < 0]  # booked on a unit elsewhere
    for bureau, name in enumerate(bureaus.categories):
        mine = keys.categories[rest[rest // size == bureau] % size].tolist()
        for begin in range(0, len(mine), OUTAGES_ASKED_AT_ONCE):
            some = mine[begin : begin + OUTAGES_ASKED_AT_ONCE]
            take(and_(outages.c.bureau_id == name, outages.c.outage_key.in_(some)))
    found[asked] = np.maximum(bits, 0)[place]
    return found
