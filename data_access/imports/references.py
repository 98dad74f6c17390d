"""Who refers to rows that would vanish when an import is taken back."""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    exists,
    func,
    null,
    select,
)

from data_access.imports.staging import Staging
from data_access.imports.take_over import same_key
from data_access.tables import metadata
from data_access.tables.condition import (
    area_loads,
    customer_equipment,
    damage_sites,
    defects,
    load_points,
    patrols,
    transformers,
    voltage_days,
)
from data_access.tables.grid import area_customers, areas
from data_access.tables.kpi import (
    area_months,
    frequent_outage_list,
    kpi_facts,
    line_months,
    major_event_days,
    stale_marks,
)
from data_access.tables.org import org_closure, org_units
from data_access.tables.outages import notice_areas, notices, outage_steps, outages, restoration_promises
from data_access.tables.proofs import rectification_pools, rectification_proofs
from data_access.tables.rectifications import rectifications
from data_access.tables.risk import line_outages, risk_findings, risk_objects
from data_access.tables.rules import med_thresholds, xmr_baselines
from domain.errors import CannotBeUndone

NAMED = 100
Reference = tuple[str, int | None]  # a row as a text, and the batch that brought it
OF_AREAS = (transformers, area_loads, load_points, voltage_days, defects, customer_equipment)
OF_LINES = (defects, damage_sites, customer_equipment)
# kind -> (table, its column that refers, whether only rows of later imports count)
TO = {
    "outages": ((restoration_promises, "outage_key", True), (notices, "outage_key", True)),
    "areas": (
        (outage_steps, "area_code", False),
        (area_customers, "area_code", False),
        (notice_areas, "area_code", False),
        *((table, "area_code", False) for table in OF_AREAS),
    ),
    "lines": (
        (outage_steps, "line_code", False),
        (areas, "line_code", True),
        (notices, "line_code", True),
        *((table, "line_code", False) for table in OF_LINES),
    ),
    "damage_sites": ((patrols, "site_key", False),),
}
ITEMS_ABOUT = {  # object_kind, key
    "lines": ("line", "line_code"),
    "areas": ("area", "area_code"),
    "customer_equipment": ("equipment", "equipment_key"),
}
# What refresh works out or sets by itself goes with the unit.
COMPUTED = (
    kpi_facts, area_months, line_months, frequent_outage_list, major_event_days, stale_marks, line_outages,
    risk_findings, risk_objects, rectification_proofs, rectification_pools,
)  # fmt: skip
SET_BY_REFRESH = (med_thresholds, xmr_baselines)
UNIT_OF_STEP = ("org_unit_id", "outage_org_unit_id")


def to_vanished(store: Staging, kind: str, bureau_id: str, batch_id: int) -> list[Reference]:
    """Rows that refer to keys which are staged but no longer in the table."""
    found: list[Reference] = []
    for table, name, only_later in TO.get(kind, ()):
        vanished = _vanished_outages(store, bureau_id) if kind == "outages" else _vanished(store, name)
        condition = (table.c.bureau_id == bureau_id) & table.c[name].in_(vanished)
        if only_later:
            condition = condition & (table.c.batch_id > batch_id)
        found += _named(store.connection, table, condition, table.c[name])
    if kind in ITEMS_ABOUT:
        about, name = ITEMS_ABOUT[kind]
        c = rectifications.c
        gone = c.object_code.in_(_vanished(store, name)) & (c.object_kind == about)
        found += _named(store.connection, rectifications, gone & (c.bureau_id == bureau_id), c.item_id)
    return found


def refuse(found: Sequence[Reference], batch_id: int) -> None:
    """Raises CannotBeUndone where anything refers, with the first rows and all batches to be undone first."""
    if found:
        batches = {batch for _row, batch in found if batch and batch > 0} - {batch_id}
        raise CannotBeUndone(list(dict.fromkeys(row for row, _batch in found))[:NAMED], sorted(batches))


def _vanished_outages(store: Staging, bureau_id: str) -> Select:
    key = store.touched.c.key
    there = exists().where(outages.c.bureau_id == bureau_id, outages.c.outage_key == key)
    return select(key).where(~there)


def _vanished(store: Staging, name: str) -> Select:
    there = exists().where(same_key(store, store.target, store.rows))
    return select(store.rows.c[name]).where(~there)


def _named(
    connection: Connection, table: Table, condition: ColumnElement[bool], shown: ColumnElement
) -> list[Reference]:
    """Rows by what is shown of them; and one of every batch, however many rows there are."""
    batch = table.c.id if table.name == "import_batches" else table.c.get("batch_id")
    named = select(shown, null() if batch is None else batch).where(condition)
    found = list(connection.execute(named.distinct().order_by(shown).limit(NAMED)))
    if batch is not None and len(found) == NAMED:
        every = select(func.min(shown), batch).where(condition).group_by(batch)
        found += connection.execute(every)
    name = table.info.get("past_of", table.name)
    return [(f"{name} {value}", number) for value, number in found]


def to_units(connection: Connection, vanishing: Iterable[int], batch_id: int) -> list[Reference]:
    """Rows that refer to units, past ones that an undo would restore among them.

    Those that refresh computed are removed instead. Until the transaction ends no import names the units.
    """
    ids = list(vanishing)
    connection.execute(select(org_units.c.id).where(org_units.c.id.in_(ids)).with_for_update())
    for table in COMPUTED:
        connection.execute(delete(table).where(table.c.org_unit_id.in_(ids)))
    for table in SET_BY_REFRESH:
        connection.execute(delete(table).where(table.c.org_unit_id.in_(ids), table.c.set_by == "refresh"))
    found = []
    for table, column in _unit_columns():
        condition = column.in_(ids)
        if table.name == "org_units":
            condition = condition & table.c.id.not_in(ids)
        if table.name == "import_batches":
            condition = condition & (table.c.id != batch_id) & (table.c.state == "taken")
        if "past_of" in table.info:
            condition = condition & table.c.withdrawn.is_(False)
        first = next(iter(table.primary_key.columns))
        key = metadata.tables[table.info.get("past_of", table.name)].info.get("key", (first.name,))
        shown = table.c.get("code", table.c.get(key[0], first))
        found += _named(connection, table, condition, shown)
    return found


def _unit_columns() -> list[tuple[Table, Column]]:
    """Every column that refers to a unit, also where no foreign key says so: of steps, and of past rows."""
    return [
        (table, column)
        for table in metadata.sorted_tables
        if table is not org_closure
        for column in table.columns
        if any(key.target_fullname == "org_units.id" for key in column.foreign_keys)
        or (column.name in UNIT_OF_STEP and (table is outage_steps or "past_of" in table.info))
    ]
