"""figures are worked out anew

Measures were added or mean something else: what the last refresh wrote is not what this code would write.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
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


def upgrade() -> None:
    connection = op.get_bind()
    if not connection.scalar(sa.text("SELECT count(*) FROM refresh_runs")):
        return
    same = sa.and_(*(marks.c[name] == value for name, value in EVERYTHING.items()))
    again = connection.execute(sa.update(marks).where(same).values(times=marks.c.times + 1))
    if not again.rowcount:
        connection.execute(sa.insert(marks).values(**EVERYTHING, times=1))


def downgrade() -> None:
    upgrade()
