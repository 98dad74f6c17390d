"""README.md cannot fall behind: what it says of commands, kinds and settings is compared with the code."""

import re

import pytest

from domain.people import ROLE_WORDS
from domain.viewer import MAY, ROLES
from tests.checks import readme
from tests.checks.files import PROJECT, python_files
from ui import menu
from ui.texts import chinese

TEXT = readme.README.read_text(encoding="utf-8")
FROM_OUTSIDE = re.compile(r"""environ(?:\.get\(|\[)["']([A-Z_]+)["']""")
OUR_OWN = {"SHOWN_AT"}  # set by the server for itself


def test_the_parts_made_from_the_code_are_up_to_date():
    """Run: python -m tests.checks.readme"""
    assert readme.made(TEXT) == TEXT


def test_the_table_of_roles_says_what_the_code_allows():
    """Read back from the README, not made: each role x act is MAY, each role x page is the menu."""
    table = TEXT.split("<!-- roles -->")[1].split("<!-- /roles -->")[0].strip().splitlines()
    cells = [[one.strip() for one in line.strip("|").split("|")] for line in table]
    assert [one.split()[-1] for one in cells[0][1:]] == [ROLE_WORDS[role][0] for role in ROLES]
    said = {line[0]: {role for role, cell in zip(ROLES, line[1:], strict=True) if cell} for line in cells[2:]}

    expected = {f"may {readme.ACTS[act]}": roles for act, roles in MAY.items()}
    for name, title in readme.pages().items():
        has = {role for role in ROLES if menu.opens({role}, name)}
        expected[f"page *{title}* {chinese()[title]}"] = has
    assert said == expected
    assert set(menu.NEEDS) <= set(readme.pages())


def _variables():
    for path in python_files():
        if path.parts[0] != "tests":
            yield from FROM_OUTSIDE.findall((PROJECT / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(set(_variables()) - OUR_OWN))
def test_every_environment_variable_is_explained(name):
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize(
    "target", re.findall(r"^(\w+):.*##", (PROJECT / "Makefile").read_text(), re.MULTILINE)
)
def test_every_make_target_is_named(target):
    assert f"make {target}" in TEXT


def test_every_file_that_is_named_exists():
    named = set(re.findall(r"`((?:pages|domain|data_access|ui|tests)/[\w/.]+?)/?`", TEXT))
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_the_changelog_has_an_entry_for_what_is_not_released_yet():
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"## \[Unreleased\]\n\n### \w+\n- ", changelog)
