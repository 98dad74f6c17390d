"""What is due for whom: units of each right, requests that wait, and nothing foreign."""

from datetime import timedelta

from data_access import rectification_extensions, today
from tests.data_access import items
from tests.data_access.items import BOTH, DUE, HELPER, LEAD, LOOKER, MANAGER, STRANGER, TODAY, WORKER


def _due(engine, number, day=TODAY):
    lines = today.due(engine, items.person(number), day)
    return [(line.item.item_id, line.reasons[0].code) for line in lines]


def test_each_is_told_what_is_theirs_to_do(engine):
    items.company(engine)
    working = items.working(engine)
    draft = items.made(engine)
    done = items.done(engine)
    late = DUE + timedelta(days=3)

    assert _due(engine, WORKER, late) == [(working.item_id, "overdue")]
    assert _due(engine, HELPER, late) == [(working.item_id, "overdue")]  # may work on items of the city
    assert _due(engine, LEAD, late) == [(working.item_id, "overdue"), (draft.item_id, "draft")]
    assert _due(engine, MANAGER, late) == [(done.item_id, "verification_waits"), (draft.item_id, "draft")]
    assert _due(engine, LOOKER, late) == []
    assert _due(engine, STRANGER, late) == []


def test_a_request_waits_for_who_may_decide_and_goes_once_it_is_decided(engine):
    items.company(engine)
    item = items.working(engine)
    key = (item.bureau_id, item.item_id)
    item = rectification_extensions.ask(
        engine, items.person(WORKER), *key, item.version, DUE + timedelta(days=9), "材料未到"
    )

    (line,) = today.due(engine, items.person(MANAGER), TODAY)
    assert (line.reasons[0].code, line.reasons[0].days, line.asked.reason) == (
        "extension_waits",
        9,
        "材料未到",
    )
    assert _due(engine, STRANGER) == []
    rectification_extensions.decide(engine, items.person(BOTH), *key, item.version, 1, True)
    assert _due(engine, MANAGER) == []
