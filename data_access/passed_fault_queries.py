"""Statements about faults of customers' equipment: of which account each is, and what others lost by it.

A fault is an account's where that is the only dedicated account among the customers that it cut off: of
several nobody knows which one it was. Account: an area that the register calls dedicated, or one that the
register lacks and a piece of equipment names, as far as the viewer sees it. Who sees an outage sees all its
steps (row_security.py), so what others lost is the same for everybody whose account it is.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    cast,
    distinct,
    exists,
    func,
    or_,
    select,
    union,
)

from data_access import rules
from data_access.masking import masked
from data_access.measures.outage_nature import Rules, in_group, is_kept_inside
from data_access.measures.outages import is_momentary
from data_access.scope import inside, within
from data_access.tables.condition import customer_equipment
from data_access.tables.grid import areas
from data_access.tables.org import org_units
from data_access.tables.outages import outage_steps, outages
from domain.viewer import Scope

KEY = ("bureau_id", "outage_key")
step = outage_steps.c
piece = customer_equipment.c


@dataclass(frozen=True)
class Asked:
    """What every statement here needs. rules: versions of rule sets outages and causes."""

    scope: Scope
    first: date
    last: date
    rules: Rules

    def is_fault(self) -> ColumnElement[bool]:
        """Condition on a step with its outage: a sustained fault of a customer's equipment in the days."""
        return and_(
            outages.c.kind == "fault",
            in_group(self.rules, "customer"),
            step.start_day.between(self.first, self.last),
            self.lasts(),
        )

    def lasts(self) -> ColumnElement[bool]:
        """Condition on a step: longer than what rule set outages calls momentary."""
        return ~is_momentary(self.rules["outages"], step.start_day, step.duration_s)


def asked_for(connection: Connection, scope: Scope, first: date, last: date) -> Asked:
    """What is asked, with the versions of the rules that judge each fault by its start day."""
    known = {name: rules.versions(connection, name) for name in ("outages", "causes")}
    return Asked(scope, first, last, known)


def accounts_of(dedicated: ColumnElement[bool], named: ColumnElement[bool], name: str) -> CTE:
    """bureau_id and area_code of the accounts. dedicated, named: conditions on areas and on equipment."""
    same = and_(areas.c.bureau_id == piece.bureau_id, areas.c.area_code == piece.area_code)
    return union(
        select(areas.c.bureau_id, areas.c.area_code).where(areas.c.kind == "dedicated", dedicated),
        select(piece.bureau_id, piece.area_code).where(
            piece.area_code.is_not(None), named, ~exists().where(same)
        ),
    ).cte(name)


def _begun(asked: Asked, accounts: CTE) -> CTE:
    """Faults that cut off one of the accounts: bureau_id, outage_key, area_code, day, own_s, is_passed."""
    held = is_kept_inside(outages.c.is_boundary_breaker, outages.c.mv_users)
    passed = case((held, 0), else_=1)
    outage = and_(*(outages.c[one] == step[one] for one in KEY))
    of = and_(accounts.c.bureau_id == step.bureau_id, accounts.c.area_code == step.area_code)
    return (
        select(
            *(step[one] for one in KEY),
            step.area_code,
            func.min(step.start_day).label("day"),
            func.min(step.interrupted_at).label("began_at"),
            func.max(step.duration_s).label("own_s"),
            func.min(passed).label("is_passed"),
        )
        .select_from(outage_steps.join(outages, outage).join(accounts, of))
        .where(asked.is_fault())
        .group_by(*(step[one] for one in KEY), step.area_code)
        .cte("begun")
    )


def _of_one_account(asked: Asked, begun: CTE) -> CTE:
    """bureau_id and outage_key of those that cut off no other account that the viewer sees."""
    every = accounts_of(
        within(areas.c.org_unit_id, asked.scope), within(piece.org_unit_id, asked.scope), "every"
    )
    keys = select(*(begun.c[one] for one in KEY)).distinct().cte("keys")
    of_fault = and_(*(step[one] == keys.c[one] for one in KEY))
    is_account = and_(every.c.bureau_id == step.bureau_id, every.c.area_code == step.area_code)
    return (
        select(*(keys.c[one] for one in KEY))
        .select_from(keys.join(outage_steps, of_fault).join(every, is_account))
        .group_by(*(keys.c[one] for one in KEY))
        .having(func.count(distinct(step.area_code)) == 1)
        .cte("alone")
    )


def faults_of(asked: Asked, accounts: CTE) -> CTE:
    """One row per fault of one of the accounts, with what all other customers lost by it.

    Columns of _begun(); customers and customer_s (LV, seconds of restored steps), null where nobody counted
    them; open_steps of theirs.
    """
    begun = _begun(asked, accounts)
    alone = _of_one_account(asked, begun)
    mine = begun.join(alone, and_(*(alone.c[one] == begun.c[one] for one in KEY)))
    others = and_(
        *(step[one] == begun.c[one] for one in KEY),
        or_(step.area_code.is_(None), step.area_code != begun.c.area_code),
        asked.lasts(),
    )
    is_open = and_(step.step_key.is_not(None), step.duration_s.is_(None))
    return (
        select(
            *begun.c,
            cast(func.sum(step.customers), BigInteger).label("customers"),
            cast(func.sum(step.customers * step.duration_s), BigInteger).label("customer_s"),
            func.sum(case((is_open, 1), else_=0)).label("open_steps"),
        )
        .select_from(mine.outerjoin(outage_steps, others))
        .group_by(*begun.c)
        .cte("faults")
    )


def of_unit(asked: Asked, unit_id: int) -> CTE:
    """faults_of() the accounts of the unit and all below."""
    mine = (inside(one, asked.scope, unit_id) for one in (areas.c.org_unit_id, piece.org_unit_id))
    return faults_of(asked, accounts_of(*mine, "accounts"))


def ranked(asked: Asked, faults: CTE) -> Select:
    """One row per account: most faults passed first, then the most customer-seconds of others."""
    is_passed = faults.c.is_passed == 1

    def of_passed(column: ColumnElement[int]) -> ColumnElement[int]:
        return cast(func.sum(case((is_passed, column))), BigInteger)

    grouped = (
        select(
            faults.c.bureau_id,
            faults.c.area_code,
            func.sum(faults.c.is_passed).label("passed"),
            func.sum(1 - faults.c.is_passed).label("contained"),
            of_passed(faults.c.customers).label("customers"),
            of_passed(faults.c.customer_s).label("customer_s"),
            of_passed(faults.c.open_steps).label("open_steps"),
            func.max(case((is_passed, faults.c.day))).label("last_passed_on"),
        )
        .group_by(faults.c.bureau_id, faults.c.area_code)
        .cte("grouped")
    )
    same = and_(
        piece.bureau_id == grouped.c.bureau_id,
        piece.area_code == grouped.c.area_code,
        within(piece.org_unit_id, asked.scope),
    )
    registered = and_(
        areas.c.bureau_id == grouped.c.bureau_id,
        areas.c.area_code == grouped.c.area_code,
        within(areas.c.org_unit_id, asked.scope),
    )
    key = select(func.min(piece.equipment_key)).where(same).scalar_subquery()
    of_piece = customer_equipment.alias("of_piece")
    first_piece = and_(of_piece.c.bureau_id == grouped.c.bureau_id, of_piece.c.equipment_key == key)
    unit = func.coalesce(areas.c.org_unit_id, of_piece.c.org_unit_id)
    lost = grouped.c.customer_s
    return (
        select(
            grouped,
            func.coalesce(masked(areas.c.name), grouped.c.area_code).label("name"),
            of_piece.c.equipment_key,
            of_piece.c.has_boundary_switch,
            org_units.c.name.label("unit_name"),
            org_units.c.name_en.label("unit_name_en"),
        )
        .select_from(
            grouped.outerjoin(areas, registered)
            .outerjoin(of_piece, first_piece)
            .join(org_units, org_units.c.id == unit)
        )
        .order_by(
            grouped.c.passed.desc(), lost.is_(None), lost.desc(), grouped.c.contained.desc(),
            grouped.c.bureau_id, grouped.c.area_code,
        )
    )  # fmt: skip
