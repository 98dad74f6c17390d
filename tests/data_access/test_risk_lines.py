"""Reads of lines and areas at risk inside a scope: list, counts, course, one object, what-if."""

import copy
from datetime import date

import pytest
from sqlalchemy import Engine, Integer, cast, func, select, update

from data_access import object_months, risk_lines, risk_object, risk_what_if, risk_with_items
from data_access.kpi_refresh import refresh
from data_access.risk_lines import Filters
from data_access.tables import metadata
from data_access.tables.grid import areas, lines
from data_access.tables.risk import risk_objects
from data_access.transactions import reading_all, writing_all
from domain import rule_sets
from domain.errors import InvalidInput, NotFound
from domain.viewer import Scope
from tests.data_access import booked, risky
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2
from tests.data_access.risky import JUNE, all_conditions, fault

MAY, JANUARY = date(2026, 5, 1), date(2026, 1, 1)
OURS, FOREIGN = Scope((CITY_A,)), Scope((CITY_B,))
BODY = rule_sets.first_version("risk").body
EVERY = Filters()


@pytest.fixture
def world(engine: Engine) -> Engine:
    """L has three faults in June and an urgent defect in May, M an urgent defect in June; and so on."""
    risky.build(engine)
    all_conditions(engine)
    booked.book(engine, *(one for day in (1, 5, 9) for one in fault(f"2026-06-0{day}", "T")))
    booked.book(engine, *fault("2026-06-20", "U", at=None, unit=COUNTY_A2))
    refresh(engine)
    return engine


def listed(world: Engine, unit: int, filters: Filters = EVERY, scope: Scope = OURS, **page):
    chosen = {"with_items": None, "number": 1, "day": date(2026, 7, 1), **page}
    return risk_with_items.listed(world, scope, unit, JUNE, filters, **chosen)


def codes(found) -> list[str]:
    return found.objects["object_code"].tolist()


def test_the_list_begins_with_what_costs_most_and_says_what_was_before(world):
    whole = listed(world, CITY_A)
    found = whole.objects.set_index("object_code")

    assert codes(whole)[:2] == ["L", "T"]
    assert found["expected_min"].is_monotonic_decreasing
    line = found.loc["L"]
    assert (line["name"], line["unit_name"], line["level"]) == ("line L", "A1", 2)
    assert line["rules"] == ";RL1;RL8;"
    assert line["level_before"] == 1
    assert found.loc["U", "level_before"] is None
    assert found.loc["D", "name"] == "a**"  # a dedicated account's name


def test_pages_follow_one_another_and_the_count_is_of_all(world):
    whole = codes(listed(world, CITY_A))

    pages = [listed(world, CITY_A, number=number, size=2) for number in (1, 2, 3)]

    assert [one for page in pages for one in codes(page)] == whole
    assert {page.count for page in pages} == {len(whole)} == {5}


FILTERS = (
    (Filters(kind="line"), {"L", "M"}),
    (Filters(level=1), {"M"}),
    (Filters(rule="RL1"), {"L", "T"}),  # and not RL10 of M
    (Filters(rule="RL10"), {"M"}),
    (Filters(search="line"), {"L", "M"}),
    (Filters(search="area T"), {"T"}),
    (Filters(search="area D"), set()),  # nobody searches by a customer's name
    (Filters(search="D"), {"D"}),
    (Filters(search="LINE l"), {"L"}),
    (Filters(search="d"), {"D"}),  # case says nothing, on either database
    (Filters(search="%"), set()),
    (Filters(entered=True), {"U"}),
)


def test_filters_narrow_list_and_count_alike(world):
    for filters, expected in FILTERS:
        found = listed(world, CITY_A, filters)

        assert set(codes(found)) == expected, filters
        assert found.count == len(expected), filters


def test_a_unit_below_has_its_own(world):
    assert codes(listed(world, COUNTY_A2)) == ["U"]


def test_counts_by_level_are_those_of_the_list(world):
    found = risk_lines.counts(world, OURS, CITY_A, JUNE)

    assert found.objects == 5
    assert found.by_level == {("line", 1): 1, ("line", 2): 1, ("area", 2): 2, ("area", 3): 1}
    on_lines = listed(world, CITY_A, Filters(kind="line")).objects
    assert found.expected_min == on_lines["expected_min"].sum() > 0


def test_the_course_has_thirteen_months_of_which_those_without_data_are_absent(world):
    found = risk_lines.trend(world, OURS, CITY_A, JUNE)

    levels = {(row.month, row.level): (row.objects, row.entered) for row in found.itertuples()}
    c = risk_objects.c
    stored = select(c.month, c.level, func.count(), func.sum(cast(c.has_entered, Integer))).where(
        c.org_unit_id.in_((CITY_A, COUNTY_A1, COUNTY_A2))
    )
    with reading_all(world) as connection:
        rows = connection.execute(stored.group_by(c.month, c.level)).all()
    assert levels == {(row[0], row[1]): (row[2], row[3]) for row in rows}
    assert levels[JUNE, 1] == (1, 0)  # M, by its site
    assert min(levels)[0] == JANUARY


def test_one_object_with_findings_terms_outages_and_course(world):
    found = risk_object.one(world, OURS, "A", "line", "L", JUNE)

    assert found.register["name"] == "line L"
    assert found.findings["rule"].tolist() == ["RL1", "RL8"]
    assert found.findings["evidence"].tolist() == [None, ["e1"]]
    assert found.terms["expected_min"] > 0
    assert found.outages["start_day"].tolist() == [date(2026, 6, day) for day in (9, 5, 1)]
    assert found.months["faults"].tolist() == [3]
    assert found.levels["level"].tolist() == [3, 3, 3, 3, 1, 2]


def test_an_area_has_the_outages_that_it_felt(world):
    booked.book(world, *fault("2026-06-21", "T", minutes=3, customers=99), *fault("2026-06-22", "D"))

    found = risk_object.one(world, OURS, "A", "area", "T", JUNE)

    assert found.outages["start_day"].tolist() == [date(2026, 6, day) for day in (9, 5, 1)]
    assert found.outages["customers"].tolist() == [10, 10, 10]


def test_months_of_both_kinds_have_the_same_columns(world):
    found = object_months.read(world, OURS, [("A", "line", "L"), ("A", "area", "T")], JANUARY, JUNE)

    rows = {row.object_code: row for row in found.itertuples()}
    assert {one.faults for one in rows.values()} == {3}
    assert {one.fault_customer_s_no_med for one in rows.values()} == {3 * 10 * 3600}
    assert rows["T"].mv_users_no_med == 3


def test_rules_without_data_are_named_with_what_they_lack(world):
    found = risk_lines.lacking(world, OURS, CITY_A, JUNE)

    assert found["RL11"] == ("complaints",)
    assert found["RL2"] == ("loads",)  # rows, but nobody said which period they are complete for
    assert "RL1" not in found
    assert "RL9" not in found
    booked.cover(world, JUNE, date(2026, 6, 30), COUNTY_A1, sources=("area_loads",), batch=9)
    assert "RL2" not in risk_lines.lacking(world, OURS, CITY_A, JUNE)
    assert "RL2" in risk_lines.lacking(world, OURS, CITY_A, MAY)
    assert "RL2" in risk_lines.lacking(world, OURS, COUNTY_A2, JUNE)


def draft(**sections):
    body = copy.deepcopy(dict(BODY))
    for code, changes in sections.items():
        for section, values in changes.items():
            body[code][section] |= values
    return body


def test_what_if_says_who_would_enter_and_leave_and_writes_nothing(world):
    before = snapshot(world)
    body = draft(
        RL1={"faults": {"faults": 1}},
        RL9={"arrester": {"types": ["none"]}},
        RL4={"unbalance": {"percent": 31}},
    )

    found = risk_what_if.what_if(world, OURS, CITY_A, body, JUNE, months=2)

    told = {
        (row.month, row.object_code): (row.change, row.rules, row.rules_draft) for row in found.itertuples()
    }
    assert told == {
        (JUNE, "U"): ("rules", ";RL2;RL3;", ";RL1;RL2;RL3;"),
        (JUNE, "T"): ("rules", ";RL1;RL4;RL5;", ";RL1;RL5;"),
        (JUNE, "D"): ("rules", ";RL8;RL9;", ";RL8;"),
        (MAY, "D"): ("rules", ";RL8;RL9;", ";RL8;"),
    }
    assert snapshot(world) == before


def test_what_if_nothing_changes_nothing_differs(world):
    assert risk_what_if.what_if(world, OURS, CITY_A, BODY, JUNE).empty


def test_what_if_who_leaves_and_who_enters(world):
    body = draft(
        RL8={"no_boundary_switch": {"accounts": 2}}, RL1={"faults": {"faults": 4}}, RL10={"ties": {"ties": 3}}
    )

    found = risk_what_if.what_if(world, OURS, CITY_A, body, MAY, months=1)

    told = {row.object_code: (row.change, row.rules_draft) for row in found.itertuples()}
    assert told == {"L": ("rules", ";RL7;RL10;"), "D": ("rules", ";RL9;")}


def test_a_draft_that_is_no_body_is_refused(world):
    for body in ({"RL1": {}}, draft(RL5={"transformer": {"operator": "<="}})):
        with pytest.raises(InvalidInput):
            risk_what_if.what_if(world, OURS, CITY_A, body, JUNE)


def test_who_sees_another_city_sees_nothing_here(world):
    with pytest.raises(NotFound):
        listed(world, CITY_A, scope=FOREIGN)
    with pytest.raises(NotFound):
        risk_object.one(world, FOREIGN, "A", "line", "L", JUNE)
    with pytest.raises(NotFound):
        risk_what_if.what_if(world, FOREIGN, CITY_A, BODY, JUNE)
    assert listed(world, CITY_B, scope=FOREIGN).objects.empty
    assert object_months.read(world, FOREIGN, [("A", "line", "L")], JANUARY, JUNE).empty


def test_names_of_accounts_are_masked_wherever_they_come(world):
    with writing_all(world) as connection:
        connection.execute(update(areas).where(areas.c.kind == "dedicated").values(name="王小五"))
        connection.execute(update(lines).values(name="王线"))

    found = listed(world, CITY_A).objects.set_index("object_code")["name"]

    assert (found["D"], found["L"]) == ("王**", "王线")
    assert risk_object.one(world, OURS, "A", "area", "D", JUNE).register["name"] == "王**"


def snapshot(engine: Engine) -> dict[str, set[str]]:
    with engine.connect() as connection:
        return {
            table.name: {repr(row) for row in connection.execute(select(table))}
            for table in metadata.sorted_tables
        }
