"""An import that is killed leaves nothing half, wherever it was, and the next one cleans up after it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.data_access.importing import OUTAGES, company, dump, take

# Stops itself for good at a point of the import, as kill -9 or a power cut would.
SCRIPT = """
import os, signal, sys
from pathlib import Path
from data_access.engine import engine_for
from data_access.imports import finishing, run, staging, warned
from data_access import derived_outages
from tests.data_access.importing import administrator

def dies(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

where = {
    "reading": lambda: dict(progress=dies),
    "comparing": lambda: setattr(staging, "index", dies),
    "taking over": lambda: setattr(derived_outages, "derive_outages", dies),
    "before the end": lambda: setattr(warned, "write", dies),
}
more = where[sys.argv[3]]() or {}
engine = engine_for(sys.argv[1])
run.import_file(engine, administrator(engine), "outages", Path(sys.argv[2]), **more)
"""


@pytest.mark.parametrize("point", ["reading", "comparing", "taking over", "before the end"])
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_killed_import_leaves_the_database_as_it_was(request, tmp_path, database, point):
    url = request.getfixturevalue(f"{database}_url")
    engine = request.getfixturevalue(f"{database}_engine")
    company(engine, tmp_path)
    take(engine, tmp_path, "outages", OUTAGES)
    before = dump(engine)
    path = tmp_path / "next.csv"
    path.write_text(OUTAGES.replace("s1", "s7").replace(",50,", ",51,"))

    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, url, str(path), point],
        cwd=Path(__file__).parents[2],
        env=os.environ,
        check=False,
    )

    assert ended.returncode == -signal.SIGKILL
    assert before == dump(engine)
    assert take(engine, tmp_path, "outages", path.read_text()).new + 1 == 2
    assert not list(tmp_path.glob("*staging*"))
