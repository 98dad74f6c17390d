"""area_months knows major event days apart

Its rows come back with the refresh that this asks for: every figure is worked out anew.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

marks = sa.table(
    "stale_marks",
    sa.column("bureau_id", sa.String),
    sa.column("org_unit_id", sa.Integer),
    sa.column("source", sa.String),
    sa.column("month", sa.Date),
    sa.column("times", sa.BigInteger),
)
EVERYTHING = {"bureau_id": "*", "org_unit_id": 0, "source": "*", "month": date(1900, 1, 1)}


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
    _mark_everything()


def downgrade() -> None:
    op.execute("DELETE FROM area_months")
    with op.batch_alter_table("area_months") as batch:
        for column in added():
            batch.drop_column(column.name)
    _mark_everything()


def _mark_everything() -> None:
    connection = op.get_bind()
    if not connection.scalar(sa.text("SELECT count(*) FROM refresh_runs")):
        return
    same = sa.and_(*(marks.c[name] == value for name, value in EVERYTHING.items()))
    again = connection.execute(sa.update(marks).where(same).values(times=marks.c.times + 1))
    if not again.rowcount:
        connection.execute(sa.insert(marks).values(**EVERYTHING, times=1))
