"""Rules, targets and calendars: what figures are judged by; and what was frozen by an act."""

from sqlalchemy import JSON, Boolean, Column, Date, Float, ForeignKey, Integer, String, Table, Text, false

from data_access.tables.metadata import DISTRIBUTED, REFERENCE, UtcTime, metadata

rule_versions = Table(
    "rule_versions",
    metadata,
    Column("rule_set", String(40), primary_key=True, comment="file name in domain/rules, without .toml"),
    Column("version", Integer, primary_key=True),
    Column("valid_from", Date, nullable=False, comment="first of a month; judges events from then on"),
    Column("state", String(10), nullable=False, comment="draft, published"),
    Column("body", JSON, nullable=False),
    Column("by_name", String(80), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    comment="Every version of every rule set; version 1 is seeded from domain/rules.",
    info=REFERENCE,
)

targets = Table(
    "targets",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("kpi", String(60), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), primary_key=True),
    Column("period_kind", String(8), primary_key=True, comment="month, quarter, ytd, 12m, year"),
    Column("period", String(10), primary_key=True, comment="2026-10, 2026-Q4, 2026; ytd and 12m: last month"),
    Column("kind", String(20), primary_key=True, comment="legal, promise, base, full, challenge"),
    Column("value", Float, nullable=False, comment="in the KPI's unit"),
    Column("for_below", Boolean, nullable=False, server_default=false(), comment="units below inherit it"),
    Column("source", String(200), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("batch_id", Integer),
    comment="One row per KPI, unit, period and kind of target; never aggregated.",
    info=DISTRIBUTED | {"key": ("kpi", "org_unit_id", "period_kind", "period", "kind")},
)

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_working", Boolean, nullable=False),
    Column("name", String(60), nullable=False, server_default="", comment="holiday or make-up workday"),
    Column("is_confirmed", Boolean, nullable=False, comment="the year's official list was published"),
    Column("batch_id", Integer),
    comment="One row per day: working or not.",
    info=REFERENCE | {"key": ("day",)},
)

major_event_dates = Table(
    "major_event_dates",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), primary_key=True, comment="city bureau"),
    Column("day", Date, primary_key=True),
    Column("name", String(120), nullable=False, server_default=""),
    Column("batch_id", Integer),
    comment="Imported list of major event days; replaces the formula for its bureau and year.",
    info=DISTRIBUTED | {"key": ("org_unit_id", "day")},
)

med_thresholds = Table(
    "med_thresholds",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), primary_key=True, comment="city bureau"),
    Column("year", Integer, primary_key=True, comment="year that it judges"),
    Column("level", String(2), nullable=False, comment="LV if present, else MV"),
    Column("t_med", Float, nullable=False, comment="SAIDI of a day, min per customer"),
    Column("alpha", Float, nullable=False),
    Column("beta", Float, nullable=False),
    Column("days", Integer, nullable=False, comment="days with SAIDI above 0 in the history"),
    Column("history_from", Date, nullable=False),
    Column("history_to", Date, nullable=False),
    Column("is_provisional", Boolean, nullable=False, comment="fewer than five years of history"),
    Column("set_by", String(80), nullable=False),
    Column("set_at", UtcTime, nullable=False, comment="data cut"),
    Column("reason", Text, nullable=False),
    comment="Frozen threshold of major event days, IEEE 1366 2.5 beta; changed only by an act.",
    info=DISTRIBUTED,
)

xmr_baselines = Table(
    "xmr_baselines",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), primary_key=True),
    Column("kpi", String(60), primary_key=True),
    Column("first_month", Date, nullable=False),
    Column("last_month", Date, nullable=False),
    Column("n", Integer, nullable=False, comment="points used"),
    Column("centre", Float, nullable=False, comment="in the KPI's unit, or of the difference to last year"),
    Column("mean_range", Float, nullable=False, comment="mean moving range"),
    Column("set_by", String(80), nullable=False),
    Column("set_at", UtcTime, nullable=False, comment="data cut"),
    Column("reason", Text, nullable=False),
    comment="Frozen baseline of a KPI's control limits at a unit; changed only by an act.",
    info=DISTRIBUTED,
)
