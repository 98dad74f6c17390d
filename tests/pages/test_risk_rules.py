"""The page of the rules of risk: a draft is tried and published by who may edit rules, and by nobody else."""

import pytest

from data_access import rules
from data_access.engine import engine_for
from data_access.kpi_refresh import refresh
from data_access.transactions import reading_all
from tests.data_access import booked, risky
from tests.data_access.risky import all_conditions, fault
from tests.pages.conftest import person_as, shown

FAULTS = "risk_draft_RL1.faults.faults"


@pytest.fixture
def company(sqlite_engine, empty):
    """Line L and its area T with three faults in June; others by their condition."""
    risky.build(sqlite_engine)
    all_conditions(sqlite_engine)
    booked.book(sqlite_engine, *(one for day in (1, 5, 9) for one in fault(f"2026-06-0{day}", "T")))
    refresh(sqlite_engine)
    return empty


def _button(page, text):
    return next(one for one in page.button if one.label == text)


def _versions(url):
    with reading_all(engine_for(url)) as connection:
        return rules.versions(connection, "risk")


def _tried(opened, company, faults):
    page = opened(company, "risk_rules")
    page.number_input(key=FAULTS).set_value(faults)
    _button(page, "试算影响").click().run()
    assert list(page.exception) == []
    return page


def test_a_draft_shows_what_would_leave_the_list_and_stores_nothing(opened, company):
    page = _tried(opened, company, 4)

    text = shown(page)
    assert "RL1 频繁跳闸 · 12个月故障次数（次）：3 → 4" in text
    assert page.dataframe[0].value["月末"].tolist() == ["2026年6月", "2026年5月", "2026年4月"]
    objects = page.dataframe[1].value
    assert set(objects["编码"]) >= {"L", "T"}
    assert set(objects.loc[objects["编码"] == "L", "线路/台区"]) == {"line L"}
    assert set(objects.loc[objects["编码"] == "L", "草案触发规则"]) == {"RL8 用户故障出门"}
    assert len(_versions(company)) == 1


def test_an_age_is_offered_upwards_only(opened, company):
    page = opened(company, "risk_rules")

    assert page.selectbox(key="risk_draft_RL9.last_test.operator").options == [">", "≥"]
    assert len(page.selectbox(key="risk_draft_RL3.voltage.operator").options) == 4


def test_more_month_ends_are_tried_as_the_url_says(opened, company):
    page = opened(company, "risk_rules", months="6")
    page.number_input(key=FAULTS).set_value(4)
    _button(page, "试算影响").click().run()

    assert len(page.dataframe[0].value) == 6


def test_a_draft_is_published_from_the_first_of_a_month(opened, company):
    page = _tried(opened, company, 4)
    page.text_input(key="publish_reason").set_value("责任书改为4次")
    _button(page, "发布").click().run()

    assert list(page.exception) == []
    assert page.success[0].value.startswith("已发布：第 2 版自")
    first, second = _versions(company)
    assert (first.body["RL1"]["faults"]["faults"], second.body["RL1"]["faults"]["faults"]) == (3, 4)
    assert second.valid_from.day == 1


def test_a_draft_begins_with_the_version_that_begins_last_also_where_that_is_to_come(opened, company):
    """Version 2, of next month, asks for 4 faults: a change of something else leaves that as it is, and holds
    no earlier, or version 2 would take its place."""
    page = _tried(opened, company, 4)
    later = page.selectbox(key="publish_from").value
    page.text_input(key="publish_reason").set_value("责任书改为4次")
    _button(page, "发布").click().run()

    page = opened(company, "risk_rules")
    assert f"第 2 版自 {later} 起生效，草案以它为基础。" in shown(page)
    assert page.number_input(key=FAULTS).value == 4
    page.number_input(key="risk_draft_RL7.minor.defects").set_value(9)
    _button(page, "试算影响").click().run()
    assert "频繁跳闸 · 12个月故障次数" not in shown(page)
    page.selectbox(key="publish_from").select_index(0)
    page.text_input(key="publish_reason").set_value("缺陷阈值")
    _button(page, "发布").click().run()

    assert list(page.exception) == []
    third = _versions(company)[-1]
    assert (third.version, third.valid_from) == (3, later)
    assert (third.body["RL1"]["faults"]["faults"], third.body["RL7"]["minor"]["defects"]) == (4, 9)


def test_without_a_reason_nothing_is_published_and_the_draft_stays(opened, company):
    page = _tried(opened, company, 4)
    _button(page, "发布").click().run()

    assert list(page.exception) == []
    assert len(page.error) == 1
    assert len(_versions(company)) == 1
    assert page.number_input(key=FAULTS).value == 4


def test_a_draft_that_changes_nothing_has_nothing_to_publish(opened, company):
    page = _tried(opened, company, 3)

    assert "先修改阈值" in shown(page)
    assert [one for one in page.button if one.label == "发布"] == []


def test_only_who_may_edit_rules_sees_the_page(opened, demo):
    page = opened(demo, "risk_rules", **{"as": person_as(demo, "manager")})

    assert [one.value for one in page.error] == ["您的角色没有此项权限。"]
    assert not page.number_input
