"""Marks of what changed: refresh removes those it has seen, and never one that came after it looked."""

from datetime import date

import pytest
from sqlalchemy import Engine, event

from data_access import stale
from data_access.transactions import writing_all
from tests.data_access import company
from tests.data_access.company import COUNTY_A1, COUNTY_A2, COUNTY_B1

MAY = date(2026, 5, 1)
SEEN, OTHER, LATE = ((unit, "outages", MAY) for unit in (COUNTY_A1, COUNTY_A2, COUNTY_B1))


@pytest.fixture
def marked(engine: Engine) -> Engine:
    """Two marks wait."""
    company.build(engine)
    with writing_all(engine) as connection:
        stale.mark(connection, [SEEN, OTHER])
    return engine


def test_what_refresh_has_seen_is_removed(marked: Engine) -> None:
    with writing_all(marked) as connection:
        stale.clear(connection, stale.waiting(connection))

        assert stale.waiting(connection) == {}


def test_a_mark_set_again_after_it_was_seen_stays(marked: Engine) -> None:
    with writing_all(marked) as connection:
        seen = stale.waiting(connection)
        stale.mark(connection, [SEEN])
        stale.mark(connection, [LATE])

    with writing_all(marked) as connection:
        stale.clear(connection, seen)

        assert stale.waiting(connection) == {SEEN: 2, LATE: 1}


def test_marks_can_be_cleared_twice_in_one_transaction(marked: Engine) -> None:
    with writing_all(marked) as connection:
        stale.clear(connection, {SEEN: 1})
        stale.clear(connection, {OTHER: 1})

        assert stale.waiting(connection) == {}


@pytest.mark.parametrize("late", [SEEN, LATE], ids=["the same mark", "another mark"])
def test_a_mark_committed_just_before_the_deletion_stays(postgres_engine: Engine, late: stale.Mark) -> None:
    """Two write at once on PostgreSQL only: an import ends between what is read and what is deleted."""
    engine = postgres_engine
    company.build(engine)
    with writing_all(engine) as connection:
        stale.mark(connection, [SEEN, OTHER])
        seen = stale.waiting(connection)
    ended = []

    def an_import_ends(_connection, _cursor, statement, *_more) -> None:
        if statement.startswith("DELETE FROM stale_marks") and not ended:
            ended.append(late)
            with writing_all(engine) as other:
                stale.mark(other, [late])

    event.listen(engine, "before_cursor_execute", an_import_ends)
    with writing_all(engine) as connection:
        stale.clear(connection, seen)
    event.remove(engine, "before_cursor_execute", an_import_ends)

    with writing_all(engine) as connection:
        assert ended
        assert stale.waiting(connection) == {late: 2 if late == SEEN else 1}
