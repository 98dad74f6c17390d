"""The command line: lists itself, says in a sentence what a person can put right."""

import os
import re
import subprocess
import sys

import pytest
from sqlalchemy import insert

from data_access import __main__ as command_line
from data_access import database
from data_access.engine import engine_for
from data_access.sentences import sentence
from data_access.tables.org import org_units
from data_access.transactions import writing_all
from domain import errors, import_problems, rule_sets
from tests import postgres


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
    with writing_all(engine) as connection:
        database.settle(connection, "real")
    assert run(sqlite_url, "check")[0] == 0
    with writing_all(engine) as connection:
        connection.execute(insert(org_units).values(id=1, code="A", name="甲", level="city", bureau_id="A"))

    status, printed = run(sqlite_url, "check")

    assert status == 1
    assert "BAD  closure" in printed


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            errors.Busy("until 12:00"),
            "Another process is at work on this. Try again in a moment (until 12:00).",
        ),
        (errors.NotFound("K99"), "Not found, or outside the units that you may see (K99)."),
        (errors.InvalidInput("period_backwards"), "The period ends before it begins."),
        (errors.CannotBeUndone(["lines L7"], [3]), "namely Lines (1 row). First undo batch 3."),
    ],
)
def test_an_error_is_a_sentence_with_its_values(error, expected):
    assert sentence(error, "en").endswith(expected)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.NotFound("K99"), "没有找到，或不在您可查看的单位范围内（K99）。"),
        (errors.WrongDatabase("holds_data"), "数据库里已有数据。"),
        (errors.InvalidInput("no_such_file", file="x.csv"), "找不到文件 x.csv。"),
    ],
)
def test_an_error_is_chinese_where_the_terminal_is(monkeypatch, error, expected):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert sentence(error) == expected


def test_a_refusal_is_chinese_on_a_chinese_terminal(run, sqlite_url, monkeypatch):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    run(sqlite_url, "init", "--empty")

    assert run(sqlite_url, "import", "units", "gone.csv") == (1, "找不到文件 gone.csv。\n")
    assert run(sqlite_url, "undo", "7", "--reason", "x") == (
        1, "没有找到，或不在您可查看的单位范围内（7）。\n"
    )  # fmt: skip


@pytest.mark.parametrize("address", ["foo", "mysql://me@here/x"])
def test_an_address_that_is_none_is_refused_with_a_sentence(run, address):
    status, printed = run(address, "check")

    assert status == 1
    assert printed.startswith("The address of the database must be one of SQLite or PostgreSQL")


@pytest.mark.parametrize("command", [["check"], ["app-role", postgres.APP], ["batches"]])
def test_a_role_that_was_given_nothing_yet_learns_what_the_owner_has_to_do(run, empty_postgres_url, command):
    database.migrate(engine_for(empty_postgres_url))

    status, printed = run(postgres.as_role(empty_postgres_url, postgres.APP), *command)

    assert status == 1
    assert "python -m data_access app-role ROLE" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("command", [["check"], ["init", "--empty"]])
def test_a_database_that_the_server_does_not_have_is_to_be_made(run, postgres_server, command):
    status, printed = run(postgres.database_of(postgres_server, "nodb"), *command)

    assert status == 1
    assert "createdb" in printed
    assert len(printed.splitlines()) == 1


def test_a_server_that_does_not_answer_is_named(run):
    status, printed = run("postgresql://me@127.0.0.1:1/x", "check")

    assert status == 1
    assert printed.startswith("The database does not answer: connection failed")


def test_a_malformed_address_does_not_show_its_password(run):
    assert "secret" not in run("me:secret@here", "check")[1]


@pytest.mark.parametrize("command", [["batches"], ["refresh"], ["undo", "1", "--reason", "x"]])
def test_a_database_without_tables_says_how_to_make_them(run, empty_url, command):
    status, printed = run(empty_url, *command)

    assert status == 1
    assert "python -m data_access init --empty" in printed
    assert "make run" in printed


def test_only_a_command_that_fills_a_database_makes_its_file(run, tmp_path):
    path = tmp_path / "deeper" / "new.db"

    assert run(f"sqlite:///{path}", "check")[0] == 1
    assert not path.parent.exists()
    assert run(f"sqlite:///{path}", "init")[0] == 0
    assert path.exists()


@pytest.mark.parametrize("month", ["2024-13", "2024", "May"])
def test_a_month_that_is_none_says_how_months_are_written(run, sqlite_url, capsys, month):
    with pytest.raises(SystemExit):
        run(sqlite_url, "kpi", "saidi", "--unit", "A", "--from", month, "--to", "2024-01")

    assert f"A month is written like 2024-01, not {month}." in capsys.readouterr().err


def test_a_reader_that_has_read_enough_is_no_fault(sqlite_url):
    """python -m data_access batches | head -1"""
    process = subprocess.Popen(
        [sys.executable, "-m", "data_access", "rules"],
        env=os.environ | {"DATABASE_URL": sqlite_url}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.close()  # before anything is printed

    assert process.stderr.read() == b""
    process.wait()


def test_a_backup_replaces_no_file_unless_told(run, sqlite_url, tmp_path):
    run(sqlite_url, "init", "--empty")
    path = tmp_path / "kept.zip"
    path.write_text("mine")

    status, printed = run(sqlite_url, "backup", str(path))

    assert status == 1
    assert "--force" in printed
    assert path.read_text() == "mine"
    assert run(sqlite_url, "backup", str(path), "--force")[0] == 0


def test_an_unknown_indicator_names_some_and_where_all_are(run, sqlite_url):
    run(sqlite_url, "init", "--empty")

    status, printed = run(sqlite_url, "kpi", "foo", "--unit", "A", "--from", "2024-01", "--to", "2024-01")

    assert status == 1
    assert "There is no indicator foo; there are e.g. saidi" in printed
    assert "kpi --help" in printed


def test_a_new_version_of_rules_before_a_later_one_says_until_when_it_holds(run, sqlite_url, tmp_path):
    run(sqlite_url, "init", "--empty")
    path = tmp_path / "outages.toml"
    first = (rule_sets.FOLDER / "outages.toml").read_text(encoding="utf-8")

    def published(longer_than_days, month):
        path.write_text(re.sub(r"longer_than_days = \d+", f"longer_than_days = {longer_than_days}", first))
        act = ("rules", "publish", "outages", str(path), "--from", month, "--reason", "x", "--no-refresh")
        return run(sqlite_url, *act)[1]

    assert "judges events from 2026-10-01 on" in published(20, "2026-10")
    assert "judges events from 2026-09-01 to 2026-09-30" in published(25, "2026-09")


@pytest.fixture
def units(run, sqlite_url, tmp_path):
    """One province with a station of 10 customers; returns a function that imports a file of that content."""
    run(sqlite_url, "init", "--empty")

    def _imported(kind, content, *options):
        path = tmp_path / f"{kind}.csv"
        path.write_text(content, encoding="utf-8")
        return run(sqlite_url, "import", kind, str(path), "--no-refresh", *options)

    _imported("units", "code,name,level,parent\nP,省,province,\nC,市,city,P\nS,所,station,C\n")
    _imported("customers_served", "unit,level,month,customers\nS,LV,2026-01,10\n")
    return _imported


OUTAGES = """step_key,outage_key,unit,kind,customers,interrupted_at,restored_at
1,1,S,故障,11,2026-01-05 08:00,2026-01-05 09:00
"""


@pytest.mark.parametrize(
    ("language", "errors_are", "warnings_are", "note"),
    [
        ("zh", "错误（须改正，否则不能接收）：", "提示（不影响接收，请核对）：", "（仅提示）"),
        (
            "en",
            "Errors (they stop the rows):",
            "Warnings (taken all the same, to be looked at):",
            "(only odd)",
        ),
    ],
)
def test_what_stops_a_file_stands_apart_from_what_is_only_odd(
    units, language, errors_are, warnings_are, note
):
    _status, printed = units(
        "outages", OUTAGES + "2,2,X,故障,1,2026-01-05 08:00,2026-01-05 09:00\n", "--language", language
    )

    odd = import_problems.title("more_than_served", language)
    wrong = import_problems.title("unknown_unit", language)
    order = [printed.index(one) for one in (errors_are, wrong, warnings_are, odd)]
    assert order == sorted(order)
    assert [line.endswith(note) for line in printed.splitlines()[-2:]] == [False, True]


def test_what_is_only_odd_in_a_file_that_was_taken_has_its_heading(units):
    status, printed = units("outages", OUTAGES, "--language", "zh")

    assert status == 0
    assert "提示（不影响接收，请核对）：" in printed
    assert "错误" not in printed


def test_a_missing_column_is_named_as_a_header_says_it(units):
    chinese = units("outages", "a,b\n1,2\n", "--language", "zh")[1]
    english = units("outages", "a,b\n1,2\n", "--language", "en")[1]

    assert "缺少列“复电批次编号”" in chinese
    assert "[单位编码]" in chinese
    assert "step_key" not in chinese
    assert "The column Step key is missing" in english


@pytest.mark.usefixtures("units")
def test_a_refused_undo_on_the_command_line_says_what_to_undo_first(run, sqlite_url):
    status, printed = run(sqlite_url, "undo", "1", "--reason", "x")

    assert status == 1
    assert printed.strip().endswith("First undo batch 2.")
