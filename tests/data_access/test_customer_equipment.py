"""The register of customers' equipment: filters, what is due in which order, what is masked, pages, scope."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert

from data_access import customer_equipment as register
from data_access.customer_equipment import Tally, Wanted
from data_access.tables.condition import customer_equipment
from data_access.transactions import writing_all
from domain.errors import NotFound
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, COUNTY_B1, HOME, PROVINCE
from tests.data_access.steps import area, line, write

ALL = Scope((PROVINCE,))
DAY = date(2026, 10, 31)
OVERDUE, LONG_OVERDUE, SOON, FINE = date(2023, 10, 30), date(2020, 1, 1), date(2023, 10, 31), date(2026, 1, 1)
WANTED = Wanted(CITY_A)


def piece(unit: int, key: str, last_test_on: date | None, **more) -> dict:
    return {"bureau_id": HOME[unit], "equipment_key": key, "org_unit_id": unit,
            "last_test_on": last_test_on, "customer": f"周{key}", **more}  # fmt: skip


PIECES = (
    piece(COUNTY_A1, "E1", OVERDUE, area_code="z", has_boundary_switch=False, arrester_type="valve"),
    piece(COUNTY_A1, "E2", SOON, line_code="M", has_boundary_switch=True, arrester_type="metal_oxide"),
    piece(COUNTY_A1, "E3", FINE, advice="换", advised_on=DAY, arrester_type="silicon_carbide"),
    piece(COUNTY_A2, "E4", LONG_OVERDUE, advised_on=DAY, accepted_on=DAY, area_code="Z_1"),
    piece(COUNTY_A2, "E5", None, advised_on=DAY, accepted_on=DAY, done_on=DAY, arrester_type="none"),
    piece(COUNTY_B1, "E6", LONG_OVERDUE, has_boundary_switch=False),  # another city's
)


@pytest.fixture
def world(engine):
    company.build(engine)
    write(engine, [], areas=[area(COUNTY_A1, "z", "L", "dedicated")], lines=[line(COUNTY_A1, "L")])
    with writing_all(engine) as connection:
        for one in PIECES:
            connection.execute(insert(customer_equipment).values(**one))
    return engine


def keys(engine, wanted=WANTED, scope=ALL, **page) -> list[str]:
    return register.listed(engine, scope, wanted, DAY, **page)[0]["equipment_key"].tolist()


def test_what_is_due_is_listed_with_the_longest_overdue_first(world):
    found, count = register.listed(world, ALL, replace(WANTED, test="due"), DAY)

    assert count == 3
    columns = ["equipment_key", "test_state", "due_on", "days_overdue"]
    assert found[columns].to_numpy().tolist() == [
        ["E4", "overdue", date(2023, 1, 1), 1_399],
        ["E1", "overdue", date(2026, 10, 30), 1],
        ["E2", "soon", DAY, 0],
    ]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ["E1", "E2", "E3", "E4", "E5"]),
        ({"unit_id": COUNTY_A2}, ["E4", "E5"]),
        ({"test": "overdue"}, ["E1", "E4"]),
        ({"test": "soon"}, ["E2"]),
        ({"test": "fine"}, ["E3"]),
        ({"test": "unknown"}, ["E5"]),  # a test that nobody knows of is not overdue
        ({"arrester": "old"}, ["E1", "E3"]),
        ({"arrester": "valve"}, ["E1"]),
        ({"arrester": "unknown"}, ["E4"]),
        ({"switch": "without"}, ["E1"]),  # an unknown one is not missing
        ({"switch": "with"}, ["E2"]),
        ({"switch": "unknown"}, ["E3", "E4", "E5"]),
        ({"advice": "open"}, ["E3"]),
        ({"advice": "accepted"}, ["E4"]),
        ({"advice": "done"}, ["E5"]),
        ({"advice": "none"}, ["E1", "E2"]),
        ({"text": "e4"}, ["E4"]),
        ({"text": "z"}, ["E1", "E4"]),
        ({"text": "z_"}, ["E4"]),  # no wildcard
        ({"text": "m"}, ["E2"]),
        ({"text": "周"}, []),  # nobody searches by a name
        ({"test": "overdue", "switch": "without"}, ["E1"]),
    ],
    ids=str,
)
def test_pieces_are_found_by_what_is_known_of_them(world, changed, found):
    wanted = replace(WANTED, **changed)
    assert keys(world, wanted) == found
    assert [
        one for page in register.stream(world, ALL, wanted, DAY) for one in page["equipment_key"]
    ] == found


def test_a_piece_says_what_is_wrong_and_whose_line_it_hangs_on_and_hides_the_name(world):
    found = register.listed(world, ALL, WANTED, DAY)[0].set_index("equipment_key")

    assert found.loc["E1", ["customer", "line_code", "line_name", "unit_name", "weaknesses"]].tolist() == [
        "周**", "L", "line L", "A1", "switch;arrester",
    ]  # fmt: skip
    assert found.loc["E2", ["line_code", "line_name", "weaknesses"]].tolist() == ["M", None, ""]
    assert found["advice_state"].tolist() == ["none", "none", "open", "accepted", "done"]
    assert register.one(world, ALL, "A", "E1", DAY)["days_overdue"] == 1


def test_the_tally_counts_what_each_filter_finds(world):
    assert register.tally(world, ALL, CITY_A, DAY) == Tally(5, 2, 1, 1, 1, 2, 1, 1)
    assert register.tally(world, ALL, COUNTY_B1, DAY) == Tally(1, 1, 0, 0, 1, 0, 0, 0)
    assert register.tally(world, ALL, company.CITY_B, date(2022, 1, 1)) == Tally(1, 0, 0, 0, 1, 0, 0, 0)


def test_pages_are_cut_without_gap_or_repetition_and_held_to_the_last(world):
    assert [keys(world, number=n, size=2) for n in (1, 2, 3, 9)] == [
        ["E1", "E2"],
        ["E3", "E4"],
        ["E5"],
        ["E5"],
    ]


@pytest.mark.parametrize("scope", [Scope((COUNTY_A2,)), Scope((COUNTY_B1,)), Scope(())])
def test_nothing_is_seen_from_outside(world, scope):
    wanted = Wanted(COUNTY_A1)
    for read in (
        lambda: register.listed(world, scope, wanted, DAY),
        lambda: list(register.stream(world, scope, wanted, DAY)),
        lambda: register.tally(world, scope, COUNTY_A1, DAY),
        lambda: register.one(world, scope, "A", "E1", DAY),
    ):
        with pytest.raises(NotFound):
            read()
