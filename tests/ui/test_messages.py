"""Every error that a person can put right is a sentence, in both languages."""

import ast
import json
from pathlib import Path

import pytest

from data_access import baselines, major_events, people
from data_access.imports import references
from domain import error_texts, errors, referrers
from domain.errors import CannotBeUndone, DashboardError, FileRejected, InvalidInput, Problem
from domain.kpis import catalogue
from ui import messages, texts

PROJECT = Path(__file__).resolve().parent.parent.parent
KINDS = [
    one
    for one in vars(errors).values()
    if isinstance(one, type) and issubclass(one, DashboardError)
    if one not in (DashboardError, errors.Coded)
]


@pytest.fixture(autouse=True)
def _chinese_afterwards():
    yield
    texts.use("zh")


def _example(kind: type[DashboardError]) -> DashboardError:
    if kind is CannotBeUndone:
        return CannotBeUndone([f"lines L{number}" for number in range(12)])
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


def test_an_undo_that_is_refused_names_what_refers_to_it_and_no_tables():
    error = CannotBeUndone(["customers_served 3", "outage_steps A1", "outage_steps A2", "outages O1"])
    texts.use("zh")
    assert messages.sentence(error) == "不能撤销：后续导入的用户数（1 条）、停电记录（2 条）仍在引用。"
    texts.use("en")
    assert messages.sentence(error).endswith("namely Customers served (1 row), Outages (2 rows).")


def test_an_undo_that_would_count_customers_twice_says_so_and_what_to_do():
    error = CannotBeUndone(["customers_served S2 LV 2024-01"], [3], "counted_twice")
    texts.use("zh")
    assert messages.sentence(error).endswith("冲突的是后续导入的用户数（1 条），请先撤销或更正批次 3。")
    texts.use("en")
    assert "In the way: Customers served (1 row). First undo or correct batch 3." in messages.sentence(error)


def test_every_table_that_may_refer_to_a_row_has_a_name():
    tables = {table.info.get("past_of", table.name) for table, _column in references._unit_columns()}
    tables |= {table.name for several in references.TO.values() for table, _column, _later in several}

    for language in texts.LANGUAGES:
        names = {one: referrers.kind_name(one, language) for one in tables}
        assert [one for one in tables if "_" in names[one]] == []
        assert [one for one in tables if names[one] == one and language == "zh"] == []


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
                    and getattr(node.func, "id", "") in ("InvalidInput", "WrongDatabase")
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    codes.add(node.args[0].value)
    return codes


def test_every_code_of_an_error_has_its_own_sentence():
    assert _codes_in_the_code() - set(error_texts.texts()["errors"]) == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.__name__)
def test_a_refused_import_says_why_in_the_language_of_the_page(kind):
    """The import runs in a process of its own: it hands on the error, not a sentence."""
    if kind is FileRejected:
        return
    error = _example(kind)
    told = errors.from_values(json.loads(json.dumps(errors.as_values(error))))

    for language in texts.LANGUAGES:
        texts.use(language)
        assert messages.sentence(told) == messages.sentence(error)


def test_the_system_has_a_name_in_both_languages():
    """由 refresh 固定 says nothing to a manager."""
    texts.use("zh")
    assert messages.person(major_events.SYSTEM.name) == "系统"
    assert messages.person(people.LOCAL_ADMINISTRATOR) == "本机管理员"
    assert messages.person("吴己") == "吴己"
    assert messages.act_reason(baselines.FIRST_REASON) != baselines.FIRST_REASON


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


def test_a_missing_month_is_named_and_unknown_major_event_days_are_no_missing_file():
    texts.use("zh")

    assert messages.missing("not_covered:outages:2026-08,2026-10") == "缺数据：停电记录（2026-08、2026-10）"
    assert messages.missing("not_covered:major_events") == "重大事件日未知：尚无阈值，也无清单"
