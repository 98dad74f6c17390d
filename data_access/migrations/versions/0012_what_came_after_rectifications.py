"""What came after rectifications, item by item and by kind of measure

Refresh fills it: every figure is worked out anew.
"""

import sqlalchemy as sa
from alembic import op

from data_access.migrations.new_figures import ask_for_new_figures

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("rectification_pools",
    sa.Column("bureau_id", sa.String(length=60), nullable=False, comment="the unit's home key space"),
    sa.Column("org_unit_id", sa.Integer(), nullable=False, comment="with all below it, inside one city bureau"),
    sa.Column("measure_kind", sa.String(length=40), nullable=False, comment="of rule set measures; or ''"),
    sa.Column("outcome", sa.String(length=12), nullable=False),
    sa.Column("is_top", sa.Boolean(), nullable=False, comment="nothing above it is compared with it"),
    sa.Column("rule_version", sa.Integer(), nullable=False),
    sa.Column("found", sa.JSON(), nullable=False),
    sa.Column("seen", sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint("bureau_id", "org_unit_id", "measure_kind", "outcome", name=op.f("pk_rectification_pools")),
    comment="Rectifications of one kind of measure, judged together.",
    info={"citus": "distributed"}
    )
    op.create_table("rectification_proofs",
    sa.Column("bureau_id", sa.String(length=60), nullable=False),
    sa.Column("item_id", sa.String(length=20), nullable=False),
    sa.Column("outcome", sa.String(length=12), nullable=False, comment="outages, customers, customer_s"),
    sa.Column("org_unit_id", sa.Integer(), nullable=False),
    sa.Column("measure_kind", sa.String(length=40), nullable=False),
    sa.Column("rule_version", sa.Integer(), nullable=False, comment="of rule set proof"),
    sa.Column("verdict", sa.String(length=12), nullable=False, comment="effective, no_evidence, worse, too_early"),
    sa.Column("stage", sa.String(length=12), nullable=False, comment="too_early, provisional, final"),
    sa.Column("reason", sa.String(length=20), nullable=False, comment="why nothing is judged; '' where it is"),
    sa.Column("found", sa.JSON(), nullable=False, comment="every number of domain.proof.Proof"),
    sa.Column("seen", sa.String(length=64), nullable=False, comment="hash of what it was judged by"),
    sa.Column("of_items", sa.String(length=64), nullable=False, comment="hash of all items of the bureau then"),
    sa.PrimaryKeyConstraint("bureau_id", "item_id", "outcome", name=op.f("pk_rectification_proofs")),
    comment="What came after a rectification; one row per item whose works are done, and outcome.",
    info={"citus": "distributed"}
    )
    with op.batch_alter_table("rectification_proofs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rectification_proofs_org_unit_id"), ["org_unit_id"], unique=False)



def downgrade() -> None:
    with op.batch_alter_table("rectification_proofs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rectification_proofs_org_unit_id"))
    op.drop_table("rectification_proofs")
    op.drop_table("rectification_pools")
