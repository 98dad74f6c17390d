"""The imports page: what a role may, what a demo refuses, and a file up to the start of its import."""

from pathlib import Path

import pytest

from data_access import import_jobs
from domain.mapping import from_toml
from tests.data_access.importing import OUTAGES, company

UNITS = "单位编码,单位名称,层级,上级编码\nP,南省,省,\nC1,甲市,市,P\n"


@pytest.fixture(autouse=True)
def _uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPLOADS", str(tmp_path / "uploads"))


def test_a_manager_brings_in_targets_and_nothing_else(opened, demo):
    page = opened(demo, "imports", "en", view="history")  # the demo's first person is a manager

    assert not page.exception
    assert set(page.dataframe[0].value["Kind"]) == {"Targets"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("view", ["new", "history", "waiting"])
def test_every_view_opens_from_its_address(opened, empty, view, lang):
    page = opened(empty, "imports", lang, view=view)

    assert not page.exception
    assert not page.error


def test_a_file_is_mapped_by_its_headers_and_started(opened, empty, monkeypatch):
    started = []
    monkeypatch.setattr(import_jobs, "start", lambda *given: started.append(given) or 1)
    page = opened(empty, "imports", "en", kind="units")
    page.get("file_uploader")[0].upload("units.csv", UNITS.encode("gb18030"))
    page.run()

    assert not page.exception
    assert page.selectbox(key="map_code").value == "单位编码"
    assert page.selectbox(key="map_parent").value == "上级编码"
    page.button(key="start").click().run()

    kind, request = started[0][2:]
    assert kind == "units"
    assert 'level = "层级"' in request.mapping
    assert request.covers is None  # a register states no period
    assert request.language == "en"


def test_a_required_column_without_a_source_stops_before_the_start(opened, empty):
    page = opened(empty, "imports", "en", kind="units")
    page.get("file_uploader")[0].upload("units.csv", UNITS.replace("层级", "something").encode())
    page.run()

    assert any("Still needed: Level" in one.value for one in page.warning)
    assert not [one for one in page.button if one.key == "start"]


def test_the_days_of_the_file_are_proposed_and_the_months_that_need_more_are_named(opened, empty):
    """From 5 January to 7 February: only a person knows whether the other days had no outage, or whether the
    file leaves them out; without them neither month has figures."""
    head = "outage_key,step_key,unit,kind,interrupted_at"
    rows = f"{head}\no,s,S1,fault,2026-01-05 08:00\no,t,S1,fault,2026-02-07 23:59\n"
    page = opened(empty, "imports", "en", kind="outages")
    page.get("file_uploader")[0].upload("outages.csv", rows.encode())
    page.run()

    first, last = page.date_input[0].value
    assert (str(first), str(last)) == ("2026-01-05", "2026-02-07")
    assert any("2026-01-01 – 2026-02-28" in one.value for one in page.caption)


def test_the_units_that_the_file_is_complete_for_are_proposed_and_may_be_widened(
    opened, empty, sqlite_engine, tmp_path, monkeypatch
):
    """Both stations of one city: the city, and not the province."""
    company(sqlite_engine, tmp_path)
    started = []
    monkeypatch.setattr(import_jobs, "start", lambda *given: started.append(given) or 1)
    page = opened(empty, "imports", "en", kind="outages")
    page.get("file_uploader")[0].upload("outages.csv", "\n".join(OUTAGES.splitlines()[:4]).encode())
    page.run()
    picker = next(one for one in page.multiselect if one.key.startswith("covers_units"))

    assert picker.value == ["C1"]
    picker.set_value(["P"]).run()
    page.button(key="start").click().run()
    assert started[0][3].covers_units == ("P",)


def test_headers_in_another_row_days_written_otherwise_and_a_replaced_period(
    opened, empty, sqlite_engine, tmp_path, monkeypatch
):
    """A title stands above the headers, and days are written day first."""
    company(sqlite_engine, tmp_path)
    started = []
    monkeypatch.setattr(import_jobs, "start", lambda *given: started.append(given) or 1)
    head = "Outages of January\noutage_key,step_key,unit,kind,customers,interrupted_at\n"
    content = head + "o,s,S1,fault,2,05.01.2024 08:00\no,t,S1,fault,3,07.01.2024 09:00\n"
    page = opened(empty, "imports", "en", kind="outages")
    page.get("file_uploader")[0].upload("outages.csv", content.encode())
    page.run()
    page.number_input(key="header_row").set_value(2).run()
    assert page.selectbox(key="map_interrupted_at").value == "interrupted_at"
    page.selectbox(key="format_interrupted_at").set_value("%d.%m.%Y %H:%M").run()
    page.number_input(key="factor_customers").set_value(1000).run()
    page.checkbox(key="replaces_outages").check().run()
    page.button(key="start").click().run()

    assert not page.exception
    request = started[0][3]
    mapping = from_toml(request.mapping)
    assert mapping.header_row == 2
    assert mapping.columns["interrupted_at"].format == "%d.%m.%Y %H:%M"
    assert mapping.columns["customers"].factor == 1000
    assert request.replaces == request.covers == ("2024-01-05", "2024-01-07")


@pytest.mark.parametrize(("lang", "said"), [("zh", "文件有 1 处问题"), ("en", "The file has 1 problem")])
def test_a_file_that_is_no_table_is_refused_in_the_language_of_the_screen(opened, empty, lang, said):
    page = opened(empty, "imports", lang, kind="units")
    page.get("file_uploader")[0].upload("units.csv", b"PK\x03\x04 not a csv")
    page.run()

    assert not page.exception
    assert any(said in one.value for one in page.error)


def test_a_job_that_is_absent_is_not_found(opened, empty):
    page = opened(empty, "imports", "en", job="12345")

    assert not page.exception
    assert any("Not found" in one.value for one in page.error)


def test_a_file_of_another_kind_is_refused_with_a_sentence_in_the_page_s_language(opened, empty):
    """Streamlit's own refusal is a sign, with the reason behind it in English only."""
    page = opened(empty, "imports", "zh", kind="units")
    page.get("file_uploader")[0].upload("plan.PNG", b"\x89PNG\r\n\x1a\n")
    page.run()

    assert not page.exception
    assert ["plan.PNG" in one.value and ".csv、.csv.gz、.xlsx" in one.value for one in page.error] == [True]
    assert len(page.get("file_uploader")) == 1  # the next file can be chosen at once


def test_a_file_that_cannot_be_read_at_all_is_told_without_an_empty_table(opened, empty):
    page = opened(empty, "imports", "zh", kind="units")
    page.get("file_uploader")[0].upload("units.csv", b"")
    page.run()

    assert not page.exception
    assert len(page.error) == 1
    assert len(page.dataframe) == 0
