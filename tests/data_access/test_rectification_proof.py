"""Proof of rectifications on stored rows: one line by hand, pools, who may read them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select, update

from data_access import rectification_making, rectification_proof, rules
from data_access.kpi_refresh import refresh
from data_access.rectification_acts import today
from data_access.tables.grid import lines
from data_access.tables.imports import source_coverage
from data_access.tables.proofs import rectification_pools, rectification_proofs
from data_access.transactions import writing_all
from domain.errors import NotFound
from domain.periods import add_months, month_of
from domain.rectifications import Rectification
from domain.rule_sets import first_version
from domain.viewer import Scope
from tests.data_access import proving
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE
from tests.data_access.proving import ITEM, add, item, world
from tests.data_access.test_people_admin import administrator

A1 = Scope((COUNTY_A1,))


def of(engine, item_id=ITEM.item_id, outcome="outages"):
    return rectification_proof.of_item(engine, A1, "A", item_id).proofs[outcome]


def stored(engine):
    with engine.connect() as connection:
        return [
            sorted(map(str, connection.execute(select(table))))
            for table in (rectification_proofs, rectification_pools)
        ]


def test_one_line_by_hand(engine):
    """20 untreated lines with the same 18 faults before had 8 each after: so 8 were to be expected of line 0,
    which had 2. Each fault was one hour of 10 customers."""
    add(world(engine), ITEM)
    refresh(engine)

    found = of(engine)
    assert (found.before, found.after, found.months_after) == (18, 2, 12)
    assert (found.basis, found.compared) == ("controls", 20)
    assert found.expected == pytest.approx(8)
    assert found.ratio == pytest.approx(0.25)
    assert found.lower < 0.05 < 0.9 < found.upper
    assert (found.verdict, found.stage) == ("no_evidence", "final")
    seconds = of(engine, outcome="customer_s")
    assert (seconds.after, seconds.expected) == (2 * 36_000, pytest.approx(8 * 36_000))


def test_works_on_another_line_take_it_out_of_the_comparison(engine):
    """Line 1 is worked on too, from August 2025 on: its month before that still counts."""
    working = {"status": "working", "done_at": None, "closed_at": None}
    add(world(engine), ITEM, item(2, line=1, started_at=ITEM.created_at.replace(month=8), **working))
    refresh(engine)
    partly = of(engine)

    assert partly.compared == 20
    assert partly.expected != pytest.approx(8, abs=1e-9)


def test_a_month_that_is_not_over_is_part_of_no_window(engine):
    world(engine)
    proving.cover(engine, date(2026, 7, 1), date(2026, 7, 15), batch=2)
    add(engine, replace(ITEM, done_at=date(2025, 7, 20)))
    refresh(engine)

    assert (of(engine).months_after, of(engine).stage) == (11, "provisional")


def test_what_cannot_be_judged_says_why(engine):
    """A customer's equipment has no outages of its own; L99 is no line; the works of the last are too new."""
    add(
        world(engine),
        item(2, object_kind="equipment"),
        item(3, object_code="L99"),
        item(4, done_at=date(2026, 5, 2)),
        item(5, done_at=None, closed_at=None, status="working"),
    )
    refresh(engine)

    found = {one.item_id: one.proofs["outages"] for one in rectification_proof.of_unit(engine, A1, COUNTY_A1)}
    reasons = {name: (one.verdict, one.reason) for name, one in found.items()}
    assert reasons == {
        "R2025-0002": ("too_early", "equipment"),
        "R2025-0003": ("too_early", "no_object"),
        "R2025-0004": ("too_early", "few_months"),
    }
    assert rectification_proof.of_item(engine, A1, "A", "R2025-0005") is None


def test_an_object_has_the_proofs_of_its_own_finished_items_the_last_first(engine):
    """Decoys: one on another line, one of the object that is not done."""
    later = item(2, done_at=date(2026, 3, 2), closed_at=None)
    add(world(engine), ITEM, later, item(3, line=1), item(4, done_at=None, closed_at=None, status="working"))
    refresh(engine)

    found = rectification_proof.of_object(engine, A1, "A", "line", ITEM.object_code)
    assert [one.item_id for one in found] == ["R2025-0002", "R2025-0001"]
    assert found[1] == rectification_proof.of_item(engine, A1, "A", ITEM.item_id)


def test_fewer_than_twenty_peers_give_no_expectation(engine):
    proving.build(engine)
    proving.register(engine, count=19)
    proving.book(engine, *proving.faults(0, 18, proving.BEFORE), *proving.faults(1, 5, proving.AFTER))
    proving.cover(engine, proving.FIRST, proving.LAST)
    add(engine, ITEM)
    refresh(engine)

    assert (of(engine).reason, of(engine).expected) == ("few_peers", None)


def test_a_county_that_reported_customers_for_two_months_only_is_too_early_to_judge(engine):
    """Eight lines to whom nothing was done had 8 faults like all. Seven, and L20 that they are compared with,
    are of a county whose customers are unknown in ten of the twelve months; the eighth has expected all."""
    customers = ("outages.customers",)
    world(engine, treated=8, own_after=8)
    with writing_all(engine) as connection:
        moved = lines.c.line_code.in_([*(proving.code(n) for n in range(7)), "L20"])
        connection.execute(update(lines).where(moved).values(org_unit_id=COUNTY_A2))
        connection.execute(delete(source_coverage).where(source_coverage.c.source == customers[0]))
    proving.cover(engine, proving.FIRST, proving.LAST, COUNTY_A1, customers)
    proving.cover(engine, proving.FIRST, date(2025, 8, 31), COUNTY_A2, customers)
    add(engine, *(item(n, line=n, org_unit_id=COUNTY_A2) for n in range(7)), item(7, line=7))
    refresh(engine)

    of_two = rectification_proof.by_kind(engine, Scope((COUNTY_A2,)), COUNTY_A2)[0].proofs
    assert (of_two["customers"].verdict, of_two["customers"].reason) == ("too_early", "few_months")
    assert (of_two["outages"].stage, of_two["outages"].verdict) == ("final", "no_evidence")
    eighth = of(engine, "R2025-0007", "customers")
    assert (eighth.stage, eighth.after, eighth.compared) == ("final", 80, 34)
    assert eighth.expected == pytest.approx(80, rel=0.05)
    of_all = rectification_proof.by_kind(engine, Scope((PROVINCE,)), PROVINCE)[0].proofs["customer_s"]
    assert (of_all.items, of_all.items_too_early, of_all.verdict) == (1, 7, "no_evidence")


def test_a_new_item_keeps_as_many_months_before_as_the_rules_of_its_day_say(engine):
    """24 from this month on; the decoy of 6 is still to come."""
    proving.build(engine)
    proving.register(engine)
    month, body = month_of(today()), first_version("proof").body
    for first, before in ((month, 24), (date(2999, 1, 1), 6)):
        wider = {**body, "windows": {**body["windows"], "before_months": before}}
        rules.publish(engine, administrator(PROVINCE), "proof", wider, first, "why")
    lead = replace(administrator(COUNTY_A1), person_id=None)
    made = rectification_making.create(engine, lead, Rectification("A", "", 0, "line", "L00", "x"))

    assert (made.before_from, made.before_to) == (add_months(month, -24), add_months(month, -1))


def pools(engine, unit=COUNTY_A1, scope=None):
    found = rectification_proof.by_kind(engine, Scope((unit,)) if scope is None else scope, unit)
    return {one.measure_kind: one.proofs["outages"] for one in found}


def test_ten_lines_of_one_kind_prove_what_one_cannot(engine):
    """Ten lines with 18 faults before had 2 each after, their like 8. The decoy is of another kind, and had
    8 like all."""
    many = [item(n, line=n) for n in range(10)]
    add(world(engine, treated=10), *many, item(90, line=12, measure_kind="patrol"))
    refresh(engine)

    found = pools(engine)
    assert set(found) == {"insulate_conductor", "patrol"}
    ten = found["insulate_conductor"]
    assert (ten.items, ten.after, ten.stage, ten.verdict) == (10, 20, "final", "effective")
    assert ten.upper < 1 < ten.avoided
    assert (found["patrol"].after, found["patrol"].verdict) == (8, "no_evidence")
    assert {of(engine, one.item_id).verdict for one in many} == {"no_evidence"}


def test_cities_share_nothing_and_are_put_together(engine):
    """What both expect is added, and each city reads its own only."""
    world(engine, treated=10)
    world(engine, treated=10, unit=COUNTY_B1)
    for home, unit in (("A", COUNTY_A1), ("B", COUNTY_B1)):
        add(engine, *(item(n, line=n, bureau_id=home, org_unit_id=unit) for n in range(10)))
    refresh(engine)

    city_a, city_b, both = (pools(engine, one)["insulate_conductor"] for one in (CITY_A, CITY_B, PROVINCE))
    assert (both.items, both.after) == (20, 40)
    assert both.expected == pytest.approx(city_a.expected + city_b.expected)
    assert both.expected_sd < city_a.expected_sd + city_b.expected_sd
    assert city_a.lower < both.lower < both.ratio < both.upper < city_a.upper
    assert pools(engine, COUNTY_A1) == pools(engine, CITY_A)


def test_nobody_reads_what_lies_outside_the_scope(engine):
    add(world(engine), ITEM)
    refresh(engine)
    stranger = Scope((CITY_B,))

    for ask in (
        lambda: rectification_proof.of_item(engine, stranger, "A", ITEM.item_id),
        lambda: rectification_proof.of_unit(engine, stranger, COUNTY_A1),
        lambda: rectification_proof.by_kind(engine, stranger, CITY_A),
        lambda: rectification_proof.by_kind(engine, Scope((COUNTY_A2,)), COUNTY_A1),
    ):
        with pytest.raises(NotFound):
            ask()
    assert rectification_proof.of_unit(engine, stranger, CITY_B) == []
    assert rectification_proof.by_kind(engine, stranger, COUNTY_B1) == []


def test_proofs_after_small_steps_are_those_from_nothing(engine):
    """Works elsewhere, an old fault that came late, two months more: judged again where it matters."""
    world(engine)
    add(engine, ITEM, item(2, line=1, done_at=date(2026, 2, 3), closed_at=date(2026, 2, 5)))
    refresh(engine)
    first = stored(engine)
    add(engine, item(3, line=2, status="working", done_at=None, closed_at=None))
    refresh(engine)
    second = stored(engine)
    proving.book(engine, *proving.faults(7, 1, (date(2024, 4, 1),), key="late"))
    proving.cover(engine, date(2026, 7, 1), date(2026, 8, 31), batch=2)
    refresh(engine)
    third = stored(engine)

    assert first != second != third
    refresh(engine, full=True)
    assert stored(engine) == third


def test_what_did_not_change_is_not_judged_again(engine, monkeypatch):
    """The last days of an open month, and a fault in it, change no window."""
    add(world(engine), ITEM)
    refresh(engine)
    before = stored(engine)
    monkeypatch.setattr("domain.proof.judge", lambda *_given: pytest.fail("judged again"))
    proving.book(engine, *proving.faults(3, 1, (date(2026, 7, 1),)))
    proving.cover(engine, date(2026, 7, 1), date(2026, 7, 9), batch=2)
    refresh(engine)

    assert stored(engine) == before
