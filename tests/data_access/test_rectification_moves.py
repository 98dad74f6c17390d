"""Items follow their line, area or equipment to another unit of the register, once, and leave a trace."""

import pytest
from sqlalchemy import insert, select, update

from data_access import rectifications
from data_access.kpi_refresh import refresh
from data_access.rectifications import Wanted
from data_access.tables.condition import customer_equipment
from data_access.tables.grid import areas, lines
from data_access.tables.kpi import kpi_facts
from data_access.transactions import writing_all
from domain.periods import month_of
from domain.viewer import Scope
from tests.data_access import items
from tests.data_access.booked import cover
from tests.data_access.company import COUNTY_A1, COUNTY_A2
from tests.data_access.items import TODAY


@pytest.fixture
def company(engine):
    items.company(engine)
    at = {"bureau_id": "A", "org_unit_id": COUNTY_A1}
    with writing_all(engine) as connection:
        connection.execute(insert(areas).values(**at, area_code="T1", name="T1", kind="public"))
        connection.execute(insert(customer_equipment).values(**at, equipment_key="E1"))
    cover(engine, month_of(TODAY), TODAY)
    return engine


def moved(engine, table, code, unit=COUNTY_A2):
    with writing_all(engine) as connection:
        connection.execute(update(table).where(code, table.c.bureau_id == "A").values(org_unit_id=unit))
    refresh(engine)


@pytest.mark.parametrize(
    ("kind", "code", "where"),
    [
        ("line", "L1", lines.c.line_code == "L1"),
        ("area", "T1", areas.c.area_code == "T1"),
        ("equipment", "E1", customer_equipment.c.equipment_key == "E1"),
    ],
)
def test_an_item_on_the_books_goes_with_its_object_once(company, kind, code, where):
    item = items.working(company, object_kind=kind, object_code=code)
    refresh(company)
    assert items.stored(company, item) == item

    moved(company, where.left.table, where)
    refresh(company, full=True)

    assert items.stored(company, item).org_unit_id == COUNTY_A2
    assert [one for one, _text in items.logged(company, item)].count("move") == 1
    assert items.audited(company, "action", "org_unit_id").count(("rectifications.move", COUNTY_A2)) == 1


def test_what_is_closed_stays_with_who_dealt_with_it(company):
    ended, stays = items.closed(company), items.made(company, object_code="L2")
    moved(company, lines, lines.c.line_code == "L1")

    assert items.stored(company, ended) == ended
    assert items.stored(company, stays) == stays


def test_an_item_of_an_object_that_left_the_register_stays(company):
    item = items.working(company)
    moved(company, lines, lines.c.line_code == "L2", COUNTY_A1)
    with writing_all(company) as connection:
        connection.execute(lines.delete().where(lines.c.line_code == "L1"))
    refresh(company, full=True)

    assert items.stored(company, item) == item


def test_lists_and_figures_of_both_units_follow(company):
    item = items.working(company)
    items.put(company, item, original_due=month_of(TODAY), current_due=month_of(TODAY))
    refresh(company, full=True)
    assert _listed(company, COUNTY_A1) == [item.item_id]
    before = _facts(company)

    moved(company, lines, lines.c.line_code == "L1")

    assert (_listed(company, COUNTY_A1), _listed(company, COUNTY_A2)) == ([], [item.item_id])
    after_parts = _facts(company)
    refresh(company, full=True)
    assert _facts(company) == after_parts
    swapped = {COUNTY_A1: COUNTY_A2}
    assert {(swapped.get(unit, unit), *more) for unit, *more in before} == set(after_parts)


def _listed(engine, unit):
    return [one.item.item_id for one in rectifications.listed(engine, Scope((unit,)), Wanted(unit), TODAY)]


def _facts(engine):
    """Figures of the items of both counties: unit, measure, month, value."""
    c = kpi_facts.c
    statement = select(c.org_unit_id, c.measure, c.period_start, c.value).where(
        c.measure.like("rectifications%"), c.org_unit_id.in_((COUNTY_A1, COUNTY_A2)), c.value != 0
    )
    with engine.connect() as connection:
        return sorted(tuple(row) for row in connection.execute(statement))
