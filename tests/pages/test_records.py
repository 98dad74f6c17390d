"""The records page: one record per form, for who may, with the checks of an import."""

from dataclasses import replace
from datetime import datetime

import pytest

from data_access import entry, entry_saving, import_history, processes
from data_access.engine import engine_for
from domain.import_kinds import kinds
from domain.viewer import Scope, Viewer
from tests.data_access.importing import administrator
from ui import session


@pytest.fixture(autouse=True)
def _no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "start", lambda *_: 0)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("record", entry.KINDS)
def test_every_kind_of_record_opens_from_its_address(opened, empty, record, lang):
    page = opened(empty, "records", lang, record=record)

    assert not page.exception
    assert not page.error


@pytest.mark.parametrize("record", ["lines", "transformers", "defects", "damage_sites", "customer_equipment"])
def test_a_chinese_form_shows_no_codes(opened, empty, record):
    columns = kinds()[record].columns.values()
    page = opened(empty, "records", "zh", record=record)
    page.text_input(key=f"key_{record}").set_value("X1").run()

    assert not page.exception
    choices = {one.zh: one for one in columns if one.type == "choice"}
    shown = {one.label.removesuffix(" *"): one.options for one in page.selectbox}
    assert {name: shown[name] for name in choices} == {
        name: [words[0] for words in one.choices.values()] for name, one in choices.items()
    }
    assert {one.label for one in page.date_input} == {
        one.zh + (" *" if one.required else "") for one in columns if one.type == "date"
    }


def test_a_unit_is_entered_and_then_opened_for_correction(opened, empty):
    page = opened(empty, "records", "en", record="units")
    page.selectbox(key="which_unit").select("\0new").run()
    page.text_input(key="new_unit").set_value("P").run()
    assert not page.exception

    _field(page, "_name").set_value("Province")
    _field(page, "_level").set_value("province")
    page.form_submit_button[0].click().run()

    assert not page.exception
    assert any("Saved as batch 1" in one.value for one in page.success)
    assert "Correction of a stored record" in " ".join(str(one.value) for one in page.get("markdown"))


def test_what_is_wrong_in_a_form_is_named(opened, empty):
    page = opened(empty, "records", "en", record="units")
    page.selectbox(key="which_unit").select("\0new").run()
    page.text_input(key="new_unit").set_value("S1").run()
    _field(page, "_name").set_value("Station")
    page.form_submit_button[0].click().run()

    assert not page.exception
    assert any("Not saved" in one.value for one in page.error)


def test_who_comes_second_sees_both_versions_and_may_store_over(opened, empty):
    """Somebody else corrects the unit while the form is open."""
    engine, viewer = _a_province(empty)
    page = opened(empty, "records", "zh", record="units")
    page.selectbox(key="which_unit").select("P").run()
    _field(page, "_name").set_value("南省电力")
    before = entry.record(engine, viewer.scope, "units", code="P")
    entry_saving.save(engine, viewer, "units", before.texts | {"name": "[北省](x)"}, before)
    page.form_submit_button[0].click().run()

    assert not page.exception
    assert [one.value for one in page.warning] == ["这条记录在您打开后已有改动，您的修改尚未保存。"]
    assert "保留已保存的内容" in [one.label for one in page.button]
    both = page.table[0].value
    assert both["您的内容"].tolist() == ["南省电力"]  # only what differs
    assert both["当前已保存"].tolist() == [r"\[北省\](x)"]
    assert any("tester 于" in one.value for one in page.caption)

    page.button(key="conflict_mine_record").click().run()
    assert any("已保存为导入批次 3" in one.value for one in page.success)
    assert entry.record(engine, viewer.scope, "units", code="P").texts["name"] == "南省电力"


def test_who_comes_second_may_leave_what_the_other_stored(opened, empty):
    engine, viewer = _a_province(empty)
    page = opened(empty, "records", "zh", record="units")
    page.selectbox(key="which_unit").select("P").run()
    _field(page, "_name").set_value("南省电力")
    before = entry.record(engine, viewer.scope, "units", code="P")
    entry_saving.save(engine, viewer, "units", before.texts | {"name": "北省"}, before)
    page.form_submit_button[0].click().run()
    page.button(key="conflict_theirs_record").click().run()

    assert not page.exception
    assert "已保留当前已保存的内容。" in [one.value for one in page.info]
    assert _field(page, "_name").value == "北省"
    assert not page.warning


def test_two_at_one_step_of_an_outage_see_both_versions(opened, empty):
    engine, viewer = _a_province(empty)
    step = {"unit": "P", "kind": "fault", "customers": "30", "interrupted_at": "2024-05-01 08:00:00"}
    outage = {"outage_key": "F1"}
    entry_saving.save_step(engine, viewer, outage, step, [], None)
    page = opened(empty, "records", "en", record="outages")
    page.text_input(key="key_outages").set_value("F1").run()
    customers = next(one for one in page.number_input if "customers" in one.label.lower())
    customers.set_value(31)
    before = entry.steps(engine, viewer.scope, "F1")
    entry_saving.save_step(engine, viewer, outage, step | {"customers": "29"}, before, 0)
    page.form_submit_button[0].click().run()

    assert not page.exception
    assert page.table[0].value[["Yours", "Stored now"]].to_numpy().tolist() == [["31", "29"]]
    page.button(key="conflict_mine_record").click().run()
    assert not page.exception
    assert entry.steps(engine, viewer.scope, "F1")[0].texts["customers"] == "31"


def test_what_is_refused_after_a_conflict_can_be_corrected_where_it_was_typed(opened, empty):
    """There was no form any more: the only way out lost what was typed."""
    engine, viewer = _a_province(empty)
    page = opened(empty, "records", "zh", record="units")
    page.selectbox(key="which_unit").select("P").run()
    _field(page, "_name").set_value("南省电力")
    _field(page, "_parent").set_value("NOWHERE")
    before = entry.record(engine, viewer.scope, "units", code="P")
    entry_saving.save(engine, viewer, "units", before.texts | {"name": "北省"}, before)
    page.form_submit_button[0].click().run()
    page.button(key="conflict_mine_record").click().run()

    assert not page.exception
    assert any("未保存" in one.value for one in page.error)
    assert not page.warning
    assert (_field(page, "_name").value, _field(page, "_parent").value) == ("南省电力", "NOWHERE")
    _field(page, "_parent").set_value("")
    page.form_submit_button[0].click().run()
    assert not page.exception
    assert any("已保存为导入批次 3" in one.value for one in page.success)
    assert entry.record(engine, viewer.scope, "units", code="P").texts["name"] == "南省电力"


def test_a_step_that_is_refused_after_a_conflict_keeps_its_texts_and_its_place(opened, empty):
    engine, viewer = _a_province(empty)
    entry_saving.save_step(engine, viewer, {"outage_key": "F1"}, STEP, [], None)
    page = opened(empty, "records", "en", record="outages")
    page.text_input(key="key_outages").set_value("F1").run()
    page.segmented_control(key="step_number").set_value(1).run()  # a further one
    _customers(page).set_value(-7)
    _interrupted(page).set_value(datetime(2024, 5, 1, 9, 30))
    before = entry.steps(engine, viewer.scope, "F1")
    entry_saving.save_step(engine, viewer, {"outage_key": "F1"}, STEP | {"customers": "20"}, before, None)
    page.form_submit_button[0].click().run()
    assert "Store mine all the same" in [one.label for one in page.button]  # beside theirs
    page.button(key="conflict_mine_record").click().run()

    assert not page.exception
    assert any("Not saved" in one.value for one in page.error)
    assert _customers(page).value == -7
    _customers(page).set_value(7)
    page.form_submit_button[0].click().run()
    assert not page.exception
    now = entry.steps(engine, viewer.scope, "F1")
    assert sorted(one.texts["customers"] for one in now) == ["20", "30", "7"]


def test_after_a_conflict_that_turns_out_to_be_none_the_form_opens_again(opened, empty):
    """Both entered the same: storing mine over theirs changes nothing, and the choice stayed for ever."""
    engine, viewer = _a_province(empty)
    page = opened(empty, "records", "zh", record="units")
    page.selectbox(key="which_unit").select("P").run()
    _field(page, "_name").set_value("北省")
    before = entry.record(engine, viewer.scope, "units", code="P")
    entry_saving.save(engine, viewer, "units", before.texts | {"name": "北省"}, before)
    page.form_submit_button[0].click().run()
    assert page.warning
    page.button(key="conflict_mine_record").click().run()

    assert not page.exception
    assert "内容与已有记录相同，没有变化。" in [one.value for one in page.info]
    assert not page.warning
    assert _field(page, "_name").value == "北省"


def test_who_stored_the_newest_of_several_steps_is_named(opened, empty):
    """It was whoever stored the first step, long before the form was opened."""
    engine, viewer = _a_province(empty)
    entry_saving.save_step(engine, replace(viewer, name="first"), {"outage_key": "F1"}, STEP, [], None)
    page = opened(empty, "records", "zh", record="outages")
    page.text_input(key="key_outages").set_value("F1").run()
    page.segmented_control(key="step_number").set_value(1).run()
    _customers(page).set_value(7)
    _interrupted(page).set_value(datetime(2024, 5, 1, 9, 30))
    before = entry.steps(engine, viewer.scope, "F1")
    later = STEP | {"customers": "20", "interrupted_at": "2024-05-01 07:00:00"}
    entry_saving.save_step(engine, replace(viewer, name="second"), {"outage_key": "F1"}, later, before, None)
    page.form_submit_button[0].click().run()

    assert not page.exception
    (said,) = [one.value for one in page.caption if " 于 " in one.value and one.value.endswith("保存")]
    assert said.startswith("second ")


def test_nobody_is_named_where_somebody_took_an_import_back(opened, empty):
    """What is stored again then came from somebody else, and before."""
    engine, viewer = _a_province(empty)
    before = entry.record(engine, viewer.scope, "units", code="P")
    saved = entry_saving.save(engine, viewer, "units", before.texts | {"name": "北省"}, before)
    page = opened(empty, "records", "zh", record="units")
    page.selectbox(key="which_unit").select("P").run()
    _field(page, "_name").set_value("南省电力")
    import_history.undo(engine, viewer, saved.batch_id, "wrong name")
    page.form_submit_button[0].click().run()

    assert not page.exception
    assert page.table[0].value["当前已保存"].tolist() == ["南省"]
    assert not [one.value for one in page.caption if "tester" in one.value]


def test_a_form_that_one_person_opened_is_opened_anew_for_the_next(opened, empty, monkeypatch):
    """Both see the same units; the demo lets one window change between people."""
    engine, viewer = _a_province(empty)
    looks = [replace(viewer, person_id=1)]
    monkeypatch.setattr(session, "viewer", lambda: looks[-1])
    page = opened(empty, "records", "zh", record="units")
    page.selectbox(key="which_unit").select("P").run()
    before = entry.record(engine, viewer.scope, "units", code="P")
    entry_saving.save(engine, viewer, "units", before.texts | {"name": "北省"}, before)
    page.run()
    assert _field(page, "_name").value == "南省"

    looks.append(replace(viewer, person_id=2))
    page.run()

    assert not page.exception
    assert _field(page, "_name").value == "北省"


STEP = {"unit": "P", "kind": "fault", "customers": "30", "interrupted_at": "2024-05-01 08:00:00"}


def _customers(page):
    return next(one for one in page.number_input if str(one.key).endswith("_customers"))


def _interrupted(page):
    return next(one for one in page.datetime_input if str(one.key).endswith("_interrupted_at"))


def _a_province(url):
    engine = engine_for(url)
    viewer = Viewer(None, "tester", frozenset({"administrator"}), Scope(()))
    entry_saving.save(engine, viewer, "units", {"code": "P", "name": "南省", "level": "province"})
    return engine, administrator(engine)


def _field(page, ending: str):
    return next(
        one
        for kind in (page.text_input, page.selectbox)
        for one in kind
        if str(one.key).startswith("units_") and str(one.key).endswith(ending)
    )


def test_a_number_below_zero_is_answered_by_our_own_check(opened, empty):
    """A limit of the widget would be told in English, and the form would not be sent at all."""
    page = opened(empty, "records", "zh", record="outages")
    page.text_input(key="key_outages").set_value("O1").run()
    next(one for one in page.number_input if "停电户数" in one.label).set_value(-5)
    page.form_submit_button[0].click().run()

    assert any("未保存" in one.value for one in page.error)
    assert "不能小于 0，文件中为 -5" in page.dataframe[0].value["问题"].tolist()
    assert not page.success
