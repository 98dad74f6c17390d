"""Backup and restore: the same rows on the other side, on either database, or nothing at all."""

import zipfile

import pytest
from sqlalchemy import MetaData, insert, select

from data_access import backup, database
from data_access.engine import engine_for
from data_access.kpi_refresh import refresh
from data_access.tables import metadata
from data_access.tables.org import customers_served, org_units, people
from data_access.transactions import reading_all, writing_all
from domain.errors import InvalidInput, WrongDatabase
from tests.data_access.booked import facts
from tests.data_access.importing import company, take


def _rows(engine):
    """Every row of every table, as text: SQLite and PostgreSQL return the same values of other types."""
    found = MetaData()
    with reading_all(engine) as connection:
        found.reflect(connection)
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
            if table.name in found.tables
        }


@pytest.fixture
def filled(engine):
    """Two units of which the upper has the higher number, so that order matters; a person; a decoy NULL."""
    with writing_all(engine) as connection:
        database.settle(connection, "real")
        common = {"name": "河口", "bureau_id": "A"}
        connection.execute(insert(org_units).values(id=9, code="A", level="city", parent_id=None, **common))
        connection.execute(insert(org_units).values(id=2, code="B", level="county", parent_id=9, **common))
        connection.execute(insert(people).values(name="赵甲", email=None))
        month = {"month": metadata.tables["customers_served"].c.month.type.python_type(2026, 10, 1)}
        connection.execute(
            insert(customers_served).values(
                bureau_id="A", org_unit_id=2, level="LV", customers=2**40, **month
            )
        )
    return engine


def test_a_restored_database_has_the_same_rows(filled, empty_url, tmp_path):
    """From and to each kind of database."""
    backup.write(filled, tmp_path / "b.zip")

    target = engine_for(empty_url)
    backup.restore(target, tmp_path / "b.zip")

    assert _rows(filled) == _rows(target)
    assert database.state(target) == database.State("real", database.newest_revision(), True, False)


def test_a_restored_database_goes_on_working(engine, empty_url, tmp_path):
    """Its figures come out the same from nothing, a backup of it is the same, and it takes the next file."""
    company(engine, tmp_path)
    header = "step_key,outage_key,unit,kind,customers,interrupted_at,restored_at\n"
    first = "s1,o1,S1,fault,9,2024-01-10 08:00,2024-01-10 09:00\n"
    take(engine, tmp_path, "outages", header + first, covers="2024-01-01..2024-01-31")
    refresh(engine)
    backup.write(engine, tmp_path / "b.zip")
    target = engine_for(empty_url)

    backup.restore(target, tmp_path / "b.zip")
    backup.write(target, tmp_path / "again.zip")
    refresh(target, full=True)

    assert facts(target) == facts(engine)
    with zipfile.ZipFile(tmp_path / "b.zip") as one, zipfile.ZipFile(tmp_path / "again.zip") as other:
        for table in set(one.namelist()) - {"about.json"}:
            assert sorted(one.read(table).splitlines()) == sorted(other.read(table).splitlines()), table
    take(target, tmp_path, "outages", header + first.replace("s1,o1", "s2,o2"))
    refresh(target)
    assert len(_rows(target)["outage_steps"]) == 2


def test_numbers_given_after_a_restore_go_on_where_they_were(filled, empty_url, tmp_path):
    """A sequence that began anew would collide with the first restored person."""
    backup.write(filled, tmp_path / "b.zip")
    target = engine_for(empty_url)
    backup.restore(target, tmp_path / "b.zip")

    with writing_all(target) as connection:
        connection.execute(insert(people).values(name="钱乙"))
        ids = sorted(connection.execute(select(people.c.id)).scalars())

    assert ids == [1, 2]


def test_a_database_with_tables_is_not_restored_into(filled, tmp_path):
    backup.write(filled, tmp_path / "b.zip")

    with pytest.raises(WrongDatabase):
        backup.restore(filled, tmp_path / "b.zip")


def test_a_backup_that_breaks_off_leaves_the_target_empty(filled, empty_url, tmp_path):
    backup.write(filled, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as whole, zipfile.ZipFile(tmp_path / "c.zip", "w") as cut:
        for name in whole.namelist():
            if "people" not in name:
                cut.writestr(name, whole.read(name))

    target = engine_for(empty_url)
    with pytest.raises(InvalidInput):
        backup.restore(target, tmp_path / "c.zip")

    assert database.state(target).kind == "nothing"


def test_another_file_is_called_by_its_name(empty_url, tmp_path):
    path = tmp_path / "letter.zip"
    path.write_text("dear all")

    with pytest.raises(InvalidInput, match="not_a_backup"):
        backup.restore(engine_for(empty_url), path)
