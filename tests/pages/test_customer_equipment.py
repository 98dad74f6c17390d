"""Customers' equipment and external damage on the demo company: what is due, whose faults, what is logged."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from data_access import customer_equipment as register
from data_access import damage_sites, org_units, people, settings
from data_access.engine import engine_for
from data_access.tables.audit import audit_log
from data_access.tables.condition import customer_equipment
from data_access.tables.condition import damage_sites as sites
from data_access.tables.imports import source_coverage
from data_access.tables.kpi import kpi_facts
from data_access.transactions import reading_all, writing_all
from domain import personal
from domain.periods import local_today
from tests.pages.conftest import person_as, shown
from ui.equipment.sections import SECTIONS

PAGE = "customer_equipment"
PIECE = {"piece": "0602040201Z01E1", "space": "0602"}


def _person(url: str, role: str, unit: str) -> str:
    found = people.choosable(engine_for(url), date(2026, 11, 1))
    return str(next(one.id for one in found if one.role == role and one.unit_code.startswith(unit)))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_from_its_address(opened, demo, section, lang):
    page = opened(demo, PAGE, lang, section=section)

    assert not page.exception
    assert not page.error
    assert page.session_state["choose_section"] == section
    assert len(page.dataframe) == 1


def test_the_sentence_on_top_says_what_is_overdue_today(opened, demo):
    engine, today = engine_for(demo), local_today(settings.company_timezone())
    scope = org_units.whole_company(engine)
    (top,) = scope.roots
    tally = register.tally(engine, scope, top, today)
    late = damage_sites.listed(engine, scope, top, today).late

    said = shown(opened(demo, PAGE, "en"))
    assert f"{tally.overdue} of {tally.pieces} preventive tests are overdue" in said
    assert f"{late} of" in said and "damage sites" in said


def test_what_is_due_is_listed_with_the_longest_overdue_first_and_masked(opened, demo):
    table = opened(demo, PAGE, "en").dataframe[0].value

    first, *_rest = table["Preventive test"]
    assert first.startswith("▲ overdue by")
    assert table["Test due by"].tolist() == sorted(table["Test due by"])
    assert all(personal.is_masked(one) for one in table["Customer"])


def test_on_a_phone_the_pieces_stand_below_each_other_and_open_when_tapped(opened, demo, monkeypatch):
    monkeypatch.setattr("ui.shell.is_phone", lambda: True)
    page = opened(demo, PAGE, "en")

    assert not page.exception
    assert not page.dataframe
    assert "▲ overdue by" in shown(page)
    first = next(one for one in page.button if str(one.key).startswith("open_"))
    first.click().run()
    assert first.key.rpartition("_")[2] in page.query_params["piece"]


def test_filters_of_the_address_narrow_the_register(opened, demo):
    table = opened(demo, PAGE, "en", section="register", switch="without", arrester="old").dataframe[0].value

    assert len(table)
    assert set(table["Boundary switch"]) == {"no"}
    assert set(table["Arrester"]) <= {"valve type", "silicon carbide"}


@pytest.mark.parametrize(
    "said",
    [
        {"section": "nonsense", "test": "x", "arrester": "x", "switch": "x", "advice": "x"},
        {"section": "sites", "patrol": "x", "sites_page": "9999"},
        {"section": "register", "equipment_page": "-1", "test": "due"},
        {"section": "due", "test": "fine"},
    ],
    ids=str,
)
def test_a_senseless_address_falls_back(opened, demo, said):
    page = opened(demo, PAGE, "en", **said)

    assert not page.exception
    assert not page.error


def test_a_text_that_nothing_matches_says_so(opened, demo):
    page = opened(demo, PAGE, "en", section="register")
    page.text_input(key="equipment_text").set_value("no such piece").run()

    assert "No equipment is like that." in shown(page)
    assert "no such piece" not in repr(page.query_params)


def test_the_ranking_begins_with_who_passed_most_faults_on(opened, demo):
    page = opened(demo, PAGE, "en", section="passed")
    table = page.dataframe[0].value

    passed = table["Passed to the grid"].tolist()
    assert passed[0] >= 2
    assert passed == sorted(passed, reverse=True)
    assert "to the grid" in shown(page)


def test_without_outages_by_area_nothing_is_said_of_faults(opened, demo_url):
    with writing_all(engine_for(demo_url)) as connection:
        connection.execute(delete(source_coverage).where(source_coverage.c.source.like("outages%")))
        connection.execute(delete(kpi_facts).where(kpi_facts.c.measure.like("covered:outages%")))
    said = shown(opened(demo_url, PAGE, "en", section="passed"))

    assert "Faults that passed to the grid cannot be listed" in said


def test_a_piece_opens_with_its_tests_advice_and_faults(opened, demo):
    page = opened(demo, PAGE, "en", **PIECE)

    assert not page.exception
    assert len(page.get("vega_lite_chart")) == 1
    faults = page.dataframe[0].value
    assert "▲ passed to the grid" in set(faults["What became of it"])
    assert "Faults of this customer" in shown(page)
    page.button(key="all_equipment").click().run()
    assert "piece" not in page.query_params


def test_a_piece_outside_the_scope_and_one_that_is_absent_look_the_same(opened, demo):
    lead = _person(demo, "lead", "060101")
    said = [
        [one.value for one in opened(demo, PAGE, "en", **asked, **{"as": lead}).error]
        for asked in (PIECE, {"piece": "nothing", "space": "0602"})
    ]

    assert said == [["Not found, or outside the units that you may see."]] * 2


@pytest.mark.parametrize(("role", "may"), [("lead", True), ("executive", False)])
def test_a_piece_leads_to_a_new_item_about_it(opened, demo, role, may):
    unit = {"lead": "060204", "executive": "06"}[role]
    page = opened(demo, PAGE, "en", **PIECE, **{"as": _person(demo, role, unit)})

    assert [one.key for one in page.button].count("create_item") == may


def test_the_form_of_a_new_item_knows_the_piece_and_its_unit(opened, demo):
    about = {"view": "new", "kind": "equipment", "code": PIECE["piece"], "space": PIECE["space"]}
    lead = {"as": _person(demo, "lead", "060204")}
    page = opened(demo, "rectifications", "en", **about, rules="RL9", **lead)

    assert not page.exception
    assert f"** · {PIECE['piece']} · " in shown(page)
    assert any(str(one.key).startswith("create_new_0602_equipment") for one in page.button)


def test_only_who_looks_after_it_may_log(opened, demo):
    for role, unit, may in (("lead", "060204", True), ("manager", "06", False), ("executive", "06", False)):
        page = opened(demo, PAGE, "en", **PIECE, **{"as": _person(demo, role, unit)})
        assert any(one.label == "Tested today" for one in page.button) == may, role


def test_one_tap_logs_a_test_of_today_with_a_trace(opened, demo_url, monkeypatch):
    monkeypatch.setattr("data_access.processes.start", lambda *_: 0)
    page = opened(demo_url, PAGE, "en", **PIECE, **{"as": _person(demo_url, "lead", "060204")})
    next(one for one in page.button if one.label == "Tested today").click().run()

    assert not page.exception
    assert not page.error
    today = local_today(settings.company_timezone())
    c, log = customer_equipment.c, audit_log.c
    with reading_all(engine_for(demo_url)) as connection:
        row = connection.execute(
            select(c.last_test_on, c.customer).where(c.equipment_key == PIECE["piece"])
        ).one()
        last = connection.execute(
            select(log.action, log.subject).order_by(log.at.desc(), log.no.desc())
        ).first()
    assert row.last_test_on == today
    assert not personal.is_masked(row.customer)
    assert tuple(last) == ("import.demo", f"customer_equipment {PIECE['piece']}")
    assert "in time" in shown(page)


def test_the_name_of_the_customer_is_shown_with_a_reason(opened, demo_url):
    page = opened(demo_url, PAGE, "en", **PIECE, **{"as": _person(demo_url, "lead", "060204")})
    with reading_all(engine_for(demo_url)) as connection:
        c = customer_equipment.c
        name = connection.scalar(select(c.customer).where(c.equipment_key == PIECE["piece"]))
    assert name not in shown(page)
    next(one for one in page.text_input if one.key.startswith("reason_")).set_value("a visit")
    next(one for one in page.button if one.label == "Show for 5 minutes").click()
    page.run().run()

    assert name in shown(page)


def test_names_from_files_are_no_markdown_and_long_ones_break_nothing(opened, demo_url):
    long = "[x](http://evil) " + "很长的名字" * 20
    with writing_all(engine_for(demo_url)) as connection:
        texts = {"findings": long, "advice": long}
        connection.execute(update(customer_equipment).values(**texts))
        connection.execute(update(sites).values(place=long))
    for asked in (PIECE, {"section": "sites"}):
        page = opened(demo_url, PAGE, "zh", **asked)
        assert not page.exception


def test_without_any_equipment_the_page_says_so(opened, demo_url):
    with writing_all(engine_for(demo_url)) as connection:
        connection.execute(delete(customer_equipment))
        connection.execute(delete(sites))
    for section in SECTIONS:
        page = opened(demo_url, PAGE, "en", section=section)
        assert not page.exception
        assert "No customer equipment and no damage site is registered here" in shown(page)


def test_an_area_manager_sees_what_is_due_in_the_own_grid_only(opened, demo):
    page = opened(demo, PAGE, "en", section="register", **{"as": person_as(demo, "area_manager", "grid")})

    assert len(set(page.dataframe[0].value["Unit"])) == 1
