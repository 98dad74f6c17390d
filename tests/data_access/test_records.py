"""The rows of a number add up to the number, for every KPI; nobody sees rows outside the own units."""

from datetime import date

import pytest

from data_access import kpi_facts, records
from data_access.kpi_refresh import refresh
from data_access.records import Filters
from domain import paging, ratios
from domain.kpis import catalogue
from domain.periods import Period, add_months
from domain.viewer import Scope
from tests.data_access import company, interrupted, proving
from tests.data_access.acts_on_items import work_on_items
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, PROVINCE

KPIS = catalogue().kpis
MEASURES = catalogue().measures
EVERYTHING = Scope((PROVINCE,))
YEAR = Period("12m", date(2025, 4, 1), date(2026, 3, 1))
QUARTER = Period("quarter", date(2025, 7, 1), date(2025, 9, 1))
# Stocks and what is built from them are no records.
NOT_RECORDS = ("customers_served", "customer_time", "line_metre_months")


# One KPI for each query, the twin without major event days where it has one.
OF_QUERIES = sorted({kpi.records: kpi.without_med or kpi.id for kpi in KPIS.values()}.values())


@pytest.fixture(scope="module")
def filled(shared_engine):
    """The small company with a year of outages, refreshed; read by every test, changed by none."""
    company.build(shared_engine)
    interrupted.build(shared_engine)
    for seed in range(8):
        work_on_items(shared_engine, "A", ["A1", "A2"], seed)
    proving.add(shared_engine, proving.item(9_000, done_at=date(2025, 2, 10), closed_at=date(2025, 2, 12)))
    refresh(shared_engine, full=True)
    return shared_engine


def of_records(kpi, terms, facts, period, unit, place):
    """What the rows should add up to: the stored measures that have records."""
    amount = 0
    for sign, name in terms:
        if name.startswith(NOT_RECORDS):
            continue
        row = facts.row(unit, name)
        low, high = facts.span(period)
        amount += sign * int(row[place] if kpi.is_as_of else row[low:high].sum())
    return amount


@pytest.mark.parametrize(("unit", "period"), [(PROVINCE, YEAR), (CITY_A, QUARTER), (COUNTY_A1, YEAR)])
def test_rows_add_up_to_every_number(filled, unit, period):
    wrong = {}
    names = {name for kpi in KPIS.values() for name in kpi.measures()}
    first = add_months(period.first, -12)
    facts = ratios.facts(kpi_facts.monthly(filled, EVERYTHING, [unit], names, first, period.last))
    for kpi in KPIS.values():
        expected = tuple(
            of_records(kpi, terms, facts, period, unit, facts.position(period.last))
            for terms in (kpi.numerator, kpi.denominator)
        )
        found = records.sums(filled, EVERYTHING, kpi.id, unit, period)
        if found != expected:
            wrong[kpi.id] = (found, expected)
    assert wrong == {}


COUNTED_AS_ROWS = ("momentary", "no_customers", "few_customers", "not_detected")
OF_ROWS = [
    kpi.id
    for kpi in KPIS.values()
    if kpi.excluded.startswith(("steps_", "promises_", "faults_to_notify_", "restorations_"))
]


@pytest.mark.parametrize(("unit", "period"), [(PROVINCE, YEAR), (CITY_A, QUARTER)])
def test_the_rows_left_out_are_the_number_that_is_told_beside(filled, unit, period):
    """By the reasons of the measure: rows that are open or of a major event day are told elsewhere."""
    wrong = {}
    for name in OF_ROWS:
        asked = (filled, EVERYTHING, name, unit, period)
        frame, _ = records.page(*asked, size=10_000, filters=Filters(is_counted=False))
        told = ratios.facts(
            kpi_facts.monthly(filled, EVERYTHING, [unit], [KPIS[name].excluded], period.first, period.last)
        )
        low, high = told.span(period)
        found = int(frame["reason"].isin(COUNTED_AS_ROWS).sum())
        if found != told.row(unit, KPIS[name].excluded)[low:high].sum():
            wrong[name] = (found, told.row(unit, KPIS[name].excluded)[low:high].sum())
    assert wrong == {}
    assert len(OF_ROWS) > 20


def test_every_records_name_has_a_query():
    assert {kpi.records for kpi in KPIS.values()} == set(records.QUERIES)


def test_the_drawn_outages_fill_every_number(filled):
    """Else the test above would compare zeros."""
    empty = [
        kpi.id for kpi in KPIS.values() if records.page(filled, EVERYTHING, kpi.id, PROVINCE, YEAR)[1] == 0
    ]
    assert empty == []


@pytest.mark.parametrize("name", OF_QUERIES)
def test_a_foreign_scope_sees_no_rows(filled, name):
    foreign = Scope((CITY_B,))

    frame, total = records.page(filled, foreign, name, COUNTY_A1, YEAR)

    assert (len(frame), total) == (0, 0)
    assert records.sums(filled, foreign, name, COUNTY_A1, YEAR) == (0, 0)
    assert list(records.stream(filled, foreign, name, COUNTY_A1, YEAR)) == []


@pytest.mark.parametrize("name", OF_QUERIES)
def test_pages_are_the_stream_cut_in_pieces(filled, name):
    frame, total = records.page(filled, EVERYTHING, name, PROVINCE, YEAR, size=10_000)
    pages = [
        records.page(filled, EVERYTHING, name, PROVINCE, YEAR, number, 7)[0]
        for number in range(1, min(2, paging.pages(total, 7)) + 1)
    ]
    streamed = list(records.stream(filled, EVERYTHING, name, PROVINCE, YEAR, chunk=50))

    assert tuple(frame.columns) == records.columns(name)
    assert len(frame) == total == sum(map(len, streamed))
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    cut = [row for one in pages for row in one.astype(object).where(one.notna(), None).to_numpy().tolist()]
    assert cut == rows[:14]
    last, _ = records.page(filled, EVERYTHING, name, PROVINCE, YEAR, 9_999, 7)
    assert len(last) == ((total - 1) % 7 + 1 if total else 0)  # a page that there is not is the last
    assert sum(one["in_numerator"].sum() for one in streamed) == frame["in_numerator"].sum()


@pytest.mark.parametrize("name", OF_QUERIES)
def test_a_row_counts_or_says_why_not(filled, name):
    frame, _ = records.page(filled, EVERYTHING, name, PROVINCE, YEAR, size=10_000)

    left_out = frame[~frame["is_counted"].astype(bool)]
    assert (left_out["reason"] != "").all()
    assert (left_out[["in_numerator", "in_denominator"]] == 0).all().all()


def test_filters_narrow_the_rows(filled):
    def found(**filters):
        return records.page(
            filled, EVERYTHING, "saidi", PROVINCE, YEAR, size=10_000, filters=Filters(**filters)
        )

    everything, total = found()
    assert set(found(cause="tree")[0]["cause"]) == {"tree"}
    assert set(found(kind="planned")[0]["kind"]) == {"planned"}
    assert set(found(day=interrupted.MED_DAYS[0])[0]["start_day"]) == {interrupted.MED_DAYS[0]}
    month = found(month=date(2025, 7, 1))[0]
    assert {one.month for one in month["start_day"]} == {7}
    counted, left_out = found(is_counted=True)[1], found(is_counted=False)[1]
    assert 0 < left_out < counted < counted + left_out == total
    assert set(everything["reason"]) == {"", "momentary", "no_customers", "open"}


@pytest.mark.parametrize("dimension", ["cause", "kind"])
def test_the_rows_of_a_cause_or_kind_add_up_to_its_part(filled, dimension):
    """What a person opens from a bar of the break-down is what the bar shows."""
    wrong, compared = {}, 0
    for kpi in KPIS.values():
        if kpi.is_as_of or dimension not in ratios.dimensions_of(kpi, MEASURES):
            continue
        signs = {name: sign for sign, name in kpi.numerator}
        rows = kpi_facts.monthly(
            filled, EVERYTHING, [PROVINCE], signs, QUARTER.first, QUARTER.last, dimension
        )
        for member, part in rows.groupby("member"):
            expected = sum(signs[row.measure] * row.value for row in part.itertuples())
            narrow = Filters(**{dimension: member})
            found = records.sums(filled, EVERYTHING, kpi.id, PROVINCE, QUARTER, narrow)[0]
            compared += 1
            if found != expected:
                wrong[kpi.id, member] = (found, expected)
    assert compared > 20
    assert wrong == {}


def test_without_major_event_days_their_rows_say_so(filled):
    frame, _ = records.page(filled, EVERYTHING, "saidi_no_med", PROVINCE, YEAR, size=10_000)

    of_days = frame[frame["start_day"].isin(interrupted.MED_DAYS)]
    assert len(of_days) > 0
    assert "major_event_day" in set(of_days["reason"])
    assert of_days["in_numerator"].sum() == 0
