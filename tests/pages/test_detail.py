"""The detail page: every KPI opens, in each view, down to the lowest unit; the charts name their takeaway."""

from datetime import date, datetime

import pytest
from sqlalchemy import insert

from data_access import org_units, people, settings
from data_access.engine import engine_for
from data_access.tables.rules import rule_versions
from data_access.transactions import writing_all
from domain.kpis import catalogue
from domain.periods import local_today
from domain.rule_sets import first_version
from tests.pages.conftest import shown

KPIS = [
    "saidi",
    "frequent_areas",
    "promise_kept_last",
    "planned_notice_timely",
    "cemi",
    "faults_over_limit_no_med",
]


@pytest.mark.parametrize("view", ["analysis", "records", "definition"])
@pytest.mark.parametrize("kpi", KPIS)
def test_a_kpi_opens_in_each_view(opened, demo, kpi, view):
    page = opened(demo, "detail", "en", kpi=kpi, view=view)

    assert list(page.exception) == []
    assert list(page.error) == []


def test_every_kpi_of_the_catalogue_opens(opened, demo):
    """One page, one KPI after the other, as a person would pick them."""
    page = opened(demo, "detail", "zh")
    for kpi in catalogue().kpis:
        page.selectbox(key="pick_kpi").set_value(kpi).run()
        assert list(page.exception) == [], kpi


def test_every_chart_says_its_takeaway(opened, demo):
    page = opened(demo, "detail", "en", kpi="saidi")
    charts = page.get("vega_lite_chart")

    assert len(charts) >= 3
    assert all(one.proto.alt for one in charts)


@pytest.mark.parametrize("period", ["month", "quarter", "ytd", "12m", "year"])
@pytest.mark.parametrize("compare", ["previous", "last_year", "target"])
def test_every_period_and_comparison_opens(opened, demo, period, compare):
    page = opened(demo, "detail", "en", kpi="saidi", period=period, compare=compare)

    assert list(page.exception) == []


def test_the_title_is_the_message(opened, demo):
    page = opened(demo, "detail", "en", kpi="saidi")
    title = next(one.proto.body for one in page.get("html") if 'class="cs-headline"' in one.proto.body)

    assert "SAIDI" in title
    assert "min/cust." in title


def test_a_period_of_two_rule_versions_names_both(opened, demo_url):
    """Momentary was up to 3 min until September; October alone is judged by the new version."""
    second = first_version("outages").body | {"momentary": {"operator": "<=", "minutes": 5}}
    with writing_all(engine_for(demo_url)) as connection:
        row = {"rule_set": "outages", "version": 2, "valid_from": date(2026, 10, 1), "state": "published"}
        at = {"by_name": "t", "at": datetime(2026, 9, 1), "reason": "new standard"}
        connection.execute(insert(rule_versions).values(**row, **at, body=second))

    both = shown(
        opened(demo_url, "detail", "en", kpi="saidi", view="definition", period="ytd", end="2026-10")
    )
    one = shown(
        opened(demo_url, "detail", "en", kpi="saidi", view="definition", period="month", end="2026-10")
    )

    assert "The rules changed in this period: How outages are counted v1, How outages are counted v2" in both
    assert ("version 1, in force" in both, "version 2, in force" in both) == (True, True)
    assert "The rules changed" not in one
    assert "How outages are counted, version 2" in one


def test_the_lowest_unit_opens(opened, demo):
    """It has nothing below: no ranking, no contribution of units."""
    page = opened(demo, "detail", "en", kpi="saidi")
    for _step in ("the last station", "its last grid"):
        units = page.selectbox(key="pick_unit")
        units.select_index(len(units.options) - 1).run()

    assert list(page.exception) == []
    assert "lowest unit" in shown(page)


def records_of(page) -> tuple[list, str]:
    """The first page of records, and the caption above it."""
    assert list(page.exception) == []
    assert list(page.error) == []
    return page.dataframe[0].value, next(one.value for one in page.caption if "record" in one.value)


def test_the_records_behind_a_cause_and_a_month_and_what_was_not_counted(opened, demo):
    """Each of them in the URL, so that a link says what it shows."""
    asked = {"kpi": "saidi", "view": "records", "period": "quarter", "end": "2026-09"}
    page = opened(demo, "detail", "en", **asked)
    options = page.selectbox(key="choose_cause").options
    assert options[0] == "All causes"
    page.selectbox(key="choose_cause").select_index(1).run()
    page.selectbox(key="choose_month").set_value("2026-08").run()
    page.selectbox(key="choose_counted").set_value("yes").run()

    rows, _said = records_of(page)
    assert set(rows["Cause"]) == {options[1]}
    assert {str(day)[:7] for day in rows["Day"]} == {"2026-08"}
    assert (page.query_params["month"], page.query_params["counted"]) == ("2026-08", "yes")

    again = opened(demo, "detail", "en", **asked, counted="no", kind="fault")
    left_out, _said = records_of(again)
    assert set(left_out["Kind"]) == {"Fault"}
    assert (left_out["Why not counted"] != "").all()


@pytest.mark.parametrize("day", ["2026-10-02", "2027-01-01", "nonsense"])
def test_a_day_in_the_address_shows_its_records_and_a_senseless_one_all(opened, demo, day):
    page = opened(demo, "detail", "en", kpi="saidi", view="records", period="month", end="2026-10", day=day)

    days = {str(one)[:10] for one in records_of(page)[0]["Day"]}
    assert (days == {day}) == (day == "2026-10-02")
    assert len(days) == 1 or day != "2026-10-02"


def test_another_kpi_is_not_narrowed_by_what_was_chosen_for_the_first(opened, demo):
    page = opened(demo, "detail", "en", kpi="saidi", view="records", cause="wind", day="2026-10-02")
    page.selectbox(key="pick_kpi").set_value("frequent_areas").run()

    assert list(page.exception) == []
    assert not {"cause", "day"} & set(page.query_params)


def test_an_unknown_kpi_is_named_and_what_is_shown_instead(opened, demo):
    page = opened(demo, "detail", "en", kpi="nonsense")

    assert "There is no indicator “nonsense”; SAIDI is shown instead." in shown(page)
    assert "There is no indicator" not in shown(opened(demo, "detail", "en", kpi="saifi"))


def test_somebody_of_one_station_sees_its_place_among_those_beside_it_without_names(opened, demo):
    engine = engine_for(demo)
    units = org_units.visible(engine, org_units.whole_company(engine))
    by_code = {one.code: one for one in units.values()}
    today = local_today(settings.company_timezone())
    person, own = next(
        (one, by_code[one.unit_code])
        for one in people.choosable(engine, today)
        if by_code[one.unit_code].level in ("station", "county")
    )
    beside = [one for one in units.values() if one.parent_id == own.parent_id and one is not own]

    page = shown(opened(demo, "detail", "en", kpi="saidi", **{"as": str(person.id)}))

    assert f"of {len(beside) + 1} units side by side, best first; median" in page
    assert f"Above it: {units[1].name_en}" in page
    assert [one.name_en for one in beside if one.name_en in page] == []


def test_a_senseless_month_in_the_address_is_said_and_the_address_put_right(opened, demo):
    """A copied link says what is shown."""
    page = opened(demo, lang="en", end="2031-01")
    assert "The address asks for 2031-01, which there is not; Oct 2026 is shown." in shown(page)
    assert page.query_params["end"] in ("2026-10", ["2026-10"])

    assert "view" not in opened(demo, "detail", "en", kpi="saidi", view="nonsense").query_params
