"""Every table can be kept on many machines: decided once, held here for each new table."""

import pytest
from sqlalchemy import DateTime, Index, UniqueConstraint

from data_access.tables import metadata
from data_access.tables.metadata import UtcTime

TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


def _is_distributed(table):
    return table.info["citus"] == "distributed"


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_what_a_row_is_and_where_it_is_kept(table):
    assert table.comment
    assert table.info["citus"] in ("distributed", "reference")


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_a_distributed_table_contains_the_key_space(table):
    """Citus refuses a unique constraint without the column that it distributes by."""
    if not _is_distributed(table):
        return
    keys = [table.primary_key, *(one for one in table.constraints if isinstance(one, UniqueConstraint))]
    keys += [one for one in table.indexes if isinstance(one, Index) and one.unique]
    for key in keys:
        assert "bureau_id" in [column.name for column in key.columns], key


@pytest.mark.parametrize("table", TABLES)
def test_keys_between_tables_can_be_checked_on_one_machine(table):
    """Fact to fact with the key space, fact to reference without it, reference to fact never."""
    for key in table.foreign_key_constraints:
        has_space = "bureau_id" in [column.name for column in key.columns]
        if _is_distributed(key.referred_table):
            assert _is_distributed(table), (
                f"{table.name} is a reference table, {key.referred_table.name} is not"
            )
            assert has_space, key
        else:
            assert not has_space, key


@pytest.mark.parametrize("table", TABLES)
def test_times_are_whole_seconds_of_utc(table):
    for column in table.columns:
        if isinstance(column.type, DateTime):
            assert column.type is UtcTime or repr(column.type) == repr(UtcTime), column
