"""Rectification items of the large company: six of each station, half of them closed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, insert

from data_access.tables.rectifications import rectification_log, rectifications
from domain.org_units import OrgUnit
from domain.periods import add_months

KINDS = ("insulate_conductor", "trim_trees", "replace_transformer", "add_tie", "patrol", "other")
STATUSES = ("closed", "working", "closed", "done", "closed", "assigned")
ENTRIES = 4  # in the log of each


def write(connection: Connection, units: dict[int, OrgUnit], last: date) -> None:
    """Items found in the year and a half before the last month, those that are closed done within it."""
    stations = [unit for unit in units.values() if unit.level == "station"]
    grids = {unit.code: unit.id for unit in units.values() if unit.level == "grid"}
    rows = [row for at, station in enumerate(stations) for row in _items(at, station, grids, last)]
    connection.execute(insert(rectifications), rows)
    connection.execute(insert(rectification_log), [entry for row in rows for entry in _log(row)])


def _items(at: int, station: OrgUnit, grids: dict[str, int], last: date) -> Iterator[dict]:
    for number, (kind, status) in enumerate(zip(KINDS, STATUSES, strict=True)):
        is_line = number < 2
        found = add_months(last, -(at + number) % 6 - 12)
        is_done = status in ("done", "closed")
        done = add_months(found, 3) if is_done else None
        yield {
            "bureau_id": station.bureau_id,
            "item_id": f"R{found.year}-{at * len(KINDS) + number:05}",
            "org_unit_id": station.id if is_line else grids[f"{station.code}00"],
            "object_kind": "line" if is_line else "area",
            "object_code": f"{station.code}F{number}" if is_line else f"{station.code}F0T{number * 4:02}",
            "rules": "RL1",
            "found_on": found,
            "level": 2,
            "title": f"bench {at}-{number}",
            "measure_type": "works",
            "measure_kind": kind,
            "responsible": "bench",
            "worked_by_ids": [],
            "original_due": add_months(found, 4),
            "current_due": add_months(found, 4 if is_done else 16),
            "status": status,
            "done_at": done,
            "closed_at": done if status == "closed" else None,
            "before_from": add_months(found, -12),
            "before_to": add_months(found, -1),
            "created_at": datetime(found.year, found.month, 1),
            "created_by": "bench",
        }


def _log(item: dict) -> Iterator[dict]:
    for number in range(1, ENTRIES + 1):
        yield {
            "bureau_id": item["bureau_id"],
            "item_id": item["item_id"],
            "no": number,
            "at": item["created_at"] + timedelta(days=10 * number),
            "by_name": "bench",
            "kind": "create" if number == 1 else "note",
            "text": "bench",
        }
