"""How fast a file is taken over, how much memory that takes, and how long others cannot write meanwhile."""

import csv
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from data_access.transactions import writing_all
from tests.bench.company import LAST, Size
from tests.checks.files import PROJECT

HEADER = (
    "step_key", "outage_key", "unit", "area_code", "kind", "cause", "customers", "mv_users", "interrupted_at",
    "restored_at", "outage_unit", "line_code", "detected_at", "trip",
)  # fmt: skip


@dataclass(frozen=True)
class Import:
    """What one import took."""

    rows_per_second: float
    peak_mib: float
    longest_wait_s: float  # of another writer


def write_file(path: Path, city: str, size: Size, rows: int, first: date = LAST, days: int = 29) -> None:
    """New outages of one city in some days of its last month, as an upstream system would export them."""
    random = np.random.default_rng(2)
    begin = datetime(first.year, first.month, first.day)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for number in range(rows // 20):
            station = f"{city}{random.integers(0, size.counties):02}{random.integers(0, size.stations):02}"
            line = f"{station}F{random.integers(0, 3)}"
            started = begin + timedelta(minutes=int(random.integers(0, days * 1440)))
            key = f"N{first.day:02}{number:06}"
            for place in range(20):
                restored = started + timedelta(minutes=int(random.integers(10, 300)))
                out.writerow((
                    f"{key}-{place:02}", key, f"{station}{place % 4:02}",
                    f"{line}T{place:02}", "fault", "equipment", 80, 1, started, restored,
                    station, line, started, "permanent",
                ))  # fmt: skip


class _Watching(threading.Thread):
    """Asks for the write lock again and again, and how much memory the process has taken at most."""

    def __init__(self, engine: Engine, process: int):
        super().__init__(daemon=True)
        self.engine = engine
        self.status = Path(f"/proc/{process}/status")
        self.longest, self.peak_kib = 0.0, 0
        self.is_over = threading.Event()

    def run(self) -> None:
        """Until it is over."""
        while not self.is_over.is_set():
            started = time.perf_counter()
            with writing_all(self.engine):
                self.longest = max(self.longest, time.perf_counter() - started)
            # Not rusage: a child's begins with the memory of the large process that started it.
            with suppress(OSError, IndexError):
                self.peak_kib = int(self.status.read_text().split("VmHWM:")[1].split()[0])
            time.sleep(0.02)


def import_command(path: Path, city: str, first: date, last: date) -> list[str]:
    """Takes over a file that is complete for the days, without the refresh that follows."""
    command = [sys.executable, "-m", "data_access", "import", "outages", str(path), "--bureau", city]
    return [*command, "--covers", f"{first}..{last}", "--no-refresh"]


def measure(engine: Engine, url: str, path: Path, city: str, rows: int) -> Import:
    """Import the file by the command, in a process of its own, without the refresh that follows."""
    command = import_command(path, city, LAST, LAST.replace(day=31))
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, "DATABASE_URL": url}, stdout=subprocess.DEVNULL
    )
    watching = _Watching(engine, process.pid)
    watching.start()
    status = process.wait()
    took = time.perf_counter() - started
    watching.is_over.set()
    watching.join()
    if status:
        raise RuntimeError(f"the import failed: {' '.join(command)}")
    return Import(rows / took, watching.peak_kib / 1024, watching.longest)
