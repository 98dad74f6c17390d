"""A table of people: shown first, then all or nothing, as one act; by page and by command."""

from datetime import datetime

import pytest
from sqlalchemy import update

from data_access import __main__ as command_line
from data_access import database, people, people_history, people_import, people_seen
from data_access.people_seen import Wanted
from data_access.tables.audit import audit_log
from data_access.tables.org import org_units
from data_access.tables.org import people as people_table
from data_access.transactions import writing_all
from domain.errors import ChangedByOthers, InvalidInput, StepNotAllowed
from domain.people import Grant
from tests.data_access.company import COUNTY_A1, COUNTY_A2, COUNTY_B1, build
from tests.data_access.importing import rows
from tests.data_access.test_people_admin import BEGAN, CITY, IDS, LAST, TODAY, WIDE, _acts, _one, company

__all__ = ["company"]  # the fixture
HEADER = "name,name_en,email,role,unit,valid_from,valid_to\n"
NEW = "李乙,Li Yi,li.yi@example.com,steward,A1,,\n"


def _table(*lines):
    return HEADER + "".join(lines)


def test_a_table_is_taken_over_as_it_was_shown_with_one_audit_row(company):
    text = _table(NEW, "郑甲,,county@example.com,manager,A1,," + TODAY.isoformat())
    shown = people_import.planned(company, CITY, text)
    assert [one.acts for one in shown] == [("add", "give"), ("change", "end")]
    assert _acts(company) == []

    assert people_import.take_over(company, CITY, text, shown) == shown

    stored = _one(company, "county", CITY)
    assert (stored.name, stored.version) == ("郑甲", 2)
    assert stored.grants == (Grant("manager", COUNTY_A1, BEGAN, TODAY),)
    ((new,), count) = people_seen.listed(company, CITY, Wanted(text="li.yi@example.com"))
    assert (count, new.grants) == (1, (Grant("steward", COUNTY_A1, TODAY),))
    (act,) = _acts(company)
    assert (act.action, act.subject, act.org_unit_id) == ("people.import", "people: 2", COUNTY_A1)
    assert "li.yi" not in str(act)
    for number in (new.id, IDS["county"]):
        (told,) = people_history.history(company, CITY, number)
        assert told.after["grants"]
    assert [one.acts for one in people_import.planned(company, CITY, text)] == [(), ()]


def test_one_bad_row_stops_the_whole_table(company):
    text = _table(NEW, "x,,x@example.com,manager,B1,,\n")  # B1 lies in the other city

    with pytest.raises(InvalidInput, match="rows_wrong"):
        people_import.take_over(company, CITY, text)

    assert _acts(company) == []
    ((column, error),) = people_import.planned(company, CITY, text)[1].problems
    assert (column, error.code) == ("unit", "unknown_unit_named")


def test_a_unit_may_be_given_by_a_name_that_only_one_has(company):
    with writing_all(company) as connection:
        for unit, name in ((COUNTY_A1, "青溪县局"), (COUNTY_A2, "城区局"), (COUNTY_B1, "城区局")):
            connection.execute(update(org_units).where(org_units.c.id == unit).values(name=name))
    lines = [
        f"x,,x{number}@example.com,lead,{name},,\n" for number, name in enumerate(("青溪县局", "城区局"))
    ]

    for viewer, found in ((WIDE, [COUNTY_A1, None]), (CITY, [COUNTY_A1, COUNTY_A2])):
        plan = people_import.planned(company, viewer, _table(*lines))
        assert [one.grant and one.grant.unit_id for one in plan] == found
    [(column, error)] = people_import.planned(company, WIDE, _table(*lines))[1].problems
    assert (column, error.code) == ("unit", "unknown_unit_named")


def test_somebody_of_another_city_is_not_given_roles_by_a_table(company):
    (one,) = people_import.planned(company, CITY, _table("other,,other@example.com,lead,A1,,\n"))

    assert [(column, error.code) for column, error in one.problems] == [("email", "email_taken")]
    assert one.name == ""


def test_a_table_that_would_do_something_else_by_now_is_shown_again(company):
    text = _table(NEW)
    shown = people_import.planned(company, CITY, text)
    people_import.take_over(company, WIDE, text)

    with pytest.raises(ChangedByOthers):
        people_import.take_over(company, CITY, text, shown)


def test_a_table_leaves_the_last_administrator(company):
    text = _table("wide,,wide@example.com,administrator,P,," + TODAY.isoformat())
    with pytest.raises(StepNotAllowed, match="last_administrator"):
        people_import.take_over(company, WIDE, text)

    assert _one(company, "wide").grants == (LAST,)


def test_a_table_of_many_is_one_act(company):
    lines = (f"人{n},,p{n}@example.com,area_manager,A1,,\n" for n in range(600))
    people_import.take_over(company, WIDE, _table(*lines))

    assert people_seen.listed(company, WIDE, Wanted(role="area_manager"))[1] == 600
    assert len(rows(company, audit_log, "no")) == 1


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command on a database; returns exit status and everything that it printed."""

    def _run(engine, *arguments):
        monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
        status = command_line.main(arguments)
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return _run


def test_the_command_takes_over_a_file_in_either_encoding(company, run, tmp_path):
    text = "姓名,邮箱,角色,单位编码\n李乙,li.yi@example.com,数据管理员,A1\n"
    for number, encoding in enumerate(("gb18030", "utf-8-sig")):
        file = tmp_path / f"{number}.csv"
        file.write_bytes(text.encode(encoding))
        status, printed = run(company, "people", "import", str(file), "--dry-run")
        assert status == 0
        assert "Nothing was changed" in printed
    assert _acts(company) == []

    status, printed = run(company, "people", "import", str(file))
    assert (status, printed.splitlines()[-1]) == (
        0,
        "1 people added, 0 renamed, 1 roles given, 0 ends set.",
    )
    status, printed = run(company, "people", "list", "--role", "steward")
    assert status == 0
    assert "李乙  l***@example.com  active, never signed in" in printed
    assert "steward of A1 A1" in printed


def test_the_command_tells_the_company_s_day_of_a_sign_in(company, run):
    """22:00 UTC is the next morning in Shanghai."""
    with writing_all(company) as connection:
        connection.execute(update(people_table).values(signed_in_at=datetime(2026, 10, 31, 22)))

    printed = run(company, "people", "list")[1]

    assert "signed in 2026-11-01" in printed
    assert "2026-10-31" not in printed


def test_the_command_names_what_is_wrong_by_row_and_column(company, run, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(_table(NEW, "x,,x@example.com,boss,A1,,\n"))

    status, printed = run(company, "people", "import", str(file))

    assert status == 1
    assert "Row 3, Role: There is no role “boss”" in printed
    assert "1 of the rows have problems; nothing was changed." in printed
    assert _acts(company) == []


def test_the_first_administrator_is_named_by_command(engine, run):
    """A fresh database has no units that the role could be for."""
    with writing_all(engine) as connection:
        database.settle(connection, "real")
    status, printed = run(engine, "administrator", "周甲", "Zhou.Jia@example.com")
    assert status == 1
    assert "Import them first" in printed

    build(engine)
    status, printed = run(engine, "administrator", "周甲", "Zhou.Jia@example.com")
    assert status == 0
    assert "administrator of P from today on" in printed
    (one,), _ = people_seen.listed(engine, people.local_administrator(engine), Wanted())
    viewer = people.viewer_for(engine, one.id, TODAY)
    assert (viewer.roles, viewer.scope.roots) == ({"administrator"}, (1,))

    assert "Nothing changed" in run(engine, "administrator", "周甲", "zhou.jia@example.com")[1]
    assert len(_acts(engine)) == 1


@pytest.mark.parametrize("email", ["", "zhou"])
def test_the_first_administrator_needs_an_e_mail(company, run, email):
    assert run(company, "administrator", "周甲", email)[0] == 1
