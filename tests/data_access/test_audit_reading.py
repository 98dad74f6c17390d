"""The audit log is read inside the units for which somebody may, newest first, never counted to its end."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, insert, select

from data_access import audit, audit_history, audit_reading, people_history
from data_access.audit_reading import Filters
from data_access.tables.audit import audit_log
from data_access.tables.org import org_units, people
from data_access.transactions import reading_all, writing_all
from domain.errors import NotAllowed, NotFound
from domain.viewer import Scope, Viewer
from tests.data_access.importing import administrator, company

ALL = Filters(only_changes=False)
BEGAN = datetime(2026, 1, 31, 16)  # the first of February in Shanghai

OURS = Filters(only_changes=False, until=BEGAN + timedelta(days=1))


@pytest.fixture
def log(engine, tmp_path):
    """Acts in every unit, some of the whole company, and one in a unit that is gone since."""
    company(engine, tmp_path)
    with reading_all(engine) as connection:
        ids = dict(tuple(row) for row in connection.execute(select(org_units.c.code, org_units.c.id)))
        last = connection.scalar(select(func.max(audit_log.c.no)).where(audit_log.c.bureau_id == "C1"))
    rows = []
    for place, (code, action, by, is_change) in enumerate(
        [
            ("S1", "import.file", "Ma Yue", True),
            ("S2", "import.undo", "Lin Wen", True),
            ("C1", "sign_in", "Ma Yue", False),
            ("S3", "import.file", "He Jia", True),
            (None, "rules.publish", "He Jia", True),
            ("gone", "import.file", "He Jia", True),
        ]
    ):
        row = audit.row_of(administrator(engine), action, f"{action} 100%_{place}", None, {"n": place})
        row |= {"by_name": by, "is_change": is_change, "at": BEGAN + timedelta(hours=place)}
        unit = 9_999 if code == "gone" else ids.get(code)
        rows.append(
            row | {"bureau_id": "C1", "no": (last or 0) + 1 + place, "org_unit_id": unit, "hash": "x"}
        )
    with writing_all(engine) as connection:
        connection.execute(insert(audit_log), rows)
    return engine


def somebody(engine, *grants):
    with reading_all(engine) as connection:
        ids = dict(tuple(row) for row in connection.execute(select(org_units.c.code, org_units.c.id)))
    pairs = frozenset((role, ids[code]) for role, code in grants)
    roots = tuple(sorted({unit for _role, unit in pairs}))
    return Viewer(1, "somebody", frozenset(role for role, _code in grants), Scope(roots), pairs)


def subjects(engine, viewer, only=ALL, **page):
    found, _count = audit_reading.page(engine, viewer, only, **page)
    return [one[-1] for one in found["subject"] if "100%_" in one]


@pytest.mark.parametrize(
    ("grants", "seen"),
    [
        ([("manager", "P")], "543210"),
        ([("manager", "C1")], "210"),
        ([("manager", "S3")], "3"),
        ([("manager", "S1"), ("manager", "S3")], "30"),
        ([("manager", "S1"), ("executive", "P")], "0"),  # who may look at all of it reads the log of S1 only
    ],
    ids=str,
)
def test_rows_of_ones_own_units_are_seen_and_those_of_the_company_by_its_managers_only(log, grants, seen):
    viewer = somebody(log, *grants)

    assert "".join(subjects(log, viewer)) == seen
    of_file = list(audit_reading.stream(log, viewer, ALL))
    said = [one[-1] for frame in of_file for one in frame["subject"] if "100%_" in one]
    assert "".join(said) == seen
    assert (audit_reading.page(log, viewer, ALL)[1] == sum(map(len, of_file))) is True


@pytest.mark.parametrize("role", ["executive", "lead", "area_manager", "steward"])
def test_other_roles_read_nothing(log, role):
    viewer = somebody(log, (role, "P"))
    for ask in (audit_reading.page, lambda *given: list(audit_reading.stream(*given))):
        with pytest.raises(NotAllowed, match="see_audit"):
            ask(log, viewer, ALL)
    with pytest.raises(NotAllowed, match="see_audit"):
        audit_reading.entry(log, viewer, "C1", 1)


@pytest.mark.parametrize(
    ("only", "seen"),
    [
        (Filters(since=BEGAN), "54310"),
        (Filters(who="ma y", only_changes=False), "20"),
        (Filters(actions=("import.undo", "rules.publish")), "41"),
        (Filters(text="100%_3"), "3"),
        (Filters(text="100__3"), ""),  # signs of LIKE are signs
        (Filters(since=BEGAN + timedelta(hours=1), until=BEGAN + timedelta(hours=4)), "31"),
    ],
    ids=str,
)
def test_every_filter_narrows_by_itself(log, only, seen):
    assert "".join(subjects(log, administrator(log), only)) == seen


def test_a_unit_stands_for_all_below_it_and_is_refused_outside(log):
    with reading_all(log) as connection:
        city = connection.scalar(select(org_units.c.id).where(org_units.c.code == "C1"))
    only = Filters(unit_id=city, only_changes=False)

    assert "".join(subjects(log, administrator(log), only)) == "210"
    with pytest.raises(NotFound):
        audit_reading.page(log, somebody(log, ("manager", "C2")), only)
    with pytest.raises(NotFound):  # seen, but without a right to its log
        audit_reading.page(log, somebody(log, ("manager", "S1"), ("executive", "P")), only)


def test_pages_follow_each_other_without_a_gap(log):
    found = []
    for number in (1, 2, 3):
        found += subjects(log, administrator(log), OURS, number=number, size=2)

    assert found == list("543210")


def test_rows_are_counted_up_to_a_limit_only(log, monkeypatch):
    monkeypatch.setattr(audit_reading, "MOST_COUNTED", 3)

    assert audit_reading.page(log, administrator(log), ALL)[1] == 4


def test_an_entry_says_what_was_after_and_is_not_found_outside(log):
    newest = audit_reading.page(log, administrator(log), OURS)[0].iloc[0]
    entry = audit_reading.entry(log, administrator(log), "C1", int(newest["no"]))

    assert (entry["before"], entry["after"]) == (None, {"n": 5})
    with pytest.raises(NotFound):
        audit_reading.entry(log, somebody(log, ("manager", "C1")), "C1", int(newest["no"]))
    with pytest.raises(NotFound):
        audit_reading.entry(log, administrator(log), "C1", 99_999)


def test_a_page_beyond_the_end_is_the_last_one_that_is_counted(log, monkeypatch):
    assert subjects(log, administrator(log), OURS, number=99, size=4) == list("10")
    monkeypatch.setattr(audit_reading, "MOST_COUNTED", 4)

    assert subjects(log, administrator(log), OURS, number=99, size=2) == list("32")


@pytest.fixture
def renamed(log):
    """Lin Wen, no. 1, is called Lin Wenhua now; no. 2, a namesake, is not; no. 3 was He Jia and left."""
    now = {1: "Lin Wenhua", 2: "Lin Wen", 3: "离职人员 #3", 4: "He Jia"}
    with reading_all(log) as connection:
        last = connection.scalar(select(func.max(audit_log.c.no)).where(audit_log.c.bureau_id == "C1"))
        unit = connection.scalar(select(org_units.c.id).where(org_units.c.code == "C1"))
    rows = []
    for place, (number, then) in enumerate([(1, "Lin Wen"), (2, "Lin Wen"), (3, "He Jia"), (4, "He Jia")]):
        row = audit.row_of(administrator(log), "targets.set", f"by 100%_{number}", None, None)
        row |= {"person_id": number, "by_name": then, "at": BEGAN + timedelta(days=9, hours=place)}
        rows.append(row | {"bureau_id": "C1", "no": last + 1 + place, "org_unit_id": unit, "hash": "x"})
    with writing_all(log) as connection:
        for number, name in now.items():
            values = {"id": number, "name": name, "name_en": name.replace("离职人员", "Former employee")}
            connection.execute(insert(people).values(values))
        connection.execute(insert(audit_log), rows)
    return log


@pytest.mark.parametrize(
    ("who", "seen"),
    [("Lin Wenhua", "1"), ("Lin Wen", "21"), ("He Jia", "4"), ("former employee #3", "3"), ("离职", "3")],
)
def test_people_are_looked_for_by_what_they_are_called_today_and_were_then(renamed, who, seen):
    """Who left is not found by the name that was blanked, though a namesake is."""
    only = Filters(who=who, since=BEGAN + timedelta(days=9))

    assert "".join(subjects(renamed, administrator(renamed), only)) == seen


def test_an_entry_says_whose_name_that_was_and_what_the_person_is_called_now(renamed):
    found, _count = audit_reading.page(renamed, administrator(renamed), Filters(who="Wenhua"))
    entry = audit_reading.entry(renamed, administrator(renamed), "C1", int(found["no"][0]))

    assert (entry["by_name"], entry["person_id"], entry["name_now"]) == ("Lin Wen", 1, "Lin Wenhua")


def plans(engine, *asking):
    """How SQLite reads the log for each statement that is asked meanwhile."""
    said = []
    event.listen(engine, "before_cursor_execute", lambda *call: said.append(call[2:4]))
    for ask in asking:
        ask()
    asked = [(text, values) for text, values in said if "FROM audit_log" in text]
    with engine.connect() as connection:
        return [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all())
            for text, values in asked
        ]


@pytest.mark.parametrize("actions", [(), ("import.file", "export")])
def test_the_newest_rows_are_read_along_an_index(sqlite_engine, tmp_path, actions):
    """Not by sorting all of a log that grows without end."""
    company(sqlite_engine, tmp_path)
    viewer, only = administrator(sqlite_engine), Filters(actions=actions)

    [plan] = plans(sqlite_engine, lambda: audit_reading.page(sqlite_engine, viewer, only))

    assert "USING INDEX ix_audit_log_at" in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


def test_histories_read_acts_of_their_kind_along_an_index(sqlite_engine, tmp_path):
    """Not the whole of a log that grows without end."""
    company(sqlite_engine, tmp_path)
    viewer = administrator(sqlite_engine)
    unit = viewer.scope.roots[0]
    with writing_all(sqlite_engine) as connection:
        connection.execute(insert(people).values(id=1, name="z"))

    found = plans(
        sqlite_engine,
        lambda: people_history.history(sqlite_engine, viewer, 1),
        lambda: audit_history.history(sqlite_engine, viewer.scope, "targets.", "x", unit),
    )

    of_kind, of_unit = "ix_audit_log_action_at (action=?", "ix_audit_log_org_unit_id_at (org_unit_id=?"
    for plan, index in zip(found, (of_kind, of_unit, of_kind), strict=True):
        assert f"SEARCH audit_log USING INDEX {index}" in plan
