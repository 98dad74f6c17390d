"""Targets set by people: by version, with an audit row in the same transaction, by who may for the unit."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from data_access import audit_chain, changing, targets, targets_setting
from data_access import org_units as tree
from data_access.tables.audit import audit_head, audit_log
from data_access.tables.org import org_units, people
from data_access.tables.rules import targets as table
from data_access.targets import KEY, SAID
from data_access.transactions import reading_all, writing_all
from domain.errors import ChangedByOthers, InvalidInput, NotAllowed, NotFound
from domain.target_state import Target
from domain.targets import subject
from domain.viewer import Scope, Viewer
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_B1, PROVINCE, build
from tests.data_access.importing import dump

WRITERS, CHANGES = 16, 25
WANTED = Target("saidi", CITY_A, "month", "2026-10", "base", 40.0, source="contract", version=0)


@pytest.fixture
def company(engine):
    build(engine)
    return engine


def person(unit, name="a manager", role="manager"):
    return Viewer(1, name, frozenset({role}), Scope((unit,)))


def audited(engine, *columns):
    with reading_all(engine) as connection:
        statement = select(*(audit_log.c[name] for name in columns)).order_by(audit_log.c.at, audit_log.c.no)
        return [tuple(row) for row in connection.execute(statement)]


def test_a_first_target_needs_no_reason_and_the_audit_row_lies_in_its_unit_s_chain(company):
    stored = targets_setting.set_one(company, person(CITY_A), WANTED)

    assert stored == replace(WANTED, version=1)
    after = {"value": 40.0, "for_below": False, "source": "contract", "version": 1}
    assert audited(company, "bureau_id", "org_unit_id", "action", "subject", "before", "after") == [
        ("A", CITY_A, "targets.set", "saidi month 2026-10 base", None, after)
    ]


def test_a_change_says_only_what_changed_and_why(company):
    stored = targets_setting.set_one(company, person(CITY_A), WANTED)
    with pytest.raises(InvalidInput, match="reason_missing"):
        targets_setting.set_one(company, person(CITY_A), replace(stored, value=35.0))

    changed = targets_setting.set_one(company, person(CITY_A), replace(stored, value=35.0), " new contract ")

    assert (changed.value, changed.version) == (35.0, 2)
    assert audited(company, "before", "after", "reason")[-1] == (
        {"value": 40.0, "version": 1}, {"value": 35.0, "version": 2}, "new contract",
    )  # fmt: skip


def test_what_is_stored_already_changes_nothing(company):
    stored = targets_setting.set_one(company, person(CITY_A), WANTED)
    before = dump(company)

    assert targets_setting.set_one(company, person(CITY_A), stored) == stored
    assert dump(company) == before


def test_two_people_at_one_row_the_second_is_shown_both(company):
    """Neither loses what they wrote: the second decides, knowing of the first."""
    seen = targets_setting.set_one(company, person(CITY_A), WANTED)
    targets_setting.set_one(company, person(CITY_A, "first"), replace(seen, value=30.0), "because")

    with pytest.raises(ChangedByOthers) as caught:
        targets_setting.set_one(company, person(PROVINCE, "second"), replace(seen, value=50.0), "why not")

    assert (caught.value.mine["value"], caught.value.theirs["value"]) == (50.0, 30.0)
    over = replace(seen, value=50.0, version=caught.value.theirs["version"])
    assert targets_setting.set_one(company, person(PROVINCE, "second"), over, "why not").version == 3


def test_two_people_who_both_set_a_first_target(company):
    targets_setting.set_one(company, person(CITY_A), WANTED)

    with pytest.raises(ChangedByOthers) as caught:
        targets_setting.set_one(company, person(PROVINCE), replace(WANTED, value=1.0))

    assert caught.value.theirs["value"] == 40.0


def test_a_removed_target_is_gone_and_set_again_it_is_not_taken_for_the_old_one(company):
    """Somebody who still looks at version 1 must not store over the new one unseen."""
    seen = targets_setting.set_one(company, person(CITY_A), WANTED)
    with pytest.raises(InvalidInput, match="reason_missing"):
        targets_setting.remove(company, person(CITY_A), seen, " ")
    targets_setting.remove(company, person(CITY_A), seen, "a mistake")

    with pytest.raises(NotFound):
        targets_setting.set_one(company, person(CITY_A), replace(seen, value=1.0), "late")
    with pytest.raises(NotFound):
        targets_setting.remove(company, person(CITY_A), seen, "late")
    again = targets_setting.set_one(company, person(CITY_A), WANTED)
    assert again.version == 2
    with pytest.raises(ChangedByOthers):
        targets_setting.set_one(company, person(CITY_A), replace(seen, value=1.0), "late")
    assert audited(company, "action", "before", "after")[1] == (
        "targets.remove", {"value": 40.0, "for_below": False, "source": "contract", "version": 1}, None,
    )  # fmt: skip


@pytest.mark.parametrize("act", ["set", "many", "remove"])
def test_who_may_not_or_not_there_changes_nothing(company, act):
    seen = targets_setting.set_one(company, person(CITY_A), WANTED)
    looker = person(PROVINCE, role="executive")
    both = Viewer(
        2, "x", frozenset({"executive", "manager"}), Scope((PROVINCE,)),
        frozenset({("executive", PROVINCE), ("manager", CITY_B)}),
    )  # fmt: skip
    before = dump(company)
    do = {
        "set": lambda viewer: targets_setting.set_one(company, viewer, replace(seen, value=1.0), "why"),
        "many": lambda viewer: targets_setting.set_many(company, viewer, [replace(seen, value=1.0)], "why"),
        "remove": lambda viewer: targets_setting.remove(company, viewer, seen, "why"),
    }[act]

    for viewer, error in ((looker, NotAllowed), (both, NotAllowed), (person(CITY_B), NotFound)):
        with pytest.raises(error):
            do(viewer)
    assert dump(company) == before


def test_many_are_stored_with_one_audit_row_that_lists_them(company):
    held = targets_setting.set_one(company, person(CITY_A), WANTED)
    wanted = [
        replace(held, value=38.0),
        replace(WANTED, org_unit_id=COUNTY_B1, value=20.0),
        replace(WANTED, period="2026-11", value=40.0),
    ]

    assert targets_setting.set_many(company, person(PROVINCE), wanted, "contract of 2026") == 3

    action, unit, after = audited(company, "action", "org_unit_id", "after")[-1]
    assert (action, unit, after["changed"]) == ("targets.set_many", PROVINCE, 3)
    changed = ({"value": 40.0, "version": 1}, {"value": 38.0, "version": 2})
    assert after["changes"][0] == ["saidi month 2026-10 base", CITY_A, *changed]
    assert [one.reason for one in targets.history(company, Scope((CITY_A,)), held)] == [
        "contract of 2026",
        "",
    ]


def test_many_are_all_stored_or_none(company):
    held = targets_setting.set_one(company, person(CITY_A), WANTED)
    targets_setting.set_one(company, person(CITY_A), replace(held, value=39.0), "meanwhile")
    before = dump(company)
    new = replace(WANTED, period="2026-11")

    for wanted, error in (
        ([new, replace(held, value=38.0)], ChangedByOthers),
        ([new, replace(WANTED, org_unit_id=COUNTY_B1)], NotFound),
        ([new, new], InvalidInput),
        ([new, replace(held, value=38.0, version=2)], InvalidInput),  # without a reason
        ([replace(new, period=f"{2000 + n}-11") for n in range(1_001)], InvalidInput),
    ):
        with pytest.raises(error):
            targets_setting.set_many(company, person(CITY_A), wanted)
    assert dump(company) == before


def test_an_audit_row_that_cannot_be_written_undoes_the_change(company):
    """Nobody's name may be absent there: the database itself refuses the row."""
    seen = targets_setting.set_one(company, person(CITY_A), WANTED)
    before = dump(company)
    nobody = replace(person(CITY_A), name=None)

    for act in (
        lambda: targets_setting.set_one(company, nobody, replace(seen, value=1.0), "why"),
        lambda: targets_setting.set_many(company, nobody, [replace(WANTED, period="2027-01")]),
        lambda: targets_setting.remove(company, nobody, seen, "why"),
    ):
        with pytest.raises(IntegrityError):
            act()
    assert dump(company) == before
    assert targets_setting.set_one(company, person(CITY_A), replace(seen, value=2.0), "why").version == 2


def test_sixteen_writers_at_one_target_lose_no_change(company):
    """Each adds 1 to what it read, 25 times, and tries again with the fresh version where it was too late."""
    targets_setting.set_one(company, person(CITY_A), replace(WANTED, value=0.0))
    start = Barrier(WRITERS)

    def write(number):
        viewer, conflicts = person(CITY_A, f"writer {number}"), 0
        start.wait()
        for _change in range(CHANGES):
            (seen,) = targets.stored(company, viewer.scope, [WANTED])
            while True:
                try:
                    targets_setting.set_one(company, viewer, replace(seen, value=seen.value + 1), "one more")
                except ChangedByOthers as error:
                    conflicts += 1
                    theirs = error.theirs
                    seen = replace(seen, value=theirs["value"], version=theirs["version"])
                else:
                    break
        return conflicts

    with ThreadPoolExecutor(WRITERS) as pool:
        conflicts = sum(pool.map(write, range(WRITERS)))

    (last,) = targets.stored(company, Scope((CITY_A,)), [WANTED])
    writes = WRITERS * CHANGES
    assert (last.value, last.version) == (writes, 1 + writes)
    assert conflicts > 0  # else they would not have met
    with reading_all(company) as connection:
        changes = connection.execute(select(audit_log.c.after).where(audit_log.c.is_change)).scalars()
        acts = [after["value"] for after in changes]
        heads = connection.execute(select(audit_head.c.bureau_id, audit_head.c.last_change_no)).all()
    assert sorted(acts) == list(map(float, range(writes + 1)))
    assert [tuple(row) for row in heads] == [("A", 1 + writes)]
    assert [(one.broken, one.last_no) for one in audit_chain.verify(company)] == [("", 1 + writes)]


def test_the_history_of_a_target_is_its_own_and_for_who_may_see_the_unit(company):
    seen = targets_setting.set_one(company, person(CITY_A), WANTED)
    targets_setting.set_one(company, person(CITY_A), replace(WANTED, org_unit_id=COUNTY_A1))
    targets_setting.set_one(company, person(CITY_A), replace(WANTED, kind="full", value=30.0))
    targets_setting.remove(company, person(PROVINCE, "above"), seen, "a mistake")

    found = targets.history(company, Scope((CITY_A,)), WANTED)

    assert [(one.action, one.by_name, one.reason) for one in found] == [
        ("targets.remove", "above", "a mistake"),
        ("targets.set", "a manager", ""),
    ]
    with pytest.raises(NotFound):
        targets.history(company, Scope((CITY_B,)), WANTED)


@pytest.mark.parametrize("of", ["a unit above, from which it was moved since", "no unit"])
def test_an_act_on_many_is_found_by_what_it_was_about(company, of):
    """Another unit with a number that begins alike, and another period, were in the same act."""
    wanted = replace(WANTED, org_unit_id=COUNTY_A1)
    with writing_all(company) as connection:
        alike = {"id": 41, "code": "41", "name": "41", "level": "county", "parent_id": CITY_A}
        connection.execute(insert(org_units).values(**alike, bureau_id="A"))
        tree.rebuild_closure(connection)
    many = [wanted, replace(wanted, period="2026-11"), replace(wanted, org_unit_id=41, value=7.0)]
    if of == "no unit":
        with writing_all(company) as connection:
            changes = [(subject(one), _stored(connection, one)) for one in many]
            changing.record_many(connection, person(PROVINCE), "targets.set_many", "3", changes, "all")
    else:
        targets_setting.set_many(company, person(CITY_A), many, "all")
        with writing_all(company) as connection:
            moved = update(org_units).where(org_units.c.id == COUNTY_A1).values(parent_id=CITY_B)
            connection.execute(moved)
            tree.rebuild_closure(connection)

    (found,) = targets.history(company, Scope((COUNTY_A1,)), wanted)

    assert (found.action, found.reason, found.after["value"]) == ("targets.set_many", "all", 40.0)


def _stored(connection, wanted):
    key = {"bureau_id": "A"} | {name: getattr(wanted, name) for name in KEY}
    values = {name: getattr(wanted, name) for name in SAID} | {"batch_id": None}
    return changing.insert(connection, Scope((PROVINCE,)), table, key, values)


def test_the_history_calls_who_left_by_number_whatever_the_name_was(company):
    with writing_all(company) as connection:
        connection.execute(insert(people).values(id=1, name="离职人员 #1"))
    seen = targets_setting.set_one(company, person(CITY_A, "Lin Wen"), WANTED)
    targets_setting.set_many(company, person(PROVINCE, "Lin Wenhua"), [replace(seen, value=1.0)], "why")

    assert {one.by_name for one in targets.history(company, Scope((CITY_A,)), WANTED)} == {"离职人员 #1"}


def test_what_no_target_can_be_is_refused(company):
    with pytest.raises(InvalidInput, match="target_value"):
        targets_setting.set_one(company, person(CITY_A), replace(WANTED, value=float("inf")))
    assert targets.stored(company, Scope((PROVINCE,)), [WANTED]) == []
