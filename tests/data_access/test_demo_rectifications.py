"""The demo company has rectification items in every state, whose works did what the pages are to find."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import select

from data_access import (
    org_units,
    rectification_making,
    rectification_people,
    rectification_proof,
    rectifications,
)
from data_access.demo import company, rectification_works
from data_access.engine import engine_for
from data_access.rectification_acts import today
from data_access.rectifications import Wanted
from data_access.settings import company_timezone
from data_access.tables.audit import audit_log
from data_access.tables.outages import outages
from data_access.tables.rectifications import rectification_numbers
from data_access.transactions import reading_all
from domain import rectifications as rules
from domain.periods import local_day, utc_now
from domain.proof_windows import before_window
from domain.rectifications import Rectification
from domain.rule_sets import first_version
from domain.viewer import Viewer

LAST = date(2026, 10, 1)


@pytest.fixture(scope="module")
def made():
    return company.made(LAST)


@pytest.fixture(scope="module")
def demo(demo_template):
    return engine_for(f"sqlite:///{demo_template}")


@pytest.fixture(scope="module")
def scope(demo):
    return org_units.whole_company(demo)


@pytest.fixture(scope="module")
def opened(demo, scope):
    """Every item with its log and extensions."""
    shown = rectifications.listed(demo, scope, Wanted(states=rules.STATES), today())
    return [rectifications.one(demo, scope, one.item.bureau_id, one.item.item_id, today()) for one in shown]


@pytest.fixture(scope="module")
def stored(opened):
    return [one.shown.item for one in opened]


def test_there_are_items_in_every_state_about_every_kind_of_object(stored):
    assert 60 <= len(stored) <= 95
    assert {one.status for one in stored} == set(rules.STATES)
    assert {one.object_kind for one in stored} == set(rules.OBJECT_KINDS)
    assert {one.bureau_id for one in stored} == {"0601", "0602", "0603"}
    assert max(Counter(one.title for one in stored).values()) <= 2  # a relapse goes on under its title


def test_today_some_are_overdue_behind_near_due_and_without_news(opened):
    """Told from today, whenever the demo is made."""
    lights = Counter(one.shown.light for one in opened if one.shown.item.is_on_the_books)

    assert min(lights[one] for one in ("red", "yellow", "blue", "none")) >= 4
    assert any(one.shown.is_stuck for one in opened)
    assert {one.state for each in opened for one in each.extensions} == {"asked", "approved", "refused"}
    assert {"hand_over", "return", "cancel"} <= {row.kind for each in opened for row in each.log}
    assert any(one.shown.item.original_due != one.shown.item.current_due for one in opened)


def test_each_item_is_as_the_steps_would_have_left_it(demo, scope, opened):
    zone, seen = company_timezone(), Counter()
    for each in opened:
        item, log = each.shown.item, each.log
        seen[item.status] += 1
        assert [row.at for row in log] == sorted(row.at for row in log)
        assert log[-1].at <= utc_now()
        assert item.version == 1 + sum(row.kind not in ("create", "note") for row in log)
        created_on = local_day(item.created_at, zone)
        assert (item.before_from, item.before_to) == before_window(created_on, first_version("proof").body)
        if item.status == "draft":
            assert item.responsible_id is None
            continue
        assert rules.missing_points(item) == ()
        rectification_people_of(demo, scope, item)
        if item.status in ("working", "cancelled"):
            assert item.progress_pct == [row.progress_pct for row in log if row.progress_pct is not None][-1]
        if item.status in ("done", "closed"):
            assert local_day(item.assigned_at, zone) <= item.done_at <= today()
            assert item.done_by_id in item.worked_by_ids
        if item.status == "closed":
            rules.check_independent(item, item.verified_by_id, "rectification_own")
            assert item.done_at <= item.closed_at == local_day(item.verified_at, zone)
    assert len(seen) == len(rules.STATES)


def rectification_people_of(demo, scope, item):
    """Whoever has the item is one of the demo's people who can be given it."""
    with reading_all(demo) as connection:
        name = rectification_people.name_of(connection, scope, item.org_unit_id, item.responsible_id)
    assert name == item.responsible


def test_a_relapse_is_told_by_an_outage_and_made_the_item_that_follows(demo, stored):
    by_id = {(one.bureau_id, one.item_id): one for one in stored}
    again = [one for one in stored if one.reopen_of]
    assert len(again) == 2
    for one in again:
        first = by_id[one.bureau_id, one.reopen_of]
        assert (first.object_code, first.status) == (one.object_code, "closed")
        assert 0 < (first.relapsed_on - first.done_at).days <= 180
        assert one.found_on == first.relapsed_on
        where = (outages.c.line_code == one.object_code, outages.c.start_day == first.relapsed_on)
        with reading_all(demo) as connection:
            assert "tree" in set(connection.execute(select(outages.c.cause).where(*where)).scalars())


def test_refresh_finds_no_further_relapse(demo):
    """So that the demo is the same whoever refreshes it next; nobody acted, so nothing is in the log."""
    with reading_all(demo) as connection:
        acts = set(connection.execute(select(audit_log.c.action)).scalars())

    assert not any(one.startswith("rectifications.") for one in acts)


def test_works_prevent_outages_after_they_are_done_and_only_there(made):
    frames, works = made
    ended = {one.code: one.done_on for one in rectification_works.ended(works)}
    faults = frames["outages"].drop_duplicates("outage_key")
    faults = faults[(faults["kind"] == "fault") & faults["line_code"].isin(ended)]
    day_after = faults["line_code"].map(ended) + timedelta(days=1)  # in UTC a night belongs to the day before
    after = faults["interrupted_at"].dt.date > day_after
    trimmed = {one.code for one in works if one.kind == "trim_trees" and one.relapsed_on is None}
    by_tree = faults["line_code"].isin(trimmed) & (faults["cause"] == "tree")

    assert not (by_tree & after).any()
    assert (by_tree & ~after).any()
    assert rectification_works.spared(frames, works) == set()  # all that there was to prevent is gone
    patrolled = [one for one in works if one.kind == "patrol"]
    assert rectification_works.spared(frames, patrolled) == set()


def test_registers_have_what_was_built(made):
    frames, works = made
    lines = frames["lines"].set_index("line_code")
    for one in works:
        if one.kind == "insulate_conductor":
            assert tuple(lines.loc[one.code, ["conductor", "conductor_since"]]) == ("insulated", one.done_on)


def test_the_same_day_gives_the_same_works_again(made):
    frames, works = made
    day = date(2026, 11, 20)

    found = rectification_works.open_works(frames, day, works)
    assert found == rectification_works.open_works(frames, day, works)
    assert not {one.code for one in found} & {one.code for one in works}
    untouched = company._untouched(LAST, 1)
    assert rectification_works.finished(untouched, LAST, np.random.default_rng([company.SEED, 7])) == works


def test_one_kind_of_measure_is_shown_to_work_and_another_is_not(demo, scope):
    """Both were taken to the worst lines, whose next year is better anyway."""
    found = {
        one.measure_kind: one.proofs["outages"]
        for one in rectification_proof.by_kind(demo, scope, scope.roots[0])
    }

    assert (found["insulate_conductor"].verdict, found["insulate_conductor"].stage) == ("effective", "final")
    assert (found["patrol"].verdict, found["patrol"].stage) == ("no_evidence", "final")
    assert found["patrol"].after < found["patrol"].before
    assert {one.verdict for one in found.values()} == {"effective", "no_evidence", "too_early"}
    assert "provisional" in {one.stage for one in found.values()}


def test_the_next_item_gets_the_next_number(demo_url):
    engine = engine_for(demo_url)
    mine = (rectification_numbers.c.bureau_id == "0601", rectification_numbers.c.year == today().year)
    with reading_all(engine) as connection:
        last = connection.scalar(select(rectification_numbers.c.last_no).where(*mine)) or 0
    lead = Viewer(None, "x", frozenset({"lead"}), org_units.whole_company(engine))
    wanted = Rectification("0601", "", 0, "line", "06010101F02", "10kV城东乙线消缺")

    assert rectification_making.create(engine, lead, wanted).item_id == rules.item_number(
        today().year, last + 1
    )
