"""The records page: one record per form, for who may, with the checks of an import."""

import pytest

from data_access import processes


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
