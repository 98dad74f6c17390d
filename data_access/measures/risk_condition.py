"""What is known of the condition of a bureau's lines and areas, as frames for the rules of risk.

A source that has no row at all gives no frame, so that its rules lack data. Codes become places in the list
of objects; rows about others are not read.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, Table, and_, exists, select

from data_access import arrow_rows, settings
from data_access.measures.risk_objects import CODES, Objects
from data_access.tables.condition import (
    area_loads,
    customer_equipment,
    damage_sites,
    defects,
    load_points,
    transformers,
    voltage_days,
)
from data_access.tables.grid import areas, lines
from domain.load_runs import longest_runs
from domain.periods import last_day, utc_range

REGISTERS = {"line": lines, "area": areas}
SOURCES = (area_loads, customer_equipment, damage_sites, defects, load_points, transformers, voltage_days)
LOADS = ["heavy_run_points", "overload_run_points", "unbalance_pct", "unbalance_hours"]
LONGEST_LOOK_BACK = 31  # days before the first month that rules may look back on


def known_sources(connection: Connection) -> set[str]:
    """Names of the tables of condition that have any row."""
    found = connection.execute(select(*(exists(select(one.c.bureau_id)).label(one.name) for one in SOURCES)))
    return {name for name, there in zip((one.name for one in SOURCES), found.one(), strict=True) if there}


def frames(
    connection: Connection,
    objects: Objects,
    units: Sequence[int],
    limits: Mapping[date, Mapping[str, Any]],
) -> dict[str, pd.DataFrame]:
    """The frames of domain/risk_rules.py SOURCES that have data, without counts and listed.

    limits: the months, each with its section RL2, by which runs of metered points are told.
    """
    months = list(limits)
    known = known_sources(connection)
    found = dict(_of_lines(objects))
    if "transformers" in known or "load_points" in known:
        found["transformers"] = _at(connection, objects, "area", transformers, units, "transformer_key")
    if {"area_loads", "load_points"} & known:
        found["loads"] = _loads(connection, objects, units, limits, known, found)
    if "voltage_days" in known:
        begin = months[0] - timedelta(days=LONGEST_LOOK_BACK)
        recent = voltage_days.c.day.between(begin, last_day(months[-1]))
        found["voltage_days"] = _at(connection, objects, "area", voltage_days, units, "area_code", recent)
    if "damage_sites" in known:
        found["sites"] = _at(connection, objects, "line", damage_sites, units, "site_key")
    if "defects" in known:
        found["defects"] = _defects(connection, objects, units)
    if "customer_equipment" in known:
        found["equipment"] = _equipment(connection, objects, units)
    if "transformers" not in known:
        found.pop("transformers", None)
    return found


def _of_lines(objects: Objects) -> Iterator[tuple[str, pd.DataFrame]]:
    """What the register says of lines, where it says it of any."""
    frame = objects.frame.assign(object=np.arange(len(objects.frame)))
    for name, columns in (
        ("conductors", ["conductor", "conductor_since"]),
        ("ties", ["ties", "ties_at_limit"]),
    ):
        known = frame.loc[frame[columns[0]].notna(), ["object", *columns]]
        if len(known):
            yield name, known.reset_index(drop=True)


def _at(
    connection: Connection,
    objects: Objects,
    kind: str,
    table: Table,
    units: Sequence[int],
    key: str,
    *conditions: Any,
) -> pd.DataFrame:
    """Rows of the table about lines or areas of the units: its columns, object, key; days as datetime64."""
    found = arrow_rows.read(connection, _about(kind, table, units).where(*conditions))
    frame = found.to_pandas()
    for column in table.columns:
        if "DATE" in str(column.type).upper() and column.name in frame:
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[s]")
    frame["object"] = objects.of(kind, found["bureau_id"], found[CODES[kind]])
    return frame.assign(key=frame[key].astype(str)).sort_values("key", kind="stable", ignore_index=True)


def _about(kind: str, table: Table, units: Sequence[int]) -> Select:
    """Its rows about registered lines or areas of the units, without what is personal."""
    register, code = REGISTERS[kind], CODES[kind]
    same = and_(register.c.bureau_id == table.c.bureau_id, register.c[code] == table.c[code])
    plain = [one for one in table.columns if "personal" not in one.info and str(one.type) != "TEXT"]
    return select(*plain).select_from(register.join(table, same)).where(register.c.org_unit_id.in_(units))


def _local(times: pd.Series) -> pd.Series:
    """Local days of naive UTC times."""
    zone = settings.company_timezone()
    days = times.dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    return days.astype("datetime64[s]")


def _defects(connection: Connection, objects: Objects, units: Sequence[int]) -> pd.DataFrame:
    """Defects by the object that they are at: the area that one names, else the line."""
    at_area = _at(connection, objects, "area", defects, units, "defect_key")
    only_line = defects.c.area_code.is_(None)
    at_line = _at(connection, objects, "line", defects, units, "defect_key", only_line)
    both = _joined([at_area, at_line])
    return both.assign(found_on=_local(both["found_at"]), cleared_on=_local(both["cleared_at"]))


def _equipment(connection: Connection, objects: Objects, units: Sequence[int]) -> pd.DataFrame:
    """Customers' equipment with the place of its account and of the line that it hangs on, -1 for neither."""
    of_area = _at(connection, objects, "area", customer_equipment, units, "equipment_key")
    of_line = _at(connection, objects, "line", customer_equipment, units, "equipment_key")
    line = dict(zip(of_line["key"] + "\0" + of_line["bureau_id"].astype(str), of_line["object"], strict=True))
    key = of_area["key"] + "\0" + of_area["bureau_id"].astype(str)
    register = objects.frame["line"].to_numpy()[of_area["object"].to_numpy()]
    named = np.array([line.get(one, -1) for one in key], dtype=np.int64)
    of_area["line"] = np.where(of_area["line_code"].isna(), register, named)
    alone = ~(of_line["key"] + "\0" + of_line["bureau_id"].astype(str)).isin(key)
    rest = of_line[alone].assign(line=of_line["object"], object=-1)
    return _joined([of_area, rest]).sort_values("key", kind="stable", ignore_index=True)


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def _loads(
    connection: Connection,
    objects: Objects,
    units: Sequence[int],
    limits: Mapping[date, Mapping[str, Any]],
    known: set[str],
    found: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Monthly loads as imported; of areas and months without runs those told from metered points."""
    frame = pd.DataFrame(columns=["object", "month", *LOADS]).astype({"month": "datetime64[s]"})
    if "area_loads" in known:
        in_time = area_loads.c.month.between(min(limits), max(limits))
        frame = _at(connection, objects, "area", area_loads, units, "area_code", in_time)[list(frame)]
    if "load_points" not in known:
        return frame
    capacity = _capacity(objects, found["transformers"])
    runs = [_runs(connection, objects, units, month, capacity, rule) for month, rule in limits.items()]
    told = _joined(runs)
    both = frame.merge(told, on=["object", "month"], how="outer", suffixes=("", "_told"))
    for name in LOADS[:2]:
        both[name] = both[name].astype("float64").fillna(both.pop(f"{name}_told"))
    return both


def _capacity(objects: Objects, of: pd.DataFrame) -> np.ndarray:
    """kVA of all transformers of each area; one unknown makes the sum unknown; none: as registered."""
    found = objects.frame["capacity_kva"].to_numpy().copy()
    sums = of.groupby("object")["capacity_kva"].agg(lambda column: column.sum(skipna=False))
    found[sums.index.to_numpy(dtype=np.int64)] = sums.to_numpy(dtype=np.float64)
    return found


def _runs(
    connection: Connection,
    objects: Objects,
    units: Sequence[int],
    month: date,
    capacity: np.ndarray,
    rule: Mapping[str, Any],
) -> pd.DataFrame:
    """Longest runs of the points of one month."""
    begin, end = utc_range(month, last_day(month), settings.company_timezone())
    at = load_points.c.measured_at
    rows = arrow_rows.read(connection, _about("area", load_points, units).where(at >= begin, at < end))
    points = pd.DataFrame(
        {
            "object": objects.of("area", rows["bureau_id"], rows["area_code"]),
            "measured_s": rows["measured_at"].to_numpy().astype("datetime64[s]").astype(np.int64),
            "power_kw": rows["power_kw"].to_numpy(),
        }
    )
    return longest_runs(points, capacity, rule).assign(month=np.datetime64(month, "s"))
