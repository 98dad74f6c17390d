"""An import and others at once: two of one bureau go one after the other, and no unit goes under its rows."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data_access.imports import finishing, undo
from data_access.tables.outages import outage_steps
from data_access.transactions import reading_all
from domain.errors import CannotBeUndone, InvalidInput
from tests.data_access.importing import OUTAGES, UNITS, administrator, company, rows, take
from tests.postgres import GIVE_UP_S, wait_until_somebody_waits

NEW = "S4,新所,station,C2,\n"
OF_NEW = (
    "step_key,outage_key,unit,outage_unit,kind,customers,interrupted_at\n"
    "s1,o1,S4,S1,故障,100,2024-03-01 08:00\n"
)
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


def waits_for_the_other(engine: Engine) -> bool:
    """Whether an import waits until another one is done."""
    with reading_all(engine) as connection:
        return connection.scalar(WAITING) > 0


@pytest.fixture
def meeting(postgres_engine, tmp_path, monkeypatch):
    """The company; whoever takes over first does so once the other one waits, or takes over too."""
    company(postgres_engine, tmp_path)
    take_over, inside, most = finishing.take_over, [], []

    def slow(*arguments: object) -> finishing.ImportResult:
        inside.append(1)
        most.append(len(inside))
        for _ in range(GIVE_UP_S * 20):
            if len(most) > 1 or waits_for_the_other(postgres_engine):
                break
            time.sleep(0.05)
        try:
            return take_over(*arguments)
        finally:
            inside.pop()

    monkeypatch.setattr(finishing, "take_over", slow)
    return postgres_engine, most


def test_the_second_import_of_a_bureau_sees_what_the_first_took_over(meeting, tmp_path: Path):
    """Else both would find the same keys new, and each would count and derive without the other's rows."""
    engine, most = meeting
    started = threading.Barrier(2)

    def importing(number: int) -> tuple[int, int, int]:
        started.wait()
        content = OUTAGES.replace(",50,", f",{50 + number},")
        done = take(engine, tmp_path, "outages", content, name=f"{number}.csv")
        return done.new, done.changed, done.same

    with ThreadPoolExecutor(2) as both:
        found = sorted(both.map(importing, (1, 2)))

    assert most == [1, 1]
    assert found == [(0, 1, 3), (4, 0, 0)]
    assert len(rows(engine, outage_steps, "step_key")) == 4


def test_an_import_whose_unit_was_taken_back_meanwhile_says_so(engine, tmp_path, monkeypatch):
    company(engine, tmp_path)
    made = take(engine, tmp_path, "units", UNITS + NEW)
    compare = finishing.compare

    def taken_back(*arguments: object) -> finishing.Comparison:
        undo.undo(engine, administrator(engine), made.batch_id, "a mistake")
        return compare(*arguments)

    monkeypatch.setattr(finishing, "compare", taken_back)
    with pytest.raises(InvalidInput, match="units_gone"):
        take(engine, tmp_path, "outages", OF_NEW)
    assert rows(engine, outage_steps, "step_key") == []


def test_units_are_not_taken_back_while_an_import_names_them(postgres_engine, tmp_path, monkeypatch):
    """The undo waits for the import that holds the unit, and then finds its row: no step loses its unit."""
    engine = postgres_engine
    company(engine, tmp_path)
    made = take(engine, tmp_path, "units", UNITS + NEW)
    take_over, undone = finishing.take_over, []

    with ThreadPoolExecutor(1) as beside:

        def slow(*arguments: object) -> finishing.ImportResult:
            undone.append(beside.submit(undo.undo, engine, administrator(engine), made.batch_id, "a mistake"))
            wait_until_somebody_waits(engine)
            return take_over(*arguments)

        monkeypatch.setattr(finishing, "take_over", slow)
        take(engine, tmp_path, "outages", OF_NEW)
        with pytest.raises(CannotBeUndone) as caught:
            undone[0].result(GIVE_UP_S)

    assert "outage_steps s1" in caught.value.references
