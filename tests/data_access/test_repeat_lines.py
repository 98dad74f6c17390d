"""Lines with repeated faults in 12 months, on both databases."""

from datetime import date

from data_access.measures import repeat_lines as builder
from domain.periods import add_months, months_between
from tests.data_access import company
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2
from tests.data_access.steps import computed, line, request, step, totals, write

JAN = date(2026, 1, 1)


def fault(key, day, line_code, unit=COUNTY_A1, minutes=60, kind="fault"):
    return step(key, unit, key, f"{day} 10:00", minutes, line_code=line_code, kind=kind)


def test_three_faults_in_twelve_months_put_a_line_on_the_list(engine):
    """L counts where it is maintained. M has a momentary fault, P a planned outage, U is not registered."""
    company.build(engine)
    steps = [fault(f"l{n}", f"2026-0{n}-10", "L") for n in (1, 2, 3)]
    steps += [fault(f"m{n}", f"2026-0{n}-10", "M", minutes=60 if n < 3 else 3) for n in (1, 2, 3)]
    steps += [fault(f"p{n}", f"2026-0{n}-10", "P", kind="fault" if n < 3 else "planned") for n in (1, 2, 3)]
    steps += [fault(f"u{n}", f"2026-0{n}-10", "U") for n in (1, 2, 3)]
    write(engine, steps, lines=[line(COUNTY_A2, "L"), line(COUNTY_A1, "M"), line(COUNTY_A1, "P")])

    found = computed(engine, builder, request(engine, JAN, add_months(JAN, 14)))

    months = [f"{month:%Y-%m}" for month in months_between(date(2026, 3, 1), date(2026, 12, 1))]
    assert totals(found, "lines_repeat_faults") == {(COUNTY_A2, month): 1 for month in months}
    assert totals(found, "lines_repeat_faults_entered") == {(COUNTY_A2, "2026-03"): 1}
    part = computed(engine, builder, request(engine, date(2026, 4, 1), date(2026, 4, 1), units=(COUNTY_A2,)))
    assert totals(part, "lines_repeat_faults_entered") == {}


def test_a_line_out_of_service_is_on_no_list(engine):
    company.build(engine)
    steps = [fault(f"l{n}", f"2026-01-1{n}", "L") for n in (1, 2, 3)]
    write(engine, steps, lines=[line(COUNTY_A1, "L", closed_on=date(2026, 2, 10))])

    found = computed(engine, builder, request(engine, JAN, add_months(JAN, 2)))

    assert totals(found, "lines_repeat_faults") == {(COUNTY_A1, "2026-01"): 1}


def test_a_line_that_only_major_event_days_put_on_the_list_is_told_apart(engine):
    """L: two faults and one on the storm's day; M, the decoy, has three others beside the storm's."""
    company.build(engine)
    days = ("2026-01-10", "2026-01-11", "2026-01-20")
    steps = [fault(f"l{day}", day, "L") for day in days] + [fault(f"m{day}", day, "M") for day in days]
    steps.append(fault("m", "2026-02-01", "M"))
    write(engine, steps, lines=[line(COUNTY_A1, "L"), line(COUNTY_A1, "M")])
    storm = ((CITY_A, date(2026, 1, 20)),)

    found = computed(engine, builder, request(engine, JAN, add_months(JAN, 1), med=storm))

    january, february = (COUNTY_A1, "2026-01"), (COUNTY_A1, "2026-02")
    assert totals(found, "lines_repeat_faults") == {january: 2, february: 2}
    assert totals(found, "lines_repeat_faults_med") == {january: 2, february: 1}
    assert totals(found, "lines_repeat_faults_entered") == {january: 2}
    assert totals(found, "lines_repeat_faults_entered_no_med") == {february: 1}
