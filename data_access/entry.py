"""One stored record as the texts of a form, to be corrected there; entry_saving.py takes it back.

A personal column that is masked comes as '' with the mask beside it, and stays as it is stored where it is
left empty: who corrects a record need not see it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, select

from data_access import settings
from data_access.imports.writable import of_scope
from data_access.masking import masked
from data_access.tables.imports import IMPORTED, import_batches
from data_access.tables.org import org_units
from data_access.transactions import reading
from domain.errors import InvalidInput
from domain.import_kinds import Kind, KindColumn, kinds
from domain.viewer import Scope

# Not what meters send by the thousand.
KINDS = (
    "outages", "units", "lines", "areas", "customers_served", "transformers", "defects", "damage_sites",
    "patrols", "customer_equipment",
)  # fmt: skip
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

    masked: what stands for the columns that are not shown; batch_id: with what the row came, so that a change
    of what is masked is noticed too; by_name, at: who brought it, and when.
    """

    bureau_id: str
    texts: Texts
    masked: Texts = field(default_factory=dict)
    batch_id: int | None = None
    by_name: str = field(default="", compare=False)
    at: datetime | None = field(default=None, compare=False)

    @property
    def shown(self) -> Texts:
        """The texts, with the masks where they stand for one."""
        return self.texts | self.masked


def record(engine: Engine, scope: Scope, kind_id: str, **key: str) -> Record | None:
    """The row with that key, as texts; None where it is absent or outside the scope.

    key: the columns of the kind's key: unit, level and month for customers_served, one for the others.
    """
    with reading(engine, scope) as connection:
        return record_in(connection, scope, kind_id, **key)


def record_in(connection: Connection, scope: Scope, kind_id: str, **key: str) -> Record | None:
    """record() inside a transaction."""
    found = _read(connection, scope, kinds()[kind_id], key)
    return found[0] if found else None


def steps(engine: Engine, scope: Scope, outage_key: str) -> list[Record]:
    """The steps of an outage inside the scope, first interrupted first; those of one key space only."""
    with reading(engine, scope) as connection:
        return steps_in(connection, scope, outage_key)


def steps_in(connection: Connection, scope: Scope, outage_key: str) -> list[Record]:
    """steps() inside a transaction."""
    found = _read(connection, scope, kinds()["outages"], {"outage_key": outage_key})
    found = [one for one in found if one.bureau_id == min(each.bureau_id for each in found)]
    return sorted(found, key=lambda one: (one.texts["interrupted_at"], one.texts[MADE]))


def _read(connection: Connection, scope: Scope, kind: Kind, key: Mapping[str, str]) -> list[Record]:
    table, came = TABLES[kind.table], import_batches.c
    codes = {row.id: row.code for row in connection.execute(select(org_units.c.id, org_units.c.code))}
    ids = {code: number for number, code in codes.items()}
    conditions = [
        table.c[kind.columns[name].column] == _stored(kind.columns[name], value, ids)
        for name, value in key.items()
    ]
    columns = [masked(column).label(column.name) for column in table.columns]
    columns += [came.by_name.label("came_by"), came.taken_at.label("came_at")]
    joined = table.outerjoin(import_batches, came.id == table.c.batch_id)
    statement = select(*columns).select_from(joined).where(of_scope(table, scope), *conditions)
    return [_record(kind, row, codes) for row in connection.execute(statement)]


def _record(kind: Kind, row: Row, codes: Mapping[int, str]) -> Record:
    texts = {one.id: _text(one, row, codes) for one in kind.columns.values()}
    hidden = {one.id: texts[one.id] for one in kind.columns.values() if one.personal and hides(one, texts)}
    hidden = {name: text for name, text in hidden.items() if text}
    shown = texts | dict.fromkeys(hidden, "")
    return Record(row.bureau_id, shown, hidden, row.batch_id, row.came_by or "", row.came_at)


def hides(column: KindColumn, texts: Texts) -> bool:
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
