"""CEMI, CELID, the frequent lists and repeated planned outages, on both databases."""

import random
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import select, update

from data_access.measures import areas as builder
from data_access.tables.grid import areas
from data_access.tables.kpi import area_months, frequent_outage_list, line_months
from data_access.transactions import reading_all, writing_all
from domain.periods import add_months, months_between
from tests.data_access import company
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, COUNTY_B1
from tests.data_access.steps import area, computed, line, request, step, totals, write

JAN, MAR, DEC = date(2026, 1, 1), date(2026, 3, 1), date(2026, 12, 1)


@pytest.fixture
def world(engine):
    company.build(engine)
    return engine


def outage(key, start, *codes, unit=COUNTY_A1, minutes=60, **more):
    """One outage of several areas; a single one would be a single-user order."""
    return [step(key, unit, code, start, minutes, **more) for code in codes]


def test_cemi_counts_areas_with_three_interruptions_in_twelve_months(world):
    """A momentary one (3 min) is none, one that lasts is one, and the 4th month back still counts."""
    steps = outage("1", "2026-01-05 10:00", "a", "b") + outage("2", "2026-02-05 10:00", "a", "b")
    steps += outage("3", "2026-03-05 10:00", "a", minutes=None) + outage(
        "4", "2026-03-06 10:00", "b", minutes=3
    )
    write(world, steps, areas=[area(COUNTY_A1, "a"), area(COUNTY_A1, "b")])

    found = computed(world, builder, request(world, JAN, add_months(JAN, 12)))

    months = [f"{month:%Y-%m}" for month in months_between(MAR, DEC)]
    assert totals(found, "cemi_areas") == {(COUNTY_A1, month): 1 for month in months}
    assert totals(found, "cemi_areas_entered") == {(COUNTY_A1, "2026-03"): 1}


def test_an_area_that_is_closed_or_not_registered_is_in_no_as_of_ratio(world):
    steps = [one for n in range(3) for one in outage(str(n), f"2026-01-0{n + 1} 10:00", "a", "b", "c")]
    write(world, steps, areas=[area(COUNTY_A1, "a", closed_on=MAR), area(COUNTY_A1, "b")])

    found = computed(world, builder, request(world, JAN, MAR))

    assert totals(found, "cemi_areas") == {
        (COUNTY_A1, "2026-01"): 2,
        (COUNTY_A1, "2026-02"): 2,
        (COUNTY_A1, "2026-03"): 1,  # the day of closing is the first without it
    }


def test_celid_takes_the_longest_and_the_total(world):
    """7 h at once is long; 24 h in all is long; groups of one area restored apart are one interruption."""
    steps = outage("1", "2026-01-05 10:00", "a", "b", minutes=420) + outage(
        "2", "2026-01-08 10:00", "c", "d", minutes=419
    )
    steps += [
        one for n in range(4) for one in outage(f"t{n}", f"2026-02-0{n + 1} 00:00", "c", "d", minutes=256)
    ]
    steps += [step("2", COUNTY_A1, "d", "2026-01-08 13:00", 240, step_key="2/d2", start_day=date(2026, 1, 8))]
    write(world, steps, areas=[area(COUNTY_A1, code) for code in "abcd"])

    found = computed(world, builder, request(world, JAN, add_months(JAN, 1)))

    # d: 10:00 to 17:00 is exactly 7 h; c stays below.
    assert totals(found, "celid_s_areas") == {(COUNTY_A1, "2026-01"): 3, (COUNTY_A1, "2026-02"): 3}
    # c: 419 + 4 x 256 = 1443 min, d: 420 + 1024 = 1444; 24 h are 1440.
    assert totals(found, "celid_t_areas") == {(COUNTY_A1, "2026-02"): 2}


def test_without_major_event_days_each_threshold_is_met_by_other_days_only(world):
    """a and b: the third outage, the only long one, is the storm's. c meets each threshold without it."""
    storm = date(2026, 2, 10)
    steps = outage("1", "2026-01-05 10:00", "a", "b") + outage("2", "2026-02-05 10:00", "a", "b")
    steps += outage("storm", "2026-02-10 10:00", "a", "b", "c", minutes=480)
    steps += [one for n in (1, 2, 3) for one in outage(f"c{n}", f"2026-01-0{n} 10:00", "c", minutes=500)]
    write(world, steps, areas=[area(COUNTY_A1, code) for code in "abc"])

    found = computed(world, builder, request(world, JAN, MAR, med=((CITY_A, storm),)))

    def at(measure: str) -> list[int]:
        counts = totals(found, measure)
        return [counts.get((COUNTY_A1, f"2026-0{month}"), 0) for month in (1, 2, 3)]

    assert (at("cemi_areas"), at("cemi_areas_med")) == ([1, 3, 3], [0, 2, 2])
    assert (at("celid_s_areas"), at("celid_s_areas_med")) == ([1, 3, 3], [0, 2, 2])
    assert (at("celid_t_areas"), at("celid_t_areas_med")) == ([1, 1, 1], [0, 0, 0])
    assert (at("cemi_areas_entered"), at("cemi_areas_entered_no_med")) == ([1, 2, 0], [1, 0, 0])


def test_a_step_booked_elsewhere_counts_for_the_unit_that_maintains_the_area(world):
    steps = [
        one for n in range(3) for one in outage(str(n), f"2026-01-0{n + 1} 10:00", "a", "b", unit=COUNTY_A2)
    ]
    write(world, steps, areas=[area(COUNTY_A1, "a"), area(COUNTY_A2, "b")])

    whole = computed(world, builder, request(world, JAN, JAN))
    alone = computed(world, builder, request(world, JAN, JAN, units=(COUNTY_A1,)))

    assert totals(whole, "cemi_areas") == {(COUNTY_A1, "2026-01"): 1, (COUNTY_A2, "2026-01"): 1}
    assert totals(alone, "cemi_areas") == {(COUNTY_A1, "2026-01"): 1}


def four_times(*codes, unit=COUNTY_A1, key="f", **more):
    return [
        one
        for n in range(4)
        for one in outage(f"{key}{n}", f"2026-01-{n + 1:02d} 10:00", *codes, unit=unit, **more)
    ]


def test_frequent_areas_their_labels_and_who_entered(world):
    steps = (
        four_times("a", "b")
        + outage("5", "2026-02-01 10:00", "c", "d")
        + outage("6", "2026-02-03 10:00", "c", "d")
    )
    write(world, steps)

    found = computed(world, builder, request(world, JAN, MAR))

    assert totals(found, "frequent_areas") == {(COUNTY_A1, f"2026-0{n}"): 2 for n in (1, 2, 3)}
    assert totals(found, "frequent_areas", "label") == {
        (COUNTY_A1, f"2026-0{n}", "window"): 2 for n in (1, 2, 3)
    }
    assert totals(found, "frequent_areas_entered") == {(COUNTY_A1, "2026-01"): 2}
    assert totals(found, "warning_areas") == {(COUNTY_A1, "2026-02"): 2}
    assert totals(found, "warning_areas_entered") == {(COUNTY_A1, "2026-02"): 2}


def test_what_is_left_out_adds_up_by_reason(world):
    steps = outage("med", "2026-01-02 10:00", "a", "b") + outage(
        "short", "2026-01-05 10:00", "a", "b", minutes=4
    )
    steps += outage("one", "2026-01-07 10:00", "a") + outage("kept", "2026-01-09 10:00", "a", "b")
    steps += outage("same", "2026-01-09 15:00", "a", "b")
    write(world, steps)

    found = computed(world, builder, request(world, JAN, JAN, med=((CITY_A, date(2026, 1, 2)),)))

    assert totals(found, "frequent_excluded", "reason") == {
        (COUNTY_A1, "2026-01", "med"): 2,
        (COUNTY_A1, "2026-01", "short"): 2,
        (COUNTY_A1, "2026-01", "single_user"): 1,
        (COUNTY_A1, "2026-01", "within_6h"): 2,
    }
    assert totals(found, "frequent_excluded") == {(COUNTY_A1, "2026-01"): 7}


def test_an_order_that_touches_an_area_of_another_bureaus_unit_is_no_single_user_order(world):
    """Only one unit's steps are read; the rest of the outage is looked up."""
    steps = [
        one
        for n in range(4)
        for one in (
            step(f"x{n}", COUNTY_A1, "a", f"2026-01-0{n + 1} 10:00"),
            step(f"x{n}", COUNTY_B1, "z", f"2026-01-0{n + 1} 10:00", bureau_id="A"),
        )
    ]
    write(world, steps)

    found = computed(world, builder, request(world, JAN, JAN))

    assert totals(found, "frequent_areas") == {(COUNTY_A1, "2026-01"): 1, (COUNTY_B1, "2026-01"): 1}


def test_frequent_lines_count_on_the_unit_that_maintains_them(world):
    """L: two frequent areas, one of a neighbour. D: all of its users are dedicated. S: only one."""
    steps = four_times("a", "b", "d1", "d2", "s", unit=COUNTY_A1)
    write(
        world,
        steps,
        lines=[line(COUNTY_A2, "L"), line(COUNTY_A1, "D"), line(COUNTY_A1, "S")],
        areas=[
            area(COUNTY_A1, "a", "L"),
            area(COUNTY_A2, "b", "L"),
            area(COUNTY_A1, "d1", "D", "dedicated"),
            area(COUNTY_A1, "d2", "D", "dedicated"),
            area(COUNTY_A1, "s", "S"),
        ],
    )

    found = computed(world, builder, request(world, JAN, add_months(JAN, 1)))

    assert totals(found, "frequent_lines") == {(COUNTY_A2, "2026-01"): 1, (COUNTY_A2, "2026-02"): 1}
    assert totals(found, "frequent_lines_entered") == {(COUNTY_A2, "2026-01"): 1}


def test_lines_with_one_frequent_area_each_are_no_frequent_lines(world):
    """Nothing says from when such a line would be warned: that stopped the refresh once."""
    areas = [area(COUNTY_A1, "a", "L"), area(COUNTY_A1, "b", "M")]
    write(world, four_times("a", "b"), areas=areas, lines=[line(COUNTY_A1, "L"), line(COUNTY_A1, "M")])

    found = computed(world, builder, request(world, JAN, JAN))

    assert totals(found, "frequent_areas") == {(COUNTY_A1, "2026-01"): 2}
    assert totals(found, "frequent_lines") == {}


def test_repeated_planned_outages_look_back_60_days(world):
    steps = outage("p1", "2026-01-20 10:00", "a", "b", kind="planned")
    steps += outage("p2", "2026-02-20 10:00", "a", kind="planned") + outage("f", "2026-02-21 10:00", "b")
    steps += outage("s", "2026-02-22 10:00", "a", kind="planned", minutes=1)
    steps += outage("o", "2026-03-01 10:00", "c", kind="planned", minutes=None)
    write(world, steps)

    found = computed(world, builder, request(world, JAN, MAR))

    # At the end of March, 60 days back is 31 January: only a (p2) and c are left.
    assert totals(found, "areas_planned") == {
        (COUNTY_A1, "2026-01"): 2,
        (COUNTY_A1, "2026-02"): 2,
        (COUNTY_A1, "2026-03"): 2,
    }
    assert totals(found, "areas_planned_repeatedly") == {(COUNTY_A1, "2026-02"): 1}
    assert totals(found, "areas_planned_repeatedly_entered") == {(COUNTY_A1, "2026-02"): 1}
    assert totals(found, "areas_planned_excluded", "reason") == {(COUNTY_A1, "2026-02", "momentary"): 1}
    assert totals(found, "areas_planned_open") == {(COUNTY_A1, "2026-03"): 1}


def test_the_open_month_is_judged_at_the_end_of_the_data(world):
    """2 and 12 March are the last two within 30 days of 20 March; on the 31st only one would be."""
    write(world, outage("1", "2026-03-01 10:00", "a", "b") + outage("2", "2026-03-12 10:00", "a", "b"))

    found = computed(world, builder, request(world, MAR, MAR, as_of_day=date(2026, 3, 20)))

    assert totals(found, "warning_areas") == {(COUNTY_A1, "2026-03"): 2}
    with reading_all(world) as connection:
        days = connection.execute(select(frequent_outage_list.c.as_of).distinct()).scalars().all()
    assert days == [date(2026, 3, 20)]


def test_line_months_add_up_to_the_units_steps(world):
    steps = [step("1", COUNTY_A1, "a", "2026-01-05 10:00", line_code="L", customers=5)]
    steps += [step("1", COUNTY_A2, "b", "2026-01-05 10:00", line_code="L", customers=7)]
    steps += [step("1", COUNTY_A1, None, "2026-01-05 10:00", line_code=None, customers=3)]
    steps += [step("m", COUNTY_A1, "a", "2026-01-06 10:00", 2, line_code="L")]
    write(world, steps)

    computed(world, builder, request(world, JAN, JAN))

    with reading_all(world) as connection:
        rows = connection.execute(
            select(
                line_months.c.org_unit_id,
                line_months.c.line_code,
                line_months.c.outages,
                line_months.c.customers,
            )
        ).all()
    # The step without a line of its own lies on the line of its outage; the momentary one is left out.
    assert sorted(map(tuple, rows)) == [(COUNTY_A1, "L", 1, 8), (COUNTY_A2, "L", 1, 7)]


def _random_steps(seed: int) -> list[dict]:
    draw = random.Random(seed)
    steps = []
    for number in range(260):
        moment = datetime(2024, 11, 1) + timedelta(hours=draw.randrange(24 * 600), minutes=draw.randrange(60))
        unit = draw.choice([COUNTY_A1, COUNTY_A2, COUNTY_B1])
        codes = draw.sample("abcdefg", draw.randint(1, 4))
        kind = draw.choice(["fault", "fault", "planned", "temporary"])
        minutes = draw.choice([2, 4, 30, 200, 700, None])
        steps += [
            step(f"o{number}", unit, f"{unit}{code}", f"{moment:%Y-%m-%d %H:%M}", minutes, kind=kind)
            for code in codes
        ]
    return steps


def _sorted(values: pd.DataFrame) -> list[tuple]:
    return sorted(map(tuple, values.astype({"period_start": str}).to_numpy().tolist()))


def test_parts_give_the_same_rows_as_the_whole(world):
    """One unit's changed month, computed again alone, changes nothing; nor does computing it twice."""
    steps = _random_steps(3)
    codes = {(one["org_unit_id"], one["area_code"]) for one in steps}
    write(
        world,
        steps,
        areas=[area(unit, code, f"L{unit}{code[-1] in 'abc'}") for unit, code in sorted(codes)],
        lines=[line(COUNTY_A2, f"L{COUNTY_A1}True")],
    )
    first, last = date(2025, 1, 1), date(2026, 6, 1)

    whole = computed(world, builder, request(world, first, last))
    part = computed(world, builder, request(world, date(2026, 2, 1), last, units=(COUNTY_A1, COUNTY_A2)))
    again = computed(world, builder, request(world, first, last))

    assert _sorted(again) == _sorted(whole)
    chosen = whole[whole["org_unit_id"].isin([COUNTY_A1, COUNTY_A2])]
    assert _sorted(part) == _sorted(chosen[chosen["period_start"] >= "2026-02-01"])


def test_as_of_counts_agree_with_counting_by_hand(world):
    steps = _random_steps(7)
    codes = sorted({(one["org_unit_id"], one["area_code"]) for one in steps})
    write(world, steps, areas=[area(unit, code) for unit, code in codes])
    months = months_between(date(2024, 11, 1), date(2026, 4, 1))

    found = computed(world, builder, request(world, months[0], months[-1]))

    sustained = [one for one in steps if one["duration_s"] is None or one["duration_s"] > 180]
    cemi, frequent = Counter(), Counter()
    for month in months:
        end = add_months(month, 1) - timedelta(days=1)
        begin = add_months(month, -11)
        counts = Counter(
            (one["org_unit_id"], one["area_code"]) for one in sustained if begin <= one["start_day"] <= end
        )
        for (unit, _), count in counts.items():
            cemi[unit, f"{month:%Y-%m}"] += count >= 3
        for unit, code in codes:
            frequent[unit, f"{month:%Y-%m}"] += _is_frequent(steps, code, end)
    assert totals(found, "cemi_areas") == {key: count for key, count in cemi.items() if count}
    assert totals(found, "frequent_areas") == {key: count for key, count in frequent.items() if count}


def _is_frequent(steps: list[dict], code: str, as_of: date) -> bool:
    """The rules of the list, read aloud."""
    size = Counter(one["outage_key"] for one in steps)
    rows = [one for one in steps if one["area_code"] == code]
    rows = [one for one in rows if date(as_of.year, 1, 1) - timedelta(days=60) <= one["start_day"]]
    rows = [one for one in rows if one["start_day"] <= date(as_of.year, 12, 31)]
    rows = [one for one in rows if size[one["outage_key"]] > 1 and one["duration_s"] not in (120, 240)]
    kept = []
    for one in sorted(rows, key=lambda row: row["interrupted_at"]):
        if not kept or one["interrupted_at"] - kept[-1]["interrupted_at"] >= timedelta(hours=6):
            kept.append(one)
    year = [one for one in kept if date(as_of.year, 1, 1) <= one["start_day"] <= as_of]
    windows = [
        sum(
            timedelta() <= late["interrupted_at"] - one["interrupted_at"] < timedelta(days=60) for one in kept
        )
        for late in year
    ]
    planned = sum(one["kind"] != "fault" for one in year)
    return len(year) > 5 or max(windows, default=0) > 3 or planned > 3


def test_an_area_that_moves_takes_its_history_with_it(world):
    write(world, four_times("a", "b"), areas=[area(COUNTY_A1, "a"), area(COUNTY_A1, "b")])
    computed(world, builder, request(world, JAN, MAR))
    with writing_all(world) as connection:
        connection.execute(update(areas).where(areas.c.area_code == "a").values(org_unit_id=COUNTY_A2))

    found = computed(world, builder, request(world, JAN, MAR, units=(COUNTY_A1, COUNTY_A2)))

    assert totals(found, "frequent_areas") == {
        (unit, f"2026-0{n}"): 1 for unit in (COUNTY_A1, COUNTY_A2) for n in (1, 2, 3)
    }
    with reading_all(world) as connection:
        rows = connection.execute(select(area_months.c.area_code, area_months.c.org_unit_id).distinct()).all()
    owners = defaultdict(set)
    for code, unit in rows:
        owners[code].add(unit)
    assert owners == {"a": {COUNTY_A2}, "b": {COUNTY_A1}}
