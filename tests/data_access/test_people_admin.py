"""What administrators do to people: each act whole, inside the own units, and the last one stays."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from data_access import administrators, audit_chain, kpi_facts, people_admin, people_history, people_seen
from data_access.people_seen import Wanted
from data_access.settings import company_timezone
from data_access.tables.audit import audit_log
from data_access.tables.org import grants, people
from data_access.transactions import writing, writing_all
from domain.errors import ChangedByOthers, InvalidInput, NotAllowed, NotFound, StepNotAllowed
from domain.people import Grant
from domain.periods import local_today
from domain.viewer import Scope, Viewer
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_B1, PROVINCE, build

TODAY = local_today(company_timezone())
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
BEGAN = date(2020, 1, 1)
PEOPLE = {  # name: role, unit, last day
    "wide": ("administrator", PROVINCE, None),
    "city": ("administrator", CITY_A, None),
    "county": ("manager", COUNTY_A1, None),
    "other": ("manager", CITY_B, None),
    "gone": ("manager", COUNTY_A1, date(2024, 12, 31)),
    "both": ("lead", COUNTY_A1, None),
}
IDS = {name: number for number, name in enumerate([*PEOPLE, "none"], start=1)}


def administrator(unit=PROVINCE):
    return Viewer(IDS["wide"], "管理员", frozenset({"administrator"}), Scope((unit,)))


WIDE, CITY = administrator(), administrator(CITY_A)


@pytest.fixture
def company(engine):
    """A province; people in both cities, one without a role, one with roles in both cities."""
    build(engine)
    with writing_all(engine) as connection:
        for name, number in IDS.items():
            values = {"name": name, "email": f"{name}@example.com"}
            given = connection.scalar(insert(people).values(**values).returning(people.c.id))
            assert given == number
        for name, (role, unit, last) in PEOPLE.items():
            _grant(connection, name, role, unit, last)
        _grant(connection, "both", "lead", COUNTY_B1, None)
    return engine


def _grant(connection, name, role, unit, last):
    row = {"person_id": IDS[name], "role": role, "org_unit_id": unit, "valid_from": BEGAN, "valid_to": last}
    connection.execute(insert(grants).values(row))


def _names(engine, viewer, **wanted):
    found, count = people_seen.listed(engine, viewer, Wanted(**wanted))
    assert count == len(found)
    return {one.name for one in found}


def _one(engine, name, viewer=WIDE):
    return people_seen.one(engine, viewer, IDS[name])


def _acts(engine):
    with engine.connect() as connection:
        return connection.execute(select(audit_log).order_by(audit_log.c.at, audit_log.c.no)).all()


def test_an_administrator_of_a_city_sees_who_holds_or_held_a_role_there(company):
    """Of their roles those inside; somebody without any is the whole company's."""
    assert _names(company, CITY) == {"city", "county", "gone", "both"}
    assert _names(company, WIDE) == set(IDS)
    assert [one.unit_id for one in _one(company, "both", CITY).grants] == [COUNTY_A1]
    assert not _one(company, "both", CITY).may_change
    for name in ("other", "none", "wide"):
        with pytest.raises(NotFound):
            _one(company, name, CITY)


def test_an_administrator_who_also_looks_wider_administers_the_city_only(company):
    pairs = frozenset({("executive", PROVINCE), ("administrator", CITY_A)})
    viewer = Viewer(2, "x", frozenset({"executive", "administrator"}), Scope((PROVINCE,)), pairs)

    assert _names(company, viewer) == {"city", "county", "gone", "both"}
    with pytest.raises(NotAllowed):
        people_admin.give(company, viewer, IDS["county"], 1, Grant("lead", CITY_B, TODAY))


@pytest.mark.parametrize("role", ["executive", "manager", "lead", "area_manager", "steward"])
def test_nobody_else_sees_or_changes_people(company, role):
    viewer = Viewer(1, "x", frozenset({role}), Scope((PROVINCE,)))
    for asked in (
        lambda: people_seen.listed(company, viewer, Wanted()),
        lambda: people_seen.one(company, viewer, 1),
        lambda: people_history.history(company, viewer, 1),
        lambda: people_admin.add(company, viewer, "x", "", "", Grant("lead", CITY_A, TODAY)),
        lambda: people_admin.give(company, viewer, 3, 1, Grant("lead", CITY_A, TODAY)),
    ):
        with pytest.raises(NotAllowed):
            asked()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"text": "COUN"}, {"county"}),
        ({"text": "example"}, set()),
        ({"text": "OTHER@example.com"}, {"other"}),
        ({"role": "manager"}, {"county", "other", "gone"}),
        ({"unit_id": CITY_A}, {"city", "county", "gone", "both"}),
        ({"unit_id": CITY_A, "role": "lead", "state": "active"}, {"both"}),
        ({"state": "ended"}, {"gone", "none"}),
        ({"state": "active"}, {"wide", "city", "county", "other", "both"}),
        ({"state": "never"}, {"wide", "city", "county", "other", "both"}),
    ],
    ids=lambda one: str(sorted(one.items()) if isinstance(one, dict) else sorted(one)),
)
def test_people_are_found_by_name_role_unit_and_state(company, wanted, expected):
    """By a part of the name, but only by the whole e-mail: the list masks it."""
    assert _names(company, WIDE, **wanted) == expected


def test_the_list_masks_every_e_mail_and_is_paged(company):
    found, count = people_seen.listed(company, WIDE, Wanted(), number=2, size=4)
    beyond, _ = people_seen.listed(company, WIDE, Wanted(), number=99, size=4)

    assert (len(found), count) == (3, 7)
    assert found == beyond
    assert {one.email for one in found} <= {f"{name[0]}***@example.com" for name in IDS}
    assert _one(company, "county", CITY).email == "county@example.com"
    assert _one(company, "both", CITY).email == "b***@example.com"


def test_somebody_is_added_with_the_first_role(company):
    grant = Grant("steward", COUNTY_A1, TOMORROW)
    number = people_admin.add(company, CITY, " 李乙 ", "Li Yi", " Li.Yi@Example.com", grant)

    added = people_seen.one(company, CITY, number)
    assert (added.name, added.email, added.grants, added.version) == (
        "李乙",
        "li.yi@example.com",
        (grant,),
        1,
    )
    (act,) = _acts(company)
    assert (act.action, act.subject, act.org_unit_id) == ("people.add", f"person {number}", COUNTY_A1)
    assert act.after["grant"] == {
        "role": "steward", "unit": "A1", "from": TOMORROW.isoformat(), "to": None
    }  # fmt: skip
    assert act.after["email"].startswith("hmac:")
    assert "li.yi" not in str(act)


def test_only_the_whole_company_has_people_without_a_role(company):
    with pytest.raises(InvalidInput, match="first_role"):
        people_admin.add(company, CITY, "李乙", "", "x@example.com")
    assert _acts(company) == []

    number = people_admin.add(company, WIDE, "李乙", "", "")
    assert people_seen.one(company, WIDE, number).email is None


@pytest.mark.parametrize("unit", [CITY_B, PROVINCE, 999, None])
def test_a_role_for_a_unit_outside_is_not_given(company, unit):
    grant = Grant("lead", unit, TODAY)
    for act in (
        lambda: people_admin.add(company, CITY, "李乙", "", "x@example.com", grant),
        lambda: people_admin.give(company, CITY, IDS["county"], 1, grant),
    ):
        with pytest.raises((NotFound, InvalidInput)):
            act()
    assert _acts(company) == []
    assert _one(company, "county").version == 1


def test_an_e_mail_belongs_to_one_person_who_is_named_where_they_may_be_seen(company):
    """Also to one who is not seen: else two could sign in as one."""
    with pytest.raises(InvalidInput) as unseen:
        people_admin.add(company, CITY, "x", "", "Other@example.com", Grant("lead", CITY_A, TODAY))
    with pytest.raises(InvalidInput) as seen:
        people_admin.change(company, WIDE, IDS["county"], 1, "county", "", "other@example.com", True)

    assert (unseen.value.code, unseen.value.values) == ("email_taken", {})
    assert (seen.value.code, seen.value.values) == ("email_taken_by", {"name": "other"})
    assert _acts(company) == []


def test_name_e_mail_and_state_are_changed_with_a_trace(company):
    people_admin.change(company, CITY, IDS["county"], 1, "郑甲", "", "new@example.com", False)

    stored = _one(company, "county")
    assert (stored.name, stored.email, stored.is_active, stored.version) == (
        "郑甲",
        "new@example.com",
        False,
        2,
    )
    assert stored.grants  # deactivated ends nothing
    (act,) = _acts(company)
    assert (act.action, act.org_unit_id) == ("people.change", COUNTY_A1)
    assert act.after["is_active"] is False
    for one in ("name", "email"):  # told apart, and never read back
        assert act.before[one] != act.after[one]
    assert [one for one in ("example.com", "county", "郑甲") if one in f"{act.before} {act.after}"] == []
    assert [one.broken for one in audit_chain.verify(company) if one.broken] == []


def test_the_same_again_leaves_no_trace(company):
    people_admin.change(company, WIDE, IDS["county"], 1, "county", "", "county@example.com", True)

    assert _acts(company) == []
    assert _one(company, "county").version == 1


def test_a_person_with_a_role_elsewhere_is_changed_only_by_who_administers_both(company):
    change = ("郑甲", "", "both@example.com", True)
    with pytest.raises(NotAllowed, match="person_of_other_units"):
        people_admin.change(company, CITY, IDS["both"], 1, *change)

    people_admin.give(company, CITY, IDS["both"], 1, Grant("manager", COUNTY_A1, TODAY))
    people_admin.change(company, WIDE, IDS["both"], 2, *change)
    assert _one(company, "both").name == "郑甲"


def test_a_role_is_given_ended_and_taken_back(company):
    number, ahead = IDS["county"], Grant("lead", CITY_A, TOMORROW)
    people_admin.give(company, CITY, number, 1, ahead)
    people_admin.remove(company, CITY, number, 2, ahead)
    running = Grant("manager", COUNTY_A1, BEGAN)
    people_admin.end(company, CITY, number, 3, running, TODAY)
    people_admin.end(company, CITY, number, 4, running, None)
    people_admin.end(company, CITY, number, 5, running, YESTERDAY)

    stored = _one(company, "county")
    assert stored.grants == (Grant("manager", COUNTY_A1, BEGAN, YESTERDAY),)
    assert (stored.version, stored.state()) == (6, "ended")
    names = [one.action for one in reversed(people_history.history(company, CITY, number))]
    assert names == ["people.give", "people.remove", "people.end", "people.end", "people.end"]
    with pytest.raises(StepNotAllowed, match="grant_over"):
        people_admin.end(company, CITY, number, 6, running, None)


@pytest.mark.parametrize(
    ("verb", "values", "code"),
    [
        (people_admin.give, (Grant("manager", COUNTY_A1, TODAY),), "grant_overlaps"),
        (people_admin.give, (Grant("boss", COUNTY_A1, TODAY),), "unknown_role"),
        (people_admin.give, (Grant("", None, TODAY),), "role_and_unit"),
        (people_admin.end, (Grant("manager", COUNTY_A1, BEGAN), BEGAN), "end_in_past"),
        (people_admin.remove, (Grant("manager", COUNTY_A1, BEGAN),), "grant_begun"),
    ],
)
def test_a_step_that_cannot_be_leaves_everything_as_it_was(company, verb, values, code):
    with pytest.raises((InvalidInput, StepNotAllowed), match=code):
        verb(company, WIDE, IDS["county"], 1, *values)

    assert _acts(company) == []
    assert _one(company, "county").version == 1


def test_a_role_makes_nobody_read_all_figures_anew(company):
    before = kpi_facts.data_state(company, WIDE.scope).version

    people_admin.give(company, WIDE, IDS["county"], 1, Grant("lead", COUNTY_A1, TODAY))

    assert kpi_facts.data_state(company, WIDE.scope).version == before


def test_a_role_that_somebody_else_took_back_is_not_found(company):
    with pytest.raises(NotFound):
        people_admin.end(company, WIDE, IDS["county"], 1, Grant("lead", CITY_A, BEGAN), TODAY)


def test_who_comes_second_sees_both_versions(company):
    people_admin.change(company, WIDE, IDS["county"], 1, "first", "", "county@example.com", True)

    with pytest.raises(ChangedByOthers) as caught:
        people_admin.change(company, WIDE, IDS["county"], 1, "second", "", "county@example.com", True)

    assert (caught.value.mine["name"], caught.value.theirs["name"]) == ("second", "first")
    with pytest.raises(ChangedByOthers) as caught:
        people_admin.give(company, WIDE, IDS["county"], 1, Grant("lead", CITY_B, TODAY))
    assert caught.value.mine["grants"] == (Grant("lead", CITY_B, TODAY),)
    assert caught.value.theirs["grants"] == (Grant("manager", COUNTY_A1, BEGAN),)
    assert len(_acts(company)) == 1


def test_of_two_administrators_at_once_one_is_told_of_the_other(company):
    """Each gives another role from the version that both were shown."""
    outcomes = _at_once(
        *(
            lambda role=role: people_admin.give(
                company, WIDE, IDS["county"], 1, Grant(role, COUNTY_A1, TODAY)
            )
            for role in ("lead", "steward")
        )
    )

    assert sorted(map(type, outcomes), key=str) == sorted([type(None), ChangedByOthers], key=str)
    assert len(_one(company, "county").grants) == 2
    assert len(_acts(company)) == 1


def _at_once(*acts):
    outcomes, start = [], threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            outcomes.append(act())
        except Exception as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return outcomes


LAST = Grant("administrator", PROVINCE, BEGAN)


@pytest.mark.parametrize(
    "act",
    [
        lambda at: people_admin.end(at, WIDE, IDS["wide"], 1, LAST, TODAY),
        lambda at: people_admin.change(at, WIDE, IDS["wide"], 1, "wide", "", "wide@example.com", False),
        lambda at: people_admin.change(at, WIDE, IDS["wide"], 1, "wide", "", "", True),
    ],
    ids=["ended", "deactivated", "without an e-mail"],
)
def test_the_last_administrator_who_could_sign_in_stays(company, act):
    with pytest.raises(StepNotAllowed, match="last_administrator"):
        act(company)
    assert _acts(company) == []

    number = people_admin.add(company, WIDE, "second", "", "second@example.com", LAST)
    people_admin.change(company, WIDE, number, 1, "second", "", "second@example.com", False)
    with pytest.raises(StepNotAllowed, match="last_administrator"):
        act(company)

    people_admin.change(company, WIDE, number, 2, "second", "", "second@example.com", True)
    act(company)


def test_two_administrators_who_end_each_other_at_once_leave_one(company):
    second = people_admin.add(company, WIDE, "second", "", "second@example.com", LAST)
    outcomes = _at_once(
        lambda: people_admin.end(company, WIDE, second, 1, LAST, TODAY),
        lambda: people_admin.end(company, WIDE, IDS["wide"], 1, LAST, TODAY),
    )

    assert sorted(map(type, outcomes), key=str) == sorted([type(None), StepNotAllowed], key=str)


def test_an_administrator_with_an_end_is_none_who_stays(company):
    with writing(company) as connection:
        connection.execute(update(grants).where(grants.c.person_id == IDS["wide"]).values(valid_to=TOMORROW))
    people_admin.end(company, WIDE, IDS["wide"], 1, LAST, TODAY)  # there was none before either

    done = administrators.appoint(company, WIDE, "不改名", " Wide@example.com")
    assert (done.name, done.is_new, done.units) == ("wide", False, ("P",))
    assert _one(company, "wide").grants == (LAST,)
    again = administrators.appoint(company, WIDE, "x", "wide@example.com")
    assert (again.units, again.was_inactive) == ((), False)


def test_only_the_whole_company_names_its_administrators(company):
    with pytest.raises(NotAllowed):
        administrators.appoint(company, CITY, "x", "x@example.com")
