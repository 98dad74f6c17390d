"""The records page: one record per form, for who may, with the checks of an import."""

import pytest

from data_access import entry, entry_saving, processes
from data_access.engine import engine_for
from domain.viewer import Scope, Viewer
from tests.data_access.importing import administrator


@pytest.fixture(autouse=True)
def _no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "start", lambda *_: 0)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("record", ["outages", "units", "areas", "customers_served"])
def test_every_kind_of_record_opens_from_its_address(opened, empty, record, lang):
    page = opened(empty, "records", lang, record=record)

    assert not page.exception
    assert not page.error


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
    assert [one.value for one in page.warning] == ["其他人已先一步保存了这条记录，您的修改尚未保存。"]
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
