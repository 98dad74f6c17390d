"""What was done to a person is told to each administrator as far as it concerns the own units."""

from dataclasses import replace
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
BOTH, OTHER = 1, 2
HEADER = "name,email,role,unit,from,to\n"
OF_OTHER = f"改,other@example.com,lead,B1,,{TODAY}\n"


@pytest.fixture
def company(engine):
    """A province, a person with a role in each of its two cities, and another with one in city B."""
    build(engine)
    with writing_all(engine) as connection:
        for number, name in ((BOTH, "both"), (OTHER, "other")):
            connection.execute(insert(people).values(id=number, name=name, email=f"{name}@example.com"))
        for number, unit in ((BOTH, COUNTY_A1), (BOTH, COUNTY_B1), (OTHER, COUNTY_B1)):
            role = {"role": "lead", "org_unit_id": unit, "valid_from": date(2020, 1, 1)}
            connection.execute(insert(grants).values(person_id=number, **role))
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
    rows = "".join(f"both,both@example.com,manager,{code},{TODAY},\n" for code in ("A1", "B1"))
    people_import.take_over(company, WIDE, HEADER + rows)
    version = people_seen.one(company, WIDE, BOTH).version
    people_admin.change(company, WIDE, BOTH, version, "郑甲", "", "both@example.com", False)
    administrators.appoint(company, WIDE, "x", "both@example.com")

    told = {act.action: act.after for act in people_history.history(company, CITY, BOTH)}
    assert set(told) == {"people.administrator", "people.change", "people.import"}
    assert told["people.administrator"] == {"is_active": True}
    assert [one["unit"] for one in told["people.import"]["grants"]] == ["A1"]
    all_of_it = {act.action: act.after for act in people_history.history(company, WIDE, BOTH)}
    assert all_of_it["people.administrator"]["units"] == ["P"]
    assert [one["unit"] for one in all_of_it["people.import"]["grants"]] == ["A1", "B1"]


def test_a_role_for_the_whole_company_alone_is_nothing_to_a_city(company):
    """Nor was somebody activated who could enter all along."""
    administrators.appoint(company, WIDE, "x", "both@example.com")

    assert people_history.history(company, CITY, BOTH) == []
    (act,) = people_history.history(company, WIDE, BOTH)
    assert act.after == {"role": "administrator", "units": ["P"]}


@pytest.mark.parametrize("beside", ["", OF_OTHER], ids=["alone", "beside somebody else"])
@pytest.mark.parametrize("row", [f"manager,B1,{TODAY},", f"lead,B1,,{TODAY}"], ids=["given", "ended"])
def test_a_table_that_did_nothing_to_the_person_inside_is_not_told(company, row, beside):
    people_import.take_over(company, WIDE, f"{HEADER}both,both@example.com,{row}\n{beside}")

    assert people_history.history(company, CITY, BOTH) == []
    (act,) = people_history.history(company, WIDE, BOTH)
    for side in filter(None, (act.before, act.after)):
        assert {name: [one["unit"] for one in some] for name, some in side.items()} == {"grants": ["B1"]}


def test_of_a_table_each_side_tells_what_is_the_person_s_and_inside(company):
    rows = "".join(f"both,both@example.com,lead,{code},,{TODAY}\n" for code in ("A1", "B1"))
    people_import.take_over(company, WIDE, HEADER + OF_OTHER + rows)

    (act,) = people_history.history(company, CITY, BOTH)
    role = {"role": "lead", "unit": "A1", "from": "2020-01-01"}
    assert act.before == {"grants": [role | {"to": None}]}
    assert act.after == {"grants": [role | {"to": TODAY.isoformat()}]}


def test_who_acted_is_told_by_the_number_too(company):
    people_admin.give(company, replace(WIDE, person_id=OTHER), BOTH, 1, Grant("lead", CITY_A, TODAY))
    people_admin.give(company, WIDE, BOTH, 2, Grant("manager", CITY_A, TODAY))

    assert [one.person_id for one in people_history.history(company, CITY, BOTH)] == [None, OTHER]
