"""The life of a rectification item: each step by who may, with version, log row and audit row."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from data_access import rectification_extensions as extensions
from data_access import (
    rectification_notes,
    rectification_people,
    rectification_relapse,
    rectification_steps,
    rectifications,
)
from data_access.transactions import writing_all
from domain.errors import ChangedByOthers, InvalidInput, NotAllowed, NotFound, StepNotAllowed
from tests.data_access import items
from tests.data_access.company import COUNTY_A1, COUNTY_A2
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
    audited,
    do,
    logged,
    person,
    put,
)


@pytest.fixture
def company(engine):
    return items.company(engine)


def ask(engine, number, item, to_due=DUE + timedelta(days=10), reason="材料未到"):
    return extensions.ask(engine, person(number), item.bureau_id, item.item_id, item.version, to_due, reason)


def decide(engine, number, item, is_approved=True, reason="", no=1):
    return extensions.decide(
        engine, person(number), item.bureau_id, item.item_id, item.version, no, is_approved, reason
    )


def test_the_whole_life_of_an_item(company):
    """Made, given to somebody, asked for late, done, verified by another, failed again: a linked item."""
    item = items.made(company)
    assert (item.item_id, item.status, item.org_unit_id) == (f"R{TODAY.year}-0001", "draft", COUNTY_A1)
    item = do(company, "assign", LEAD, item, WORKER, HELPER)
    assert (item.status, item.responsible, item.co_responsible) == ("assigned", "王工", "何助")
    item = do(company, "start", WORKER, item)
    late = put(company, item, current_due=TODAY - timedelta(days=1))
    with pytest.raises(StepNotAllowed, match="extension_too_late"):
        ask(company, WORKER, late)
    item = put(company, item, current_due=DUE)
    item = do(company, "progress", HELPER, item, 60, "通道清理过半")
    item = do(company, "mark_done", WORKER, item, TODAY, "全部清理")
    assert (item.status, item.done_at, item.progress_pct) == ("done", TODAY, 100)
    with pytest.raises(NotAllowed):
        do(company, "verify", WORKER, item, "很好")
    item = do(company, "send_back", MANAGER, item, "末端还有 2 处")
    assert (item.status, item.returned_times, item.progress_pct, item.done_at) == ("working", 1, 60, None)
    item = do(company, "mark_done", WORKER, item, TODAY, "2 处也已清理")
    item = do(company, "verify", MANAGER, item, "现场核查合格")
    assert (item.status, item.closed_at, item.verified_by) == ("closed", TODAY, "马经理")

    with writing_all(company) as connection:
        new = rectification_relapse.open_again(connection, item, TODAY + timedelta(days=40))

    assert (new.reopen_of, new.status, new.object_code) == (item.item_id, "draft", "L1")
    assert new.original_due == new.current_due == TODAY + timedelta(days=70)
    old = rectifications.one(company, person(LEAD).scope, "A", item.item_id, TODAY)
    assert (old.shown.item.status, old.reopened_as) == ("closed", (new.item_id,))
    assert old.shown.item.relapsed_on == TODAY + timedelta(days=40)
    assert [kind for kind, _text in logged(company, item)] == [
        "create", "assign", "start", "progress", "done", "return", "done", "verify", "relapse",
    ]  # fmt: skip
    steps = [f"rectifications.{kind}" for kind, _text in logged(company, item)]
    assert [action for (action,) in audited(company, "action")] == [*steps, "rectifications.create"]


def test_a_relapse_makes_one_item_however_often_it_is_looked_for(company):
    item, other = items.closed(company), items.assigned(company)
    with writing_all(company) as connection:
        assert rectification_relapse.to_judge(connection, [COUNTY_A1], TODAY) == [item]
        assert rectification_relapse.open_again(connection, item, TODAY) is not None
        assert rectification_relapse.open_again(connection, item, TODAY) is None
    with writing_all(company) as connection:
        assert rectification_relapse.open_again(connection, item, TODAY) is None
        assert rectification_relapse.open_again(connection, other, TODAY) is None
        assert rectification_relapse.to_judge(connection, [COUNTY_A1], TODAY) == []

    found = rectifications.of_object(company, person(LEAD).scope, "A", "line", "L1", TODAY)
    assert [one.item.reopen_of for one in found] == [item.item_id, None, None]


def test_what_is_frozen_at_creation(company):
    """The twelve complete months before it, the evidence, and the original due date."""
    item = items.made(company)

    assert (item.before_to.month % 12 + 1, item.before_from.month) == (TODAY.month, TODAY.month)
    assert item.evidence == {"keys": ["o1"], "cause_groups": ["tree"]}
    with pytest.raises(StepNotAllowed, match="rectification_due_is_set"):
        do(company, "edit", LEAD, item, {}, due=DUE + timedelta(days=1))
    with pytest.raises(StepNotAllowed, match="rectification_due_is_set"):
        do(company, "assign", LEAD, item, WORKER, due=DUE + timedelta(days=1))


def test_work_begins_when_the_five_points_stand(company):
    item = items.assigned(company, funding="", contingency=" ")

    with pytest.raises(StepNotAllowed) as caught:
        do(company, "start", WORKER, item)
    assert caught.value.values["points"] == {"zh": "资金、预案", "en": "funding, contingency plan"}
    item = do(company, "edit", LEAD, item, {"funding": "项目 061", "contingency": "转供"})
    item = do(company, "start", WORKER, item)
    with pytest.raises(StepNotAllowed, match="five_points"):
        do(company, "edit", LEAD, item, {"funding": ""})


def test_an_extension_holds_once_somebody_else_approves(company):
    """On the due day itself it may still be asked for; the original date stays."""
    item = put(company, items.working(company), current_due=TODAY)
    asked = ask(company, WORKER, item, TODAY + timedelta(days=5))
    assert (asked.current_due, asked.version) == (TODAY, item.version + 1)
    with pytest.raises(StepNotAllowed, match="extension_waits"):
        ask(company, LEAD, asked)

    approved = decide(company, MANAGER, asked)

    assert (approved.original_due, approved.current_due) == (DUE, TODAY + timedelta(days=5))
    with pytest.raises(StepNotAllowed, match="extension_decided"):
        decide(company, MANAGER, approved)
    again = ask(company, WORKER, approved)
    with pytest.raises(InvalidInput, match="reason_missing"):
        decide(company, MANAGER, again, is_approved=False, no=2)
    (wanted,) = extensions.waiting(company, person(MANAGER).scope, COUNTY_A1)
    assert (wanted[0].item_id, wanted[1].no, wanted[1].asked_by) == (item.item_id, 2, "王工")
    refused = decide(company, MANAGER, again, is_approved=False, reason="不必", no=2)
    assert extensions.waiting(company, person(MANAGER).scope, COUNTY_A1) == []
    assert refused.current_due == TODAY + timedelta(days=5)
    with pytest.raises(NotFound):
        decide(company, MANAGER, refused, no=3)


@pytest.mark.parametrize("as_what", ["who did it", "who was responsible before", "who helped"])
def test_who_had_a_hand_in_it_does_not_verify_whatever_the_roles(company, as_what):
    """One person with several roles is one person: handing the item over does not change that."""
    if as_what == "who did it":
        item = do(company, "mark_done", BOTH, items.working(company), TODAY, "代为填报")
    elif as_what == "who helped":
        item = do(company, "progress", BOTH, items.working(company), 50, "去了一趟")
        item = do(company, "mark_done", WORKER, item, TODAY, "完成")
    else:
        item = items.made(company, responsible_id=BOTH)
        item = do(company, "hand_over", BOTH, item, WORKER, None, "太忙")
        item = do(company, "start", WORKER, item)
        item = do(company, "mark_done", WORKER, item, TODAY, "完成")

    with pytest.raises(StepNotAllowed, match="rectification_own"):
        do(company, "verify", BOTH, item, "合格")
    assert do(company, "verify", MANAGER, item, "合格").status == "closed"


def test_nobody_cancels_what_is_or_was_his_own_work(company):
    """Else an item that will not be done in time could be made to vanish."""
    own = items.made(company, responsible_id=BOTH)
    with pytest.raises(StepNotAllowed, match="rectification_cancel_own"):
        do(company, "cancel", BOTH, own, "不用了")
    handed = do(company, "hand_over", BOTH, own, WORKER, None, "太忙")
    with pytest.raises(StepNotAllowed, match="rectification_cancel_own"):
        do(company, "cancel", BOTH, handed, "不用了")

    assert do(company, "cancel", LEAD, handed, "重复立项").status == "cancelled"
    assert do(company, "cancel", BOTH, items.made(company), "重复立项").status == "cancelled"


def test_who_is_responsible_or_asked_does_not_decide_on_the_due_date(company):
    own = items.made(company, responsible_id=BOTH)
    asked = ask(company, LEAD, own)
    with pytest.raises(StepNotAllowed, match="extension_own"):
        decide(company, BOTH, asked)
    other = ask(company, BOTH, items.assigned(company))
    with pytest.raises(StepNotAllowed, match="extension_own"):
        decide(company, BOTH, other)

    assert decide(company, MANAGER, other).current_due > DUE


ACTS = {  # what each needs, and who of all may
    "edit": ({LEAD, MANAGER, BOTH}, "assigned", ({"title": "x"},)),
    "hand_over": ({LEAD, MANAGER, BOTH}, "assigned", (HELPER, None, "why")),
    "cancel": ({LEAD, MANAGER, BOTH}, "assigned", ("why",)),
    "start": ({LEAD, BOTH, WORKER, HELPER}, "assigned", ()),
    "progress": ({LEAD, BOTH, WORKER, HELPER}, "working", (10, "x")),
    "mark_done": ({LEAD, BOTH, WORKER, HELPER}, "working", (TODAY, "x")),
    "send_back": ({LEAD, MANAGER, BOTH}, "done", ("why",)),
    "verify": ({MANAGER, BOTH}, "done", ("x",)),
}


@pytest.mark.parametrize("step", ACTS)
def test_who_may_take_a_step_and_who_changes_nothing(company, step):
    may, state, more = ACTS[step]
    for number in (LEAD, WORKER, HELPER, MANAGER, BOTH, LOOKER, STRANGER):
        item = getattr(items, state)(company)
        before = dump(company)
        if number in may:
            assert do(company, step, number, item, *more).version == item.version + 1
            continue
        with pytest.raises(NotFound if number == STRANGER else NotAllowed):
            do(company, step, number, item, *more)
        assert dump(company) == before


@pytest.mark.parametrize("step", ["assign", *ACTS])
def test_a_step_that_the_state_does_not_lead_to_says_so(company, step):
    more = ACTS[step][2] if step in ACTS else (WORKER,)
    item = items.closed(company)
    before = dump(company)

    with pytest.raises(StepNotAllowed) as caught:
        do(company, step, BOTH, item, *more)

    assert caught.value.values["state"] == "rectification_closed"
    assert dump(company) == before


@pytest.mark.parametrize("step", ["create", "note", "ask", "decide", *ACTS])
def test_a_step_whose_audit_row_cannot_be_written_did_not_happen(company, step):
    """Nobody's name may be absent there: the database itself refuses the row."""
    item = getattr(items, ACTS[step][1] if step in ACTS else "assigned")(company)
    item = ask(company, WORKER, item) if step == "decide" else item
    number = MANAGER if step in ("verify", "send_back", "decide") else LEAD
    nobody = replace(person(number), name=None)
    key = (item.bureau_id, item.item_id)
    before = dump(company)
    act = {
        "create": lambda: items.rectification_making.create(company, nobody, items.WANTED),
        "note": lambda: rectification_notes.write(company, nobody, *key, "x"),
        "ask": lambda: extensions.ask(company, nobody, *key, item.version, DUE + timedelta(days=1), "why"),
        "decide": lambda: extensions.decide(company, nobody, *key, item.version, 1, True),
    }.get(step) or (
        lambda: getattr(rectification_steps, step)(company, nobody, *key, item.version, *ACTS[step][2])
    )

    with pytest.raises(IntegrityError):
        act()

    assert dump(company) == before


def test_two_people_at_one_item_the_second_is_shown_both(company):
    seen = items.assigned(company)
    do(company, "edit", LEAD, seen, {"title": "先改的"})

    with pytest.raises(ChangedByOthers) as caught:
        do(company, "edit", MANAGER, seen, {"title": "后改的"})

    assert (caught.value.mine["title"], caught.value.theirs["title"]) == ("后改的", "先改的")
    with pytest.raises(ChangedByOthers):  # not: the state does not lead there
        do(company, "cancel", MANAGER, replace(seen, status="draft"), "why")


def test_notes_need_no_version_and_comments_are_no_news(company):
    item = items.assigned(company)
    for number, kind in ((WORKER, "note"), (LEAD, "note"), (LOOKER, "comment")):
        assert rectification_notes.write(company, person(number), "A", item.item_id, "x") == kind
    with pytest.raises(NotFound):
        rectification_notes.write(company, person(STRANGER), "A", item.item_id, "x")

    assert [kind for kind, _text in logged(company, item)][-3:] == ["note", "note", "comment"]
    assert items.stored(company, item).version == item.version


def test_the_same_progress_again_is_a_note(company):
    item = do(company, "progress", WORKER, items.working(company), 30, "三成")
    again = do(company, "progress", WORKER, item, 30, "等材料")

    assert again.version == item.version
    assert logged(company, item)[-1] == ("note", "等材料")


def test_only_who_can_see_the_unit_is_made_responsible(company):
    for number in (STRANGER, 99):
        with pytest.raises(InvalidInput, match="rectification_person"):
            items.made(company, responsible_id=number)
    with pytest.raises(InvalidInput, match="rectification_person_twice"):
        do(company, "assign", LEAD, items.made(company), WORKER, WORKER)
    able = rectification_people.assignable(company, person(LEAD).scope, COUNTY_A1)
    assert {number for number, _name, _english in able} == {LEAD, WORKER, HELPER, MANAGER, BOTH, LOOKER}
    able = rectification_people.assignable(company, person(LEAD).scope, COUNTY_A2)
    assert WORKER not in {number for number, _name, _english in able}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"object_code": "L9"}, "rectification_object"),
        ({"object_code": "none"}, "rectification_object"),
        ({"object_kind": "cloud"}, "rectification_choice"),
        ({"title": " "}, "rectification_title"),
        ({"measure_kind": "magic"}, "rectification_choice"),
        ({"measure_type": "works"}, "rectification_type"),
        ({"original_due": TODAY - timedelta(days=1)}, "rectification_due_past"),
        ({"found_on": TODAY + timedelta(days=1)}, "rectification_found_on"),
        ({"level": 4}, "rectification_choice"),
        ({"contingency": "x" * 2001}, "too_long"),
        ({"rules": "RL1,RL2"}, "rectification_rules"),
        ({"found_by": "x" * 21}, "too_long"),
    ],
)
def test_what_no_item_can_be_is_refused_and_takes_no_number(company, values, code):
    before = dump(company)
    with pytest.raises(InvalidInput, match=code):
        items.made(company, **values)

    assert dump(company) == before
    assert items.made(company).item_id.endswith("-0001")


def test_the_audit_log_holds_numbers_of_people_and_no_names(company):
    items.closed(company)

    said = str(audited(company, "before", "after"))
    assert "responsible_id" in said
    assert not any(name in said for name, _role, _unit in items.PEOPLE.values())


def test_the_history_of_an_item_is_told_to_who_sees_it(company):
    item = items.closed(company)

    found = rectifications.history(company, person(LOOKER).scope, "A", item.item_id)
    assert [one.action.split(".")[1] for one in found] == ["verify", "done", "start", "assign", "create"]
    assert (found[0].by_name, found[0].reason, found[0].after["status"]) == (
        "马经理",
        "现场核查合格",
        "closed",
    )
    with pytest.raises(NotFound):
        rectifications.history(company, person(STRANGER).scope, "A", item.item_id)
