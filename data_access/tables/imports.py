"""Import batches, what they covered, what waits for a decision, and the rows they replaced."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from data_access.tables import condition, grid, org, outages, rules
from data_access.tables.metadata import DISTRIBUTED, REFERENCE, UtcTime, metadata

import_batches = Table(
    "import_batches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("bureau_id", String(60), nullable=False, comment="key space of the source"),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), comment="unit that the source covers"),
    Column("kind", String(30), nullable=False),
    Column("origin", String(8), nullable=False, comment="file, form, demo"),
    Column("file_name", String(255), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("mapping", JSON, nullable=False),
    Column("state", String(10), nullable=False, comment="taken, undone"),
    Column("rows", BigInteger, nullable=False),
    Column("rows_new", BigInteger, nullable=False),
    Column("rows_changed", BigInteger, nullable=False),
    Column("rows_same", BigInteger, nullable=False),
    Column("rows_withdrawn", BigInteger, nullable=False),
    Column("rows_rejected", BigInteger, nullable=False),
    Column("warnings", BigInteger, nullable=False),
    Column("by_name", String(80), nullable=False),
    Column("taken_at", UtcTime, nullable=False),
    Column("undone_at", UtcTime),
    Column("undone_by", String(80)),
    Column("undo_reason", Text),
    Index(None, "kind", "taken_at"),
    comment="One row per file, form or demo set taken over; a rejected file leaves none.",
    info=REFERENCE,
)

import_jobs = Table(
    "import_jobs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(30), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("org_unit_id", Integer, comment="unit of the person who started it"),
    Column("request", JSON, comment="mapping, coverage and who asked; null once nothing needs it"),
    Column(
        "state",
        String(10),
        nullable=False,
        comment="queued, running, done, rejected, failed",
    ),
    Column("rows_read", BigInteger, nullable=False, server_default="0"),
    Column("pid", Integer),
    Column("by_name", String(80), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("beat_at", UtcTime, nullable=False, comment="the process was alive then"),
    Column("finished_at", UtcTime),
    Column("batch_id", Integer),
    Column("result", JSON, comment="problems with their counts, or what was taken"),
    comment="One row per import started from the page.",
    info=REFERENCE,
)

import_warnings = Table(
    "import_warnings",
    metadata,
    Column("batch_id", Integer, ForeignKey("import_batches.id"), primary_key=True),
    Column("row_no", BigInteger, primary_key=True),
    Column("column", String(60), primary_key=True),
    Column("code", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("source_key", String(255), nullable=False),
    Column("org_unit_id", Integer),
    Column("decision", String(12), comment="null: waits; accepted, corrected"),
    Column("decided_by", String(80)),
    Column("decided_at", UtcTime),
    Column("note", Text, nullable=False, server_default=""),
    Column("superseded_by", Integer, comment="batch that corrected or withdrew the row"),
    comment="Rows that were taken over but look wrong; each waits for somebody's decision.",
    info=REFERENCE,
)

import_mappings = Table(
    "import_mappings",
    metadata,
    Column("kind", String(30), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("body", Text, nullable=False, comment="TOML, as the command line takes it"),
    Column("by_name", String(80), nullable=False),
    Column("at", UtcTime, nullable=False),
    comment="Mappings saved on the page.",
    info=REFERENCE,
)

source_coverage = Table(
    "source_coverage",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("source", String(40), primary_key=True, comment="a kind, or kind.column for an optional column"),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), primary_key=True, comment="and all below"),
    Column("batch_id", Integer, primary_key=True),
    Column("covers_from", Date, primary_key=True),
    Column("covers_to", Date, nullable=False),
    comment="Periods for which no row means zero; of batches that are not undone.",
    info=DISTRIBUTED,
)


def past_of(table: Table) -> Table:
    """The table's twin for rows that a later batch replaced or withdrew: same columns, keyed by batch too.

    A row with withdrawn = true says that its batch withdrew the key; its other columns repeat the row that
    was withdrawn.
    """
    key = ("bureau_id", *table.info["key"]) if "bureau_id" in table.c else table.info["key"]
    columns = [
        Column(
            column.name,
            column.type,
            primary_key=column.name in key,
            nullable=column.name not in key,
            info=dict(column.info),
        )
        for column in table.columns
        if column.name != "batch_id"
    ]
    return Table(
        f"{table.name}_past",
        metadata,
        *columns,
        Column("batch_id", Integer, primary_key=True, autoincrement=False),
        Column("withdrawn", Boolean, nullable=False),
        comment=f"Rows of {table.name} that a later batch replaced, and keys that a batch withdrew.",
        info=({"citus": table.info["citus"], "past_of": table.name}),
    )


IMPORTED = (
    org.org_units,
    org.customers_served,
    grid.lines,
    grid.areas,
    grid.area_customers,
    outages.outage_steps,
    outages.notices,
    outages.restoration_promises,
    rules.major_event_dates,
    rules.calendar_days,
    rules.targets,
    *condition.OF_CONDITION,
)
PAST = {table.name: past_of(table) for table in IMPORTED}
