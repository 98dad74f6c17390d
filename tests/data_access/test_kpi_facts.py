"""Reading figures: inside the scope, with what covers them, and by the key."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from data_access import kpi_facts, kpi_values, rules, stale
from data_access.engine import is_sqlite
from data_access.imports import undo
from data_access.kpi_refresh import refresh
from data_access.tables.kpi import kpi_facts as table
from data_access.transactions import reading_all, writing_all
from domain import rule_sets
from domain.errors import InvalidInput, NotFound
from domain.periods import Period
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.booked import at, book, cover, serve, step
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE
from tests.data_access.importing import administrator, take

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
ALL, ONLY_A = Scope((PROVINCE,)), Scope((CITY_A,))
SAIDI = ("cmi_lv", "customers_served_lv")


def filled(engine: Engine) -> None:
    """May and half of June; A1: 100 min over 1,000 customers, A2: 900 over 100,000, B1: 10 over 10."""
    company.build(engine)
    cover(engine, MAY, date(2026, 6, 15))
    serve(engine, [MAY, JUNE], {COUNTY_A1: 1_000, COUNTY_A2: 100_000, COUNTY_B1: 10})
    book(
        engine,
        step(COUNTY_A1, at(date(2026, 5, 10)), 100, 1),
        step(COUNTY_A2, at(date(2026, 5, 20)), 900, 1, cause="wind"),
        step(COUNTY_B1, at(date(2026, 5, 11)), 10, 1),
    )
    refresh(engine)


def test_months_come_with_the_coverage_of_what_the_measures_need(engine: Engine) -> None:
    """And of the outages as a whole: no customers reported is another reason than nothing loaded."""
    filled(engine)

    found = kpi_facts.monthly(engine, ALL, [COUNTY_A1], SAIDI, MAY, JUNE)

    rows = {(row.measure, row.month): row.value for row in found.itertuples()}
    assert rows == {
        ("cmi_lv", MAY): 6_000,
        ("customers_served_lv", MAY): 1_000,
        ("customers_served_lv", JUNE): 1_000,
        ("covered:outages", MAY): 31,
        ("covered:outages", JUNE): 15,
        ("covered:outages.customers", MAY): 31,
        ("covered:outages.customers", JUNE): 15,
        ("covered:customers_served.LV", MAY): 31,
        ("covered:customers_served.LV", JUNE): 30,
    }
    assert set(found["org_unit_id"]) == {COUNTY_A1}


def test_a_break_down_has_members_and_no_coverage(engine: Engine) -> None:
    filled(engine)

    found = kpi_facts.monthly(engine, ALL, [CITY_A], ["cmi_lv"], MAY, JUNE, "cause")

    assert dict(zip(found["member"], found["value"], strict=True)) == {"tree": 6_000, "wind": 54_000}


def test_units_outside_the_scope_give_no_rows(engine: Engine) -> None:
    filled(engine)
    wanted = [PROVINCE, CITY_A, COUNTY_A1, CITY_B, COUNTY_B1]

    assert set(kpi_facts.monthly(engine, ONLY_A, wanted, SAIDI, MAY, MAY)["org_unit_id"]) == {
        CITY_A,
        COUNTY_A1,
    }
    below = kpi_facts.children_monthly(engine, ONLY_A, PROVINCE, SAIDI, MAY, MAY)
    assert set(below["org_unit_id"]) == {CITY_A}
    assert kpi_facts.daily(engine, ONLY_A, COUNTY_B1, ["cmi_lv"], MAY, JUNE).empty
    assert kpi_facts.monthly(engine, Scope(()), wanted, SAIDI, MAY, MAY).empty


def test_children_come_with_the_unit_itself(engine: Engine) -> None:
    filled(engine)

    found = kpi_facts.children_monthly(engine, ALL, CITY_A, ["cmi_lv"], MAY, MAY)
    minutes = found[found["measure"] == "cmi_lv"].set_index("org_unit_id")["value"]

    assert minutes.to_dict() == {CITY_A: 60_000, COUNTY_A1: 6_000, COUNTY_A2: 54_000}


def test_days_of_a_unit(engine: Engine) -> None:
    filled(engine)

    found = kpi_facts.daily(engine, ALL, CITY_A, ["cmi_lv"], date(2026, 5, 10), date(2026, 5, 31))

    assert [(row.day, row.value) for row in found.itertuples()] == [
        (date(2026, 5, 10), 6_000),
        (date(2026, 5, 20), 54_000),
    ]


def test_how_far_the_data_of_a_scope_goes(engine: Engine) -> None:
    """City A sends June to its end; the province still waits for city B."""
    filled(engine)
    cover(engine, date(2026, 6, 16), date(2026, 6, 30), CITY_A, batch=2)
    refresh(engine)

    city, all_of_it = (kpi_facts.data_state(engine, scope) for scope in (ONLY_A, ALL))

    assert (city.as_of_day, city.last_complete_month, city.first_month) == (date(2026, 6, 30), JUNE, MAY)
    assert (all_of_it.as_of_day, all_of_it.last_complete_month) == (date(2026, 6, 30), MAY)
    assert (city.is_refreshing, city.is_stale) == (False, False)
    with writing_all(engine) as connection:
        stale.mark(connection, [(COUNTY_B1, "outages", MAY)])
    assert kpi_facts.data_state(engine, ONLY_A).is_stale


def test_one_city_loaded_of_two_is_seen_by_who_sees_both(engine: Engine) -> None:
    """The province has no complete month, and that must not hide the city that has two."""
    company.build(engine)
    cover(engine, date(2026, 5, 1), date(2026, 7, 10), CITY_A)
    refresh(engine)

    state = {unit: kpi_facts.data_state(engine, ALL, unit) for unit in (None, PROVINCE, CITY_A, CITY_B)}

    assert {one.last_complete_month for one in state.values()} == {JUNE}
    assert {one.first_month for one in state.values()} == {MAY}
    assert kpi_facts.data_state(engine, Scope((CITY_B,)), CITY_A).last_complete_month is None


def test_each_unit_has_its_own_months(engine: Engine) -> None:
    """City B begins a month later and ends a month earlier; the province knows what both have."""
    company.build(engine)
    cover(engine, date(2026, 3, 1), date(2026, 7, 31), CITY_A)
    cover(engine, date(2026, 4, 1), date(2026, 6, 30), CITY_B, batch=2)
    refresh(engine)

    state = {unit: kpi_facts.data_state(engine, ALL, unit) for unit in (PROVINCE, CITY_A, CITY_B)}

    months = {unit: (one.first_month, one.last_complete_month) for unit, one in state.items()}
    april, march, july = date(2026, 4, 1), date(2026, 3, 1), date(2026, 7, 1)
    assert months == {PROVINCE: (april, JUNE), CITY_A: (march, july), CITY_B: (april, JUNE)}


def test_siblings_show_only_their_rank_and_values_without_names(engine: Engine) -> None:
    """A1 0.1 min per customer, A2 0.009; the city 1,000 / 101,000, not the mean of both (0.0545)."""
    filled(engine)
    period = Period("month", MAY, MAY)

    found = kpi_facts.benchmark(engine, Scope((COUNTY_A1,)), COUNTY_A1, "saidi", period)

    assert (found.rank, found.of) == (2, 2)
    assert found.values == (pytest.approx(0.009), pytest.approx(0.1))
    assert found.above["org_unit_id"].tolist() == [PROVINCE, CITY_A]
    assert found.above["value"].tolist()[1] == pytest.approx(1_000 / 101_000)
    with pytest.raises(NotFound):
        kpi_facts.benchmark(engine, Scope((COUNTY_A1,)), COUNTY_A2, "saidi", period)


def test_reads_go_by_the_primary_key(engine: Engine) -> None:
    filled(engine)
    fact = table.c
    wanted = select(fact.value).where(
        fact.org_unit_id.in_([COUNTY_A1, COUNTY_A2]),
        fact.measure.in_(["cmi_lv", "covered:outages"]),
        fact.dimension == "",
        fact.grain == "month",
        fact.period_start.between(MAY, JUNE),
    )
    explain = "EXPLAIN QUERY PLAN " if is_sqlite(engine) else "EXPLAIN "
    with reading_all(engine) as connection:
        if not is_sqlite(engine):
            connection.exec_driver_sql("SET enable_seqscan = off")  # a dozen rows fit one page
        text = str(wanted.compile(engine, compile_kwargs={"literal_binds": True}))
        plan = " ".join(str(row) for row in connection.exec_driver_sql(explain + text))

    assert "PRIMARY KEY" in plan or "pk_kpi_facts" in plan
    for column in ("org_unit_id", "measure", "dimension", "grain", "period_start"):
        assert column in plan


def test_a_kpi_with_everything_it_is_made_of(engine: Engine) -> None:
    filled(engine)

    found = kpi_values.read(engine, ALL, "saidi", "A", MAY, JUNE, "unit")
    missing = kpi_values.read(engine, ALL, "asai_mv", "A", MAY, MAY)

    assert found["value"] == pytest.approx(1_000 / 101_000)
    assert (found["numerator"], found["denominator"], found["excluded"]) == (60_000, 101_000, 0)
    assert (found["partly_covered"], found["rules"]) == ([JUNE], ["outages v1"])
    assert [row["name"] for row in found["rows"]] == ["A1", "A2"]
    assert (missing["value"], missing["missing"]) == (None, "not_covered:customers_served.MV")
    with pytest.raises(InvalidInput):
        kpi_values.read(engine, ONLY_A, "saidi", "B", MAY, MAY)


def test_every_refresh_and_every_act_gives_what_can_be_read_another_version(engine, tmp_path):
    """What a page kept is found out of date by it, also where two of them fall into one second."""
    filled(engine)
    target = "kpi,unit,period_kind,period,kind,value\nsaidi,P,month,2026-05,full,1\n"
    seen = [kpi_facts.data_state(engine, ALL).version]

    def follows(_done: object) -> None:
        seen.append(kpi_facts.data_state(engine, ALL).version)

    follows(refresh(engine))
    follows(refresh(engine))
    done = take(engine, tmp_path, "targets", target)
    follows(done)
    follows(undo.undo(engine, administrator(engine), done.batch_id, "a mistake"))
    body = rule_sets.first_version("signals").body | {"run_length": 9}
    follows(rules.publish(engine, administrator(engine), "signals", body, MAY, "a reason"))

    assert len(set(seen)) == len(seen)
    assert kpi_facts.data_state(engine, ALL).version == seen[-1]
