"""What was kept long enough goes, what is younger or never purged stays, and the audit log stays whole."""

import os
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from data_access import (
    audit,
    audit_chain,
    audit_reading,
    evidence_store,
    import_history,
    people_admin,
    people_history,
    processes,
    retention,
    rules,
    uploads,
    who_acted,
)
from data_access.__main__ import main
from data_access.tables.audit import audit_log
from data_access.tables.imports import import_batches, import_jobs, import_warnings
from data_access.tables.org import grants, org_units, people, saved_views
from data_access.tables.rules import rule_versions
from data_access.transactions import writing_all
from domain import rule_sets
from domain.errors import InvalidInput, NotAllowed
from domain.periods import utc_now
from domain.viewer import Scope, Viewer
from tests.data_access.importing import administrator, company, dump, rows, take

OLD, YOUNG = utc_now() - timedelta(days=1_000), utc_now()
AT = {"old": OLD, "young": YOUNG}
LEFT = "Lin Wen"
KEY = ("batch_id", "row_no", "column", "code")
ODD = """step_key,outage_key,unit,kind,cause,customers,interrupted_at,restored_at
s1,o1,S1,故障,tree,100,2024-03-01 08:00,2024-05-01 09:00
s2,o2,S1,故障,tree,100,2024-06-01 08:00,2024-08-01 09:00
s3,o3,S1,故障,tree,100,2024-09-01 08:00,2024-11-01 09:00
"""


@pytest.fixture
def kept(engine, tmp_path, monkeypatch):
    """Of every kind something old and something that must stay."""
    monkeypatch.setenv("UPLOADS", str(tmp_path / "uploads"))
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(processes, "start", lambda *_given: 0)
    company(engine, tmp_path)
    take(engine, tmp_path, "outages", ODD, covers="2024-01-01..2024-12-31")
    for name in ("old", "young"):
        (tmp_path / "uploads" / name).mkdir(parents=True)
        (tmp_path / "uploads" / name / "file.csv").write_text("x")
    long_ago = time.time() - 100 * 86400
    os.utime(tmp_path / "uploads" / "old", (long_ago, long_ago))
    monkeypatch.setenv("EVIDENCE_FILES", str(tmp_path / "evidence"))
    for content in (b"old", b"young"):
        evidence_store.keep(tmp_path / "evidence", content)
    path = evidence_store.path_of(tmp_path / "evidence", evidence_store.hash_of(b"old"))
    os.utime(path, (long_ago, long_ago))
    job = {"kind": "outages", "file_name": "x.csv", "request": {}, "by_name": LEFT, "started_at": OLD}
    decided = {"decision": "accepted", "decided_by": LEFT, "note": "ok"}
    with writing_all(engine) as connection:
        for number, state, ended in ((1, "done", OLD), (2, "rejected", YOUNG), (3, "running", None)):
            ends = {"beat_at": YOUNG, "finished_at": ended, "result": {"problems": ["13800000000"]}}
            connection.execute(insert(import_jobs).values(**job | ends, id=number, state=state))
        for number, at in ((2, OLD), (3, YOUNG)):  # the third still waits
            this = import_warnings.c.row_no == number
            connection.execute(update(import_warnings).where(this).values(**decided, decided_at=at))
        unit = connection.scalar(select(org_units.c.id).where(org_units.c.code == "C1"))
        given = {"role": "manager", "org_unit_id": unit, "valid_from": date(2020, 1, 1)}
        for person, name, ends in (
            (1, LEFT, OLD.date()),
            (2, "Ma Yue", None),
            (3, "Ma Yun", YOUNG.date()),
            (4, "He Jia", "never had any"),
        ):
            row = {"id": person, "name": name, "name_en": name, "email": f"{person}@x.cn"}
            connection.execute(insert(people).values(**row))
            if ends != "never had any":
                connection.execute(insert(grants).values(**given, person_id=person, valid_to=ends))
        view = {"name": "mine", "page": "detail", "query": "", "at": OLD}
        for number, owner, shared in ((1, 1, None), (2, 1, unit), (3, 2, None)):
            row = {"id": number, "owner_id": owner, "org_unit_id": shared, "by_name": LEFT}
            connection.execute(insert(saved_views).values(**view | row))
        connection.execute(update(import_batches).values(by_name=LEFT))
        by = Viewer(1, LEFT, frozenset({"manager"}), Scope((unit,)))
        audit.record(connection, by, "reset_baseline", "saidi", None, None, "why", unit)
    return engine


def purged(engine, **more):
    return {one.kind: one.n for one in retention.purge(engine, administrator(engine), **more)}


ONE_OF_EACH = {
    "uploads": 1,
    "evidence_orphans": 1,
    "import_jobs": 1,
    "warning_values": 1,
    "former_people": 1,
    "former_views": 1,
}


def test_only_what_is_old_goes(kept):
    assert purged(kept) == ONE_OF_EACH

    assert [one.name for one in uploads.folder().iterdir()] == ["young"]
    assert rows(kept, import_jobs, "id") == [(2,), (3,)]
    found = dict(rows(kept, import_warnings, "row_no", "value"))
    assert found[2] == retention.PURGED
    assert retention.PURGED not in (found[3], found[4])
    assert rows(kept, people, "id", "name", "name_en", "email", "is_active") == [
        (1, "离职人员 #1", "Former employee #1", None, False),
        (2, "Ma Yue", "Ma Yue", "2@x.cn", True),
        (3, "Ma Yun", "Ma Yun", "3@x.cn", True),
        (4, "He Jia", "He Jia", "4@x.cn", True),
    ]
    assert rows(kept, saved_views, "id", "by_name") == [(2, "离职人员 #1"), (3, "离职人员 #1")]
    assert {name for (name,) in rows(kept, import_batches, "by_name")} == {"离职人员 #1"}


def test_each_kind_leaves_one_audit_row_of_numbers_and_the_log_stays_whole(kept):
    before = rows(kept, audit_log, "bureau_id", "no", "hash")
    purged(kept)

    found = [row[1:] for row in rows(kept, audit_log, "action", "subject", "after") if row[0] == "purge"]
    assert {subject: after["n"] for subject, after in found} == ONE_OF_EACH
    assert LEFT not in str(found)
    assert set(before) < set(rows(kept, audit_log, "bureau_id", "no", "hash"))
    assert [one.broken for one in audit_chain.verify(kept) if one.broken] == []


def test_an_active_person_without_any_right_has_not_left(kept):
    """He Jia may be given work without one; an earlier deactivation that was taken back says nothing."""
    _switch(kept, 4, OLD, OLD + timedelta(days=1))

    assert purged(kept) == ONE_OF_EACH


@pytest.mark.parametrize(
    ("switched", "ends", "is_gone"),
    [
        ("old", "open", True),
        ("old", "", True),
        ("old", "open old", True),
        ("young", "open", False),
        ("young", "", False),
        ("young", "old", False),
        ("old", "young", False),
        ("old", "open young", False),
        ("old old", "open", False),  # let in again
        ("old old young", "open", False),
        ("", "old open", False),
    ],
)
def test_who_left_did_so_when_deactivated_or_with_the_last_end_of_a_right(kept, switched, ends, is_gone):
    """Whichever is later; a right that was left open holds for nobody who was deactivated."""
    with writing_all(kept) as connection:
        connection.execute(insert(people).values(id=5, name="Wu An", name_en="", email="5@x.cn"))
        unit = connection.scalar(select(org_units.c.id).where(org_units.c.code == "C1"))
        given = {"person_id": 5, "org_unit_id": unit, "valid_from": date(2020, 1, 1)}
        for role, end in zip(("manager", "lead"), ends.split(), strict=False):
            until = None if end == "open" else AT[end].date()
            connection.execute(insert(grants).values(**given, role=role, valid_to=until))
        view = {"id": 9, "name": "mine", "page": "detail", "query": "", "at": OLD, "owner_id": 5}
        connection.execute(insert(saved_views).values(**view, by_name="Wu An"))
    _switch(kept, 5, *(AT[one] for one in switched.split()))

    more = int(is_gone)
    assert purged(kept) == ONE_OF_EACH | {"former_people": 1 + more, "former_views": 1 + more}
    (stored,) = [row for row in rows(kept, people, "id", "name", "email") if row[0] == 5]
    assert stored == ((5, "离职人员 #5", None) if is_gone else (5, "Wu An", "5@x.cn"))


def _switch(engine, person_id, *moments):
    """The person is deactivated, let in again, deactivated ... at these moments."""
    for number, at in enumerate(moments):
        with writing_all(engine) as connection:
            row = connection.execute(select(people).where(people.c.id == person_id)).one()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(audit, "utc_now", lambda at=at: at)
            people_admin.change(
                engine, administrator(engine), person_id, row.version, row.name, row.name_en, row.email,
                is_active=bool(number % 2),
            )  # fmt: skip


def test_a_second_purge_finds_nothing_and_writes_nothing(kept):
    purged(kept)
    before = dump(kept)

    assert purged(kept) == dict.fromkeys(ONE_OF_EACH, 0)
    assert dump(kept) == before


def test_trying_says_the_same_and_changes_nothing(kept):
    before = dump(kept)

    assert purged(kept, is_only_tried=True) == ONE_OF_EACH
    assert dump(kept) == before
    assert len(list(uploads.folder().iterdir())) == 2


def test_the_page_of_the_audit_log_no_longer_names_who_left(kept):
    purged(kept)

    shown, _count = audit_reading.page(kept, administrator(kept), audit_reading.Filters())
    assert "离职人员 #1" in set(shown["by_name"])
    assert LEFT not in set(shown["by_name"])
    hers = audit_reading.Filters(who=LEFT)
    assert audit_reading.page(kept, administrator(kept), hers)[1] == 0


def test_a_namesake_keeps_the_name_in_the_lists_of_who_acted(kept):
    with writing_all(kept) as connection:
        connection.execute(insert(people).values(id=9, name=LEFT))
    purged(kept)

    assert {name for (name,) in rows(kept, import_batches, "by_name")} == {LEFT}


def test_of_a_shared_name_what_the_log_says_is_theirs_is_renamed_and_no_more(kept, tmp_path):
    """Both are called Lin Wen; one left. Each took over a file, published rules and decided on rows."""
    with writing_all(kept) as connection:
        connection.execute(insert(people).values(id=9, name=LEFT))
        connection.execute(update(import_warnings).values(decision=None, decided_by=None, decided_at=None))
        asked = {"viewer": {"person_id": 1}}
        connection.execute(update(import_jobs).where(import_jobs.c.id == 2).values(request=asked))
    everything = administrator(kept).scope
    first, second = (Viewer(number, LEFT, frozenset({"administrator"}), everything) for number in (1, 9))
    row = "s{0},o{0},S1,故障,tree,1,2024-12-01 08:00,2024-12-01 09:00\n"
    taken = [
        take(
            kept, tmp_path, "outages", ODD.splitlines()[0] + "\n" + row.format(70 + one.person_id), viewer=one
        )
        for one in (first, second)
    ]
    import_history.undo(kept, second, taken[0].batch_id, "why")
    import_history.undo(kept, first, taken[1].batch_id, "why")
    body = {**rule_sets.first_version("retention").body}
    for one, days in ((first, 300), (second, 400)):
        body["uploads"] = {**body["uploads"], "days": days}
        rules.publish(kept, one, "retention", body, date(2024, days // 100, 1), "why")
    waiting = rows(kept, import_warnings, *KEY)
    for one, key in zip((first, second), waiting, strict=False):
        import_history.decide(kept, one, [key], "accepted", "why")

    with writing_all(kept) as connection:
        who_acted.rename(connection, 1, LEFT, "gone")

    stored = rows(kept, import_batches, "id", "by_name", "undone_by")
    assert [row[1:] for row in stored if row[0] in {one.batch_id for one in taken}] == [
        ("gone", LEFT),
        (LEFT, "gone"),
    ]
    published = [row for row in rows(kept, rule_versions, "rule_set", "version", "by_name") if row[1] > 1]
    assert [row[2] for row in published] == ["gone", LEFT]
    decided = {row[:4]: row[4] for row in rows(kept, import_warnings, *KEY, "decided_by")}
    assert [decided[key] for key in waiting[:2]] == ["gone", LEFT]
    assert dict(rows(kept, import_jobs, "id", "by_name")) == {1: LEFT, 2: "gone", 3: LEFT}


def test_names_that_somebody_bore_before_go_too(kept):
    """She acted as Lin Wenhua, then was called Lin Wen; nobody else was ever called so."""
    with writing_all(kept) as connection:
        earlier = Viewer(1, "Lin Wenhua", frozenset({"manager"}), Scope(()))
        audit.record(connection, earlier, "reset_baseline", "saidi", None, None, "why")
        connection.execute(update(import_batches).values(by_name="Lin Wenhua"))
    purged(kept)

    assert {name for (name,) in rows(kept, import_batches, "by_name")} == {"离职人员 #1"}


def test_the_history_of_a_person_tells_that_the_name_was_removed_and_no_earlier_name(kept):
    with writing_all(kept) as connection:
        by = Viewer(1, LEFT, frozenset({"administrator"}), Scope(()))
        audit.record(connection, by, "people.change", "person 2", {"name": "hmac:1"}, {"name": "hmac:2"})
    purged(kept)

    (told,) = people_history.history(kept, administrator(kept), 1)
    assert (told.action, told.after) == ("purge", {})
    (changed,) = people_history.history(kept, administrator(kept), 2)
    assert changed.by_name == "离职人员 #1"


def test_a_decision_holds_though_its_value_is_gone(kept, tmp_path):
    """The same row sent again must not wait again."""
    purged(kept)
    again = take(kept, tmp_path, "outages", ODD + "s9,o9,S1,故障,tree,1,2024-12-01 08:00,2024-12-01 09:00\n")

    waits = rows(kept, import_warnings, "batch_id", "row_no", "decision")
    assert [row for row in waits if row[0] == again.batch_id] == [(again.batch_id, 4, None)]


def test_only_the_whole_companys_administrator_purges(kept):
    with pytest.raises(NotAllowed):
        retention.purge(kept, replace(administrator(kept), roles=frozenset({"manager"})))
    with pytest.raises(NotAllowed):
        retention.purge(kept, replace(administrator(kept), scope=Scope((2,))))


def test_a_rule_that_would_remove_what_is_of_today_removes_nothing(kept):
    body = {**rule_sets.first_version("retention").body}
    body["uploads"] = {**body["uploads"], "days": 0}
    with writing_all(kept) as connection:
        of_set = rule_versions.c.rule_set == "retention"
        connection.execute(update(rule_versions).where(of_set).values(body=body))

    with pytest.raises(InvalidInput, match="retention_days"):
        purged(kept)


def test_other_days_are_published_like_every_rule_and_refresh_nothing(kept):
    body = {**rule_sets.first_version("retention").body}
    body["import_jobs"] = {**body["import_jobs"], "days": 5_000}
    marks = dump(kept)["stale_marks"]

    rules.publish(kept, administrator(kept), "retention", body, date(2024, 1, 1), "our own rule")

    assert purged(kept) == ONE_OF_EACH | {"import_jobs": 0}
    assert dump(kept)["stale_marks"] == marks


@pytest.mark.usefixtures("kept")
def test_the_command_says_what_would_go_and_what_went(capsys, monkeypatch):
    assert main(["purge", "--dry-run"]) == 0
    assert (
        "Uploaded files and files of rows left out: kept for 7 days, 1 from before" in capsys.readouterr().out
    )
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["purge"]) == 0
    assert "导入任务及其问题清单：保存 90 天，已清除" in capsys.readouterr().out
