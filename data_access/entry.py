"""One record entered or corrected by hand: read as the texts of a form, saved through the way of a file.

So a form knows the same checks, leaves a batch that can be undone, and marks the same figures as stale. In a
demo database what people enter is demo data. A personal column that is masked comes as '' with the mask
beside it, and stays as it is stored where it is left empty: who corrects a record need not see it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Row, Table, func, select

from data_access import processes, settings
from data_access.database import data_kind
from data_access.imports import run as imports
from data_access.masking import masked
from data_access.scope import within
from data_access.tables.grid import areas, lines
from data_access.tables.imports import IMPORTED
from data_access.tables.org import org_units
from data_access.transactions import reading
from domain.errors import ChangedByOthers, InvalidInput
from domain.import_kinds import Kind, KindColumn, kinds
from domain.viewer import Scope, Viewer

KINDS = ("outages", "units", "areas", "customers_served")
TABLES: Mapping[str, Table] = {table.name: table for table in IMPORTED}
# Columns that belong to the outage as a whole; each of its steps carries them.
OF_OUTAGE = (
    "outage_key",
    "line_code",
    "detected_at",
    "trip",
    "has_automation",
    "is_fast_restored",
    "is_boundary_breaker",
)
MADE = "step_key"
HIDDEN = (MADE, "outage_unit", "outage_kind", "outage_cause")  # kept as they are

Texts = dict[str, str]


@dataclass(frozen=True)
class Record:
    """One stored row as texts by column of its kind, with the key space that it lives in.

    masked: what stands for the columns that are not shown; batch_id: who wrote the row, so that a change of
    what is masked is noticed too.
    """

    bureau_id: str
    texts: Texts
    masked: Texts = field(default_factory=dict)
    batch_id: int | None = None


@dataclass(frozen=True)
class Saved:
    """What saving changed; batch_id is None where everything was there already."""

    batch_id: int | None
    new: int
    changed: int
    warnings: int


def record(engine: Engine, scope: Scope, kind_id: str, **key: str) -> Record | None:
    """The row with that key, as texts; None where it is absent or outside the scope.

    key: code for units, area_code for areas, unit, level and month for customers_served.
    """
    found = _read(engine, scope, kinds()[kind_id], key)
    return found[0] if found else None


def steps(engine: Engine, scope: Scope, outage_key: str) -> list[Record]:
    """The steps of an outage inside the scope, first interrupted first; those of one key space only."""
    found = _read(engine, scope, kinds()["outages"], {"outage_key": outage_key})
    found = [one for one in found if one.bureau_id == min(each.bureau_id for each in found)]
    return sorted(found, key=lambda one: (one.texts["interrupted_at"], one.texts[MADE]))


def _read(engine: Engine, scope: Scope, kind: Kind, key: Mapping[str, str]) -> list[Record]:
    table = TABLES[kind.table]
    unit = table.c.id if table is org_units else table.c.org_unit_id
    with reading(engine, scope) as connection:
        codes = {row.id: row.code for row in connection.execute(select(org_units.c.id, org_units.c.code))}
        ids = {code: number for number, code in codes.items()}
        conditions = [
            table.c[kind.columns[name].column] == _stored(kind.columns[name], value, ids)
            for name, value in key.items()
        ]
        columns = [masked(column).label(column.name) for column in table.columns]
        rows = connection.execute(select(*columns).where(within(unit, scope), *conditions)).all()
    return [_record(kind, row, codes) for row in rows]


def _record(kind: Kind, row: Row, codes: Mapping[int, str]) -> Record:
    texts = {one.id: _text(one, row, codes) for one in kind.columns.values()}
    hidden = {one.id: texts[one.id] for one in kind.columns.values() if one.personal and _hides(one, texts)}
    hidden = {name: text for name, text in hidden.items() if text}
    return Record(row.bureau_id, texts | dict.fromkeys(hidden, ""), hidden, row.batch_id)


def _hides(column: KindColumn, texts: Texts) -> bool:
    """Whether a row with these texts has the column masked."""
    return all(texts.get(other) == value for other, value in column.personal_where.items())


def _stored(column: KindColumn, text: str, ids: Mapping[str, int]) -> Any:
    if column.type == "unit":
        return ids.get(text, -1)
    if column.type == "month":
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError as error:
            raise InvalidInput("month", value=text) from error
    return text


def _text(column: KindColumn, row: Row, codes: Mapping[int, str]) -> str:
    value = getattr(row, column.column)
    if value is None:
        return ""
    if column.column in ("org_unit_id", "parent_id", "outage_org_unit_id"):
        return codes.get(value, "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        local = value.replace(tzinfo=UTC).astimezone(settings.company_timezone())
        return local.replace(tzinfo=None).isoformat(sep=" ")
    if column.type == "month":
        return f"{value:%Y-%m}"
    return value.isoformat() if isinstance(value, date) else str(value)


def save(engine: Engine, viewer: Viewer, kind_id: str, texts: Texts, before: Record | None = None) -> Saved:
    """Take the record over, instead of `before` where one is corrected.

    Raises NotAllowed; FileRejected with what is wrong, also for a key of a unit that the viewer may not
    change; ChangedByOthers where the stored row is no longer
    `before`, or where a new record's key is taken already. A masked column that is left empty stays as it
    is, as long as the row it is to be would have it masked too: else it would show what it was.
    """
    kind = kinds()[kind_id]
    key = {name: texts[name] for name in kind.key}
    now = record(engine, viewer.scope, kind_id, **key)
    if now != before:
        raise ChangedByOthers(*key.values())
    return _take(engine, viewer, kind, [texts | _kept(engine, viewer, kind, texts, before)], before)


def _kept(engine: Engine, viewer: Viewer, kind: Kind, texts: Texts, before: Record | None) -> Texts:
    """The stored values of the masked columns that the form left empty: they go back, and nowhere else."""
    names = (
        [one for one in before.masked if not texts.get(one) and _hides(kind.columns[one], texts)]
        if before
        else []
    )
    if not names:
        return {}
    table = TABLES[kind.table]
    key = [table.c[kind.columns[one].column] == texts[one] for one in kind.key]
    mine = (table.c.bureau_id == before.bureau_id, within(table.c.org_unit_id, viewer.scope), *key)
    with reading(engine, viewer.scope) as connection:
        statement = select(*(table.c[kind.columns[one].column] for one in names)).where(*mine)
        return dict(zip(names, connection.execute(statement).one(), strict=True))


def save_step(
    engine: Engine, viewer: Viewer, outage: Texts, step: Texts, before: Sequence[Record], number: int | None
) -> Saved:
    """Take over one step of an outage, and the outage's own columns with all its steps.

    before: the steps as steps() gave them, none for a new outage; number: the place of the corrected one,
    None for a further one. Raises as save() does.
    """
    kind = kinds()["outages"]
    if steps(engine, viewer.scope, outage["outage_key"]) != list(before):
        raise ChangedByOthers(outage["outage_key"])
    rows = [{**one.texts, **outage} for one in before]
    if number is None:
        taken = {one[MADE] for one in rows}
        place = next(n for n in range(1, len(rows) + 2) if f"{outage['outage_key']}-{n}" not in taken)
        rows.append({MADE: f"{outage['outage_key']}-{place}", **outage, **step})
    else:
        rows[number] = rows[number] | outage | step
    return _take(engine, viewer, kind, rows, before[0] if before else None)


def _take(engine: Engine, viewer: Viewer, kind: Kind, rows: Sequence[Texts], before: Record | None) -> Saved:
    viewer = viewer.acting("edit_records")
    frame = pd.DataFrame([{name: row.get(name, "") for name in kind.columns} for row in rows], dtype="str")
    with reading(engine, viewer.scope) as connection:
        origin = "demo" if data_kind(connection) == "demo" else "form"
        bureau = before.bureau_id if before else _key_space(connection, viewer.scope, kind, rows[0])
    found = imports.take_frame(
        engine, viewer, kind.id, [frame], origin=origin, bureau=bureau, name=_name(kind, rows[0])
    )
    if found.batch_id is not None:
        processes.start(engine, viewer, "refresh")
    return Saved(found.batch_id, found.new, found.changed, found.warnings)


def _key_space(connection: Connection, scope: Scope, kind: Kind, texts: Texts) -> str | None:
    """Key space of a new record: that of the area or line it names, else the one that its unit's rows of the
    kind use, else its unit's home; None leaves it to the viewer's.
    """
    for table, name in ((areas, "area_code"), (lines, "line_code")):
        if texts.get(name) and table.name != kind.table:
            named = select(func.min(table.c.bureau_id)).where(
                table.c[name] == texts[name], within(table.c.org_unit_id, scope)
            )
            if found := connection.scalar(named):
                return found
    mine = (org_units.c.code == texts.get("unit", "")) & within(org_units.c.id, scope)
    unit = select(org_units.c.id).where(mine).scalar_subquery()
    table = TABLES[kind.table]
    if "org_unit_id" in table.c:
        used = select(func.min(table.c.bureau_id)).where(table.c.org_unit_id == unit)
        if found := connection.scalar(used):
            return found
    return connection.scalar(select(org_units.c.bureau_id).where(org_units.c.id == unit))


def _name(kind: Kind, texts: Texts) -> str:
    """What the history of batches calls the form's entry: its key."""
    key = ("outage_key",) if kind.id == "outages" else kind.key
    return " ".join(texts.get(name, "") for name in key)
