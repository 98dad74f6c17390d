"""The list of risk objects with the items that are open about each, inside a scope."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from data_access import rectification_making, rectification_steps, risk_with_items
from data_access.kpi_refresh import refresh
from data_access.rectification_acts import today
from data_access.risk_lines import Filters
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import writing_all
from domain.errors import NotFound
from domain.rectifications import Rectification
from domain.viewer import Scope, Viewer
from tests.data_access import booked, risky
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A2
from tests.data_access.risky import JUNE, all_conditions, fault

OURS = Scope((CITY_A,))
LEAD = Viewer(None, "lead", frozenset({"administrator"}), OURS)
NEW = Rectification("A", "", 0, "line", "L", "x", original_due=today() + timedelta(days=100))
L, T = ("A", "line", "L"), ("A", "area", "T")
EVERYTHING = Filters()


@pytest.fixture
def world(engine):
    """Five objects at risk in June: line L and its area T with three faults, line M, areas D and U."""
    risky.build(engine)
    all_conditions(engine)
    booked.book(engine, *(one for day in (1, 5, 9) for one in fault(f"2026-06-0{day}", "T")))
    booked.book(engine, *fault("2026-06-20", "U", at=None, unit=COUNTY_A2))
    refresh(engine)
    return engine


def _listed(engine, with_items=None, scope=OURS, unit=CITY_A, number=1, size=25, filters=EVERYTHING):
    return risk_with_items.listed(engine, scope, unit, JUNE, filters, with_items, number, today(), size)


def _codes(found):
    return found.objects["object_code"].tolist()


def test_an_object_carries_its_open_items_and_not_those_of_its_namesake(world):
    made = rectification_making.create(world, LEAD, NEW)
    rectification_making.create(world, LEAD, replace(NEW, object_kind="area", object_code="T"))
    with writing_all(world) as connection:  # what an item about a customer's equipment called L would be
        decoy = {"object_kind": "equipment", "object_code": "L"}
        connection.execute(update(table).where(table.c.object_code == "T").values(decoy))

    found = _listed(world)

    assert {
        key: [one.item.item_id for one in several] for key, several in found.items.items() if key == L
    } == {L: [made.item_id]}
    assert T not in found.items


def test_the_filter_by_items_agrees_with_the_count(world):
    rectification_making.create(world, LEAD, NEW)

    assert _codes(_listed(world, True)) == ["L"]
    without = _listed(world, False)
    assert sorted(_codes(without)) == ["D", "M", "T", "U"]
    assert without.count == 4
    assert risk_with_items.item_counts(world, OURS, CITY_A, JUNE, today()) == risk_with_items.ItemCounts(
        at_risk=5, without=4, covered=1, on_books=1, overdue=0, waiting=0
    )


def test_a_closed_item_covers_its_object_though_nothing_is_on_the_books(world):
    made = rectification_making.create(world, LEAD, NEW)
    with writing_all(world) as connection:
        connection.execute(update(table).where(table.c.item_id == made.item_id).values(status="closed"))

    found = risk_with_items.item_counts(world, OURS, CITY_A, JUNE, today())

    assert (found.without, found.covered, found.on_books) == (5, 1, 0)
    assert found.coverage == 0.2


def test_a_cancelled_item_is_no_measure(world):
    made = rectification_making.create(world, LEAD, NEW)
    rectification_steps.cancel(world, LEAD, "A", made.item_id, made.version, "no need")

    assert _codes(_listed(world, True)) == []
    found = risk_with_items.item_counts(world, OURS, CITY_A, JUNE, today())
    assert (found.without, found.covered) == (5, 0)


def test_the_worst_light_comes_first(world):
    fine = rectification_making.create(world, LEAD, NEW)
    late = rectification_making.create(world, LEAD, replace(NEW, title="late"))
    with writing_all(world) as connection:
        past = {"current_due": today() - timedelta(days=3)}
        connection.execute(update(table).where(table.c.item_id == late.item_id).values(past))

    shown = _listed(world).items[L]

    assert [(one.item.item_id, one.light, one.overdue_days) for one in shown] == [
        (late.item_id, "red", 3),
        (fine.item_id, "none", 0),
    ]
    assert risk_with_items.item_counts(world, OURS, CITY_A, JUNE, today()).overdue == 1


def test_the_due_date_itself_is_not_overdue(world):
    made = rectification_making.create(world, LEAD, NEW)
    with writing_all(world) as connection:
        values = {"current_due": today()}
        connection.execute(update(table).where(table.c.item_id == made.item_id).values(values))

    assert risk_with_items.item_counts(world, OURS, CITY_A, JUNE, today()).overdue == 0
    assert _listed(world).items[L][0].overdue_days == 0


def test_findings_stand_with_the_gravest_first_and_the_course_has_13_months(world):
    found = _listed(world)

    assert [one[0] for one in found.findings[("A", "line", "M")]] == ["RL7", "RL6", "RL10"]
    assert found.findings[L][0] == ("RL1", 3.0, "faults >= 3", 2)
    course = found.course[L]
    assert len(course) == 13
    assert course[-1] == found.objects.set_index("object_code").loc["L", "expected_min"]
    assert course[0] is None  # June 2025: nothing known, so not at risk


def test_pages_follow_one_another_and_beyond_the_last_is_the_last(world):
    whole = _codes(_listed(world))

    pages = [_codes(_listed(world, number=number, size=2)) for number in (1, 2, 3, 9)]

    assert [one for page in pages[:3] for one in page] == whole
    assert pages[3] == pages[2]


def test_a_new_item_begins_with_what_was_found_on_its_object(world):
    """Of the rules it is made for only, at the last month-end at which one was met; none for its namesake."""
    made_for = replace(NEW, object_code="M", rules="RL7;RL10")

    found = rectification_making.suggested(world, OURS, made_for)

    rules = {rule: level for rule, _value, _threshold, level in found.findings}
    assert (found.month, found.level) == (JUNE, min(rules.values()))
    assert list(rules) == ["RL7", "RL10"]
    assert "cable" not in found.causes
    assert found.keys
    nothing = rectification_making.suggested(world, OURS, replace(NEW, rules="RL10"))
    assert (nothing.month, nothing.level, nothing.findings, nothing.keys) == (None, None, (), ())


def test_filters_of_the_list_hold_here_too(world):
    assert _codes(_listed(world, filters=Filters(rule="RL10"))) == ["M"]


def test_a_foreign_unit_is_not_found(world):
    with pytest.raises(NotFound):
        _listed(world, scope=Scope((CITY_B,)))
    with pytest.raises(NotFound):
        risk_with_items.item_counts(world, Scope((CITY_B,)), CITY_A, JUNE, date(2026, 7, 1))
