"""Several people at one item, and at one key space: no change is lost, no number given twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from data_access import (
    audit_chain,
    rectification_extensions,
    rectification_import,
    rectification_notes,
    rectification_relapse,
)
from data_access.rectifications import Wanted
from data_access.tables.rectifications import rectification_log as log
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import reading_all, writing_all
from domain.errors import ChangedByOthers, StepNotAllowed
from tests.data_access import items
from tests.data_access.items import DUE, LEAD, MANAGER, TODAY, WORKER, do, person

WRITERS, CHANGES = 8, 12


@pytest.fixture
def company(engine):
    return items.company(engine)


def at_once(act):
    """What act(0) .. act(7) gave, begun together."""
    start = Barrier(WRITERS)

    def run(number):
        start.wait()
        return act(number)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def test_eight_writers_at_one_item_lose_no_change(company):
    """Each adds 1 percent to what it read, 12 times, and tries again where it was too late."""
    item = items.working(company)
    version = item.version

    def write(number):
        conflicts = 0
        for _change in range(CHANGES):
            seen = items.stored(company, item)
            while True:
                try:
                    who = (WORKER, LEAD)[number % 2]
                    do(company, "progress", who, seen, seen.progress_pct + 1, f"writer {number}")
                except ChangedByOthers as error:
                    conflicts += 1
                    theirs = {name: error.theirs[name] for name in ("progress_pct", "version")}
                    seen = items.replace(seen, **theirs)
                else:
                    break
        return conflicts

    conflicts = sum(at_once(write))

    last, writes = items.stored(company, item), WRITERS * CHANGES
    assert (last.progress_pct, last.version) == (writes, version + writes)
    assert conflicts > 0  # else they would not have met
    with reading_all(company) as connection:
        told = select(log.c.no, log.c.progress_pct).where(log.c.kind == "progress").order_by(log.c.no)
        rows = connection.execute(told).all()
    assert [row.progress_pct for row in rows] == list(range(1, writes + 1))
    acts = [after["progress_pct"] for action, after in items.audited(company, "action", "after")
            if action == "rectifications.progress"]  # fmt: skip
    assert sorted(acts) == list(range(1, writes + 1))
    assert [one.broken for one in audit_chain.verify(company)] == [""]


def test_one_verifies_and_the_others_are_told(company):
    item = items.done(company)

    def verify(_number):
        try:
            return do(company, "verify", MANAGER, item, "合格").status
        except ChangedByOthers:
            return "too late"

    assert sorted(at_once(verify)) == ["closed"] + ["too late"] * (WRITERS - 1)


def test_items_made_at_once_are_numbered_without_gap_or_repetition(company):
    def make(_number):
        return [items.made(company).item_id for _item in range(4)]

    found = sorted(number for some in at_once(make) for number in some)

    assert found == [f"R{TODAY.year}-{number:04d}" for number in range(1, 4 * WRITERS + 1)]


def test_notes_written_at_once_are_all_there(company):
    item = items.assigned(company)

    def note(number):
        return rectification_notes.write(company, person(LEAD), "A", item.item_id, f"note {number}")

    assert set(at_once(note)) == {"note"}
    assert sorted(text for _kind, text in items.logged(company, item)[2:]) == [
        f"note {number}" for number in range(WRITERS)
    ]


def test_tables_in_opposite_orders_are_all_stored(company):
    """Notes on items that all share, and drafts of one's own to give away, in two units in either order."""
    shared = [items.made(company).item_id for _item in range(6)]
    own = [
        [items.made(company, object_code=code).item_id for code in (("L1", "L2"), ("L2", "L1"))[writer % 2]]
        for writer in range(WRITERS)
    ]
    exported = rectification_import.exported(company, person(LEAD).scope, Wanted(), TODAY, "zh")
    table = exported.set_index("整改编号", drop=False)

    def bring_back(writer):
        mine = table.loc[[*shared, *own[writer]][:: 1 if writer % 2 else -1]].copy()
        mine.loc[shared, "进展说明"] = f"writer {writer}"
        mine.loc[own[writer], "责任人"] = "李整"
        return [one.act for one in rectification_import.take_over(company, person(LEAD), mine)]

    assert at_once(bring_back) == [["changed"] * 8] * WRITERS
    for number in shared:
        notes = [
            text for _kind, text in items.logged(company, items.Rectification("A", number, 0, "", "", ""))
        ]
        assert sorted(notes[1:]) == [f"writer {writer}" for writer in range(WRITERS)]


def test_one_extension_is_asked_for(company):
    item = items.working(company)
    later = DUE + timedelta(days=9)

    def ask(number):
        try:
            rectification_extensions.ask(
                company, person((LEAD, WORKER)[number % 2]), "A", item.item_id, item.version, later, "why"
            )
        except (ChangedByOthers, StepNotAllowed):
            return 0
        return 1

    assert sum(at_once(ask)) == 1


def test_a_relapse_found_by_several_makes_one_item(company):
    item = items.closed(company)

    def open_again(_number):
        with writing_all(company) as connection:
            return rectification_relapse.open_again(connection, item, TODAY) is not None

    assert sum(at_once(open_again)) == 1
    with reading_all(company) as connection:
        count = select(func.count()).where(table.c.reopen_of == item.item_id)
        assert connection.scalar(count) == 1
