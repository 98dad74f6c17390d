"""Rectification items 整改项: the list, the board, what is late, the time line; one item with every step.

URL: item and space (do: which form), view, filters (filters.py), kind, code, space, rules (new.py).
"""

from functools import partial

import streamlit as st

from data_access import (
    evidence_files,
    rectification_board,
    rectification_handover,
    rectification_import,
    rectification_making,
    rectification_objects,
    rectification_people,
    rectification_proof,
    rectification_sheet,
    rectification_verbs,
    rectifications,
    rules,
)
from domain import rectification_list, rectification_rights, relapse
from domain.periods import local_today
from ui import session
from ui.cache import cached, keeper
from ui.proof import items as proof
from ui.rectifications import acts, board, filters, handing, listing, new, one, table, times, work

viewer, engine, zone = session.viewer(), session.engine(), session.zone()
scope, units, day = viewer.scope, session.units(), local_today(zone)
rule_sets = cached(rules.in_force)(engine, day)
kinds = rule_sets["measures"].body
act = partial(acts.carry_out, rectification_verbs.VERBS)
able = partial(rectification_people.assignable, engine, scope)
may_edit = viewer.may(rectification_rights.EDIT)


def named(shown: list) -> listing.Names:
    """What the objects of the items are called."""
    return cached(rectification_objects.named)(engine, scope, listing.objects(shown))


def item(*key: str) -> None:
    """One item with every step. key: key space and number."""
    opened = rectifications.one(engine, scope, *key, day)
    mine = opened.shown.item
    one.head(opened, day, zone)
    history = partial(rectifications.history, engine, scope, *key)
    same = cached(rectifications.of_object)(engine, scope, key[0], mine.object_kind, mine.object_code, day)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        work.show(viewer, opened, units, partial(able, mine.org_unit_id), history, kinds, day, zone, act)
    with right:
        proof.of_item(mine.done_at, cached(rectification_proof.of_item)(engine, scope, *key))
        content, links = partial(evidence_files.content, engine), (acts.opened, acts.opened_item)
        one.side(opened, same, named(same), units, kinds, content, links)


def listed(shows_board: bool) -> None:
    """The items that the filters choose, as a list or by state."""
    choice = filters.pick(units, viewer.person_id is not None, shows_board)

    def wanted(who: object) -> rectifications.Wanted:
        return rectifications.Wanted(**choice.asked(who.person_id, day))

    def read(who: object) -> list:  # for files, outside the run of a page, where nothing is kept
        return rectifications.listed(engine, who.scope, wanted(who), day)

    found = cached(rectifications.listed)(engine, scope, wanted(viewer), day)
    if not found:
        listing.nothing(choice, may_edit)
        return
    listing.tally(rectification_list.tally(found))
    if shows_board:
        board.by_state(rectification_list.by_state(found), named(found), acts.opened_item)
    else:
        listing.show(found, named, units, acts.opened_item, keeper(engine, scope, wanted(viewer), day))
        listing.downloads(read, partial(rectification_objects.named, engine), choice, units, day)


def counted() -> None:
    """What is late, with whom, and the time line; or the bulk hand-over."""
    unit_id = filters.one_unit(units)
    first = day - times.PERIOD
    held = cached(rectification_board.board)(engine, scope, unit_id, first, day, day)
    if not held.states:
        listing.none_yet(may_edit)
    elif view == "hand" and (person := handing.whose(held.load)) is not None:
        items = rectification_handover.lying_with(engine, viewer, unit_id, person)
        handing.form(items, unit_id, person, able, act)
    elif view == "late":
        late = cached(rectification_board.overdue)(engine, scope, unit_id, day)
        board.counts(held, late, units, first)
    elif view == "time":
        times.weeks(cached(rectification_board.burn_down)(engine, scope, unit_id, first, day))
        times.dates(cached(rectification_board.timeline)(engine, scope, unit_id, day), day)


if asked := st.query_params.get("item"):
    item(st.query_params.get("space", ""), asked)
    st.stop()
acts.title()
view = filters.view(may_edit)
if view == "new":
    found = partial(rectification_objects.found, engine, viewer.scope_for(rectification_rights.EDIT))
    if about := new.object_of(units, found):
        groups = relapse.possible_groups(rule_sets["causes"].body)
        suggested = cached(rectification_making.suggested)(engine, scope, about)
        new.form(about, able, kinds, groups, day, act, suggested)
elif view == "table":
    on_books = rectifications.Wanted(states=rectification_list.ON_THE_BOOKS)
    table.offer(partial(rectification_import.exported, engine), on_books, day)
    if chosen := table.given(rectification_sheet.read, rectification_sheet.ENDINGS):
        table.show(partial(rectification_import.planned, engine, viewer), kinds, *chosen, act)
elif view in ("list", "board"):
    listed(view == "board")
else:
    counted()
