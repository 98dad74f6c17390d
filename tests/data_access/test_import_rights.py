"""Imports are looked at by who started them, and by those who may import in all of their units."""

import pytest
from sqlalchemy import insert, select

from data_access import import_history, import_jobs
from data_access.imports import undo
from data_access.tables.imports import import_jobs as jobs
from data_access.tables.org import org_units
from data_access.transactions import reading_all, writing_all
from domain.errors import NotAllowed, NotFound
from domain.periods import utc_now
from domain.viewer import Scope, Viewer
from tests.data_access.importing import OUTAGES, UNITS, administrator, company, take

TARGETS = "kpi,unit,period_kind,period,kind,value\nsaidi,C1,year,2024,full,60\n"


@pytest.fixture
def ids(engine, tmp_path):
    take(engine, tmp_path, "units", UNITS)
    with reading_all(engine) as connection:
        return dict(tuple(row) for row in connection.execute(select(org_units.c.code, org_units.c.id)))


def person(number, role, *roots, name="somebody"):
    return Viewer(number, name, frozenset({role}), Scope(tuple(roots)))


def add_job(engine, roots, person_id=9, kind="outages", **values):
    """A job that person 9 started for these units, first to last."""
    moment = utc_now()
    by = {"person_id": person_id, "name": "starter", "roles": ["steward"], "roots": list(roots)}
    row = {"kind": kind, "file_name": "a.csv", "by_name": "starter", "state": "rejected", **values}
    row |= {"started_at": moment, "beat_at": moment, "request": {"viewer": by}, "org_unit_id": roots[0]}
    with writing_all(engine) as connection:
        return connection.execute(insert(jobs).values(row).returning(jobs.c.id)).scalar_one()


def test_a_job_is_not_seen_by_a_colleague_of_only_one_of_its_units(engine, ids):
    """Its problems quote rows of both cities."""
    number = add_job(engine, (ids["C1"], ids["C2"]))
    colleague = person(2, "steward", ids["C1"])

    assert import_jobs.recent(engine, colleague) == []
    with pytest.raises(NotFound):
        import_jobs.job(engine, colleague, number)
    with pytest.raises(NotFound):
        import_jobs.left_out(engine, colleague, number)


def test_a_job_is_seen_by_who_started_it_and_by_who_may_import_in_all_its_units(engine, ids):
    number = add_job(engine, (ids["C1"], ids["C2"]))
    starter = person(9, "steward", ids["C1"], name="starter")  # no longer for the second city

    for viewer in (starter, person(2, "steward", ids["C1"], ids["C2"]), administrator(engine)):
        assert [one.id for one in import_jobs.recent(engine, viewer)] == [number]


def test_somebody_of_the_same_name_did_not_start_it(engine, ids):
    add_job(engine, (ids["C1"], ids["C2"]))

    assert import_jobs.recent(engine, person(10, "steward", ids["C1"], name="starter")) == []


def test_who_looks_at_more_than_they_import_for_sees_the_jobs_of_the_latter(engine, ids):
    add_job(engine, (ids["C2"],))
    number = add_job(engine, (ids["S1"],))
    both = frozenset({("executive", ids["P"]), ("steward", ids["C1"])})
    viewer = Viewer(3, "x", frozenset({"executive", "steward"}), Scope((ids["P"],)), both)

    assert [one.id for one in import_jobs.recent(engine, viewer)] == [number]


def test_a_job_without_units_is_seen_by_who_started_it_and_for_the_whole_company(engine, ids):
    """The first import of an empty database was started before there was any unit."""
    moment = utc_now()
    row = {"kind": "units", "file_name": "a.csv", "by_name": "x", "state": "done"}
    with writing_all(engine) as connection:
        connection.execute(insert(jobs).values(**row, started_at=moment, beat_at=moment))

    assert len(import_jobs.recent(engine, administrator(engine))) == 1
    assert import_jobs.recent(engine, person(2, "steward", ids["C1"])) == []


@pytest.mark.parametrize("role", ["executive", "lead", "area_manager"])
def test_history_is_for_who_may_import(engine, ids, role):
    add_job(engine, (ids["P"],))
    looker = person(1, role, ids["P"])

    for read in (
        lambda: import_history.batches(engine, looker),
        lambda: import_history.warnings(engine, looker),
        lambda: import_history.decide(engine, looker, [], "accepted", "why"),
        lambda: import_jobs.recent(engine, looker),
        lambda: import_jobs.left_out(engine, looker, 1),
    ):
        with pytest.raises(NotAllowed):
            read()


def test_targets_are_brought_in_and_taken_back_by_the_manager_not_by_the_steward(engine, tmp_path):
    company(engine, tmp_path)
    with reading_all(engine) as connection:
        top = connection.scalar(select(org_units.c.id).where(org_units.c.code == "P"))
    manager, steward = person(1, "manager", top), person(2, "steward", top)

    with pytest.raises(NotAllowed):
        take(engine, tmp_path, "targets", TARGETS, viewer=steward)
    with pytest.raises(NotAllowed):
        take(engine, tmp_path, "outages", OUTAGES, viewer=manager)
    batch = take(engine, tmp_path, "targets", TARGETS, viewer=manager).batch_id

    assert import_history.batches(engine, manager)[0]["id"].to_list() == [batch]
    assert batch not in import_history.batches(engine, steward)[0]["id"].to_list()
    with pytest.raises(NotAllowed):
        undo.undo(engine, steward, batch, "not mine")
    assert undo.undo(engine, manager, batch, "a mistake").removed == 1
