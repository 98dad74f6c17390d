"""What a start does to a database: makes, migrates after a copy, refuses; and never fills what holds data."""

from datetime import date, datetime
from unittest.mock import ANY

import pandas as pd
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, Table, insert, inspect, select, text, update

from data_access import audit, audit_chain, audit_key, database, stale
from data_access.audit_chain import Chain
from data_access.demo import company
from data_access.engine import engine_for
from data_access.tables import metadata
from data_access.tables.audit import audit_log
from data_access.tables.kpi import area_months, refresh_runs
from data_access.tables.org import org_units, people
from data_access.transactions import changing_tables, reading_all, writing_all
from domain.errors import WrongDatabase
from domain.viewer import Scope, Viewer
from tests.postgres import owner_of

OUTAGES_OF_DEMO = {size: pd.DataFrame({"outage_key": [str(n) for n in range(size)]}) for size in (1, 2)}
ROW = {"id": 1, "code": "A", "name": "甲局", "level": "city", "bureau_id": "A"}


def _to_revision(engine, revision):
    with writing_all(owner_of(engine)) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


@pytest.fixture
def older(monkeypatch):
    """The code expects a revision after the one that the database has; migrating only notes it."""
    monkeypatch.setattr(database, "newest_revision", lambda: "next")
    monkeypatch.setattr(database, "migrate", lambda engine: _to_revision(engine, "next"))


def test_the_migrations_make_exactly_the_tables_of_the_code(empty_url):
    """Otherwise an installation that grew step by step would differ from a fresh one.

    After a change of tables run: python -m data_access.migrations.revise "what changed"
    """
    engine = engine_for(empty_url)
    database.migrate(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


OLD_AREA_MONTH = {
    "bureau_id": "A", "area_code": "T", "month": date(2026, 1, 1), "org_unit_id": 1,
    **dict.fromkeys(("interruptions", "seconds", "longest_s", "customers", "customer_s"), 1),
    **dict.fromkeys(("planned_in_window", "planned_short", "planned_open", "out_med", "out_short"), 0),
    **dict.fromkeys(("out_single_user", "out_external", "out_within_6h"), 0),
}  # fmt: skip


@pytest.mark.parametrize("revision", ["0002", "0003"])
@pytest.mark.parametrize("times", [0, 1, 2])
def test_figures_of_an_older_revision_are_worked_out_anew(empty_url, revision, times):
    """Also where that was asked for already, and is being done. A database without figures needs nothing."""
    engine = engine_for(empty_url)
    with changing_tables(engine) as connection:
        database.upgrade(connection, revision)
        for _ in range(times):
            stale.mark_everything(connection)
        if times:
            connection.execute(insert(refresh_runs).values(started_at=datetime(2026, 1, 1), is_full=True))
            connection.execute(insert(area_months).values(**OLD_AREA_MONTH))

    database.migrate(engine)

    with reading_all(engine) as connection:
        asked = {(0, stale.EVERYTHING, stale.EVERY_MONTH)} if times else set()
        assert set(stale.waiting(connection)) == asked
        assert all(now > times for now in stale.waiting(connection).values())
        assert connection.execute(select(area_months)).all() == []


OLD_ACT = {"at": datetime(2026, 3, 1, 8), "by_name": "Lin Wen", "action": "rules.publish", "reason": "新"}


def test_acts_of_an_older_revision_become_a_chain_that_verifies(empty_url, monkeypatch):
    """Signed as at that revision: the code that adds rows today has no part in it."""
    engine, before = engine_for(empty_url), {"days": 7, "name": "上传"}
    with changing_tables(engine) as connection:
        database.upgrade(connection, "0005")
        old = Table("audit_log", MetaData(), autoload_with=connection)
        for number in (2, 1, 3):
            named = OLD_ACT | {"id": number, "subject": f"act {number}", "before": before}
            connection.execute(insert(old).values(named | {"after": None, "person_id": number}))
    with monkeypatch.context() as patch:
        for name in ("add", "spelt", "row_of"):
            patch.setattr(audit, name, None)
        database.migrate(engine)

    with reading_all(engine) as connection:
        rows = connection.execute(select(audit_log).order_by(audit_log.c.no)).all()
    assert [(row.no, row.subject, row.before, row.at) for row in rows] == [
        (number, f"act {number}", before, OLD_ACT["at"]) for number in (1, 2, 3)
    ]
    audit.note(engine, Viewer(None, "x", frozenset(), Scope(())), "sign_in", "x")
    assert audit_chain.verify(engine) == [Chain(audit.COMPANY, 4, ANY)]


def test_acts_of_an_older_revision_are_not_signed_with_another_key(empty_url, monkeypatch):
    engine = engine_for(empty_url)
    with changing_tables(engine) as connection:
        database.upgrade(connection, "0005")
        old = Table("audit_log", MetaData(), autoload_with=connection)
        connection.execute(insert(old).values(OLD_ACT | {"id": 1, "subject": "x"}))
        audit_key.checked(connection)
    monkeypatch.setenv("AUDIT_KEY", "another one")

    with pytest.raises(WrongDatabase, match="audit_key"):
        database.migrate(engine)

    with reading_all(engine) as connection:
        assert database.MigrationContext.configure(connection).get_current_revision() == "0005"


VIEWS = {  # page, and query as it was and is then
    ("people", "of=C1&q=z%40example.com&role=lead"): "of=C1&role=lead",
    ("people", "q=z"): "",
    ("audit_log", "shown=all&text=a%26who%3Db&what=files&who=Lin+Wen"): "shown=all&what=files",
    ("audit_log", "since=2026-01-01"): "since=2026-01-01",
    ("definitions", "q=saidi"): "q=saidi",
}


def test_what_was_typed_to_find_people_leaves_the_views_of_an_older_revision(empty_url):
    """And does not come back with a step back."""
    engine = engine_for(empty_url)
    with changing_tables(engine) as connection:
        database.upgrade(connection, "0006")
        views = Table("saved_views", MetaData(), autoload_with=connection)
        for number, (page, query) in enumerate(VIEWS):
            row = {"id": number, "name": "x", "page": page, "query": query, "by_name": "x"}
            connection.execute(insert(views).values(row | {"at": datetime(2026, 3, 1)}))
    asked = select(views.c.query).order_by(views.c.id)

    database.migrate(engine)
    with reading_all(engine) as connection:
        assert connection.execute(asked).scalars().all() == list(VIEWS.values())
    with changing_tables(engine) as connection:
        command.downgrade(database.alembic_config(connection), "0006")
    with reading_all(engine) as connection:
        assert connection.execute(asked).scalars().all() == list(VIEWS.values())
        names = {one["name"] for one in inspect(connection).get_indexes("audit_log")}
    assert "ix_audit_log_action_at" not in names
    database.migrate(engine)


def test_a_start_with_an_address_makes_an_empty_database_for_real_data(empty_url):
    engine = engine_for(empty_url)

    database.prepare_for_start(engine, with_demo=False)

    assert database.state(engine).kind == "real"
    with reading_all(engine) as connection:
        assert not database.holds_data(connection)


def test_the_first_start_without_an_address_makes_the_demo(tmp_path, monkeypatch):
    """In a file beside, moved into place whole: a start that was killed leaves no half demo."""
    path = tmp_path / "dashboard.db"
    seen = []

    def fill(engine):
        seen.append((engine.url.database, database.state(target).kind))
        with writing_all(engine) as connection:
            database.settle(connection, "demo")
            connection.execute(insert(org_units).values(**ROW))
        return "done"

    monkeypatch.setattr(company, "fill", fill)
    target = engine_for(f"sqlite:///{path}")

    assert database.prepare_for_start(target, with_demo=True) == "done"
    assert seen == [(str(tmp_path / "dashboard.filling.db"), "nothing")]
    assert database.state(target).kind == "demo"
    assert [one.name for one in tmp_path.glob("*filling*")] == []


@pytest.fixture
def cut_off(engine, monkeypatch):
    """The database of a start that was killed while it loaded the demo; what a later one loads is noted."""
    loaded = []

    def load(_engine, made, _first, last):
        loaded.append((len(made["units"]), last))
        if len(loaded) == 1:
            raise KeyboardInterrupt

    units = pd.DataFrame({"code": ["A"]})
    monkeypatch.setattr(
        company, "made", lambda _last, scale: ({"units": units, "outages": OUTAGES_OF_DEMO[scale]}, [])
    )
    monkeypatch.setattr(company.loading, "load", load)
    monkeypatch.setattr(company, "_add_people", lambda *_: None)
    monkeypatch.setattr(company, "_add_rectifications", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        company.fill(engine, 2, date(2026, 3, 1))
    return loaded


@pytest.mark.parametrize("with_demo", [True, False])
def test_a_demo_whose_making_was_cut_off_is_not_served_but_completed(engine, cut_off, with_demo):
    """With the month and size that it was begun with, though this start would choose others."""
    assert database.state(engine).kind == "filling"

    said = database.prepare_for_start(engine, with_demo)

    assert said == "Made the demo company to 2026-03: 1 units, 2 outages."
    assert cut_off == [(1, date(2026, 3, 1))] * 2
    assert database.state(engine).kind == "demo"
    assert database.prepare_for_start(engine, with_demo) == ""


def test_a_demo_that_is_whole_is_not_made_again(engine):
    with writing_all(engine) as connection:
        database.begin_demo(connection, date(2026, 3, 1), 1)
        connection.execute(insert(org_units).values(**ROW))
        database.end_demo(connection)

    with pytest.raises(WrongDatabase, match="holds_demo"):
        company.fill(engine)


def test_a_start_never_fills_a_database_that_holds_data(engine, monkeypatch):
    """Even if nobody said yet what it is for."""
    monkeypatch.setattr(company, "fill", lambda _engine: pytest.fail("filled"))
    with writing_all(engine) as connection:
        connection.execute(insert(org_units).values(**ROW))

    database.prepare_for_start(engine, with_demo=True)

    assert database.state(engine).kind == "real"


@pytest.mark.parametrize(("first", "second"), [("demo", "real"), ("real", "demo")])
def test_demo_and_real_data_never_share_a_database(engine, first, second):
    with writing_all(engine) as connection:
        database.settle(connection, first)

    with pytest.raises(WrongDatabase), writing_all(engine) as connection:
        database.settle(connection, second)


def test_the_demo_does_not_come_on_top_of_data(engine):
    with writing_all(engine) as connection:
        connection.execute(insert(org_units).values(**ROW))

    with pytest.raises(WrongDatabase), writing_all(engine) as connection:
        database.settle(connection, "demo")


@pytest.mark.usefixtures("older")
def test_sqlite_is_migrated_after_a_copy_of_it_as_it_was(sqlite_engine, tmp_path):
    with writing_all(sqlite_engine) as connection:
        database.settle(connection, "real")
        connection.execute(insert(people).values(name="赵甲"))

    said = database.prepare_for_start(sqlite_engine, with_demo=True)

    copy = next(tmp_path.glob("*.backup.db"))
    assert str(copy) in said
    with writing_all(sqlite_engine) as connection:
        connection.execute(update(people).values(name="改"))
    with reading_all(engine_for(f"sqlite:///{copy}")) as connection:
        assert connection.scalar(select(people.c.name)) == "赵甲"
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) != "next"


@pytest.mark.usefixtures("older")
def test_postgresql_is_migrated_only_when_told(postgres_engine, monkeypatch):
    """Nobody makes a copy of it here, so somebody has to say that one was made."""
    with writing_all(postgres_engine) as connection:
        database.settle(connection, "real")

    with pytest.raises(WrongDatabase, match="old_tables"):
        database.prepare_for_start(postgres_engine, with_demo=False)
    monkeypatch.setenv("MIGRATE", "yes")
    database.prepare_for_start(postgres_engine, with_demo=False)

    assert database.state(postgres_engine).revision == "next"


def test_a_database_of_a_later_version_is_left_alone(engine):
    _to_revision(engine, "9999")

    with pytest.raises(WrongDatabase, match="newer_database"):
        database.prepare_for_start(engine, with_demo=False)


def test_tables_of_other_software_are_left_alone(empty_url):
    engine = engine_for(empty_url)
    with writing_all(engine) as connection:
        connection.execute(text("CREATE TABLE accounts (id INTEGER)"))

    with pytest.raises(WrongDatabase):
        database.prepare_for_start(engine, with_demo=False)


def test_a_start_on_a_current_database_changes_nothing(engine):
    with writing_all(engine) as connection:
        database.settle(connection, "real")

    assert database.prepare_for_start(engine, with_demo=True) == ""
