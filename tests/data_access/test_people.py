"""Who the viewer is: by number, by the address that somebody signed in with, or nobody's."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from data_access import database, org_units, people
from data_access.tables.audit import audit_log
from data_access.tables.org import grants
from data_access.tables.org import org_units as units
from data_access.tables.org import people as people_table
from data_access.transactions import reading, reading_all, writing_all
from domain.errors import NotFound, SignInNeeded
from domain.periods import utc_now

DAY = date(2026, 11, 23)


AT = datetime(2026, 11, 23, 8, 0)


def _add(connection, person_id, role, unit_id, first, last=None, is_active=True):
    values = {"id": person_id, "name": f"周{person_id}", "is_active": is_active}
    values |= {"email": f"Zhou{person_id}@Example.com"}
    connection.execute(insert(people_table).values(**values))
    grant = {"person_id": person_id, "role": role, "org_unit_id": unit_id}
    connection.execute(insert(grants).values(**grant, valid_from=first, valid_to=last))


@pytest.fixture
def company(engine):
    """Province 1, cities 2 and 3, county 4 in 2; a manager of 2, one whose time is over, one who left."""
    with writing_all(engine) as connection:
        database.settle(connection, "demo")
        for unit_id, level, parent in (
            (1, "province", None),
            (2, "city", 1),
            (3, "city", 1),
            (4, "county", 2),
        ):
            values = {"id": unit_id, "code": f"U{unit_id}", "name": f"单位{unit_id}", "level": level}
            connection.execute(insert(units).values(**values, parent_id=parent, bureau_id="U2"))
        org_units.rebuild_closure(connection)
        _add(connection, 1, "manager", 2, date(2026, 1, 1))
        _add(connection, 2, "manager", 3, date(2026, 1, 1), date(2026, 11, 22))
        _add(connection, 3, "manager", 3, date(2026, 1, 1), is_active=False)
        _add(connection, 4, "executive", 1, date(2026, 11, 24))
    return engine


def test_a_viewer_has_the_grants_that_hold_on_the_day(company):
    viewer = people.viewer_for(company, 1, DAY)

    assert (viewer.name, viewer.roles, viewer.scope.roots) == ("周1", {"manager"}, (2,))


@pytest.mark.parametrize("person_id", [2, 3, 4, 999])
def test_somebody_without_a_grant_that_holds_is_not_found(company, person_id):
    """Over yesterday, left, begins tomorrow, absent: all the same."""
    with pytest.raises(NotFound):
        people.viewer_for(company, person_id, DAY)


def test_the_last_day_of_a_grant_still_holds(company):
    assert people.viewer_for(company, 2, date(2026, 11, 22)).scope.roots == (3,)


def test_a_unit_below_another_root_is_counted_once(company):
    with writing_all(company) as connection:
        grant = {"person_id": 1, "role": "lead", "org_unit_id": 4, "valid_from": date(2026, 1, 1)}
        connection.execute(insert(grants).values(**grant))

    viewer = people.viewer_for(company, 1, DAY)

    assert viewer.scope.roots == (2,)
    assert viewer.roles == {"manager", "lead"}


def test_a_role_for_a_part_is_no_role_for_all_that_one_sees(company):
    """Steward of a county and executive of the province: imports for the county only."""
    with writing_all(company) as connection:
        for role, unit_id in (("executive", 1), ("steward", 4)):
            grant = {"person_id": 1, "role": role, "org_unit_id": unit_id, "valid_from": date(2026, 1, 1)}
            connection.execute(insert(grants).values(**grant))

    viewer = people.viewer_for(company, 1, DAY)

    assert viewer.scope.roots == (1,)
    assert viewer.scope_for("import").roots == (4,)
    assert viewer.scope_for("reset_baseline").roots == (2,)


def test_demo_people_can_be_chosen_and_real_ones_cannot(company):
    assert [person.id for person in people.choosable(company, DAY)] == [1]


def test_real_data_without_sign_in_has_one_local_administrator(engine):
    with writing_all(engine) as connection:
        database.settle(connection, "real")
        connection.execute(insert(units).values(id=7, code="A", name="甲", level="city", bureau_id="A"))
        org_units.rebuild_closure(connection)
        _add(connection, 1, "manager", 7, date(2026, 1, 1))

    viewer = people.viewer_for(engine, None, DAY)

    assert (viewer.person_id, viewer.roles, viewer.scope.roots) == (None, {"administrator"}, (7,))
    assert people.choosable(engine, DAY) == []


def test_who_signs_in_is_known_by_the_address_in_whatever_letters(company):
    until = datetime(2026, 11, 23, 8, 2)

    for email in ("Zhou1@Example.com", "zhou1@example.com", "ZHOU1@EXAMPLE.COM"):
        viewer = people.viewer_of_email(company, email, DAY, until)
        assert (viewer.person_id, viewer.roles, viewer.scope.until) == (1, {"manager"}, until)


@pytest.mark.parametrize("email", ["zhou2@example.com", "zhou3@example.com", "zhou9@example.com", "", "%"])
def test_an_address_without_a_grant_that_holds_is_not_found(company, email):
    with pytest.raises(NotFound):
        people.viewer_of_email(company, email, DAY)


def test_an_address_that_two_people_have_stands_for_neither(company):
    """In other letters it is another address to the database, but not to the provider."""
    with writing_all(company) as connection:
        connection.execute(
            update(people_table).where(people_table.c.id == 3).values(email="ZHOU1@example.com")
        )

    with pytest.raises(NotFound):
        people.viewer_of_email(company, "zhou1@example.com", DAY)


def test_a_person_without_an_address_cannot_be_signed_in(company):
    with writing_all(company) as connection:
        connection.execute(update(people_table).values(email=None))

    with pytest.raises(NotFound):
        people.viewer_of_email(company, "", DAY)


def test_rights_asked_too_long_ago_read_nothing(company):
    viewer = people.viewer_for(company, 1, DAY, utc_now() - timedelta(seconds=1))

    with pytest.raises(SignInNeeded) as needed, reading(company, viewer.scope):
        pass

    assert needed.value.code == "too_old"


def _log(engine):
    c = audit_log.c
    asked = select(c.action, c.person_id, c.by_name, c.subject, c.org_unit_id, c.is_change).order_by(
        c.at, c.no
    )
    with reading_all(engine) as connection:
        return [tuple(row) for row in connection.execute(asked)]


def test_a_sign_in_is_written_down_once_however_often_the_page_is_loaded(company):
    viewer = people.viewer_for(company, 1, DAY)
    for moment in (AT, AT, AT - timedelta(hours=1), AT + timedelta(hours=9)):
        people.note_sign_in(company, viewer, moment)

    assert _log(company) == [("sign_in", 1, "周1", "person 1", 2, False)] * 2
    with reading_all(company) as connection:
        assert connection.scalar(select(func.max(people_table.c.signed_in_at))) == AT + timedelta(hours=9)


def test_a_sign_out_and_a_refusal_are_written_down_and_no_address_with_them(company):
    people.note_sign_out(company, people.viewer_for(company, 1, DAY))
    people.note_refusal(company, "zhou9@example.com")
    people.note_refusal(company, "x@" + "long." * 30 + "example.com")

    found = _log(company)
    assert ("sign_out", 1, "周1", "person 1", 2, False) in found
    assert ("sign_in.refused", None, "z***@example.com", "z***@example.com", None, False) in found
    assert "zhou" not in repr(found)


def test_the_administrators_to_ask_are_those_of_today_topmost_first(company):
    with writing_all(company) as connection:
        _add(connection, 5, "administrator", 4, date(2026, 1, 1))
        _add(connection, 6, "administrator", 1, date(2026, 1, 1))
        _add(connection, 7, "administrator", 1, date(2026, 1, 1), date(2026, 11, 22))
        _add(connection, 8, "administrator", 1, date(2026, 1, 1), is_active=False)
        connection.execute(update(people_table).where(people_table.c.id == 6).values(name_en="Zhou"))

    assert people.administrators(company, DAY) == [("周6", "Zhou"), ("周5", "")]
