"""What befell lines and areas month by month, both alike: for the course of an object, and for proof."""

from collections.abc import Collection
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Engine, Select, literal, select, tuple_

from data_access.scope import within
from data_access.tables.kpi import area_months
from data_access.tables.risk import line_outages
from data_access.transactions import reading
from domain.viewer import Scope

KEY = ("bureau_id", "object_kind", "object_code", "month", "org_unit_id")
VALUES = (
    "outages", "faults", "external_faults", "passed_faults", "outages_no_med", "faults_no_med",
    "customers_no_med", "customer_s_no_med", "fault_customer_s_no_med", "mv_users_no_med", "mv_user_s_no_med",
)  # fmt: skip
ALIKE = VALUES[1:4] + VALUES[5:9]  # named so in both tables

Object = tuple[str, str, str]  # bureau_id, line or area, code


def read(engine: Engine, scope: Scope, objects: Collection[Object], first: date, last: date) -> pd.DataFrame:
    """One row per object and month from first to last with a sustained outage: KEY and VALUES.

    outages: sustained outages that touched it; faults are of them; no_med: not begun on a major event day.
    customers are LV interruptions, customer_s their seconds; an area is one MV user. A month without a row:
    nothing happened, or nothing is known (coverage says which). Objects outside the scope have no rows.
    """
    with reading(engine, scope) as connection:
        parts = [
            _rows(connection, _statement(kind, scope, objects, first, last)) for kind in ("line", "area")
        ]
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True).sort_values(list(KEY[:4]), ignore_index=True)


def _statement(kind: str, scope: Scope, objects: Collection[Object], first: date, last: date) -> Select:
    table = line_outages if kind == "line" else area_months
    c = table.c
    code = c[f"{kind}_code"]
    if kind == "line":
        own = [c[name] for name in VALUES]
    else:
        counted = {
            "outages": c.interruptions,
            "outages_no_med": c.interruptions - c.interruptions_med,
            "mv_users_no_med": c.interruptions - c.interruptions_med,
            "mv_user_s_no_med": c.seconds - c.seconds_med,
            **{name: c[name] for name in ALIKE},
        }
        own = [counted[name].label(name) for name in VALUES]
    wanted = [(bureau, name) for bureau, one, name in objects if one == kind]
    keys = (
        c.bureau_id,
        literal(kind).label("object_kind"),
        code.label("object_code"),
        c.month,
        c.org_unit_id,
    )
    return select(*keys, *own).where(
        within(c.org_unit_id, scope), c.month.between(first, last), tuple_(c.bureau_id, code).in_(wanted)
    )


def _rows(connection: Connection, statement: Select) -> pd.DataFrame:
    found = pd.DataFrame([tuple(row) for row in connection.execute(statement)], columns=[*KEY, *VALUES])
    return found[found["outages"] > 0]
