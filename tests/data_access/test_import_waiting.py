"""Rows that were taken and wait for somebody's decision."""

import pytest

from data_access import import_history
from tests.data_access.importing import OUTAGES, administrator, company, take


@pytest.fixture
def stocked(engine, tmp_path):
    return company(engine, tmp_path)


def test_a_row_with_two_warnings_waits_once(stocked, tmp_path):
    """What waits for a decision are rows: two doubts about one of them are not two rows."""
    take(stocked, tmp_path, "outages", OUTAGES.replace("故障,wind", "故障,ufo"))
    viewer = administrator(stocked)

    assert import_history.warnings(stocked, viewer)[1] == 2  # unknown cause, not restored for long
    assert import_history.rows_waiting(stocked, viewer) == 1
