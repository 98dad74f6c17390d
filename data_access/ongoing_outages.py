"""Outages that last: in frequency already, in no duration yet, so every page that shows them says so."""

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, Engine, func, or_, select

from data_access.engine import reading
from data_access.scope import below, check_unit, within
from data_access.tables.grid import lines
from data_access.tables.org import org_units
from data_access.tables.outages import outage_steps, outages, restoration_promises
from domain.viewer import Scope


def listed(engine: Engine, scope: Scope, unit_id: int, limit: int = 200) -> tuple[pd.DataFrame, int]:
    """Ongoing outages at the unit or below, longest first, and how many there are in all.

    Columns: outage_key, unit, unit_en, line_code, line, kind, cause, started_at (UTC), customers and mv_users
    still out (missing where the source does not count them), promised_at (the latest told). Raises NotFound.
    """
    # All begins with the few ongoing outages, never with all outages or steps of the unit. The sum is in no
    # index: else a database may go by the unit and find them last.
    unit = outages.c.org_unit_id + 0
    ongoing = (
        select(outages)
        .where(outages.c.open_steps > 0, below(unit, unit_id), within(unit, scope))
        .cte("ongoing")
    )
    still_out = (
        select(
            ongoing.c.bureau_id,
            ongoing.c.outage_key,
            func.sum(outage_steps.c.customers).label("customers"),
            func.sum(outage_steps.c.mv_users).label("mv_users"),
            func.max(outage_steps.c.promised_at).label("promised_at"),
        )
        .join(
            outage_steps,
            (outage_steps.c.bureau_id == ongoing.c.bureau_id)
            & (outage_steps.c.outage_key == ongoing.c.outage_key),
        )
        .where(outage_steps.c.restored_at.is_(None))
        .group_by(ongoing.c.bureau_id, ongoing.c.outage_key)
        .subquery()
    )
    statement = (
        select(
            ongoing.c.outage_key,
            org_units.c.name.label("unit"),
            org_units.c.name_en.label("unit_en"),
            ongoing.c.line_code,
            lines.c.name.label("line"),
            ongoing.c.kind,
            ongoing.c.cause,
            ongoing.c.started_at,
            still_out.c.customers,
            still_out.c.bureau_id,
            still_out.c.mv_users,
            still_out.c.promised_at,
        )
        .join(org_units, org_units.c.id == ongoing.c.org_unit_id)
        .join(
            still_out,
            (still_out.c.bureau_id == ongoing.c.bureau_id) & (still_out.c.outage_key == ongoing.c.outage_key),
        )
        .join(
            lines,
            (lines.c.bureau_id == ongoing.c.bureau_id) & (lines.c.line_code == ongoing.c.line_code),
            isouter=True,
        )
        .order_by(ongoing.c.started_at, ongoing.c.outage_key)
        .limit(limit)
    )
    with reading(engine) as connection:
        check_unit(connection, scope, unit_id)
        count = connection.scalar(select(func.count()).select_from(ongoing))
        rows = connection.execute(statement)
        found = pd.DataFrame(rows.fetchall(), columns=list(rows.keys()))
        told = _told(connection, found)
    pairs = zip(found["bureau_id"], found["outage_key"], found["promised_at"], strict=True)
    latest = [told.get((bureau, key), own) for bureau, key, own in pairs]
    return found.assign(promised_at=pd.to_datetime(pd.Series(latest, dtype=object))), count


def _told(connection: Connection, found: pd.DataFrame) -> dict[tuple[str, str], datetime]:
    """(key space, outage) -> the time last told to its customers who are still out, where one was told.

    The time on a step itself counts as told when the step began, so any message is later.
    """
    told, step = restoration_promises.c, outage_steps.c
    lasting = select(step.step_key).where(step.bureau_id == told.bureau_id, step.restored_at.is_(None))
    statement = (
        select(told.bureau_id, told.outage_key, told.promised_at)
        .where(
            told.bureau_id.in_(found["bureau_id"].unique().tolist()),
            told.outage_key.in_(found["outage_key"].tolist()),
            or_(told.step_key.is_(None), told.step_key.in_(lasting.correlate(restoration_promises))),
        )
        .order_by(told.told_at, told.promise_key)
    )
    return {(row.bureau_id, row.outage_key): row.promised_at for row in connection.execute(statement)}
