"""Targets of a file and targets set on the page live together: the later holds, and no undo loses either."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from data_access import targets, targets_setting
from data_access.imports import undo
from data_access.tables.imports import PAST
from data_access.tables.org import org_units
from data_access.tables.rules import targets as table
from data_access.transactions import reading_all
from domain.errors import ChangedByOthers
from domain.target_state import Target
from tests.data_access.importing import UNITS, administrator, dump, rows, take


class Company:
    """One target, given by files and by hand in turn."""

    def __init__(self, engine, folder):
        self.engine, self.folder = engine, folder
        take(engine, folder, "units", UNITS)
        self.viewer = administrator(engine)
        with reading_all(engine) as connection:
            unit = connection.scalar(select(org_units.c.id).where(org_units.c.code == "C1"))
        self.wanted = Target("saidi", unit, "month", "2026-10", "base", 0.0, version=0)

    def file(self, value):
        content = f"kpi,unit,period_kind,period,kind,value\nsaidi,C1,month,2026-10,base,{value}\n"
        content += "saidi,C2,month,2026-10,base,1\n"  # a decoy
        return take(self.engine, self.folder, "targets", content).batch_id

    def undo(self, batch):
        return undo.undo(self.engine, self.viewer, batch, "a mistake")

    def now(self):
        found = targets.stored(self.engine, self.viewer.scope, [self.wanted])
        return found[0] if found else None

    def hand(self, value):
        seen = self.now() or self.wanted
        return targets_setting.set_one(self.engine, self.viewer, replace(seen, value=value), "why")

    def remove(self):
        targets_setting.remove(self.engine, self.viewer, self.now(), "why")

    def holds(self, value, by=None):
        found = rows(self.engine, table, "org_unit_id", "value", "batch_id")
        mine = [row[1:] for row in found if row[0] == self.wanted.org_unit_id]
        return mine == ([] if value is None else [(value, by)])


@pytest.fixture
def company(engine, tmp_path):
    return Company(engine, tmp_path)


def test_a_file_after_a_hand_holds_and_its_undo_gives_the_hand_s_back(company):
    company.hand(12.0)
    batch = company.file(10)
    assert company.holds(10.0, batch)

    done = company.undo(batch)

    assert company.holds(12.0)
    assert (done.removed, done.restored) == (2, 1)
    assert rows(company.engine, PAST["targets"], "batch_id") == []


def test_a_hand_after_a_file_holds_and_the_file_s_undo_leaves_it_alone(company):
    batch = company.file(10)
    company.hand(12.0)
    assert company.holds(12.0)

    done = company.undo(batch)

    assert company.holds(12.0)
    assert (done.removed, done.restored) == (1, 0)  # the decoy


def test_of_two_files_around_a_hand_undone_in_either_order_the_hand_s_holds(company):
    """The number of the later file is higher than that of the earlier, and the hand's has none."""
    for first_undone in (0, 1):
        batches = [company.file(10)]
        company.hand(12.0)
        batches.append(company.file(11))
        assert company.holds(11.0, batches[1])

        company.undo(batches[first_undone])
        assert company.holds(*((11.0, batches[1]) if first_undone == 0 else (12.0,)))
        company.undo(batches[1 - first_undone])

        assert company.holds(12.0)
        company.remove()


def test_the_hand_again_after_the_second_file(company):
    """Hand, file, hand, file: the later hand's is what the last file's undo gives back."""
    company.hand(12.0)
    first = company.file(10)
    company.hand(14.0)
    second = company.file(11)
    company.undo(second)
    assert company.holds(14.0)
    third = company.file(13)
    company.undo(first)
    assert company.holds(13.0, third)
    company.undo(third)
    assert company.holds(14.0)


def test_what_was_removed_by_hand_does_not_come_back_by_an_undo(company):
    first = company.file(10)
    company.remove()
    second = company.file(11)
    assert company.holds(11.0, second)

    company.undo(second)
    assert company.holds(None)
    company.undo(first)
    assert company.holds(None)


def test_a_file_that_says_the_same_as_the_hand_takes_it_over_until_its_undo(company):
    set_by_hand = company.hand(10.0)
    batch = company.file(10)
    assert company.holds(10.0, batch)
    assert company.now().version == set_by_hand.version

    company.undo(batch)
    assert company.holds(10.0)


def test_every_change_by_a_file_or_its_undo_raises_the_version(company):
    """Else somebody who still sees the row before would store over it."""
    seen = [company.hand(12.0)]
    batch = company.file(10)
    seen.append(company.now())
    company.undo(batch)
    seen.append(company.now())

    assert [one.version for one in seen] == [1, 2, 3]
    for one in seen[:2]:
        with pytest.raises(ChangedByOthers):
            targets_setting.set_one(company.engine, company.viewer, replace(one, value=1.0), "late")


def test_files_alone_are_undone_to_what_was_but_for_the_version(company):
    first = company.file(10)
    before = dump(
        company.engine, without={"targets", "import_batches", "audit_log", "audit_head", "stale_marks"}
    )
    company.undo(company.file(11))

    after = dump(
        company.engine, without={"targets", "import_batches", "audit_log", "audit_head", "stale_marks"}
    )
    assert before == after
    assert company.holds(10.0, first)
    assert company.now().version == 3


def test_the_history_tells_files_and_hands_in_order(company):
    company.file(10)
    company.hand(12.0)
    company.file(11)

    found = targets.history(company.engine, company.viewer.scope, company.wanted)

    assert [(one.action, one.after["value"]) for one in found] == [
        ("import", 11.0),
        ("targets.set", 12.0),
        ("import", 10.0),
    ]
    assert found[1].before == {"value": 10.0}


def test_a_version_in_a_file_is_not_read(company):
    """It counts the changes of the row, which no file knows."""
    content = "kpi,unit,period_kind,period,kind,value,version\nsaidi,C1,month,2026-10,base,5,7\n"

    done = take(company.engine, company.folder, "targets", content)

    assert done.ignored == ("version",)
    assert company.now().version == 1


def test_an_import_compares_anew_where_a_hand_was_quicker(company, monkeypatch):
    """Between comparing and the lock somebody sets the same target: it is kept below the file's row."""
    from data_access.imports import finishing

    compare, count = finishing.compare, []

    def and_then_a_hand(*given):
        found = compare(*given)
        if not count:
            count.append(1)
            company.hand(12.0)
        return found

    monkeypatch.setattr(finishing, "compare", and_then_a_hand)
    batch = company.file(10)
    monkeypatch.undo()

    assert company.holds(10.0, batch)
    company.undo(batch)
    assert company.holds(12.0)
