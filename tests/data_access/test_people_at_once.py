"""Who changes people at once on PostgreSQL takes them in one order, and keeps nobody waiting without need."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import event, insert, select, update

from data_access import administrators, audit, people_admin, people_import, retention, saved_views
from data_access.settings import company_timezone
from data_access.tables.audit import audit_log
from data_access.tables.org import grants, people
from data_access.transactions import reading_all, writing_all
from domain.people import Grant
from domain.periods import local_today
from domain.viewer import Scope, Viewer
from tests.data_access.company import CITY_A, PROVINCE, build
from tests.postgres import GIVE_UP_S, wait_until_somebody_waits

WIDE = Viewer(None, "管理员", frozenset({"administrator"}), Scope((PROVINCE,)))
GONE = {"role": "manager", "org_unit_id": CITY_A, "valid_from": date(2020, 1, 1)}
GONE |= {"valid_to": date(2020, 2, 1)}
FIRST, SECOND = 11, 12


@pytest.fixture
def company(postgres_engine):
    """Two people who left long ago; a scan of the table meets the second before the first."""
    build(postgres_engine)
    with writing_all(postgres_engine) as connection:
        for number in (FIRST, SECOND):
            row = {"id": number, "name": f"p{number}", "email": f"{number}@example.com"}
            connection.execute(insert(people).values(row))
            connection.execute(insert(grants).values(**GONE, person_id=number))
    with writing_all(postgres_engine) as connection:
        connection.execute(update(people).where(people.c.id == FIRST).values(version=2))
    return postgres_engine


@pytest.fixture
def beside():
    """For what somebody else does at the same time."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def blanked(engine):
    return {one.kind: one.n for one in retention.purge(engine, WIDE)}["former_people"]


def test_purge_and_who_changes_the_same_people_never_wait_for_each_other(company, beside):
    """Purge holds nothing of the second person while it waits for the first."""
    with writing_all(company) as connection:
        administrators.lock(connection, people.c.id == FIRST)
        purge = beside.submit(blanked, company)
        wait_until_somebody_waits(company)
        connection.execute(update(people).where(people.c.id == SECOND).values(version=2))

    assert purge.result(GIVE_UP_S) == 2


def test_who_is_let_in_while_purge_waits_keeps_the_name(company, beside):
    with writing_all(company) as connection:
        administrators.lock(connection, people.c.id == FIRST)
        purge = beside.submit(blanked, company)
        wait_until_somebody_waits(company)
        again = GONE | {"person_id": FIRST, "role": "lead", "valid_to": None}
        connection.execute(insert(grants).values(again))

    assert purge.result(GIVE_UP_S) == 1
    with reading_all(company) as connection:
        assert connection.scalar(select(people.c.name).where(people.c.id == FIRST)) == "p11"
        said = connection.scalar(select(audit_log.c.after).where(audit_log.c.subject == "former_people"))
    assert (said["n"], said["people"]) == (1, [f"person {SECOND}"])


def test_a_right_is_given_for_a_unit_while_a_view_is_saved_for_it(company, beside, monkeypatch):
    """The row of the grant refers to the unit, whose key nobody changes."""
    record, given = audit.record, []

    def meanwhile(*arguments, **named):
        if not given:
            given.append(True)
            grant = Grant("lead", CITY_A, local_today(company_timezone()))
            beside.submit(people_admin.give, company, WIDE, SECOND, 1, grant).result(GIVE_UP_S)
        record(*arguments, **named)

    monkeypatch.setattr(audit, "record", meanwhile)
    saved_views.save(company, WIDE, "x", "overview", {}, CITY_A)

    with reading_all(company) as connection:
        assert connection.scalar(select(grants.c.role).where(grants.c.valid_to.is_(None))) == "lead"


def test_who_changes_people_locks_them_once_and_in_the_order_of_their_numbers(company):
    """A second lock of a smaller number could wait for who waits for the first."""
    locks = []

    def note(_connection, _cursor, statement, *_rest):
        if "FOR " in statement and "people" in statement:
            locks.append(statement)

    event.listen(company, "before_cursor_execute", note)
    table = "Name\tE-mail\tRole\tUnit code\nx\tx@example.com\tmanager\tA"
    for act in (
        lambda: people_admin.change(company, WIDE, SECOND, 1, "x", "", "x@example.com", True),
        lambda: people_import.take_over(company, WIDE, table),
        lambda: administrators.appoint(company, WIDE, "x", "x@example.com"),
        lambda: retention.purge(company, WIDE),
    ):
        locks.clear()
        act()
        assert [" ".join(one.split("ORDER BY")[1].split()) for one in locks] == [
            "people.id FOR NO KEY UPDATE"
        ]
