"""The lines and areas of a bureau that can be at risk, and what befell them month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Select, Table, and_, func, literal, select

from data_access import arrow_rows
from data_access.measures.stocks import is_in_service
from data_access.tables.grid import area_customers, areas, lines
from data_access.tables.kpi import area_months
from data_access.tables.risk import line_outages
from domain.periods import last_day, months_between

COUNTS = ("faults", "external_faults", "passed_faults", "faults_no_med", "fault_customer_s_no_med")
CODES = {"line": "line_code", "area": "area_code"}


@dataclass(frozen=True)
class Objects:
    """The registered lines, then the areas, in the order of their keys; a place is the number of a row.

    frame: object_kind, bureau_id, object_code, org_unit_id, kind, line (place of the area's line; -1 for
    none and for lines), capacity_kva (of areas), opened_on, closed_on.
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


def read(connection: Connection, units: Sequence[int]) -> Objects:
    """The registered lines and areas of the units."""
    parts = []
    line, area = lines.c, areas.c
    no_capacity, no_line = literal(None).label("capacity_kva"), literal(None).label("line_code")
    for table, columns in (
        (lines, (line.line_code.label("object_code"), no_line, no_capacity)),
        (areas, (area.area_code.label("object_code"), area.line_code, area.capacity_kva)),
    ):
        c = table.c
        statement = (
            select(c.bureau_id, *columns, c.org_unit_id, c.kind, c.opened_on, c.closed_on)
            .where(c.org_unit_id.in_(units))
            .order_by(c.bureau_id, columns[0])
        )
        rows = [tuple(row) for row in connection.execute(statement)]
        names = [column.name for column in statement.selected_columns]
        parts.append(pd.DataFrame(rows, columns=names).sort_values(["bureau_id", "object_code"]))
    size = len(parts[0])
    keys = [list(zip(one["bureau_id"], one["object_code"], strict=True)) for one in parts]
    places = {"line": {key: at for at, key in enumerate(keys[0])}}
    places["area"] = {key: size + at for at, key in enumerate(keys[1])}
    of_line = zip(parts[1]["bureau_id"], parts[1]["line_code"], strict=True)
    at_line = [places["line"].get(key, -1) for key in of_line]
    kept = [one.assign(object_kind=kind) for one, kind in zip(parts, CODES, strict=True)]
    frame = pd.concat([one.astype(object) for one in kept], ignore_index=True).drop(columns="line_code")
    frame["line"] = np.array([-1] * size + at_line, dtype=np.int64)
    frame["org_unit_id"] = frame["org_unit_id"].astype("int64")
    frame["capacity_kva"] = frame["capacity_kva"].astype("float64")
    for name in ("opened_on", "closed_on"):
        frame[name] = pd.to_datetime(frame[name])
    return Objects(frame, places)


def counts(
    connection: Connection, objects: Objects, units: Sequence[int], first: date, last: date
) -> dict[str, np.ndarray]:
    """COUNTS by object and month from first to last, from line_outages and area_months."""
    months = len(months_between(first, last))
    found = {name: np.zeros((len(objects.frame), months), dtype=np.int64) for name in COUNTS}
    for kind, table in (("line", line_outages), ("area", area_months)):
        rows = arrow_rows.read(connection, _months(table, kind, units, first, last))
        place = objects.of(kind, rows["bureau_id"], rows[CODES[kind]])
        month = rows["month"].to_numpy().astype("datetime64[M]") - np.datetime64(first, "M")
        known = place >= 0
        at = (place[known], month.astype(np.int64)[known])
        for name in COUNTS:
            found[name][at] = rows[name].to_numpy()[known]
    return found


def _months(table: Table, kind: str, units: Sequence[int], first: date, last: date) -> Select:
    c = table.c
    return select(c.bureau_id, c[CODES[kind]], c.month, *(c[name] for name in COUNTS)).where(
        c.org_unit_id.in_(units), c.month.between(first, last), c.faults > 0
    )


def customers(connection: Connection, objects: Objects, units: Sequence[int], last: date) -> pd.DataFrame:
    """Changes of the LV customers of areas up to the end of the month last: object, month_end order.

    Columns: object, valid_from, customers, by valid_from; of areas only.
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


def rows_of(connection: Connection, table: Table, units: Sequence[int]) -> int:
    """How many rows of the units the table has."""
    return connection.scalar(select(func.count()).select_from(table).where(table.c.org_unit_id.in_(units)))
