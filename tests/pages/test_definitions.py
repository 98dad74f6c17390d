"""The definitions page: searchable in both languages, one definition per address, thresholds in force."""

import pytest

from domain.kpis import catalogue
from tests.pages.conftest import shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_definition_opens_from_its_address(opened, demo, lang):
    page = opened(demo, "definitions", lang)
    for name in catalogue().kpis:
        page.query_params["kpi"] = name
        page.run()

        assert not page.exception, name
        expected = catalogue().kpis[name].name_zh if lang == "zh" else catalogue().kpis[name].name_en
        assert page.header[0].value == expected


@pytest.mark.parametrize(
    "text", ["saidi", "系统平均停电时间", "R02", "cmi_lv", "customers served", "ＳＡＩＤＩ"]
)
def test_a_kpi_is_found_by_name_code_measure_and_formula(opened, demo, text):
    page = opened(demo, "definitions", "en", q=text)

    assert not page.exception
    assert "saidi" in _listed(page)


def test_a_group_narrows_the_list(opened, demo):
    page = opened(demo, "definitions", "en", group="promises")

    listed = _listed(page)
    assert "promise_kept_last" in listed
    assert "saidi" not in listed


def test_nothing_found_says_so(opened, demo):
    page = opened(demo, "definitions", "en", q="no such thing")

    assert _listed(page) == set()
    assert any("no such thing" in one.value for one in page.info)


def test_a_definition_names_the_thresholds_and_their_version(opened, demo):
    page = opened(demo, "definitions", "en", kpi="saidi")

    text = shown(page) + " ".join(one.value for one in page.caption)
    assert "≤ 3 min" in text
    assert "version 1" in text


def test_a_kpi_that_does_not_exist_shows_the_list(opened, demo):
    assert "saidi" in _listed(opened(demo, "definitions", "en", kpi="nonsense"))


def _listed(page) -> set[str]:
    return {str(one.key).removeprefix("open_") for one in page.button if str(one.key).startswith("open_")}
