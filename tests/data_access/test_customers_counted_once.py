"""Customers of a unit and of one above it never hold for the same month, whatever would make it so."""

import threading
from datetime import date

import pytest

from data_access import entry_saving
from data_access.imports import bulk, finishing, undo
from data_access.sentences import sentence
from data_access.tables.org import customers_served
from domain.errors import CannotBeUndone, FileRejected
from tests.data_access.importing import UNITS, administrator, codes, dump, rows, take
from tests.data_access.test_import_scope import steward_of

HEADER = "unit,level,month,customers\n"
COLUMNS = '[columns]\nunit = "unit"\nlevel = "level"\nmonth = "month"\ncustomers = "customers"\n'
MONTH = (date(2024, 1, 1), date(2024, 1, 31))
LOWEST = f'keep = "lowest"\n{COLUMNS}'


@pytest.fixture
def stocked(engine, tmp_path):
    """Three stations in two cities; the first city has 1,000 customers, in the province's key space P."""
    take(engine, tmp_path, "units", UNITS)
    serve(engine, tmp_path, "C1,LV,2024-01,1000")
    return engine


def serve(engine, folder, *lines, mapping=None, **options):
    return take(engine, folder, "customers_served", HEADER + "\n".join(lines) + "\n", mapping, **options)


def held(engine):
    """(key space, unit, customers) of the rows that hold."""
    names = dict(rows(engine, finishing.org_units, "id", "code"))
    found = rows(engine, customers_served, "bureau_id", "org_unit_id", "customers")
    return [(bureau, names[unit], count) for bureau, unit, count in found]


def take_back(engine, batch_id):
    return undo.undo(engine, administrator(engine), batch_id, "a mistake")


def refused_undo(engine, batch_id):
    """The error of an undo that must change nothing."""
    before = dump(engine)
    with pytest.raises(CannotBeUndone) as caught:
        take_back(engine, batch_id)
    assert before == dump(engine)
    return caught.value


def test_the_lowest_units_replace_a_unit_above_that_another_source_gave(stocked, tmp_path):
    """Both together would be 2,000; an undo brings the 1,000 back."""
    lowest = serve(stocked, tmp_path, "S1,LV,2024-01,400", "S2,LV,2024-01,600", mapping=LOWEST, bureau="C1")

    assert held(stocked) == [("C1", "S1", 400), ("C1", "S2", 600)]
    assert lowest.withdrawn == 1
    take_back(stocked, lowest.batch_id)
    assert held(stocked) == [("P", "C1", 1000)]


def test_a_unit_above_outside_one_s_own_is_not_withdrawn_but_refuses_the_file(stocked, tmp_path):
    before = dump(stocked)
    with pytest.raises(FileRejected) as caught:
        serve(
            stocked,
            tmp_path,
            "S1,LV,2024-01,400",
            mapping=LOWEST,
            bureau="C1",
            viewer=steward_of(stocked, "S1"),
        )

    assert codes(caught) == {"unit_and_above"}
    assert before == dump(stocked)


def test_an_undo_that_would_bring_a_unit_back_above_one_given_since_is_refused(stocked, tmp_path):
    """S2 was corrected by a later import, so it would stay below C1: 1,700 instead of 1,000."""
    lowest = serve(stocked, tmp_path, "S1,LV,2024-01,400", "S2,LV,2024-01,600", mapping=LOWEST)
    later = serve(stocked, tmp_path, "S2,LV,2024-01,700", mapping=LOWEST)

    error = refused_undo(stocked, lowest.batch_id)

    assert error.reason == "counted_twice"
    assert (error.references, error.batches) == (["customers_served S2 LV 2024-01"], (later.batch_id,))
    assert "count twice" in sentence(error)
    take_back(stocked, later.batch_id)
    take_back(stocked, lowest.batch_id)
    assert held(stocked) == [("P", "C1", 1000)]


def test_an_undo_that_would_bring_back_what_another_source_gives_now_is_refused(stocked, tmp_path):
    """C1 was withdrawn, then came from its own key space."""
    nothing = serve(stocked, tmp_path, "C2,LV,2024-01,5", replaces=MONTH)
    later = serve(stocked, tmp_path, "C1,LV,2024-01,900", bureau="C1")

    error = refused_undo(stocked, nothing.batch_id)

    assert (error.references, error.batches) == (["customers_served C1 LV 2024-01"], (later.batch_id,))


def test_an_undo_that_would_move_a_unit_back_below_one_with_customers_is_refused(engine, tmp_path):
    """S2 lay below C1, moved to C2, and only then both got customers."""
    take(engine, tmp_path, "units", UNITS)
    moved = take(engine, tmp_path, "units", UNITS.replace("甲二所,station,C1", "甲二所,station,C2"))
    serve(engine, tmp_path, "C1,LV,2024-01,1000", "S2,LV,2024-01,300")

    assert refused_undo(engine, moved.batch_id).reason == "counted_twice"


def test_a_unit_with_customers_does_not_move_below_one_with_customers(stocked, tmp_path):
    serve(stocked, tmp_path, "S3,LV,2024-01,300")
    before = dump(stocked)

    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "units", UNITS.replace("乙一所,station,C2", "乙一所,station,C1"))

    problem = caught.value.problems[0]
    assert (problem.row, problem.column, problem.value, problem.code) == (
        7,
        "parent",
        "C1",
        "moves_below_customers",
    )
    assert before == dump(stocked)


def test_a_form_holds_the_same_rule(stocked):
    viewer = administrator(stocked)

    with pytest.raises(FileRejected) as caught:
        entry_saving.save(
            stocked,
            viewer,
            "customers_served",
            {"unit": "S1", "level": "LV", "month": "2024-01", "customers": "4"},
        )

    assert codes(caught) == {"unit_and_above"}
    assert held(stocked) == [("P", "C1", 1000)]


def both_at_once(monkeypatch, module, name, *acts):
    """Run the acts in threads that wait for each other at a function that both call; their errors."""
    barrier, found, waited = threading.Barrier(len(acts)), [], threading.local()
    real = getattr(module, name)

    def waiting(*given):
        if not getattr(waited, "once", False):
            waited.once = True
            barrier.wait(30)
        return real(*given)

    def run(act):
        try:
            act()
        except (FileRejected, CannotBeUndone) as error:
            found.append(error)

    monkeypatch.setattr(module, name, waiting)
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def test_two_sources_at_once_do_not_both_pass(engine, tmp_path, monkeypatch):
    """Each was checked before the other came: the one that takes over second asks again."""
    take(engine, tmp_path, "units", UNITS)

    found = both_at_once(
        monkeypatch,
        finishing,
        "compare",  # after the checks, before the lock
        lambda: serve(engine, tmp_path, "C1,LV,2024-01,1000", bureau="P", name="a.csv"),
        lambda: serve(engine, tmp_path, "S1,LV,2024-01,400", bureau="C1", name="b.csv"),
    )

    assert [{one.code for one in error.problems} for error in found] == [{"unit_and_above"}]
    assert held(engine) in ([("P", "C1", 1000)], [("C1", "S1", 400)])


def test_an_undo_and_an_import_from_another_source_at_once_do_not_both_pass(
    postgres_engine, tmp_path, monkeypatch
):
    """On SQLite there is one writer anyway."""
    engine = postgres_engine
    take(engine, tmp_path, "units", UNITS)
    serve(engine, tmp_path, "C1,LV,2024-01,1000")
    withdrawn = serve(engine, tmp_path, "C2,LV,2024-01,5", replaces=MONTH)

    found = both_at_once(
        monkeypatch,
        bulk,
        "one_at_a_time",
        lambda: take_back(engine, withdrawn.batch_id),
        lambda: serve(engine, tmp_path, "S1,LV,2024-01,400", bureau="C1"),
    )

    assert len(found) == 1
    assert held(engine) in ([("P", "C1", 1000)], [("C1", "S1", 400), ("P", "C2", 5)])
