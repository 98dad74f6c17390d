"""Risk lines and areas; months of areas and lines know faults, and what no major event day did

Their rows come back with the refresh that this asks for: every figure is worked out anew.
"""

import sqlalchemy as sa
from alembic import op

from data_access.migrations.new_figures import ask_for_new_figures

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _forget_months() -> None:
    for table in ("area_months", "line_months"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608 our own names
    ask_for_new_figures()


def upgrade() -> None:
    _forget_months()
    op.create_table("line_outages",
    sa.Column("org_unit_id", sa.Integer(), nullable=False, comment="maintains the line"),
    sa.Column("month", sa.Date(), nullable=False),
    sa.Column("line_code", sa.String(length=60), nullable=False),
    sa.Column("bureau_id", sa.String(length=60), nullable=False),
    sa.Column("outages", sa.Integer(), nullable=False, comment="sustained outages of the line, whoever was out"),
    sa.Column("faults", sa.Integer(), nullable=False),
    sa.Column("external_faults", sa.Integer(), nullable=False, comment="of outside influence"),
    sa.Column("passed_faults", sa.Integer(), nullable=False, comment="of a customer's equipment, passed to the grid"),
    sa.Column("outages_no_med", sa.Integer(), nullable=False, comment="not begun on a major event day"),
    sa.Column("faults_no_med", sa.Integer(), nullable=False),
    sa.Column("customers_no_med", sa.BigInteger(), nullable=False, comment="LV customer interruptions"),
    sa.Column("customer_s_no_med", sa.BigInteger(), nullable=False, comment="LV customer-seconds of restored steps"),
    sa.Column("fault_customer_s_no_med", sa.BigInteger(), nullable=False),
    sa.Column("mv_users_no_med", sa.BigInteger(), nullable=False),
    sa.Column("mv_user_s_no_med", sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint("org_unit_id", "month", "line_code", "bureau_id", name=op.f("pk_line_outages")),
    comment="Outages of a registered line in a month; feeds risk and the proof of measures.",
    info={"citus": "distributed"},
    sqlite_with_rowid=False
    )
    op.create_table("risk_findings",
    sa.Column("org_unit_id", sa.Integer(), nullable=False, comment="unit of the object at refresh"),
    sa.Column("month", sa.Date(), nullable=False, comment="judged at its end, the open one at the data's end"),
    sa.Column("object_kind", sa.String(length=4), nullable=False, comment="line or area"),
    sa.Column("object_code", sa.String(length=60), nullable=False, comment="line_code or area_code"),
    sa.Column("bureau_id", sa.String(length=60), nullable=False),
    sa.Column("rule", sa.String(length=4), nullable=False, comment="RL1 ... RL12 of rule set risk"),
    sa.Column("level", sa.Integer(), nullable=False, comment="1 high, 2 medium, 3 low"),
    sa.Column("value", sa.Float(), nullable=False, comment="of the gravest clause that was met"),
    sa.Column("threshold", sa.Text(), nullable=False, comment="clauses met, the gravest first: faults >= 3; ..."),
    sa.Column("rule_version", sa.Integer(), nullable=False),
    sa.Column("has_entered", sa.Boolean(), nullable=False, comment="not met at the month-end before"),
    sa.Column("evidence_count", sa.Integer(), nullable=False),
    sa.Column("evidence", sa.JSON(), nullable=True, comment="at most 20 keys; null: the outages of the window, looked up when read"),
    sa.PrimaryKeyConstraint("org_unit_id", "month", "object_kind", "object_code", "bureau_id", "rule", name=op.f("pk_risk_findings")),
    comment="Why an object was at risk at a month-end: one row per rule that it met.",
    info={"citus": "distributed"},
    sqlite_with_rowid=False
    )
    op.create_table("risk_objects",
    sa.Column("org_unit_id", sa.Integer(), nullable=False, comment="unit of the object at refresh"),
    sa.Column("month", sa.Date(), nullable=False, comment="judged at its end, the open one at the data's end"),
    sa.Column("object_kind", sa.String(length=4), nullable=False, comment="line or area"),
    sa.Column("object_code", sa.String(length=60), nullable=False, comment="line_code or area_code"),
    sa.Column("bureau_id", sa.String(length=60), nullable=False),
    sa.Column("level", sa.Integer(), nullable=False, comment="the gravest of its findings"),
    sa.Column("rules", sa.String(length=60), nullable=False, comment=";RL1;RL6; in the order of the rules"),
    sa.Column("has_entered", sa.Boolean(), nullable=False, comment="met no rule at the month-end before"),
    sa.Column("faults_12m", sa.Integer(), nullable=False, comment="of the 12 months to the month-end"),
    sa.Column("customers", sa.BigInteger(), nullable=True, comment="LV customers at the month-end; null where unknown"),
    sa.Column("months_observed", sa.Integer(), nullable=False, comment="of the last 24, covered wholly"),
    sa.Column("faults_observed", sa.Integer(), nullable=False, comment="in these months"),
    sa.Column("peer_faults_month", sa.Float(), nullable=True, comment="faults per month of the bureau's objects of the kind"),
    sa.Column("faults_expected", sa.Float(), nullable=True, comment="lambda: in the next 12 months"),
    sa.Column("faults_timed", sa.Integer(), nullable=False, comment="n: whose customer-minutes are known"),
    sa.Column("own_minutes_per_fault", sa.Float(), nullable=True, comment="of these faults"),
    sa.Column("peer_minutes_per_fault", sa.Float(), nullable=True),
    sa.Column("minutes_per_fault", sa.Float(), nullable=True, comment="m: own, shrunk to the peers'"),
    sa.Column("expected_min", sa.BigInteger(), nullable=True, comment="lambda x m: customer-minutes of the next 12 months"),
    sa.PrimaryKeyConstraint("org_unit_id", "month", "object_kind", "object_code", "bureau_id", name=op.f("pk_risk_objects")),
    comment="Objects that met a rule at a month-end, with the terms of their score.",
    info={"citus": "distributed"},
    sqlite_with_rowid=False
    )
    with op.batch_alter_table("area_months", schema=None) as batch_op:
        batch_op.add_column(sa.Column("faults", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("external_faults", sa.Integer(), nullable=False, comment="of outside influence"))
        batch_op.add_column(sa.Column("passed_faults", sa.Integer(), nullable=False, comment="of a customer's equipment, passed to the grid"))
        batch_op.add_column(sa.Column("faults_no_med", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("customers_no_med", sa.BigInteger(), nullable=False))
        batch_op.add_column(sa.Column("customer_s_no_med", sa.BigInteger(), nullable=False))
        batch_op.add_column(sa.Column("fault_customer_s_no_med", sa.BigInteger(), nullable=False))

    with op.batch_alter_table("line_months", schema=None) as batch_op:
        batch_op.add_column(sa.Column("customers_no_med", sa.BigInteger(), nullable=False))
        batch_op.add_column(sa.Column("customer_s_no_med", sa.BigInteger(), nullable=False))
        batch_op.add_column(sa.Column("fault_customer_s_no_med", sa.BigInteger(), nullable=False))
        batch_op.add_column(sa.Column("mv_users_no_med", sa.BigInteger(), nullable=False))
        batch_op.add_column(sa.Column("mv_user_s_no_med", sa.BigInteger(), nullable=False))



def downgrade() -> None:
    _forget_months()
    with op.batch_alter_table("line_months", schema=None) as batch_op:
        batch_op.drop_column("mv_user_s_no_med")
        batch_op.drop_column("mv_users_no_med")
        batch_op.drop_column("fault_customer_s_no_med")
        batch_op.drop_column("customer_s_no_med")
        batch_op.drop_column("customers_no_med")

    with op.batch_alter_table("area_months", schema=None) as batch_op:
        batch_op.drop_column("fault_customer_s_no_med")
        batch_op.drop_column("customer_s_no_med")
        batch_op.drop_column("customers_no_med")
        batch_op.drop_column("faults_no_med")
        batch_op.drop_column("passed_faults")
        batch_op.drop_column("external_faults")
        batch_op.drop_column("faults")

    op.drop_table("risk_objects")
    op.drop_table("risk_findings")
    op.drop_table("line_outages")
