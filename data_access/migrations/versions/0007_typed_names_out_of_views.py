"""What was typed to find people leaves the saved views; acts of a kind are found along an index

Pages no longer take it from the address. It does not come back with a step back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PAGES = ("people", "audit_log")
TYPED = ("q", "who", "text")


def upgrade() -> None:
    op.create_index(op.f("ix_audit_log_action_at"), "audit_log", ["action", "at"])
    connection = op.get_bind()
    views = sa.table("saved_views", sa.column("id"), sa.column("page"), sa.column("query"))
    found = connection.execute(sa.select(views.c.id, views.c.query).where(views.c.page.in_(PAGES))).all()
    for number, query in found:
        kept = "&".join(one for one in query.split("&") if one.partition("=")[0] not in TYPED)
        if kept != query:
            connection.execute(sa.update(views).where(views.c.id == number).values(query=kept))


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_log_action_at"), table_name="audit_log")
