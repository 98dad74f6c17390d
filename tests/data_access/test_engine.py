"""Reading and writing many rows gives all of them, on both databases."""

from datetime import datetime

from sqlalchemy import Engine, insert, select

from data_access.engine import bare_rows
from data_access.tables.org import database_info
from data_access.transactions import reading_all, snapshot, writing_all


def test_bare_rows_gives_every_row_in_blocks(engine: Engine) -> None:
    """The first row was lost where the driver's cursor was read past SQLAlchemy."""
    rows = [{"key": f"k{n}", "value": str(n), "at": datetime(2026, 1, 1)} for n in range(7)]
    with writing_all(engine) as connection:
        connection.execute(insert(database_info), rows)

    statement = select(database_info.c.key, database_info.c.value).order_by(database_info.c.key)
    with reading_all(engine) as connection:
        blocks = list(bare_rows(connection, statement, size=3))

    assert [len(block) for block in blocks] == [3, 3, 1]
    assert [row for block in blocks for row in block] == [(f"k{n}", str(n)) for n in range(7)]


def test_a_snapshot_sees_nothing_that_is_committed_after_its_first_look(engine: Engine) -> None:
    """Refresh reads marks and what they speak of, backup one table after another: all as of one moment."""
    keys = select(database_info.c.key)
    with snapshot(engine) as seen:
        before = seen.execute(keys).all()
        with writing_all(engine) as connection:
            connection.execute(insert(database_info).values(key="late", value="", at=datetime(2026, 1, 1)))

        assert seen.execute(keys).all() == before
    with reading_all(engine) as connection:
        assert len(connection.execute(keys).all()) == len(before) + 1
