"""Damage sites with their patrols: late only as far as patrols are known, the latest first."""

from datetime import date, datetime

import pytest
from sqlalchemy import insert

from data_access import damage_sites as reads
from data_access.refresh_plan import ELSEWHERE
from data_access.tables.condition import damage_sites, patrols
from data_access.tables.kpi import refresh_runs
from data_access.tables.risk import line_outages
from data_access.transactions import writing_all
from domain.errors import NotFound
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, HOME, PROVINCE
from tests.data_access.steps import line, write

ALL = Scope((PROVINCE,))
DAY = date(2026, 11, 29)
KNOWN = date(2026, 10, 30)  # of city A: the newest patrol


def site(unit: int, key: str, opened: date, line_code: str | None = None, **more) -> dict:
    return {"bureau_id": HOME[unit], "site_key": key, "org_unit_id": unit, "line_code": line_code,
            "kind": "construction", "opened_on": opened, **more}  # fmt: skip


def patrol(unit: int, of: str, day: date, due: date | None = None, seen: str | None = None) -> dict:
    return {"bureau_id": HOME[unit], "patrol_key": f"{of}-{day}", "site_key": of, "patrolled_on": day,
            "next_due_on": due, "finding": seen}  # fmt: skip


def counted(month: date, external: int, line_code: str = "L") -> dict:
    zeros = {one.name: 0 for one in line_outages.c if not one.primary_key}
    return zeros | {"bureau_id": "A", "org_unit_id": COUNTY_A1, "line_code": line_code, "month": month,
                    "external_faults": external}  # fmt: skip


SITES = (
    site(COUNTY_A1, "late", date(2026, 9, 1), "L"),
    site(COUNTY_A1, "seen", date(2026, 9, 1), "M", patrol_every_days=30),
    site(COUNTY_A2, "never", date(2026, 10, 1), kind="crossing"),
    site(COUNTY_A2, "set", date(2026, 9, 1)),
    site(COUNTY_A2, "closed", date(2026, 1, 1), closed_on=date(2026, 9, 1)),
    site(COUNTY_A2, "ahead", date(2026, 12, 1)),
    site(COUNTY_B1, "other city", date(2026, 9, 1)),
)
PATROLS = (
    patrol(COUNTY_A1, "late", date(2026, 9, 20), seen="an old one"),
    patrol(COUNTY_A1, "late", date(2026, 10, 10), seen="吊车作业"),
    patrol(COUNTY_A1, "seen", KNOWN),
    patrol(COUNTY_A2, "set", date(2026, 10, 29), date(2026, 11, 1)),
    patrol(COUNTY_B1, "other city", date(2026, 11, 28)),
)


@pytest.fixture
def world(engine):
    company.build(engine)
    write(engine, [], lines=[line(COUNTY_A1, "L"), line(COUNTY_A1, "M")])
    months = [(date(2025, 11, 1), 5), (date(2025, 12, 1), 1), (date(2026, 11, 1), 2)]
    with writing_all(engine) as connection:
        for table, rows in (
            (damage_sites, SITES),
            (patrols, PATROLS),
            (line_outages, [counted(*one) for one in months]),
        ):
            for row in rows:
                connection.execute(insert(table).values(**row))
    return engine


def test_sites_are_judged_at_the_newest_patrol_of_their_city_the_latest_first(world):
    found = reads.listed(world, ALL, CITY_A, DAY)

    columns = ["site_key", "state", "due_on", "days_late", "every_days"]
    assert found.page[columns].to_numpy().tolist() == [
        ["late", "late", date(2026, 10, 17), 13, 7],
        ["never", "soon", date(2026, 10, 31), -1, 30],  # of its kind, from its opening on
        ["set", "soon", date(2026, 11, 1), -2, 7],
        ["seen", "fine", date(2026, 11, 29), -30, 30],
    ]
    assert (found.count, found.late, found.soon) == (4, 1, 2)
    assert (found.known_from, found.known_to) == (KNOWN, KNOWN)


def test_the_last_patrol_and_the_line_s_external_faults_of_twelve_months_stand_beside_it(world):
    found = reads.listed(world, ALL, CITY_A, DAY).page.set_index("site_key")

    assert found.loc["late", ["last_patrol_on", "finding", "line_name"]].tolist() == [
        date(2026, 10, 10), "吊车作业", "line L",
    ]  # fmt: skip
    assert found["external_faults"].astype(object).where(found["external_faults"].notna(), None).tolist() == [
        3, None, None, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("last_days", "faults"),
    [
        ({CITY_A: "2026-10-30"}, 6),  # November 2025 to October 2026
        ({CITY_A: "2026-11-01", ELSEWHERE: "2025-12-31"}, 3),
        ({CITY_B: "2026-10-30", ELSEWHERE: "2026-11-30"}, 3),
        ({CITY_A: "2027-01-15"}, 3),  # not beyond the day that is asked for
    ],
)
def test_external_faults_are_those_of_the_year_to_the_city_s_last_month_of_data(world, last_days, faults):
    moment = datetime(2026, 11, 29)
    at = {"started_at": moment, "finished_at": moment, "is_full": True, "as_of_day": DAY}
    days = {str(unit): day for unit, day in last_days.items()}
    with writing_all(world) as connection:
        connection.execute(insert(refresh_runs).values(**at, as_of_days=days))

    found = reads.listed(world, ALL, CITY_A, DAY).page.set_index("site_key")
    assert found.loc["late", "external_faults"] == faults


def test_a_city_that_brings_its_patrols_in_later_is_not_late_for_it(world):
    found = reads.listed(world, ALL, PROVINCE, DAY)

    days = dict(zip(found.page["site_key"], found.page["known_to"], strict=True))
    assert days["other city"] == date(2026, 11, 28)
    assert days["late"] == KNOWN
    assert (found.known_from, found.known_to) == (KNOWN, date(2026, 11, 28))


def test_states_and_pages(world):
    late = reads.listed(world, ALL, CITY_A, DAY, "late")
    assert (late.page["site_key"].tolist(), late.count, late.soon) == (["late"], 1, 2)
    pages = [reads.listed(world, ALL, CITY_A, DAY, "", n, 3).page["site_key"].tolist() for n in (1, 2, 5)]
    assert pages == [["late", "never", "set"], ["seen"], ["seen"]]
    assert len(reads.listed(world, ALL, CITY_A, DAY, size=None).page) == 4


def test_without_any_site_nothing_is_late(world):
    assert reads.listed(world, ALL, CITY_A, date(2025, 1, 1)).count == 0


@pytest.mark.parametrize("scope", [Scope((COUNTY_A2,)), Scope((COUNTY_B1,)), Scope(())])
def test_nothing_is_seen_from_outside(world, scope):
    with pytest.raises(NotFound):
        reads.listed(world, scope, COUNTY_A1, DAY)


def test_a_line_of_another_unit_says_nothing_of_its_faults(world):
    with writing_all(world) as connection:
        connection.execute(insert(damage_sites).values(**site(COUNTY_A2, "far", date(2026, 10, 1), "L")))
    of_city = reads.listed(world, ALL, COUNTY_A2, DAY).page.set_index("site_key")
    of_county = reads.listed(world, Scope((COUNTY_A2,)), COUNTY_A2, DAY).page.set_index("site_key")

    assert of_city.loc["far", "external_faults"] == 3
    assert of_county.loc["far", ["external_faults", "line_name"]].isna().all()
