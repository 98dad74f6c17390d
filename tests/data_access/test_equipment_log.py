"""Who looks after a customer's equipment logs advice and tests, and nothing else of it, with a trace."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from data_access import equipment_log, import_history
from data_access.tables.audit import audit_log
from data_access.tables.condition import customer_equipment
from data_access.transactions import reading_all
from domain.errors import ChangedByOthers, FileRejected, NotAllowed, NotFound
from tests.built_once import built_once
from tests.data_access.conditions import FILES
from tests.data_access.importing import administrator, company, dump, rows, take
from tests.data_access.test_import_scope import steward_of

COLUMNS = ("equipment_key", "customer", "switchgear", "last_test_on", "advice")


@pytest.fixture
def stocked(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("data_access.processes.start", lambda *_: 0)
    _stock(engine, tmp_path)
    return engine


@built_once
def _stock(engine, folder):
    company(engine, folder)
    take(engine, folder, "customer_equipment", FILES["customer_equipment"])


def somebody(engine, unit: str, role: str = "area_manager"):
    return replace(steward_of(engine, unit), roles=frozenset({role}), name="周甲")


def test_an_area_manager_logs_a_test_and_advice_and_the_name_stays_as_it_is(stocked):
    manager = somebody(stocked, "S1")
    before = equipment_log.stored(stocked, manager.scope, "P", "E1")
    saved = equipment_log.log(
        stocked, manager, {"last_test_on": "2024-06-03", "advice": "更换避雷器", "switchgear": "fuse"}, before
    )

    assert (saved.new, saved.changed) == (0, 1)
    found = rows(stocked, customer_equipment, *COLUMNS)
    assert [str(one) for one in found[0]] == ["E1", "周甲", "ring_main", "2024-06-03", "更换避雷器"]
    with reading_all(stocked) as connection:
        c = audit_log.c
        written = select(c.action, c.by_name, c.subject).order_by(c.at.desc(), c.no.desc())
        last = connection.execute(written).first()
    assert tuple(last) == ("import.form", "周甲", "customer_equipment E1")


def test_a_steward_takes_it_back_with_what_was_there_before(stocked):
    manager = somebody(stocked, "S1")
    before = equipment_log.stored(stocked, manager.scope, "P", "E1")
    saved = equipment_log.log(stocked, manager, {"done_on": "2024-06-03"}, before)

    import_history.undo(stocked, administrator(stocked), saved.batch_id, "a mistake")

    assert equipment_log.stored(stocked, manager.scope, "P", "E1").texts == before.texts


@pytest.mark.parametrize("role", ["executive", "manager"])
def test_others_only_look(stocked, role):
    one = somebody(stocked, "S1", role)
    before, state = equipment_log.stored(stocked, one.scope, "P", "E1"), dump(stocked)
    with pytest.raises(NotAllowed):
        equipment_log.log(stocked, one, {"done_on": "2024-06-03"}, before)
    assert dump(stocked) == state


def test_a_piece_of_another_unit_is_as_if_it_were_not_there(stocked):
    mine, theirs = (somebody(stocked, unit) for unit in ("S1", "S2"))
    before, state = equipment_log.stored(stocked, mine.scope, "P", "E1"), dump(stocked)
    for bureau, key in (("P", "E1"), ("C1", "E2"), ("P", "E9")):
        with pytest.raises(NotFound):
            equipment_log.stored(stocked, theirs.scope, bureau, key)
    with pytest.raises(ChangedByOthers):  # what they see there is nothing
        equipment_log.log(stocked, theirs, {"done_on": "2024-06-03"}, before)
    assert dump(stocked) == state


def test_who_may_log_in_one_unit_and_look_at_another_does_not_log_there(stocked):
    one = somebody(stocked, "C1")
    (own,) = steward_of(stocked, "S2").scope.roots
    limited = replace(one, grants=frozenset({("area_manager", own), ("executive", one.scope.roots[0])}))
    before, state = equipment_log.stored(stocked, one.scope, "P", "E1"), dump(stocked)
    with pytest.raises(NotAllowed):
        equipment_log.log(stocked, limited, {"done_on": "2024-06-03"}, before)
    assert dump(stocked) == state


def test_what_cannot_be_is_refused(stocked):
    manager = somebody(stocked, "S1")
    before = equipment_log.stored(stocked, manager.scope, "P", "E1")
    for texts in ({"last_test_on": "2099-01-01"}, {"advised_on": "2024-06-03", "accepted_on": "2024-06-01"}):
        with pytest.raises(FileRejected):
            equipment_log.log(stocked, manager, texts, before)


def test_of_two_at_once_the_second_is_told_what_the_first_stored(stocked):
    manager = somebody(stocked, "S1")
    before = equipment_log.stored(stocked, manager.scope, "P", "E1")
    equipment_log.log(stocked, manager, {"advice": "更换"}, before)
    with pytest.raises(ChangedByOthers) as caught:
        equipment_log.log(stocked, manager, {"advice": "试验"}, before)

    assert (caught.value.mine["advice"], caught.value.theirs["advice"]) == ("试验", "更换")
    (now,) = caught.value.seen
    equipment_log.log(stocked, manager, {"advice": "试验"}, now)
    assert equipment_log.stored(stocked, manager.scope, "P", "E1").texts["advice"] == "试验"
