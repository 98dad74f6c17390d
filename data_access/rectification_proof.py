"""Proofs of rectifications inside a scope: of one item, of all of a unit, and pooled by kind of measure.

Worked out at refresh over the whole bureau (measures/proof_stored.py), as every rate of peers is; whoever
looks reads those of items and units inside the scope.
"""

from sqlalchemy import Connection, Engine, Row, and_, or_, select

from data_access import rectification_acts, rules
from data_access.proof_rows import of_json
from data_access.scope import below, check_unit, inside, within
from data_access.tables.proofs import rectification_pools, rectification_proofs
from data_access.tables.rectifications import rectifications
from data_access.transactions import reading
from domain.proof import Proof
from domain.proof_found import Pool, Proved
from domain.proof_together import together
from domain.rule_sets import RuleVersion
from domain.viewer import Scope


def of_item(engine: Engine, scope: Scope, bureau_id: str, item_id: str) -> Proved | None:
    """The item's proof; None where its works are not done, or no refresh has come since. Raises NotFound."""
    c = rectifications.c
    with reading(engine, scope) as connection:
        rectification_acts.held(connection, scope, bureau_id, item_id)
        mine = (c.bureau_id == bureau_id, c.item_id == item_id, within(c.org_unit_id, scope))
        return next(iter(_proved(connection, mine)), None)


def of_object(engine: Engine, scope: Scope, bureau_id: str, kind: str, code: str) -> list[Proved]:
    """Items of the object whose works are done, the last done first."""
    c = rectifications.c
    mine = (c.bureau_id == bureau_id, c.object_kind == kind, c.object_code == code)
    with reading(engine, scope) as connection:
        return _proved(connection, (*mine, within(c.org_unit_id, scope)))


def of_unit(engine: Engine, scope: Scope, unit_id: int) -> list[Proved]:
    """Items of the unit and all below whose works are done, the last done first. Raises NotFound."""
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return _proved(connection, (inside(rectifications.c.org_unit_id, scope, unit_id),))


def by_kind(engine: Engine, scope: Scope, unit_id: int) -> list[Pool]:
    """The items of the unit and all below pooled by kind of measure, the most items first.

    Above city bureaus those of each are put together: they share nothing that was compared. Raises NotFound.
    """
    c = rectification_pools.c
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        mine = or_(c.org_unit_id == unit_id, and_(c.is_top.is_(True), below(c.org_unit_id, unit_id)))
        statement = select(c.measure_kind, c.outcome, c.rule_version, c.found)
        rows = connection.execute(
            statement.where(mine, within(c.org_unit_id, scope)).order_by(c.bureau_id, c.org_unit_id)
        ).all()
        known = _versions(connection)
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row.measure_kind, []).append(row)
    pools = [
        Pool(kind, _together(some), known[max(row.rule_version for row in some)])
        for kind, some in parts.items()
    ]
    return sorted(pools, key=lambda one: (-one.proofs["outages"].items, one.measure_kind))


def _together(rows: list[Row]) -> dict[str, Proof]:
    found: dict[str, list[Proof]] = {}
    for row in rows:
        found.setdefault(row.outcome, []).append(of_json(row.found))
    return {outcome: some[0] if len(some) == 1 else together(some) for outcome, some in found.items()}


def _proved(connection: Connection, conditions: tuple) -> list[Proved]:
    item, kept = rectifications.c, rectification_proofs.c
    same = and_(kept.bureau_id == item.bureau_id, kept.item_id == item.item_id)
    columns = (item.bureau_id, item.item_id, item.org_unit_id, item.title, item.object_kind, item.object_code,
               item.measure_kind, item.done_at, item.before_from, item.before_to)  # fmt: skip
    statement = (
        select(*columns, kept.outcome, kept.rule_version, kept.found)
        .select_from(rectifications.join(rectification_proofs, same))
        .where(*conditions, item.done_at.is_not(None))
        .order_by(item.done_at.desc(), item.bureau_id, item.item_id)
    )
    known = _versions(connection)
    found: dict[tuple[str, str], list[Row]] = {}
    for row in connection.execute(statement):
        found.setdefault((row.bureau_id, row.item_id), []).append(row)
    return [
        Proved(
            *some[0][: len(columns)],
            {row.outcome: of_json(row.found) for row in some},
            known[max(row.rule_version for row in some)],
        )
        for some in found.values()
    ]


def _versions(connection: Connection) -> dict[int, RuleVersion]:
    return {one.version: one for one in rules.versions(connection, "proof")}
