"""Lines and transformer areas, with the customers of an area over time."""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, Numeric, String, Table

from data_access.tables.metadata import DISTRIBUTED, metadata

lines = Table(
    "lines",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("line_code", String(60), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), nullable=False, comment="maintains it"),
    Column("kind", String(10), nullable=False, comment="public or dedicated"),
    Column("length_m", BigInteger, comment="route length in metres"),
    Column("conductor", String(10), comment="bare, insulated, cable, mixed; null where unknown"),
    Column("conductor_since", Date, comment="the oldest part of it was strung then"),
    Column("ties", Integer, comment="tie points to other lines; 0: radial; null where unknown"),
    Column("ties_at_limit", Boolean, comment="no tie can take over load at the peak"),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("batch_id", Integer),
    Index(None, "org_unit_id"),
    comment="One row per feeder line.",
    info=DISTRIBUTED | {"key": ("line_code",)},
)

areas = Table(
    "areas",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("area_code", String(60), primary_key=True),
    Column(  # of a dedicated account: the customer, a company or a person
        "name",
        String(120),
        nullable=False,
        info={"personal": "name", "personal_where": {"kind": "dedicated"}},
    ),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), nullable=False, comment="maintains it"),
    Column("line_code", String(60), comment="in the same key space; not enforced: lines may come later"),
    Column("kind", String(10), nullable=False, comment="public (transformer area) or dedicated (MV account)"),
    Column("capacity_kva", Numeric(12, 2)),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("batch_id", Integer),
    Index(None, "org_unit_id"),
    comment="One row per transformer area or dedicated MV account: each is one MV user.",
    info=DISTRIBUTED | {"key": ("area_code",)},
)

area_customers = Table(
    "area_customers",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("area_code", String(60), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("customers", BigInteger, nullable=False, comment="LV customers from that day on"),
    Column("batch_id", Integer),
    comment="Customers of an area, one row per change.",
    info=DISTRIBUTED | {"key": ("area_code", "valid_from")},
)
