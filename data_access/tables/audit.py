"""Who did what: one chain of rows per key space, to which rows are only ever added."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from data_access.tables.metadata import DISTRIBUTED, UtcTime, metadata

audit_log = Table(
    "audit_log",
    metadata,
    Column("bureau_id", String(60), primary_key=True, comment="the unit's home key space; '': the company's"),
    Column("no", BigInteger, primary_key=True, autoincrement=False, comment="1, 2, 3 ... without a gap"),
    Column("at", UtcTime, nullable=False),
    Column("person_id", Integer),
    Column("by_name", String(80), nullable=False),
    Column("org_unit_id", Integer, comment="not a key: the row outlives the unit; null: the company"),
    Column("action", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("before", JSON),
    Column("after", JSON),
    Column("reason", Text, nullable=False, server_default=""),
    Column("is_change", Boolean, nullable=False, comment="false: a sign-in, a refusal, something shown"),
    Column("hash", String(64), nullable=False, comment="HMAC of the row and of the hash before it"),
    Index(None, "at"),
    Index(None, "org_unit_id", "at"),
    Index(None, "action", "at"),
    comment="One row per act; in the same transaction as the change that it speaks of.",
    info=DISTRIBUTED,
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("last_no", BigInteger, nullable=False),
    Column("last_hash", String(64), nullable=False, comment="'' before the first row"),
    Column("last_change_no", BigInteger, nullable=False, comment="of the last row that changed something"),
    comment="The end of each chain; locked by who adds to it.",
    info=DISTRIBUTED,
)
