"""Targets set by a person: one, many at once, or one removed; each with its audit row.

Imports bring targets too. What is set here holds until a later import gives the target again; undoing that
one gives it back, and undoing an earlier one leaves it alone (data_access/imports/by_hand.py).
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, select

from data_access import changing
from data_access import org_units as tree
from data_access.changing import Change
from data_access.imports import bulk, by_hand
from data_access.scope import check_act
from data_access.tables.org import org_units
from data_access.tables.rules import targets as table
from data_access.targets import KEY, SAID
from data_access.transactions import writing
from domain import targets
from domain.errors import InvalidInput
from domain.kpis import catalogue
from domain.target_state import Target
from domain.viewer import Viewer

ACT = "edit_targets"


def set_one(engine: Engine, viewer: Viewer, wanted: Target, reason: str = "") -> Target:
    """The stored target. wanted.version: of the one that the person saw, 0 where there was none.

    Raises NotFound, NotAllowed, ChangedByOthers, InvalidInput(those of targets.check() | "reason_missing":
    another value for a stored one needs one).
    """
    targets.check(wanted, catalogue())
    with writing(engine, viewer.scope) as connection:
        check_act(connection, viewer, ACT, wanted.org_unit_id)
        change = _put(connection, viewer, wanted, _homes(connection, [wanted.org_unit_id]))
        targets.check_reason(change.was is not None and not change.is_nothing, reason)
        subject = targets.subject(wanted)
        changing.record(connection, viewer, "targets.set", subject, change, reason.strip())
    return _target(change)


def set_many(engine: Engine, viewer: Viewer, wanted: Sequence[Target], reason: str = "") -> int:
    """How many targets are new or changed; all are stored, or none, with one audit row.

    Raises as set_one() does, and InvalidInput("target_twice" | "target_too_many", most).
    """
    if len(wanted) > targets.MOST_AT_ONCE:
        raise InvalidInput("target_too_many", most=targets.MOST_AT_ONCE)
    for one in wanted:
        targets.check(one, catalogue())
    if len({targets.key(one) for one in wanted}) < len(wanted):
        raise InvalidInput("target_twice")
    with writing(engine, viewer.scope) as connection:
        units = sorted({one.org_unit_id for one in wanted})
        for unit in units:
            check_act(connection, viewer, ACT, unit)
        homes = _homes(connection, units)
        changes = [  # in one order, so that two bulk acts never wait for each other
            (targets.subject(one), _put(connection, viewer, one, homes))
            for one in sorted(wanted, key=targets.key)
        ]
        stored = any(one.was is not None and not one.is_nothing for _subject, one in changes)
        targets.check_reason(stored, reason)
        count = sum(not one.is_nothing for _subject, one in changes)
        at = units[0] if len(units) == 1 else tree.lowest_over(connection, units)
        named = f"{count} targets"
        changing.record_many(connection, viewer, "targets.set_many", named, changes, reason.strip(), at)
    return count


def remove(engine: Engine, viewer: Viewer, shown: Target, reason: str) -> None:
    """The target is gone; what is inherited holds from then on.

    shown: as the person saw it. Raises NotFound, NotAllowed, ChangedByOthers, InvalidInput("reason_missing").
    """
    targets.check_reason(True, reason)
    with writing(engine, viewer.scope) as connection:
        check_act(connection, viewer, ACT, shown.org_unit_id)
        bulk.no_import(connection, table)
        key = _key(shown, _homes(connection, [shown.org_unit_id]))
        change = changing.remove(connection, viewer.scope, table, key, shown.version)
        by_hand.leave_removed(connection, table, key, change.was)
        changing.record(connection, viewer, "targets.remove", targets.subject(shown), change, reason.strip())


def _put(connection: Connection, viewer: Viewer, wanted: Target, homes: Mapping[int, str]) -> Change:
    bulk.no_import(connection, table)
    key = _key(wanted, homes)
    values = {name: getattr(wanted, name) for name in SAID} | {"batch_id": None}
    if not wanted.version:
        version = by_hand.begin(connection, table, key)
        return changing.insert(connection, viewer.scope, table, key, values, version)
    change = changing.update(connection, viewer.scope, table, key, wanted.version, values)
    if not change.is_nothing:
        by_hand.leave(connection, table, key, change.was)
    return change


def _homes(connection: Connection, unit_ids: Sequence[int]) -> dict[int, str]:
    """The key space of each unit, in which its targets lie."""
    c = org_units.c
    return dict(tuple(row) for row in connection.execute(select(c.id, c.bureau_id).where(c.id.in_(unit_ids))))


def _key(target: Target, homes: Mapping[int, str]) -> dict[str, object]:
    return {"bureau_id": homes[target.org_unit_id]} | {name: getattr(target, name) for name in KEY}


def _target(change: Change) -> Target:
    return Target(**{name: change.row[name] for name in (*KEY, *SAID, "version")})
