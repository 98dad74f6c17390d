"""The units of a step are checked by the import, no longer by a foreign key for each row

On PostgreSQL these two checks of each row took a quarter of an import. The outage keeps its foreign key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OWN, OF_OUTAGE = "fk_outage_steps_org_unit_id", "fk_outage_steps_outage_org_unit_id"
SAID = "held by the import; a foreign key for each row is dear"


def upgrade() -> None:
    with op.batch_alter_table("outage_steps") as batch:
        batch.drop_constraint(OWN, type_="foreignkey")
        batch.drop_constraint(OF_OUTAGE, type_="foreignkey")
        batch.alter_column("org_unit_id", existing_type=sa.Integer(), existing_nullable=False, comment=SAID)
        batch.alter_column("outage_org_unit_id", existing_type=sa.Integer(), comment=SAID)


def downgrade() -> None:
    with op.batch_alter_table("outage_steps") as batch:
        batch.alter_column(
            "org_unit_id", existing_type=sa.Integer(), existing_nullable=False, comment=None,
            existing_comment=SAID,
        )  # fmt: skip
        batch.alter_column("outage_org_unit_id", existing_type=sa.Integer(), comment=None, existing_comment=SAID)
        batch.create_foreign_key(OWN, "org_units", ["org_unit_id"], ["id"])
        batch.create_foreign_key(OF_OUTAGE, "org_units", ["outage_org_unit_id"], ["id"])
