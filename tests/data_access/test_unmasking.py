"""A plain value is given to who has the right and a reason, in their units, and never without a trace."""

import json

import pytest
from sqlalchemy import insert, select

from data_access import audit, unmasking
from data_access.tables.audit import audit_log
from data_access.tables.grid import areas
from data_access.transactions import reading_all, writing_all
from domain.errors import InvalidInput, NotAllowed, NotFound
from domain.viewer import Scope, Viewer
from tests.data_access import company
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE

NAMES = {("A", "a1"): "张三", ("A", "a2"): "李四", ("B", "b1"): "王五"}
UNITS = {("A", "a1"): COUNTY_A1, ("A", "a2"): COUNTY_A2, ("B", "b1"): COUNTY_B1}


@pytest.fixture
def accounts(engine):
    """One dedicated account in each county."""
    company.build(engine)
    rows = [
        {
            "bureau_id": key[0],
            "area_code": key[1],
            "name": name,
            "org_unit_id": UNITS[key],
            "kind": "dedicated",
        }
        for key, name in NAMES.items()
    ]
    with writing_all(engine) as connection:
        connection.execute(insert(areas), rows)
    return engine


def viewer(role: str, *roots: int) -> Viewer:
    return Viewer(7, "somebody", frozenset({role}), Scope(roots))


def logged(engine):
    with reading_all(engine) as connection:
        return connection.execute(select(audit_log).order_by(audit_log.c.no)).all()


@pytest.mark.parametrize("role", ["lead", "area_manager", "administrator"])
def test_the_names_come_with_one_row_in_the_log_that_says_who_why_and_which(accounts, role):
    keys = [("A", "a1"), ("A", "a2")]
    found = unmasking.show(accounts, viewer(role, CITY_A), "areas", keys, " a complaint ")

    assert found == {key: {"name": NAMES[key]} for key in keys}
    row = logged(accounts)[0]
    assert len(logged(accounts)) == 1
    assert (row.action, row.subject, row.reason) == ("unmask", "areas: 2", "a complaint")
    assert (row.by_name, row.org_unit_id, row.bureau_id) == ("somebody", CITY_A, "A")
    assert row.after == {"columns": ["name"], "rows": ["A a1", "A a2"]}
    assert not row.is_change


def test_the_log_never_says_what_was_seen(accounts):
    unmasking.show(accounts, viewer("lead", PROVINCE), "areas", list(NAMES), "why")

    text = json.dumps([list(map(str, row)) for row in logged(accounts)], ensure_ascii=False)
    assert not any(name in text for name in NAMES.values())


def test_the_row_stands_in_the_chain_of_the_lowest_unit_that_holds_all(accounts):
    lead = viewer("lead", PROVINCE)
    for keys in ([("A", "a1")], [("A", "a1"), ("A", "a2")], list(NAMES)):
        unmasking.show(accounts, lead, "areas", keys, "why")

    assert {row.org_unit_id for row in logged(accounts)} == {COUNTY_A1, CITY_A, PROVINCE}


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_shown(accounts, reason):
    with pytest.raises(InvalidInput):
        unmasking.show(accounts, viewer("lead", CITY_A), "areas", [("A", "a1")], reason)
    assert logged(accounts) == []


@pytest.mark.parametrize("role", ["executive", "manager", "steward"])
def test_without_the_right_nothing_is_shown(accounts, role):
    with pytest.raises(NotAllowed):
        unmasking.show(accounts, viewer(role, CITY_A), "areas", [("A", "a1")], "why")
    assert logged(accounts) == []


@pytest.mark.parametrize("key", [("B", "b1"), ("A", "absent")])
def test_foreign_and_absent_are_the_same(accounts, key):
    with pytest.raises(NotFound):
        unmasking.show(accounts, viewer("lead", CITY_A), "areas", [("A", "a1"), key], "why")
    assert logged(accounts) == []


def test_who_may_look_at_more_than_they_may_unmask_gets_those(accounts):
    """An area manager of one county who reads the whole province."""
    both = Viewer(
        8,
        "somebody",
        frozenset({"executive", "area_manager"}),
        Scope((PROVINCE,)),
        frozenset({("executive", PROVINCE), ("area_manager", COUNTY_A1)}),
    )

    assert set(unmasking.show(accounts, both, "areas", list(NAMES), "why")) == {("A", "a1")}
    assert logged(accounts)[0].after["rows"] == ["A a1"]
    with pytest.raises(NotAllowed):
        unmasking.show(accounts, both, "areas", [("B", "b1")], "why")


def test_nothing_is_given_out_where_the_log_cannot_be_written(accounts, monkeypatch):
    def broken(*_given, **_named):
        raise OSError("disk full")

    monkeypatch.setattr(audit, "note", broken)
    with pytest.raises(OSError, match="disk full"):
        unmasking.show(accounts, viewer("lead", CITY_A), "areas", [("A", "a1")], "why")


def test_the_register_is_not_copied_by_looking_at_all_of_it(accounts):
    keys = [("A", str(number)) for number in range(unmasking.MOST_ROWS + 1)]

    with pytest.raises(InvalidInput):
        unmasking.show(accounts, viewer("lead", CITY_B), "areas", keys, "why")


def test_a_personal_value_enters_the_log_as_a_keyed_hash(engine):
    """The same value gives the same, another one another, and trying all names without the key finds none."""
    with writing_all(engine) as connection:
        one, again, other = (audit.personal(connection, name) for name in ("张三", "张三", "李四"))

        assert one == again != other
        assert one.startswith("hmac:")
        assert len(one) == len("hmac:") + 12
        assert (audit.personal(connection, ""), audit.personal(connection, None)) == ("", None)
