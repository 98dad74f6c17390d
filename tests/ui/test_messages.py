"""Every error that a person can put right is a sentence, in both languages."""

import ast
from pathlib import Path

import pytest

from domain import errors
from domain.errors import CannotBeUndone, DashboardError, FileRejected, InvalidInput, Problem
from domain.kpis import catalogue
from ui import messages, texts

PROJECT = Path(__file__).resolve().parent.parent.parent
KINDS = [
    one
    for one in vars(errors).values()
    if isinstance(one, type) and issubclass(one, DashboardError) and one is not DashboardError
]


@pytest.fixture(autouse=True)
def _chinese_afterwards():
    yield
    texts.use("zh")


def _example(kind: type[DashboardError]) -> DashboardError:
    if kind is CannotBeUndone:
        return CannotBeUndone([f"outage {number}" for number in range(12)])
    if kind is InvalidInput:
        return InvalidInput("reason_missing")
    if kind is FileRejected:
        return FileRejected(
            [Problem(2, "customers", "x", "not_a_number")], {("customers", "not_a_number"): 1}
        )
    return kind("something")


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_error_has_a_sentence(kind, language):
    texts.use(language)
    said = messages.sentence(_example(kind))

    assert said.endswith("。" if language == "zh" else ".")
    assert "{" not in said


def test_absent_and_foreign_sound_the_same():
    """Otherwise the message would say that a unit exists."""
    assert messages.sentence(errors.NotFound(7)) == messages.sentence(errors.NotFound("K99"))


def _codes_in_the_code() -> set[str]:
    codes = set()
    for folder in ("domain", "data_access", "ui"):
        for path in (PROJECT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", getattr(node.func, "attr", "")) == "InvalidInput"
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    codes.add(node.args[0].value)
    return codes


def test_every_invalid_input_has_its_own_sentence():
    assert _codes_in_the_code() - set(messages.INVALID) == set()


def _reasons_in_the_code() -> set[str]:
    """Codes of `missing` and `reason` that domain gives: assigned, passed on by name, or by the functions."""
    codes = set()
    for path in (PROJECT / "domain").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said: list[ast.expr] = []
            if isinstance(node, ast.keyword) and node.arg == "missing":
                said = [node.value]
            if isinstance(node, ast.Assign):
                names = [getattr(one, "value", one) for one in node.targets]
                if any(getattr(one, "id", "") in ("missing", "reason") for one in names):
                    said = [node.value]
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_nothing":
                said = node.args[1:2]
            if isinstance(node, ast.FunctionDef) and node.name == "not_covered":
                said = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
            codes |= {
                part.value
                for one in said
                for part in ast.walk(one)
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value
            }
    return {code for code in codes if not code.isspace()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_why_a_figure_is_missing_has_words(language):
    """A code beside a dash says nothing to a manager."""
    texts.use(language)
    codes = _reasons_in_the_code()
    assert {"not_covered:", "zero_denominator", "partial", "no_break_down"} <= codes

    shown = {code: messages.missing(code + "outages" if code.endswith(":") else code) for code in codes}

    assert {code for code, words in shown.items() if "_" in words or words == code} == set()


def test_every_source_that_a_measure_needs_has_a_name():
    """It is what a card shows beside the dash."""
    needs = {need for measure in catalogue().measures.values() for need in measure.needs}

    assert needs - set(messages.SOURCES) == set()
    assert messages.missing("not_covered:customers_served.LV") == "缺数据：低压用户总数"
