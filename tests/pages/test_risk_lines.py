"""The page of risk lines and areas: counters, those without a measure, the list, one object."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from data_access import rectification_making
from data_access.kpi_refresh import refresh
from data_access.rectification_acts import today
from data_access.tables.grid import lines
from data_access.transactions import writing_all
from domain.rectifications import Rectification
from domain.viewer import Scope
from tests.data_access import booked, risky
from tests.data_access.company import PROVINCE
from tests.data_access.risky import all_conditions, fault
from tests.data_access.test_people_admin import administrator
from tests.pages.conftest import person_as, shown
from ui import session
from ui.risk import items

NEW = Rectification("A", "", 0, "line", "L", "治理 L", original_due=today() + timedelta(days=100))


@pytest.fixture
def company(sqlite_engine, empty):
    """Line L and its area T with three faults in June, line M with an urgent defect, areas D and U."""
    risky.build(sqlite_engine)
    all_conditions(sqlite_engine)
    booked.book(sqlite_engine, *(one for day in (1, 5, 9) for one in fault(f"2026-06-0{day}", "T")))
    refresh(sqlite_engine)
    return empty


def _create(engine, **changes):
    lead = replace(administrator(PROVINCE), person_id=None)
    return rectification_making.create(engine, lead, replace(NEW, **changes))


def _lists(page):
    """The short list of those without a measure, and the page of the whole list."""
    return page.dataframe[0].value, page.dataframe[-1].value


def test_those_without_a_measure_stand_first(opened, company, sqlite_engine):
    _create(sqlite_engine)

    page = opened(company, "risk_lines")

    assert list(page.exception) == []
    without, whole = _lists(page)
    assert "无措施的风险（" in page.subheader[0].value
    assert "line L" not in without["线路/台区"].tolist()
    assert len(whole) == len(without) + 1
    assert whole["线路/台区"][0] == "line L"  # the most costly first, whether or not it has an item
    row = whole.set_index("线路/台区").loc["line L"]
    assert row["措施"] == "治理 L 0%"
    assert list(row["灯"]) == []  # of a draft in time
    assert row["为什么在列"].startswith("RL1 频繁跳闸 3 次")
    assert len(row["近13个月"]) == 13


def test_the_counters_say_how_many_and_how_it_stands(opened, company, sqlite_engine):
    _create(sqlite_engine)

    text = shown(opened(company, "risk_lines"))

    assert "风险对象 5 个：线路 2 条，台区 3 个" in text
    assert "线路台区挂账整改 1 项" in text
    assert "因缺数据未能完整判定" in text
    assert "RL12 线损异常（缺线损）" in text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"kind": "line"}, ["line L", "line M"]),
        ({"rule": "RL10"}, ["line M"]),
        ({"items": "with"}, ["line L"]),
        ({"level": "1"}, ["line M"]),
        ({"risk_text": "line M"}, ["line M"]),
    ],
    ids=str,
)
def test_filters_stand_in_the_url(opened, company, sqlite_engine, said, expected):
    _create(sqlite_engine)

    page = opened(company, "risk_lines", **said)

    assert sorted(_lists(page)[1]["线路/台区"]) == expected
    assert all(page.query_params[key] in (value, [value]) for key, value in said.items())


def test_a_choice_of_a_filter_goes_into_the_url(opened, company):
    page = opened(company, "risk_lines")
    page.selectbox(key="choose_rule").select("RL10").run()

    assert "RL10" in page.query_params["rule"]
    assert _lists(page)[1]["线路/台区"].tolist() == ["line M"]


def test_all_without_a_measure_are_one_click_away(opened, demo):
    page = opened(demo, "risk_lines")
    page.button(key="all_without").click().run()

    assert "without" in page.query_params["items"]
    assert set(_lists(page)[1]["措施"]) == {"无"}


def test_one_object_says_why_and_what_it_is_expected_to_cost(opened, company, sqlite_engine):
    made = _create(sqlite_engine)

    page = opened(company, "risk_lines", object="line:L", space="A")

    assert list(page.exception) == []
    text = shown(page)
    assert "line L：预计未来12个月损失" in text
    assert "频繁跳闸（12个月 3 次）" in text
    assert "预计每年故障" in text
    assert page.table[0].value["判定条件"][0] == "12个月故障 ≥ 3 次"
    assert page.dataframe[0].value["编号"].tolist() == [made.item_id]
    assert len(page.get("vega_lite_chart")) == 2
    assert page.button(key="create_item").label == "新建整改项"


def test_one_object_shows_the_log_of_all_its_items_and_that_no_requests_are_known(
    opened, company, sqlite_engine
):
    """With the items' numbers; not that of another line."""
    mine = [_create(sqlite_engine, title=f"治理 {n}").item_id for n in range(2)]
    other = _create(sqlite_engine, object_code="M").item_id

    page = opened(company, "risk_lines", object="line:L", space="A")

    text = shown(page)
    assert all(number in text for number in mine)
    assert other not in text
    assert "尚未导入客户诉求数据" in text


def test_a_new_item_from_an_object_begins_with_its_level_and_what_was_found(opened, company):
    page = opened(company, "rectifications", view="new", kind="line", code="M", space="A", rules="RL7;RL10")

    assert list(page.exception) == []
    evidence = next(one.value for one in page.text_area if str(one.key).startswith("evidence_"))
    assert evidence.startswith("截至 2026-06-30：RL7")
    assert "RL10" in evidence


def test_an_object_at_no_risk_is_shown_too(opened, company):
    page = opened(company, "risk_lines", object="area:U", space="A", end="2026-05")

    assert list(page.exception) == []
    assert "本月末未触发风险规则" in shown(page)


@pytest.mark.parametrize("asked", ["line:NOSUCH", "equipment:L", "x"])
def test_an_object_that_there_is_not_is_not_found_or_the_list(opened, company, asked):
    page = opened(company, "risk_lines", object=asked, space="A")

    assert list(page.exception) == []
    refused = ["没有找到，或不在您可查看的单位范围内。"] if ":" in asked else []
    assert [one.value for one in page.error] == refused


def test_a_foreign_object_and_an_absent_one_look_the_same(opened, company, monkeypatch):
    stranger = replace(administrator(PROVINCE), scope=Scope((risky.COUNTY_A2,)))
    monkeypatch.setattr(session, "viewer", lambda: stranger)
    said = [
        [one.value for one in opened(company, "risk_lines", object=asked, space="A").error]
        for asked in ("line:L", "line:NOSUCH")
    ]

    assert said[0] == said[1] != []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_the_objects_stand_below_each_other_and_open_when_tapped(
    opened, company, sqlite_engine, monkeypatch, lang
):
    monkeypatch.setattr("ui.shell.is_phone", lambda: True)
    _create(sqlite_engine)
    page = opened(company, "risk_lines", lang)

    assert list(page.exception) == []
    assert not page.dataframe
    text = shown(page)
    assert {"zh": "RL1 频繁跳闸 3 次", "en": "RL1 repeated faults 3 times"}[lang] in text
    assert "治理 L 0%" in text
    page.button(key="open_all_1_A_line_L").click().run()
    assert "line:L" in page.query_params["object"]


def _why(page, text):
    next(one for one in page.text_input if str(one.key).startswith("reason_")).set_value(text)
    next(one for one in page.button if one.label == "显示 5 分钟").click()
    page.run().run()
    assert list(page.exception) == []


def test_the_names_of_accounts_are_shown_on_the_list_to_who_says_why(opened, company):
    page = opened(company, "risk_lines")
    before = _lists(page)
    assert all("a**" in one["线路/台区"].tolist() for one in before)
    _why(page, "现场走访")

    for was, now in zip(before, _lists(page), strict=True):
        plain = [name.replace("a**", "area D") for name in was["线路/台区"]]
        assert now["线路/台区"].tolist() == plain


def test_the_name_of_one_account_is_shown_to_who_says_why(opened, company):
    page = opened(company, "risk_lines", object="area:D", space="A")
    assert "area D" not in shown(page)
    _why(page, "现场走访")

    assert "area D" in shown(page)


@pytest.mark.parametrize(("role", "may_create"), [("lead", True), ("executive", False)])
def test_only_who_may_create_items_has_the_button(opened, demo, role, may_create):
    units = {"object": "line:06010101F01", "space": "0601"}
    page = opened(demo, "risk_lines", **units, **{"as": person_as(demo, role)})

    assert list(page.exception) == []
    assert list(page.error) == []
    assert ("create_item" in [one.key for one in page.button]) is may_create


def test_a_name_cannot_become_markup(opened, company, sqlite_engine):
    name = "10kV <b>很长很长的线路名称</b> **L** :red[x] " + "甲" * 60
    with writing_all(sqlite_engine) as connection:
        connection.execute(update(lines).where(lines.c.line_code == "L").values(name=name))

    page = opened(company, "risk_lines", object="line:L", space="A")

    assert "&lt;b&gt;" in shown(page)
    assert "<b>很长" not in shown(page)


def test_a_new_item_is_filled_in_from_the_object(monkeypatch):
    monkeypatch.setattr(items.filters, "query", lambda **said: said)

    assert items.new_query("line", "L", "A", ["RL1", "RL6"]) == {
        "view": "new",
        "kind": "line",
        "code": "L",
        "space": "A",
        "rules": "RL1;RL6",
    }


@pytest.mark.parametrize("number", ["0", "-1", "99999999999", "x"])
def test_a_senseless_page_number_shows_the_list(opened, company, number):
    page = opened(company, "risk_lines", risk_page=number, level="9", rule="RL99", end="1999-01")

    assert list(page.exception) == []
    assert len(_lists(page)[1]) >= 4
