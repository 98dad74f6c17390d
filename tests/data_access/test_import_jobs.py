"""Imports started from the page: a process of their own; its row says how far it is and how it ended."""

import os
import signal
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from data_access import import_history, import_job_run, import_jobs, uploads
from data_access.people import viewer_for
from data_access.tables.imports import import_batches, import_warnings
from data_access.tables.imports import import_jobs as jobs
from data_access.tables.org import grants, org_units, people
from data_access.transactions import reading_all, writing_all
from domain.errors import NotAllowed, StepNotAllowed, from_values
from domain.import_kinds import kinds
from domain.mapping import as_toml, suggested
from domain.periods import utc_now
from domain.viewer import Scope, Viewer
from tests.data_access.importing import OUTAGES, UNITS, administrator, take

WAIT_S = 90


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where uploads lie during a test."""
    monkeypatch.setenv("UPLOADS", str(tmp_path / "uploads"))
    return tmp_path


def request_of(folder, kind, content, covers=None):
    """A request for an uploaded file with headers that are recognised."""
    source = folder / f"{kind}.csv"
    source.write_text(content, encoding="utf-8")
    with source.open("rb") as file:
        path = uploads.keep(file, source.name)
    header = content.splitlines()[0].split(",")
    return import_jobs.Request(str(path), as_toml(suggested(kinds()[kind], header)), covers)


def ended(engine, viewer, number):
    """The job once its process is done."""
    for _ in range(WAIT_S * 5):
        found = import_jobs.job(engine, viewer, number)
        if not found.is_open:
            return found
        time.sleep(0.2)
    raise AssertionError("the job did not end")


def count(engine, table):
    with reading_all(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_a_job_takes_a_file_over_in_a_process_of_its_own(engine, folder):
    viewer = administrator(engine)

    found = ended(
        engine, viewer, import_jobs.start(engine, viewer, "units", request_of(folder, "units", UNITS))
    )

    assert found.state == "done"
    assert found.result["rows_new"] == 6
    assert count(engine, org_units) == 6
    assert list(uploads.folder().iterdir()) == []  # the upload is gone once it is not needed


def test_a_refused_file_keeps_its_problems_and_changes_nothing(sqlite_engine, folder):
    take(sqlite_engine, folder, "units", UNITS)
    viewer = administrator(sqlite_engine)
    bad = OUTAGES.replace("100,2024-03-01 08:00", "many,2024-02-31 08:00")

    request = request_of(folder, "outages", bad, ("2024-03-01", "2024-04-30"))
    request = import_jobs.Request(
        request.path, request.mapping.replace('area_code = "area_code"\n', ""), request.covers
    )
    found = ended(sqlite_engine, viewer, import_jobs.start(sqlite_engine, viewer, "outages", request))

    assert found.state == "rejected"
    assert {one["row"] for one in found.result["problems"] if one["severity"] == "error"} == {2}
    assert found.result["has_good_rows"]
    assert count(sqlite_engine, import_batches) == 1

    again = ended(sqlite_engine, viewer, import_jobs.again_without_bad_rows(sqlite_engine, viewer, found.id))

    assert (again.state, again.result["rows_new"], again.result["rows_rejected"]) == ("done", 3, 1)
    assert "many" in import_jobs.left_out(sqlite_engine, viewer, again.id).decode("utf-8-sig")


def test_a_killed_job_is_shown_as_failed_and_leaves_nothing(sqlite_engine, folder):
    viewer = administrator(sqlite_engine)
    rows = "".join(f"X{number},name,station,P,\n" for number in range(200_000))
    number = import_jobs.start(sqlite_engine, viewer, "units", request_of(folder, "units", UNITS + rows))
    with reading_all(sqlite_engine) as connection:
        pid = connection.scalar(select(jobs.c.pid).where(jobs.c.id == number))

    os.kill(pid, signal.SIGKILL)
    found = ended(sqlite_engine, viewer, number)

    assert (found.state, found.result["code"]) == ("failed", "lost")
    assert count(sqlite_engine, org_units) == 0


def _waiting(engine, folder, monkeypatch):
    """Number of a job that a steward of the company put in the queue, and whose process has not begun."""
    take(engine, folder, "units", UNITS)
    top = administrator(engine).scope.roots[0]
    with writing_all(engine) as connection:
        connection.execute(insert(people).values(id=1, name="周甲"))
        grant = {"person_id": 1, "role": "steward", "org_unit_id": top, "valid_from": date(2026, 1, 1)}
        connection.execute(insert(grants).values(**grant))
    steward = viewer_for(engine, 1, date(2026, 6, 1))
    monkeypatch.setattr(import_jobs.processes, "start", lambda *_: os.getpid())
    more = UNITS.splitlines()[0] + f"\nZ1,新站,station,{_code(engine, top)},\n"
    return import_jobs.start(engine, steward, "units", request_of(folder, "units", more)), steward


def _code(engine, unit_id):
    with reading_all(engine) as connection:
        return connection.scalar(select(org_units.c.code).where(org_units.c.id == unit_id))


@pytest.mark.parametrize("still", ["steward", "executive", None])
def test_a_job_asks_anew_whether_who_started_it_still_may(engine, folder, monkeypatch, still):
    """It may begin late, and what the person was when it was started stands in its row for ever."""
    number, steward = _waiting(engine, folder, monkeypatch)
    units = count(engine, org_units)
    with writing_all(engine) as connection:
        if still is None:
            connection.execute(delete(grants))
        else:
            connection.execute(update(grants).values(role=still))

    state = import_job_run.run(engine, number)

    found = import_jobs.job(engine, steward, number)
    assert (state, count(engine, org_units)) == (
        ("done", units + 1) if still == "steward" else ("failed", units)
    )
    if still != "steward":
        why = from_values(found.result["why"])
        assert (found.result["code"], type(why)) == ("refused", NotAllowed)
        assert why.code == ("grants_gone" if still is None else "import")


def test_a_job_that_was_silent_for_too_long_is_failed(engine):
    """Its process may be on another machine, where nobody here can ask after it."""
    viewer = Viewer(None, "tester", frozenset({"administrator"}), Scope(()))
    long_ago = utc_now() - timedelta(seconds=import_jobs.LOST_AFTER_S + 5)
    values = {"kind": "units", "file_name": "a.csv", "by_name": "tester", "request": {"host": "elsewhere"}}
    with writing_all(engine) as connection:
        connection.execute(
            insert(jobs),
            [
                {**values, "state": "running", "started_at": long_ago, "beat_at": long_ago},
                {**values, "state": "running", "started_at": long_ago, "beat_at": utc_now()},
            ],
        )

    assert [one.state for one in import_jobs.recent(engine, viewer)] == ["running", "failed"]


def test_only_who_may_import_starts_and_stops_jobs(sqlite_engine, folder):
    looker = Viewer(1, "looker", frozenset({"executive"}), Scope((1,)))

    with pytest.raises(NotAllowed):
        import_jobs.start(sqlite_engine, looker, "units", request_of(folder, "units", UNITS))
    with pytest.raises(NotAllowed):
        import_jobs.stop(sqlite_engine, looker, 1)
    assert count(sqlite_engine, jobs) == 0


def test_a_job_that_ended_cannot_be_stopped_or_begun_again(sqlite_engine):
    viewer = Viewer(None, "tester", frozenset({"administrator"}), Scope(()))
    moment = utc_now()
    with writing_all(sqlite_engine) as connection:
        connection.execute(
            insert(jobs).values(
                kind="units",
                file_name="a.csv",
                state="done",
                by_name="tester",
                started_at=moment,
                beat_at=moment,
            )
        )

    with pytest.raises(StepNotAllowed):
        import_jobs.stop(sqlite_engine, viewer, 1)
    with pytest.raises(StepNotAllowed):
        import_jobs.again_without_bad_rows(sqlite_engine, viewer, 1)


def test_a_warning_waits_until_somebody_decides_with_a_note(engine, tmp_path):
    take(engine, tmp_path, "units", UNITS)
    odd = (
        OUTAGES.replace("tree", "gremlins", 1)
        .replace(",A1,", ",,")
        .replace(",A2,", ",,")
        .replace(",A3,", ",,")
    )
    take(engine, tmp_path, "outages", odd)
    viewer = administrator(engine)
    waiting, number = import_history.warnings(engine, viewer)
    odd_cause = (
        waiting[waiting["code"] == "unknown_cause"] if "unknown_cause" in set(waiting["code"]) else waiting
    )
    key = tuple(odd_cause.iloc[0][["batch_id", "row_no", "column", "code"]])
    key = (int(key[0]), int(key[1]), key[2], key[3])

    import_history.decide(engine, viewer, [key], "accepted", "Checked with the station.")

    assert import_history.warnings(engine, viewer)[1] == number - 1
    decided, _count = import_history.warnings(engine, viewer, is_decided=True)
    assert decided["note"].to_list() == ["Checked with the station."]
    nowhere = Viewer(3, "nobody", frozenset({"steward"}), Scope((10**6,)))
    assert import_history.warnings(engine, nowhere)[1] == 0
    with reading_all(engine) as connection:
        assert connection.scalar(select(func.count()).where(import_warnings.c.decision.is_not(None))) == 1


def test_an_upload_never_leaves_its_folder(folder):
    """A file's name is a stranger's text."""
    assert uploads.safe_name("../../etc/passwd") == "passwd"
    assert uploads.safe_name("..\\..\\a.csv") == "a.csv"
    assert uploads.safe_name("\0..") == "upload"
    assert len(uploads.safe_name("长" * 300 + ".csv.gz")) <= 120
    outside = folder / "keep" / "me.csv"
    outside.parent.mkdir()
    outside.write_text("x", encoding="utf-8")

    uploads.forget(outside)

    assert outside.exists()


def test_old_uploads_are_removed(folder):
    with (folder / "a.csv").open("wb+") as file:
        path = uploads.keep(file, "a.csv")
    long_ago = time.time() - 8 * 86400
    os.utime(path.parent, (long_ago, long_ago))

    uploads.forget_old(7)

    assert not path.exists()
