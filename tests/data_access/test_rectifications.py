"""Items as lists and boards show them, inside the scope; and what happens to names."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from data_access import (
    rectification_board,
    rectification_handover,
    rectification_notes,
    rectifications,
    stale,
    who_acted,
)
from data_access import rectification_extensions as extensions
from data_access.rectifications import Wanted
from data_access.tables.rectifications import (
    rectification_extensions,
    rectification_files,
    rectification_log,
)
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import reading_all, writing_all
from domain.errors import InvalidInput, NotAllowed, NotFound, StepNotAllowed
from domain.periods import month_of
from domain.rectification_counts import Group, Load, Share
from tests.data_access import items
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2
from tests.data_access.importing import dump
from tests.data_access.items import (
    BOTH,
    DUE,
    HELPER,
    LEAD,
    LOOKER,
    MANAGER,
    STRANGER,
    TODAY,
    WORKER,
    person,
    put,
)

SCOPE = person(LEAD).scope


def ago(days):
    """A moment so many days before today, as it is stored."""
    return datetime(TODAY.year, TODAY.month, TODAY.day) - timedelta(days=days)


def days(count):
    return timedelta(days=count)


@pytest.fixture
def company(engine):
    return items.company(engine)


@pytest.fixture
def several(company):
    """One of every light, and what has none: drafts, closed; of two counties and two people."""
    made = {
        "red": put(
            company, items.working(company), current_due=TODAY - days(3), original_due=TODAY - days(9)
        ),
        "yellow": put(company, items.working(company), assigned_at=ago(30)),
        "blue": put(company, items.done(company), current_due=TODAY + days(7)),
        "none": items.made(company, object_code="L2", original_due=None, title="通道_100%"),
        "closed": items.closed(company),
        "cancelled": items.do(company, "cancel", LEAD, items.made(company), "重复"),
    }
    return company, made


def numbers(found):
    return [one.item.item_id for one in found]


def listed(engine, scope=SCOPE, **wanted):
    return rectifications.listed(engine, scope, Wanted(**wanted), TODAY)


def test_the_worst_light_comes_first(several):
    engine, made = several
    found = listed(engine)

    assert numbers(found)[:3] == [made[light].item_id for light in ("red", "yellow", "blue")]
    assert [(one.light, one.overdue_days) for one in found[:4]] == [
        ("red", 3), ("yellow", 0), ("blue", 0), ("none", 0),
    ]  # fmt: skip
    assert len(found) == 6


def test_items_are_found_by_what_they_are_looked_for(several):
    engine, made = several
    number = {name: one.item_id for name, one in made.items()}

    for wanted, expected in (
        ({"light": "yellow"}, {"yellow"}),
        ({"states": ("done", "closed")}, {"blue", "closed"}),
        ({"person_id": WORKER}, {"red", "yellow", "blue", "closed"}),
        ({"person_id": HELPER}, set()),
        ({"unit_id": COUNTY_A2}, {"none"}),
        ({"unit_id": CITY_A}, set(made)),
        ({"object_kind": "line", "object_code": "L2"}, {"none"}),
        ({"level": 1}, set(made)),
        ({"level": 3}, set()),
        ({"due_to": TODAY}, {"red"}),
        ({"due_from": TODAY, "due_to": TODAY + days(7)}, {"blue"}),
        ({"text": "道_100%"}, {"none"}),
        ({"text": "王工"}, {"red", "yellow", "blue", "closed"}),
        ({"text": number["red"].lower()}, {"red"}),
    ):
        assert set(numbers(listed(engine, **wanted))) == {number[name] for name in expected}, wanted


def test_nothing_of_another_city_is_listed(several):
    engine, made = several
    stranger = person(STRANGER).scope
    one = made["red"].item_id

    assert listed(engine, stranger) == []
    for ask in (
        lambda: listed(engine, stranger, unit_id=COUNTY_A1),
        lambda: rectifications.one(engine, stranger, "A", one, TODAY),
        lambda: rectification_board.board(engine, stranger, CITY_A, TODAY, TODAY, TODAY),
        lambda: rectification_board.burn_down(engine, stranger, CITY_A, TODAY, TODAY),
        lambda: rectification_board.overdue(engine, stranger, CITY_A, TODAY),
        lambda: rectification_board.timeline(engine, stranger, CITY_A, TODAY),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_board_adds_up(several):
    engine, _made = several
    found = rectification_board.board(engine, SCOPE, CITY_A, TODAY - days(30), TODAY + days(30), TODAY)

    assert found.states == {"working": 2, "done": 1, "draft": 1, "closed": 1, "cancelled": 1}
    assert found.lights == {"red": 1, "yellow": 1, "blue": 1, "none": 1}
    assert found.by_age[0] == Group(0, 30, 4)
    assert found.by_overdue == (Group(1, 7, 1), Group(8, 30, 0), Group(31, 90, 0), Group(91, None, 0))
    assert found.load == (Load(WORKER, "王工", 3, 1, 1), Load(None, "", 1, 0, 0))
    assert found.closed_rate == Share(1, 5)
    assert (found.on_time, found.on_time_now) == (Share(1, 2), Share(1, 2))  # two are not decided yet
    assert found.stuck == ()


def test_what_is_due_today_is_not_missed_before_the_day_is_over(company):
    item = put(company, items.working(company), original_due=TODAY, current_due=TODAY)

    def shares(day):
        found = rectification_board.board(company, SCOPE, CITY_A, TODAY - days(30), TODAY + days(30), day)
        return found.on_time, found.on_time_now

    assert shares(TODAY) == (Share(0, 0), Share(0, 0))
    assert shares(TODAY + days(1)) == (Share(0, 1), Share(0, 1))
    put(company, item, status="closed", done_at=TODAY, closed_at=TODAY)
    assert shares(TODAY) == (Share(1, 1), Share(1, 1)), "closed on the due day itself"


def test_overdue_by_unit_and_person_and_the_time_line(several):
    engine, made = several
    (row,) = rectification_board.overdue(engine, SCOPE, CITY_A, TODAY).to_dict("records")
    line = rectification_board.timeline(engine, SCOPE, CITY_A, TODAY)

    assert row == {
        "org_unit_id": COUNTY_A1, "responsible_id": WORKER, "responsible": "王工", "items": 1,
        "longest_days": 3,
    }  # fmt: skip
    assert line["item_id"].tolist() == [made[name].item_id for name in ("red", "blue", "yellow", "none")]
    assert line["original_due"].tolist()[0] == TODAY - days(9)
    assert rectification_board.overdue(engine, SCOPE, COUNTY_A2, TODAY).empty


def test_open_items_by_week(company):
    """Two were there, one left in the second week; one more comes after the last day, which ends it."""
    monday = TODAY - days(TODAY.weekday() + 14)
    for opened, left in ((monday - days(20), None), (monday, monday + days(8)), (monday + days(9), None)):
        midday = datetime(opened.year, opened.month, opened.day, 4)
        put(company, items.made(company), created_at=midday, closed_at=left)

    found = rectification_board.burn_down(company, SCOPE, CITY_A, monday, monday + days(8))

    assert found["week_end"].tolist() == [monday + days(6), monday + days(8)]
    assert found[["open", "opened", "left"]].values.tolist() == [[2, 1, 0], [1, 0, 1]]


def test_a_comment_makes_no_item_less_stuck(company):
    item = put(company, items.made(company), created_at=ago(20))
    mine = rectification_log.c.item_id == item.item_id
    with writing_all(company) as connection:
        connection.execute(update(rectification_log).where(mine).values(at=ago(20)))
    rectification_notes.write(company, person(LOOKER), "A", item.item_id, "怎么样了？")
    (shown,) = listed(company)
    assert (shown.is_stuck, (TODAY - shown.last_log_on).days in (20, 19)) == (True, True)

    rectification_notes.write(company, person(LEAD), "A", item.item_id, "材料已到")
    (shown,) = listed(company)
    assert (shown.is_stuck, shown.last_log_on) == (False, TODAY)


def test_figures_are_asked_for_where_an_item_counts(company):
    """Where only words changed, nothing has to be computed again."""

    def waiting():
        with writing_all(company) as connection:
            found = stale.waiting(connection)
            stale.clear(connection, found)
        return {(unit, source, month) for unit, source, month in found}

    item = items.assigned(company)
    assert waiting() == {(COUNTY_A1, "rectifications", month) for month in {month_of(TODAY), month_of(DUE)}}
    item = items.do(company, "edit", LEAD, item, {"title": "x"})
    rectification_notes.write(company, person(LEAD), "A", item.item_id, "x")
    assert waiting() == set()
    items.do(company, "start", WORKER, item)
    assert (COUNTY_A1, "rectifications", month_of(DUE)) in waiting()


def test_all_that_lies_with_one_goes_to_another_as_one_act(several):
    engine, made = several
    shared = items.made(engine, responsible_id=HELPER, co_responsible_id=WORKER)
    both = items.made(engine, responsible_id=WORKER, co_responsible_id=HELPER)
    before = len(items.audited(engine, "no"))

    lying = rectification_handover.lying_with(engine, person(LEAD), CITY_A, WORKER)
    n = rectification_handover.hand_over_all(engine, person(LEAD), CITY_A, WORKER, HELPER, "调离")

    assert n == len(lying) == 5
    held = {name: items.stored(engine, one) for name, one in made.items()}
    assert {held[name].responsible_id for name in ("red", "yellow", "blue")} == {HELPER}
    assert held["closed"].responsible_id == WORKER
    for one in (shared, both):
        now = items.stored(engine, one)
        assert (now.responsible_id, now.co_responsible_id, now.co_responsible) == (HELPER, None, "")
    ((action, subject, unit, after),) = items.audited(engine, "action", "subject", "org_unit_id", "after")[
        before:
    ]
    assert (action, subject, unit) == ("rectifications.hand_over_all", "5 items", COUNTY_A1)
    assert after["changed"] == 5
    assert items.logged(engine, shared)[-1] == ("hand_over", "调离")
    history = rectifications.history(engine, SCOPE, "A", shared.item_id)
    assert (history[0].action, history[0].reason) == ("rectifications.hand_over_all", "调离")


def test_who_handed_everything_over_still_does_not_verify(company):
    item = items.do(company, "mark_done", BOTH, items.do(
        company, "start", BOTH, items.made(company, responsible_id=BOTH)
    ), TODAY, "x")  # fmt: skip
    rectification_handover.hand_over_all(company, person(LEAD), CITY_A, BOTH, WORKER, "换人")

    with pytest.raises(StepNotAllowed, match="rectification_own"):
        items.do(company, "verify", BOTH, items.stored(company, item), "合格")


def test_a_hand_over_that_cannot_be_whole_is_none(several):
    engine, _made = several
    items.made(engine, responsible_id=LEAD, object_code="L2")
    before = dump(engine)

    for number, unit, start, to, error in (
        (LEAD, CITY_A, LEAD, WORKER, InvalidInput),  # who sees only one of the two counties
        (LEAD, CITY_A, WORKER, WORKER, InvalidInput),
        (LOOKER, CITY_A, WORKER, HELPER, NotAllowed),
        (STRANGER, CITY_A, WORKER, HELPER, NotFound),
        (LEAD, CITY_B, WORKER, HELPER, NotFound),
    ):
        with pytest.raises(error):
            rectification_handover.hand_over_all(engine, person(number), unit, start, to, "why")
    assert dump(engine) == before


def test_the_name_of_who_left_goes_from_every_list_and_no_namesake_s(company):
    """By the number beside it: the worker has a namesake, who asked for the extension."""
    with writing_all(company) as connection:
        connection.execute(update(items.people).where(items.people.c.id == LEAD).values(name="王工"))
    lead = items.replace(person(LEAD), name="王工")
    item = items.done(company)
    other = items.working(company)
    key = (other.bureau_id, other.item_id)
    asked = extensions.ask(company, lead, *key, other.version, DUE + days(1), "why")
    extensions.decide(company, person(MANAGER), *key, asked.version, 1, True)
    with writing_all(company) as connection:
        who_acted.rename(connection, WORKER, "王工", "离职人员 #2")

    held = items.stored(company, item)
    assert (held.responsible, held.done_by, held.created_by) == ("离职人员 #2", "离职人员 #2", "李整")
    with reading_all(company) as connection:
        names = set(connection.execute(select(rectification_log.c.by_name, rectification_log.c.to_name)))
        asked_by = connection.scalar(select(rectification_extensions.c.asked_by))
    assert asked_by == "王工"
    assert {name for pair in names for name in pair} == {"李整", "王工", "马经理", "离职人员 #2", None}


def test_every_name_in_these_tables_has_its_number_beside_it():
    for of in (table, rectification_log, rectification_extensions, rectification_files):
        named = [column for column in of.columns if "name_of" in column.info]
        assert named, of.name
        assert {column.info["name_of"] for column in named} <= set(of.columns.keys())


def test_two_cities_number_their_items_alike(company):
    """The number is unique in a key space; each is read by its own."""
    ours = items.made(company)
    theirs = items.rectification_making.create(
        company,
        items.replace(person(STRANGER), roles=frozenset({"manager"})),
        items.replace(items.WANTED, bureau_id="B", object_code="L9"),
    )

    assert ours.item_id == theirs.item_id
    with pytest.raises(NotFound):
        rectifications.one(company, SCOPE, "B", theirs.item_id, TODAY)
    assert rectifications.one(company, SCOPE, "A", ours.item_id, TODAY).shown.item == ours
