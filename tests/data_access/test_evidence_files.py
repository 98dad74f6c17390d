"""Evidence of an item: kept once, whole, inside the scope, and never lost with a transaction."""

import os
import time
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from data_access import backup, evidence_files, evidence_store, people, rectifications, retention
from data_access.database import settle
from data_access.engine import engine_for
from data_access.tables.audit import audit_log
from data_access.tables.rectifications import rectification_files
from data_access.transactions import reading_all, writing_all
from domain.errors import InvalidInput, NotAllowed, NotFound
from tests.data_access import items
from tests.data_access.importing import dump
from tests.data_access.items import LEAD, LOOKER, MANAGER, STRANGER, TODAY, WORKER, person

PICTURE = b"\xff\xd8\xff\xe0 before"
DAYS_AGO = time.time() - 3 * 86400


@pytest.fixture
def company(engine, tmp_path, monkeypatch):
    monkeypatch.setenv("EVIDENCE_FILES", str(tmp_path / "kept"))
    return items.company(engine)


def add(engine, number, item, name="现场.jpg", content=PICTURE, stage="before"):
    return evidence_files.add(engine, person(number), item.bureau_id, item.item_id, name, content, stage)


def kept(tmp_path):
    return sorted(path.name for path in (tmp_path / "kept").rglob("*") if path.is_file())


def rows(engine):
    with reading_all(engine) as connection:
        return [tuple(row) for row in connection.execute(select(rectification_files.c.item_id))]


def test_a_file_comes_back_as_it_was_given(company):
    item = items.working(company)
    no = add(company, WORKER, item)

    found = evidence_files.content(company, person(LOOKER).scope, "A", item.item_id, no)
    assert (found.name, found.media_type, found.content) == ("现场.jpg", "image/jpeg", PICTURE)
    (shown,) = rectifications.one(company, person(LOOKER).scope, "A", item.item_id, TODAY).files
    assert (shown.no, shown.bytes, shown.stage, shown.added_by) == (1, len(PICTURE), "before", "王工")
    assert items.logged(company, item)[-1] == ("file", "现场.jpg")
    assert items.audited(company, "action", "reason")[-1] == ("rectifications.file", "现场.jpg")


def test_the_same_content_is_kept_once(company, tmp_path):
    """Also at another item; at the same item and stage it is the same file."""
    item, other = items.working(company), items.working(company)
    assert [add(company, WORKER, item), add(company, LEAD, item, "again.jpg")] == [1, 1]
    assert add(company, WORKER, item, stage="after") == 2
    add(company, WORKER, other)

    assert kept(tmp_path) == [evidence_store.hash_of(PICTURE)]
    assert len(rows(company)) == 3


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jpg", b"MZ a program", "evidence_type"),
        ("a.exe", PICTURE, "evidence_type"),
        ("a.jpg", b"", "evidence_empty"),
        ("a.jpg", PICTURE.ljust((20 << 20) + 1), "evidence_large"),
    ],
)
def test_what_is_no_evidence_is_neither_kept_nor_named(company, tmp_path, name, content, code):
    item = items.working(company)
    before = dump(company)

    with pytest.raises(InvalidInput, match=code):
        add(company, WORKER, item, name, content)

    assert (dump(company), kept(tmp_path)) == (before, [])


def test_a_foreign_item_is_not_found_and_nothing_is_written(company, tmp_path):
    item = items.working(company)
    add(company, WORKER, item)
    with pytest.raises(NotFound):
        add(company, STRANGER, item, content=PICTURE + b"x")
    with pytest.raises(NotFound):
        evidence_files.content(company, person(STRANGER).scope, "A", item.item_id, 1)
    with pytest.raises(NotFound):
        evidence_files.content(company, person(WORKER).scope, "A", item.item_id, 2)
    with pytest.raises(NotAllowed):
        add(company, LOOKER, item, content=PICTURE + b"x")

    assert kept(tmp_path) == [evidence_store.hash_of(PICTURE)]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "..\\..\\x.jpg", "/etc/x.jpg", "a\x00b.jpg", ".jpg"]
)
def test_no_name_leads_anywhere(company, tmp_path, name):
    item = items.working(company)
    if name == ".jpg":
        with pytest.raises(InvalidInput, match="evidence_type"):
            add(company, WORKER, item, name)
        return
    no = add(company, WORKER, item, name)

    found = evidence_files.content(company, person(WORKER).scope, "A", item.item_id, no)
    assert not set(found.name) & set("/\\\0")
    assert kept(tmp_path) == [evidence_store.hash_of(PICTURE)]
    for no_hash in ("../x", "a" * 63, "A" * 64, "a" * 64 + "\n"):
        with pytest.raises(ValueError):
            evidence_store.path_of(tmp_path, no_hash)


def test_a_failed_transaction_leaves_a_file_that_purge_removes_and_no_row(company, tmp_path):
    item = items.working(company)
    add(company, WORKER, item, content=PICTURE + b" kept")
    nobody = replace(person(WORKER), name=None)
    with pytest.raises(IntegrityError):
        evidence_files.add(company, nobody, "A", item.item_id, "x.jpg", PICTURE, "after")
    assert (len(rows(company)), len(kept(tmp_path))) == (1, 2)

    administrator = people.local_administrator(company)
    assert {one.kind: one.n for one in retention.purge(company, administrator)}["evidence_orphans"] == 0
    for path in (tmp_path / "kept").rglob("*"):
        os.utime(path, (DAYS_AGO, DAYS_AGO))
    tried = retention.purge(company, administrator, is_only_tried=True)
    assert {one.kind: one.n for one in tried}["evidence_orphans"] == 1
    retention.purge(company, administrator)

    assert kept(tmp_path) == [evidence_store.hash_of(PICTURE + b" kept")]
    with reading_all(company) as connection:
        act = select(audit_log.c.subject).where(audit_log.c.action == "purge")
        assert connection.execute(act).scalars().all() == ["evidence_orphans"]


def test_an_old_orphan_that_is_given_again_is_no_orphan(company, tmp_path):
    item = items.working(company)
    evidence_store.keep(tmp_path / "kept", PICTURE)
    for path in (tmp_path / "kept").rglob("*"):
        os.utime(path, (DAYS_AGO, DAYS_AGO))
    add(company, WORKER, item)

    assert evidence_files.remove_orphans(company, 1) == 0
    assert kept(tmp_path) == [evidence_store.hash_of(PICTURE)]


def test_a_file_that_was_changed_or_is_gone_is_not_handed_out(company, tmp_path):
    item = items.working(company)
    add(company, WORKER, item)
    path = evidence_store.path_of(tmp_path / "kept", evidence_store.hash_of(PICTURE))
    path.write_bytes(PICTURE + b"!")
    with pytest.raises(InvalidInput, match="evidence_damaged"):
        evidence_files.content(company, person(MANAGER).scope, "A", item.item_id, 1)
    path.unlink()

    with pytest.raises(InvalidInput, match="evidence_damaged"):
        evidence_files.content(company, person(MANAGER).scope, "A", item.item_id, 1)
    assert evidence_files.missing(company) == (1, ["现场.jpg"])


def test_where_files_lie(sqlite_engine, postgres_engine, monkeypatch, tmp_path):
    monkeypatch.delenv("EVIDENCE_FILES", raising=False)

    assert evidence_store.folder(sqlite_engine) == tmp_path / "evidence"
    with pytest.raises(InvalidInput, match="evidence_folder"):
        evidence_store.folder(postgres_engine)


def test_a_backup_holds_the_contents(company, tmp_path, empty_url, monkeypatch):
    with writing_all(company) as connection:
        settle(connection, "real")
    item = items.working(company)
    add(company, WORKER, item)
    add(company, WORKER, item, content=PICTURE + b" gone")
    evidence_store.path_of(tmp_path / "kept", evidence_store.hash_of(PICTURE + b" gone")).unlink()
    backup.write(company, tmp_path / "b.zip")
    monkeypatch.setenv("EVIDENCE_FILES", str(tmp_path / "restored"))
    target = engine_for(empty_url)

    backup.restore(target, tmp_path / "b.zip")

    found = evidence_files.content(target, person(LOOKER).scope, "A", item.item_id, 1)
    assert (found.name, found.content) == ("现场.jpg", PICTURE)
    assert evidence_files.missing(target) == (2, ["现场.jpg"])
