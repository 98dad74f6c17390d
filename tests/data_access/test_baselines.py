"""Baselines freeze by themselves once, and change only by an act of somebody who may, with a reason."""

from datetime import date

import pytest
from sqlalchemy import insert, select

from data_access import baselines
from data_access.tables.audit import audit_log
from data_access.tables.kpi import kpi_facts
from data_access.tables.rules import xmr_baselines
from data_access.transactions import reading_all, writing_all
from domain.errors import InvalidInput, NotAllowed, NotFound
from domain.kpis import COVERED, catalogue
from domain.periods import add_months, days_in
from domain.viewer import Scope, Viewer
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, HOME, build

START = date(2024, 1, 1)
EVERYTHING = (
    "outages",
    "outages.customers",
    "customers_served.LV",
    "major_events",
    "outages.trip",
    "lines.length_m",
)
MANAGER = Viewer(7, "Manager", frozenset({"manager"}), Scope((CITY_A,)))
LEAD = Viewer(8, "Lead", frozenset({"lead"}), Scope((CITY_A,)))


def facts(unit, measure, values, start=START):
    return [
        {
            "org_unit_id": unit,
            "measure": measure,
            "dimension": "",
            "grain": "month",
            "period_start": add_months(start, place),
            "member": "",
            "bureau_id": HOME[unit],
            "value": value,
        }
        for place, value in enumerate(values)
    ]


def fill(engine, unit, months, covered=EVERYTHING):
    """Minutes 100, 120, 100, 120 ... and 10 interruptions each month; every month covered."""
    rows = facts(unit, "cmi_lv", [6_000, 7_200] * (months // 2)) + facts(
        unit, "ci_restored_lv", [10] * months
    )
    rows += facts(unit, "outages", [10] * months)
    for need in covered:
        rows += facts(unit, COVERED + need, [days_in(add_months(START, place)) for place in range(months)])
    with writing_all(engine) as connection:
        connection.execute(insert(kpi_facts), rows)


def freeze(engine, months):
    with writing_all(engine) as connection:
        return baselines.freeze_missing(connection, add_months(START, months - 1))


def stored(engine, unit=COUNTY_A1):
    return baselines.stored(engine, Scope((CITY_A,)), [unit])


@pytest.fixture
def company(engine):
    """Units only."""
    build(engine)
    return engine


def test_24_complete_months_freeze_a_baseline(company):
    fill(company, COUNTY_A1, 24)

    freeze(company, 24)

    one = stored(company)[COUNTY_A1, "caidi_no_med"]
    assert (one.first_month, one.last_month, one.n) == (START, add_months(START, 23), 24)
    assert (one.centre, one.mean_range) == (pytest.approx(11.0), pytest.approx(2.0))
    assert (one.is_stored, one.set_by) == (True, "refresh")


def test_23_months_freeze_nothing(company):
    fill(company, COUNTY_A1, 24)

    freeze(company, 23)

    assert stored(company) == {}


def test_a_seasonal_kpi_needs_a_year_more(company):
    fill(company, COUNTY_A1, 36)
    with writing_all(company) as connection:
        connection.execute(insert(kpi_facts), facts(COUNTY_A1, "customers_served_lv", [100] * 36))

    freeze(company, 35)
    early = stored(company)
    freeze(company, 36)

    assert (COUNTY_A1, "saidi_no_med") not in early
    assert stored(company)[COUNTY_A1, "saidi_no_med"].first_month == add_months(START, 12)


def test_freezing_again_changes_nothing(company):
    """A frozen baseline stays, whatever the facts say later."""
    fill(company, COUNTY_A1, 24)
    freeze(company, 24)
    before = stored(company)
    with writing_all(company) as connection:
        connection.execute(kpi_facts.update().where(kpi_facts.c.measure == "cmi_lv").values(value=1))

    assert freeze(company, 24) == 0
    assert stored(company) == before


def test_months_without_a_source_do_not_count(company):
    """Without major event days determined, the figure without them is missing."""
    fill(company, COUNTY_A1, 24, covered=[one for one in EVERYTHING if one != "major_events"])

    freeze(company, 24)

    assert (COUNTY_A1, "caidi_no_med") not in stored(company)


def test_a_reset_stores_the_months_and_leaves_an_audit_row(company):
    fill(company, COUNTY_A1, 24)
    freeze(company, 24)

    one = baselines.reset(
        company, MANAGER, "caidi", COUNTY_A1, add_months(START, 12), add_months(START, 23), "new feeder"
    )

    assert one == stored(company)[COUNTY_A1, "caidi_no_med"]
    assert (one.n, one.set_by, one.reason) == (12, "Manager", "new feeder")
    with reading_all(company) as connection:
        row = connection.execute(select(audit_log)).one()
    assert (row.action, row.by_name, row.reason) == ("reset_baseline", "Manager", "new feeder")
    assert (row.before["n"], row.after["n"]) == (24, 12)


def test_a_refused_reset_changes_nothing(company):
    fill(company, COUNTY_A1, 24)
    months = (START, add_months(START, 23))

    with pytest.raises(NotAllowed):
        baselines.reset(company, LEAD, "caidi", COUNTY_A1, *months, "because")
    with pytest.raises(InvalidInput, match="reason_missing"):
        baselines.reset(company, MANAGER, "caidi", COUNTY_A1, *months, " ")
    with pytest.raises(InvalidInput, match="baseline_too_few_months"):
        baselines.reset(company, MANAGER, "caidi", COUNTY_A1, START, add_months(START, 10), "because")
    foreign = Viewer(9, "Other", frozenset({"manager"}), Scope((CITY_B,)))
    with pytest.raises(NotFound):
        baselines.reset(company, foreign, "caidi", COUNTY_A1, *months, "because")

    elsewhere = frozenset({("executive", CITY_A), ("manager", CITY_B)})
    looker = Viewer(9, "Other", frozenset({"executive", "manager"}), Scope((CITY_A, CITY_B)), elsewhere)
    with pytest.raises(NotAllowed):
        baselines.reset(company, looker, "caidi", COUNTY_A1, *months, "because")

    with reading_all(company) as connection:
        assert connection.execute(select(xmr_baselines)).all() == []
        assert connection.execute(select(audit_log)).all() == []


def test_a_foreign_scope_sees_no_baseline(company):
    fill(company, COUNTY_A1, 24)
    freeze(company, 24)

    assert baselines.stored(company, Scope((CITY_B,)), [COUNTY_A1]) == {}


def test_every_kpi_is_stored_under_one_name_for_itself_and_its_twin():
    kpis = catalogue().kpis
    for one in kpis.values():
        if one.without_med:
            assert baselines.signals.baseline_id(one) == baselines.signals.baseline_id(kpis[one.without_med])
