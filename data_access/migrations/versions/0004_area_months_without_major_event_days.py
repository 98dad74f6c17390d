"""area_months knows major event days apart

Its rows come back with the refresh that this asks for: every figure is worked out anew.
"""

import sqlalchemy as sa
from alembic import op

from data_access.migrations.new_figures import ask_for_new_figures

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def added() -> list[sa.Column]:
    return [
        sa.Column("interruptions_med", sa.Integer(), nullable=False, comment="of them on major event days"),
        sa.Column("seconds_med", sa.BigInteger(), nullable=False),
        sa.Column("longest_no_med_s", sa.BigInteger(), nullable=False, comment="longest on other days"),
    ]


def upgrade() -> None:
    op.execute("DELETE FROM area_months")
    with op.batch_alter_table("area_months") as batch:
        for column in added():
            batch.add_column(column)
    ask_for_new_figures()


def downgrade() -> None:
    op.execute("DELETE FROM area_months")
    with op.batch_alter_table("area_months") as batch:
        for column in added():
            batch.drop_column(column.name)
    ask_for_new_figures()
