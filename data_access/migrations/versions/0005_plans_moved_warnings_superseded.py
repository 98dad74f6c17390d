"""Plans moved by a later message are told apart; a warning knows the batch that corrected its row

Every figure is worked out anew: plans are executed only near their announced start.
"""

import sqlalchemy as sa
from alembic import op

from data_access.migrations.new_figures import ask_for_new_figures

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_warnings") as batch:
        batch.add_column(
            sa.Column("superseded_by", sa.Integer(), comment="batch that corrected or withdrew the row")
        )
    ask_for_new_figures()


def downgrade() -> None:
    with op.batch_alter_table("import_warnings") as batch:
        batch.drop_column("superseded_by")
    ask_for_new_figures()
