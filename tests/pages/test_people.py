"""The page of people: the list, every step of one person, both versions where two were at it, and a table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data_access import people_admin, people_seen, settings
from data_access.engine import engine_for
from data_access.people_seen import Wanted
from data_access.tables.org import grants, people
from data_access.transactions import writing
from domain.people import Grant
from domain.periods import local_today
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_B1, PROVINCE, build
from tests.data_access.test_people_admin import BEGAN, administrator
from tests.pages.conftest import person_as, shown
from ui import session

TODAY = local_today(settings.company_timezone())


@pytest.fixture
def real(sqlite_engine, empty):
    """Real data: units and one person; the local administrator looks."""
    build(sqlite_engine)
    with writing(sqlite_engine) as connection:
        connection.execute(
            people.insert().values(id=1, name="周甲", name_en="Zhou Jia", email="z@example.com")
        )
        role = {"person_id": 1, "role": "manager", "org_unit_id": COUNTY_A1, "valid_from": BEGAN}
        connection.execute(grants.insert().values(**role))
    return empty


def _stored(url, number=1):
    return people_seen.one(engine_for(url), administrator(PROVINCE), number)


def _button(page, start):
    return next(one for one in page.button if str(one.key).startswith(start))


def _field(kind, start):
    return next(one for one in kind if str(one.key).startswith(start))


def _said(page):
    """Successes and errors as they are read: what keeps a text from being a link is not seen."""
    return tuple(
        [one.value.replace("\u2060", "") for one in several] for several in (page.success, page.error)
    )


def test_the_list_shows_roles_and_masked_e_mails_and_keeps_its_filters_in_the_url(opened, demo):
    page = opened(demo, "people", "zh", **{"as": person_as(demo, "administrator"), "role": "lead"})

    table = page.dataframe[0].value
    assert len(table) == 12
    assert set(table["邮箱"].str[1:]) == {"***@example.com"}
    assert table["角色与单位"].str.startswith("整改负责人 · ").all()
    page.selectbox(key="choose_of").select("060101").run()
    assert "060101" in page.query_params["of"]
    assert len(page.dataframe[0].value) == 1
    page.text_input(key="q").set_value("nobody").run()
    assert "没有符合条件的人员" in shown(page)
    assert "q" not in page.query_params  # it may be somebody's whole address
    assert "060101" in page.query_params["of"]


def test_somebody_is_added_and_then_open(opened, real):
    page = opened(real, "people", "zh", view="new")
    page.text_input(key="name_new").set_value("李乙")
    page.text_input(key="email_new").set_value("no address")
    page.selectbox(key="role_new").select("steward")
    page.selectbox(key="unit_new").select(CITY_A)
    _button(page, "add_person").click().run()
    assert _said(page) == ([], ["“no address”不是邮箱地址，应如 name@example.com。"])

    page.text_input(key="email_new").set_value("Li.Yi@example.com")
    _button(page, "add_person").click().run()

    assert list(page.exception) == []
    assert _said(page) == (["已保存。"], [])
    assert page.header[0].value == "李乙"
    assert page.dataframe[0].value["角色"].tolist() == ["数据管理员"]
    assert "li.yi@example.com" in shown(page)


def test_a_role_is_given_ended_and_taken_back(opened, real):
    page = opened(real, "people", "zh", person="1")
    _field(page.selectbox, "role_1").select("lead")
    _field(page.selectbox, "unit_1").select(CITY_A)
    _field(page.date_input, "from_1").set_value(TODAY + timedelta(days=7))
    _button(page, "give_role").click().run()
    assert _said(page) == (["已保存。"], [])
    assert page.dataframe[0].value["状态"].tolist() == ["有效", "未生效"]

    _button(page, "remove").click().run()
    assert _said(page) == (["已保存。"], [])
    _field(page.date_input, "last_1").set_value(TODAY)
    _button(page, "end_role").click().run()

    assert list(page.exception) == []
    assert _stored(real).grants == (Grant("manager", COUNTY_A1, BEGAN, TODAY),)
    history = page.dataframe[1].value
    assert history["操作"].tolist() == ["设定截止日期", "撤回角色", "授予角色"]
    assert f"长期 → {TODAY}" in history["变更内容"][0]


def test_a_form_that_is_not_complete_is_told(opened, real):
    page = opened(real, "people", "en", person="1")
    _button(page, "give_role").click().run()

    assert _said(page) == ([], ["Choose a role, a unit and the first day."])


def test_who_comes_second_sees_both_versions_side_by_side(opened, real):
    page = opened(real, "people", "zh", person="1")
    viewer = administrator(PROVINCE)
    people_admin.change(engine_for(real), viewer, 1, 1, "周先", "", "z@example.com", True)
    _field(page.text_input, "name_1").set_value("周后")
    _button(page, "save").click().run()

    assert list(page.exception) == []
    assert page.warning[0].value == "其他人已先一步保存了这条记录，您的修改尚未保存。"
    assert page.table[0].value.iloc[0].tolist() == ["姓名", "周后", "周先", "≠"]
    assert not [one for one in page.button if str(one.key).startswith("save")]  # first the choice
    assert _stored(real).name == "周先"
    page.button(key="conflict_mine_person").click().run()
    assert list(page.exception) == []
    assert _said(page) == (["已保存。"], [])
    assert _stored(real).name == "周后"
    assert "example.com" not in page.dataframe[1].value.to_csv()


def test_a_role_that_two_change_at_once_is_decided_side_by_side(opened, real):
    page = opened(real, "people", "zh", person="1")
    viewer = administrator(PROVINCE)
    people_admin.give(engine_for(real), viewer, 1, 1, Grant("lead", CITY_A, TODAY))
    _field(page.date_input, "last_1").set_value(TODAY)
    _button(page, "end_role").click().run()

    both = page.table[0].value
    assert str(TODAY) in both["您的内容"][0]
    assert both["当前已保存"][0].count("·") == 4  # the two roles that there are now
    page.button(key="conflict_mine_person").click().run()
    assert list(page.exception) == []
    assert Grant("manager", COUNTY_A1, BEGAN, TODAY) in _stored(real).grants


def _signed_in(person_id):
    return replace(administrator(PROVINCE), person_id=person_id)


@pytest.mark.parametrize(
    ("by_id", "said"),
    [
        (None, "这条记录在您打开后已有改动，您的修改尚未保存。"),
        (2, "其他人已先一步保存了这条记录，您的修改尚未保存。"),
        (3, "您已在别处（如另一个窗口）保存过这条记录，此处的修改尚未保存。"),
    ],
)
def test_who_was_quicker_is_said_as_far_as_it_is_known(opened, real, monkeypatch, by_id, said):
    monkeypatch.setattr(session, "viewer", lambda: _signed_in(3))
    page = opened(real, "people", "zh", person="1")
    people_admin.change(engine_for(real), _signed_in(by_id), 1, 1, "周先", "", "z@example.com", True)
    _field(page.text_input, "name_1").set_value("周后")
    _button(page, "save").click().run()

    assert list(page.exception) == []
    assert [one.value for one in page.warning] == [said]


def test_nobody_is_named_for_what_somebody_did_outside_the_own_units(opened, real, monkeypatch):
    """The newest act that may be seen is not the one that left what is stored now."""
    with writing(engine_for(real)) as connection:
        role = {"person_id": 1, "role": "lead", "org_unit_id": COUNTY_B1, "valid_from": BEGAN}
        connection.execute(grants.insert().values(**role))
    monkeypatch.setattr(session, "viewer", lambda: administrator(CITY_A))
    page = opened(real, "people", "zh", person="1")
    wide = replace(administrator(PROVINCE), name="外市")
    people_admin.give(engine_for(real), wide, 1, 1, Grant("lead", CITY_A, TODAY))
    people_admin.give(engine_for(real), wide, 1, 2, Grant("manager", COUNTY_B1, TODAY))
    _field(page.date_input, "last_1").set_value(TODAY)
    _button(page, "end_role").click().run()

    assert list(page.exception) == []
    assert len(page.table) == 1
    assert not [one.value for one in page.caption if "外市" in one.value]
    assert [one.value for one in page.warning] == ["这条记录在您打开后已有改动，您的修改尚未保存。"]


def test_a_conflict_about_one_person_is_not_shown_at_another(opened, real):
    page = opened(real, "people", "zh", person="1")
    people_admin.change(engine_for(real), administrator(PROVINCE), 1, 1, "周先", "", "z@example.com", True)
    other = people_admin.add(engine_for(real), administrator(PROVINCE), "李乙", "", "l@example.com")
    _field(page.text_input, "name_1").set_value("周后")
    _button(page, "save").click().run()
    page.query_params["person"] = str(other)
    page.run()

    assert list(page.exception) == []
    assert not page.table
    assert _button(page, "save")


def test_who_never_had_a_role_has_not_lost_one(opened, real):
    """The badge said that all roles had ended."""
    page = opened(real, "people", "zh", view="new")
    page.text_input(key="name_new").set_value("李乙")
    _button(page, "add_person").click().run()

    assert "尚无角色" in shown(page)
    assert "到期" not in shown(page)


def test_a_person_that_there_is_not_is_not_found(opened, real):
    for wanted in ("99", "999999999"):
        page = opened(real, "people", "zh", person=wanted)
        assert _said(page)[1] == ["没有找到，或不在您可查看的单位范围内。"]


@pytest.mark.parametrize(
    "said", [{"person": "x"}, {"person": "-1"}, {"people_page": "99"}, {"q": "z@example.com"}, {"of": "X9"}]
)
def test_a_senseless_address_shows_the_list(opened, real, said):
    page = opened(real, "people", "zh", **said)

    assert list(page.exception) == []
    assert page.dataframe[0].value["姓名"].tolist() == ["周甲"]


def test_a_table_is_shown_corrected_and_taken_over(opened, real):
    page = opened(real, "people", "zh", view="table")
    bad = "姓名\t邮箱\t角色\t单位编码\n李乙\tli@example.com\t班长\tA1\n周甲\tz@example.com\t单位负责人\tA1"
    page.text_area(key="people_table").set_value(bad).run()
    assert _said(page)[1] == ["1 行有问题，请更正后重新粘贴整张表。"]
    assert "角色：没有角色“班长”" in page.table[0].value["处理结果"][0]
    assert page.dataframe[0].value["姓名"].tolist() == ["周甲"]  # the row without a fault
    assert _button(page, "take_table").disabled

    page.text_area(key="people_table").set_value(bad.replace("班长", "Data steward")).run()
    assert page.dataframe[0].value["处理结果"].tolist() == ["新增人员、授予角色", "无变化"]
    _button(page, "take_table").click().run()

    assert list(page.exception) == []
    assert _said(page) == (["已导入：新增 1 人、授予角色 1 个。"], [])
    assert page.text_area(key="people_table").value == ""
    assert people_seen.listed(engine_for(real), administrator(PROVINCE), Wanted())[1] == 2
