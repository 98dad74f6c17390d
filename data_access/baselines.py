"""Frozen baselines of control limits: stored at 24 complete months, changed only by an act with a reason.

A limit that moved with every new month would swallow the shift that it should show.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Select, select

from data_access import audit, rules
from data_access.baseline_candidates import facts_of, waiting
from data_access.engine import insert
from data_access.scope import check_act, within
from data_access.tables.org import org_units
from data_access.tables.rules import xmr_baselines
from data_access.transactions import reading, writing
from domain import signals
from domain.errors import InvalidInput, NotAllowed, NotFound
from domain.facts import Facts
from domain.kpis import Kpi, catalogue
from domain.periods import utc_now
from domain.signal_series import series
from domain.viewer import Scope, Viewer
from domain.xmr import Baseline, baseline_of

UNITS_AT_ONCE = 50
FIRST_REASON = "first complete months"


def stored(engine: Engine, scope: Scope, unit_ids: Iterable[int]) -> dict[tuple[int, str], Baseline]:
    """Baselines by (org_unit_id, signals.baseline_id(kpi)) of the units inside the scope."""
    statement = _select().where(
        within(xmr_baselines.c.org_unit_id, scope), xmr_baselines.c.org_unit_id.in_(tuple(unit_ids))
    )
    with reading(engine, scope) as connection:
        return {(row.org_unit_id, row.kpi): _baseline(row) for row in connection.execute(statement)}


def _select() -> Select:
    return select(xmr_baselines)


def _baseline(row: Any) -> Baseline:
    return Baseline(
        row.first_month,
        row.last_month,
        row.n,
        row.centre,
        row.mean_range,
        True,
        row.set_by,
        row.set_at,
        row.reason,
    )


def freeze_missing(
    connection: Connection,
    last_complete: date,
    set_by: str = "refresh",
    unit_ids: Iterable[int] | None = None,
) -> int:
    """Stores a baseline for each unit and KPI that has none and now has 24 complete months; how many.

    For refresh, inside its transaction. last_complete: the last complete month of the data. unit_ids: only
    these, e.g. the units that a refresh touched; None: all. Reads only what could be complete.
    """
    rules_body = rules.current(connection, "signals")
    needed = rules_body["baseline_months"]
    kpis = catalogue().kpis
    found = waiting(connection, needed, last_complete, unit_ids)
    units = sorted(found)
    count = 0
    for start in range(0, len(units), UNITS_AT_ONCE):
        chunk = units[start : start + UNITS_AT_ONCE]
        measures = {
            name
            for unit in chunk
            for kpi in found[unit]
            for name in signals.measures_needed(kpis[kpi], catalogue())
        }
        facts = facts_of(connection, chunk, measures, last_complete)
        rows = []
        for unit in chunk:
            for kpi in found[unit]:
                judged = _series(facts, kpis[kpi], unit)
                if len(judged.months) >= needed:
                    first = baseline_of(judged.months[:needed], judged.judged[:needed])
                    rows.append((unit, signals.baseline_id(kpis[kpi]), first))
        _store(connection, rows, set_by, FIRST_REASON)
        count += len(rows)
    return count


def _series(facts: Facts, kpi: Kpi, unit_id: int) -> Any:
    judged = catalogue().kpis[signals.baseline_id(kpi)]
    return series(facts, kpi, judged, catalogue().measures, unit_id)


def _store(
    connection: Connection, rows: Sequence[tuple[int, str, Baseline]], set_by: str, reason: str
) -> None:
    if not rows:
        return
    home = select(org_units.c.id, org_units.c.bureau_id).where(org_units.c.id.in_({row[0] for row in rows}))
    homes = {row.id: row.bureau_id for row in connection.execute(home)}
    now = utc_now()
    values = [
        {
            "bureau_id": homes[unit],
            "org_unit_id": unit,
            "kpi": kpi,
            "first_month": one.first_month,
            "last_month": one.last_month,
            "n": one.n,
            "centre": one.centre,
            "mean_range": one.mean_range,
            "set_by": set_by,
            "set_at": now,
            "reason": reason,
        }
        for unit, kpi, one in rows
    ]
    statement = insert(connection, xmr_baselines)
    key = ["bureau_id", "org_unit_id", "kpi"]
    changed = {name: statement.excluded[name] for name in values[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), values)


def reset(
    engine: Engine, viewer: Viewer, kpi_id: str, unit_id: int, first: date, last: date, reason: str
) -> Baseline:
    """Sets the baseline to the complete months from first to last, with an audit row in the same transaction.

    Raises NotAllowed, NotFound, InvalidInput("reason_missing" | "baseline_too_few_months", n, needed).
    """
    if not viewer.may("reset_baseline"):
        raise NotAllowed("reset_baseline")
    if not reason.strip():
        raise InvalidInput("reason_missing")
    kpi = catalogue().kpis.get(kpi_id)
    if kpi is None:
        raise NotFound(kpi_id)
    with writing(engine, viewer.scope) as connection:
        check_act(connection, viewer, "reset_baseline", unit_id)
        facts = facts_of(connection, [unit_id], signals.measures_needed(kpi, catalogue()), None)
        judged = _series(facts, kpi, unit_id)
        chosen = [place for place, month in enumerate(judged.months) if first <= month <= last]
        needed = rules.current(connection, "signals")["baseline_at_least"]
        if len(chosen) < needed:
            raise InvalidInput("baseline_too_few_months", n=len(chosen), needed=needed)
        one = baseline_of(
            [judged.months[place] for place in chosen], [judged.judged[place] for place in chosen]
        )
        key = signals.baseline_id(kpi)
        held = connection.execute(
            _select().where(xmr_baselines.c.org_unit_id == unit_id, xmr_baselines.c.kpi == key)
        ).first()
        _store(connection, [(unit_id, key, one)], viewer.name, reason.strip())
        audit.record(
            connection,
            viewer,
            "reset_baseline",
            f"{key} at unit {unit_id}",
            _for_audit(_baseline(held)) if held else None,
            _for_audit(one),
            reason.strip(),
            unit_id,
        )
        row = connection.execute(
            _select().where(xmr_baselines.c.org_unit_id == unit_id, xmr_baselines.c.kpi == key)
        ).one()
        return _baseline(row)


def _for_audit(one: Baseline) -> dict[str, Any]:
    return {
        "first_month": f"{one.first_month:%Y-%m}",
        "last_month": f"{one.last_month:%Y-%m}",
        "n": one.n,
        "centre": one.centre,
        "mean_range": one.mean_range,
    }
