"""numbers of units never come again

SQLite hands out the number of the last row that was deleted, unless the table says AUTOINCREMENT. PostgreSQL
never did.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rebuild(autoincrement=True)


def downgrade() -> None:
    _rebuild(autoincrement=False)


def _rebuild(autoincrement: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    options = {"sqlite_autoincrement": autoincrement}
    with op.batch_alter_table("org_units", recreate="always", table_kwargs=options):
        pass
