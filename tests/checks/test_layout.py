"""The picture of the house stays clear: where files lie, how long they are, what pages may import."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.checks.files import PROJECT, imports, python_files, tree

LONGEST = 250
LONGEST_PAGE = 120
LONGEST_TEST = 400  # the rules of one noun stay together
LONGER_FOR_A_REASON: dict[str, str] = {}
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "misc"}
SLOW_CHARTS = {
    "line_chart",
    "bar_chart",
    "area_chart",
    "scatter_chart",
    "map",
    "altair_chart",
    "pydeck_chart",
}
PAGES = [path for path in python_files() if path.parts[0] == "pages"]
NOT_FOR_PAGES = ("sqlalchemy", "alembic", "psycopg", "sqlite3")
FOR_DASHBOARD = ("data_access.saved_views",)


def test_there_are_pages():
    """Otherwise the checks below would hold for nothing."""
    assert len(PAGES) >= 5


@pytest.mark.parametrize("path", python_files(), ids=str)
def test_a_file_is_short_enough_to_be_read(path):
    if str(path) in LONGER_FOR_A_REASON:
        return
    lines = len((PROJECT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= {"pages": LONGEST_PAGE, "tests": LONGEST_TEST}.get(path.parts[0], LONGEST)


def test_exceptions_to_the_length_are_still_needed():
    for name in LONGER_FOR_A_REASON:
        assert len((PROJECT / name).read_text(encoding="utf-8").splitlines()) > LONGEST, name


def test_no_name_says_nothing():
    assert [str(path) for path in python_files() if VAGUE & set(path.with_suffix("").parts)] == []


NOT_KEPT = {"people", "people_seen", "people_history", "administrators", "saved_views"}


def test_what_makes_nobody_read_anew_is_never_kept():
    """Acts on people and views leave the version of the data as it is (audit.NOT_KEPT_BY_PAGES)."""
    found = [
        (str(path), one) for path in python_files() for one in _kept(path) if NOT_KEPT & set(one.split("."))
    ]
    assert found == []
    assert any("reliability" in one for path in PAGES for one in _kept(path))


def _kept(path):
    """Dotted names of the functions whose answers the file hands to ui.cache.cached()."""
    nodes = list(ast.walk(tree(path)))
    known = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in nodes:
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).split(".")[-1] == "cached":
            first, dot, rest = ast.unparse(node.args[0]).partition(".")
            yield known.get(first, first) + dot + rest


def test_no_page_lies_directly_in_pages():
    """Streamlit serves such a file by itself until dashboard.py ran once: it would walk around sign-in."""
    assert [path.name for path in PAGES if len(path.parts) == 2] == []


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_imports_no_sql_and_no_other_page(path):
    for name in imports(path):
        assert not name.startswith(NOT_FOR_PAGES), name
        assert name.split(".")[0] != "pages", name


KNOWS_SCIPY = Path("domain/statistics.py")


def test_only_the_file_of_statistics_knows_scipy():
    """An interval or a quantile that a page works out by itself would be held by no test."""
    found = {path: {one for one in imports(path) if one.split(".")[0] == "scipy"} for path in python_files()}
    assert {path for path, names in found.items() if names} == {KNOWS_SCIPY}
    assert found[KNOWS_SCIPY] == {"scipy"}


VERSIONS = sorted((PROJECT / "data_access" / "migrations" / "versions").glob("*.py"))
FOR_MIGRATIONS = (
    "data_access.migrations",
    "data_access.audit_key",  # where a server keeps its key is no state of the database
    "domain.errors",
)


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_does_not_change_with_the_code(path):
    """It meets the tables of its own revision, for which later code was not made."""
    ours = [name for name in imports(path) if name.split(".")[0] in ("data_access", "domain", "ui", "pages")]
    assert [one for one in ours if one != "data_access" and not one.startswith(FOR_MIGRATIONS)] == []


def test_dashboard_knows_pages_only_as_paths_and_of_the_data_only_the_views():
    for name in imports((PROJECT / "dashboard.py").relative_to(PROJECT)):
        assert not name.startswith((*NOT_FOR_PAGES, "pages")), name
        if name.split(".")[0] == "data_access" and name != "data_access":
            assert name.startswith(FOR_DASHBOARD), name


@pytest.mark.parametrize("path", [p for p in python_files() if p.parts[0] in ("ui", "pages")], ids=str)
def test_charts_are_cached_specs(path):
    """st.line_chart takes twenty times as long, and the maps load tiles from a foreign host."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
            assert node.attr not in SLOW_CHARTS, f"line {node.lineno}"


ASKING_FIRST = {  # what runs outside dashboard.py or knows who looks, and the one file that it stands in
    "fragment": "ui/fragments.py",
    "download_button": "ui/downloads.py",
    "user": "ui/session.py",
    "secrets": "ui/session.py",
    "logout": "ui/session.py",
}


@pytest.mark.parametrize("path", [p for p in python_files() if p.parts[0] in ("ui", "pages")], ids=str)
def test_what_runs_outside_the_frame_asks_who_looks_first(path):
    """A fragment that runs by itself would go on after the sign-in ended, and so would a download."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
            assert ASKING_FIRST.get(node.attr, str(path)) == str(path), f"line {node.lineno}"
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "streamlit":
            assert not {one.name for one in node.names} & set(ASKING_FIRST), f"line {node.lineno}"


@pytest.mark.parametrize("path", [p for p in python_files() if p.parts[0] != "tests"], ids=str)
def test_every_file_says_why_it_exists(path):
    assert ast.get_docstring(tree(path)) or not (PROJECT / path).read_text(encoding="utf-8").strip()


def _tracked():
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True).stdout
    return [PROJECT / name for name in listed.decode().split("\0") if name and (PROJECT / name).is_file()]


FORBIDDEN = {
    "a conflict marker": re.compile(r"^(<{7}|>{7}) ", re.MULTILINE),
    "somebody's own folder": re.compile(r"/(home/\w+|root|Users/\w+)/"),
    "a package source of one's own": re.compile(
        r"--(extra-)?index-url|\[tool\.uv\.index\]|pypi\.[a-z]+\.(internal|local)"
    ),
    "a task without an owner": re.compile(r"\b(TO" r"DO|FIX" r"ME|XXX)\b(?!\()"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_carries(what):
    found = []
    for path in _tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.name != "test_layout.py" and FORBIDDEN[what].search(text):
            found.append(path.name)
    assert found == []
