"""Two imports of one bureau at once on PostgreSQL, where they could: they take over one after the other."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data_access.imports import finishing
from data_access.tables.outages import outage_steps
from data_access.transactions import reading_all
from tests.data_access.importing import OUTAGES, company, rows, take

GIVE_UP_S = 60
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
