"""Rectification items that come and change in any order, with the marks that acts leave."""

import random
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, true

from data_access import changing
from data_access import rectification_acts as acts
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import writing_all
from domain.periods import add_months, month_of
from tests.data_access.company import UNITS

STATES = ("assigned", "working", "done", "closed", "closed", "closed", "cancelled")
UNIT_OF = {code: number for number, (code, *_rest) in UNITS.items()}


def work_on_items(engine: Engine, bureau: str, units: list[str], seed: int) -> None:
    """Three items of few numbers: each made, or changed as if somebody had brought it forward."""
    draw = random.Random(seed)
    for _ in range(3):
        key = {"bureau_id": bureau, "item_id": f"R2025-{draw.randrange(6):04d}"}
        values = _values(draw, UNIT_OF[draw.choice(units)])
        with writing_all(engine) as connection:
            held = changing.held(connection, true(), table, key)
            if held is None:
                change = changing.insert(connection, true(), table, key, values)
            else:
                kept = {name: one for name, one in values.items() if name != "org_unit_id"}
                change = changing.update(connection, true(), table, key, held["version"], kept)
            acts.mark(connection, change)


def _values(draw: random.Random, unit: int) -> dict:
    found = date(2025, 11, 1) + timedelta(days=draw.randrange(100))
    status = draw.choice(STATES)
    done = found + timedelta(days=draw.randrange(60)) if status in ("done", "closed") else None
    closed = (
        (done or found) + timedelta(days=draw.randrange(60)) if status in ("closed", "cancelled") else None
    )
    began = datetime(found.year, found.month, found.day, 3)
    kind = draw.choice(("line", "area", "equipment"))
    return {
        "org_unit_id": unit, "object_kind": kind, "title": "x", "level": 1, "rules": draw.choice(("", "RL1")),
        "object_code": f"{'T' if kind == 'area' else 'L'}{draw.randrange(2)}", "status": status,
        "evidence": {"cause_groups": [draw.choice(("tree", "weather", "external"))]}, "worked_by_ids": [],
        "found_on": found, "original_due": draw.choice((None, found + timedelta(days=draw.randrange(50)))),
        "assigned_at": began, "started_at": began if status != "assigned" else None, "done_at": done,
        "closed_at": closed, "before_from": add_months(month_of(found), -12),
        "before_to": add_months(month_of(found), -1), "created_at": began, "created_by": "x",
        "measure_kind": draw.choice(("patrol", "trim_trees")),
    }  # fmt: skip
