"""The second lock on PostgreSQL: where a query forgets the scope, the database does not."""

from dataclasses import replace
from itertools import product

import pandas as pd
import pytest
from sqlalchemy import create_engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError, ProgrammingError

from data_access import frequent_outages, ongoing_outages, records, row_security, targets, worst
from data_access.kpi_refresh import refresh
from data_access.tables import metadata
from data_access.tables.condition import OF_CONDITION
from data_access.tables.kpi import kpi_facts
from data_access.tables.org import org_closure, org_units
from data_access.tables.outages import outage_steps
from data_access.tables.rules import targets as targets_table
from data_access.transactions import reading, reading_all, writing
from domain.errors import InvalidInput, SignInNeeded
from domain.kpis import catalogue
from domain.periods import period, utc_now
from domain.viewer import Scope
from tests.data_access import other_city
from tests.data_access.importing import take
from tests.data_access.test_refresh_property import FIRST_ACTS, do, emptied
from tests.postgres import APP, OWNER, as_role, owner_of

GUARDED = [table for table in metadata.sorted_tables if row_security.is_guarded(table)]
FULL = {
    "area_months",
    *(table.name for table in OF_CONDITION),
    "kpi_facts",
    "line_months",
    "notices",
    "outage_steps",
    "outages",
    "frequent_outage_list",
}


@pytest.fixture(scope="module")
def cities(request, tmp_path_factory):
    """The company of which only the second city has anything, on a PostgreSQL database of this module."""
    engine = request.getfixturevalue("shared_postgres_engine")
    folder = tmp_path_factory.mktemp("cities")
    other_city.build(engine, folder)
    served = "unit,level,month,customers\nS1,LV,2024-12,7\n"
    take(engine, folder, "customers_served", served, covers="2024-12-01..2024-12-31")
    take(engine, folder, "targets", "kpi,unit,period_kind,period,kind,value\nsaidi,P,year,2024,base,9\n")
    refresh(engine)
    return engine


@pytest.fixture
def without_default(cities):
    """Engine with one pooled connection of the app role, to which nobody has said whose units it is for."""
    bare = {"options": "-c app.viewer_units="}
    engine = create_engine(cities.url, connect_args=bare, pool_size=1, max_overflow=0)
    yield engine
    engine.dispose()


def _scope(engine, code):
    return other_city.viewer_of(engine, code, 0).scope


def _units_of(connection, roots):
    below = select(org_closure.c.descendant_id).where(org_closure.c.ancestor_id.in_(roots))
    return set(connection.execute(below).scalars())


def test_every_table_of_facts_is_guarded_for_its_owner_too(cities):
    with reading_all(cities) as connection:
        found = {
            row.relname: (row.relrowsecurity, row.relforcerowsecurity)
            for row in connection.execute(
                text("SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r'")
            )
        }
    facts = {table.name for table in metadata.sorted_tables if table.info["citus"] == "distributed"}

    assert facts == {table.name for table in GUARDED} | row_security.OPEN.keys()
    assert {name for name in facts if found[name] == (True, True)} == facts - row_security.OPEN.keys()


def test_the_tests_work_as_the_role_of_the_application(cities):
    with reading_all(cities) as connection:
        assert connection.scalar(text("SELECT current_user")) == APP
        held = connection.execute(
            text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).one()
        owner = connection.scalar(text("SELECT tableowner FROM pg_tables WHERE tablename = 'kpi_facts'"))
    assert tuple(held) == (False, False)
    assert owner == OWNER


@pytest.mark.parametrize("table", GUARDED, ids=str)
def test_a_query_that_forgets_the_scope_gives_nothing_of_another_city(cities, table):
    stranger, mine = _scope(cities, "C1"), _scope(cities, "C2")
    with reading_all(cities) as connection:
        units = _units_of(connection, stranger.roots)
        above = {connection.scalar(select(org_units.c.id).where(org_units.c.code == "P"))}
    allowed = units | above if table.name in row_security.FROM_ABOVE else units

    with reading(cities, stranger) as connection:
        seen = connection.execute(select(table)).all()
    with reading(cities, mine) as connection:
        theirs = connection.scalar(select(func.count()).select_from(table))

    assert {row.org_unit_id for row in seen if "org_unit_id" in table.c} <= allowed
    assert "org_unit_id" in table.c or seen == []
    assert theirs or table.name not in FULL


def test_one_s_own_rows_are_seen(cities):
    with reading(cities, _scope(cities, "S1")) as connection:
        assert set(connection.execute(select(kpi_facts.c.org_unit_id)).scalars()) == {
            *_scope(cities, "S1").roots
        }


def test_of_what_is_set_above_one_reads_but_changes_nothing(cities):
    scope = _scope(cities, "S1")
    with writing(cities, scope) as connection:
        assert connection.scalars(select(targets_table.c.value)).all() == [9]
        assert connection.execute(update(targets_table).values(value=1)).rowcount == 0
        assert connection.execute(delete(targets_table)).rowcount == 0


def test_where_nobody_says_whose_units_it_is_for_there_are_no_rows(without_default):
    with reading(without_default) as connection:
        for table in GUARDED:
            assert connection.execute(select(table)).first() is None, table.name


def test_a_pooled_connection_forgets_whose_units_the_last_transaction_was_for(without_default):
    count = select(func.count()).select_from(outage_steps)
    with reading(without_default, _scope(without_default, "C2")) as connection:
        assert connection.scalar(count) > 0
    with without_default.connect() as connection:
        assert connection.scalar(count) == 0
    with reading_all(without_default) as connection:
        assert connection.scalar(count) > 0
    with reading(without_default) as connection:
        assert connection.scalar(count) == 0


def test_a_row_for_another_city_cannot_be_written(cities):
    (unit,) = _scope(cities, "C2").roots
    row = {"kpi": "saidi", "org_unit_id": unit, "period_kind": "year", "period": "2025", "kind": "base"}
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        writing(cities, _scope(cities, "C1")) as one,
    ):
        one.execute(insert(targets_table).values(**row, bureau_id="C2", value=1))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = 'x'",
        "ALTER TABLE kpi_facts DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own ON kpi_facts",
        "UPDATE audit_log SET reason = 'x'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "TRUNCATE outage_steps",
        "DROP TRIGGER audit_log_no_change ON audit_log",
    ],
)
def test_the_application_cannot_take_the_locks_off(cities, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), cities.begin() as connection:
        connection.execute(text(statement))


def test_who_took_the_role_on_in_a_session_is_held_like_who_signed_in_with_it(cities):
    superuser = create_engine(as_role(cities.url.render_as_string(hide_password=False), "postgres"))
    with superuser.connect() as connection:
        connection.execute(text(f"SET ROLE {APP}"))
        for table in GUARDED:
            assert connection.execute(select(table)).first() is None, table.name
    superuser.dispose()


@pytest.mark.parametrize("role", ["postgres", OWNER, "nobody_of_that_name"])
def test_only_a_role_that_the_policies_hold_becomes_the_application_s(cities, role):
    with pytest.raises(InvalidInput) as caught, reading_all(owner_of(cities)) as connection:
        row_security.give(connection, role)

    assert caught.value.code == "app_role"


def test_rights_that_were_asked_too_long_ago_open_nothing(engine):
    old = Scope((1,), until=utc_now().replace(year=2020))
    with pytest.raises(SignInNeeded), reading(engine, old):
        pass
    with pytest.raises(SignInNeeded), writing(engine, old):
        pass
    with pytest.raises(SignInNeeded):
        targets.path_of(engine, replace(old, roots=(2,)), 2)


def _answers(engine, scope, unit):
    """What the reads of records, lists and worst give somebody of that unit, as comparable text."""
    asked = period("quarter", pd.Timestamp(2026, 1, 1).date())
    found = {}
    for kpi in catalogue().kpis.values():
        if kpi.records:
            found[kpi.id, "sums"] = records.sums(engine, scope, kpi.id, unit, asked)
            found[kpi.id, "rows"] = records.page(engine, scope, kpi.id, unit, asked, size=500)[0].to_csv()
    found["worst areas"] = worst.worst_areas(engine, scope, unit, asked).to_csv()
    found["worst lines"] = worst.worst_lines(engine, scope, unit, asked).to_csv()
    found["ongoing"] = str(ongoing_outages.listed(engine, scope, unit))
    found["frequent"] = str(frequent_outages.listed(engine, scope, unit, asked.last))
    return found


def test_where_outages_span_units_the_lock_hides_nothing_that_sqlite_shows(sqlite_engine, postgres_engine):
    """Lines, areas, outages and messages of one unit refer to those of others, see test_refresh_property."""
    for engine, act in product((sqlite_engine, postgres_engine), [None, *FIRST_ACTS]):
        if act is None:
            viewer = emptied(engine)
        else:
            do(engine, viewer, act)
    for engine in (sqlite_engine, postgres_engine):
        refresh(engine)

    for unit in range(1, 7):
        scope = Scope((unit,))
        plain, guarded = (_answers(one, scope, unit) for one in (sqlite_engine, postgres_engine))
        assert {name: (plain[name], guarded[name]) for name in plain if plain[name] != guarded[name]} == {}
