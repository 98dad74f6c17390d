"""The unit of its outage that a step repeats is checked by the import, no longer by a foreign key too

On PostgreSQL the check of each row took a tenth of an import; the outage itself keeps its foreign key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = "fk_outage_steps_outage_org_unit_id"
SAID = "checked by the import; a foreign key for each row is dear"


def upgrade() -> None:
    with op.batch_alter_table("outage_steps") as batch:
        batch.drop_constraint(KEY, type_="foreignkey")
        batch.alter_column("outage_org_unit_id", existing_type=sa.Integer(), comment=SAID)


def downgrade() -> None:
    with op.batch_alter_table("outage_steps") as batch:
        batch.alter_column("outage_org_unit_id", existing_type=sa.Integer(), comment=None, existing_comment=SAID)
        batch.create_foreign_key(KEY, "org_units", ["outage_org_unit_id"], ["id"])
