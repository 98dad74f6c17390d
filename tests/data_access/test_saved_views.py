"""Views are seen by whom they are meant for, told apart by their names, and removed by who may."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import insert, select

from data_access import kpi_facts, saved_views
from data_access.tables.audit import audit_log
from data_access.tables.org import people
from data_access.transactions import reading_all, writing_all
from domain.errors import InvalidInput, NotAllowed, NotFound
from domain.viewer import Scope, Viewer
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, PROVINCE, build

SAID = {"period": "quarter", "compare": "previous", "lang": "en", "as": "7", "unit": ""}
NOBODY = Viewer(None, "local administrator", frozenset({"administrator"}), Scope((PROVINCE,)))


def person(number: int, unit: int, role: str = "executive") -> Viewer:
    """Somebody with one role for one unit."""
    pairs = frozenset({(role, unit)})
    return Viewer(number, f"person {number}", frozenset({role}), Scope((unit,)), pairs)


PROVINCE_MAN, CITY_MAN, COUNTY_MAN = person(1, PROVINCE), person(2, CITY_A), person(3, COUNTY_A1)
OTHER_COUNTY, OTHER_CITY = person(4, COUNTY_A2), person(5, CITY_B)


@pytest.fixture
def company(engine):
    """The units and five people."""
    build(engine)
    with writing_all(engine) as connection:
        rows = [{"id": number, "name": f"person {number}", "name_en": ""} for number in range(1, 6)]
        connection.execute(insert(people), rows)
    return engine


def names(engine, viewer):
    return [one.name for one in saved_views.listed(engine, viewer)]


def test_a_view_keeps_the_filters_and_nothing_of_who_looked(company):
    number = saved_views.save(company, CITY_MAN, "  my \n view ", "overview", SAID)

    [found] = saved_views.listed(company, CITY_MAN)
    assert (found.id, found.name, found.page) == (number, "my view", "overview")
    assert found.query == "compare=previous&period=quarter"
    assert found.parameters() == {"compare": "previous", "period": "quarter"}
    assert (found.is_mine, found.may_delete, found.org_unit_id) == (True, True, None)


def test_one_s_own_views_are_nobody_else_s(company):
    saved_views.save(company, CITY_MAN, "mine", "overview", SAID)
    saved_views.save(company, NOBODY, "of the machine", "overview", SAID)

    for other in (PROVINCE_MAN, COUNTY_MAN, OTHER_CITY, replace(CITY_MAN, person_id=4)):
        assert names(company, other) == []
    assert names(company, NOBODY) == ["of the machine"]


def test_a_unit_s_view_is_seen_from_below_from_above_and_not_from_beside(company):
    saved_views.save(company, CITY_MAN, "city's", "overview", SAID, CITY_A)
    saved_views.save(company, COUNTY_MAN, "county's", "overview", SAID, COUNTY_A1)

    assert names(company, PROVINCE_MAN) == ["city's", "county's"]
    assert names(company, CITY_MAN) == ["city's", "county's"]
    assert names(company, COUNTY_MAN) == ["city's", "county's"]
    assert names(company, OTHER_COUNTY) == ["city's"]
    assert names(company, OTHER_CITY) == []


def test_nobody_shares_with_a_unit_outside_their_own(company):
    """Neither above nor beside; foreign and absent sound the same."""
    for unit in (PROVINCE, CITY_A, COUNTY_A2, 99):
        with pytest.raises(NotFound):
            saved_views.save(company, COUNTY_MAN, "x", "overview", SAID, unit)
    assert names(company, PROVINCE_MAN) == []


def test_a_name_is_one_view_of_a_person_and_one_of_a_unit(company):
    saved_views.save(company, CITY_MAN, "x", "overview", SAID)
    saved_views.save(company, CITY_MAN, "x", "overview", SAID, CITY_A)
    saved_views.save(company, CITY_MAN, "x", "overview", SAID, COUNTY_A1)
    saved_views.save(company, PROVINCE_MAN, "x", "overview", SAID)
    saved_views.save(company, NOBODY, "x", "overview", SAID)

    for viewer, unit in (
        (CITY_MAN, None), (PROVINCE_MAN, CITY_A), (CITY_MAN, CITY_A), (COUNTY_MAN, COUNTY_A1), (NOBODY, None),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            saved_views.save(company, viewer, " x ", "detail", {}, unit)
        assert (refused.value.code, refused.value.values) == ("view_name_taken", {"name": "x"})


@pytest.mark.parametrize("unit", [None, CITY_A])
def test_of_two_who_save_one_name_at_once_one_is_refused(company, unit):
    def save(_number):
        try:
            return saved_views.save(company, CITY_MAN, "x", "overview", SAID, unit)
        except InvalidInput as error:
            return error.code

    with ThreadPoolExecutor(4) as several:
        found = list(several.map(save, range(4)))

    assert found.count("view_name_taken") == 3
    assert names(company, CITY_MAN) == ["x"]


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("people", "role=lead&text=a&who=b"),
        ("audit_log", "q=c&role=lead"),
        ("definitions", "q=c&role=lead&text=a&who=b"),
    ],
)
def test_what_an_older_link_says_was_typed_to_find_people_is_not_kept(company, page, query):
    said = {"who": "b", "text": "a", "q": "c", "role": "lead"}
    saved_views.save(company, CITY_MAN, "x", page, said)

    assert [one.query for one in saved_views.listed(company, CITY_MAN)] == [query]


@pytest.mark.parametrize("name", ["", "  \n ", "x" * 81])
def test_a_view_has_a_name(company, name):
    with pytest.raises(InvalidInput, match="view_name"):
        saved_views.save(company, CITY_MAN, name, "overview", SAID)


def test_an_address_of_any_length_is_not_kept(company):
    with pytest.raises(InvalidInput, match="view_too_long"):
        saved_views.save(company, CITY_MAN, "x", "overview", {"q": "x" * 2_001})


def test_a_view_is_removed_by_who_saved_it(company):
    mine = saved_views.save(company, COUNTY_MAN, "mine", "overview", SAID)
    shared = saved_views.save(company, COUNTY_MAN, "shared", "overview", SAID, COUNTY_A1)

    for number in (mine, shared):
        saved_views.remove(company, COUNTY_MAN, number)

    assert names(company, COUNTY_MAN) == []
    with pytest.raises(NotFound):
        saved_views.remove(company, COUNTY_MAN, mine)


def test_a_unit_s_view_is_removed_by_its_administrator_and_by_nobody_else(company):
    number = saved_views.save(company, COUNTY_MAN, "shared", "overview", SAID, COUNTY_A1)
    below = Viewer(
        4, "x", frozenset({"administrator", "manager"}), Scope((CITY_A,)),
        frozenset({("administrator", COUNTY_A2), ("manager", CITY_A)}),
    )  # fmt: skip
    for somebody in (CITY_MAN, PROVINCE_MAN, below):
        assert [one.may_delete for one in saved_views.listed(company, somebody)] == [False]
        with pytest.raises(NotAllowed):
            saved_views.remove(company, somebody, number)
    for stranger in (OTHER_COUNTY, OTHER_CITY):
        with pytest.raises(NotFound):
            saved_views.remove(company, stranger, number)

    administrator = person(2, CITY_A, "administrator")
    assert [one.may_delete for one in saved_views.listed(company, administrator)] == [True]
    saved_views.remove(company, administrator, number)
    assert names(company, COUNTY_MAN) == []


def test_an_administrator_does_not_reach_what_is_somebody_s_own(company):
    number = saved_views.save(company, COUNTY_MAN, "mine", "overview", SAID)

    with pytest.raises(NotFound):
        saved_views.remove(company, person(1, PROVINCE, "administrator"), number)


def test_a_view_makes_nobody_read_all_else_anew_and_is_seen_at_once(company):
    before = kpi_facts.data_state(company, CITY_MAN.scope).version

    number = saved_views.save(company, CITY_MAN, "x", "overview", SAID, CITY_A)
    assert names(company, COUNTY_MAN) == ["x"]
    saved_views.remove(company, CITY_MAN, number)

    assert names(company, COUNTY_MAN) == []
    assert kpi_facts.data_state(company, CITY_MAN.scope).version == before


def test_saving_and_removing_are_in_the_audit_log(company):
    number = saved_views.save(company, CITY_MAN, "x", "detail", {"kpi": "saidi"}, CITY_A)
    saved_views.remove(company, CITY_MAN, number)
    with pytest.raises(InvalidInput):
        saved_views.save(company, CITY_MAN, "", "detail", {})

    c, said = audit_log.c, {"name": "x", "page": "detail", "query": "kpi=saidi"}
    with reading_all(company) as connection:
        rows = connection.execute(
            select(c.action, c.by_name, c.org_unit_id, c.before, c.after).order_by(c.no)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("views.save", "person 2", CITY_A, None, said),
        ("views.delete", "person 2", CITY_A, said, None),
    ]


def test_the_audit_log_does_not_hold_what_one_s_own_views_are_called_or_show(company):
    """Managers read the log; it is booked where the person's units meet."""
    two_counties = Viewer(4, "x", frozenset({"lead"}), Scope((COUNTY_A1, COUNTY_A2)))
    numbers = {}
    for somebody in (COUNTY_MAN, two_counties):
        numbers[somebody] = saved_views.save(company, somebody, "secret", "detail", {"kpi": "secret"})
        saved_views.remove(company, somebody, numbers[somebody])

    c = audit_log.c
    with reading_all(company) as connection:
        rows = connection.execute(
            select(c.action, c.subject, c.org_unit_id, c.before, c.after).order_by(c.no)
        ).all()
    page = {"page": "detail"}
    assert [tuple(row) for row in rows] == [
        row
        for somebody, unit in ((COUNTY_MAN, COUNTY_A1), (two_counties, CITY_A))
        for row in (
            ("views.save", f"view {numbers[somebody]}", unit, None, page),
            ("views.delete", f"view {numbers[somebody]}", unit, page, None),
        )
    ]
