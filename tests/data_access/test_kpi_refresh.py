"""Refresh: one writer, only what changed, and never another result than from nothing."""

import threading
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from data_access import kpi_refresh, kpi_rows, lease, org_units, stale
from data_access.kpi_refresh import refresh
from data_access.measures import areas, builders
from data_access.refresh_basis import basis
from data_access.refresh_values import requests, store
from data_access.tables.grid import areas as areas_table
from data_access.tables.kpi import kpi_facts, refresh_lease, refresh_runs
from data_access.tables.org import org_units as units_table
from data_access.tables.outages import outage_steps
from data_access.transactions import reading_all, writing_all
from domain.errors import Busy
from domain.kpis import CatalogueError
from domain.periods import utc_now
from tests.data_access import company
from tests.data_access.booked import at, book, cover, facts, serve, step
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE
from tests.data_access.importing import dump
from tests.data_access.steps import area

MAY = date(2026, 5, 1)
NOON = at(date(2026, 5, 10), 12)


def opened(engine: Engine) -> None:
    company.build(engine)
    cover(engine, date(2026, 4, 1), date(2026, 6, 30))


def ci(engine: Engine, unit: int, month: date = MAY) -> int | None:
    return facts(engine).get((unit, "ci_lv", "", "", "month", month))


def test_a_second_outage_changes_its_unit_and_those_above_and_nothing_else(engine: Engine) -> None:
    """The decoy in the other city is booked without a mark: an incremental refresh must not even look."""
    opened(engine)
    book(engine, step(COUNTY_A1, NOON, 60, 10), step(COUNTY_B1, NOON, 60, 100))
    refresh(engine)
    book(engine, step(COUNTY_B1, NOON + timedelta(hours=1), 60, 7))
    with writing_all(engine) as connection:
        stale.clear(connection, stale.waiting(connection))
    book(engine, step(COUNTY_A2, NOON, 60, 5))

    done = refresh(engine)

    assert not done.is_full
    assert [ci(engine, unit) for unit in (COUNTY_A1, COUNTY_A2, CITY_A, COUNTY_B1)] == [10, 5, 15, 100]
    assert ci(engine, PROVINCE) == 115


def test_what_refresh_writes_in_parts_it_writes_from_nothing_too(engine: Engine) -> None:
    opened(engine)
    book(engine, step(COUNTY_A1, NOON, 60, 10, trip="permanent"))
    refresh(engine)
    book(engine, step(COUNTY_B1, at(date(2026, 6, 2)), None, 4), step(CITY_A, NOON, 300, 3, key="c"))
    serve(engine, [MAY], {COUNTY_A1: 50, COUNTY_A2: 60})
    cover(engine, date(2026, 7, 1), date(2026, 7, 10), CITY_B, batch=2)
    refresh(engine)
    parts = facts(engine)

    refresh(engine, full=True)

    assert facts(engine) == parts
    assert parts[CITY_A, "customers_served_lv", "", "", "month", MAY] == 110


def test_a_unit_that_moves_takes_its_history_with_it(engine: Engine) -> None:
    opened(engine)
    book(engine, step(COUNTY_A2, NOON, 60, 10))
    refresh(engine)
    with writing_all(engine) as connection:
        moved = update(units_table).where(units_table.c.id == COUNTY_A2).values(parent_id=CITY_B)
        connection.execute(moved)
        org_units.rebuild_closure(connection)
        stale.mark_everything(connection)

    assert refresh(engine).is_full
    assert (ci(engine, CITY_A), ci(engine, CITY_B), ci(engine, PROVINCE)) == (None, 10, 10)
    with reading_all(engine) as connection:
        homes = select(kpi_facts.c.bureau_id).where(kpi_facts.c.org_unit_id == COUNTY_A2).distinct()
        assert connection.execute(homes).scalars().all() == ["A"]


def test_rows_of_months_that_left_the_data_go(engine: Engine) -> None:
    """An undo took June's coverage away: the months end with May."""
    opened(engine)
    book(engine, step(COUNTY_A1, at(date(2026, 6, 2)), 60, 4), step(COUNTY_A1, NOON, 60, 2))
    refresh(engine)
    assert ci(engine, COUNTY_A1, date(2026, 6, 1)) == 4
    with writing_all(engine) as connection:
        stale.mark_coverage(connection, 1)
        connection.exec_driver_sql("UPDATE source_coverage SET covers_to = '2026-05-31'")

    refresh(engine)

    assert ci(engine, COUNTY_A1) == 2
    assert max(key[5] for key in facts(engine)) < date(2026, 6, 1)


def test_without_any_data_there_are_no_figures(engine: Engine) -> None:
    company.build(engine)
    with writing_all(engine) as connection:
        stale.mark_everything(connection)

    done = refresh(engine)

    assert (done.rows, done.as_of_day, facts(engine)) == (0, None, {})
    with reading_all(engine) as connection:
        assert not stale.is_waiting(connection)


def test_rows_and_marks_stand_or_fall_together(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refresh breaks after its rows were written: neither they nor the cleared marks remain."""
    opened(engine)
    refresh(engine)
    before = facts(engine)
    book(engine, step(COUNTY_A1, NOON, 60, 10))

    def broken(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(kpi_refresh, "_record", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        refresh(engine)

    assert facts(engine) == before
    with reading_all(engine) as connection:
        assert stale.is_waiting(connection)
        assert not lease.is_held(connection)
    monkeypatch.undo()
    refresh(engine)
    assert ci(engine, PROVINCE) == 10


def test_only_one_refreshes_at_a_time(engine: Engine) -> None:
    opened(engine)
    with lease.held(engine), pytest.raises(Busy):
        refresh(engine)

    assert refresh(engine).is_full


def lost_lease(engine: Engine) -> str:
    """The name of a holder whose lease ran out; another one has it now."""
    lost = lease.take(engine)
    with writing_all(engine) as connection:
        connection.execute(update(refresh_lease).values(until=datetime(2020, 1, 1)))
    lease.take(engine)
    return lost


def test_a_holder_that_lost_the_lease_writes_no_figures(engine: Engine) -> None:
    opened(engine)
    refresh(engine)
    before = dump(engine, without={"refresh_lease"})
    with reading_all(engine) as connection:
        known = basis(connection)
    stored = kpi_rows.stored(engine, [COUNTY_A1], ["ci_lv"], MAY, MAY)
    lost = lost_lease(engine)

    with pytest.raises(Busy):
        kpi_rows.replace(engine, lost, known, known.tree.units, [])
    with pytest.raises(Busy):
        kpi_rows.write(engine, lost, known, [stored], [], lambda *_: pytest.fail("it went on"))

    assert dump(engine, without={"refresh_lease"}) == before


def test_processes_of_one_refresh_write_at_a_time_and_nobody_takes_the_lease_meanwhile(
    postgres_engine: Engine,
) -> None:
    engine = postgres_engine
    holder = lease.take(engine)
    with writing_all(engine) as connection:
        connection.execute(update(refresh_lease).values(until=utc_now() + timedelta(minutes=1)))

    with lease.writing_as(engine, holder), lease.writing_as(engine, holder) as connection:
        assert connection.scalar(select(refresh_lease.c.until)) > utc_now() + timedelta(minutes=5)
        with writing_all(engine) as other:
            other.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                other.execute(update(refresh_lease).values(holder="another"))
            other.rollback()

    with reading_all(engine) as connection:
        assert connection.scalar(select(refresh_lease.c.holder)) == holder


def test_a_holder_that_lost_the_lease_writes_nothing_of_areas_and_lines(engine: Engine) -> None:
    """It was paused for longer than the lease lasts, and another one refreshed meanwhile."""
    opened(engine)
    with writing_all(engine) as connection:
        connection.execute(insert(areas_table), [area(COUNTY_A1, "T")])
    book(engine, step(COUNTY_A1, NOON, 60, 10, area_code="T", line_code="L"))
    refresh(engine)
    before = dump(engine, without={"refresh_lease"})
    assert before["area_months"]
    assert before["line_months"]
    with writing_all(engine) as connection:
        connection.execute(delete(outage_steps))
    with reading_all(engine) as connection:
        known = basis(connection)

    asked = requests(engine, known, areas, known.tree.units, MAY, MAY)
    with pytest.raises(Busy):
        store(engine, lost_lease(engine), areas, asked)

    assert dump(engine, without={"refresh_lease", "outage_steps"}) == {
        name: rows for name, rows in before.items() if name != "outage_steps"
    }


def test_the_lease_of_a_process_that_is_gone_is_free_at_once(engine: Engine) -> None:
    holder = lease.take(engine)
    host, _, rest = holder.partition(":")
    gone = f"{host}:999999999:{rest.rpartition(':')[2]}"
    with writing_all(engine) as connection:
        connection.execute(update(refresh_lease).values(holder=gone))

    assert lease.take(engine) != gone


def test_each_refresh_leaves_a_row_that_says_what_it_worked_with(engine: Engine) -> None:
    opened(engine)
    refresh(engine)

    with reading_all(engine) as connection:
        row = connection.execute(select(refresh_runs)).one()

    assert (row.is_full, row.as_of_day) == (True, date(2026, 6, 30))
    assert (row.first_month, row.last_month) == (date(2026, 4, 1), date(2026, 6, 1))
    assert row.rows == len(facts(engine))


def test_two_imports_into_two_cities_at_once_leave_the_province_right(postgres_engine: Engine) -> None:
    """Whoever finds the lease held goes; the holder takes those marks along."""
    engine = postgres_engine
    opened(engine)
    refresh(engine)
    start = threading.Barrier(2)
    failures: list[BaseException] = []

    def importing(unit: int, customers: int) -> None:
        try:
            start.wait()
            for number in range(6):
                book(engine, step(unit, NOON + timedelta(minutes=number), 60, customers))
                try:
                    refresh(engine)
                except Busy:
                    continue
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=importing, args=one) for one in ((COUNTY_A1, 1), (COUNTY_B1, 100))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with reading_all(engine) as connection:
        assert not stale.is_waiting(connection)
    assert (ci(engine, CITY_A), ci(engine, CITY_B), ci(engine, PROVINCE)) == (6, 600, 606)


def test_a_measure_without_a_builder_or_with_two_stops_the_start() -> None:
    found = builders.builders()

    with pytest.raises(CatalogueError, match="no builder"):
        builders.check(found[1:])
    with pytest.raises(CatalogueError, match="delivered by"):
        builders.check((*found, found[0]))


def test_new_days_of_one_unit_reach_the_other_units_of_a_new_month(engine: Engine) -> None:
    """A month begins for all: stocks and coverage of every unit, not only of the one that sent data."""
    company.build(engine)
    cover(engine, date(2026, 5, 1), date(2026, 5, 31))
    serve(engine, [MAY, date(2026, 6, 1)], {COUNTY_A1: 5, COUNTY_B1: 6})
    refresh(engine)
    cover(engine, date(2026, 6, 1), date(2026, 6, 3), CITY_A, batch=2)
    refresh(engine)

    june = {key[0]: value for key, value in facts(engine).items() if key[1:] == SERVED_IN_JUNE}

    assert june == {COUNTY_A1: 5, COUNTY_B1: 6, CITY_A: 5, CITY_B: 6, PROVINCE: 11}


SERVED_IN_JUNE = ("customers_served_lv", "", "", "month", date(2026, 6, 1))
