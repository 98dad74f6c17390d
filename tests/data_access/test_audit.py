"""Every act leaves a row in the same transaction, and no row can be changed, removed or slipped in unseen."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from data_access import audit, audit_chain, audit_key, kpi_facts, people
from data_access.engine import is_sqlite
from data_access.tables.audit import audit_head, audit_log
from data_access.tables.org import database_info, org_units
from data_access.transactions import reading_all, writing_all
from domain.errors import WrongDatabase
from domain.periods import utc_now
from domain.viewer import Scope, Viewer
from tests.built_once import built_once
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE, build
from tests.data_access.importing import UNITS, administrator, company, rows, take
from tests.postgres import owner_of

TRIGGERS = {
    "sqlite": ("audit_log_no_update", "audit_log_no_delete", "audit_log_no_replace"),
    "postgresql": ("audit_log_no_change", "audit_log_no_truncate"),
}


@pytest.fixture
def acted(engine, tmp_path):
    """A company with some acts: its imports, three in city C1, one in C2 and one of the whole company."""
    _act(engine, tmp_path)
    return engine


@built_once
def _act(engine, folder):
    company(engine, folder)
    with writing_all(engine) as connection:
        for code in ("C1", "C1", "C1", "C2", None):
            unit = connection.scalar(select(org_units.c.id).where(org_units.c.code == code))
            audit.record(
                connection, administrator(engine), "try", f"in {code}", {"a": 1}, {"a": 2}, "why", unit
            )


def _without_triggers(engine, *statements):
    """What somebody could do who owns the database."""
    with writing_all(owner_of(engine)) as connection:
        for name in TRIGGERS[engine.dialect.name]:
            where = "" if is_sqlite(engine) else " ON audit_log"
            connection.execute(text(f"DROP TRIGGER {name}{where}"))
        if not is_sqlite(engine):
            for act in ("UPDATE", "DELETE"):
                connection.execute(text(f"CREATE POLICY {act} ON audit_log FOR {act} USING (true)"))
        for one in statements:
            connection.execute(one)


def _broken(engine):
    return [(one.bureau_id, one.broken, one.no) for one in audit_chain.verify(engine) if one.broken]


def test_a_file_with_the_longest_name_that_a_disk_takes_is_imported(engine, tmp_path):
    """PostgreSQL refuses what is longer than the column."""
    name = "n" * 251 + ".csv"

    assert take(engine, tmp_path, "units", UNITS, name=name).new == 6

    with reading_all(engine) as connection:
        subject = connection.scalar(select(audit_log.c.subject))
    assert len(subject) == audit_log.c.subject.type.length
    assert subject.startswith("units nnn")
    assert subject.endswith("…")


@pytest.mark.parametrize(
    ("roots", "unit"),
    [
        ((COUNTY_A1,), COUNTY_A1),
        ((COUNTY_A1, COUNTY_A2), CITY_A),
        ((COUNTY_A1, CITY_A), CITY_A),
        ((COUNTY_A1, COUNTY_B1), PROVINCE),
        ((COUNTY_A1, 99), COUNTY_A1),
        ((), None),
    ],
)
def test_an_act_on_no_unit_stands_at_the_lowest_unit_above_all_that_the_viewer_sees(engine, roots, unit):
    """Somebody who looks at two counties must be found by whoever reads the log of both, in one place."""
    build(engine)
    viewer = Viewer(None, "x", frozenset({"executive"}), Scope(roots))

    audit.note(engine, viewer, "export", "records saidi", is_at_home=True)
    audit.note(engine, viewer, "export", "records saidi", unit_id=CITY_B, is_at_home=True)
    audit.note(engine, viewer, "sign_in.refused", "x")
    people.note_sign_out(engine, viewer)

    found = set(rows(engine, audit_log, "action", "org_unit_id"))
    assert found == {("export", unit), ("export", CITY_B), ("sign_in.refused", None), ("sign_out", unit)}


def test_each_key_space_has_a_chain_of_its_own_numbered_without_a_gap(acted):
    numbers = {}
    for bureau, no in rows(acted, audit_log, "bureau_id", "no"):
        numbers.setdefault(bureau, []).append(no)

    assert {"C1", "C2", ""} <= set(numbers)
    assert all(several == [*range(1, len(several) + 1)] for several in numbers.values())
    assert len(numbers["C1"]) >= 3
    assert _broken(acted) == []


@pytest.mark.parametrize(
    "change",
    [
        {"by_name": "somebody else"},
        {"after": {"a": 3}},
        {"reason": ""},
        {"is_change": False},
        {"org_unit_id": 4},
    ],
    ids=str,
)
def test_a_changed_row_is_found(acted, change):
    mine = (audit_log.c.bureau_id == "C1") & (audit_log.c.no == 2)
    _without_triggers(acted, update(audit_log).where(mine).values(**change))

    assert _broken(acted) == [("C1", "changed", 2)]


def test_a_removed_row_is_found(acted):
    mine = (audit_log.c.bureau_id == "C1") & (audit_log.c.no == 2)
    _without_triggers(acted, audit_log.delete().where(mine))

    assert _broken(acted) == [("C1", "gap", 2)]


def test_a_cut_tail_is_found_by_the_head_and_with_the_head_by_the_end_kept_elsewhere(acted):
    before = {one.bureau_id: one for one in audit_chain.verify(acted)}["C1"]
    tail = (audit_log.c.bureau_id == "C1") & (audit_log.c.no == before.last_no)
    _without_triggers(acted, audit_log.delete().where(tail))

    assert _broken(acted) == [("C1", "cut", before.last_no)]

    with writing_all(acted) as connection:
        last = connection.execute(
            select(audit_log.c.no, audit_log.c.hash)
            .where(audit_log.c.bureau_id == "C1")
            .order_by(audit_log.c.no.desc())
        ).first()
        connection.execute(
            update(audit_head)
            .where(audit_head.c.bureau_id == "C1")
            .values(last_no=last.no, last_hash=last.hash, last_change_no=last.no)
        )
    after = {one.bureau_id: one for one in audit_chain.verify(acted)}["C1"]
    assert (after.broken, after.last_no) == ("", before.last_no - 1)
    assert (after.last_no, after.last_hash) != (before.last_no, before.last_hash)


def test_a_chain_that_is_gone_as_a_whole_is_found(acted):
    _without_triggers(acted, audit_log.delete().where(audit_log.c.bureau_id == "C2"))

    assert _broken(acted) == [("C2", "cut", 1)]


def test_a_row_that_was_slipped_in_without_the_key_is_found(acted):
    mine = audit_log.c.bureau_id == "C1"
    with writing_all(acted) as connection:
        last = connection.execute(select(audit_log).where(mine).order_by(audit_log.c.no.desc())).first()
        forged = {"no": last.no + 1, "hash": "0" * 64}
        connection.execute(insert(audit_log).values(**dict(last._mapping) | forged))

    assert _broken(acted) == [("C1", "changed", last.no + 1)]


@pytest.mark.parametrize("statement", [update(audit_log).values(reason="x"), audit_log.delete()], ids=str)
def test_the_database_refuses_to_change_or_remove_a_row(acted, statement):
    """On PostgreSQL the application may not; the owner, to whom policies need not hold, meets the trigger."""
    with (
        pytest.raises(DatabaseError, match=r"only added to|permission denied"),
        writing_all(acted) as connection,
    ):
        connection.execute(statement)

    owner = owner_of(acted)
    if not is_sqlite(owner):
        with writing_all(owner) as connection:
            connection.execute(text("ALTER TABLE audit_log NO FORCE ROW LEVEL SECURITY"))
    with pytest.raises(DatabaseError, match="only added to"), writing_all(owner) as connection:
        connection.execute(statement)


def test_sqlite_does_not_replace_a_row_either(sqlite_engine, tmp_path):
    """INSERT OR REPLACE removes the row before without asking the trigger that forbids DELETE."""
    company(sqlite_engine, tmp_path)

    with pytest.raises(DatabaseError, match="only added to"), writing_all(sqlite_engine) as connection:
        row = connection.execute(select(audit_log)).first()
        connection.execute(insert(audit_log).prefix_with("OR REPLACE").values(**dict(row._mapping)))


def test_an_act_that_fails_leaves_neither_row_nor_number(acted):
    before = rows(acted, audit_head, "bureau_id", "last_no")

    with pytest.raises(ZeroDivisionError), writing_all(acted) as connection:
        audit.record(connection, administrator(acted), "try", "x", None, None)
        raise ZeroDivisionError

    assert rows(acted, audit_head, "bureau_id", "last_no") == before
    assert _broken(acted) == []


def test_an_audit_row_that_cannot_be_written_undoes_the_change(acted):
    nobody = replace(administrator(acted), name=None)  # the column must not be empty

    with pytest.raises(DatabaseError), writing_all(acted) as connection:
        connection.execute(update(org_units).values(name="x"))
        audit.record(connection, nobody, "try", "x", None, None)

    with reading_all(acted) as connection:
        assert connection.scalar(select(func.count()).where(org_units.c.name == "x")) == 0


def test_a_row_outside_a_write_transaction_is_our_own_mistake(acted):
    with pytest.raises(RuntimeError), reading_all(acted) as connection:
        audit.record(connection, administrator(acted), "try", "x", None, None)


def test_what_only_looks_or_is_refused_is_written_down_but_changes_nothing_kept(acted):
    changed = rows(acted, audit_head, "bureau_id", "last_change_no")

    audit.note(acted, administrator(acted), "sign_in", "tester")

    assert rows(acted, audit_head, "bureau_id", "last_change_no") == changed
    assert [row for row in rows(acted, audit_log, "action", "is_change") if row[0] == "sign_in"] == [
        ("sign_in", False)
    ]
    assert _broken(acted) == []


def test_another_key_is_refused_with_words_on_what_to_do(acted, monkeypatch):
    monkeypatch.setenv("AUDIT_KEY", "another one")

    with pytest.raises(WrongDatabase, match="audit_key"):
        audit.note(acted, administrator(acted), "sign_in", "tester")
    with pytest.raises(WrongDatabase, match="audit_key"):
        audit_chain.verify(acted)


def test_without_a_setting_a_key_is_made_beside_the_database_for_this_user_only(
    sqlite_engine, tmp_path, monkeypatch
):
    monkeypatch.delenv("AUDIT_KEY")

    audit.note(sqlite_engine, administrator(sqlite_engine), "sign_in", "tester")

    file = tmp_path / audit_key.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text()) == 64
    assert _broken(sqlite_engine) == []


def test_rows_that_come_while_the_log_is_walked_break_nothing(acted, monkeypatch):
    """The heads are read before the rows: both must be of one moment."""
    walk = audit_chain._rows

    def meanwhile(connection):
        audit.note(acted, administrator(acted), "sign_in", "tester")
        return walk(connection)

    monkeypatch.setattr(audit_chain, "_rows", meanwhile)

    assert _broken(acted) == []


def test_a_database_that_came_without_its_key_gets_none_of_its_own(sqlite_engine, tmp_path, monkeypatch):
    """A new key would not fit, and its file would stand where the first one has to be put back."""
    audit.note(sqlite_engine, administrator(sqlite_engine), "sign_in", "tester")
    monkeypatch.delenv("AUDIT_KEY")

    with pytest.raises(WrongDatabase, match="audit_key"):
        audit.note(sqlite_engine, administrator(sqlite_engine), "sign_in", "tester")
    assert not (tmp_path / audit_key.FILE).exists()

    (tmp_path / audit_key.FILE).write_text("of the tests\n")  # put back while the server runs
    audit.note(sqlite_engine, administrator(sqlite_engine), "sign_in", "tester")
    assert _broken(sqlite_engine) == []


def test_of_two_servers_with_different_keys_only_the_first_signs(acted, monkeypatch):
    """Both found no key settled yet; the second must not go on with its own."""
    with writing_all(acted) as connection:
        connection.execute(delete(database_info).where(database_info.c.key == audit_key.KNOWN_BY))
    known, asked = audit_key._known, []

    def late(connection):
        asked.append(1)
        if len(asked) == 1:
            monkeypatch.setenv("AUDIT_KEY", "of the tests")
            row = {"key": audit_key.KNOWN_BY, "value": audit_key.sign(b"of the tests", audit_key.KNOWN_BY)}
            connection.execute(insert(database_info).values(**row, at=utc_now()))
            return None
        return known(connection)

    monkeypatch.setattr(audit_key, "_known", late)
    monkeypatch.setenv("AUDIT_KEY", "another one")

    with pytest.raises(WrongDatabase, match="audit_key"):
        audit.note(acted, administrator(acted), "sign_in", "tester")


def test_what_an_address_may_hold_is_written_down_without_what_cannot_be_stored(engine):
    audit.note(engine, administrator(engine), "refused", "a\0b\udc80", {"said": "c\0\udc80"}, "d\0")

    assert rows(engine, audit_log, "subject", "reason") == [("ab?", "d")]
    assert _broken(engine) == []


def test_a_note_that_cannot_be_written_stops_nobody_where_that_is_wanted(acted, monkeypatch, caplog):
    monkeypatch.setenv("AUDIT_KEY", "another one")

    assert not audit.note_if_possible(acted, administrator(acted), "refused", "detail")
    assert "not in the audit log" in caplog.text


def test_a_change_makes_a_new_version_of_the_data_and_a_note_does_not(acted):
    """What pages keep is kept by it: a sign-in must not make everybody wait, an act must be seen."""
    scope = administrator(acted).scope
    before = kpi_facts.data_state(acted, scope).version

    audit.note(acted, administrator(acted), "sign_in", "tester")
    assert kpi_facts.data_state(acted, scope).version == before

    with writing_all(acted) as connection:
        audit.record(connection, administrator(acted), "try", "x", None, None)
    assert kpi_facts.data_state(acted, scope).version > before
