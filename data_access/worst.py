"""The worst lines and areas of a unit in a period, by customer-minutes.

They are read from line_months and area_months, which refresh keeps; only the few that are shown are looked up
among the steps, for their main cause. A line's figures are those of the unit's own customers on it, so that
its share is one of the unit's total, whoever maintains the line.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
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
from data_access.masking import masked
from data_access.measures.outages import is_momentary
from data_access.scope import check_unit, inside
from data_access.tables.grid import areas, lines
from data_access.tables.kpi import area_months, line_months
from data_access.tables.outages import outage_steps, outages
from data_access.transactions import reading
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
    """Registered names, those of dedicated accounts masked; the code itself where the register lacks it."""
    statement = select(register.c.bureau_id, register.c[code], masked(register.c.name)).where(
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


Inside = Callable[[ColumnElement[int]], ColumnElement[bool]]  # whether a column's unit is the one asked for
EVENT = ["bureau_id", "code", "org_unit_id", "outage_key", "cause", "seconds"]


def _sums(connection: Connection, code: Any, source: Any, seconds: Any, *conditions: Any) -> pd.DataFrame:
    """Sustained steps that meet the conditions, summed: the columns EVENT."""
    step = outage_steps.c
    momentary = is_momentary(rules.versions(connection, "outages"), step.start_day, step.duration_s)
    keys = (step.bureau_id, code, step.org_unit_id, step.outage_key, step.cause)
    statement = (
        select(*keys, _sum(func.coalesce(seconds, 0)))
        .select_from(source)
        .where(*conditions, ~momentary)
        .group_by(*keys)
    )
    return pd.DataFrame([tuple(row) for row in connection.execute(statement)], columns=EVENT)


def _of_areas(
    connection: Connection, bureau: str, codes: list[str], unit: Inside, seconds: Any, days: Any
) -> list[pd.DataFrame]:
    step = outage_steps.c
    # All interruptions of a registered area are its unit's, whatever unit they are booked on.
    registered = select(areas.c.area_code).where(areas.c.bureau_id == bureau, areas.c.area_code.in_(codes))
    booked = or_(unit(step.org_unit_id), step.area_code.in_(registered))
    chosen = (step.bureau_id == bureau, step.area_code.in_(codes), step.start_day.between(*days))
    return [_sums(connection, step.area_code, outage_steps, seconds, *chosen, booked)]


def _of_lines(
    connection: Connection, bureau: str, codes: list[str], unit: Inside, seconds: Any, days: Any
) -> list[pd.DataFrame]:
    """By the outages' line, which has an index; then steps that name another, where the months count more."""
    step = outage_steps.c
    same = and_(outages.c.bureau_id == step.bureau_id, outages.c.outage_key == step.outage_key)
    source = outages.join(outage_steps, same)
    of_outage = (
        outages.c.bureau_id == bureau,
        outages.c.line_code.in_(codes),
        outages.c.start_day.between(*days),
        or_(step.line_code.is_(None), step.line_code == outages.c.line_code),
    )
    found = _sums(connection, outages.c.line_code, source, seconds, *of_outage, unit(step.org_unit_id))
    seen = found.groupby(["code", "org_unit_id"])["outage_key"].nunique()
    month = line_months.c
    counted = (
        select(month.line_code, month.org_unit_id, func.sum(month.outages))
        .where(
            unit(month.org_unit_id),
            month.bureau_id == bureau,
            month.line_code.in_(codes),
            month.month.between(*days),
        )
        .group_by(month.line_code, month.org_unit_id)
    )
    rows = connection.execute(counted)
    short = {of for line, of, count in rows if count > seen.get((line, of), 0)}
    if not short:
        return [found]
    otherwise = (
        step.bureau_id == bureau,
        step.org_unit_id.in_(sorted(short)),
        step.start_day.between(*days),
        step.line_code.in_(codes),
        or_(outages.c.line_code.is_(None), step.line_code != outages.c.line_code),
    )
    return [found, _sums(connection, step.line_code, source, seconds, *otherwise)]


def _events(
    connection: Connection, found: pd.DataFrame, code: str, unit: Inside, seconds: Any, days: Any
) -> pd.DataFrame:
    """Sustained outages of the chosen lines or areas by cause, with their customer-seconds."""
    of = _of_areas if code == "area_code" else _of_lines
    parts = [pd.DataFrame(columns=EVENT)]
    for bureau, group in found.groupby("bureau_id"):
        parts += of(connection, bureau, group[code].tolist(), unit, seconds, days)
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True).rename(columns={"code": code})


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
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        rows = [tuple(row) for row in connection.execute(ranked)]
        found = pd.DataFrame(rows, columns=["bureau_id", code, "customers", "seconds", "total"])
        found["name"] = _named(connection, register, code, found)
        unit = partial(inside, scope=scope, unit_id=unit_id)
        events = _events(connection, found, code, unit, seconds, _days(period))
    return _result(_with_causes(found, events, code))
