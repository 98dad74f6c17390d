"""Every act that the code writes down has words on the page of the audit log."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access import audit_history, people_history
from domain.viewer import MAY
from tests.checks.files import python_files, tree
from ui.audit_log.actions import ACTIONS, GROUPS
from ui.audit_log.words import ACTS

# Place of the action among the arguments.
PLACE = {"record": 2, "record_many": 2, "note": 2, "note_if_possible": 2, "row_of": 1}
OURS = [path for path in python_files() if path.parts[0] != "tests" and path.name != "audit.py"]


def _written() -> Iterator[tuple[Path, int, ast.expr]]:
    for path in OURS:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and (place := _place(path, node.func)) is not None:
                named = [one.value for one in node.keywords if one.arg == "action"]
                action = named[0] if named else node.args[place]
                if not (isinstance(action, ast.Name) and action.id == "action"):  # its caller says it
                    yield path, node.lineno, action


def _place(path: Path, called: ast.expr) -> int | None:
    """Which argument is the action, where the function writes to the log or calls one that does."""
    if isinstance(called, ast.Attribute) and getattr(called.value, "id", "") in ("audit", "changing"):
        return PLACE.get(called.attr)
    is_wrapper = path.stem == "people_admin" and getattr(called, "id", "") == "_record"
    return PLACE["record"] if is_wrapper else None


def _constant(path: Path, name: str) -> str | None:
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == [name]:
            return node.value.value
    return None


def _codes(path: Path, action: ast.expr) -> list[str]:
    """The codes that the expression may be: a text, a constant of the file, or all that begin like it."""
    if isinstance(action, ast.Constant):
        return [action.value]
    if isinstance(action, ast.Name) and (found := _constant(path, action.id)):
        return [found]
    if isinstance(action, ast.JoinedStr) and isinstance(action.values[0], ast.Constant):
        return [one for one in ACTIONS if one.startswith(action.values[0].value)]
    return []


def test_acts_are_found_in_the_code():
    """Otherwise the check below would hold for nothing."""
    assert len(list(_written())) >= 8


@pytest.mark.parametrize(
    ("path", "line", "action"), [pytest.param(*one, id=f"{one[0]}:{one[1]}") for one in _written()]
)
def test_an_act_that_is_written_down_has_words(path, line, action):
    """Write the action as a text, or as one that begins with a text."""
    codes = _codes(path, action)

    assert codes, f"{path}:{line}"
    assert [one for one in codes if one not in ACTIONS] == []


def test_histories_know_every_act_on_many_and_on_people_by_name():
    """They ask for acts by their exact names."""
    on_many = {
        node.args[PLACE["record_many"]].value
        for path in OURS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "record_many"
    }
    assert on_many == set(audit_history.BULK)
    on_people = {one for one in ACTIONS if one.startswith("people.")}
    assert on_people <= {*people_history.ON_ONE, *people_history.ON_MANY}


def test_every_act_belongs_to_a_group_and_no_group_is_empty():
    assert {group for group, _name in ACTIONS.values()} == set(GROUPS)


def test_every_right_has_words_for_the_refusal():
    assert set(ACTS) == set(MAY)
