"""What was done to a person is told to each administrator as far as it concerns the own units."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert

from data_access import administrators, audit, people_admin, people_history, people_import, people_seen
from data_access.settings import company_timezone
from data_access.tables.org import grants, people
from data_access.transactions import writing_all
from domain.people import Grant
from domain.periods import local_today
from domain.viewer import Scope, Viewer
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_B1, PROVINCE, build

TODAY = local_today(company_timezone())
WIDE, CITY = (
    Viewer(None, "管理员", frozenset({"administrator"}), Scope((one,))) for one in (PROVINCE, CITY_A)
)
BOTH = 1


@pytest.fixture
def company(engine):
    """A province, and a person with a role in each of its two cities."""
    build(engine)
    with writing_all(engine) as connection:
        connection.execute(insert(people).values(id=BOTH, name="both", email="both@example.com"))
        for unit in (COUNTY_A1, COUNTY_B1):
            role = {"role": "lead", "org_unit_id": unit, "valid_from": date(2020, 1, 1)}
            connection.execute(insert(grants).values(person_id=BOTH, **role))
    return engine


def test_history_is_told_inside_the_own_units_only(company):
    people_admin.give(company, WIDE, BOTH, 1, Grant("manager", COUNTY_B1, TODAY))
    people_admin.give(company, WIDE, BOTH, 2, Grant("manager", COUNTY_A1, TODAY))

    assert len(people_history.history(company, WIDE, BOTH)) == 2
    (only,) = people_history.history(company, CITY, BOTH)
    assert only.after["unit"] == "A1"


@pytest.fixture
def clock(monkeypatch):
    """clock.append(seconds): how long each act comes after the one before; a second where nothing is said."""
    steps, now = [], [datetime(2026, 11, 2, 8, 0)]

    def later():
        now.append(now[-1] + timedelta(seconds=steps[-1] if steps else 1))
        return now[-1]

    monkeypatch.setattr(audit, "utc_now", later)
    return steps


@pytest.mark.usefixtures("clock")
def test_an_act_tells_the_version_that_it_left_also_where_others_are_hidden(company):
    """By that a page names who left what is stored now: the newest act that is told may be an older one."""
    people_admin.give(company, WIDE, BOTH, 1, Grant("manager", COUNTY_A1, TODAY))
    people_admin.give(company, WIDE, BOTH, 2, Grant("manager", COUNTY_B1, TODAY))

    assert [act.version for act in people_history.history(company, WIDE, BOTH)] == [3, 2]
    assert [act.version for act in people_history.history(company, CITY, BOTH)] == [2]
    assert people_seen.one(company, CITY, BOTH).version == 3


def test_acts_of_one_second_in_two_chains_tell_no_version(company, clock):
    """Nothing says which of them came first."""
    people_admin.change(company, WIDE, BOTH, 1, "郑甲", "", "both@example.com", True)
    people_admin.give(company, WIDE, BOTH, 2, Grant("manager", COUNTY_A1, TODAY))
    clock.append(0)
    people_admin.give(company, WIDE, BOTH, 3, Grant("manager", COUNTY_B1, TODAY))

    told = people_history.history(company, WIDE, BOTH)
    assert [(act.action, act.version) for act in told] == [
        ("people.give", None),
        ("people.give", None),
        ("people.change", 2),
    ]


@pytest.mark.usefixtures("clock")
def test_the_version_counts_tables_and_commands_too(company):
    """Each act on a person moves the version on by one, whatever else it does."""
    people_admin.change(company, WIDE, BOTH, 1, "郑甲", "", "both@example.com", True)
    header = "name,email,role,unit,from,to\n"
    rows = "".join(f"郑甲,both@example.com,manager,{code},{TODAY},\n" for code in ("A1", "B1"))
    people_import.take_over(company, WIDE, header + rows)
    administrators.appoint(company, WIDE, "x", "both@example.com")

    told = people_history.history(company, WIDE, BOTH)
    assert [(act.action, act.version) for act in told] == [
        ("people.administrator", 4),
        ("people.import", 3),
        ("people.change", 2),
    ]
    assert people_seen.one(company, WIDE, BOTH).version == 4


def test_of_an_act_that_reaches_further_the_part_inside_is_told(company):
    """A change of the person and a table with roles in both cities are the province's acts."""
    header = "name,email,role,unit,from,to\n"
    rows = "".join(f"both,both@example.com,manager,{code},{TODAY},\n" for code in ("A1", "B1"))
    people_import.take_over(company, WIDE, header + rows)
    version = people_seen.one(company, WIDE, BOTH).version
    people_admin.change(company, WIDE, BOTH, version, "郑甲", "", "both@example.com", True)
    administrators.appoint(company, WIDE, "x", "both@example.com")

    told = {act.action: act.after for act in people_history.history(company, CITY, BOTH)}
    assert set(told) == {"people.administrator", "people.change", "people.import"}
    assert told["people.administrator"] == {"is_active": True}
    assert [one["unit"] for one in told["people.import"]["grants"]] == ["A1"]
    all_of_it = {act.action: act.after for act in people_history.history(company, WIDE, BOTH)}
    assert all_of_it["people.administrator"]["units"] == ["P"]
    assert [one["unit"] for one in all_of_it["people.import"]["grants"]] == ["A1", "B1"]
