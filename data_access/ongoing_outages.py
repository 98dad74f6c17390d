"""Outages that last: in frequency already, in no duration yet, so every page that shows them says so."""

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, Engine, case, func, or_, select

from data_access.scope import check_unit, inside, within
from data_access.tables.grid import lines
from data_access.tables.org import org_units
from data_access.tables.outages import outage_steps, outages, restoration_promises
from data_access.transactions import reading
from domain.viewer import Scope


def listed(engine: Engine, scope: Scope, unit_id: int, limit: int = 200) -> tuple[pd.DataFrame, int]:
    """Outages with customers of the unit or below still out, longest first, and how many there are in all.

    An outage of a unit above, or of one elsewhere, belongs to the list by its steps that last here; only
    these are summed. Columns: outage_key, unit, unit_en (of the outage, where the viewer may see it, else of
    the steps), line_code, line, kind, cause, started_at (UTC), customers and mv_users still out (missing
    where the source does not count them), promised_at (the latest told). Raises NotFound.
    """
    step = outage_steps.c
    # All begins with the few ongoing outages, found once and kept, never with all outages or steps of the
    # unit. The sum is in no index: else a database may go by the unit and find them last.
    unit = step.org_unit_id + 0
    ongoing = select(outages).where(outages.c.open_steps > 0).cte("ongoing").prefix_with("MATERIALIZED")
    of_outage = (step.bureau_id == ongoing.c.bureau_id) & (step.outage_key == ongoing.c.outage_key)
    still_out = (
        select(
            ongoing.c.bureau_id,
            ongoing.c.outage_key,
            func.sum(step.customers).label("customers"),
            func.sum(step.mv_users).label("mv_users"),
            func.max(step.promised_at).label("promised_at"),
            func.min(step.org_unit_id).label("org_unit_id"),
        )
        .join(outage_steps, of_outage)
        .where(step.restored_at.is_(None), inside(unit, scope, unit_id))
        .group_by(ongoing.c.bureau_id, ongoing.c.outage_key)
        .subquery()
    )
    shown_unit = case(
        (within(ongoing.c.org_unit_id, scope), ongoing.c.org_unit_id), else_=still_out.c.org_unit_id
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
        .join(
            still_out,
            (still_out.c.bureau_id == ongoing.c.bureau_id) & (still_out.c.outage_key == ongoing.c.outage_key),
        )
        .join(org_units, org_units.c.id == shown_unit)
        .join(
            lines,
            (lines.c.bureau_id == ongoing.c.bureau_id) & (lines.c.line_code == ongoing.c.line_code),
            isouter=True,
        )
        .order_by(ongoing.c.started_at, ongoing.c.outage_key)
        .limit(limit)
    )
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        count = connection.scalar(select(func.count()).select_from(still_out))
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
