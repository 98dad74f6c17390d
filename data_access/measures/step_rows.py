"""Outage steps as arrays, read bureau by bureau: a company's steps never lie in memory together."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Engine, Select, and_, or_, select

from data_access import arrow_rows
from data_access.engine import bare_rows
from data_access.measures.request import Request
from data_access.tables.grid import areas
from data_access.tables.outages import outage_steps, outages
from data_access.transactions import reading_all
from domain.rule_sets import RuleVersion, holds

TEXTS = ("bureau_id", "outage_key", "area_code", "line_code", "kind", "cause")
NUMBERS = ("org_unit_id", "duration_s", "customers", "mv_users")
OUTAGES_ASKED_AT_ONCE = 5_000


def bare_frame(connection: Connection, statement: Select) -> pd.DataFrame:
    """Result of a statement with the driver's own values in object columns: quick for many rows."""
    names = [column.name for column in statement.selected_columns]
    rows = [row for block in bare_rows(connection, statement) for row in block]
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pd.DataFrame(
        {name: pd.Series(values, dtype=object) for name, values in zip(names, columns, strict=True)}
    )


def seconds_frame(connection: Connection, statement: Select, times: Mapping[str, str]) -> pd.DataFrame:
    """As bare_frame; the times become seconds since 1970 under their new names, NaN for none."""
    frame = bare_frame(connection, statement)
    for name, seconds in times.items():
        found = pd.to_datetime(frame.pop(name)).astype("datetime64[s]")
        frame[seconds] = found.astype("int64").where(found.notna()).astype("float64")
    return frame


def by_version(
    versions: Sequence[RuleVersion],
    days: pd.Series,
    frame: pd.DataFrame,
    judge: Callable[[pd.DataFrame, Mapping[str, Any]], pd.Series],
) -> np.ndarray:
    """judge(rows, body) with the version of each row's day, as one array of flags in the order of frame."""
    day = pd.to_datetime(days).to_numpy()
    flags = np.zeros(len(frame), dtype=bool)
    ordered = sorted(versions, key=lambda one: (one.valid_from, one.version))
    for version, following in zip(ordered, [*ordered[1:], None], strict=True):
        mine = day >= np.datetime64(version.valid_from)
        if following is not None:
            mine &= day < np.datetime64(following.valid_from)
        if mine.any():
            flags[mine] = np.asarray(judge(frame[mine], version.body), dtype=bool)
    return flags


def groups_of_units(request: Request) -> list[tuple[int, ...]]:
    """The units of the request, bureau by bureau, so that one bureau's rows are in memory at a time."""
    units = request.city_of.keys() if request.units is None else request.units
    groups: dict[int, list[int]] = {}
    for unit in sorted(units):
        groups.setdefault(request.city_of.get(unit, unit), []).append(unit)
    return [tuple(group) for group in groups.values()]


def _statements(
    names: Sequence[str],
    units: Sequence[int],
    first_day: date,
    last_day: date,
    area: tuple[str, str] | None,
) -> list[tuple[bool, Select]]:
    """Steps booked on the units; then those of areas that the units maintain, booked elsewhere."""
    step = outage_steps.c
    columns = [step[name] for name in names]
    in_time = step.start_day.between(first_day, last_day)
    if area is not None:
        in_time = and_(in_time, step.bureau_id == area[0], step.area_code == area[1])
    own = select(*columns).where(step.org_unit_id.in_(units), in_time)
    of_area = and_(areas.c.bureau_id == step.bureau_id, areas.c.area_code == step.area_code)
    elsewhere = (
        select(*columns)
        .select_from(areas.join(outage_steps, of_area))
        .where(areas.c.org_unit_id.in_(units), step.org_unit_id.not_in(units), in_time)
    )
    return [(True, own), (False, elsewhere)]


def is_any(connection: Connection, units: Sequence[int], first_day: date, last_day: date) -> bool:
    """Whether read_steps() may find one: units above the bureaus have none, mostly."""
    step = outage_steps.c
    own = select(step.org_unit_id).where(
        step.org_unit_id.in_(units), step.start_day.between(first_day, last_day)
    )
    registered = select(areas.c.area_code).where(areas.c.org_unit_id.in_(units))
    return connection.scalar(select(or_(own.exists(), registered.exists())))


def read_steps(
    connection: Connection,
    units: Sequence[int],
    first_day: date,
    last_day: date,
    area: tuple[str, str] | None = None,
    with_cause: bool = True,
) -> pd.DataFrame:
    """One row per step of the units and of their areas, whose outage starts from first_day to last_day.

    Texts are categories; day and started (UTC) are datetime64; duration_s is -1 while it lasts; customers and
    mv_users are 0 where unknown; is_own: booked on one of the units; nature is 0 until outage_nature.py says.
    area: bureau_id and code of just one. Without the cause, which costs time, all causes are ''.
    """
    asked = _statements(_names(with_cause), units, first_day, last_day, area)
    return _steps([_read(connection, *one) for one in asked], with_cause)


def read_many_steps(
    engine: Engine, units: Sequence[int], first_day: date, last_day: date, with_cause: bool
) -> pd.DataFrame:
    """As read_steps(), for a refresh: two parts at a time, each on a connection of its own."""
    middle = first_day + (last_day - first_day) / 2
    days = ((first_day, middle), (middle + timedelta(days=1), last_day))
    asked = [one for ends in days for one in _statements(_names(with_cause), units, *ends, None)]

    def read(part: tuple[bool, Select]) -> pa.Table:
        with reading_all(engine) as connection:
            return _read(connection, *part)

    with ThreadPoolExecutor(2) as beside:
        return _steps(list(beside.map(read, asked)), with_cause)


def _names(with_cause: bool) -> tuple[str, ...]:
    texts = TEXTS if with_cause else tuple(name for name in TEXTS if name != "cause")
    return (*texts, *NUMBERS, "interrupted_at", "start_day")


def _read(connection: Connection, is_own: bool, statement: Select) -> pa.Table:
    found = arrow_rows.read(connection, statement)
    return found.append_column("is_own", pa.array(np.full(found.num_rows, is_own)))


def _steps(parts: Sequence[pa.Table], with_cause: bool) -> pd.DataFrame:
    whole = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    steps = {name: _sorted_categories(whole[name]) for name in TEXTS if name in whole.column_names}
    if not with_cause:
        steps["cause"] = pd.Categorical.from_codes(np.zeros(whole.num_rows, dtype=np.int8), [""])
    for name in NUMBERS:
        steps[name] = whole[name].fill_null(-1 if name == "duration_s" else 0).to_numpy()
    steps["started"] = whole["interrupted_at"].to_numpy()
    steps["day"] = whole["start_day"].to_numpy().astype("datetime64[s]")
    steps["nature"] = np.zeros(whole.num_rows, dtype=np.int8)
    return pd.DataFrame(steps | {"is_own": whole["is_own"].to_numpy()})


def _sorted_categories(column: pa.ChunkedArray) -> pd.Categorical:
    """Texts in sorted order, so that no tie below depends on the order in which a database answers."""
    if not len(column):
        return pd.Categorical([], [])
    numbered = column.chunk(0)
    names = ["", *numbered.dictionary.to_pylist()]  # null is ''
    order = sorted(set(names))
    places = {text: place for place, text in enumerate(order)}
    rank = np.array([places[text] for text in names], dtype=np.int32)
    return pd.Categorical.from_codes(rank[numbered.indices.fill_null(-1).to_numpy() + 1], order)


def with_lines(connection: Connection, steps: pd.DataFrame) -> pd.DataFrame:
    """The steps, those without a line on that of their outage: one row of an outage may name it for all."""
    unknown = steps["line_code"].to_numpy() == ""
    keys = steps.loc[unknown, ["bureau_id", "outage_key"]].drop_duplicates()
    lines = {}
    for bureau, group in keys.groupby("bureau_id", observed=True):
        names = group["outage_key"].tolist()
        for begin in range(0, len(names), OUTAGES_ASKED_AT_ONCE):
            statement = select(outages.c.outage_key, outages.c.line_code).where(
                outages.c.bureau_id == bureau,
                outages.c.outage_key.in_(names[begin : begin + OUTAGES_ASKED_AT_ONCE]),
                outages.c.line_code.is_not(None),
            )
            lines |= {(bureau, row[0]): row[1] for row in connection.execute(statement)}
    if not lines:
        return steps
    line = np.asarray(steps["line_code"], dtype=object)
    pairs = zip(steps.loc[unknown, "bureau_id"], steps.loc[unknown, "outage_key"], strict=True)
    line[unknown] = [lines.get(pair, "") for pair in pairs]
    return steps.assign(line_code=pd.Categorical(line))


def is_momentary(steps: pd.DataFrame, versions: Sequence[RuleVersion]) -> np.ndarray:
    """Which steps rule set outages leaves out, by the version of their day. Never one that lasts."""
    day, duration = steps["day"].to_numpy(), steps["duration_s"].to_numpy()
    momentary = np.zeros(len(steps), dtype=bool)
    for version in sorted(versions, key=lambda one: (one.valid_from, one.version)):
        rule = version.body["momentary"]
        mine = day >= np.datetime64(version.valid_from)
        momentary[mine] = holds(duration[mine], rule["operator"], round(rule["minutes"] * 60))
    return momentary & (duration >= 0)
