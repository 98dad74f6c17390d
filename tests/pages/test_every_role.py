"""Every page as every role: what the menu offers opens, all else says so, and nobody reads of other units."""

import json

import pytest

from data_access import org_units, people, settings
from data_access.engine import engine_for
from data_access.transactions import reading_all
from domain import error_texts
from domain import org_units as units
from domain.errors import NotAllowed
from domain.periods import local_today
from domain.viewer import ROLES
from tests.pages.conftest import PAGES, person_as
from ui import menu

LOWER = (("manager", "county"), ("area_manager", "grid"))
VIEWS = [  # parts of pages that the address opens
    (name, said)
    for name in PAGES
    for said in {
        "detail": ({}, {"view": "records"}, {"view": "units"}, {"view": "causes"}),
        "imports": ({}, {"view": "history"}, {"view": "waiting"}),
        "people": ({}, {"view": "new"}, {"view": "table"}, {"person": "1"}),
    }.get(name, ({},))
]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_the_roles_of_the_menu_and_refuses_all_others(opened, demo, role, name):
    page = opened(demo, name, "zh", **{"as": person_as(demo, role)})

    assert list(page.exception) == []
    refusal = error_texts.sentence(NotAllowed(name), "zh")
    allowed = menu.opens({role}, name)
    assert [one.value for one in page.error] == ([] if allowed else [refusal])
    links = {one.proto.page.split("/")[-1] for one in page.sidebar.get("page_link")}
    assert len(links) == sum(menu.opens({role}, one) for one in PAGES)
    if not allowed:  # the banner, the sentence and the way back: nothing of the page itself
        assert [one.type for one in _elements(page.main)] == ["html", "error", "page_link"]


@pytest.mark.parametrize(("name", "said"), VIEWS, ids=str)
@pytest.mark.parametrize(("role", "level"), LOWER)
def test_nobody_reads_the_name_of_a_unit_beside_the_own_one(opened, demo, role, level, name, said):
    """Whatever is sent to the browser, tables and charts too; the demo's picker of people is left out."""
    person = person_as(demo, role, level)
    page = opened(demo, name, "zh", **said, **{"as": person})

    sent = b"".join(one.proto.SerializeToString() for one in _elements(page.main))
    own, others = _names(demo, int(person))
    assert any(one.encode() in sent for one in own) or name not in ("overview", "detail", "reliability")
    assert [one for one in others if _spelt(one, sent)] == []


def _elements(block):
    return [one for one in block if hasattr(one, "proto") and one.type not in ("main", "unknown")]


def _spelt(name, sent):
    return name.encode() in sent or json.dumps(name)[1:-1].encode() in sent


def _names(url, person_id):
    """Names of the own units, and of all others but those above, whose totals are told (README, Roles).

    A name that is a part of an own one is left out.
    """
    engine = engine_for(url)
    scope = people.viewer_for(engine, person_id, local_today(settings.company_timezone())).scope
    own = org_units.visible(engine, scope)
    with reading_all(engine) as connection:
        every = org_units.all_units(connection)
    mine = {word for one in own.values() for word in (one.name, one.name_en)}
    above = {upper for root in scope.roots for upper in units.above(root, every)}
    others = {one.name for key, one in every.items() if key not in own and key not in above}
    assert len(others) > 250
    return mine, {one for one in others if one not in " ".join(mine)}
