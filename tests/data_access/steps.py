"""Outage steps written by hand for tests of measures, with the outages derived from them, and a request."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import Engine, insert

from data_access import lease, org_units, rules
from data_access.measures.request import Request
from data_access.tables.grid import areas, lines
from data_access.tables.outages import notice_areas, notices, outage_steps, outages, restoration_promises
from data_access.transactions import reading_all, writing_all
from domain import rule_sets
from domain.org_units import city_of
from tests.data_access.company import CHINA, HOME


def local(text: str) -> datetime:
    """Naive UTC of a local time such as "2026-03-01 10:00"."""
    return datetime.fromisoformat(text) - CHINA


def step(outage: str, unit: int, area: str | None, start: str, minutes: float | None = 60, **more) -> dict:
    """One step; minutes None while it lasts. start is local, and the outage's start day unless given."""
    begin = local(start)
    return {
        "bureau_id": HOME[unit],
        "step_key": f"{outage}/{area}",
        "outage_key": outage,
        "org_unit_id": unit,
        "area_code": area,
        "kind": "fault",
        "cause": "equipment",
        "customers": 10,
        "mv_users": 1,
        "interrupted_at": begin,
        "restored_at": None if minutes is None else begin + timedelta(minutes=minutes),
        "duration_s": None if minutes is None else round(minutes * 60),
        "promised_at": None,
        "line_code": None,
        "start_day": datetime.fromisoformat(start).date(),
        **more,
    }


def _derived(steps: list[dict]) -> Iterable[dict]:
    by_outage: dict[tuple[str, str], list[dict]] = {}
    for one in steps:
        by_outage.setdefault((one["bureau_id"], one["outage_key"]), []).append(one)
    for (bureau, key), group in by_outage.items():
        first = min(group, key=lambda one: (one["interrupted_at"], one["step_key"]))
        still_open = sum(one["restored_at"] is None for one in group)
        ended = None if still_open else max(one["restored_at"] for one in group)
        restored = [one["duration_s"] for one in group if one["duration_s"] is not None]
        yield {
            "bureau_id": bureau,
            "outage_key": key,
            "org_unit_id": first["org_unit_id"],
            "kind": first["kind"],
            "cause": first["cause"],
            "line_code": next((one["line_code"] for one in group if one["line_code"]), None),
            "detected_at": next((one["detected_at"] for one in group if one.get("detected_at")), None),
            "started_at": first["interrupted_at"],
            "ended_at": ended,
            "duration_s": None if ended is None else round((ended - first["interrupted_at"]).total_seconds()),
            "longest_step_s": max(restored, default=None),
            "start_day": first["start_day"],
            "steps": len(group),
            "customers": _sum(group, "customers"),
            "mv_users": _sum(group, "mv_users"),
            "open_steps": still_open,
        }


def _sum(group: list[dict], name: str) -> int | None:
    known = [one[name] for one in group if one[name] is not None]
    return sum(known) if known else None


def write(engine: Engine, steps: list[dict], **others: list[dict]) -> None:
    """Write steps and their outages; others: areas, lines, notices, notice_areas, promises."""
    tables = {
        "areas": areas,
        "lines": lines,
        "notices": notices,
        "notice_areas": notice_areas,
        "promises": restoration_promises,
    }
    with writing_all(engine) as connection:
        for name, rows in others.items():
            for row in rows:
                connection.execute(insert(tables[name]).values(**row))
        for row in steps:
            connection.execute(insert(outage_steps).values(**row))
        for row in _derived(steps):
            connection.execute(insert(outages).values(**row))


def area(unit: int, code: str, line: str | None = None, kind: str = "public", **more) -> dict:
    """A registered area."""
    return {"bureau_id": HOME[unit], "area_code": code, "name": f"area {code}", "org_unit_id": unit,
            "line_code": line, "kind": kind, **more}  # fmt: skip


def line(unit: int, code: str, **more) -> dict:
    """A registered line."""
    return {"bureau_id": HOME[unit], "line_code": code, "name": f"line {code}", "org_unit_id": unit,
            "kind": "public", **more}  # fmt: skip


def request(
    engine: Engine,
    first: date,
    last: date,
    units: tuple[int, ...] | None = None,
    as_of_day: date | None = None,
    med: tuple[tuple[int, date], ...] = (),
) -> Request:
    """What refresh would ask for; data until the end of the last month unless said."""
    with reading_all(engine) as connection:
        tree = org_units.all_units(connection)
        versions = {name: rules.versions(connection, name) for name in rule_sets.names()}
    end = (pd.Timestamp(last) + pd.offsets.MonthEnd(0)).date()
    days = pd.DataFrame(med, columns=["org_unit_id", "day"])
    cities = {unit: city_of(unit, tree) for unit in tree}
    return Request(units, first, last, as_of_day or end, versions, days, cities, everywhere)


def everywhere(_source: str, units: Sequence[int], months: Sequence[date]) -> np.ndarray:
    """Every source covers every month."""
    return np.ones((len(units), len(months)), dtype=bool)


def computed(engine: Engine, builder, wanted: Request) -> pd.DataFrame:
    """Own values of a builder, after its own tables were written."""
    if hasattr(builder, "store"):
        with lease.held(engine) as holder:
            builder.store(engine, holder, wanted)
    with reading_all(engine) as connection:
        return builder.own_values(connection, wanted)


def totals(values: pd.DataFrame, measure: str, dimension: str = "") -> dict:
    """Value by (unit, month) or (unit, month, member), e.g. {(4, "2026-03"): 2}."""
    chosen = values[(values["measure"] == measure) & (values["dimension"] == dimension)]
    months = pd.to_datetime(chosen["period_start"]).dt.strftime("%Y-%m")
    keys = [chosen["org_unit_id"], months, *([chosen["member"]] if dimension else [])]
    return dict(zip(zip(*keys, strict=True), chosen["value"].tolist(), strict=True))
