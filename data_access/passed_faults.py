"""Faults of customers' equipment that passed to the grid (用户故障出门), by the account that they came from.

What is an account's fault, and what of it is known, says passed_fault_queries.py; what passed means,
domain/customer_equipment.py.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    case,
    distinct,
    exists,
    func,
    or_,
    select,
)

from data_access.measures.outage_nature import in_group
from data_access.measures.outages import is_momentary
from data_access.passed_fault_queries import (
    KEY,
    Asked,
    accounts_of,
    asked_for,
    faults_of,
    of_unit,
    piece,
    ranked,
)
from data_access.scope import check_unit, inside, within
from data_access.tables.grid import areas
from data_access.tables.outages import outages
from data_access.transactions import reading
from domain import paging
from domain.viewer import Scope

PAGE_SIZE = 50


@dataclass(frozen=True)
class Totals:
    """Of a unit: accounts whose faults passed to the grid, faults, and faults of no single account."""

    accounts: int
    passed: int
    contained: int
    of_nobody: int


def _frame(connection: Connection, statement: Select) -> pd.DataFrame:
    result = connection.execute(statement)
    found = pd.DataFrame([tuple(row) for row in result], columns=list(result.keys()), dtype=object)
    numbers = found.columns.intersection(["passed", "contained", "customers", "customer_s", "open_steps"])
    return found.astype(
        dict.fromkeys([*numbers, *found.columns.intersection(["own_s", "is_passed"])], "Int64")
    )


def ranking(
    engine: Engine,
    scope: Scope,
    unit_id: int,
    first: date,
    last: date,
    number: int = 1,
    size: int | None = PAGE_SIZE,
) -> tuple[pd.DataFrame, int]:
    """Page `number`, or the last, of the unit's accounts with a fault of their own, and how many there are.

    The faults began from first to last. Columns: bureau_id, area_code, name (masked), passed, contained; of
    those that passed customers (LV interruptions of others), customer_s (their seconds; null where nobody
    counted), open_steps (of others, not restored yet), last_passed_on; equipment_key (the first, null where
    none is registered), has_boundary_switch, unit_name, unit_name_en. size None: all. Raises NotFound.
    """
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        asked = asked_for(connection, scope, first, last)
        faults = of_unit(asked, unit_id)
        account = select(faults.c.bureau_id, faults.c.area_code).distinct().subquery()
        count = int(connection.scalar(select(func.count()).select_from(account)))
        statement = ranked(asked, faults)
        if size is not None:
            statement = statement.limit(size).offset(paging.before(number, count, size))
        return _frame(connection, statement), count


def totals(engine: Engine, scope: Scope, unit_id: int, first: date, last: date) -> Totals:
    """How many of the unit's accounts passed a fault on, and how many faults there are. Raises NotFound.

    of_nobody: outages of the unit that a customer's equipment began, and that belong to no single account.
    """
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        asked = asked_for(connection, scope, first, last)
        faults = of_unit(asked, unit_id)
        passed = case((faults.c.is_passed == 1, faults.c.bureau_id + " " + faults.c.area_code))
        sums = (func.sum(faults.c.is_passed), func.sum(1 - faults.c.is_passed))
        known = connection.execute(select(func.count(distinct(passed)), *sums)).one()
        return Totals(*(int(one or 0) for one in known), _of_nobody(connection, asked, unit_id))


def _of_nobody(connection: Connection, asked: Asked, unit_id: int) -> int:
    """Sustained faults of customers booked on the unit, less those of one account that the viewer sees."""
    every = accounts_of(
        within(areas.c.org_unit_id, asked.scope), within(piece.org_unit_id, asked.scope), "seen"
    )
    faults = faults_of(asked, every)
    one = outages.c
    known = exists().where(*(faults.c[name] == one[name] for name in KEY))
    statement = select(func.count()).where(
        inside(one.org_unit_id, asked.scope, unit_id),
        one.kind == "fault",
        in_group(asked.rules, "customer"),
        one.start_day.between(asked.first, asked.last),
        or_(one.open_steps > 0, ~is_momentary(asked.rules["outages"], one.start_day, one.longest_step_s)),
        ~known,
    )
    return int(connection.scalar(statement))


def of_account(
    engine: Engine, scope: Scope, bureau_id: str, area_code: str, first: date, last: date
) -> pd.DataFrame:
    """The account's own faults, newest first: outage_key, day, began_at (UTC), own_s, is_passed, and as in
    ranking() customers, customer_s, open_steps of others. Outside the scope: none.
    """
    here = (areas.c.area_code == area_code, areas.c.bureau_id == bureau_id)
    named = (piece.area_code == area_code, piece.bureau_id == bureau_id)
    with reading(engine, scope) as connection:
        asked = asked_for(connection, scope, first, last)
        accounts = accounts_of(
            and_(*here, within(areas.c.org_unit_id, scope)),
            and_(*named, within(piece.org_unit_id, scope)),
            "accounts",
        )
        faults = faults_of(asked, accounts)
        return _frame(connection, select(faults).order_by(faults.c.began_at.desc(), faults.c.outage_key))
