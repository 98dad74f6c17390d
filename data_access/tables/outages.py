"""Outages, their steps, and what customers were told about them."""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from data_access.tables.metadata import DISTRIBUTED, UtcTime, metadata

HELD = "held by the import; a foreign key for each row is dear"

outage_steps = Table(
    "outage_steps",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("step_key", String(120), primary_key=True, comment="source key of the row"),
    Column("outage_key", String(80), nullable=False),
    Column("org_unit_id", Integer, nullable=False, comment=HELD),
    Column("area_code", String(60)),
    Column("kind", String(12), nullable=False, comment="fault, planned, temporary, rationing"),
    Column("cause", String(60), nullable=False, server_default="", comment="code of rule set causes"),
    Column("customers", BigInteger, comment="LV customers; null where the source does not count them"),
    Column("mv_users", Integer, comment="areas and MV accounts; null where unknown"),
    Column("interrupted_at", UtcTime, nullable=False),
    Column("restored_at", UtcTime, comment="null while it lasts"),
    Column("duration_s", BigInteger, comment="restored - interrupted; null while it lasts"),
    Column("promised_at", UtcTime, comment="restoration time told with the row, if any"),
    # Columns of the outage as this row gives them; the outage takes the first that is not null.
    Column("outage_org_unit_id", Integer, comment=HELD),
    Column("outage_kind", String(12)),
    Column("outage_cause", String(60)),
    Column("line_code", String(60)),
    Column("detected_at", UtcTime),
    Column("trip", String(16), comment="none, reclosed, reclose_failed, permanent"),
    Column("has_automation", Boolean, comment="the line could restore itself"),
    Column("is_fast_restored", Boolean, comment="automation restored the sound sections"),
    Column("is_boundary_breaker", Boolean, comment="only the customer's boundary breaker opened"),
    # Derived in the same transaction.
    Column("start_day", Date, nullable=False, comment="local day of the outage's earliest step"),
    Column("batch_id", Integer),
    Index(None, "bureau_id", "outage_key"),
    Index(None, "org_unit_id", "start_day"),
    Index(None, "bureau_id", "area_code", "start_day", "org_unit_id"),
    comment="One row per group of customers restored together; the groups of an outage are disjoint.",
    info=DISTRIBUTED | {"key": ("step_key",)},
)

outages = Table(
    "outages",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("outage_key", String(80), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("cause", String(60), nullable=False, server_default=""),
    Column("line_code", String(60)),
    Column("detected_at", UtcTime),
    Column("trip", String(16)),
    Column("has_automation", Boolean),
    Column("is_fast_restored", Boolean),
    Column("is_boundary_breaker", Boolean),
    Column("started_at", UtcTime, nullable=False, comment="earliest interruption"),
    Column("ended_at", UtcTime, comment="last restoration; null while a step lasts"),
    Column("duration_s", BigInteger, comment="ended - started; null while a step lasts"),
    Column("longest_step_s", BigInteger, comment="longest restored step; null when none"),
    Column("start_day", Date, nullable=False, comment="local day of started_at"),
    Column("steps", Integer, nullable=False),
    Column("customers", BigInteger, comment="sum over steps; null where no step counts them"),
    Column("mv_users", BigInteger),
    Column("open_steps", Integer, nullable=False),
    Index(None, "org_unit_id", "start_day"),
    Index(None, "bureau_id", "line_code", "start_day"),
    Index(None, "open_steps"),  # the few that still last, for the list of ongoing outages
    comment="One row per outage, derived from its steps by take-over and undo.",
    info=DISTRIBUTED | {"derived_from": "outage_steps"},
)

notices = Table(
    "notices",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("notice_key", String(120), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), nullable=False),
    Column("kind", String(12), nullable=False, comment="planned, temporary, fault, rationing, restored"),
    Column("outage_key", String(80), comment="the outage that it announces, in the same key space"),
    Column("line_code", String(60)),
    Column("channel", String(20), comment="sms, app, web, media, phone, visit ..."),
    Column("published_at", UtcTime, nullable=False),
    Column("recorded_at", UtcTime, comment="when it was entered; later than published shows late entry"),
    Column("announced_start", UtcTime),
    Column("announced_end", UtcTime),
    Column("cancelled_at", UtcTime),
    Column("rescheduled_to", UtcTime),
    Column("area_codes", Text, comment="as given: codes parted by ;"),
    Column("batch_id", Integer),
    Index(None, "bureau_id", "outage_key"),
    Index(None, "org_unit_id", "announced_start"),
    comment="One row per message that told customers of an outage or its end.",
    info=DISTRIBUTED | {"key": ("notice_key",)},
)

notice_areas = Table(
    "notice_areas",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("notice_key", String(120), primary_key=True),
    Column("area_code", String(60), primary_key=True),
    comment="One row per notice and announced area, derived from notices.area_codes.",
    info=DISTRIBUTED | {"derived_from": "notices"},
)

restoration_promises = Table(
    "restoration_promises",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("promise_key", String(120), primary_key=True),
    Column("outage_key", String(80), nullable=False),
    Column("step_key", String(120), comment="null: told for all steps of the outage"),
    Column("told_at", UtcTime, nullable=False),
    Column("promised_at", UtcTime, nullable=False),
    Column("told_by", String(80), info={"personal": "name"}),
    Column("batch_id", Integer),
    Index(None, "bureau_id", "outage_key"),
    comment="One row per restoration time told to customers; the promise on a step itself counts beside.",
    info=DISTRIBUTED | {"key": ("promise_key",)},
)
