"""Warnings: what contradicts itself is asked about, and nobody is asked twice about the same row."""

import pytest
from sqlalchemy import select

from data_access import import_history
from data_access.imports import undo
from data_access.tables.imports import import_batches
from tests.data_access.importing import administrator, company, rows, take

HEADER = "step_key,outage_key,unit,kind,customers,interrupted_at,restored_at\n"
LONG = "w,w,S1,故障,1,2024-01-01 08:00,2024-03-01 09:00\n"
OTHER = "x,x,S1,故障,5,2024-01-01 08:00,2024-01-01 09:00\n"


@pytest.fixture
def stocked(engine, tmp_path):
    return company(engine, tmp_path)


def waiting(engine):
    frame, count = import_history.warnings(engine, administrator(engine).scope)
    assert count == len(frame)
    return list(zip(frame["batch_id"], frame["row_no"], frame["column"], frame["code"], strict=True))


def accept(engine, keys):
    import_history.decide(engine, administrator(engine), keys, "accepted", "a long flood")


def newest(engine):
    with engine.connect() as connection:
        return connection.scalar(select(import_batches.c.warnings).order_by(import_batches.c.id.desc()))


def test_a_decided_warning_does_not_come_back_with_the_correction_of_another_row(stocked, tmp_path):
    first = take(stocked, tmp_path, "outages", HEADER + LONG + OTHER)
    assert first.warnings == 1
    accept(stocked, waiting(stocked))

    again = take(stocked, tmp_path, "outages", HEADER + LONG + OTHER.replace(",5,", ",6,"))

    assert (again.changed, again.same, again.warnings, newest(stocked)) == (1, 1, 0, 0)
    assert waiting(stocked) == []


def test_a_warning_waits_again_once_its_row_changed(stocked, tmp_path):
    """And goes on waiting when that row comes again unchanged: the decision was about the row before."""
    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER)
    accept(stocked, waiting(stocked))
    changed = LONG.replace("03-01 09:00", "04-01 09:00")

    take(stocked, tmp_path, "outages", HEADER + changed + OTHER)
    assert [key[1:] for key in waiting(stocked)] == [(2, "restored_at", "longer_than_days")]
    take(stocked, tmp_path, "outages", HEADER + changed + OTHER.replace(",5,", ",6,"))
    assert len(waiting(stocked)) == 2


def test_a_warning_that_nobody_decided_is_listed_with_the_newer_import_too(stocked, tmp_path):
    """The row belongs to the newer batch: undoing the earlier one must not lose the question."""
    first = take(stocked, tmp_path, "outages", HEADER + LONG + OTHER)
    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER.replace(",5,", ",6,"))

    undo.undo(stocked, administrator(stocked), first.batch_id, "a mistake")

    assert [key[1:] for key in waiting(stocked)] == [(2, "restored_at", "longer_than_days")]


def test_the_decision_of_another_source_settles_nothing_here(stocked, tmp_path):
    """The province numbers its outages alike."""
    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER, bureau="C1")
    accept(stocked, waiting(stocked))
    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER, bureau="P")

    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER.replace(",5,", ",6,"), bureau="P")

    assert len(waiting(stocked)) == 2
    assert rows(stocked, import_batches, "warnings") == [(0,), (0,), (0,), (1,), (1,), (1,)]
