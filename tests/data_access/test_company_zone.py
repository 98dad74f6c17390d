"""A database is read and filled in one time zone: its days were cut there."""

import pytest
from sqlalchemy import select

from data_access import database
from data_access.__main__ import main
from data_access.tables.org import database_info
from data_access.transactions import reading_all
from domain.errors import WrongDatabase
from tests.data_access.importing import UNITS, take
from ui import server

BOTH = "(?s)Asia/Shanghai.*America/Vancouver"


@pytest.fixture
def filled(engine, tmp_path, monkeypatch):
    """Filled in Shanghai; from now on this process is in Vancouver."""
    take(engine, tmp_path, "units", UNITS)
    monkeypatch.setenv("COMPANY_TIMEZONE", "America/Vancouver")
    return engine


def test_the_first_import_keeps_the_zone(engine, tmp_path):
    """An empty database has no day yet, so whoever made it may still choose."""
    zone = select(database_info.c.value).where(database_info.c.key == "timezone")
    with reading_all(engine) as connection:
        assert connection.scalar(zone) is None

    take(engine, tmp_path, "units", UNITS)

    with reading_all(engine) as connection:
        assert connection.scalar(zone) == "Asia/Shanghai"


def test_a_start_in_another_zone_is_refused_naming_both(filled):
    with pytest.raises(WrongDatabase, match=BOTH):
        database.prepare_for_start(filled, with_demo=False)


def test_a_server_of_a_process_manager_refuses_too(filled, monkeypatch):
    """`uvicorn ui.server:app` never prepares anything; it warms up."""
    monkeypatch.setenv("DATABASE_URL", filled.url.render_as_string(hide_password=False))

    with pytest.raises(WrongDatabase, match=BOTH):
        server.warm_up()


@pytest.mark.parametrize("command", [["refresh"], ["batches"], ["check"]])
def test_a_command_in_another_zone_is_refused_with_a_sentence(filled, monkeypatch, capsys, command):
    monkeypatch.setenv("DATABASE_URL", filled.url.render_as_string(hide_password=False))

    assert main(command) == 1

    said = capsys.readouterr().err
    assert "Asia/Shanghai" in said
    assert "COMPANY_TIMEZONE is America/Vancouver" in said


def test_rows_of_another_zone_never_come_in(filled, tmp_path):
    """Whatever door they take: also where nobody asked before."""
    with pytest.raises(WrongDatabase, match=BOTH):
        take(filled, tmp_path, "units", UNITS.replace("甲一所", "改名"))


def test_the_zone_of_the_database_is_taken(engine, tmp_path, monkeypatch):
    take(engine, tmp_path, "units", UNITS)
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))

    assert main(["batches"]) == 0
    assert database.prepare_for_start(engine, with_demo=False) == ""
