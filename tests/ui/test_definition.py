"""A definition as people read it: in the language of the page, in words, without codes of ours."""

import re
from datetime import date

import pytest

from domain import rule_sets
from domain.kpis import catalogue
from domain.rule_sets import RuleVersion
from ui import definition, texts

CATALOGUE = catalogue()
OWN_NAMES = re.compile(r"Jaccard|CEMIn|kVA|DL/T|IEEE|CELID-[st]|[A-Z]{2,}[-A-Z0-9]*")


@pytest.fixture(autouse=True)
def _chinese_afterwards():
    yield
    texts.use("zh")


@pytest.mark.parametrize("kpi", CATALOGUE.kpis.values(), ids=lambda one: one.id)
def test_a_chinese_definition_holds_no_english(kpi):
    """Names of standards and of the indices stay as the trade writes them."""
    for text in (kpi.name_zh, kpi.formula_zh, kpi.source_zh):
        assert not re.search(r"[A-Za-z]{3,}", OWN_NAMES.sub("", text)), text
        assert "LV" not in text
        assert "MV" not in text


@pytest.mark.parametrize("kpi", CATALOGUE.kpis.values(), ids=lambda one: one.id)
def test_an_english_definition_holds_no_chinese(kpi):
    for text in (kpi.name_en, kpi.formula_en, kpi.source_en):
        assert not re.search("[\u4e00-\u9fff]", text), text


def test_the_source_follows_the_language():
    kpi = CATALOGUE.kpis["planned_notice_timely"]
    texts.use("zh")
    assert "《电力供应与使用条例》第二十八条" in definition.source(kpi)
    texts.use("en")
    assert "Article 28" in definition.source(kpi)


def test_needed_data_are_named_not_coded():
    texts.use("zh")
    parts = definition._parts(CATALOGUE.kpis["planned_notice_timely"], CATALOGUE, {})

    assert parts["所需数据"] == "停电记录 · 停电通知"


def test_a_window_of_days_is_as_long_as_the_rules_in_force_say():
    texts.use("zh")
    first = rule_sets.first_version("notices")
    body = {**first.body, "repeated_planned": {**first.body["repeated_planned"], "days": 90}}
    versions = {"notices": (first, RuleVersion("notices", 2, date(2026, 3, 1), body))}

    parts = definition._parts(CATALOGUE.kpis["areas_planned_repeatedly"], CATALOGUE, versions)

    assert parts["跨期口径"] == "截至期末，回看60 / 90天"
