"""Causes in a file: a code and a name are the same."""

import pytest

from tests.data_access.importing import OUTAGES, company, take


@pytest.fixture
def stocked(engine, tmp_path):
    return company(engine, tmp_path)


def test_causes_by_name_are_the_same_rows_as_causes_by_code(stocked, tmp_path):
    """A file read by a person's mapping and again on the command line: nothing changes the second time."""
    by_name = OUTAGES.replace(",tree,", ",树障,").replace(",planned_works,", ",Planned works,")
    first = take(stocked, tmp_path, "outages", by_name)
    again = take(stocked, tmp_path, "outages", OUTAGES)

    assert "unknown_cause" not in {code for _severity, _column, code, _many in first.counts}
    assert (again.changed, again.same) == (0, 4)
