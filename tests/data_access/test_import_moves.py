"""A unit that moves takes its history with it, and an undo of the move or of the file takes it back."""

from datetime import date

import pytest
from sqlalchemy import select

from data_access import kpi_values
from data_access.imports import undo
from data_access.kpi_refresh import refresh
from data_access.tables.imports import source_coverage
from data_access.tables.org import org_units
from tests.data_access.importing import OUTAGES, administrator, company, dump, rows, take

MARCH = date(2024, 3, 1)
MOVED = "code,name,level,parent\nS2,甲二所,station,C2\n"
SERVED = "unit,level,month,customers\n" + "".join(f"{unit},LV,2024-03,200\n" for unit in ("S1", "S2", "S3"))


@pytest.fixture
def loaded(engine, tmp_path):
    """City C1 sent March: S2 had 20 customers out for 90 min. C2 sent nothing."""
    company(engine, tmp_path)
    take(engine, tmp_path, "customers_served", SERVED)
    text = "\n".join(OUTAGES.splitlines()[:4]) + "\n"
    take(engine, tmp_path, "outages", text, covers="2024-03-01..2024-03-31")
    return engine


def saidi(engine, unit: str) -> float | None:
    refresh(engine)
    return kpi_values.read(engine, administrator(engine).scope, "saidi", unit, MARCH, MARCH)["value"]


def covered(engine) -> set[str]:
    with engine.connect() as connection:
        codes = select(org_units.c.code).join(source_coverage).where(source_coverage.c.source == "outages")
        return set(connection.execute(codes).scalars())


def test_a_station_that_moves_keeps_its_saidi(loaded, tmp_path):
    """20 x 90 / 200 = 9 min; its new neighbour stays missing, its old one and the old city known."""
    assert (saidi(loaded, "S2"), saidi(loaded, "S3")) == (9, None)

    take(loaded, tmp_path, "units", MOVED)

    assert (saidi(loaded, "S2"), saidi(loaded, "S3"), saidi(loaded, "C2")) == (9, None, None)
    assert saidi(loaded, "S1") == saidi(loaded, "C1") == (100 * 60 + 50 * 150) / 200
    assert covered(loaded) == {"C1", "S2"}


def test_the_undo_of_the_move_leaves_nothing_behind(loaded, tmp_path):
    before = rows(loaded, source_coverage, *source_coverage.columns.keys())
    move = take(loaded, tmp_path, "units", MOVED)

    undo.undo(loaded, administrator(loaded), move.batch_id, "wrong")

    assert rows(loaded, source_coverage, *source_coverage.columns.keys()) == before
    assert saidi(loaded, "S2") == 9


def test_the_undo_of_the_file_takes_away_what_moved_too(loaded, tmp_path):
    file = max(batch for (batch,) in rows(loaded, source_coverage, "batch_id"))
    take(loaded, tmp_path, "units", MOVED)

    undo.undo(loaded, administrator(loaded), file, "wrong")

    assert covered(loaded) == set()


def test_what_the_new_city_sent_since_stays_when_the_move_is_undone(loaded, tmp_path):
    """April came from C2 while the station was there; March, which C2 sent too, was never the station's."""
    move = take(loaded, tmp_path, "units", MOVED)
    april = OUTAGES.splitlines()[0] + "\ns9,o9,S2,A2,计划,wind,20,2024-04-03 08:00,2024-04-03 09:00\n"
    take(loaded, tmp_path, "outages", april, covers="2024-04-01..2024-04-30", covers_units=("C2",))

    undo.undo(loaded, administrator(loaded), move.batch_id, "wrong")

    with loaded.connect() as connection:
        found = select(org_units.c.code, source_coverage.c.covers_from).join(source_coverage)
        stated = {
            tuple(row) for row in connection.execute(found.where(source_coverage.c.source == "outages"))
        }
    assert stated == {("C1", MARCH), ("C2", date(2024, 4, 1)), ("S2", date(2024, 4, 1))}


def test_a_second_file_of_the_same_units_changes_nothing(loaded, tmp_path):
    take(loaded, tmp_path, "units", MOVED)
    before = dump(loaded, {"import_batches", "audit_log", "audit_head", "stale_marks"})
    take(loaded, tmp_path, "units", MOVED)

    assert dump(loaded, {"import_batches", "audit_log", "audit_head", "stale_marks"}) == before
