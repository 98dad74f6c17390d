"""Outages, stocks and coverage of the small company, written straight into the tables by a few words."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

import numpy as np
from sqlalchemy import Engine, insert, select

from data_access import lease, stale
from data_access.packed import EPOCH, pack
from data_access.refresh_basis import basis
from data_access.refresh_values import own_values, requests, store
from data_access.roll_up import totals
from data_access.tables.imports import source_coverage
from data_access.tables.kpi import kpi_facts
from data_access.tables.org import customers_served
from data_access.tables.outages import outage_steps, outages
from data_access.transactions import reading_all, writing_all
from domain.periods import month_of
from tests.data_access.company import HOME, PROVINCE, utc

ALL = ("outages", "outages.customers", "outages.mv_users", "outages.trip", "outages.has_automation",
       "outages.is_fast_restored", "outages.line_code", "outages.area_code")  # fmt: skip


def step(
    unit: int,
    start: datetime,
    minutes: float | None,
    customers: int | None = 10,
    *,
    key: str = "",
    outage: str = "",
    kind: str = "fault",
    cause: str = "tree",
    mv_users: int | None = 1,
    **more: Any,
) -> dict[str, Any]:
    """One step; start is naive UTC, minutes None while it lasts. more: columns of outage_steps."""
    key = key or f"{unit}-{start:%Y%m%d%H%M%S}"
    seconds = None if minutes is None else round(minutes * 60)
    return {
        "bureau_id": HOME[unit],
        "step_key": key,
        "outage_key": outage or key,
        "org_unit_id": unit,
        "kind": kind,
        "cause": cause,
        "customers": customers,
        "mv_users": mv_users,
        "interrupted_at": start,
        "restored_at": None if seconds is None else start + timedelta(seconds=seconds),
        "duration_s": seconds,
        **more,
    }


EVENT = ("line_code", "trip", "has_automation", "is_fast_restored", "is_boundary_breaker")
DAY_BEGINS = timedelta(hours=8)


def outage_of(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """The outage that its steps make, as a take-over derives it: unit, kind and cause of the first step."""
    first = min(steps, key=lambda one: (one["interrupted_at"], one["step_key"]))
    durations = [one["duration_s"] for one in steps if one["duration_s"] is not None]
    still_open = sum(one["duration_s"] is None for one in steps)
    ended = None if still_open else max(one["restored_at"] for one in steps)
    counts = {
        name: sum(one[name] for one in steps if one[name] is not None)
        if any(one[name] is not None for one in steps)
        else None
        for name in ("customers", "mv_users")
    }
    return {
        "bureau_id": first["bureau_id"],
        "outage_key": first["outage_key"],
        "org_unit_id": first["org_unit_id"],
        "kind": first["kind"],
        "cause": first["cause"],
        **{name: first.get(name) for name in EVENT},
        "started_at": first["interrupted_at"],
        "ended_at": ended,
        "duration_s": None if ended is None else round((ended - first["interrupted_at"]).total_seconds()),
        "longest_step_s": max(durations, default=None),
        "start_day": (first["interrupted_at"] + DAY_BEGINS).date(),
        "steps": len(steps),
        **counts,
        "open_steps": still_open,
    }


def book(engine: Engine, *steps: dict[str, Any]) -> None:
    """Write the steps with their outages and mark what they touch."""
    by_outage: dict[str, list[dict[str, Any]]] = {}
    for one in steps:
        by_outage.setdefault(one["outage_key"], []).append(one)
    made = [outage_of(group) for group in by_outage.values()]
    days = {one["outage_key"]: one["start_day"] for one in made}
    names = sorted({name for one in steps for name in one})
    rows = [{name: one.get(name) for name in names} | {"start_day": days[one["outage_key"]]} for one in steps]
    with writing_all(engine) as connection:
        connection.execute(insert(outage_steps), rows)
        connection.execute(insert(outages), made)
        stale.mark(
            connection,
            [(one["org_unit_id"], "outages", month_of(one["start_day"])) for one in [*rows, *made]],
        )


def cover(
    engine: Engine,
    first: date,
    last: date,
    unit: int = PROVINCE,
    sources: Iterable[str] = ALL,
    batch: int = 1,
) -> None:
    """State that the sources cover the unit from first to last."""
    with writing_all(engine) as connection:
        connection.execute(
            insert(source_coverage),
            [
                {
                    "bureau_id": HOME[unit],
                    "source": source,
                    "org_unit_id": unit,
                    "batch_id": batch,
                    "covers_from": first,
                    "covers_to": last,
                }
                for source in sources
            ],
        )
        stale.mark_coverage(connection, batch)


def serve(engine: Engine, months: Iterable[date], customers: dict[int, int], level: str = "LV") -> None:
    """Customers served of the units in each of the months."""
    rows = [
        {"bureau_id": HOME[unit], "org_unit_id": unit, "level": level, "month": month, "customers": count}
        for month in months
        for unit, count in customers.items()
    ]
    with writing_all(engine) as connection:
        connection.execute(insert(customers_served), rows)
        stale.mark(connection, [(row["org_unit_id"], "customers_served", row["month"]) for row in rows])


def facts(engine: Engine) -> dict[tuple, int]:
    """Every row of kpi_facts: (unit, measure, dimension, member, grain, start) -> value."""
    fact = kpi_facts.c
    keys = (fact.org_unit_id, fact.measure, fact.dimension, fact.member, fact.grain, fact.period_start)
    with engine.connect() as connection:
        return {tuple(row[:-1]): row[-1] for row in connection.execute(select(*keys, fact.value))}


def measured(
    engine: Engine, builder: ModuleType, unit: int, start: date, grain: str = "month"
) -> dict[str, int]:
    """What the builder's measures add up to for the unit and all below; break-downs as "measure/member"."""
    with reading_all(engine) as connection:
        known = basis(connection)
    first = last = month_of(start)
    with lease.held(engine) as holder:
        asked = requests(engine, known, builder, known.tree.units, first, last)
        store(engine, holder, builder, asked)
        own = own_values(engine, builder, asked)
    found = totals(pack(own), known.tree)
    day = int((np.datetime64(start) - EPOCH).astype(int))
    result = {}
    for at_unit, code, at_day, value in zip(
        found.unit.tolist(), found.code.tolist(), found.day.tolist(), found.value.tolist(), strict=True
    ):
        measure, dimension, of_grain, member = found.series[code]
        if (at_unit, at_day, of_grain) == (unit, day, grain):
            result[f"{measure}/{member}" if dimension else measure] = value
    return result


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Naive UTC of a local time."""
    return utc(day, hour, minute)
