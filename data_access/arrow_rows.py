"""Many rows in and out as Arrow columns, the way each database is fastest: millions never become tuples.

PostgreSQL copies CSV both ways; SQLite's driver gives and takes Python values, which are made from columns.
"""

from collections.abc import Mapping
from io import BytesIO

import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv
from psycopg.sql import SQL, Identifier
from sqlalchemy import Boolean, Connection, Date, DateTime, Integer, Numeric, Select, Table
from sqlalchemy.types import TypeEngine

from data_access.engine import bare_rows, copying_into, is_sqlite, write_rows

READ_AT_ONCE = 5_000  # rows of SQLite that are Python values at a time; more only wake the garbage collector
WRITTEN_AT_ONCE = 200_000
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
    if is_sqlite(connection):
        blocks = [_from_values(rows, types) for rows in bare_rows(connection, statement, READ_AT_ONCE)]
        found = pa.concat_tables(blocks) if blocks else pa.schema(list(types.items())).empty_table()
    else:
        found = _copied(connection, statement, types)
    return found.unify_dictionaries().combine_chunks()


def _from_values(rows: list[tuple], types: Mapping[str, pa.DataType]) -> pa.Table:
    columns = {}
    for (name, kind), values in zip(types.items(), zip(*rows, strict=True), strict=True):
        if kind == TEXT:
            columns[name] = pa.array(values, pa.string()).dictionary_encode()
        elif pa.types.is_temporal(kind):  # the driver gives ISO texts
            columns[name] = pa.array(values, pa.string()).cast(kind)
        elif kind == pa.bool_():
            columns[name] = pa.array(values, pa.int64()).cast(kind)
        else:
            columns[name] = pa.array(values, kind)
    return pa.table(columns)


def _copied(connection: Connection, statement: Select, types: Mapping[str, pa.DataType]) -> pa.Table:
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    content = BytesIO()
    cursor = psycopg.ClientCursor(connection.connection.dbapi_connection)  # COPY takes no bound values
    with cursor.copy(f"COPY ({compiled}) TO STDOUT (FORMAT csv)", compiled.params) as copy:
        for block in copy:
            content.write(block)
    if not content.tell():
        return pa.schema(list(types.items())).empty_table()
    return pa_csv.read_csv(
        pa.py_buffer(content.getbuffer()),
        pa_csv.ReadOptions(column_names=list(types)),
        pa_csv.ParseOptions(newlines_in_values=True),
        pa_csv.ConvertOptions(
            column_types=dict(types),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )


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


def write(connection: Connection, table: Table, rows: pa.Table) -> None:
    """Insert all rows; their columns are the table's, in the table's order."""
    for start in range(0, rows.num_rows, WRITTEN_AT_ONCE):
        part = rows.slice(start, WRITTEN_AT_ONCE).combine_chunks()
        if is_sqlite(connection):
            values = zip(*(_values(column.chunk(0)) for column in part.itercolumns()), strict=True)
            write_rows(connection, table, part.column_names, values)
        else:
            _copy_in(connection, table, part)


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


def _copy_in(connection: Connection, table: Table, rows: pa.Table) -> None:
    plain = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in rows.itercolumns()
    ]
    content = BytesIO()
    without_header = pa_csv.WriteOptions(include_header=False)
    pa_csv.write_csv(pa.table(plain, names=rows.column_names), content, without_header)
    columns = SQL(", ").join(map(Identifier, rows.column_names))
    with copying_into(connection, table, rows.column_names) as target:
        statement = SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(target, columns)
        with connection.connection.cursor().copy(statement) as copy:
            copy.write(content.getbuffer())
