"""Lines and areas by code or name: masked where a name is personal, and nothing of other units."""

import pytest
from sqlalchemy import insert

from data_access import rectification_objects
from data_access.tables.condition import customer_equipment
from data_access.tables.grid import areas
from data_access.transactions import writing_all
from domain.errors import InvalidInput
from domain.viewer import Scope
from tests.data_access import items
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2

SCOPE = Scope((CITY_A,))


@pytest.fixture
def grid(engine):
    items.company(engine)
    rows = [
        {"bureau_id": "A", "area_code": "T1", "name": "南街台区", "kind": "public"},
        {"bureau_id": "A", "area_code": "T2", "name": "王小明", "kind": "dedicated"},
    ]
    with writing_all(engine) as connection:
        connection.execute(insert(areas), [one | {"org_unit_id": COUNTY_A1} for one in rows])
        pieces = {"E1": "李小红", "E2": None}
        connection.execute(
            insert(customer_equipment),
            [
                {"bureau_id": "A", "equipment_key": key, "customer": name, "org_unit_id": COUNTY_A2}
                for key, name in pieces.items()
            ],
        )
    return engine


def _codes(grid, kind, text, scope=SCOPE):
    return [one.code for one in rectification_objects.found(grid, scope, kind, text)]


def test_an_object_is_found_by_its_whole_code_or_a_part_of_code_or_name(grid):
    assert _codes(grid, "line", " l1 ") == ["L1"]
    assert _codes(grid, "line", "L") == ["L1", "L2"]
    assert _codes(grid, "area", "南街") == ["T1"]
    assert _codes(grid, "line", "") == []
    assert _codes(grid, "equipment", "L1") == []
    assert _codes(grid, "equipment", "e") == ["E1", "E2"]


def test_a_customer_is_not_found_by_name_and_comes_masked(grid):
    assert _codes(grid, "area", "王小明") == []
    (one,) = rectification_objects.found(grid, SCOPE, "area", "T2")
    assert (one.name, one.org_unit_id) == ("王**", COUNTY_A1)


def test_equipment_is_found_by_its_number_only_and_called_by_the_masked_customer(grid):
    assert _codes(grid, "equipment", "李小红") == []
    found = [rectification_objects.found(grid, SCOPE, "equipment", code)[0] for code in ("E1", "E2")]

    assert [(one.name, one.org_unit_id) for one in found] == [("李**", COUNTY_A2), ("E2", COUNTY_A2)]


def test_an_item_about_equipment_belongs_to_the_unit_that_looks_after_it(grid):
    made = items.made(grid, object_kind="equipment", object_code="E1", org_unit_id=COUNTY_A1)
    assert made.org_unit_id == COUNTY_A2

    with pytest.raises(InvalidInput) as refused:
        items.made(grid, object_kind="equipment", object_code="E9", org_unit_id=COUNTY_A1)
    assert refused.value.code == "rectification_object"


def test_names_come_by_key_and_only_inside_the_scope(grid):
    keys = [("A", "line", "L1"), ("B", "line", "L9"), ("A", "area", "T2"), ("A", "equipment", "E1")]

    assert rectification_objects.named(grid, SCOPE, keys) == {
        ("A", "line", "L1"): "L1",
        ("A", "area", "T2"): "王**",
        ("A", "equipment", "E1"): "李**",
    }
    assert rectification_objects.named(grid, Scope((CITY_B,)), keys) == {("B", "line", "L9"): "L9"}
    assert _codes(grid, "line", "L", Scope((CITY_B,))) == ["L9"]
