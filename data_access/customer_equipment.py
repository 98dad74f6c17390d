"""The register of customers' equipment: what is to be tested, what is wrong, what was advised.

Names of customers are masked, and nobody searches by them. States are judged by the version of rule set risk
that is in force on the day. A page of the list is cut in the database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    and_,
    case,
    func,
    or_,
    select,
    true,
)

from data_access import rules
from data_access.masking import masked
from data_access.scope import check_unit, inside, within
from data_access.seen_lines import seen_line
from data_access.tables.condition import customer_equipment
from data_access.tables.grid import areas, lines
from data_access.tables.org import org_units
from data_access.transactions import reading
from domain import customer_equipment as judging
from domain import paging
from domain.errors import NotFound
from domain.risk_condition import is_older
from domain.rule_sets import version_on
from domain.viewer import Scope

PAGE_SIZE = 50
CHUNK = 2_000
ASIDE = ("customer", "line_code", "batch_id")
c = customer_equipment.c


@dataclass(frozen=True)
class Wanted:
    """Which pieces: of a unit and all below; '' for all.

    text: part of the piece's, account's or line's code; test: due (overdue or soon) or one of TEST_STATES;
    arrester: a type, "old" for those that rule RL9 names, or "unknown"; switch: without, with, unknown;
    advice: one of ADVICE_STATES.
    """

    unit_id: int
    text: str = ""
    test: str = ""
    arrester: str = ""
    switch: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Tally:
    """How many pieces of a unit there are, and of these which need something."""

    pieces: int
    overdue: int
    soon: int
    unknown: int
    without_switch: int
    old_arrester: int
    advice_open: int
    advice_accepted: int


def _rules(connection: Connection, day: date) -> Mapping[str, Any]:
    return version_on(rules.versions(connection, "risk"), day).body


def _test_is(state: str, day: date, body: Mapping[str, Any]) -> ColumnElement[bool]:
    """Condition: the test is in the state, as domain.customer_equipment.test_state()."""
    rule, last = body["RL9"]["last_test"], c.last_test_on
    overdue = is_older(last, day, rule)
    soon = is_older(last, judging.near_day(day, body), rule)
    return {
        "overdue": and_(last.is_not(None), overdue),
        "soon": and_(last.is_not(None), soon, ~overdue),
        "due": and_(last.is_not(None), soon),
        "fine": and_(last.is_not(None), ~soon),
        "unknown": last.is_(None),
    }[state]


def _advice_is(state: str) -> ColumnElement[bool]:
    """Condition: what became of the advice, as domain.customer_equipment.advice_state()."""
    given = or_(c.advised_on.is_not(None), func.coalesce(c.advice, "") != "")
    pending = c.done_on.is_(None)
    return {
        "done": c.done_on.is_not(None),
        "accepted": and_(pending, c.accepted_on.is_not(None)),
        "open": and_(pending, c.accepted_on.is_(None), given),
        "none": and_(pending, c.accepted_on.is_(None), ~given),
    }[state]


def _arrester_is(wanted: str, body: Mapping[str, Any]) -> ColumnElement[bool]:
    if wanted == "unknown":
        return c.arrester_type.is_(None)
    return c.arrester_type.in_(body["RL9"]["arrester"]["types"] if wanted == "old" else [wanted])


SWITCH = {
    "without": c.has_boundary_switch.is_(False),
    "with": c.has_boundary_switch.is_(True),
    "unknown": c.has_boundary_switch.is_(None),
}


def _conditions(scope: Scope, wanted: Wanted, day: date, body: Mapping[str, Any]) -> ColumnElement[bool]:
    found = [inside(c.org_unit_id, scope, wanted.unit_id)]
    if text := wanted.text.strip().lower():
        codes = (c.equipment_key, c.area_code, c.line_code)
        found.append(or_(*(func.lower(one, type_=String).contains(text, autoescape=True) for one in codes)))
    found += [_test_is(wanted.test, day, body)] if wanted.test else []
    found += [_arrester_is(wanted.arrester, body)] if wanted.arrester else []
    found += [SWITCH[wanted.switch]] if wanted.switch else []
    found += [_advice_is(wanted.advice)] if wanted.advice else []
    return and_(true(), *found)


def _pieces(scope: Scope, where: ColumnElement[bool], is_due: bool = False) -> Select:
    """Pieces with their line, that of the account where they name none; the longest untested first if due."""
    line_code = func.coalesce(c.line_code, areas.c.line_code)
    account = and_(
        areas.c.bureau_id == c.bureau_id,
        areas.c.area_code == c.area_code,
        within(areas.c.org_unit_id, scope),
    )
    order = (c.last_test_on.is_(None), c.last_test_on) if is_due else (org_units.c.code,)
    return (
        select(
            *(one for one in c if one.name not in ASIDE),
            masked(c.customer).label("customer"),
            line_code.label("line_code"),
            lines.c.name.label("line_name"),
            org_units.c.name.label("unit_name"),
            org_units.c.name_en.label("unit_name_en"),
        )
        .select_from(
            customer_equipment.join(org_units, org_units.c.id == c.org_unit_id)
            .outerjoin(areas, account)
            .outerjoin(lines, seen_line(c.bureau_id, line_code, scope))
        )
        .where(where)
        .order_by(*order, c.bureau_id, c.equipment_key)
    )


def _judged(rows: list, names: list[str], day: date, body: Mapping[str, Any]) -> pd.DataFrame:
    """The rows as a frame with what the rules say of each; days are dates or None."""
    found = pd.DataFrame([tuple(row) for row in rows], columns=names, dtype=object)
    due = [judging.test_due_on(one, body) for one in found["last_test_on"]]
    of_advice = zip(*(found[one] for one in ("advice", "advised_on", "accepted_on", "done_on")), strict=True)
    of_piece = zip(
        *(found[one] for one in ("has_boundary_switch", "arrester_type", "transformer_in_service_on")),
        strict=True,
    )
    return found.assign(
        test_state=[judging.test_state(one, day, body) for one in found["last_test_on"]],
        due_on=pd.Series(due, index=found.index, dtype=object),
        days_overdue=pd.Series(
            [None if one is None else (day - one).days for one in due], index=found.index, dtype="Int64"
        ),
        advice_state=[judging.advice_state(*one) for one in of_advice],
        weaknesses=[";".join(judging.weaknesses(*one, day, body)) for one in of_piece],
    )


def listed(
    engine: Engine, scope: Scope, wanted: Wanted, day: date, number: int = 1, size: int = PAGE_SIZE
) -> tuple[pd.DataFrame, int]:
    """Page `number`, or the last, of the pieces looked for, and how many there are.

    With test = due the longest overdue first, else by unit and key. One row a piece: its columns (customer
    masked, line_code of the account where it names none), line_name, unit_name, unit_name_en, and as judged
    on the day test_state, due_on (last day for the test), days_overdue (negative before it, null where
    unknown), advice_state, weaknesses (of switch, arrester, transformer, parted by ';'). Raises NotFound.
    """
    with reading(engine, scope) as connection:
        check_unit(connection, scope, wanted.unit_id)
        body = _rules(connection, day)
        where = _conditions(scope, wanted, day, body)
        count = int(connection.scalar(select(func.count()).select_from(customer_equipment).where(where)))
        statement = _pieces(scope, where, wanted.test == "due")
        result = connection.execute(statement.limit(size).offset(paging.before(number, count, size)))
        return _judged(result.all(), list(result.keys()), day, body), count


def stream(engine: Engine, scope: Scope, wanted: Wanted, day: date) -> Iterator[pd.DataFrame]:
    """All pieces looked for, in chunks for a file; as listed(). Raises NotFound."""
    with reading(engine, scope) as connection:
        check_unit(connection, scope, wanted.unit_id)
        body = _rules(connection, day)
        statement = _pieces(scope, _conditions(scope, wanted, day, body), wanted.test == "due")
        result = connection.execution_options(yield_per=CHUNK).execute(statement)
        for rows in result.partitions():
            yield _judged(rows, list(result.keys()), day, body)


def tally(engine: Engine, scope: Scope, unit_id: int, day: date) -> Tally:
    """How many pieces the unit has, and how many of them need what. Raises NotFound."""
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        body = _rules(connection, day)
        tests = [_test_is(one, day, body) for one in ("overdue", "soon", "unknown")]
        others = [SWITCH["without"], _arrester_is("old", body), _advice_is("open"), _advice_is("accepted")]
        sums = [func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in (*tests, *others)]
        where = inside(c.org_unit_id, scope, unit_id)
        return Tally(*map(int, connection.execute(select(func.count(), *sums).where(where)).one()))


def one(engine: Engine, scope: Scope, bureau_id: str, equipment_key: str, day: date) -> dict[str, Any]:
    """The piece, by the columns of listed(). Raises NotFound where it is absent or outside the scope."""
    where = and_(c.bureau_id == bureau_id, c.equipment_key == equipment_key, within(c.org_unit_id, scope))
    with reading(engine, scope) as connection:
        result = connection.execute(_pieces(scope, where))
        rows = result.all()
        if not rows:
            raise NotFound(equipment_key)
        return _judged(rows, list(result.keys()), day, _rules(connection, day)).iloc[0].to_dict()
