"""What was done to a person is told to each administrator as far as it concerns the own units."""

from datetime import date

import pytest
from sqlalchemy import insert

from data_access import administrators, people_admin, people_history, people_import, people_seen
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
