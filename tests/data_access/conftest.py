"""The company of two cities (other_city.py), made once, and each test's own copy of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data_access import processes
from data_access.engine import engine_for
from tests.data_access import other_city
from tests.data_access.other_city import Asked


@pytest.fixture(scope="session")
def cities(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the two cities, in a folder with the files of their jobs."""
    folder = tmp_path_factory.mktemp("cities")
    path = folder / "cities.db"
    shutil.copy(sqlite_template, path)
    engine = engine_for(f"sqlite:///{path}")
    other_city.build(engine, folder)
    engine.dispose()
    return path


@pytest.fixture
def asked(cities: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Asked]]:
    """asked("C1") is the question as somebody of that city puts it; of a copy, no process is started."""
    monkeypatch.setattr(processes, "start", lambda *_given: 0)
    path = tmp_path / "cities.db"
    shutil.copy(cities, path)
    shutil.copytree(cities.with_name("evidence"), tmp_path / "evidence")
    engine = engine_for(f"sqlite:///{path}")
    city, station = (other_city.viewer_of(engine, code, 0).scope.roots[0] for code in ("C2", "S3"))

    def of(code: str) -> Asked:
        person = {"C1": 1, "C2": 2}[code]
        return Asked(engine, other_city.viewer_of(engine, code, person), tmp_path, city, station)

    yield of
    engine.dispose()
