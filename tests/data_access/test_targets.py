"""Which targets a unit finds: its own, and those from above that say so."""

from datetime import date

import pytest
from sqlalchemy import insert

from data_access import targets
from data_access.tables.rules import targets as table
from data_access.transactions import writing_all
from domain.errors import NotFound
from domain.periods import Period
from domain.viewer import Scope
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, HOME, PROVINCE, build

OCTOBER = Period("month", date(2026, 10, 1), date(2026, 10, 1))


@pytest.fixture
def company(engine):
    """Five targets for October and decoys."""
    build(engine)
    rows = [
        ("saidi", PROVINCE, "month", "2026-10", "legal", 30.0, True),
        ("saidi", PROVINCE, "month", "2026-10", "full", 12.0, False),
        ("saidi", CITY_A, "month", "2026-10", "full", 10.0, True),
        ("saidi", CITY_B, "month", "2026-10", "full", 9.0, True),
        ("saidi", CITY_A, "ytd", "2026-10", "full", 99.0, True),
        ("saidi", CITY_A, "month", "2026-09", "full", 98.0, True),
    ]
    names = ("kpi", "org_unit_id", "period_kind", "period", "kind", "value", "for_below")
    with writing_all(engine) as connection:
        connection.execute(
            insert(table),
            [dict(zip(names, row, strict=True)) | {"bureau_id": HOME[row[1]]} for row in rows],
        )
    return engine


def test_a_county_finds_what_its_city_and_province_pass_on(company):
    found = targets.targets_for(company, Scope((CITY_A,)), COUNTY_A1, OCTOBER)

    assert {(one.org_unit_id, one.kind, one.value) for one in found} == {
        (PROVINCE, "legal", 30.0),
        (CITY_A, "full", 10.0),
    }


def test_the_path_begins_above_the_scope(company):
    assert targets.path_of(company, Scope((CITY_A,)), COUNTY_A1) == (PROVINCE, CITY_A, COUNTY_A1)


@pytest.mark.parametrize("read", [targets.path_of, lambda *args: targets.targets_for(*args, OCTOBER)])
def test_a_foreign_unit_is_not_found(company, read):
    with pytest.raises(NotFound):
        read(company, Scope((CITY_B,)), COUNTY_A1)
