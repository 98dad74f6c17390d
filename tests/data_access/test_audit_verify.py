"""The command that walks the audit log, ends kept elsewhere, backups, and a key that was lost."""

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.schema import CreateTable

from data_access import audit, audit_chain, audit_key, backup
from data_access.__main__ import main
from data_access.engine import engine_for
from data_access.tables.audit import audit_head, audit_log
from data_access.transactions import reading_all, writing_all
from domain.errors import InvalidInput, WrongDatabase
from tests.data_access.importing import administrator, company
from tests.data_access.test_audit import _without_triggers
from tests.postgres import owner_of


@pytest.fixture
def acted(engine, tmp_path, monkeypatch):
    """A company whose imports left some rows, with two more in the chain of the whole company."""
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("LC_ALL", "C")
    company(engine, tmp_path)
    for subject in ("first", "second"):
        note(engine, subject)
    return engine


def ends(capsys):
    assert main(["audit-verify"]) == 0
    return [line for line in capsys.readouterr().out.splitlines() if len(line.split(":")[-1]) == 64]


def note(engine, subject="x"):
    audit.note(engine, administrator(engine), "sign_in", subject)


def test_it_prints_how_every_chain_ends_and_takes_these_lines_later(acted, capsys):
    kept = ends(capsys)
    note(acted)

    assert main(["audit-verify", "--expect", *kept]) == 0
    assert "none changed" in capsys.readouterr().out
    assert ends(capsys) != kept


@pytest.mark.parametrize("how", ["another hash", "cut with its head", "gone with its head"])
def test_an_end_kept_elsewhere_that_is_no_longer_there_is_told(acted, capsys, how):
    note(acted, "kept")
    kept = ends(capsys)[0]
    company_chain = audit_log.c.bureau_id == audit.COMPANY
    no = int(kept.split(":")[1])
    if how == "another hash":
        kept = kept[:-1] + ("0" if kept[-1] != "0" else "1")
    else:
        gone = company_chain if how.startswith("gone") else company_chain & (audit_log.c.no == no)
        _without_triggers(acted, delete(audit_log).where(gone))
        with writing_all(acted) as connection:
            last = connection.execute(
                select(audit_log).where(company_chain).order_by(audit_log.c.no.desc())
            ).first()
            mine = audit_head.c.bureau_id == audit.COMPANY
            if last is None:
                connection.execute(delete(audit_head).where(mine))
            else:
                end = {"last_no": last.no, "last_hash": last.hash}
                connection.execute(update(audit_head).where(mine).values(**end))

    assert main(["audit-verify"]) == 0  # the log alone does not show it
    assert main(["audit-verify", "--expect", kept]) == 1
    assert f"has no row {no} with that hash" in capsys.readouterr().out


def test_a_changed_row_is_named_and_the_exit_status_says_so(acted, capsys):
    _without_triggers(acted, update(audit_log).where(audit_log.c.no == 1).values(reason="x"))

    assert main(["audit-verify"]) == 1
    assert "row 1 was changed" in capsys.readouterr().out


@pytest.mark.usefixtures("acted")
@pytest.mark.parametrize("text", ["5", "5:abc", "C1:x:" + "0" * 64, "", "C1:-1:" + "0" * 64])
def test_what_is_no_end_of_a_chain_is_refused_with_how_it_is_written(capsys, text):
    with pytest.raises(InvalidInput, match="audit_end"):
        audit_chain.end_from_text(text)
    assert main(["audit-verify", "--expect", text]) == 1
    assert "BUREAU:NO:HASH" in capsys.readouterr().err


def test_check_names_a_chain_that_does_not_end_where_it_should(acted, capsys):
    main(["check"])
    assert "ends in place" in capsys.readouterr().out
    tail = select(func.max(audit_log.c.no)).where(audit_log.c.bureau_id == audit.COMPANY).scalar_subquery()
    _without_triggers(
        acted, delete(audit_log).where(audit_log.c.bureau_id == audit.COMPANY, audit_log.c.no == tail)
    )

    assert main(["check"]) == 1
    assert "BAD  audit log" in capsys.readouterr().out


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_log_restored_from_a_backup_verifies_with_its_key_and_goes_on(
    acted, tmp_path, empty_postgres_url, capsys, to, monkeypatch
):
    """Also from one kind of database to the other: a row is spelt alike on both."""
    kept = ends(capsys)
    backup.write(acted, tmp_path / "all.zip")
    url = empty_postgres_url if to == "postgresql" else f"sqlite:///{tmp_path / 'moved' / 'new.db'}"
    moved = engine_for(url)
    backup.restore(moved, tmp_path / "all.zip")
    monkeypatch.setenv("DATABASE_URL", url)

    assert main(["audit-verify", "--expect", *kept]) == 0
    note(moved)
    assert main(["audit-verify", "--expect", *kept]) == 0
    moved.dispose()


def test_a_lost_key_is_renewed_and_the_rows_before_are_called_unverifiable(acted, capsys, monkeypatch):
    kept = ends(capsys)
    before = {one.bureau_id: one.last_no for one in audit_chain.verify(acted)}
    monkeypatch.setenv("AUDIT_KEY", "a new one")
    with pytest.raises(WrongDatabase):
        note(acted)

    assert main(["audit-key", "renew", "--reason", "the server was lost"]) == 0
    note(acted)

    chains = audit_chain.verify(acted)
    assert [one.broken for one in chains] == [""] * len(before)
    assert {one.bureau_id: one.unverifiable for one in chains} == before
    assert main(["audit-verify", "--expect", *kept]) == 0
    assert f"rows 1 to {before[audit.COMPANY]} were signed with another key" in capsys.readouterr().out


def test_a_renewal_takes_the_chains_in_the_order_in_which_every_transaction_does(engine, monkeypatch):
    """By the signs of their names and not as the database sorts text, else two could wait for each other."""
    names = ["", "B", "C1", "a", "Ä", "市"]
    if engine.dialect.name == "sqlite":  # as a PostgreSQL database of most languages sorts
        made = str(CreateTable(audit_head).compile(engine)).replace("(60)", "(60) COLLATE NOCASE")
        with writing_all(engine) as connection:
            connection.exec_driver_sql("DROP TABLE audit_head")
            connection.exec_driver_sql(made)
    with writing_all(engine) as connection:
        for name in reversed(names):
            row = audit.row_of(administrator(engine), "sign_in", "x", None, None)
            audit.add(connection, row | {"bureau_id": name, "org_unit_id": None})
    add, taken = audit.add, []
    monkeypatch.setattr(audit, "add", lambda at, row: (taken.append(row["bureau_id"]), add(at, row)))
    monkeypatch.setenv("AUDIT_KEY", "a new one")

    assert audit_chain.renew(engine, administrator(engine), "lost") == len(names)
    assert taken == names
    assert [one.broken for one in audit_chain.verify(engine)] == [""] * len(names)


def test_after_a_renewal_a_changed_row_a_gap_and_a_forged_renewal_are_still_found(acted, monkeypatch):
    monkeypatch.setenv("AUDIT_KEY", "a new one")
    audit_chain.renew(acted, administrator(acted), "lost")
    note(acted)
    company_chain = audit_log.c.bureau_id == audit.COMPANY
    last = {one.bureau_id: one.last_no for one in audit_chain.verify(acted)}[audit.COMPANY]

    def broken():
        return [(one.broken, one.no) for one in audit_chain.verify(acted) if one.bureau_id == audit.COMPANY]

    newest = company_chain & (audit_log.c.no == last)
    _without_triggers(acted, update(audit_log).where(newest).values(reason="x"))
    assert broken() == [("changed", last)]
    owner = owner_of(acted)
    with writing_all(owner) as connection:  # as if the key had been renewed there
        forged = {"action": audit_chain.RENEWED, "reason": ""}
        connection.execute(update(audit_log).where(newest).values(**forged))
    assert broken()[0][0] == "changed"
    with writing_all(owner) as connection:
        connection.execute(delete(audit_log).where(company_chain, audit_log.c.no == 1))
    assert broken() == [("gap", 1)]


def test_the_key_in_use_is_not_renewed_and_a_renewal_needs_a_reason(acted, capsys):
    assert main(["audit-key", "renew", "--reason", "why"]) == 1
    assert "nothing is to be renewed" in capsys.readouterr().err
    with pytest.raises(InvalidInput, match="reason_missing"):
        audit_chain.renew(acted, administrator(acted), " ")


def test_a_renewal_without_any_key_makes_a_new_one(sqlite_engine, tmp_path, monkeypatch):
    note(sqlite_engine)
    monkeypatch.delenv("AUDIT_KEY")

    audit_chain.renew(sqlite_engine, administrator(sqlite_engine), "lost")

    assert (tmp_path / audit_key.FILE).stat().st_mode & 0o777 == 0o600
    assert [one.broken for one in audit_chain.verify(sqlite_engine)] == [""]


def test_a_log_without_rows_is_whole(engine):
    with reading_all(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(audit_log)) == 0
    assert audit_chain.verify(engine) == []
