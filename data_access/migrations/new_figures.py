"""What a migration asks for when stored figures are no longer what this code would write."""

from datetime import date

import sqlalchemy as sa
from alembic import op

# As the table is at these revisions, not as the code knows it later.
marks = sa.table(
    "stale_marks",
    sa.column("bureau_id", sa.String),
    sa.column("org_unit_id", sa.Integer),
    sa.column("source", sa.String),
    sa.column("month", sa.Date),
    sa.column("times", sa.BigInteger),
)
EVERYTHING = {"bureau_id": "*", "org_unit_id": 0, "source": "*", "month": date(1900, 1, 1)}


def ask_for_new_figures() -> None:
    """Mark everything as stale where figures were ever worked out, also where that was asked already."""
    connection = op.get_bind()
    if not connection.scalar(sa.text("SELECT count(*) FROM refresh_runs")):
        return
    same = sa.and_(*(marks.c[name] == value for name, value in EVERYTHING.items()))
    again = connection.execute(sa.update(marks).where(same).values(times=marks.c.times + 1))
    if not again.rowcount:
        connection.execute(sa.insert(marks).values(**EVERYTHING, times=1))
