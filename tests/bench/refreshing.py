"""A refresh after the outages of one new day, in a process of its own, as servers and imports start one."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from data_access import kpi_refresh
from data_access.engine import engine_for
from tests.bench.company import DATA_ENDS, NEW_DAYS, Size
from tests.bench.importing import import_command, write_file
from tests.bench.outages import AREAS_PER_LINE
from tests.checks.files import PROJECT

DAYS = 3 * 365


def new_days(url: str, city: str, size: Size, folder: Path) -> Iterator[float]:
    """Seconds of the refresh after each day of the city that is imported; neither import nor start counts.

    A process that refreshed everything has its memory so scattered that a day takes a sixth longer.
    """
    environment = os.environ | {"DATABASE_URL": url}
    outages = round(size.outages / size.cities / DAYS)
    path = folder / "day.csv"
    for number in range(1, NEW_DAYS + 1):
        day = DATA_ENDS + timedelta(days=number)
        write_file(path, city, size, outages * AREAS_PER_LINE, day, 1)
        taken = import_command(path, city, day, day)
        subprocess.run(taken, env=environment, cwd=PROJECT, stdout=subprocess.DEVNULL, check=True)
        done = subprocess.run(
            [sys.executable, "-m", __name__], env=environment, cwd=PROJECT, stdout=subprocess.PIPE, check=True
        )
        yield float(done.stdout)


def main() -> None:
    """Print the seconds of a refresh of what is marked."""
    engine = engine_for(os.environ["DATABASE_URL"])
    started = time.perf_counter()
    kpi_refresh.refresh(engine)
    sys.stdout.write(f"{time.perf_counter() - started}")


if __name__ == "__main__":
    main()
