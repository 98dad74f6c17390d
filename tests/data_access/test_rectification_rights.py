"""What a page offers is what the acts allow: every person at an item in every state, step by step."""

from datetime import timedelta

import pytest

from data_access import org_units, rectification_extensions, rectifications
from data_access.rectification_verbs import VERBS
from domain import rectification_rights as rights
from domain.errors import InvalidInput, NotAllowed, NotFound, StepNotAllowed
from domain.rectification_rights import ALLOWED_BY
from domain.rectifications import STATES
from tests.data_access import items
from tests.data_access.items import HELPER, LEAD, LOOKER, MANAGER, PEOPLE, STRANGER, TODAY, WORKER

LATER = items.DUE + timedelta(days=9)
ARGUMENTS = {
    "verify": ("合格",),
    "return": ("不合格",),
    "extension_decide": (1, True, "同意"),
    "assign": (HELPER, None, None, ""),
    "start": ("",),
    "progress": (50, "过半"),
    "done": (TODAY, "完成"),
    "extension_ask": (LATER, "下雨"),
    "edit": ({"title": "新"}, None),
    "hand_over": (HELPER, None, "换人"),
    "cancel": ("误建",),
}
NOBODY_SEES = (STRANGER,)


def _in_state(engine, state):
    if state == "cancelled":
        return items.do(engine, "cancel", LEAD, items.made(engine), "误建")
    made = {"draft": items.made}.get(state) or getattr(items, state)
    return made(engine)


def _asked(engine, item):
    person = items.person(WORKER)
    key = (item.bureau_id, item.item_id, item.version)
    return rectification_extensions.ask(engine, person, *key, items.DUE + timedelta(days=5), "材料未到")


def _offered(engine, viewer, item):
    units = org_units.visible(engine, viewer.scope)
    path, above = [], item.org_unit_id
    while above in units:
        path.append(above)
        above = units[above].parent_id
    opened = rectifications.one(engine, viewer.scope, item.bureau_id, item.item_id, TODAY)
    acts = rights.acts_of(viewer, path)
    return rights.steps(opened.shown.item, viewer.person_id, acts, opened.extensions, TODAY)


def _is_allowed(engine, viewer, step, item):
    """Whether the act goes through; what it stores is of no interest, so it may refuse what was typed."""
    try:
        VERBS[step](engine, viewer, item.bureau_id, item.item_id, item.version, *ARGUMENTS[step])
    except (NotAllowed, StepNotAllowed, NotFound):
        return False
    except InvalidInput:
        return True
    return True


@pytest.mark.parametrize("has_request", [False, True], ids=["", "extension waits"])
@pytest.mark.parametrize("state", STATES)
def test_every_step_that_is_offered_goes_through_and_no_other(sqlite_engine, state, has_request):
    engine = items.company(sqlite_engine)
    if has_request and state not in ("assigned", "working"):
        return
    for number in set(PEOPLE) - set(NOBODY_SEES):
        viewer = items.person(number)
        for step in ARGUMENTS:
            item = _in_state(engine, state)
            item = _asked(engine, item) if has_request else item
            is_offered = step in _offered(engine, viewer, item)
            assert is_offered == _is_allowed(engine, viewer, step, item), (state, PEOPLE[number], step)


def test_every_step_has_its_rights_and_its_arguments_here():
    assert {*ARGUMENTS, "note", "file"} == set(ALLOWED_BY)


def test_who_only_looks_may_write_a_note_and_nothing_else(sqlite_engine):
    engine = items.company(sqlite_engine)

    assert _offered(engine, items.person(LOOKER), items.working(engine)) == ("note",)


def test_what_presses_most_comes_first(sqlite_engine):
    engine = items.company(sqlite_engine)

    assert _offered(engine, items.person(MANAGER), items.done(engine))[0] == "verify"
    assert _offered(engine, items.person(LEAD), items.made(engine))[0] == "assign"
    assert _offered(engine, items.person(WORKER), items.working(engine))[0] == "progress"
