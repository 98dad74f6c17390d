"""What refresh writes: additive measures per unit and period, and what it works from."""

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

from data_access.tables.metadata import DISTRIBUTED, REFERENCE, UtcTime, metadata

kpi_facts = Table(
    "kpi_facts",
    metadata,
    Column("org_unit_id", Integer, primary_key=True),
    Column("measure", String(40), primary_key=True),
    Column("dimension", String(12), primary_key=True, comment="'' for the total, else cause, kind, reason"),
    Column("grain", String(5), primary_key=True, comment="month or day"),
    Column("period_start", Date, primary_key=True),
    Column("member", String(60), primary_key=True, comment="'' for the total"),
    Column("bureau_id", String(60), primary_key=True, comment="the unit's home key space"),
    Column("value", BigInteger, nullable=False, comment="in the measure's unit; integers agree everywhere"),
    comment="One row per unit (with all below), measure, member, period; no row: zero or missing.",
    info=DISTRIBUTED,
    sqlite_with_rowid=False,
)

area_months = Table(
    "area_months",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("area_code", String(60), primary_key=True),
    Column("month", Date, primary_key=True),
    Column(
        "org_unit_id",
        Integer,
        primary_key=True,
        comment="unit of the area at refresh",
    ),
    Column("interruptions", Integer, nullable=False, comment="sustained outages that touched it"),
    Column("seconds", BigInteger, nullable=False, comment="of restored steps"),
    Column("longest_s", BigInteger, nullable=False),
    Column("interruptions_med", Integer, nullable=False, comment="of them on major event days"),
    Column("seconds_med", BigInteger, nullable=False),
    Column("longest_no_med_s", BigInteger, nullable=False, comment="longest on other days"),
    Column("customers", BigInteger, nullable=False, comment="LV customer interruptions, momentary left out"),
    Column("customer_s", BigInteger, nullable=False, comment="LV customer-seconds of restored steps"),
    # For risk: sustained outages by what they were as a whole; no_med: not begun on a major event day.
    Column("faults", Integer, nullable=False),
    Column("external_faults", Integer, nullable=False, comment="of outside influence"),
    Column("passed_faults", Integer, nullable=False, comment="of a customer's equipment, passed to the grid"),
    Column("faults_no_med", Integer, nullable=False),
    Column("customers_no_med", BigInteger, nullable=False),
    Column("customer_s_no_med", BigInteger, nullable=False),
    Column("fault_customer_s_no_med", BigInteger, nullable=False),
    Column(
        "planned_in_window", Integer, nullable=False, comment="planned outages of 60 days, at month's end"
    ),
    Column("planned_short", Integer, nullable=False, comment="planned, momentary: not counted"),
    Column("planned_open", Integer, nullable=False, comment="planned, still lasting"),
    # Left out of the frequent-outage list, each under its first reason.
    Column("out_med", Integer, nullable=False),
    Column("out_short", Integer, nullable=False),
    Column("out_single_user", Integer, nullable=False),
    Column("out_external", Integer, nullable=False),
    Column("out_within_6h", Integer, nullable=False),
    Index(None, "org_unit_id", "month"),
    comment="Interruptions of an area in a month; feeds the as-of measures.",
    info=DISTRIBUTED,
    sqlite_with_rowid=False,
)

line_months = Table(
    "line_months",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column(
        "org_unit_id", Integer, primary_key=True, comment="unit of the steps: adds up to the unit's total"
    ),
    Column("month", Date, primary_key=True),
    Column("line_code", String(60), primary_key=True, comment="'' where no line is known"),
    Column("outages", Integer, nullable=False, comment="sustained outages that touched the unit"),
    Column("customers", BigInteger, nullable=False, comment="LV customer interruptions"),
    Column("customer_s", BigInteger, nullable=False, comment="LV customer-seconds of restored steps"),
    Column("mv_users", BigInteger, nullable=False),
    Column("mv_user_s", BigInteger, nullable=False),
    # For risk: not begun on a major event day.
    Column("customers_no_med", BigInteger, nullable=False),
    Column("customer_s_no_med", BigInteger, nullable=False),
    Column("fault_customer_s_no_med", BigInteger, nullable=False),
    Column("mv_users_no_med", BigInteger, nullable=False),
    Column("mv_user_s_no_med", BigInteger, nullable=False),
    Index(None, "org_unit_id", "month"),
    comment="Interruptions by line, unit and month; feeds the worst lines.",
    info=DISTRIBUTED,
    sqlite_with_rowid=False,
)

frequent_outage_list = Table(
    "frequent_outage_list",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("subject", String(4), primary_key=True, comment="area or line"),
    Column("code", String(60), primary_key=True, comment="area_code or line_code"),
    Column("line_code", String(60), primary_key=True, comment="for an area: the line; else ''"),
    Column("as_of", Date, primary_key=True, comment="day at whose end it was judged: a month's last day"),
    Column("org_unit_id", Integer, primary_key=True),
    Column("label", String(20), nullable=False, comment="the one official label, e.g. year, window, planned"),
    Column("state", String(10), nullable=False, comment="frequent or warning"),
    Column("labels", Text, nullable=False, comment="all labels that hold, parted by ;"),
    Column("total", Integer, nullable=False, comment="counted interruptions this calendar year"),
    Column("fault", Integer, nullable=False),
    Column("planned", Integer, nullable=False),
    Column("most_in_window", Integer, nullable=False, comment="largest count in a rolling 60-day window"),
    Column("warned_on", Date, comment="day of the interruption that put it on the list"),
    Column("rule_version", Integer, nullable=False),
    Column(
        "is_worst", Boolean, nullable=False, comment="of the area's entries on several lines; counts use it"
    ),
    Column("has_entered", Boolean, nullable=False, comment="not in this state at the month-end before"),
    Index(None, "org_unit_id", "as_of"),
    Index(None, "bureau_id", "subject", "line_code", "as_of", "org_unit_id"),
    comment="Areas and lines on the frequent-outage or warning list, per as-of day.",
    info=DISTRIBUTED,
)

major_event_days = Table(
    "major_event_days",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("org_unit_id", Integer, ForeignKey("org_units.id"), primary_key=True, comment="city bureau"),
    Column("day", Date, primary_key=True),
    Column("by_list", Boolean, nullable=False, comment="from the imported list, else by the formula"),
    comment="Major event days in force, derived at refresh.",
    info=DISTRIBUTED,
)

stale_marks = Table(
    "stale_marks",
    metadata,
    Column("bureau_id", String(60), primary_key=True, comment="the unit's home key space"),
    Column("org_unit_id", Integer, primary_key=True),
    Column("source", String(40), primary_key=True, comment="outages, notices, customers_served ..."),
    Column("month", Date, primary_key=True),
    Column(
        "times", BigInteger, nullable=False, comment="how often set: refresh clears only what it has seen"
    ),
    comment="What an import or a rule touched since the last refresh.",
    info=DISTRIBUTED,
)

refresh_lease = Table(
    "refresh_lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(80), nullable=False),
    Column("until", UtcTime, nullable=False),
    comment="One row: who refreshes now.",
    info=REFERENCE,
)

refresh_runs = Table(
    "refresh_runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("is_full", Boolean, nullable=False),
    Column("rows", BigInteger, comment="rows of kpi_facts written"),
    Column("as_of_day", Date, comment="last day of data that it worked with"),
    Column("as_of_days", JSON, comment="the same by city bureau: unit id -> ISO date"),
    Column("first_month", Date, comment="first month that it knows"),
    Column("last_month", Date),
    Column("message", Text, nullable=False, server_default=""),
    comment="One row per refresh.",
    info=REFERENCE,
)
