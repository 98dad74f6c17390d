"""Figures follow by themselves: a server brings up to date whatever waits, whoever left it behind."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from data_access import database, following, lease, stale
from data_access.kpi_refresh import refresh
from data_access.tables.kpi import refresh_lease
from data_access.transactions import reading_all, writing_all
from domain.periods import utc_now
from tests.browser.server import running
from tests.data_access import company
from tests.data_access.booked import at, book, cover, facts, step
from tests.data_access.company import COUNTY_A1, PROVINCE
from tests.data_access.importing import OUTAGES, take, write
from tests.data_access.importing import company as imported_company

GIVE_UP_S = 90
MAY = date(2026, 5, 1)
NOON = at(date(2026, 5, 10), 12)
PROJECT = Path(__file__).parents[2]

# Takes a file over and stops for good before its figures follow, as a power cut would.
KILLED = """
import os, signal, sys
from data_access import kpi_refresh
from data_access.__main__ import main

kpi_refresh.refresh = lambda *_args, **_named: os.kill(os.getpid(), signal.SIGKILL)
main(["import", "outages", sys.argv[1], "--covers", "2024-03-01..2024-04-30"])
"""


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """A server looks several times a second, not every minute."""
    monkeypatch.setenv("REFRESH_EVERY_S", "0.2")


@pytest.fixture
def opened(engine: Engine) -> Engine:
    """The small company, whose figures are up to date."""
    company.build(engine)
    cover(engine, date(2026, 4, 1), date(2026, 6, 30))
    refresh(engine)
    return engine


def province(engine: Engine) -> int | None:
    """Customers out in May."""
    return facts(engine).get((PROVINCE, "ci_lv", "", "", "month", MAY))


def until_up_to_date(engine: Engine) -> None:
    """Return once nothing waits and nobody refreshes."""
    for _ in range(GIVE_UP_S * 5):
        with reading_all(engine) as connection:
            if not (stale.is_waiting(connection) or lease.is_held(connection)):
                return
        time.sleep(0.2)
    raise AssertionError("the figures did not follow")


def test_what_waits_when_a_server_starts_is_brought_up_to_date(opened):
    book(opened, step(COUNTY_A1, NOON, 60, 10))

    with following.while_serving(opened):
        until_up_to_date(opened)

    assert province(opened) == 10


def test_what_comes_while_it_serves_is_brought_up_to_date(opened):
    with following.while_serving(opened):
        for number, customers in enumerate((10, 7)):
            book(opened, step(COUNTY_A1, NOON + timedelta(hours=number), 60, customers))
            until_up_to_date(opened)

    assert province(opened) == 17


def test_an_import_that_was_killed_before_its_refresh_is_followed(engine, tmp_path):
    imported_company(engine, tmp_path)
    take(engine, tmp_path, "customers_served", "unit,level,month,customers\nS1,LV,2024-03,1000\n")
    refresh(engine)
    file = write(tmp_path, OUTAGES, "outages.csv")

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(file)],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": engine.url.render_as_string(hide_password=False)},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    with reading_all(engine) as connection:
        assert stale.is_waiting(connection)

    with following.while_serving(engine):
        until_up_to_date(engine)

    months = {
        key[5]: value for key, value in facts(engine).items() if key[:5] == (1, "ci_lv", "", "", "month")
    }
    assert months == {date(2024, 3, 1): 170, date(2024, 4, 1): 7}


def test_the_lease_of_a_machine_that_died_is_waited_for(opened):
    """Nobody here can ask after its process; its marks are done once its lease ran out."""
    book(opened, step(COUNTY_A1, NOON, 60, 10))
    lease.take(opened)
    with writing_all(opened) as connection:
        until = utc_now() + timedelta(hours=1)
        connection.execute(update(refresh_lease).values(holder="elsewhere:1:x", until=until))
    assert not following.is_needed(opened)

    with following.while_serving(opened):
        with writing_all(opened) as connection:
            connection.execute(update(refresh_lease).values(until=datetime(2020, 1, 1)))
        until_up_to_date(opened)

    assert province(opened) == 10


def test_a_demo_company_that_is_being_made_is_left_alone(engine):
    """Whoever makes it refreshes at its end."""
    with writing_all(engine) as connection:
        database.begin_demo(connection, MAY, 1)
        stale.mark_everything(connection)

    assert not following.is_needed(engine)


def test_tables_that_are_not_there_yet_are_left_alone(empty_url):
    assert not following.is_needed(database.engine_for(empty_url))


def test_a_database_that_was_away_is_asked_again(opened, monkeypatch):
    book(opened, step(COUNTY_A1, NOON, 60, 10))
    answers, is_needed = iter([ConnectionError("away")]), following.is_needed

    def at_first_away(engine):
        for error in answers:
            raise error
        return is_needed(engine)

    monkeypatch.setattr(following, "is_needed", at_first_away)
    with following.while_serving(opened):
        until_up_to_date(opened)

    assert province(opened) == 10


def test_the_server_does_it_beside_its_pages(sqlite_engine, sqlite_url, tmp_path):
    company.build(sqlite_engine)
    cover(sqlite_engine, date(2026, 4, 1), date(2026, 6, 30))
    book(sqlite_engine, step(COUNTY_A1, NOON, 60, 10))
    with writing_all(sqlite_engine) as connection:
        database.settle(connection, "real")

    with running(sqlite_url, tmp_path / "server.log"):
        until_up_to_date(sqlite_engine)

    assert province(sqlite_engine) == 10
