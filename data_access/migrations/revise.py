"""`python -m data_access.migrations.revise MESSAGE`: writes the next revision from the tables of the code.

Compares a database that has every revision so far with the tables of the code. Look the file over: Alembic
sees added and dropped columns, not renamed ones, and knows nothing of the rows.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import DateTime

from data_access import database
from data_access.engine import engine_for
from data_access.migrations import SCRIPTS
from data_access.transactions import changing_tables


def _rendered(kind: str, thing: Any, _context: Any) -> str | bool:
    """Times as plain DateTime: how SQLite spells them concerns values, not tables."""
    return "sa.DateTime()" if kind == "type" and isinstance(thing, DateTime) else False


def _truths(text: str) -> str:
    """Defaults of booleans as true and false: they were read from SQLite, which spells them 1 and 0."""
    for digit, word in (("1", "true"), ("0", "false")):
        text = text.replace(
            f"sa.Boolean(), server_default=sa.text('{digit}')", f"sa.Boolean(), server_default=sa.{word}()"
        )
    return text


def main(message: str) -> int:
    """Write the revision; its number follows the newest."""
    number = f"{len(list(SCRIPTS.glob('[0-9]*.py'))) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'revise.db'}")
        with changing_tables(engine) as connection:
            config = database.alembic_config(connection)
            if number != "0001":
                command.upgrade(config, "head")
            config.attributes["render_item"] = _rendered
            script = command.revision(config, message=message, autogenerate=True, rev_id=number)
        engine.dispose()
    path = Path(script.path)
    path.write_text(_truths(path.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:]) or "tables"))
