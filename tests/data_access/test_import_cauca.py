"""A real file without keys: the transformers of Cauca of 2019 give the sums that are told of them."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from data_access import settings
from data_access.imports import run
from data_access.tables.condition import defects
from data_access.tables.grid import area_customers, areas
from data_access.tables.org import org_units
from domain.mapping import from_toml
from tests.built_once import built_once
from tests.data_access.importing import administrator

MAPPINGS = Path("data_access/mappings")
BURNT = """
kind = "defects"
bureau = "CAUCA"
source_key = "row_number"
[columns]
unit = { column = "LOCATION", values = { 0 = "CAUCA:0", 1 = "CAUCA:1" } }
found_at = { constant = "2019-12-31" }
severity = { column = "Burned transformers 2019", values = { 1 = "urgent" } }
"""


def import_by(engine, mapping, **options):
    path = settings.sample_data() / "transformers_cauca_2019" / "Dataset_Year_2019.xlsx"
    kind = from_toml(mapping)
    return run.import_file(engine, administrator(engine), kind.kind, path, kind, run.Options(**options))


def by_unit(engine, table, value):
    """value(table) by the code of the unit of its rows."""
    statement = select(org_units.c.code, value).join_from(table, org_units).group_by(org_units.c.code)
    with engine.connect() as connection:
        return dict(connection.execute(statement).all())


@pytest.fixture
def taken(engine):
    return _take(engine)


@built_once
def _take(engine):
    return import_by(engine, (MAPPINGS / "cauca_areas.toml").read_text(encoding="utf-8"))


@pytest.mark.sample_data
def test_every_row_is_an_area_and_fully_repeated_ones_are_odd(engine, taken):
    """Headers have blanks around them; a row's number is its key."""
    assert (taken.new, taken.rejected, taken.units_made) == (15_873, 0, 3)
    assert list(taken.counts) == [("warning", "", "equal_rows", 78)]
    assert by_unit(engine, areas, func.count()) == {"CAUCA:0": 13_112, "CAUCA:1": 2_761}


@pytest.mark.sample_data
@pytest.mark.usefixtures("taken")
def test_the_same_file_again_changes_nothing(engine):
    again = import_by(engine, (MAPPINGS / "cauca_areas.toml").read_text(encoding="utf-8"))

    assert (again.batch_id, again.same) == (None, 15_873)


@pytest.mark.sample_data
@pytest.mark.usefixtures("taken")
def test_the_users_of_the_file_belong_to_its_areas(engine):
    """The second import makes the keys of the first out of the same row numbers."""
    result = import_by(engine, (MAPPINGS / "cauca_area_customers.toml").read_text(encoding="utf-8"))

    users = select(func.count(), func.sum(area_customers.c.customers))
    same = (areas.c.bureau_id == area_customers.c.bureau_id) & (
        areas.c.area_code == area_customers.c.area_code
    )
    with engine.connect() as connection:
        found = connection.execute(users.join_from(area_customers, areas, same)).one()
    assert tuple(found) == (15_873, 384_244)
    assert result.warnings == 78


@pytest.mark.sample_data
@pytest.mark.usefixtures("taken")
def test_the_burnt_ones_can_be_taken_as_defects(engine, tmp_path):
    """Rows of transformers that did not burn are left out, as the class counts of the file say."""
    result = import_by(engine, BURNT, reject_to=tmp_path / "left_out.csv")

    assert (result.new, result.rejected) == (807, 15_066)
    assert by_unit(engine, defects, func.count()) == {"CAUCA:0": 782, "CAUCA:1": 25}
