"""What an outage was as a whole, told to each of its steps: a fault, of outside influence, passed on.

Kind and cause are the outage's own (a step may name others), so that lines and areas count the same events.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from data_access import arrow_rows
from data_access.measures import step_rows
from data_access.measures.outages import by_version
from data_access.measures.request import Request
from data_access.tables.outages import outages
from domain.periods import last_day
from domain.rule_sets import RuleVersion

Rules = Mapping[str, Sequence[RuleVersion]]
FAULT, EXTERNAL, PASSED = 1, 2, 4


def in_group(rules: Rules, group: str) -> ColumnElement[bool]:
    """Condition on outages: of a cause of the group, by the version of rule set causes of their start day."""
    versions, one = rules.get("causes", ()), outages.c
    if _is_one(versions, group):
        return one.cause.in_(_codes(versions[0].body, group) if versions else ())
    return by_version(versions, one.start_day, lambda body: one.cause.in_(_codes(body, group)))


def rows_in_group(rules: Rules, group: str, rows: pd.DataFrame) -> np.ndarray:
    """As in_group() of rows with cause and day (of the outage's start)."""
    versions = rules.get("causes", ())
    if _is_one(versions, group):
        return rows["cause"].isin(_codes(versions[0].body, group) if versions else ()).to_numpy()

    def judge(some: pd.DataFrame, body: Mapping[str, Any]) -> pd.Series:
        return some["cause"].isin(_codes(body, group))

    return step_rows.by_version(versions, rows["day"], rows[["cause"]], judge)


def _codes(causes: Mapping[str, Mapping[str, Any]], group: str) -> list[str]:
    return [code for code, cause in causes.items() if cause.get("group") == group]


def _is_one(versions: Sequence[RuleVersion], group: str) -> bool:
    """Whether no version has other causes in the group, so that no day needs to be asked."""
    return len({frozenset(_codes(one.body, group)) for one in versions}) < 2


def is_external(rules: Rules) -> ColumnElement[bool]:
    """Condition on outages: a fault of outside influence (外力破坏)."""
    return and_(outages.c.kind == "fault", in_group(rules, "external"))


def is_passed(rules: Rules) -> ColumnElement[bool]:
    """Condition on outages: a fault of a customer's equipment that reached the grid (用户故障出门).

    Not where the customer's boundary breaker alone opened, nor where only one MV user was out.
    """
    one = outages.c
    of_customer = and_(one.kind == "fault", in_group(rules, "customer"))
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
        for begin in range(0, len(mine), step_rows.OUTAGES_ASKED_AT_ONCE):
            some = mine[begin : begin + step_rows.OUTAGES_ASKED_AT_ONCE]
            take(and_(outages.c.bureau_id == name, outages.c.outage_key.in_(some)))
    found[asked] = np.maximum(bits, 0)[place]
    return found
