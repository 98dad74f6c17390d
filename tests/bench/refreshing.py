"""A refresh of one new day in a process of its own, as servers and imports start one."""

import os
import subprocess
import sys
import time

from sqlalchemy import select

from data_access import kpi_refresh, stale
from data_access.engine import engine_for
from data_access.tables.org import org_units
from data_access.transactions import writing_all
from tests.bench.company import LAST


def one_new_day(url: str, city: str) -> float:
    """Seconds of the refresh after what an import of one day of the bureau marks; the start is not counted.

    A process that refreshed everything has its memory so scattered that a day takes a sixth longer.
    """
    with writing_all(engine_for(url)) as connection:
        inside = select(org_units.c.id).where(
            org_units.c.bureau_id == city, org_units.c.level.in_(["station", "grid"])
        )
        units = connection.execute(inside).scalars().all()
        stale.mark(connection, [(unit, "outages", LAST) for unit in units])
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


def main() -> None:
    """Print the seconds of a refresh of what is marked."""
    engine = engine_for(os.environ["DATABASE_URL"])
    started = time.perf_counter()
    kpi_refresh.refresh(engine)
    sys.stdout.write(f"{time.perf_counter() - started}")


if __name__ == "__main__":
    main()
