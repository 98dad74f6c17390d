"""Taking imports back: whatever the order, the rows of the newest batch that is not undone hold."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, literal, select

from data_access import org_units, rectification_making
from data_access.imports import undo
from data_access.tables.grid import areas
from data_access.tables.imports import PAST, import_batches, source_coverage
from data_access.tables.org import org_units as units
from data_access.tables.outages import outage_steps, outages
from domain.errors import CannotBeUndone, InvalidInput, NotAllowed, NotFound, StepNotAllowed
from domain.rectifications import Rectification
from domain.viewer import Scope, Viewer
from tests.data_access.importing import AREAS, OUTAGES, UNITS, administrator, company, dump, rows, take

HEADER = "step_key,outage_key,unit,kind,cause,customers,interrupted_at,restored_at"
HISTORY = {"import_batches", "stale_marks", "audit_log", "audit_head", "import_warnings", "database_info"}


@pytest.fixture
def stocked(engine, tmp_path):
    return company(engine, tmp_path)


def take_back(engine, batch_id):
    return undo.undo(engine, administrator(engine), batch_id, "a mistake")


def test_undoing_the_first_import_leaves_nothing(stocked, tmp_path):
    before = dump(stocked, HISTORY)
    result = take(stocked, tmp_path, "outages", OUTAGES)

    done = take_back(stocked, result.batch_id)

    assert (done.removed, done.restored) == (4, 0)
    assert before == dump(stocked, HISTORY)
    assert rows(stocked, source_coverage, "source") == []


def test_undoing_a_correction_restores_the_row_before_it(stocked, tmp_path):
    take(stocked, tmp_path, "outages", OUTAGES)
    before = dump(stocked, HISTORY)
    second = take(stocked, tmp_path, "outages", OUTAGES.replace(",100,", ",1,").replace("o2", "o9"))

    take_back(stocked, second.batch_id)

    assert before == dump(stocked, HISTORY)


def test_undoing_an_earlier_import_keeps_what_a_later_one_brought_again(stocked, tmp_path):
    """s1 to s3 came again unchanged in the second file; s4 came only in the first."""
    first = take(stocked, tmp_path, "outages", OUTAGES)
    three = "\n".join(OUTAGES.splitlines()[:4])
    take(stocked, tmp_path, "outages", three + "\ns9,o9,S1,A1,故障,tree,1,2024-03-05 08:00,\n")

    take_back(stocked, first.batch_id)

    assert [key for (key,) in rows(stocked, outage_steps, "step_key")] == ["s1", "s2", "s3", "s9"]
    assert [key for (key,) in rows(stocked, outages, "outage_key")] == ["o1", "o2", "o9"]


def test_undoing_a_withdrawal_brings_the_rows_back(stocked, tmp_path):
    take(stocked, tmp_path, "outages", OUTAGES)
    before = dump(stocked, HISTORY)
    year = (date(2024, 1, 1), date(2024, 12, 31))
    second = take(stocked, tmp_path, "outages", OUTAGES.splitlines()[0] + "\n", replaces=year)
    assert rows(stocked, outages, "outage_key") == []

    take_back(stocked, second.batch_id)

    assert before == dump(stocked, HISTORY)


def test_an_import_that_later_work_refers_to_is_not_undone(stocked, tmp_path):
    """The areas are named by outage steps; the whole undo leaves no trace."""
    take(stocked, tmp_path, "outages", OUTAGES)
    before = dump(stocked)
    with stocked.connect() as connection:
        batch = connection.scalar(select(import_batches.c.id).where(import_batches.c.kind == "areas"))
        first = connection.scalar(select(import_batches.c.id).where(import_batches.c.kind == "units"))
        newest = connection.scalar(select(func.max(import_batches.c.id)))

    with pytest.raises(CannotBeUndone) as caught:
        take_back(stocked, batch)
    assert caught.value.references == ["outage_steps A1", "outage_steps A2", "outage_steps A3"]
    assert caught.value.batches == (newest,)
    with pytest.raises(CannotBeUndone) as caught:
        take_back(stocked, first)
    assert "lines L1" in caught.value.references
    assert caught.value.batches == tuple(range(first + 1, newest + 1))  # each brought rows of its units
    assert before == dump(stocked)


def test_units_come_back_as_they_were_and_go_where_the_import_made_them(stocked, tmp_path):
    before = dump(stocked, HISTORY)
    changed = UNITS.replace("甲一所,station,C1", "改名,station,C2") + "S4,新所,station,C2,\n"
    result = take(stocked, tmp_path, "units", changed)
    assert "S4" in [code for (code,) in rows(stocked, units, "code")]

    take_back(stocked, result.batch_id)

    assert before == dump(stocked, HISTORY)


def test_a_unit_that_only_a_step_s_outage_column_names_is_kept(stocked, tmp_path):
    """The outage takes what its first step says; the other step's word is checked by nothing else."""
    made = take(stocked, tmp_path, "units", UNITS + "S4,新所,station,C2,\n")
    steps = ("s1,S1,S1,故障,100,2024-03-01 08:00", "s2,S1,S4,故障,100,2024-03-01 09:00")
    header = "step_key,unit,outage_unit,kind,customers,interrupted_at,outage_key\n"
    take(stocked, tmp_path, "outages", header + "".join(f"{one},o1\n" for one in steps))
    assert rows(stocked, outages, "org_unit_id") == [
        (org_units.by_code(stocked, administrator(stocked).scope, "S1").id,)
    ]

    with pytest.raises(CannotBeUndone) as caught:
        take_back(stocked, made.batch_id)
    assert caught.value.references == ["outage_steps s2"]


@pytest.mark.parametrize(
    ("kind", "about", "code", "content"),
    [
        ("lines", "line", "L8", "line_code,name,unit,kind\nL8,八,S1,公用\n"),
        ("areas", "area", "A8", "area_code,name,unit,kind\nA8,八,S1,公变\n"),
        ("customer_equipment", "equipment", "E8", "equipment_key,unit\nE8,S1\n"),
    ],
)
def test_what_a_rectification_item_is_about_is_kept(stocked, tmp_path, kind, about, code, content):
    """The item would speak of nothing. One on another object stands in nobody's way."""
    batch = take(stocked, tmp_path, kind, content).batch_id
    person = administrator(stocked)
    other = Rectification("P", "", 0, "line", "L1", "x")
    rectification_making.create(stocked, person, other)
    with stocked.connect() as connection:
        space = connection.scalar(select(import_batches.c.bureau_id).where(import_batches.c.id == batch))
    made = rectification_making.create(stocked, person, Rectification(space, "", 0, about, code, "x"))

    with pytest.raises(CannotBeUndone) as caught:
        take_back(stocked, batch)

    assert caught.value.references == [f"rectifications {made.item_id}"]


def test_a_unit_that_an_earlier_row_would_need_again_is_kept(stocked, tmp_path):
    """The step moved from S4 to S1; taking that back puts it under S4 again."""
    made = take(stocked, tmp_path, "units", UNITS + "S4,新所,station,C2,\n")
    step = "step_key,unit,kind,customers,interrupted_at,outage_key\ns1,S4,故障,100,2024-03-01 08:00,o1\n"
    first = take(stocked, tmp_path, "outages", step)
    moved = take(stocked, tmp_path, "outages", step.replace("S4", "S1"))

    with pytest.raises(CannotBeUndone) as caught:
        take_back(stocked, made.batch_id)
    assert "outage_steps s1" in caught.value.references
    assert caught.value.batches == (first.batch_id,)

    for batch in (moved, first, made):
        take_back(stocked, batch.batch_id)
    assert "S4" not in [code for (code,) in rows(stocked, units, "code")]


def test_units_made_by_an_import_go_with_it_unless_a_later_one_needs_them(engine, tmp_path):
    mapping = (
        'bureau = "X"\nsource_key = ["id"]\n[columns]\noutage_key = "id"\ninterrupted_at = "t"\n'
        'kind = { constant = "fault" }\n[make_units]\nroot = { code = "X", name = "X", level = "province" }\n'
        'levels = [{ column = "town", level = "county" }]\n'
    )
    first = take(engine, tmp_path, "outages", "id,t,town\n1,2024-01-01,Mill\n2,2024-01-01,Ford\n", mapping)
    second = take(engine, tmp_path, "outages", "id,t,town\n3,2024-01-02,Mill\n", mapping)

    take_back(engine, first.batch_id)
    assert rows(engine, units, "code") == [("X",), ("X:Mill",)]
    take_back(engine, second.batch_id)
    assert rows(engine, units, "code") == []
    assert rows(engine, outages, "outage_key") == []


def test_a_batch_is_undone_once_with_a_reason_by_somebody_who_may(stocked, tmp_path):
    result = take(stocked, tmp_path, "outages", OUTAGES)
    steward = Viewer(1, "reader", frozenset({"executive"}), administrator(stocked).scope)
    stranger = Viewer(1, "steward", frozenset({"steward"}), Scope((99,)))
    for viewer, reason, error in (
        (steward, "x", NotAllowed),
        (administrator(stocked), " ", InvalidInput),
        (stranger, "x", NotFound),
    ):
        with pytest.raises(error):
            undo.undo(stocked, viewer, result.batch_id, reason)
    take_back(stocked, result.batch_id)
    with pytest.raises(StepNotAllowed):
        take_back(stocked, result.batch_id)
    with pytest.raises(NotFound):
        take_back(stocked, 999)


# A file of up to six steps of three outages: (key, outage, unit, day, customers, minutes or None).
STEP = st.tuples(
    st.integers(0, 5),
    st.integers(0, 2),
    st.sampled_from(["S1", "S2", "S3"]),
    st.integers(0, 40),
    st.sampled_from([1, 2]),
    st.sampled_from([None, 30, 90]),
)
FILE = st.lists(STEP, max_size=5, unique_by=lambda step: step[0])
ACT = st.one_of(
    st.tuples(st.just("take"), FILE, st.none()),
    st.tuples(st.just("take"), FILE, st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)),
    st.tuples(st.just("undo"), st.integers(0, 20), st.none()),
)
BEGIN = date(2024, 1, 10)


def text_of(steps):
    lines = [HEADER]
    for key, outage, unit, day, customers, minutes in steps:
        start = BEGIN + timedelta(days=day)
        end = (
            f"{start} 23:{minutes}"
            if minutes == 30
            else f"{start + timedelta(days=1)} 00:30"
            if minutes
            else ""
        )
        lines.append(f"k{key},o{outage},{unit},fault,c{customers},{customers},{start} 23:00,{end}")
    return "\n".join(lines) + "\n"


def hold(history):
    """The rows that hold: per key, what the newest batch that is not undone says; None for withdrawn."""
    rows = {}
    for batch in history:
        if batch["state"] == "taken":
            rows |= batch["rows"]
    return {key: row for key, row in rows.items() if row is not None}


def taken(history, steps, period):
    """What a file adds to the history; None where it changes nothing."""
    before = hold(history)
    said = {key: tuple(rest) for key, *rest in steps}
    if period:
        lost = {key for key, row in before.items() if period[0] <= row[2] <= period[1] and key not in said}
        said |= dict.fromkeys(lost)
    return said if {**before, **said} != before or any(said[key] is None for key in said) else None


def expected_outages(now):
    found = {}
    for key, (outage, unit, day, customers, _) in now.items():
        found.setdefault(f"o{outage}", []).append((day, f"k{key}", unit, customers))
    return {
        (name, min(steps)[2], BEGIN + timedelta(days=min(steps)[0]), sum(one[3] for one in steps), len(steps))
        for name, steps in found.items()
    }


def check(engine, history):
    now = hold(history)
    codes = dict(rows(engine, units, "id", "code"))
    firsts = {name: day for name, _, day, _, _ in expected_outages(now)}
    assert {
        (f"k{key}", f"o{outage}", unit, customers, firsts[f"o{outage}"])
        for key, (outage, unit, _, customers, _) in now.items()
    } == {
        (key, outage, codes[unit], customers, day)
        for key, outage, unit, customers, day in rows(
            engine, outage_steps, "step_key", "outage_key", "org_unit_id", "customers", "start_day"
        )
    }
    assert expected_outages(now) == {
        (name, codes[unit], day, customers, steps)
        for name, unit, day, customers, steps in rows(
            engine, outages, "outage_key", "org_unit_id", "start_day", "customers", "steps"
        )
    }


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACT, min_size=2, max_size=9))
def test_any_sequence_of_imports_corrections_and_undos_equals_the_plain_model(stocked, tmp_path, acts):
    """The model keeps every batch as a dict; undone ones are passed over."""
    with stocked.begin() as connection:
        for table in (outage_steps, outages, PAST["outage_steps"], source_coverage):
            connection.execute(delete(table).where(literal(True)))
    history = []
    for act, what, period in acts:
        if act == "take":
            days = tuple(BEGIN + timedelta(days=day) for day in period) if period else None
            said = taken(history, what, period)
            result = None
            if what or period:
                covers = None if what else "none"
                result = take(stocked, tmp_path, "outages", text_of(what), covers=covers, replaces=days)
            if said is not None and result is not None:
                history.append({"id": result.batch_id, "state": "taken", "rows": said})
            elif result is not None and result.batch_id is not None:
                # Nothing but the period that the file covers is new; its rows belong to it all the same.
                history.append(
                    {"id": result.batch_id, "state": "taken", "rows": {k: tuple(r) for k, *r in what}}
                )
        else:
            waiting = [one for one in history if one["state"] == "taken"]
            if waiting:
                one = waiting[what % len(waiting)]
                take_back(stocked, one["id"])
                one["state"] = "undone"
        check(stocked, history)
    for one in reversed([one for one in history if one["state"] == "taken"]):
        take_back(stocked, one["id"])
    assert rows(stocked, outage_steps, "step_key") == []
    assert rows(stocked, outages, "outage_key") == []
    assert rows(stocked, PAST["outage_steps"], "step_key") == []


def test_undo_of_other_kinds_restores_them_too(stocked, tmp_path):
    before = dump(stocked, HISTORY)
    second = take(stocked, tmp_path, "areas", AREAS.replace("台一", "改名") + "A4,台四,S1,公变,\n")
    assert len(rows(stocked, areas, "area_code")) == 4
    notices = "notice_key,unit,kind,published_at,area_codes\nn1,S1,计划,2024-03-01 08:00,A1\n"
    third = take(stocked, tmp_path, "notices", notices, covers="none")
    served = take(stocked, tmp_path, "customers_served", "unit,level,month,customers\nS1,LV,2024-01,5\n")

    for one in (served, third, second):
        take_back(stocked, one.batch_id)

    assert before == dump(stocked, HISTORY)
    assert org_units.by_code(stocked, administrator(stocked).scope, "S1")
