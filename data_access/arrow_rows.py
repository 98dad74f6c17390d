"""Many rows in and out as Arrow columns, the way each database is fastest: millions never become tuples.

PostgreSQL copies CSV both ways; SQLite is asked for CSV too, and takes many rows of values a statement.
"""

from collections.abc import Mapping
from io import BytesIO
from threading import BoundedSemaphore

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from psycopg.sql import SQL, Identifier
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Numeric,
    Select,
    Table,
    cast,
    func,
    select,
)
from sqlalchemy.exc import DataError
from sqlalchemy.types import TypeEngine

from data_access import copy_out
from data_access.engine import bare_rows, copying_into, is_sqlite, write_rows

WRITTEN_AT_ONCE = 200_000
READING = BoundedSemaphore(2)  # at once in this process: more would only delay each other
TEXT = pa.dictionary(pa.int32(), pa.string())  # texts repeat: codes, causes, keys


def _type(column: TypeEngine) -> pa.DataType:
    """How a column travels; texts as numbers of a dictionary."""
    kinds = ((Boolean, pa.bool_()), (Integer, pa.int64()), (Date, pa.date32()), (Numeric, pa.float64()))
    for ours, arrow in kinds:
        if isinstance(column, ours):
            return arrow
    return pa.timestamp("s") if isinstance(column, DateTime) else TEXT


def read(connection: Connection, statement: Select) -> pa.Table:
    """The whole result, one column per column of the statement; times are naive UTC with whole seconds."""
    types = {column.name: _type(column.type) for column in statement.selected_columns}
    with READING:
        if is_sqlite(connection):
            content, null = _joined(connection, statement, types), "NULL"
        else:
            content, null = copy_out.as_csv(connection, statement), ""
    if not len(content):
        return pa.schema(list(types.items())).empty_table()
    found = pa_csv.read_csv(
        pa.py_buffer(content),
        pa_csv.ReadOptions(column_names=list(types)),
        pa_csv.ParseOptions(quote_char="'", newlines_in_values=True),
        pa_csv.ConvertOptions(
            column_types=types,
            null_values=["", null],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t", "1"],
            false_values=["f", "0"],
        ),
    )
    return found.unify_dictionaries().combine_chunks()


def _joined(connection: Connection, statement: Select, types: Mapping[str, pa.DataType]) -> bytes:
    """The rows of SQLite as the lines of one value: its driver locks the connection several times for each.

    The interpreter is free meanwhile, so another thread goes on.
    """
    signs = ",".join("%Q" if kind == TEXT else "%s" for kind in types.values())
    line = func.printf(signs, *statement.selected_columns).label("line")
    lines = statement.with_only_columns(line, maintain_column_froms=True).subquery().c.line
    try:
        return (
            connection.execute(select(cast(func.group_concat(lines, "\n"), LargeBinary))).scalar_one() or b""
        )
    except DataError:  # no value of SQLite is longer than 1 GB: some ten million rows
        rows = bare_rows(connection, select(lines))
        return b"".join("".join(f"{text}\n" for (text,) in block).encode() for block in rows)


def texts(codes: np.ndarray, names: list[str]) -> pa.DictionaryArray:
    """A column of texts from the place of each in names."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(names, pa.string()))


def of_frame(frame: pd.DataFrame, table: Table) -> pa.Table:
    """The frame's columns that the table has, in the table's order; NaN, NaT and None are null."""
    names = [column.name for column in table.columns if column.name in frame]
    return pa.table({name: _of_series(frame[name], table.c[name].type) for name in names})


def _of_series(column: pd.Series, kind: TypeEngine) -> pa.Array:
    if isinstance(kind, Date | DateTime):
        found = pa.array(pd.to_datetime(column).to_numpy().astype("datetime64[s]"), from_pandas=True)
        return found.cast(pa.date32()) if isinstance(kind, Date) else found
    found = pa.array(column, from_pandas=True)
    return found.cast(pa.int64()) if isinstance(kind, Integer) and pa.types.is_floating(found.type) else found


def write(connection: Connection, table: Table, rows: pa.Table, replacing: bool = False) -> None:
    """Insert all rows; their columns are the table's, in the table's order.

    replacing: rows whose key is there already give that one their values.
    """
    for start in range(0, rows.num_rows, WRITTEN_AT_ONCE):
        part = rows.slice(start, WRITTEN_AT_ONCE).combine_chunks()
        if is_sqlite(connection):
            values = zip(*(_values(column.chunk(0)) for column in part.itercolumns()), strict=True)
            write_rows(connection, table, part.column_names, values, replacing)
        else:
            _copy_in(connection, table, part, replacing)


def _values(column: pa.Array) -> list:
    """What SQLite's driver takes: times and dates as ISO text, null as None."""
    if pa.types.is_temporal(column.type):
        column = column.cast(pa.string())
    if pa.types.is_dictionary(column.type):
        names = np.array([*column.dictionary.to_pylist(), None], object)
        return names[column.indices.fill_null(len(names) - 1).to_numpy()].tolist()
    if column.null_count and not pa.types.is_string(column.type):
        return column.to_pandas(integer_object_nulls=True).tolist()
    return column.to_numpy(zero_copy_only=False).tolist()


def _copy_in(connection: Connection, table: Table, rows: pa.Table, replacing: bool) -> None:
    plain = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in rows.itercolumns()
    ]
    content = BytesIO()
    without_header = pa_csv.WriteOptions(include_header=False)
    pa_csv.write_csv(pa.table(plain, names=rows.column_names), content, without_header)
    columns = SQL(", ").join(map(Identifier, rows.column_names))
    with copying_into(connection, table, rows.column_names, replacing) as target:
        statement = SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(target, columns)
        with connection.connection.cursor().copy(statement) as copy:
            copy.write(content.getbuffer())
