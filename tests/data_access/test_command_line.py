"""The command line: lists itself, says in a sentence what a person can put right."""

import pytest
from sqlalchemy import insert

from data_access import __main__ as command_line
from data_access import database
from data_access.engine import engine_for, writing
from data_access.sentences import sentence
from data_access.tables.org import org_units
from domain import errors


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command on a database; returns exit status and everything that it printed."""

    def _run(url, *arguments):
        monkeypatch.setenv("DATABASE_URL", url)
        status = command_line.main(arguments)
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return _run


def test_without_arguments_every_command_is_listed_with_its_help(run, empty_url):
    status, printed = run(empty_url)

    assert status == 0
    listed = {
        line.split()[0] for line in printed.splitlines() if line.startswith("    ") and line[4:5].strip()
    }
    assert set(command_line.names()) <= listed


def test_init_makes_the_tables_and_says_what_the_database_is_for(run, empty_url):
    assert run(empty_url, "init")[0] == 0
    assert database.state(engine_for(empty_url)).kind == "unfilled"

    assert run(empty_url, "init", "--empty")[0] == 0
    assert database.state(engine_for(empty_url)).kind == "real"


def test_the_demo_refuses_a_database_for_real_data_with_a_sentence(run, empty_url):
    run(empty_url, "init", "--empty")

    status, printed = run(empty_url, "demo")

    assert status == 1
    assert "demo and real data are never mixed" in printed
    assert "Traceback" not in printed


def test_check_finds_a_tree_that_the_closure_does_not_know(run, sqlite_url):
    engine = engine_for(sqlite_url)
    with writing(engine) as connection:
        database.settle(connection, "real")
    assert run(sqlite_url, "check")[0] == 0
    with writing(engine) as connection:
        connection.execute(insert(org_units).values(id=1, code="A", name="甲", level="city", bureau_id="A"))

    status, printed = run(sqlite_url, "check")

    assert status == 1
    assert "BAD  closure" in printed


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.Busy("until 12:00"), "Another process is at work on this: until 12:00."),
        (
            errors.InvalidInput("covers_reversed", first="2026-02"),
            "Not valid: covers reversed (first = 2026-02).",
        ),
        (errors.CannotBeUndone(["promise 7"]), "promise 7."),
        (
            errors.FileRejected(
                [errors.Problem(3, "unit", "X", "unknown_unit", "a code")], {("unit", "unknown_unit"): 5}
            ),
            "5 x unit: unknown_unit",
        ),
    ],
)
def test_an_error_is_a_sentence_with_its_values(error, expected):
    assert expected in sentence(error)
