"""Alembic: how the tables came to be what data_access/tables says they are."""
