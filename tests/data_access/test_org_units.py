"""The tree: who lies below whom, and what a foreign scope sees of it."""

import pytest
from sqlalchemy import insert

from data_access import org_units
from data_access.tables.org import org_units as units
from data_access.transactions import writing_all
from domain.errors import NotFound
from domain.viewer import Scope


@pytest.fixture
def tree(engine):
    with writing_all(engine) as connection:
        for unit_id, level, parent in (
            (1, "province", None),
            (2, "city", 1),
            (3, "county", 2),
            (4, "city", 1),
        ):
            values = {"id": unit_id, "code": f"U{unit_id}", "name": f"单位{unit_id}", "level": level}
            connection.execute(insert(units).values(**values, parent_id=parent, bureau_id="U2"))
        org_units.rebuild_closure(connection)
    return engine


def test_a_scope_holds_its_roots_and_everything_below(tree):
    assert set(org_units.visible(tree, Scope((2,)))) == {2, 3}


def test_a_foreign_unit_is_not_found_just_like_an_absent_one(tree):
    for unit_id in (4, 999):
        with pytest.raises(NotFound):
            org_units.path(tree, Scope((2,)), unit_id)


def test_the_path_begins_at_the_top_of_the_scope(tree):
    assert [unit.code for unit in org_units.path(tree, Scope((2,)), 3)] == ["U2", "U3"]
