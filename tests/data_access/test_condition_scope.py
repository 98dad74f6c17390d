"""What says in what condition lines and areas are is read and written inside the own units only."""

from datetime import date

import pytest

from data_access import entry, entry_saving, import_history
from data_access.imports.finishing import TABLES
from data_access.tables.condition import area_loads, patrols
from domain.errors import FileRejected, NotFound
from domain.import_kinds import kinds
from tests.built_once import built_once
from tests.data_access.conditions import FILES
from tests.data_access.importing import codes, company, dump, errors, rows, take
from tests.data_access.test_import_scope import steward_of

# As somebody of S1 who names the row of S2; what it is refused for.
OF_ANOTHER = {
    "transformers": ("transformer_key,area_code\nT2,A1\n", "out_of_reach"),
    "area_loads": ("area_code,month\nA2,2024-09\n", "unknown_area"),
    "load_points": ("area_code,measured_at,power_kw\nA2,2024-09-01,1\n", "unknown_area"),
    "voltage_days": ("area_code,day,low_minutes\nA2,2024-09-01,1\n", "unknown_area"),
    "defects": ("defect_key,unit,line_code,severity,found_at\nD2,S1,L1,minor,2024-05-02\n", "out_of_reach"),
    "damage_sites": ("site_key,unit,line_code,kind,opened_on\nP2,S1,L1,other,2024-05-02\n", "out_of_reach"),
    "patrols": ("patrol_key,site_key,patrolled_on\nX9,P2,2024-05-02\n", "unknown_site"),
    "customer_equipment": ("equipment_key,unit\nE2,S1\n", "out_of_reach"),
}


@pytest.fixture
def stocked(engine, tmp_path):
    """Rows of stations S1 and S2 of each kind, brought in by the company under P."""
    _stock(engine, tmp_path)
    return engine


@built_once
def _stock(engine, folder):
    company(engine, folder)
    for kind in sorted(FILES, key=lambda one: one == "patrols"):  # a patrol names a site
        take(engine, folder, kind, FILES[kind])


def test_a_row_of_a_unit_outside_can_be_neither_taken_over_nor_named(stocked, tmp_path):
    steward = steward_of(stocked, "S1")
    before = dump(stocked)
    for kind, (content, code) in OF_ANOTHER.items():
        with pytest.raises(FileRejected) as caught:
            take(stocked, tmp_path, kind, content, viewer=steward, bureau="P")
        assert codes(caught) == {code}, kind
        assert [one.expected for one in errors(caught)] == [""], kind
    assert dump(stocked) == before


def test_one_s_own_rows_are_corrected_and_others_in_the_period_are_left_alone(stocked, tmp_path):
    steward = steward_of(stocked, "S1")
    july = (date(2024, 7, 1), date(2024, 7, 31))
    header, row, _other = FILES["area_loads"].splitlines()
    content = f"{header}\n{row.replace('2024-07', '2024-06')}\n"

    result = take(stocked, tmp_path, "area_loads", content, viewer=steward, bureau="P", replaces=july)

    assert (result.new, result.withdrawn) == (1, 1)
    assert rows(stocked, area_loads, "area_code", "month") == [
        ("A1", date(2024, 6, 1)),
        ("A2", date(2024, 7, 1)),
    ]


def test_an_import_of_rows_of_another_unit_too_is_not_undone(stocked, tmp_path):
    content = FILES["patrols"].replace("2024-03-19", "2024-03-20").replace("有人垂钓", "无")
    batch = take(stocked, tmp_path, "patrols", content).batch_id
    before = dump(stocked)

    with pytest.raises(NotFound):
        import_history.undo(stocked, steward_of(stocked, "S1"), batch, "not mine alone")

    assert dump(stocked) == before
    assert import_history.undo(stocked, steward_of(stocked, "C1"), batch, "a mistake").restored == 2


@pytest.mark.parametrize("kind", [one for one in entry.KINDS if one in FILES])
def test_a_record_is_shown_and_corrected_only_by_who_sees_its_unit(stocked, monkeypatch, kind):
    monkeypatch.setattr("data_access.processes.start", lambda *_: 0)
    (key,) = kinds()[kind].key
    value = sorted(rows(stocked, TABLES[kinds()[kind].table], key))[1][0]  # of S2
    mine, theirs = steward_of(stocked, "S2"), steward_of(stocked, "S1")

    before = entry.record(stocked, mine.scope, kind, **{key: value})
    assert before is not None
    assert entry.record(stocked, theirs.scope, kind, **{key: value}) is None
    with pytest.raises(FileRejected):
        entry_saving.save(stocked, theirs, kind, before.texts)
    assert entry_saving.save(stocked, mine, kind, before.texts, before).batch_id is None


def test_a_customer_s_name_is_masked_in_a_form_and_stays_where_it_is_left_empty(stocked, monkeypatch):
    monkeypatch.setattr("data_access.processes.start", lambda *_: 0)
    steward = steward_of(stocked, "S1")
    before = entry.record(stocked, steward.scope, "customer_equipment", equipment_key="E1")
    assert (before.texts["customer"], before.masked) == ("", {"customer": "周**"})

    advised = before.texts | {"advice": "更换避雷器", "advised_on": "2024-06-03"}
    entry_saving.save(stocked, steward, "customer_equipment", advised, before)

    found = rows(stocked, TABLES["customer_equipment"], "equipment_key", "customer", "advice")
    assert found == [("E1", "周甲", "更换避雷器"), ("E2", "郑乙", None)]


def test_a_patrol_is_seen_where_its_site_is(stocked):
    assert rows(stocked, patrols, "patrol_key") == [("X1",), ("X2",)]
    for unit, seen in (("S1", "X1"), ("S2", "X2")):
        scope = steward_of(stocked, unit).scope
        found = [entry.record(stocked, scope, "patrols", patrol_key=key) for key in ("X1", "X2")]
        assert [one.texts["patrol_key"] for one in found if one] == [seen]
