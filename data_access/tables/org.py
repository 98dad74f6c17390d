"""Org units, their closure, the people who work there, and what the database itself is."""

from sqlalchemy import (
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
    UniqueConstraint,
    true,
)

from data_access.tables.metadata import DISTRIBUTED, REFERENCE, UtcTime, metadata

org_units = Table(
    "org_units",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("code", String(60), nullable=False, comment="the company's own number of the unit"),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120), nullable=False, server_default=""),
    Column("level", String(10), nullable=False, comment="province, city, county, station, grid"),
    Column("parent_id", Integer, ForeignKey("org_units.id")),
    Column("bureau_id", String(60), nullable=False, comment="home key space, fixed at creation"),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("batch_id", Integer, comment="import that wrote the row; null for none"),
    UniqueConstraint("code"),
    comment="One row per org unit.",
    info=REFERENCE | {"key": ("code",)},
    sqlite_autoincrement=True,  # the number of a unit that is gone is never another's, as on PostgreSQL
)

org_closure = Table(
    "org_closure",
    metadata,
    Column("ancestor_id", Integer, ForeignKey("org_units.id"), primary_key=True),
    Column("descendant_id", Integer, ForeignKey("org_units.id"), primary_key=True),
    Column("depth", Integer, nullable=False, comment="0 is the unit itself"),
    Index(None, "descendant_id"),
    comment="One row per unit and each unit above it, itself included.",
    info=REFERENCE,
)

customers_served = Table(
    "customers_served",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), primary_key=True),
    Column("level", String(2), primary_key=True, comment="LV (meters) or MV (areas and MV accounts)"),
    Column("month", Date, primary_key=True),
    Column("customers", BigInteger, nullable=False),
    Column("batch_id", Integer),
    comment="Customers served, stock of the month; one row per unit, level and month.",
    info=DISTRIBUTED | {"key": ("org_unit_id", "level", "month")},
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(80), nullable=False),
    Column("name_en", String(80), nullable=False, server_default=""),
    Column(
        "email",
        String(200),
        comment="what the identity provider knows the person by",
        info={"personal": "email"},
    ),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    Column("signed_in_at", UtcTime, comment="when the provider last said who it is"),
    Column("version", Integer, nullable=False, server_default="1", comment="of the person with the grants"),
    UniqueConstraint("email"),
    comment="Everybody who may be given work; sign-in is optional.",
    info=REFERENCE,
)

grants = Table(
    "grants",
    metadata,
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, comment="last day; null for no end"),
    comment="Which role a person has, for which unit and all below, from when to when.",
    info=REFERENCE,
)

database_info = Table(
    "database_info",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    comment="What this database is: 'data' = demo or real.",
    info=REFERENCE,
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(80), nullable=False),
    Column("page", String(40), nullable=False, comment="path of the page in the address"),
    Column("query", Text, nullable=False, comment="the filters, as the address spells them"),
    Column("owner_id", Integer, ForeignKey("people.id"), comment="null: the local administrator"),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), comment="shared with the unit; null: mine"),
    Column("by_name", String(80), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "owner_id"),
    comment="Filters of a page that somebody saved under a name.",
    info=REFERENCE,
)
