"""An import from its beginning to its end: read, check, stage, compare, take over. The way in for everybody.

Files come through import_file(); the demo and the forms bring frames through take_frame(), which are checked
and taken over alike.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, func, select

from data_access.imports import (
    batches,
    bulk,
    by_hand,
    checking,
    counted_twice,
    cross_checks,
    examining,
    filling,
    finishing,
    reading,
    rejecting,
    rights,
    staging,
    units,
    writable,
)
from data_access.imports.batches import Days, Options, Origin
from data_access.imports.checking import Plan
from data_access.imports.filling import Progress
from data_access.imports.finishing import TABLES, ImportResult
from data_access.imports.staging import Staging
from data_access.tables.audit import audit_head
from data_access.tables.imports import import_batches
from data_access.tables.org import org_units
from data_access.transactions import committing
from domain.errors import FileRejected, InvalidInput, Problem
from domain.import_kinds import kinds
from domain.mapping import ROW_NUMBER, ColumnSource, FileMapping, suggested
from domain.viewer import Viewer

SHOWN = 1_000


def import_file(
    engine: Engine,
    viewer: Viewer,
    kind: str,
    path: Path,
    mapping: FileMapping | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> ImportResult:
    """Take a file over. Raises NotAllowed, FileRejected with every problem; then nothing changed."""
    options = options or Options()
    viewer = rights.allowed(engine, viewer, kind, "file")
    facts = examining.examine(path)
    header_row, sheet = (mapping.header_row, mapping.sheet) if mapping else (1, "")
    header = reading.header(facts, header_row, sheet)
    mapping = mapping or suggested(kinds()[kind], header)
    if mapping.kind != kind:
        raise InvalidInput("mapping_of_other_kind", kind=kind, mapping=mapping.kind)
    checking.check_header(mapping, kinds()[kind], header)
    places = filling.wanted(mapping, header)

    def chunks() -> Iterator[tuple[np.ndarray, pd.DataFrame, list]]:
        for chunk in reading.chunks(facts, len(header), list(places.values()), header_row, sheet):
            yield chunk.rows, chunk.texts.set_axis(list(places), axis=1), chunk.uneven

    def write_rejected(store: Staging) -> None:
        rejecting.write(store, facts, header, mapping, options.reject_to, options.language)

    origin = Origin(viewer, "file", path.name, facts.sha256)
    ignored = tuple(name for name in header if name not in mapping.file_columns())
    result = _run(
        engine,
        mapping,
        chunks(),
        origin,
        options,
        progress,
        len(header),
        write_rejected if options.reject_to else None,
    )
    return replace(result, ignored=ignored)


def take_frame(
    engine: Engine,
    viewer: Viewer,
    kind: str,
    frames: Iterable[pd.DataFrame],
    mapping: FileMapping | None = None,
    origin: str = "form",
    covers: Days | None = None,
    covers_units: Iterable[str] = (),
    bureau: str | None = None,
    replaces: Days | None = None,
    name: str = "",
    progress: Progress | None = None,
    still: Callable[[Connection], None] | None = None,
    act: str = "",
) -> ImportResult:
    """Take rows over that no file holds: a form's or the demo's, in frames with our columns.

    Values may be texts as in a file or typed; typed times without a zone are UTC. Rows are numbered from 1.
    still: raises where the stored rows are not what somebody saw; asked once nobody else can change them.
    act: as rights.allowed() takes it.
    """
    viewer = rights.allowed(engine, viewer, kind, origin, act)
    frames = iter(frames)
    first = next(frames, None)
    if first is None:
        raise InvalidInput("no_rows", kind=kind)
    columns = {
        column: ColumnSource(column=column) for column in first.columns if column in kinds()[kind].columns
    }
    mapping = mapping or FileMapping(kind=kind, columns=columns)
    if mapping.source_key == ROW_NUMBER:
        raise InvalidInput("mapping_source_key", value=ROW_NUMBER)
    checking.check_header(mapping, kinds()[kind], list(first.columns))
    digest = hashlib.sha256()

    def chunks() -> Iterator[tuple[np.ndarray, pd.DataFrame, list]]:
        number = 1
        for frame in itertools.chain([first], frames):
            digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
            yield np.arange(number, number + len(frame), dtype=np.int64), frame.reset_index(drop=True), []
            number += len(frame)

    text = f"{covers[0]}..{covers[1]}" if covers else "none"
    options = Options(bureau, text, tuple(covers_units), replaces, still=still)
    source = Origin(viewer, origin, name or origin, "")
    return _run(engine, mapping, chunks(), source, options, progress, 0, None, digest.hexdigest)


def _run(
    engine: Engine,
    mapping: FileMapping,
    chunks: Iterable[tuple[np.ndarray, pd.DataFrame, list]],
    origin: Origin,
    options: Options,
    progress: Progress | None,
    width: int,
    write_rejected: Callable[[Staging], None] | None,
    sha256: Callable[[], str] | None = None,
) -> ImportResult:
    kind = kinds()[mapping.kind]
    if options.replaces and not kind.period:
        raise InvalidInput("replaces_without_period", kind=kind.id)
    with staging.opened(engine, TABLES[kind.table]) as store:
        with store.connection.begin():
            bureau = options.bureau or mapping.bureau or _home(store.connection, origin.viewer)
            plan = checking.plan(store.connection, origin.viewer.scope, mapping, bureau, origin.sha256[:16])
        read = filling.fill(store, plan, chunks, width, progress)
        origin = replace(origin, sha256=sha256()) if sha256 else origin
        with store.connection.begin():
            seen = _state(store)
        _check_units(store, plan, origin, bool(options.bureau or mapping.bureau))
        _cross_check(store, plan)
        rejected = _reject(store, write_rejected)
        with store.connection.begin():
            days = _covered_days(store, plan, options, read)
        compared = finishing.compare(store, plan, options)
        with committing(store.connection):
            bulk.one_at_a_time(store.connection, f"import {plan.bureau_id}")
            if compared.units.rows or kind.id in counted_twice.KINDS:  # these span key spaces
                bulk.one_at_a_time(store.connection, "units")
            bulk.nobody_by_hand(store.connection, store.target)
            units.hold(store)
            if options.still:
                options.still(store.connection)
            if _state(store) != seen:  # another import ended meanwhile: ask everything again
                cross_checks.forget(store)
                _cross_check(store, plan)
                _refuse_errors(store)
                compared = finishing.compare(store, plan, options)
            return finishing.take_over(store, plan, origin, options, compared, days, read, rejected)


def _home(connection: Connection, viewer: Viewer) -> str:
    """Home key space of the viewer's first root."""
    roots = viewer.scope.roots
    return connection.scalar(select(org_units.c.bureau_id).where(org_units.c.id == roots[0])) if roots else ""


def _state(store: Staging) -> tuple:
    """What is another one once somebody changed what the staged rows were compared with."""
    c = import_batches.c  # a batch with a lower number may come after one with a higher: count them too
    statement = select(func.max(c.id), func.count(c.id), func.count(c.undone_at))
    if by_hand.is_versioned(store.target):
        statement = statement.add_columns(
            select(func.sum(audit_head.c.last_change_no)).scalar_subquery()  # acts of people leave no batch
        )
    return tuple(store.connection.execute(statement).one())


def _check_units(store: Staging, plan: Plan, origin: Origin, is_named: bool) -> None:
    """Refuse a key space that was named, or units made from the file, beyond the viewer's units."""
    scope, connection = origin.viewer.scope, store.connection
    with bulk.transaction(connection):
        made = list(plan.made.rows.values()) if plan.made else []
        writable.check_made_units(connection, scope, made)
        if is_named:
            given = finishing.unit_rows(store).values() if plan.kind.id == "units" else made
            writable.check_key_space(connection, scope, store.target, plan.bureau_id, given)


def _cross_check(store: Staging, plan: Plan) -> None:
    cross_checks.run(store, plan)
    if plan.kind.id == "units":
        with bulk.transaction(store.connection):
            given = finishing.unit_rows(store)
            found = units.problems(store.connection, given, plan.reading.units, plan.scope)
            staging.add_one_by_one(store, found, plan.names)


def _reject(store: Staging, write_rejected: Callable[[Staging], None] | None) -> int:
    """Number of rows set aside. Raises FileRejected where there are errors and nowhere to put them."""
    if not any(severity == "error" for severity, *_ in staging.counts(store)):
        return 0
    if write_rejected is None:
        _refuse_errors(store)
    write_rejected(store)
    return staging.drop_rejected(store)


def _refuse_errors(store: Staging) -> None:
    counts = staging.counts(store)
    if any(severity == "error" for severity, *_ in counts):
        raise FileRejected(
            staging.problems(store, SHOWN), {(column, code): many for _, column, code, many in counts}
        )


def _covered_days(store: Staging, plan: Plan, options: Options, read: int) -> Days | None:
    text = options.covers or plan.mapping.covers or "file"
    days = batches.proposed_days(store, plan) if text == "file" else batches.days_from_text(text)
    batches.check_end(days, plan)
    if not read and (days is None or text == "file") and not options.replaces:
        problem = Problem(0, "", "", "no_rows")
        raise FileRejected([problem], {("", "no_rows"): 1})
    return days
