"""In what condition lines and transformer areas are: what the rules for risk lines look at.

Codes of lines, areas and sites lie in the same key space; the import holds them, for a foreign key for each
row is dear. Rows without a unit of their own belong to that of their area or site.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
)

from data_access.tables.metadata import DISTRIBUTED, UtcTime, metadata

transformers = Table(
    "transformers",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("transformer_key", String(60), primary_key=True, comment="asset number of the register"),
    Column("area_code", String(60), nullable=False, comment="the area that it supplies"),
    Column("capacity_kva", Numeric(12, 2), comment="rated capacity"),
    Column("in_service_on", Date, comment="first day in service; null where unknown"),
    Column("batch_id", Integer),
    Index(None, "bureau_id", "area_code"),
    comment="One row per distribution transformer, from the asset register; an area may have several.",
    info=DISTRIBUTED | {"key": ("transformer_key",)},
)

area_loads = Table(
    "area_loads",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("area_code", String(60), primary_key=True),
    Column("month", Date, primary_key=True),
    Column("peak_load_pct", Numeric(7, 2), comment="highest load of the month in % of the capacity"),
    Column(
        "heavy_run_points", Integer, comment="longest run of 15-minute points at or above the heavy limit"
    ),
    Column("overload_run_points", Integer, comment="longest run at or above the overload limit"),
    Column("unbalance_pct", Numeric(5, 2), comment="highest unbalance of the phases in %"),
    Column(
        "unbalance_hours", Numeric(6, 2), comment="hours of the month above the source's limit of unbalance"
    ),
    Column("batch_id", Integer),
    comment="One row per area and month: what the metering system says of its load.",
    info=DISTRIBUTED | {"key": ("area_code", "month")},
)

load_points = Table(
    "load_points",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("area_code", String(60), primary_key=True),
    Column("measured_at", UtcTime, primary_key=True, comment="a whole quarter of an hour"),
    Column(
        "power_kw", Numeric(12, 3), nullable=False, comment="sum of the area's meters; reverse flow by size"
    ),
    Column("batch_id", Integer),
    comment="One row per area and 15-minute point: metered power, from the metering system.",
    info=DISTRIBUTED | {"key": ("area_code", "measured_at")},
)

voltage_days = Table(
    "voltage_days",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("area_code", String(60), primary_key=True),
    Column("day", Date, primary_key=True, comment="local day"),
    Column("lowest_v", Numeric(6, 2), comment="lowest phase voltage of any meter of the area, in volts"),
    Column("low_minutes", Integer, nullable=False, comment="minutes of the day below the lower limit"),
    Column("batch_id", Integer),
    comment="One row per area and day: how low the voltage of its customers was, from the metering system.",
    info=DISTRIBUTED | {"key": ("area_code", "day")},
)

defects = Table(
    "defects",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("defect_key", String(80), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), nullable=False, comment="has to clear it"),
    Column("line_code", String(60), comment="where it is; a defect of an area may name its line too"),
    Column("area_code", String(60)),
    Column("found_by", String(10), comment="patrol, drone, online, hotline, other"),
    Column("severity", String(10), nullable=False, comment="urgent, major, minor"),
    Column("found_at", UtcTime, nullable=False),
    Column("limit_on", Date, comment="last day on which it is to be cleared"),
    Column("cleared_at", UtcTime, comment="null while it is open"),
    Column("description", Text),
    Column("batch_id", Integer),
    Index(None, "org_unit_id", "found_at"),
    Index(None, "bureau_id", "line_code"),
    Index(None, "bureau_id", "area_code"),
    comment="One row per defect of a line or area, from patrols, drones, monitoring or customers.",
    info=DISTRIBUTED | {"key": ("defect_key",)},
)

damage_sites = Table(
    "damage_sites",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("site_key", String(80), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), nullable=False, comment="has to patrol it"),
    Column("line_code", String(60), comment="the line in danger"),
    Column(
        "kind", String(16), nullable=False, comment="construction, crossing, tall_machinery, fishing, other"
    ),
    Column("place", String(200)),
    Column("opened_on", Date, nullable=False, comment="first day of the danger"),
    Column("closed_on", Date, comment="last day; null while it is open"),
    Column("patrol_every_days", Integer, comment="patrols are due so often; null: as the rules say"),
    Column("batch_id", Integer),
    Index(None, "org_unit_id", "opened_on"),
    Index(None, "bureau_id", "line_code"),
    comment="One row per place where others may damage a line, from the list that the unit keeps.",
    info=DISTRIBUTED | {"key": ("site_key",)},
)

patrols = Table(
    "patrols",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("patrol_key", String(120), primary_key=True),
    Column("site_key", String(80), nullable=False),
    Column("patrolled_on", Date, nullable=False),
    Column("finding", Text, comment="what was seen; null for nothing of note"),
    Column("next_due_on", Date, comment="last day for the next patrol, where somebody set one"),
    Column("batch_id", Integer),
    Index(None, "bureau_id", "site_key", "patrolled_on"),
    comment="One row per patrol of a damage site, from patrol records.",
    info=DISTRIBUTED | {"key": ("patrol_key",)},
)

customer_equipment = Table(
    "customer_equipment",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("equipment_key", String(80), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), nullable=False, comment="inspects it"),
    Column("area_code", String(60), comment="the dedicated account that it belongs to"),
    Column("customer", String(120), info={"personal": "name"}),
    Column("line_code", String(60), comment="the line that it hangs on; null: the account's"),
    Column("switchgear", String(16), comment="ring_main, switch_cabinet, column_switch, fuse, other"),
    Column("has_boundary_switch", Boolean, comment="cuts its faults off from the line; null where unknown"),
    Column("arrester_type", String(16), comment="valve, silicon_carbide, metal_oxide, none"),
    Column("transformer_in_service_on", Date),
    Column("last_test_on", Date, comment="last preventive test; null where none is known"),
    Column("last_maintenance_on", Date),
    Column("findings", Text, comment="what the inspection found"),
    Column("advice", Text, comment="what the customer was told to do"),
    Column("advised_on", Date),
    Column("accepted_on", Date, comment="the customer agreed"),
    Column("done_on", Date, comment="the customer did it"),
    Column("batch_id", Integer),
    Index(None, "org_unit_id"),
    Index(None, "bureau_id", "area_code"),
    Index(None, "bureau_id", "line_code"),
    comment="One row per customer installation at medium voltage, from inspections.",
    info=DISTRIBUTED | {"key": ("equipment_key",)},
)

OF_CONDITION = (
    transformers, area_loads, load_points, voltage_days, defects, damage_sites, patrols, customer_equipment,
)  # fmt: skip
