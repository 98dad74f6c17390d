"""A definition as people read it: in the language of the page, in words, without codes of ours."""

import re
from datetime import date

import pytest

from domain import rule_sets
from domain.kpis import catalogue
from domain.readings import Reading
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


@pytest.mark.parametrize("measure", CATALOGUE.measures.values(), ids=lambda one: one.id)
def test_a_measure_names_its_level_in_chinese(measure):
    """低压, not LV."""
    assert not re.search("LV|MV", measure.name_zh)


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


@pytest.mark.parametrize(
    ("language", "seconds", "said"),
    [
        ("zh", 219_427_200, "60,952 时户 × 60 ÷ 168,123 户 = 21.8 分钟/户"),
        ("en", 219_427_200, "3,657,120 customer-min ÷ 168,123 customers = 21.8 min/cust."),
        ("zh", 5_436, "1.51 时户 × 60 ÷ 168,123 户 = 0.0 分钟/户"),
    ],
)
def test_a_figure_can_be_worked_out_by_hand_in_the_units_shown(language, seconds, said):
    """The factor of the catalogue is for stored seconds: 60,952 divided by 60 x 168,123 would be 0.006."""
    texts.use(language)
    kpi = CATALOGUE.kpis["saidi"]
    reading = Reading("saidi", 1, seconds / 60 / 168_123, seconds, 168_123)

    assert definition.worked_out(kpi, reading, CATALOGUE) == said


def test_the_calculation_of_a_definition_is_in_the_units_shown():
    kpi, asai = CATALOGUE.kpis["saidi"], CATALOGUE.kpis["asai"]

    texts.use("zh")
    assert definition.arithmetic(kpi, CATALOGUE) == "60 × 停电时户数（低压） ÷ 用户总数（低压）"
    assert all(definition._scale(one, CATALOGUE).is_integer() for one in CATALOGUE.kpis.values())
    assert definition.arithmetic(asai, CATALOGUE).startswith("100 × (")
    texts.use("en")
    assert " × " not in definition.arithmetic(kpi, CATALOGUE)


def test_a_definition_tells_the_id_that_target_files_need():
    texts.use("zh")

    assert definition._parts(CATALOGUE.kpis["saidi"], CATALOGUE, {})["标识"].startswith("`saidi` · ")
