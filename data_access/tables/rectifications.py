"""Rectification items with what was logged, asked and shown about each; made by people, never imported.

info["name_of"] of a column with a name says which column holds the number of the person: by that the name
goes when somebody left (who_acted.py).
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from data_access.tables.metadata import DISTRIBUTED, UtcTime, metadata


def _person(number: str, name: str, nullable: bool = True) -> tuple[Column, Column]:
    """Number and name of a person; of the local administrator there is no number."""
    return (
        Column(number, Integer, ForeignKey("people.id")),
        Column(name, String(80), nullable=nullable, info={"name_of": number}),
    )


def _of_item() -> ForeignKeyConstraint:
    mine = ["bureau_id", "item_id"]
    return ForeignKeyConstraint(mine, [f"rectifications.{name}" for name in mine])


rectifications = Table(
    "rectifications",
    metadata,
    Column("bureau_id", String(60), primary_key=True, comment="key space of the object"),
    Column("item_id", String(20), primary_key=True, comment="R, year and running number: R2026-0042"),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), nullable=False),
    Column("object_kind", String(10), nullable=False, comment="line, area, equipment"),
    Column("object_code", String(60), nullable=False),
    Column("rules", String(80), nullable=False, server_default="", comment="RL1;RL6"),
    Column("evidence", JSON, comment="as it was found at creation"),
    Column("found_by", String(20), nullable=False, server_default=""),
    Column("found_on", Date, nullable=False),
    Column("level", Integer, nullable=False, comment="1 high, 2 medium, 3 low"),
    Column("title", String(200), nullable=False),
    Column("measure", Text, nullable=False, server_default=""),
    Column("measure_type", String(12), nullable=False, server_default="", comment="operation, works ..."),
    Column("measure_kind", String(40), nullable=False, server_default="", comment="of rule set measures"),
    Column("department", String(120), nullable=False, server_default=""),
    *_person("responsible_id", "responsible"),
    *_person("co_responsible_id", "co_responsible"),
    Column("worked_by_ids", JSON, nullable=False, comment="who had a hand in it; verifies nothing of it"),
    Column("funding", String(200), nullable=False, server_default="", comment="or number of the project"),
    Column("original_due", Date, comment="set once"),
    Column("current_due", Date, comment="later than the original one by approved extensions only"),
    Column("interim_control", Text, nullable=False, server_default=""),
    Column("contingency", Text, nullable=False, server_default=""),
    Column("status", String(10), nullable=False, comment="draft, assigned, working, done, closed, cancelled"),
    Column("progress_pct", Integer, nullable=False, server_default="0"),
    Column("assigned_at", UtcTime),
    Column("started_at", UtcTime),
    Column("done_at", Date, comment="when the works ended"),
    *_person("done_by_id", "done_by"),
    Column("verified_at", UtcTime),
    *_person("verified_by_id", "verified_by"),
    Column("verification", Text, nullable=False, server_default=""),
    Column("closed_at", Date, comment="local day on which it left the books: closed or cancelled"),
    Column("returned_times", Integer, nullable=False, server_default="0"),
    Column("reopen_of", String(20), comment="the item, in the same key space, whose relapse made this one"),
    Column("relapsed_on", Date),
    Column("before_from", Date, comment="first month of the time before, frozen at creation"),
    Column("before_to", Date, comment="last month"),
    Column("created_at", UtcTime, nullable=False),
    *_person("created_by_id", "created_by", nullable=False),
    Column("cancelled_reason", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    Index(None, "org_unit_id", "status"),
    Index(None, "bureau_id", "object_kind", "object_code"),
    Index(None, "responsible_id", "status"),
    comment="One row per rectification item.",
    info=DISTRIBUTED | {"key": ("item_id",)},
)

rectification_log = Table(
    "rectification_log",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("item_id", String(20), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3 ... of the item"),
    Column("at", UtcTime, nullable=False),
    *_person("by_id", "by_name", nullable=False),
    Column(
        "kind", String(20), nullable=False, comment="note, file, create, relapse, or the step: assign ..."
    ),
    Column("text", Text, nullable=False, comment="as the person wrote it"),
    Column("progress_pct", Integer),
    *_person("to_id", "to_name"),  # to whom it was given
    _of_item(),
    comment="What was done or said about an item; rows are only added.",
    info=DISTRIBUTED,
)

rectification_extensions = Table(
    "rectification_extensions",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("item_id", String(20), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("asked_at", UtcTime, nullable=False),
    *_person("asked_by_id", "asked_by", nullable=False),
    Column("from_due", Date, nullable=False),
    Column("to_due", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(10), nullable=False, comment="asked, approved, refused"),
    Column("decided_at", UtcTime),
    *_person("decided_by_id", "decided_by"),
    Column("decision_reason", Text, nullable=False, server_default=""),
    _of_item(),
    comment="Requests for a later due date; each decided once, by somebody else.",
    info=DISTRIBUTED,
)

rectification_files = Table(
    "rectification_files",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("item_id", String(20), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False, comment="the content, and its place beside the database"),
    Column("name", String(120), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("media_type", String(80), nullable=False, comment="as the content says, not the name"),
    Column("stage", String(8), nullable=False, comment="before, after, other"),
    Column("added_at", UtcTime, nullable=False),
    *_person("added_by_id", "added_by", nullable=False),
    _of_item(),
    Index(None, "bureau_id", "sha256"),
    comment="Evidence of an item; the contents lie beside the database, one file each.",
    info=DISTRIBUTED,
)

rectification_numbers = Table(
    "rectification_numbers",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last_no", Integer, nullable=False),
    comment="The last number given to an item of a key space in a year; who takes the next holds the row.",
    info=DISTRIBUTED,
)
