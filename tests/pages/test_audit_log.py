"""The page of the audit log, and what pages write into it: refusals and files that leave."""

import io
from datetime import date

import openpyxl
import pytest
import streamlit as st
from sqlalchemy import func, select

from data_access import audit, audit_chain, people
from data_access.engine import engine_for
from data_access.tables.audit import audit_log
from data_access.tables.org import org_units
from tests.pages.conftest import shown
from ui.audit_log import filters

DAY = date(2026, 11, 1)


def person(url, *roles):
    """Id and unit of one of the demo's people with such a role who does not see everything."""
    engine = engine_for(url)
    found = [one for one in people.choosable(engine, DAY) if one.role in roles]
    return found[-1].id, found[-1].unit_code


def unit_id(url, code):
    with engine_for(url).connect() as connection:
        return connection.scalar(select(org_units.c.id).where(org_units.c.code == code))


def written(url, action):
    with engine_for(url).connect() as connection:
        columns = (audit_log.c.subject, audit_log.c.after, audit_log.c.org_unit_id)
        statement = select(*columns).where(audit_log.c.action == action).order_by(audit_log.c.no)
        return [tuple(row) for row in connection.execute(statement)]


def table(page):
    return page.dataframe[0].value


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_lists_acts_in_words_newest_first(opened, demo_url, lang):
    page = opened(demo_url, "audit_log", lang)

    found = table(page)
    assert not page.exception
    assert len(found) > 9
    assert list(found[found.columns[0]]) == sorted(found[found.columns[0]], reverse=True)
    assert {"生成演示公司", "设定重大事件日阈值"} <= set(found["操作"]) if lang == "zh" else True
    assert not set(found[found.columns[1]]) & {"import.demo", "set_med_threshold"}


def test_filters_stand_in_the_address(opened, demo_url):
    everything = len(table(opened(demo_url, "audit_log", "en")))
    page = opened(demo_url, "audit_log", "en", what="rules")
    assert 0 < len(table(page)) < everything
    assert set(table(page)["What was done"]) <= {
        "Threshold of major event days set",
        "Control limits set anew",
    }

    page = opened(demo_url, "audit_log", "en")
    page.text_input(key="text").set_value("promises").run()
    assert all("promises" in one.lower() for one in table(page)["Subject"])
    city = opened(demo_url, "audit_log", "en", of=person(demo_url, "manager")[1])
    assert "Nothing in the log fits these filters. Take one away" in shown(city)
    early = opened(demo_url, "audit_log", "en", until="2020-01-01")
    assert "Nothing in the log fits these filters. Take one away" in shown(early)


def test_what_is_typed_stands_in_no_address_and_in_no_row_of_the_log(opened, demo_url):
    """It may be a name or an e-mail address; an address is sent on and saved as a view."""
    page = opened(demo_url, "audit_log", "en", who="z@example.com", text="z@example.com")
    assert not {"who", "text"} & set(page.query_params)
    page.text_input(key="who").set_value("z@example.com").run()
    assert "Nothing in the log fits these filters." in shown(page)
    assert not {"who", "text"} & set(page.query_params)

    units, only = {}, {"unit_id": None, "since": None, "until": None, "only_changes": True}
    choice = filters.Choice(what="", who="z@example.com", text="z@example.com", **only)
    assert "z@example.com" in dict(filters.header(choice, units)).values()
    assert "z@example.com" not in dict(filters.header(choice, units, says_typed=False)).values()


def test_a_page_that_there_is_not_shows_the_last_rows(opened, demo_url):
    engine = engine_for(demo_url)
    for number in range(55):
        audit.note(engine, people.local_administrator(engine), "sign_in", f"somebody {number}")
    last = opened(demo_url, "audit_log", "en", shown="all", log_page="999")

    assert not last.exception
    with engine.connect() as connection:
        count = connection.scalar(select(func.count()).select_from(audit_log))
    assert count > 50
    assert len(table(last)) == (count - 1) % 50 + 1


def test_what_only_looks_is_listed_where_that_is_asked_for(opened, demo_url):
    engine = engine_for(demo_url)
    audit.note(engine, people.local_administrator(engine), "sign_in", "somebody")

    assert "Sign-in" not in set(table(opened(demo_url, "audit_log", "en"))["What was done"])
    for said in ({"shown": "all"}, {"what": "sign_in"}):
        assert "Sign-in" in set(table(opened(demo_url, "audit_log", "en", **said))["What was done"])


def test_a_manager_of_a_station_sees_nothing_of_others_or_of_the_company(opened, demo_url):
    engine = engine_for(demo_url)
    somebody, code = person(demo_url, "manager")
    mine = unit_id(demo_url, code)
    administrator = people.local_administrator(engine)
    audit.note(engine, administrator, "sign_in", "mine", unit_id=mine)
    audit.note(engine, administrator, "sign_in", "the company's")

    page = opened(demo_url, "audit_log", "en", shown="all", **{"as": str(somebody)})

    assert list(table(page)["Subject"]) == ["mine"]


def test_an_empty_log_says_what_to_do(opened, demo_url):
    somebody, _code = person(demo_url, "manager")
    page = opened(demo_url, "audit_log", "en", **{"as": str(somebody)})
    assert "Nothing is in the log of your units yet." in shown(page)
    assert "Also views, sign-ins, refusals" in page.info[0].value

    page = opened(demo_url, "audit_log", "en", shown="all", **{"as": str(somebody)})
    page.text_input(key="who").set_value("nobody").run()
    assert page.info[0].value.endswith("go back to the default.")
    assert not page.dataframe


@pytest.mark.parametrize("role", ["steward", "lead"])
def test_who_may_not_see_it_is_refused_and_that_is_written_down_once(opened, demo_url, role):
    somebody, code = person(demo_url, role)
    page = opened(demo_url, "audit_log", "en", **{"as": str(somebody)})
    page.run()
    page.run()

    assert [one.value for one in page.error] == ["Your role does not allow this."]
    assert [one[0] for one in written(demo_url, "refused")] == ["audit_log see_audit"]
    assert written(demo_url, "refused")[0][2] == unit_id(demo_url, code)


@pytest.mark.parametrize(
    ("code", "kept"),
    [("06", "06"), ("NO-SUCH-UNIT", "NO-SUCH-UNIT"), ("张三", None), ("13800000000", None)],
)
def test_a_unit_outside_is_written_down_without_personal_content(opened, demo_url, code, kept):
    somebody, _code = person(demo_url, "area_manager", "lead")
    page = opened(demo_url, "detail", "en", **{"as": str(somebody)})
    page.query_params["unit"] = code
    page.run()
    page.run()

    assert len(page.error) == 1
    asked = {"page": "detail", "asked": "unit"} | ({"code": kept} if kept else {})
    assert [one[:2] for one in written(demo_url, "refused")] == [("detail unit", asked)]


def test_another_thing_or_another_minute_is_written_down_again(opened, demo_url):
    somebody, _code = person(demo_url, "area_manager", "lead")
    page = opened(demo_url, "detail", "en", **{"as": str(somebody)})
    page.query_params["unit"] = "K1"
    page.run()
    page.session_state["refused"] = {
        asked: then - 61 for asked, then in page.session_state["refused"].items()
    }
    page.run()
    page.switch_page("pages/data/audit_log.py").run()

    assert [one[0] for one in written(demo_url, "refused")] == [
        "detail unit", "detail unit", "audit_log see_audit",
    ]  # fmt: skip
    assert [one.broken for one in audit_chain.verify(engine_for(demo_url)) if one.broken] == []


def test_a_page_goes_on_where_the_refusal_cannot_be_written_down(opened, demo_url, monkeypatch):
    somebody, _code = person(demo_url, "lead")
    page = opened(demo_url, "audit_log", "en", **{"as": str(somebody)})
    monkeypatch.setenv("AUDIT_KEY", "another one")
    page.session_state["refused"] = {}
    page.run()

    assert not page.exception
    assert len(page.error) == 1


@pytest.fixture
def buttons(monkeypatch):
    """What the download buttons of the page would give, by key."""
    found = {}

    def keep(_label, data, *_given, key=None, **_more):
        found[key] = data
        return False

    monkeypatch.setattr(st, "download_button", keep)
    return found


def test_a_download_of_the_log_holds_what_is_filtered_and_is_noted_itself(opened, demo_url, buttons):
    page = opened(demo_url, "audit_log", "zh", what="rules")
    rows = len(table(page))

    lines = buttons["log_csv"]().decode("utf-8-sig").splitlines()
    sheet = openpyxl.load_workbook(io.BytesIO(buttons["log_xlsx"]())).active

    assert "操作类别,规则、控制限与阈值" in lines
    assert len(lines) >= rows + 8
    assert sheet.max_row >= rows + 8
    assert [
        (subject, after["rows"], after["format"]) for subject, after, _unit in written(demo_url, "export")
    ] == [
        ("audit_log", rows, "CSV"),
        ("audit_log", rows, "XLSX"),
    ]


def test_a_download_of_records_is_noted_with_indicator_unit_and_period(opened, demo_url, buttons):
    opened(demo_url, "detail", "en", kpi="saidi", view="records", end="2026-09")

    assert written(demo_url, "export") == []
    content = buttons["records_csv"]()

    ((subject, after, unit),) = written(demo_url, "export")
    assert (subject, unit) == ("records saidi 06 month-2026-09", unit_id(demo_url, "06"))
    assert after["format"] == "CSV"
    assert 0 < after["rows"] < len(content.splitlines())
