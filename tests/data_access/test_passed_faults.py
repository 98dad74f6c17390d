"""Faults of customers' equipment: whose they are, whether they passed to the grid, and what others lost."""

import random
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from data_access import passed_faults, rules
from data_access.tables.condition import customer_equipment
from data_access.transactions import writing_all
from domain.customer_equipment import outcome
from domain.errors import NotFound
from domain.rule_sets import first_version
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.booked import at, book, step
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, COUNTY_B1, HOME, PROVINCE
from tests.data_access.steps import area, write
from tests.data_access.test_people_admin import administrator

ALL = Scope((PROVINCE,))
FIRST, LAST = date(2025, 11, 1), date(2026, 10, 31)
DAY = date(2026, 5, 4)
COLUMNS = ["area_code", "passed", "contained", "customers", "customer_s"]


def fault(outage: str, *cut_off: tuple, day: date = DAY, unit: int = COUNTY_A1, **more) -> list[dict]:
    """Steps of one fault of a customer: (area, customers, minutes) each, all from 10:00 of the day on."""
    more = {"cause": "customer_equipment", "is_boundary_breaker": False} | more
    return [
        step(unit, at(day), minutes, customers, key=f"{outage}/{code}", outage=outage, area_code=code, **more)
        for code, customers, minutes in cut_off
    ]


def piece(unit: int, key: str, account: str | None, **more) -> dict:
    return {"bureau_id": HOME[unit], "equipment_key": key, "org_unit_id": unit, "area_code": account, **more}


def equip(engine, *pieces: dict) -> None:
    with writing_all(engine) as connection:
        for one in pieces:
            connection.execute(insert(customer_equipment).values(**one))


@pytest.fixture
def world(engine):
    """Of A1: z and y dedicated, a and b public. w of A2 is in no register, equipment names it."""
    company.build(engine)
    registered = [area(COUNTY_A1, one, "L", "dedicated") for one in "zy"]
    registered += [area(COUNTY_A1, one, "L") for one in "ab"]
    write(engine, [], areas=registered)
    equip(engine, piece(COUNTY_A1, "E1", "z", has_boundary_switch=False), piece(COUNTY_A2, "E2", "w"))
    return engine


def plain(found) -> list[list]:
    """The rows of a frame with None for what is missing."""
    return found.astype(object).where(found.notna(), None).to_numpy().tolist()


def ranked(engine, unit=CITY_A, scope=ALL) -> list[list]:
    found, count = passed_faults.ranking(engine, scope, unit, FIRST, LAST)
    assert count == len(found)
    return plain(found[COLUMNS])


def test_a_fault_is_its_account_s_with_what_all_others_lost_by_it(world):
    """z: 100 x 30 min and 50 x 60 min of others = 6,000 customer-minutes; its own customer is not counted."""
    book(world, *fault("f", ("z", 1, 240), ("a", 100, 30), ("b", 50, 60)))

    assert ranked(world) == [["z", 1, 0, 150, 6_000 * 60]]
    row = passed_faults.ranking(world, ALL, CITY_A, FIRST, LAST)[0].iloc[0]
    assert (row["name"], row["equipment_key"], row["has_boundary_switch"]) == ("a**", "E1", False)
    assert (row["unit_name"], row["last_passed_on"]) == ("A1", DAY)


def test_what_the_boundary_breaker_held_or_nobody_else_felt_is_contained(world):
    book(world, *fault("held", ("z", 1, 60), ("a", 9, 60), is_boundary_breaker=True))
    book(world, *fault("alone", ("z", 1, 60)))

    assert ranked(world) == [["z", 0, 2, None, None]]
    assert passed_faults.totals(world, ALL, CITY_A, FIRST, LAST) == passed_faults.Totals(0, 0, 2, 0)


def test_of_several_accounts_nobody_knows_which_one_it_was(world):
    book(world, *fault("both", ("z", 1, 60), ("y", 1, 60), ("a", 9, 60)))
    book(world, *fault("none", ("a", 9, 60), ("b", 9, 60)))

    assert ranked(world) == []
    assert passed_faults.totals(world, ALL, CITY_A, FIRST, LAST) == passed_faults.Totals(0, 0, 0, 2)


@pytest.mark.parametrize(
    ("other", "minutes"),
    [
        ({"cause": "equipment"}, 60),
        ({"kind": "planned"}, 60),
        ({"day": date(2025, 10, 31)}, 60),
        ({"day": date(2026, 11, 1)}, 60),
        ({}, 3),  # momentary
    ],
    ids=str,
)
def test_other_outages_are_no_fault_of_the_customer(world, other, minutes):
    book(world, *fault("f", ("z", 1, minutes), ("a", 9, minutes), **other))

    assert ranked(world) == []
    assert passed_faults.totals(world, ALL, CITY_A, FIRST, LAST) == passed_faults.Totals(0, 0, 0, 0)


def test_what_is_not_counted_is_missing_and_what_lasts_has_no_minutes_yet(world):
    book(world, *fault("unknown", ("z", 1, 60), ("a", None, 60)))
    book(world, *fault("lasts", ("w", 1, 60), ("c", 7, None), ("d", 2, 2), unit=COUNTY_A2))

    found = passed_faults.ranking(world, ALL, CITY_A, FIRST, LAST)[0].set_index("area_code")
    assert found.loc["z", ["customers", "customer_s"]].isna().all()
    assert found.loc["w", ["passed", "customers", "open_steps"]].tolist() == [1, 7, 1]
    assert found["customer_s"].isna().all()
    assert (found.loc["w", "name"], found.loc["w", "unit_name"]) == ("w", "A2")  # no register: its code


def test_the_faults_of_one_account_newest_first(world):
    book(world, *fault("first", ("z", 1, 60), ("a", 9, 60)))
    book(world, *fault("second", ("z", 1, 30), day=DAY + timedelta(days=1)))
    book(world, *fault("of y", ("y", 1, 30)))

    found = passed_faults.of_account(world, ALL, "A", "z", FIRST, LAST)
    assert plain(found[["outage_key", "is_passed", "own_s", "customers"]]) == [
        ["second", 0, 1_800, None],
        ["first", 1, 3_600, 9],
    ]


def test_who_is_responsible_for_the_account_sees_what_others_lost_elsewhere(world):
    """The outage and its other step are the city's; the account's own step is the county's."""
    (own,) = fault("f", ("z", 1, 60))
    elsewhere = own | {"step_key": "f/a", "area_code": "a", "org_unit_id": CITY_A, "customers": 80}
    book(world, elsewhere | {"interrupted_at": at(DAY, 9), "duration_s": 7_200}, own)

    for scope in (Scope((COUNTY_A1,)), Scope((CITY_A,))):
        found = passed_faults.of_account(world, scope, "A", "z", FIRST, LAST)
        assert plain(found[["outage_key", "is_passed", "customers"]]) == [["f", 1, 80]]


def test_a_fault_is_a_customers_by_the_rules_of_the_day_on_which_it_began(world):
    """From May on cables count among what is customers'; long after, their equipment no longer does."""
    body = first_version("causes").body
    for first, cause, group in (
        (date(2026, 5, 1), "cable", "customer"),
        (date(2999, 1, 1), "customer_equipment", "equipment"),
    ):
        body = {**body, cause: {**body[cause], "group": group}}
        rules.publish(world, administrator(PROVINCE), "causes", body, first, "why")
    for name, cause, day in (("f", "cable", date(2026, 4, 30)), ("g", "cable", DAY)):
        book(world, *fault(name, ("z", 1, 240), ("a", 80, 30), cause=cause, day=day))
    book(world, *fault("h", ("y", 1, 240), ("a", 80, 30)), *fault("i", ("a", 80, 30), cause="cable"))

    found = passed_faults.totals(world, ALL, COUNTY_A1, FIRST, LAST)
    assert (found.accounts, found.passed, found.of_nobody) == (2, 2, 1)
    of_z = passed_faults.of_account(world, ALL, "A", "z", FIRST, LAST)
    assert of_z["outage_key"].tolist() == ["g"]


@pytest.mark.parametrize("scope", [Scope((COUNTY_A2,)), Scope((COUNTY_B1,)), Scope(())])
def test_nothing_is_seen_from_outside(world, scope):
    book(world, *fault("f", ("z", 1, 240), ("a", 100, 30)))
    for read in (passed_faults.ranking, passed_faults.totals):
        with pytest.raises(NotFound):
            read(world, scope, COUNTY_A1, FIRST, LAST)
    assert passed_faults.of_account(world, scope, "A", "z", FIRST, LAST).empty


def brute_force(steps: list[dict], accounts: set[str], units: dict[str, int], unit_set: set[int]) -> dict:
    """passed, contained, customers and seconds of others by account, outage by outage in plain Python."""
    groups = first_version("causes").body
    by_outage = defaultdict(list)
    for one in steps:
        by_outage[one["outage_key"]].append(one)
    found: dict[str, Counter] = defaultdict(Counter)
    for group in by_outage.values():
        whose = {one["area_code"] for one in group} & accounts
        first = min(group, key=lambda one: (one["interrupted_at"], one["step_key"]))
        users = sum(one["mv_users"] for one in group)
        became = outcome(first["kind"], groups[first["cause"]]["group"], first["is_boundary_breaker"], users)
        day = (first["interrupted_at"] + timedelta(hours=8)).date()
        if len(whose) != 1 or not became or not FIRST <= day <= LAST:
            continue
        (account,) = whose
        sustained = [one for one in group if one["duration_s"] is None or one["duration_s"] > 180]
        if units[account] not in unit_set or not any(one["area_code"] == account for one in sustained):
            continue
        found[account][became] += 1
        if became == "passed":
            others = [one for one in sustained if one["area_code"] != account]
            found[account]["customers"] += sum(one["customers"] for one in others)
            found[account]["seconds"] += sum(one["customers"] * (one["duration_s"] or 0) for one in others)
    return {
        one: [counts[k] for k in ("passed", "contained", "customers", "seconds")]
        for one, counts in found.items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_ranking_is_what_outage_by_outage_gives(engine, seed):
    company.build(engine)
    chance = random.Random(seed)
    units = {f"{kind}{n}": chance.choice([COUNTY_A1, COUNTY_A2]) for kind in "zp" for n in range(6)}
    accounts = {one for one in units if one[0] == "z"}
    write(
        engine,
        [],
        areas=[
            area(unit, one, "L", "dedicated" if one in accounts else "public") for one, unit in units.items()
        ],
    )
    steps = []
    for number in range(120):
        cut_off = chance.sample(sorted(units), chance.randint(1, 4))
        day = FIRST + timedelta(days=chance.randint(-20, 380))
        shared = {
            "cause": chance.choice(["customer_equipment", "customer_equipment", "tree"]),
            "kind": chance.choice(["fault", "fault", "fault", "planned"]),
            "is_boundary_breaker": chance.choice([True, False, None]),
        }
        for code in cut_off:
            minutes = chance.choice([2, 3, 4, 45, 200, None])
            key = f"o{number}"
            steps.append(
                step(
                    units[code], at(day), minutes, chance.randint(1, 90),
                    key=f"{key}/{code}", outage=key, area_code=code, **shared,
                )
            )  # fmt: skip
    book(engine, *steps)

    for unit, below in ((CITY_A, {COUNTY_A1, COUNTY_A2}), (COUNTY_A2, {COUNTY_A2})):
        expected = brute_force(steps, accounts, units, below)
        found = passed_faults.ranking(engine, ALL, unit, FIRST, LAST)[0]
        filled = [[one or 0 for one in row] for row in plain(found[COLUMNS])]
        assert {one[0]: one[1:] for one in filled} == expected
        assert [one[1] for one in filled] == sorted((one[1] for one in filled), reverse=True)
        some = [passed_faults.ranking(engine, ALL, unit, FIRST, LAST, n, 2)[0] for n in (1, 2, 3)]
        pages = [code for page in some for code in page["area_code"]]
        assert pages[: len(found)] == found["area_code"].tolist()[:6]
