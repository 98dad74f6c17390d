"""A refresh finds what failed again, once, and the item that follows makes itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from data_access import rectification_making, rules
from data_access.kpi_refresh import refresh
from data_access.measures import rectifications as builder
from data_access.rectification_acts import today
from data_access.tables.grid import areas
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import writing_all
from domain.rectifications import Rectification
from domain.rule_sets import first_version
from tests.data_access import proving
from tests.data_access.booked import at, book, cover, facts, measured, step
from tests.data_access.company import COUNTY_A1, PROVINCE, build
from tests.data_access.items import audited, logged
from tests.data_access.proving import ITEM, add, item
from tests.data_access.test_people_admin import administrator

DONE = ITEM.done_at
TREES = {"evidence": {"cause_groups": ["tree"]}, "rules": ""}
LAST = date(2026, 6, 30)
LEAD = replace(administrator(COUNTY_A1), person_id=None)


def failed(line, day, cause="tree", kind="fault", minutes=60, key=""):
    return step(COUNTY_A1, at(day), minutes, key=f"{key}{line}-{day}", line_code=line, cause=cause, kind=kind)


def company(engine, *steps):
    build(engine)
    proving.register(engine)
    book(engine, *steps)
    cover(engine, proving.FIRST, LAST)
    return engine


def items(engine):
    c = table.c
    with engine.connect() as connection:
        rows = connection.execute(select(c.item_id, c.status, c.relapsed_on, c.reopen_of).order_by(c.item_id))
        return [tuple(row) for row in rows]


def test_an_outage_by_the_same_cause_makes_one_new_item_however_often_refreshed(engine):
    """The decoys: by another cause, arranged, too short, a day too late, and of another line."""
    day = DONE + timedelta(days=60)
    company(
        engine,
        failed("L00", day),
        failed("L01", day, cause="cable"),
        failed("L02", day, kind="planned"),
        failed("L03", day, minutes=1),
        failed("L04", DONE + timedelta(days=181)),
        failed("L09", day),
    )
    add(engine, *(item(n + 1, line=n, **TREES) for n in range(5)))
    for full in (False, False, True):
        refresh(engine, full=full)

    number = f"R{today().year}-0001"
    found = items(engine)
    assert [one for one in found if one[2] or one[3]] == [
        ("R2025-0001", "closed", day, None),
        (number, "draft", None, "R2025-0001"),
    ]
    assert logged(engine, ITEM) == [("relapse", "")]
    assert [one for (one,) in audited(engine, "action") if "relapse" in one] == ["rectifications.relapse"]
    counted = measured(engine, builder, COUNTY_A1, date(2025, 12, 1))
    assert (counted["rectifications_relapsed"], counted["rectifications_relapse_known"]) == (1, 5)


def test_an_outage_that_comes_later_is_found_by_the_refresh_that_brings_it(engine):
    company(engine, failed("L30", DONE))
    add(engine, item(1, **TREES))
    refresh(engine)
    assert [one[2] for one in items(engine)] == [None]

    book(engine, failed("L00", DONE + timedelta(days=180)))
    refresh(engine)

    assert items(engine)[0][2] == DONE + timedelta(days=180)
    after_parts = facts(engine)
    refresh(engine, full=True)
    assert facts(engine) == after_parts


def test_the_second_outage_by_weather_in_a_later_month_finds_the_first_one_too(engine):
    """Two by weather make a relapse; the first came with a refresh of its own, when nothing followed."""
    storm = {"text": "x", "cause_groups": ["weather"]}
    company(engine, failed("L00", DONE + timedelta(days=20), cause="lightning"))
    add(engine, item(1, evidence=storm))
    refresh(engine)
    assert [one[2] for one in items(engine)] == [None]

    book(engine, failed("L00", DONE + timedelta(days=60), cause="lightning"))
    refresh(engine)

    assert items(engine)[0][2] == DONE + timedelta(days=60)


def test_an_area_relapses_by_outages_that_touched_it_and_a_line_by_a_rule_it_meets_again(engine):
    day = DONE + timedelta(days=9)
    faults = [failed("L05", DONE + timedelta(days=30 + n), cause="cable") for n in range(12)]
    company(engine, *faults)
    with writing_all(engine) as connection:
        area = {"bureau_id": "A", "area_code": "T1", "name": "T1", "org_unit_id": COUNTY_A1, "kind": "public"}
        connection.execute(areas.insert(), [{**area, "line_code": "L07"}])
    book(engine, step(COUNTY_A1, at(day), 60, key="T1", area_code="T1", line_code="L07", cause="tree"))
    add(
        engine,
        item(1, object_kind="area", object_code="T1", **TREES),
        item(2, line=5, rules="RL1;RL2"),
        item(3, line=5, rules="RL9"),
    )
    refresh(engine)

    found = {name: relapsed for name, _, relapsed, _ in items(engine)}
    assert found["R2025-0001"] == day
    assert found["R2025-0002"] == date(2025, 7, 31), "the month-end at which it was in again"
    assert found["R2025-0003"] is None


def test_each_item_relapses_by_the_rules_of_the_day_on_which_its_works_were_done(engine):
    """180 days, from August on 30, from 2026 on 300. Of three items with an outage by a tree 60, 60 and 200
    days after the works only the first, done in June, relapsed; and is due again as the rules said then."""
    autumn, winter = date(2025, 8, 5), date(2025, 12, 1)
    days = [DONE + timedelta(days=60), autumn + timedelta(days=60), winter + timedelta(days=200)]
    company(engine, *(failed(f"L0{n}", day) for n, day in enumerate(days)))
    add(
        engine,
        *(item(n + 1, line=n, done_at=done, **TREES) for n, done in enumerate((DONE, autumn, winter))),
    )
    body = first_version("rectification").body
    for first, changed in ((date(2025, 8, 1), {"days": 30}), (date(2026, 1, 1), {"days": 300})):
        later = {**body, "relapse": {**body["relapse"], **changed, "new_due_days": 10}}
        rules.publish(engine, administrator(PROVINCE), "rectification", later, first, "why")
    refresh(engine)

    found = items(engine)
    assert [one[2] for one in found] == [days[0], None, None, None]
    with engine.connect() as connection:
        due = connection.scalar(select(table.c.original_due).where(table.c.reopen_of.is_not(None)))
    assert due == today() + timedelta(days=30)
    counted = [measured(engine, builder, COUNTY_A1, date(2025, month, 1)) for month in (9, 12)]
    assert [one["rectifications_relapse_known"] for one in counted] == [1, 2]


def test_a_cause_counts_by_the_group_that_it_had_on_the_day_of_the_outage(engine):
    """From August on cables count among trees, and long after today trees among what is external."""
    days = [date(2025, 7, 31), date(2025, 8, 1), date(2025, 9, 1)]
    causes = ("cable", "cable", "tree")
    company(engine, *(failed(f"L0{n}", days[n], cause=causes[n]) for n in range(3)))
    add(engine, *(item(n + 1, line=n, **TREES) for n in range(3)))
    body = first_version("causes").body
    for first, code, group in ((date(2025, 8, 1), "cable", "tree"), (date(2999, 1, 1), "tree", "external")):
        body = {**body, code: {**body[code], "group": group}}
        rules.publish(engine, administrator(PROVINCE), "causes", body, first, "why")
    refresh(engine)

    assert [one[2] for one in items(engine)[:3]] == [None, days[1], days[2]]


def test_an_area_does_not_relapse_by_an_outage_that_was_momentary_there(engine):
    """One outage by a tree: an hour at the neighbour, at T1 a minute; at T2 a minute, then without end."""
    day = DONE + timedelta(days=9)
    company(engine, failed("L30", day))
    registered = {"bureau_id": "A", "org_unit_id": COUNTY_A1, "kind": "public", "line_code": "L07"}
    with writing_all(engine) as connection:
        connection.execute(
            areas.insert(), [{"area_code": one, "name": one, **registered} for one in ("T1", "T2")]
        )

    def out(area, minutes, hour=8):
        named = {"line_code": "L07", "area_code": area, "cause": "tree"}
        return step(COUNTY_A1, at(day, hour), minutes, key=f"{area}{hour}", outage="one", **named)

    book(engine, out("T9", 60), out("T1", 1), out("T2", 1), out("T2", None, hour=9))
    add(engine, *(item(n, object_kind="area", object_code=f"T{n}", **TREES) for n in (1, 2)))
    refresh(engine)

    assert [one[2] for one in items(engine)][:2] == [None, day]


def test_an_item_made_from_a_risk_object_relapses_by_a_new_outage_of_the_cause_that_it_was_made_for(engine):
    """Three faults by trees in the year and one of a cable: the item is about trees. The line met RL1 before
    and goes on to meet it, so only the outage can be the relapse; the cable fault before it is none."""
    day = today()
    build(engine)
    proving.register(engine)
    before = [failed("L00", day - timedelta(days=n), key=f"b{n}") for n in (100, 120, 140)]
    book(engine, *before, failed("L00", day - timedelta(days=110), cause="cable"))
    wanted = Rectification("A", "", 0, "line", "L00", "L00 树障", rules="RL1")
    made = rectification_making.create(engine, LEAD, wanted)
    assert made.evidence == {"cause_groups": ["tree"]}

    ended = {"status": "closed", "done_at": day - timedelta(days=30), "closed_at": day - timedelta(days=30)}
    with writing_all(engine) as connection:
        connection.execute(table.update().where(table.c.item_id == made.item_id).values(**ended))
    later = (
        failed("L00", day - timedelta(days=9), cause="cable", key="c"),
        failed("L00", day - timedelta(5)),
    )
    book(engine, *later)
    cover(engine, day - timedelta(days=400), day)
    refresh(engine, full=True)

    assert items(engine) == [
        (made.item_id, "closed", day - timedelta(days=5), None),
        (f"R{day.year}-0002", "draft", None, made.item_id),
    ]
    with engine.connect() as connection:
        again = connection.scalar(select(table.c.evidence).where(table.c.reopen_of == made.item_id))
    assert again["cause_groups"] == ["tree"]


@pytest.mark.parametrize("chosen", [[], ["weather"]])
def test_who_chose_the_causes_is_not_overruled(engine, chosen):
    build(engine)
    proving.register(engine)
    wanted = Rectification("A", "", 0, "line", "L00", "x", rules="RL6", evidence={"cause_groups": chosen})

    assert rectification_making.create(engine, LEAD, wanted).evidence == {"cause_groups": chosen}
