"""Alembic: how the tables came to be what data_access/tables says they are."""

from pathlib import Path

SCRIPTS = Path(__file__).with_name("versions")
