"""The worst lines and areas of a unit in a period, by customer-minutes.

They are read from line_months and area_months, which refresh keeps; only the few that are shown are looked up
among the steps, for their main cause. A line's figures are those of the unit's own customers on it, so that
its share is one of the unit's total, whoever maintains the line.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    and_,
    cast,
    func,
    or_,
    select,
)

from data_access import rules
from data_access.engine import reading
from data_access.measures.outages import is_momentary
from data_access.scope import check_unit, inside
from data_access.tables.grid import areas, lines
from data_access.tables.kpi import area_months, line_months
from data_access.tables.outages import outage_steps, outages
from domain.periods import Period, last_day
from domain.viewer import Scope

# Customers and customer-seconds of each level in the two tables; an area is one MV user.
OF_LINES = {"LV": ("customers", "customer_s"), "MV": ("mv_users", "mv_user_s")}
OF_AREAS = {"LV": ("customers", "customer_s"), "MV": ("interruptions", "seconds")}


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.sum(column), BigInteger)


def _ranked(
    table: Table, code: str, columns: Sequence[str], scope: Scope, unit_id: int, period: Period, limit: int
) -> Select:
    """The worst of a table by its customer-seconds, each with the total of all."""
    customers, seconds = (table.c[name] for name in columns)
    grouped = (
        select(
            table.c.bureau_id,
            table.c[code],
            _sum(customers).label("customers"),
            _sum(seconds).label("seconds"),
        )
        .where(inside(table.c.org_unit_id, scope, unit_id), table.c.month.between(period.first, period.last))
        .group_by(table.c.bureau_id, table.c[code])
        .cte("grouped")
    )
    total = select(_sum(grouped.c.seconds)).scalar_subquery()
    return (
        select(grouped, total.label("total"))
        .where(grouped.c[code] != "", grouped.c.seconds > 0)
        .order_by(grouped.c.seconds.desc(), grouped.c.bureau_id, grouped.c[code])
        .limit(limit)
    )


def _named(connection: Connection, register: Table, code: str, found: pd.DataFrame) -> pd.Series:
    """Registered names; the code itself where the register lacks it."""
    statement = select(register.c.bureau_id, register.c[code], register.c.name).where(
        register.c.bureau_id.in_(found["bureau_id"].unique().tolist()),
        register.c[code].in_(found[code].tolist()),
    )
    names = {(row[0], row[1]): row[2] for row in connection.execute(statement)}
    keys = zip(found["bureau_id"], found[code], strict=True)
    return pd.Series([names.get(key, key[1]) for key in keys], index=found.index, dtype=object)


def _with_causes(found: pd.DataFrame, events: pd.DataFrame, code: str) -> pd.DataFrame:
    """Adds outages (distinct) and main_cause, the cause with the most customer-seconds."""
    key = ["bureau_id", code]
    counts = events.groupby(key)["outage_key"].nunique().rename("outages")
    causes = events.groupby([*key, "cause"], as_index=False)["seconds"].sum()
    main = causes.sort_values(["seconds", "cause"], ascending=[False, True]).drop_duplicates(key)
    main = main.set_index(key)["cause"].rename("main_cause")
    return found.join(counts, on=key).join(main, on=key)


def _result(found: pd.DataFrame) -> pd.DataFrame:
    found["customer_minutes"] = found["seconds"] / 60
    found["share"] = found["seconds"] / found["total"]
    return found.drop(columns=["seconds", "total"])


def _events(
    connection: Connection, found: pd.DataFrame, code: str, unit: ColumnElement[bool], seconds: Any, days: Any
) -> pd.DataFrame:
    """Sustained outages of the chosen lines or areas by cause, with their customer-seconds."""
    step = outage_steps.c
    momentary = is_momentary(rules.versions(connection, "outages"), step.start_day, step.duration_s)
    names = ["bureau_id", code, "outage_key", "cause", "seconds"]
    parts = []
    for bureau, group in found.groupby("bureau_id"):
        codes = group[code].tolist()
        if code == "area_code":
            source, chosen, of = outage_steps, step.area_code.in_(codes), step.area_code
            # All interruptions of a registered area are its unit's, whatever unit they are booked on.
            registered = select(areas.c.area_code).where(
                areas.c.bureau_id == bureau, areas.c.area_code.in_(codes)
            )
            booked = or_(unit, step.area_code.in_(registered))
        else:
            same = and_(outages.c.bureau_id == step.bureau_id, outages.c.outage_key == step.outage_key)
            source, of = outages.join(outage_steps, same), func.coalesce(step.line_code, outages.c.line_code)
            chosen = and_(
                outages.c.bureau_id == bureau,
                outages.c.line_code.in_(codes),
                outages.c.start_day.between(*days),
                or_(step.line_code.is_(None), step.line_code == outages.c.line_code),
            )
            booked = unit
        statement = (
            select(step.bureau_id, of, step.outage_key, step.cause, _sum(func.coalesce(seconds, 0)))
            .select_from(source)
            .where(step.bureau_id == bureau, chosen, booked, ~momentary, step.start_day.between(*days))
            .group_by(step.bureau_id, of, step.outage_key, step.cause)
        )
        parts += [tuple(row) for row in connection.execute(statement)]
    return pd.DataFrame(parts, columns=names)


def _days(period: Period) -> tuple[date, date]:
    return period.first, last_day(period.last)


def worst_lines(
    engine: Engine, scope: Scope, unit_id: int, period: Period, limit: int = 10, level: str = "LV"
) -> pd.DataFrame:
    """The lines that cost the unit's customers most, the worst first.

    Columns: bureau_id, line_code, name, customers (interrupted), outages, customer_minutes, share (of the
    unit's total, lines not known included), main_cause. Raises NotFound for a unit outside the scope.
    """
    step = outage_steps.c
    ranked = _ranked(line_months, "line_code", OF_LINES[level], scope, unit_id, period, limit)
    users = step.customers if level == "LV" else step.mv_users
    return _worst(engine, scope, unit_id, period, ranked, lines, "line_code", users * step.duration_s)


def worst_areas(
    engine: Engine, scope: Scope, unit_id: int, period: Period, limit: int = 10, level: str = "LV"
) -> pd.DataFrame:
    """The areas that cost their customers most, the worst first; level MV: each area is one user.

    Columns as worst_lines, with area_code. Raises NotFound for a unit outside the scope.
    """
    step = outage_steps.c
    ranked = _ranked(area_months, "area_code", OF_AREAS[level], scope, unit_id, period, limit)
    seconds = step.customers * step.duration_s if level == "LV" else step.duration_s
    return _worst(engine, scope, unit_id, period, ranked, areas, "area_code", seconds)


def _worst(
    engine: Engine,
    scope: Scope,
    unit_id: int,
    period: Period,
    ranked: Select,
    register: Table,
    code: str,
    seconds: ColumnElement[int],
) -> pd.DataFrame:
    with reading(engine) as connection:
        check_unit(connection, scope, unit_id)
        rows = [tuple(row) for row in connection.execute(ranked)]
        found = pd.DataFrame(rows, columns=["bureau_id", code, "customers", "seconds", "total"])
        found["name"] = _named(connection, register, code, found)
        unit = inside(outage_steps.c.org_unit_id, scope, unit_id)
        events = _events(connection, found, code, unit, seconds, _days(period))
    return _result(_with_causes(found, events, code))
