"""Risk lines and areas: what refresh finds at each month-end. Nothing here is imported, all is derived.

What an area felt each month stands in area_months already, which keeps a row for each of them; a second table
of the same rows would cost a refresh seconds. object_months.py reads both kinds of object alike.

Keys begin with the unit and the month: so are the rows read and replaced, and no further index is kept up.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Float, Integer, String, Table, Text

from data_access.tables.metadata import DISTRIBUTED, metadata

line_outages = Table(
    "line_outages",
    metadata,
    Column("org_unit_id", Integer, primary_key=True, comment="maintains the line"),
    Column("month", Date, primary_key=True),
    Column("line_code", String(60), primary_key=True),
    Column("bureau_id", String(60), primary_key=True),
    Column("outages", Integer, nullable=False, comment="sustained outages of the line, whoever was out"),
    Column("faults", Integer, nullable=False),
    Column("external_faults", Integer, nullable=False, comment="of outside influence"),
    Column("passed_faults", Integer, nullable=False, comment="of a customer's equipment, passed to the grid"),
    Column("outages_no_med", Integer, nullable=False, comment="not begun on a major event day"),
    Column("faults_no_med", Integer, nullable=False),
    # Of steps booked on units of the line's own bureau; no_med throughout.
    Column("customers_no_med", BigInteger, nullable=False, comment="LV customer interruptions"),
    Column("customer_s_no_med", BigInteger, nullable=False, comment="LV customer-seconds of restored steps"),
    Column("fault_customer_s_no_med", BigInteger, nullable=False),
    Column("mv_users_no_med", BigInteger, nullable=False),
    Column("mv_user_s_no_med", BigInteger, nullable=False),
    comment="Outages of a registered line in a month; feeds risk and the proof of measures.",
    info=DISTRIBUTED,
    sqlite_with_rowid=False,
)


def _key() -> list[Column]:
    return [
        Column("org_unit_id", Integer, primary_key=True, comment="unit of the object at refresh"),
        Column("month", Date, primary_key=True, comment="judged at its end, the open one at the data's end"),
        Column("object_kind", String(4), primary_key=True, comment="line or area"),
        Column("object_code", String(60), primary_key=True, comment="line_code or area_code"),
        Column("bureau_id", String(60), primary_key=True),
    ]


risk_findings = Table(
    "risk_findings",
    metadata,
    *_key(),
    Column("rule", String(4), primary_key=True, comment="RL1 ... RL12 of rule set risk"),
    Column("level", Integer, nullable=False, comment="1 high, 2 medium, 3 low"),
    Column("value", Float, nullable=False, comment="of the gravest clause that was met"),
    Column("threshold", Text, nullable=False, comment="clauses met, the gravest first: faults >= 3; ..."),
    Column("rule_version", Integer, nullable=False),
    Column("has_entered", Boolean, nullable=False, comment="not met at the month-end before"),
    Column("evidence_count", Integer, nullable=False),
    Column("evidence", JSON, comment="at most 20 keys; null: the outages of the window, looked up when read"),
    comment="Why an object was at risk at a month-end: one row per rule that it met.",
    info=DISTRIBUTED,
    sqlite_with_rowid=False,
)

risk_objects = Table(
    "risk_objects",
    metadata,
    *_key(),
    Column("level", Integer, nullable=False, comment="the gravest of its findings"),
    Column("rules", String(60), nullable=False, comment=";RL1;RL6; in the order of the rules"),
    Column("has_entered", Boolean, nullable=False, comment="met no rule at the month-end before"),
    Column("faults_12m", Integer, nullable=False, comment="of the 12 months to the month-end"),
    Column("customers", BigInteger, comment="LV customers at the month-end; null where unknown"),
    # Terms of the score, see domain/risk_score.py. Null where the months were not observed.
    Column("months_observed", Integer, nullable=False, comment="of the last 24, covered wholly"),
    Column("faults_observed", Integer, nullable=False, comment="in these months"),
    Column("peer_faults_month", Float, comment="faults per month of the bureau's objects of the kind"),
    Column("faults_expected", Float, comment="lambda: in the next 12 months"),
    Column("faults_timed", Integer, nullable=False, comment="n: whose customer-minutes are known"),
    Column("own_minutes_per_fault", Float, comment="of these faults"),
    Column("peer_minutes_per_fault", Float),
    Column("minutes_per_fault", Float, comment="m: own, shrunk to the peers'"),
    Column("expected_min", BigInteger, comment="lambda x m: customer-minutes of the next 12 months"),
    comment="Objects that met a rule at a month-end, with the terms of their score.",
    info=DISTRIBUTED,
    sqlite_with_rowid=False,
)
