"""The targets page: a form with the version seen, both versions after a conflict, tables taken over whole."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from data_access import people, targets, targets_setting
from data_access.engine import engine_for
from domain.target_state import Target
from tests.pages.conftest import shown

OCTOBER = {"pick": "2026-10", "year": "2026"}


@pytest.fixture
def own(demo_template, tmp_path):
    """Address of a demo company that the test may change."""
    shutil.copy(demo_template, tmp_path / "own.db")
    return f"sqlite:///{tmp_path / 'own.db'}"


def manager(url, role="manager"):
    engine = engine_for(url)
    person = next(one for one in people.choosable(engine, date(2026, 11, 1)) if one.role == role)
    return people.viewer_for(engine, person.id, date(2026, 11, 1))


def stored(url, period="2026-10", kind="base", kpi="saidi"):
    viewer = manager(url)
    key = Target(kpi, viewer.scope.roots[0], "month", period, kind, 0.0, version=0)
    return next(iter(targets.stored(engine_for(url), viewer.scope, [key])), None)


def field(page, name):
    kinds = (page.number_input, page.text_input, page.checkbox)
    return next(one for kind in kinds for one in kind if (one.key or "").startswith(f"{name}_"))


def press(page, number=0):
    return page.form_submit_button[number].click().run()


def test_a_target_is_changed_with_a_reason_and_shown_as_stored(opened, own):
    page = opened(own, "targets", "en", **OCTOBER)
    assert field(page, "value").value == 17.0
    field(page, "value").set_value(15.5)
    press(page)
    assert any("Give a reason." in one.value for one in page.error)
    assert stored(own).value == 17.0

    field(page, "reason").set_value("new contract")
    press(page)

    assert not page.exception
    assert (stored(own).value, stored(own).version) == (15.5, 2)
    assert any("Stored." in one.value for one in page.success)
    assert "▸ Oct 2026" in page.dataframe[0].value["Period"].tolist()
    assert page.dataframe[0].value["Base"].tolist()[9] == "15.5"


def test_a_first_target_needs_no_reason_and_an_order_the_wrong_way_is_said(opened, own):
    page = opened(own, "targets", "en", of="challenge", **OCTOBER)
    field(page, "value").set_value(16.0)
    press(page)

    assert not page.exception
    assert stored(own, kind="challenge").value == 16.0
    assert any("Challenge asks for less than Full" in one.value for one in page.warning)


def test_who_stores_over_somebody_else_s_change_sees_both_and_decides(opened, own):
    page = opened(own, "targets", "en", **OCTOBER)
    seen = stored(own)
    targets_setting.set_one(
        engine_for(own), manager(own), replace(seen, value=20.0, source="letter"), "quicker"
    )
    field(page, "value").set_value(15.5)
    field(page, "reason").set_value("mine")
    press(page)

    assert not page.exception
    assert stored(own).value == 20.0
    table = page.table[0].value
    assert table["Yours"].tolist()[0] == "15.5"
    assert table["Stored now"].tolist() == ["20.0", "no", "letter"]
    assert table["Differs"].tolist() == ["≠", "", "≠"]
    assert "quicker" in shown(page)

    page.button(key="conflict_mine_target").click().run()
    assert not page.exception
    assert (stored(own).value, stored(own).version) == (15.5, 3)


def test_a_conflict_with_oneself_is_not_said_to_be_somebody_else_s(opened, own):
    """Two windows of one person: the page knows who stored it."""
    page = opened(own, "targets", "zh", **OCTOBER)
    targets_setting.set_one(engine_for(own), manager(own), replace(stored(own), value=20.0), "other window")
    field(page, "value").set_value(15.5)
    field(page, "reason").set_value("mine")
    press(page)

    assert [one.value for one in page.warning if "别处" in one.value]
    assert "保留已保存的内容" in [one.label for one in page.button]
    assert "其他人" not in shown(page)


def test_a_conflict_with_another_person_says_so(opened, own):
    page = opened(own, "targets", "zh", **OCTOBER)
    other = replace(manager(own), person_id=manager(own, "executive").person_id)
    targets_setting.set_one(engine_for(own), other, replace(stored(own), value=20.0), "quicker")
    field(page, "value").set_value(15.5)
    field(page, "reason").set_value("mine")
    press(page)

    assert [one.value for one in page.warning if "其他人" in one.value]
    assert "保留对方的内容" in [one.label for one in page.button]


def test_a_first_target_that_somebody_else_set_meanwhile_can_be_stored_over_with_a_reason(opened, own):
    """A first entry needs none, another value does: there was no field to give it in."""
    page = opened(own, "targets", "en", of="challenge", **OCTOBER)
    first = replace(stored(own), kind="challenge", value=14.0, version=0)
    targets_setting.set_one(engine_for(own), manager(own), first)
    field(page, "value").set_value(15.0)
    press(page)
    page.button(key="conflict_mine_target").click().run()

    assert not page.exception
    assert any("Give a reason." in one.value for one in page.error)
    assert field(page, "value").value == 15.0
    field(page, "reason").set_value("new contract")
    press(page)
    assert not page.exception
    assert stored(own, kind="challenge").value == 15.0


def test_after_a_pasted_table_the_form_shows_what_it_stored(opened, own):
    """It kept the value from before, and storing it then was a conflict with oneself."""
    page = opened(own, "targets", "zh", **OCTOBER)
    assert field(page, "value").value == 17.0
    page.query_params["view"] = "paste"
    page.run()
    page.text_area(key="pasted_targets").set_value("期间\t目标类别\t目标值\n2026-10\t基础值\t16\n").run()
    page.text_input(key="many_reason").set_value("年度责任书")
    press(page)
    page.query_params["view"] = "set"
    page.run()

    assert field(page, "value").value == 16.0
    field(page, "value").set_value(15.5)
    field(page, "reason").set_value("年度责任书")
    press(page)
    assert (stored(own).value, stored(own).version) == (15.5, 3)


def test_who_takes_theirs_goes_on_from_what_is_stored(opened, own):
    page = opened(own, "targets", "en", **OCTOBER)
    targets_setting.set_one(engine_for(own), manager(own), replace(stored(own), value=20.0), "quicker")
    field(page, "reason").set_value("mine")
    press(page, 1)  # remove
    assert "Remove it all the same" in [one.label for one in page.button]

    page.button(key="conflict_theirs_target").click().run()

    assert not page.exception
    assert stored(own).value == 20.0
    assert field(page, "value").value == 20.0


def test_a_target_is_removed_and_its_history_tells_all(opened, own):
    page = opened(own, "targets", "en", **OCTOBER)
    field(page, "reason").set_value("not in the contract")
    press(page, 1)

    assert not page.exception
    assert stored(own) is None
    page.session_state["past"] = True
    page.run()
    told = page.dataframe[1].value
    assert told["What"].tolist() == ["removed", "imported"]
    assert told["Why, or the file"].tolist()[0] == "not in the contract"


def test_last_year_s_targets_are_taken_over_with_a_change(opened, own):
    page = opened(own, "targets", "en", view="copy", year="2027")
    page.number_input(key="copy_percent").set_value(-10.0).run()
    assert "20 new, 0 changed, 0 as before" in shown(page)
    press(page)

    assert not page.exception
    assert stored(own, "2027-10").value == 15.3
    assert any("20 targets stored." in one.value for one in page.success)
    assert "0 new, 0 changed, 20 as before" in shown(page)


def test_periods_that_have_a_target_are_left_out_until_somebody_wants_them_changed(opened, own):
    page = opened(own, "targets", "zh", view="copy", year="2027")
    targets_setting.set_one(
        engine_for(own), manager(own), replace(stored(own), period="2027-10", value=9.0, version=0)
    )
    page.number_input(key="copy_percent").set_value(-10.0).run()
    assert "新增 19 个，修改 0 个，不变 0 个 · 不覆盖 1 个" in shown(page)
    press(page)
    assert (stored(own, "2027-10").value, stored(own, "2027-09").value) == (9.0, 15.3)

    page.checkbox(key="copy_keeps_own").uncheck().run()
    assert "新增 0 个，修改 1 个，不变 19 个" in shown(page)
    page.text_input(key="many_reason").set_value("年度责任书")
    press(page)
    assert stored(own, "2027-10").value == 15.3


def test_an_empty_box_says_what_to_do(opened, own):
    page = opened(own, "targets", "zh", view="paste")

    page.button(key="look_at_pasted").click().run()

    assert any("请先" in one.value for one in page.info)


def test_a_pasted_table_is_looked_at_and_taken_over(opened, own):
    page = opened(own, "targets", "zh", view="paste")
    text = "期间\t目标类别\t目标值\n2026-10\t基础值\t16\n2027-01\t基础值\t{}\n"
    page.text_area(key="pasted_targets").set_value(text.format("many")).run()
    assert any("有 1 处问题" in one.value for one in page.error)
    assert page.table[0].value["行号"].tolist() == ["3"]
    assert not page.form_submit_button

    page.text_area(key="pasted_targets").set_value(text.format(15)).run()
    assert "新增 1 个，修改 1 个" in shown(page)
    press(page)
    assert any("请填写原因" in one.value for one in page.error)
    page.text_input(key="many_reason").set_value("年度责任书")
    press(page)

    assert not page.exception
    assert (stored(own).value, stored(own, "2027-01").value) == (16.0, 15.0)


def test_of_many_wrong_rows_all_can_be_read(opened, own):
    """Only the first 50 could."""
    page = opened(own, "targets", "zh", view="paste")
    rows = "".join(f"2026-10\t基础值\t坏{number}\n" for number in range(60))
    page.text_area(key="pasted_targets").set_value("期间\t目标类别\t目标值\n" + rows).run()
    assert len(page.table[0].value) == 50
    assert "另有 10 条未在此列出。" in shown(page)
    assert "全部 60 条" in [one.label for one in page.expander]

    page.session_state["all_targets_wrong"] = True
    page.run()
    assert not page.exception
    assert page.dataframe[0].value["内容"].tolist() == [f"坏{number}" for number in range(60)]


def test_a_pasted_table_of_which_one_was_changed_meanwhile_stores_nothing(opened, own):
    page = opened(own, "targets", "en", view="paste")
    text = "period\tkind\tvalue\n2026-10\tbase\t16\n2027-01\tbase\t15\n"
    page.text_area(key="pasted_targets").set_value(text).run()
    targets_setting.set_one(engine_for(own), manager(own), replace(stored(own), value=20.0), "quicker")
    page.text_input(key="many_reason").set_value("mine")
    press(page)

    assert not page.exception
    assert any("One of these was changed meanwhile" in one.value for one in page.warning)
    assert (stored(own).value, stored(own, "2027-01")) == (20.0, None)
    assert "20.0" in page.dataframe[0].value["Stored now"].tolist()


@pytest.mark.parametrize("role", ["executive", "steward", "area_manager"])
def test_who_may_not_set_targets_looks_at_them_only(opened, own, role):
    page = opened(own, "targets", "en", **{"as": str(manager(own, role).person_id)}, view="paste")

    assert not page.exception
    assert not page.form_submit_button
    assert not page.text_area
    assert page.dataframe


def test_a_station_sees_its_county_s_targets_as_inherited(opened, own):
    page = opened(own, "targets", "en", unit="06010101", **OCTOBER)

    assert not page.exception
    assert "↑" in page.dataframe[0].value["Base"].tolist()[9]
    assert any("holds here" in one.value for one in page.info)


def test_all_indicators_of_a_group_stand_in_one_table(opened, own):
    page = opened(
        own, "targets", "en", kpi="group.notices", year="2026", at="2026-09", pick="announced_time_accurate"
    )

    assert not page.exception
    assert "▸ Announced times accurate" in page.dataframe[0].value["KPI"].tolist()
    assert field(page, "value").value == 85.0


@pytest.mark.parametrize("period", ["quarter", "ytd", "12m", "year"])
def test_every_kind_of_period_has_its_table(opened, own, period):
    page = opened(own, "targets", "zh", period=period, year="2026")

    assert not page.exception
    assert not page.error
    assert page.dataframe[0].value["基础值"].tolist()[0]
