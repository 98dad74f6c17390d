"""Records entered by hand take the way of a file: same checks, same undo, demo entries stay demo data."""

import pytest
from sqlalchemy import select

from data_access import entry, entry_saving, import_history
from data_access.database import settle
from data_access.imports import run
from data_access.tables.grid import areas
from data_access.tables.imports import import_batches
from data_access.tables.org import org_units
from data_access.tables.outages import outage_steps, outages
from data_access.transactions import reading_all, writing_all
from domain.errors import ChangedByOthers, FileRejected, NotAllowed
from domain.viewer import Scope, Viewer
from tests.data_access import importing
from tests.data_access.importing import administrator, take

OUTAGE = {"outage_key": "F1", "line_code": "L1", "trip": "permanent"}
STEP = {
    "unit": "S1",
    "kind": "fault",
    "cause": "tree",
    "customers": "30",
    "interrupted_at": "2024-05-01 08:00:00",
    "restored_at": "2024-05-01 09:00:00",
}


@pytest.fixture
def company(engine, tmp_path, monkeypatch):
    """Units, lines and areas of a small company; no process is started."""
    monkeypatch.setattr("data_access.processes.start", lambda *_: 0)
    return importing.company(engine, tmp_path)


def test_a_new_outage_gets_further_steps_with_the_outage_s_own_columns(company):
    viewer = administrator(company)

    entry_saving.save_step(company, viewer, OUTAGE, STEP, [], None)
    before = entry.steps(company, viewer.scope, "F1")
    later = STEP | {"customers": "20", "restored_at": ""}
    entry_saving.save_step(company, viewer, OUTAGE | {"trip": "reclosed"}, later, before, None)

    with reading_all(company) as connection:
        found = connection.execute(select(outages)).one()
        steps = connection.execute(select(outage_steps.c.step_key, outage_steps.c.trip)).all()
    assert (found.steps, found.customers, found.open_steps, found.trip) == (2, 50, 1, "reclosed")
    assert sorted(steps) == [("F1-1", "reclosed"), ("F1-2", "reclosed")]


def test_a_correction_changes_one_step_and_can_be_undone(company):
    viewer = administrator(company)
    entry_saving.save_step(company, viewer, OUTAGE, STEP, [], None)
    before = entry.steps(company, viewer.scope, "F1")

    saved = entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "31"}, before, 0)
    assert (saved.new, saved.changed) == (0, 1)
    assert entry.steps(company, viewer.scope, "F1")[0].texts["customers"] == "31"
    import_history.undo(company, viewer, saved.batch_id, "typing error")

    assert entry.steps(company, viewer.scope, "F1") == before


def test_what_a_form_shows_is_what_it_saves(company):
    """Opening a record and saving it unchanged changes nothing, to the second and the time zone."""
    viewer = administrator(company)
    entry_saving.save_step(
        company, viewer, OUTAGE, STEP | {"interrupted_at": "2024-05-01 08:00:17"}, [], None
    )
    before = entry.steps(company, viewer.scope, "F1")

    texts = before[0].texts
    outage = {name: texts[name] for name in entry.OF_OUTAGE}
    saved = entry_saving.save_step(company, viewer, outage, texts, before, 0)

    assert saved.batch_id is None


@pytest.mark.parametrize(
    ("kind", "texts", "key"),
    [
        ("units", {"code": "S9", "name": "新所", "level": "station", "parent": "C1"}, {"code": "S9"}),
        ("areas", {"area_code": "A9", "name": "台九", "unit": "S1", "kind": "public"}, {"area_code": "A9"}),
        (
            "customers_served",
            {"unit": "S1", "level": "LV", "month": "2024-05", "customers": "1000"},
            {"unit": "S1", "level": "LV", "month": "2024-05"},
        ),
        (
            "lines",
            {"line_code": "L9", "name": "九线", "unit": "S1", "kind": "public", "conductor": "bare"},
            {"line_code": "L9"},
        ),
        ("transformers", {"transformer_key": "T9", "area_code": "A1"}, {"transformer_key": "T9"}),
        (
            "defects",
            {
                "defect_key": "D9",
                "unit": "S1",
                "area_code": "A1",
                "severity": "urgent",
                "found_at": "2024-05-01 08:00:00",
            },
            {"defect_key": "D9"},
        ),
        (
            "damage_sites",
            {
                "site_key": "P9",
                "unit": "S1",
                "line_code": "L1",
                "kind": "crossing",
                "opened_on": "2024-05-01",
            },
            {"site_key": "P9"},
        ),
        (
            "customer_equipment",
            {
                "equipment_key": "E9",
                "unit": "S1",
                "arrester_type": "silicon_carbide",
                "has_boundary_switch": "false",
            },
            {"equipment_key": "E9"},
        ),
    ],
)
def test_one_record_is_entered_and_read_back(company, kind, texts, key):
    viewer = administrator(company)

    saved = entry_saving.save(company, viewer, kind, texts)

    found = entry.record(company, viewer.scope, kind, **key)
    assert saved.new == 1
    assert texts.items() <= found.texts.items()


def test_a_patrol_lives_where_its_site_does_and_is_seen_by_who_sees_it(company, tmp_path):
    """It has no unit of its own."""
    viewer = administrator(company)
    site = "site_key,unit,line_code,kind,opened_on\nP9,S1,L1,crossing,2024-05-01\n"
    take(company, tmp_path, "damage_sites", site, bureau="P")
    patrol = {"patrol_key": "X9", "site_key": "P9", "patrolled_on": "2024-05-08"}

    entry_saving.save(company, viewer, "patrols", patrol)

    found = entry.record(company, viewer.scope, "patrols", patrol_key="X9")
    assert (found.bureau_id, found.texts["patrolled_on"]) == ("P", "2024-05-08")
    with reading_all(company) as connection:
        ids = dict(connection.execute(select(org_units.c.code, org_units.c.id)).all())
    assert entry.record(company, Scope((ids["S1"],)), "patrols", patrol_key="X9") == found
    assert entry.record(company, Scope((ids["S2"],)), "patrols", patrol_key="X9") is None


def test_a_new_record_lives_where_its_unit_s_records_live(company):
    """The company's file was taken under P; a unit without any records falls back to its home key space."""
    viewer = administrator(company)
    entry_saving.save(
        company, viewer, "units", {"code": "S4", "name": "新所", "level": "station", "parent": "C2"}
    )
    for code, unit in (("A8", "S3"), ("A9", "S4")):
        entry_saving.save(
            company, viewer, "areas", {"area_code": code, "name": "x", "unit": unit, "kind": "public"}
        )

    with reading_all(company) as connection:
        found = connection.execute(
            select(areas.c.area_code, areas.c.bureau_id).where(areas.c.area_code.in_(["A8", "A9"]))
        ).all()
    assert sorted(found) == [("A8", "P"), ("A9", "C2")]


def test_what_a_file_would_refuse_a_form_refuses_too(company):
    viewer = administrator(company)

    with pytest.raises(FileRejected) as caught:
        entry_saving.save_step(
            company, viewer, OUTAGE, STEP | {"restored_at": "2024-05-01 07:00:00"}, [], None
        )

    assert caught.value.problems[0].code == "restored_before_start"
    assert entry.steps(company, viewer.scope, "F1") == []


def test_a_record_that_somebody_changed_meanwhile_is_not_overwritten(company):
    viewer = administrator(company)
    entry_saving.save_step(company, viewer, OUTAGE, STEP, [], None)
    before = entry.steps(company, viewer.scope, "F1")
    entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "99"}, before, 0)

    with pytest.raises(ChangedByOthers) as caught:
        entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "1"}, before, 0)
    assert (caught.value.mine["customers"], caught.value.theirs["customers"]) == ("1", "99")
    with pytest.raises(ChangedByOthers) as caught:
        entry_saving.save_step(company, viewer, OUTAGE, STEP, [], None)  # a new one with a key that exists
    assert caught.value.theirs["customers"] == "99"
    assert entry.steps(company, viewer.scope, "F1")[0].texts["customers"] == "99"

    entry_saving.save_step(company, viewer, OUTAGE, STEP, *caught.value.seen)  # mine over theirs

    assert [one.texts["customers"] for one in entry.steps(company, viewer.scope, "F1")] == ["30"]


SERVED = {"unit": "S1", "level": "LV", "month": "2024-05", "customers": "1000"}
OF_SERVED = {name: SERVED[name] for name in ("unit", "level", "month")}


@pytest.fixture
def meanwhile(monkeypatch):
    """meanwhile(act): somebody else does the act when a saving has checked everything, before it writes."""

    def later(act):
        compare = run.finishing.compare

        def once(*given):
            monkeypatch.setattr(run.finishing, "compare", compare)
            compared = compare(*given)
            act()
            return compared

        monkeypatch.setattr(run.finishing, "compare", once)

    return later


def test_who_is_quicker_by_a_moment_is_noticed_too(company, meanwhile):
    """Between the last look and the writing transaction is where a change would get lost."""
    viewer = administrator(company)
    entry_saving.save(company, viewer, "customers_served", SERVED)
    before = entry.record(company, viewer.scope, "customers_served", **OF_SERVED)
    others = SERVED | {"customers": "1001"}
    meanwhile(lambda: entry_saving.save(company, viewer, "customers_served", others, before))

    with pytest.raises(ChangedByOthers) as caught:
        entry_saving.save(company, viewer, "customers_served", SERVED | {"customers": "999"}, before)

    now = entry.record(company, viewer.scope, "customers_served", **OF_SERVED)
    assert now.texts["customers"] == "1001"
    assert (caught.value.mine["customers"], caught.value.theirs["customers"]) == ("999", "1001")
    assert caught.value.seen == (now,)


def test_of_two_new_records_of_one_key_the_second_is_noticed(company, meanwhile):
    viewer = administrator(company)
    meanwhile(lambda: entry_saving.save_step(company, viewer, OUTAGE, STEP, [], None))

    with pytest.raises(ChangedByOthers) as caught:
        entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "31"}, [], None)

    assert [one.texts["customers"] for one in entry.steps(company, viewer.scope, "F1")] == ["30"]
    assert (caught.value.mine["customers"], caught.value.theirs["customers"]) == ("31", "30")


def test_a_record_that_was_taken_back_meanwhile_has_nothing_to_be_compared_with(company, meanwhile):
    viewer = administrator(company)
    saved = entry_saving.save(company, viewer, "customers_served", SERVED)
    before = entry.record(company, viewer.scope, "customers_served", **OF_SERVED)
    meanwhile(lambda: import_history.undo(company, viewer, saved.batch_id, "wrong month"))

    with pytest.raises(ChangedByOthers) as caught:
        entry_saving.save(company, viewer, "customers_served", SERVED | {"customers": "999"}, before)

    assert (caught.value.theirs, caught.value.seen) == ({}, (None,))
    assert entry.record(company, viewer.scope, "customers_served", **OF_SERVED) is None


def test_of_a_step_that_only_one_of_two_added_the_outage_is_compared(company):
    viewer = administrator(company)
    entry_saving.save_step(company, viewer, OUTAGE, STEP, [], None)
    before = entry.steps(company, viewer.scope, "F1")
    entry_saving.save_step(company, viewer, OUTAGE | {"trip": "reclosed"}, STEP, before, 0)

    with pytest.raises(ChangedByOthers) as caught:
        entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "7"}, before, None)
    assert (caught.value.theirs["trip"], "customers" in caught.value.theirs) == ("reclosed", False)
    entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "7"}, *caught.value.seen)

    now = entry.steps(company, viewer.scope, "F1")
    assert [one.texts["customers"] for one in now] == ["30", "7"]
    assert [one.texts["trip"] for one in now] == ["permanent", "permanent"]


def test_two_who_add_a_step_to_one_outage_add_two(company):
    """Both steps were to be F1-2: the second took the place of the first."""
    viewer = administrator(company)
    entry_saving.save_step(company, viewer, OUTAGE, STEP, [], None)
    before = entry.steps(company, viewer.scope, "F1")
    entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "20"}, before, None)

    with pytest.raises(ChangedByOthers) as caught:
        entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "7"}, before, None)
    assert (caught.value.seen[1], "customers" in caught.value.theirs) == (None, False)
    entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "7"}, *caught.value.seen)

    now = entry.steps(company, viewer.scope, "F1")
    assert sorted((one.texts["step_key"], one.texts["customers"]) for one in now) == [
        ("F1-1", "30"),
        ("F1-2", "20"),
        ("F1-3", "7"),
    ]


def test_of_two_who_enter_one_new_outage_the_first_steps_are_compared(company):
    """They speak of the same step, so storing mine over it leaves one."""
    viewer = administrator(company)
    entry_saving.save_step(company, viewer, OUTAGE, STEP, [], None)

    with pytest.raises(ChangedByOthers) as caught:
        entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "31"}, [], None)
    assert (caught.value.seen[1], caught.value.theirs["customers"]) == (0, "30")
    entry_saving.save_step(company, viewer, OUTAGE, STEP | {"customers": "31"}, *caught.value.seen)

    assert [one.texts["customers"] for one in entry.steps(company, viewer.scope, "F1")] == ["31"]


def test_nobody_enters_records_without_the_role_or_outside_their_units(company):
    viewer = administrator(company)
    entry_saving.save_step(company, viewer, OUTAGE, STEP, [], None)
    with reading_all(company) as connection:
        other = connection.scalar(select(org_units.c.id).where(org_units.c.code == "C2"))
    neighbour = Viewer(2, "neighbour", frozenset({"steward"}), Scope((other,)))
    manager = Viewer(3, "manager", frozenset({"manager"}), viewer.scope)

    assert entry.steps(company, neighbour.scope, "F1") == []
    assert entry.record(company, neighbour.scope, "units", code="S1") is None
    with pytest.raises(FileRejected):
        entry_saving.save_step(company, neighbour, OUTAGE | {"outage_key": "F2"}, STEP, [], None)
    with pytest.raises(NotAllowed):
        entry_saving.save_step(company, manager, OUTAGE | {"outage_key": "F2"}, STEP, [], None)


def test_an_entry_into_a_demo_database_is_demo_data(engine, monkeypatch):
    monkeypatch.setattr("data_access.processes.start", lambda *_: 0)
    with writing_all(engine) as connection:
        settle(connection, "demo")
    viewer = Viewer(None, "tester", frozenset({"steward"}), Scope(()))

    entry_saving.save(engine, viewer, "units", {"code": "P", "name": "省", "level": "province"})

    with reading_all(engine) as connection:
        assert connection.scalars(select(import_batches.c.origin)).all() == ["demo"]
