"""The lines and areas of a bureau that can be at risk, and what befell them month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from data_access import arrow_rows
from data_access.measures.step_rows import bare_frame
from data_access.measures.stocks import is_in_service
from data_access.tables.grid import area_customers, areas, lines
from data_access.tables.kpi import area_months
from data_access.tables.risk import line_outages
from domain.periods import last_day

COUNTS = ("faults", "external_faults", "passed_faults", "faults_no_med", "fault_customer_s_no_med")
CODES = {"line": "line_code", "area": "area_code"}
ALIKE = ("bureau_id", "org_unit_id", "kind", "opened_on", "closed_on")
OF_LINE = ("line_code", "conductor", "conductor_since", "ties", "ties_at_limit")
OF_AREA = ("area_code", "line_code", "capacity_kva")


@dataclass(frozen=True)
class Objects:
    """The registered lines, then the areas, in the order of their keys; a place is the number of a row.

    frame: object_kind, bureau_id, object_code, org_unit_id, kind, line (place of the area's line; -1 for
    none and for lines), capacity_kva (of areas), opened_on, closed_on, and of lines conductor,
    conductor_since, ties, ties_at_limit.
    """

    frame: pd.DataFrame
    places: Mapping[str, Mapping[tuple[str, str], int]]  # by object_kind and (bureau_id, code)

    def of(self, kind: str, bureaus: pa.Array, codes: pa.Array) -> np.ndarray:
        """Place of each (bureau_id, code), -1 where it is none of these objects."""
        of_bureau, bureau_names = _coded(bureaus)
        of_code, code_names = _coded(codes)
        size = len(code_names) + 1
        pairs, number = np.unique(of_bureau * size + of_code, return_inverse=True)
        known, names = self.places[kind], [*code_names, None]
        found = [known.get((bureau_names[one // size], names[one % size]), -1) for one in pairs.tolist()]
        return np.array(found, dtype=np.int64)[number]

    def in_service(self, month: date) -> np.ndarray:
        """Which stand at the end of the month."""
        return is_in_service(self.frame, month)


def _coded(column: pa.ChunkedArray | pa.Array) -> tuple[np.ndarray, list[str]]:
    """Numbers and the texts that they stand for; null is the number after the last."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    names = whole.dictionary.to_pylist()
    return whole.indices.fill_null(len(names)).to_numpy().astype(np.int64), names


def is_any(connection: Connection, units: Sequence[int]) -> bool:
    """Whether a line or an area is registered for one of the units."""
    kept = (select(table.c.org_unit_id).where(table.c.org_unit_id.in_(units)) for table in (lines, areas))
    return connection.scalar(select(or_(*(one.exists() for one in kept))))


def read(connection: Connection, units: Sequence[int]) -> Objects:
    """The registered lines and areas of the units."""
    parts = [_registered(connection, *one, units) for one in ((lines, OF_LINE), (areas, OF_AREA))]
    size = len(parts[0])
    keys = [list(zip(one["bureau_id"], one["object_code"], strict=True)) for one in parts]
    places = {"line": {key: at for at, key in enumerate(keys[0])}}
    places["area"] = {key: size + at for at, key in enumerate(keys[1])}
    of_line = zip(parts[1]["bureau_id"], parts[1]["line_code"], strict=True)
    at_line = [places["line"].get(key, -1) for key in of_line]
    kept = [one.assign(object_kind=kind) for one, kind in zip(parts, CODES, strict=True)]
    frame = pd.concat(kept, ignore_index=True).drop(columns="line_code")
    frame["line"] = np.array([-1] * size + at_line, dtype=np.int64)
    frame["org_unit_id"] = frame["org_unit_id"].astype("int64")
    for name in ("capacity_kva", "ties"):
        frame[name] = frame[name].astype("float64")
    for name in ("opened_on", "closed_on", "conductor_since"):
        frame[name] = pd.to_datetime(frame[name])
    return Objects(frame, places)


def _registered(
    connection: Connection, table: Table, columns: Sequence[str], units: Sequence[int]
) -> pd.DataFrame:
    """Rows of lines or areas by key, with every column of both."""
    code, *others = columns
    named = [table.c[code].label("object_code"), *(table.c[name] for name in others)]
    statement = select(*(table.c[name] for name in ALIKE), *named).where(table.c.org_unit_id.in_(units))
    found = bare_frame(connection, statement).sort_values(["bureau_id", "object_code"])
    missing = {name: pd.Series(None, found.index, dtype=object) for name in (*OF_LINE, *OF_AREA)}
    return found.assign(**{name: one for name, one in missing.items() if name not in columns})


def counts(
    connection: Connection, objects: Objects, units: Sequence[int], told_at: Mapping[date, date]
) -> dict[str, np.ndarray]:
    """COUNTS by object and month, from line_outages and area_months.

    told_at: the months, one after another, each with the one at which its counts are to stand: itself, or one
    for several whose sum is all that is asked for, which the database then sums.
    """
    first = next(iter(told_at))
    found = {name: np.zeros((len(objects.frame), len(told_at)), dtype=np.int64) for name in COUNTS}
    for kind, table in (("line", line_outages), ("area", area_months)):
        rows = arrow_rows.read(connection, _months(table, kind, units, told_at))
        place = objects.of(kind, rows["bureau_id"], rows[CODES[kind]])
        month = rows["month"].to_numpy().astype("datetime64[M]") - np.datetime64(first, "M")
        known = place >= 0
        at = (place[known], month.astype(np.int64)[known])
        for name in COUNTS:
            found[name][at] = rows[name].to_numpy()[known]
    return found


def _months(table: Table, kind: str, units: Sequence[int], told_at: Mapping[date, date]) -> Select:
    c = table.c
    keys, numbers = (c.bureau_id, c[CODES[kind]]), [c[name] for name in COUNTS]
    chosen = (c.org_unit_id.in_(units), c.month.between(min(told_at), max(told_at)), c.faults > 0)
    if all(month == at for month, at in told_at.items()):
        return select(*keys, c.month, *numbers).where(*chosen)
    together: dict[date, list[date]] = {}
    for month, at in told_at.items():
        together.setdefault(at, []).append(month)
    at = case(*((c.month.in_(several), literal(one, Date)) for one, several in together.items()))
    sums = [cast(func.sum(one), BigInteger).label(one.name) for one in numbers]
    return select(*keys, at.label("month"), *sums).where(*chosen).group_by(*keys, at)


def customers(connection: Connection, objects: Objects, units: Sequence[int], last: date) -> pd.DataFrame:
    """Changes of the LV customers of areas up to the end of the month last.

    Columns: object, valid_from, customers, in the order of time; of areas only.
    """
    own = and_(
        areas.c.bureau_id == area_customers.c.bureau_id, areas.c.area_code == area_customers.c.area_code
    )
    c = area_customers.c
    statement = (
        select(c.bureau_id, c.area_code, c.valid_from, c.customers)
        .select_from(area_customers.join(areas, own))
        .where(areas.c.org_unit_id.in_(units), c.valid_from <= last_day(last))
    )
    rows = arrow_rows.read(connection, statement)
    frame = pd.DataFrame(
        {
            "object": objects.of("area", rows["bureau_id"], rows["area_code"]),
            "valid_from": pd.to_datetime(rows["valid_from"].to_numpy()),
            "customers": rows["customers"].to_numpy(),
        }
    )
    return frame.sort_values(["object", "valid_from"], ignore_index=True)


def customers_at(changes: pd.DataFrame, objects: Objects, as_of: date) -> np.ndarray:
    """LV customers of each object at the end of the day; a line's are those of its areas; NaN: unknown."""
    found = np.full(len(objects.frame), np.nan)
    now = changes[(changes["valid_from"] <= pd.Timestamp(as_of)).to_numpy()]
    last = now.drop_duplicates("object", keep="last")
    found[last["object"].to_numpy()] = last["customers"].to_numpy()
    line = objects.frame["line"].to_numpy()
    known = (line >= 0) & ~np.isnan(found)
    sums = np.bincount(line[known], weights=found[known], minlength=len(found))
    some = np.bincount(line[known], minlength=len(found)) > 0
    return np.where(some, sums, found)
