"""A whole database as one zip file that both SQLite and PostgreSQL can be restored from.

One member per table: a line with its columns, then a line per row, as JSON; `about.json` says which revision
the tables have. Rows are streamed both ways, so memory does not grow with the database. Contents of evidence
files are members too, each under its hash; which were missing stands in `evidence_missing.json`.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Engine, MetaData, Numeric, Table, event, select

from data_access import database, evidence_store
from data_access.engine import set_next_ids
from data_access.tables.metadata import UtcTime
from data_access.transactions import changing_tables, snapshot
from domain.errors import InvalidInput, WrongDatabase

FORMAT = 1
ROWS_AT_ONCE = 5_000
EVIDENCE = "evidence/"


def _reflected(connection: Connection) -> MetaData:
    """The tables as they are in the database, which at an older revision is not what the code says.

    Times keep our own type: SQLite's plain one writes microseconds, which compare as later than none.
    """
    found = MetaData()
    event.listen(found, "column_reflect", _as_our_time)
    found.reflect(connection)
    return found


def _as_our_time(_inspector: Any, _table: Table, column: Any) -> None:
    if isinstance(column["type"], DateTime):
        column["type"] = UtcTime


def _member(table: Table) -> str:
    return f"tables/{table.name}.jsonl"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def write(engine: Engine, path: Path) -> int:
    """Back the database up into the file; rows written. One state of the database, others go on working."""
    state = database.state(engine)
    if state.kind in ("nothing", "foreign"):
        raise WrongDatabase("nothing_to_back_up")
    about = {"format": FORMAT, "revision": state.revision, "data": state.kind}
    beside = path.with_name(path.name + ".part")
    rows = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        snapshot(engine) as connection,
        zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file,
    ):
        file.writestr("about.json", json.dumps(about | {"made_at": datetime.now(UTC).isoformat()}))
        for table in _reflected(connection).sorted_tables:
            if table.name != "alembic_version":
                rows += _write_table(connection, table, file)
            if table.name == "rectification_files":
                _write_evidence(connection, table, file)
    beside.replace(path)  # a file of that name is whole, or not there
    return rows


def _write_table(connection: Connection, table: Table, file: zipfile.ZipFile) -> int:
    count = 0
    result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
    with (
        file.open(_member(table), "w", force_zip64=True) as raw,
        TextIOWrapper(raw, "utf-8") as text,
    ):
        text.write(json.dumps([column.name for column in table.columns]) + "\n")
        for row in result:
            text.write(json.dumps([_plain(value) for value in row], ensure_ascii=False) + "\n")
            count += 1
    return count


def _write_evidence(connection: Connection, table: Table, file: zipfile.ZipFile) -> None:
    missing = []
    hashes = connection.execute(select(table.c.sha256).distinct().order_by(table.c.sha256)).scalars()
    for sha256 in hashes:
        content = evidence_store.read(evidence_store.folder(connection), sha256)
        if content is None:
            missing.append(sha256)
        else:
            file.writestr(f"{EVIDENCE}{sha256}", content, zipfile.ZIP_STORED)
    if missing:
        file.writestr("evidence_missing.json", json.dumps(missing))


def _restore_evidence(connection: Connection, path: Path, file: zipfile.ZipFile) -> None:
    for name in file.namelist():
        if name.startswith(EVIDENCE):
            content = file.read(name)
            if evidence_store.hash_of(content) != name.removeprefix(EVIDENCE):
                raise InvalidInput("not_a_backup", file=str(path), missing=name)
            evidence_store.keep(evidence_store.folder(connection), content)


def restore(engine: Engine, path: Path) -> int:
    """Fill an empty database from a backup, then migrate it forward; rows restored.

    All or nothing. Raises WrongDatabase where the database is not empty or the backup is of a later version
    of the program, InvalidInput("not_a_backup") for another kind of file, "evidence_folder" where evidence
    has no place to go to.
    """
    if database.state(engine).kind != "nothing":
        raise WrongDatabase("restore_not_empty")
    try:
        file = zipfile.ZipFile(path)
        about = json.loads(file.read("about.json"))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InvalidInput("not_a_backup", file=str(path)) from error
    if about["format"] > FORMAT or not database.is_known(about["revision"]):
        raise WrongDatabase("newer_backup", revision=about["revision"])
    rows = 0
    with file, changing_tables(engine) as connection:
        database.upgrade(connection, about["revision"])
        missing = [
            one.name for one in _reflected(connection).sorted_tables if _member(one) not in file.namelist()
        ]
        if set(missing) - {"alembic_version"}:
            raise InvalidInput("not_a_backup", file=str(path), missing=", ".join(missing))
        for table in _reflected(connection).sorted_tables:
            if table.name != "alembic_version":
                rows += _read_table(connection, table, file)
        _restore_evidence(connection, path, file)
        set_next_ids(connection)
        database.upgrade(connection, "head")
    return rows


def _read_table(connection: Connection, table: Table, file: zipfile.ZipFile) -> int:
    count = 0
    with file.open(_member(table)) as raw, TextIOWrapper(raw, "utf-8") as text:
        names = json.loads(next(text))
        rows: Iterable[dict] = _rows(table, names, text)
        parent = next((key.parent.name for key in table.foreign_keys if key.column.table is table), None)
        if parent:
            rows = _parents_first(list(rows), parent)
        connection.execute(table.delete())  # the migration may have seeded some
        remaining = iter(rows)
        while part := list(islice(remaining, ROWS_AT_ONCE)):
            connection.execute(table.insert(), part)
            count += len(part)
    return count


def _rows(table: Table, names: list[str], lines: Iterable[str]) -> Iterator[dict]:
    from_text = {}
    for name in names:
        kind = table.c[name].type
        if isinstance(kind, DateTime):
            from_text[name] = datetime.fromisoformat
        elif isinstance(kind, Date):
            from_text[name] = date.fromisoformat
        elif isinstance(kind, Numeric) and kind.asdecimal:
            from_text[name] = Decimal
    for line in lines:
        row = dict(zip(names, json.loads(line), strict=True))
        for name, convert in from_text.items():
            if row[name] is not None:
                row[name] = convert(row[name])
        yield row


def _parents_first(rows: list[dict], parent: str) -> list[dict]:
    """Rows of a table that refers to itself, each after the row that it refers to."""
    by_id = {row["id"]: row for row in rows}
    ordered: dict[int, dict] = {}
    for row in rows:
        chain = []
        while row is not None and row["id"] not in ordered:
            chain.append(row)
            row = by_id.get(row[parent])
        ordered |= {one["id"]: one for one in reversed(chain)}
    return list(ordered.values())
