"""Masked names are shown for a while to who gives a reason: in that person's view and nowhere else."""

from datetime import date

import pytest
from sqlalchemy import select

from data_access import people
from data_access.engine import engine_for
from data_access.tables.audit import audit_log
from data_access.tables.condition import customer_equipment
from data_access.tables.grid import areas
from data_access.transactions import reading_all
from domain import personal
from tests.pages.conftest import PAGES, shown
from ui import shown_names

NAME, SHOW = "Name", "Show for 5 minutes"


def _person(url: str, role: str, unit: str) -> str:
    found = people.choosable(engine_for(url), date(2026, 11, 1))
    return str(next(one.id for one in found if one.role == role and one.unit_code.startswith(unit)))


def _masked(page) -> list[str]:
    return [one for one in page.dataframe[0].value[NAME] if personal.is_masked(one)]


def _button(page, label: str):
    return next((one for one in page.button if one.label == label), None)


def _reason(page, text: str) -> None:
    next(one for one in page.text_input if one.key.startswith("reason_")).set_value(text)
    _button(page, SHOW).click()
    page.run()
    if text.strip():
        page.run()  # the run that the first one asks for


def _logged(url: str) -> list:
    with reading_all(engine_for(url)) as connection:
        return connection.execute(select(audit_log).where(audit_log.c.action == "unmask")).all()


@pytest.fixture
def listed(opened, demo_url):
    """The frequent-outage list of a county as a lead there sees it."""
    lead = _person(demo_url, "lead", "060101")
    return lambda: opened(demo_url, "reliability", "en", section="frequent", period="12m", **{"as": lead})


def test_with_a_reason_the_names_are_shown_and_the_look_is_logged(listed, demo_url):
    page = listed()
    assert _masked(page)
    _reason(page, "a call to the customer")

    assert not page.exception
    assert _masked(page) == []
    assert "Names are shown until you leave the page" in shown(page)
    (row,) = _logged(demo_url)
    assert row.reason == "a call to the customer"
    with reading_all(engine_for(demo_url)) as connection:
        plain = connection.scalar(
            select(areas.c.name).where(areas.c.area_code == row.after["rows"][0].split()[-1])
        )
    assert plain in set(page.dataframe[0].value[NAME])
    assert plain not in repr(row)
    assert plain not in repr(page.query_params)


def test_without_a_reason_they_stay_masked(listed, demo_url):
    page = listed()
    _reason(page, " ")

    assert _masked(page)
    assert "Give a reason." in [one.value for one in page.error]
    assert _logged(demo_url) == []


def test_another_session_with_the_same_units_sees_the_mask(listed):
    """Answers are shared between viewers of one scope: what one of them was shown is not among these."""
    first = listed()
    _reason(first, "why")
    first.run()

    assert _masked(first) == []
    assert _masked(listed())


def test_after_five_minutes_or_on_request_they_are_masked_again(listed, monkeypatch):
    page = listed()
    _reason(page, "why")
    _button(page, "Mask again").click()
    page.run()
    page.run()
    assert _masked(page)

    monkeypatch.setattr(shown_names, "KEPT_S", -1)
    _reason(page, "why")
    assert _masked(page)


def test_on_another_page_they_are_forgotten(listed):
    page = listed()
    _reason(page, "why")
    page.switch_page(PAGES["overview"]).run()
    page.switch_page(PAGES["reliability"]).run()

    assert _masked(page)


def test_another_person_in_the_same_window_sees_the_mask(listed, demo_url):
    page = listed()
    _reason(page, "why")
    page.query_params["as"] = _person(demo_url, "manager", "060101")
    page.run()

    assert _masked(page)
    assert _button(page, SHOW) is None
    assert "Names of dedicated accounts are masked." in shown(page)


NAMED = {  # kind of record: its rows with a name, and the label of the field
    "areas": (select(areas.c.area_code, areas.c.name).where(areas.c.kind == "dedicated"), NAME),
    "customer_equipment": (
        select(customer_equipment.c.equipment_key, customer_equipment.c.customer),
        "Customer",
    ),
}


@pytest.mark.parametrize("role", ["steward", "administrator"])
@pytest.mark.parametrize("record", NAMED)
def test_a_customer_s_form_stands_empty_with_its_mask(opened, demo_url, record, role):
    statement, label = NAMED[record]
    with reading_all(engine_for(demo_url)) as connection:
        code, name = connection.execute(statement.limit(1)).one()
    person = _person(demo_url, role, "06")
    page = opened(demo_url, "records", "en", record=record, **{"as": person})
    next(one for one in page.text_input if one.key == f"key_{record}").set_value(code)
    page.run()

    def field():
        return next(one for one in page.text_input if one.label.startswith(label))

    assert (field().value, field().placeholder) == ("", personal.masked(name, "name"))
    assert name not in shown(page)
    if role == "administrator":
        _reason(page, "why")
        assert (field().value, field().placeholder) == ("", name)
    else:
        assert _button(page, SHOW) is None
