"""Warnings: what contradicts itself is asked about, and nobody is asked twice about the same row."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select, update

from data_access import import_history
from data_access.imports import undo
from data_access.tables.audit import audit_log
from data_access.tables.imports import import_batches, import_warnings
from data_access.tables.org import org_units
from data_access.tables.outages import notice_areas
from data_access.transactions import writing_all
from domain.errors import ChangedByOthers
from tests.data_access.importing import administrator, company, rows, take
from tests.postgres import GIVE_UP_S, wait_until_somebody_waits

HEADER = "step_key,outage_key,unit,kind,customers,interrupted_at,restored_at\n"
LONG = "w,w,S1,故障,1,2024-01-01 08:00,2024-03-01 09:00\n"
OTHER = "x,x,S1,故障,5,2024-01-01 08:00,2024-01-01 09:00\n"


@pytest.fixture
def stocked(engine, tmp_path):
    return company(engine, tmp_path)


def waiting(engine):
    frame, count = import_history.warnings(engine, administrator(engine))
    assert count == len(frame)
    return list(zip(frame["batch_id"], frame["row_no"], frame["column"], frame["code"], strict=True))


def accept(engine, keys):
    import_history.decide(engine, administrator(engine), keys, "accepted", "a long flood")


def newest(engine):
    with engine.connect() as connection:
        return connection.scalar(select(import_batches.c.warnings).order_by(import_batches.c.id.desc()))


def test_a_decision_is_in_the_log_of_the_unit_whose_rows_it_is_about(stocked, tmp_path):
    """Somebody of the whole company decides; the county's manager must find it."""
    codes = dict(rows(stocked, org_units, "id", "code"))
    for key, unit in (("u", "S1"), ("v", "S2"), ("w", "S1")):
        take(stocked, tmp_path, "outages", HEADER + LONG.replace("w", key).replace("S1", unit))
    newest_first = waiting(stocked)

    accept(stocked, newest_first[:1])
    accept(stocked, newest_first[1:])

    written = rows(stocked, audit_log, "action", "org_unit_id")
    assert {codes[unit] for action, unit in written if action == "warnings.accepted"} == {"S1", "C1"}


def test_two_who_decide_on_the_same_rows_never_wait_for_each_other(postgres_engine, tmp_path):
    company(postgres_engine, tmp_path)
    take(postgres_engine, tmp_path, "outages", HEADER + LONG + LONG.replace("w", "v"))
    first, second = sorted(waiting(postgres_engine))
    decided = update(import_warnings).values(decision="accepted")

    with ThreadPoolExecutor(1) as beside:
        with writing_all(postgres_engine) as connection:
            for _batch, row, *_rest in (first, second):
                connection.execute(decided.where(import_warnings.c.row_no == row))
                if row == first[1]:
                    other = beside.submit(accept, postgres_engine, [second, first])
                    wait_until_somebody_waits(postgres_engine)
        with pytest.raises(ChangedByOthers):
            other.result(GIVE_UP_S)


def test_a_decided_warning_does_not_come_back_with_the_correction_of_another_row(stocked, tmp_path):
    first = take(stocked, tmp_path, "outages", HEADER + LONG + OTHER)
    assert first.warnings == 1
    accept(stocked, waiting(stocked))

    again = take(stocked, tmp_path, "outages", HEADER + LONG + OTHER.replace(",5,", ",6,"))

    assert (again.changed, again.same, again.warnings, newest(stocked)) == (1, 1, 0, 0)
    assert waiting(stocked) == []


def test_a_warning_waits_again_once_its_row_changed(stocked, tmp_path):
    """And goes on waiting when that row comes again unchanged: the decision was about the row before."""
    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER)
    accept(stocked, waiting(stocked))
    changed = LONG.replace("03-01 09:00", "04-01 09:00")

    take(stocked, tmp_path, "outages", HEADER + changed + OTHER)
    assert [key[1:] for key in waiting(stocked)] == [(2, "restored_at", "longer_than_days")]
    take(stocked, tmp_path, "outages", HEADER + changed + OTHER.replace(",5,", ",6,"))
    assert len(waiting(stocked)) == 2


def test_a_corrected_row_is_not_asked_about_any_more_until_its_correction_is_undone(stocked, tmp_path):
    """The other long outage is a decoy; so is the same key of another source, which corrects nothing here."""
    long = LONG + OTHER.replace("01-01 09:00", "04-01 09:00")
    take(stocked, tmp_path, "outages", HEADER + long, bureau="C1")
    short = LONG.replace("03-01 09:00", "01-01 09:00")
    take(stocked, tmp_path, "outages", HEADER + short.replace("S1", "S2"), bureau="P")
    assert [key[1] for key in waiting(stocked)] == [2, 3]

    correction = take(stocked, tmp_path, "outages", HEADER + short, bureau="C1")
    assert [key[1] for key in waiting(stocked)] == [3]

    undo.undo(stocked, administrator(stocked), correction.batch_id, "it was that long after all")
    assert [key[1] for key in waiting(stocked)] == [2, 3]


def test_a_withdrawn_row_is_not_asked_about_any_more(stocked, tmp_path):
    take(stocked, tmp_path, "outages", HEADER + LONG)

    take(stocked, tmp_path, "outages", HEADER + OTHER, replaces=(date(2024, 1, 1), date(2024, 1, 31)))

    assert waiting(stocked) == []


def test_a_batch_that_was_undone_has_nothing_waiting(stocked, tmp_path):
    batch = take(stocked, tmp_path, "outages", HEADER + LONG).batch_id
    undo.undo(stocked, administrator(stocked), batch, "the wrong file")

    found, _count = import_history.batches(stocked, administrator(stocked))

    assert found.set_index("id")["waiting"][batch] == 0


def test_a_warning_that_nobody_decided_is_listed_with_the_newer_import_too(stocked, tmp_path):
    """The row belongs to the newer batch: undoing the earlier one must not lose the question."""
    first = take(stocked, tmp_path, "outages", HEADER + LONG + OTHER)
    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER.replace(",5,", ",6,"))

    undo.undo(stocked, administrator(stocked), first.batch_id, "a mistake")

    assert [key[1:] for key in waiting(stocked)] == [(2, "restored_at", "longer_than_days")]


def test_the_decision_of_another_source_settles_nothing_here(stocked, tmp_path):
    """The province numbers its outages alike."""
    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER, bureau="C1")
    accept(stocked, waiting(stocked))
    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER, bureau="P")

    take(stocked, tmp_path, "outages", HEADER + LONG + OTHER.replace(",5,", ",6,"), bureau="P")

    assert len(waiting(stocked)) == 2
    assert rows(stocked, import_batches, "warnings") == [(0,), (0,), (0,), (1,), (1,), (1,)]


def test_steps_that_contradict_each_other_about_their_outage_are_asked_about(stocked, tmp_path):
    """What a step leaves blank contradicts nothing; the steps of x, and other columns, are decoys."""
    header = (
        "step_key,outage_key,unit,kind,interrupted_at,line_code,detected_at,trip,has_automation,is_fast_restored,"
        "is_boundary_breaker\n"
    )
    steps = [
        "a,o,S1,故障,2024-01-01 08:00,L1,2024-01-01 08:01,永久,是,否,否",
        "b,o,S2,故障,2024-01-01 08:00,L2,2024-01-01 08:30,无,否,是,是",
        "c,o,S1,故障,2024-01-01 08:00,,,,,,",
        "d,x,S1,故障,2024-01-01 08:00,L1,2024-01-01 08:01,永久,是,否,否",
        "e,x,S1,故障,2024-01-01 09:00,L1,2024-01-01 08:01,永久,是,否,否",
    ]

    take(stocked, tmp_path, "outages", header + "\n".join(steps) + "\n", bureau="P")

    found = rows(stocked, import_warnings, "column", "code", "source_key", "value", "expected")
    assert [one for one in found if one[1] == "differs_in_outage"] == [
        ("detected_at", "differs_in_outage", "b", "2024-01-01 08:30", "2024-01-01 08:01"),
        ("has_automation", "differs_in_outage", "a", "true", "false"),
        ("is_boundary_breaker", "differs_in_outage", "b", "true", "false"),
        ("is_fast_restored", "differs_in_outage", "b", "true", "false"),
        ("line_code", "differs_in_outage", "b", "L2", "L1"),
        ("trip", "differs_in_outage", "a", "permanent", "none"),
    ]


def test_announced_areas_that_are_not_in_the_register_are_asked_about(stocked, tmp_path):
    """The notice is taken, and the code stays with it: it was announced."""
    header = "notice_key,unit,kind,published_at,area_codes\n"
    codes = {"n1": "A1;A9；A8", "n2": "A1，A2", "n3": ""}
    notices = "".join(f'{key},S1,计划,2024-01-01 08:00,"{one}"\n' for key, one in codes.items())

    taken = take(stocked, tmp_path, "notices", header + notices, bureau="P")

    assert (taken.new, taken.warnings) == (3, 1)
    assert rows(stocked, import_warnings, "source_key", "column", "code", "value") == [
        ("n1", "area_codes", "unknown_area", "A9; A8")
    ]
    assert len(rows(stocked, notice_areas, "area_code")) == 5
