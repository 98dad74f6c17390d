"""Runs revisions on the connection that data_access/database.py hands over, inside its transaction.

SQLite cannot alter most of a table, so Alembic makes a new one and copies (batch mode).
"""

from alembic import context

from data_access.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
    render_item=context.config.attributes.get("render_item"),
)
with context.begin_transaction():
    context.run_migrations()
