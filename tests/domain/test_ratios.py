"""Roll up, then divide: the traps of averaging, coverage and time."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import ratios
from domain.kpis import COVERED, catalogue
from domain.periods import Period, period
from domain.ratios import Reading
from tests.figures import covered, frame, kpi, little_catalogue, monthly

MEASURES = little_catalogue().measures
SAIDI, CAIDI, ASAI, CEMI, COUNT = map(kpi, ("saidi", "caidi", "asai", "cemi", "count"))
JAN, FEB, MAR, DEC = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 12, 1)
JANUARY, QUARTER = Period("month", JAN, JAN), Period("quarter", JAN, MAR)


def test_city_saidi_is_total_minutes_over_total_customers():
    """A large county weighs more than a small one; the mean of the two ratios would be 0.0545."""
    city = monthly(JAN, {"minutes": [100 + 900], "customers": [1_000 + 100_000]})

    assert ratios.total(city, SAIDI, JANUARY, MEASURES).value == pytest.approx(1_000 / 101_000)


def test_units_are_read_each_by_itself():
    small = monthly(JAN, {"minutes": [100], "customers": [1_000]}, unit=1)
    large = monthly(JAN, {"minutes": [900], "customers": [100_000]}, unit=2)

    rows = ratios.by_unit(pd.concat([small, large]), SAIDI, JANUARY, MEASURES, [1, 2, 3])

    assert rows["value"].tolist()[:2] == [0.1, 0.009]
    assert rows["missing"].tolist() == ["", "", "not_covered:outages"]


def test_no_row_is_zero_where_the_source_is_covered():
    facts = monthly(JAN, {"customers": [50]})

    reading = ratios.total(facts, SAIDI, JANUARY, MEASURES)

    assert (reading.value, reading.missing) == (0, "")


def test_no_row_is_missing_where_nothing_is_covered():
    facts = monthly(JAN, {"customers": [50], "minutes": [7]}, needs=("customers",))

    reading = ratios.total(facts, SAIDI, JANUARY, MEASURES)

    assert (reading.value, reading.numerator, reading.missing) == (None, None, "not_covered:outages")


def test_the_numerator_is_shown_though_no_customers_are_known():
    facts = monthly(JAN, {"minutes": [7]}, needs=("outages",))

    reading = ratios.total(facts, SAIDI, JANUARY, MEASURES)

    assert (reading.value, reading.numerator, reading.missing) == (None, 7, "not_covered:customers")


def test_without_major_event_days_determined_they_are_the_reason_and_not_the_customers():
    """Duration per interruption is there: its customers were reported."""
    whole = catalogue()
    facts = monthly(JAN, {"cmi_lv": [600], "ci_restored_lv": [2]}, needs=("outages", "outages.customers"))

    assert ratios.total(facts, whole.kpis["caidi"], JANUARY, whole.measures).missing == ""
    assert (
        ratios.total(facts, whole.kpis["caidi_no_med"], JANUARY, whole.measures).missing
        == "not_covered:major_events"
    )


@pytest.mark.parametrize(
    ("loaded", "why"),
    [
        (("outages",), "not_covered:outages.customers:2026-02"),
        ((), "not_covered:outages:2026-02"),
    ],
)
def test_a_month_whose_outages_were_never_loaded_is_named(loaded, why):
    """Not "no customers reported": nothing at all was. In January all is there."""
    whole = catalogue()
    rows = [
        *covered([1], JAN, JAN, ["outages", "outages.customers"]),
        *covered([1], FEB, FEB, loaded),
        *covered([1], JAN, FEB, ["customers_served.LV"]),
        (1, "customers_served_lv", JAN, 10),
        (1, "customers_served_lv", FEB, 10),
    ]

    reading = ratios.total(frame(rows), whole.kpis["saidi"], Period("range", JAN, FEB), whole.measures)

    assert reading.missing == why


def test_a_denominator_of_zero_is_missing_and_not_0_percent():
    facts = monthly(JAN, {"minutes": [7]})

    reading = ratios.total(facts, CAIDI, JANUARY, MEASURES)

    assert (reading.value, reading.missing) == (None, "zero_denominator")


def test_a_half_covered_period_has_the_value_of_its_covered_months_and_is_flagged():
    rows = [(1, "minutes", JAN, 60), (1, "minutes", FEB, 40), (1, "interruptions", FEB, 4)]
    facts = frame([*rows, (1, COVERED + "outages", FEB, 28), (1, COVERED + "outages", MAR, 30)])

    reading = ratios.total(facts, CAIDI, QUARTER, MEASURES)

    assert reading.value == 10  # January is not covered: its 60 minutes do not count
    assert reading.is_partial


def test_a_month_that_is_not_over_makes_the_period_partial():
    facts = ratios.facts(monthly(JAN, {"minutes": [1, 1, 1], "customers": [1, 1, 1]}), last_complete=FEB)

    assert ratios.total(facts, SAIDI, QUARTER, MEASURES).is_partial
    assert not ratios.total(facts, SAIDI, Period("range", JAN, FEB), MEASURES).is_partial


def test_a_stock_month_not_reported_makes_the_mean_missing():
    facts = frame(
        [
            (1, "minutes", JAN, 60),
            (1, "customers", JAN, 10),
            *covered([1], JAN, FEB, ["outages"]),
            *covered([1], JAN, JAN, ["customers"]),
        ]
    )

    reading = ratios.total(facts, SAIDI, Period("range", JAN, FEB), MEASURES)

    assert reading.missing == "not_covered:customers:2026-02"


def test_a_rate_per_customer_of_a_year_half_of_which_is_not_covered_is_missing():
    """60 minutes of January under the customers of January and February would halve the rate."""
    facts = frame(
        [
            (1, "minutes", JAN, 60),
            *[(1, "customers", month, 10) for month in (JAN, FEB)],
            *covered([1], JAN, FEB, ["customers"]),
            *covered([1], JAN, JAN, ["outages"]),
        ]
    )

    reading = ratios.total(facts, SAIDI, Period("range", JAN, FEB), MEASURES)

    assert (reading.value, reading.numerator, reading.missing) == (None, 60, "not_covered:outages:2026-02")


def test_a_month_before_the_unit_existed_counts_zero_customers():
    """So children never exceed their parent: 30 customers for one of three months are 10."""
    facts = monthly(JAN, {"minutes": [0, 0, 60], "customers": [0, 0, 30]})

    assert ratios.total(facts, SAIDI, QUARTER, MEASURES).denominator == 10


def test_negative_terms_and_factor():
    facts = monthly(JAN, {"time": [1_000], "minutes": [1]})

    assert ratios.total(facts, ASAI, JANUARY, MEASURES).value == pytest.approx(99.9)


def test_as_of_takes_the_last_complete_month_of_the_period():
    """March is not over; what counts is the end of February, on February's areas."""
    year = date(2025, 3, 1)
    rows = monthly(year, {"listed": [*range(1, 14)], "areas": [100] * 13})
    facts = ratios.facts(rows, last_complete=FEB)

    reading = ratios.total(facts, CEMI, QUARTER, MEASURES)

    assert (reading.value, reading.as_of, reading.is_partial) == (12.0, FEB, False)


def test_as_of_without_its_whole_window_is_partial():
    facts = monthly(JAN, {"listed": [1, 2, 3], "areas": [100] * 3})

    reading = ratios.total(facts, CEMI, QUARTER, MEASURES)

    assert (reading.value, reading.is_partial) == (3.0, True)


def test_as_of_with_no_complete_month_is_missing():
    facts = ratios.facts(monthly(JAN, {"listed": [1], "areas": [100]}), last_complete=date(2025, 12, 1))

    assert ratios.total(facts, CEMI, JANUARY, MEASURES).missing == "no_complete_month"


def test_months_are_marked_complete_or_missing():
    rows = [(1, "minutes", JAN, 60), (1, "interruptions", JAN, 6), (1, "minutes", FEB, 5)]
    facts = frame([*rows, *covered([1], JAN, JAN, ["outages"]), (1, COVERED + "outages", FEB, 3)])

    months = ratios.by_month(facts, CAIDI, [JAN, FEB, MAR], MEASURES)
    assert months["is_complete"].tolist() == [True, False, False]
    assert months["missing"].tolist() == ["", "zero_denominator", "not_covered:outages"]
    assert months["value"].tolist()[0] == 10


def test_causes_add_up_to_the_value():
    """The own value divides by the cause's own interruptions, the value by all."""
    totals = monthly(JAN, {"minutes": [90], "interruptions": [30]})
    members = frame(
        [
            (1, "minutes", "tree", JAN, 60),
            (1, "interruptions", "tree", JAN, 10),
            (1, "minutes", "wind", JAN, 30),
            (1, "interruptions", "wind", JAN, 20),
        ]
    )

    rows = ratios.by_member(totals, members, CAIDI, JANUARY, MEASURES)

    assert rows["member"].tolist() == ["tree", "wind"]
    assert rows["value"].tolist() == [2.0, 1.0]
    assert rows["own_value"].tolist() == [6.0, 1.5]
    assert rows["share"].sum() == pytest.approx(1)


def test_what_has_no_cause_is_a_member_of_its_own():
    """Without it the bars would add up to less than the figure, and the largest named cause would lead."""
    totals = monthly(JAN, {"minutes": [90], "interruptions": [30]})
    members = frame([(1, "minutes", "", JAN, 60), (1, "minutes", "tree", JAN, 30)])

    rows = ratios.by_member(totals, members, CAIDI, JANUARY, MEASURES)

    assert rows["member"].tolist() == ["", "tree"]
    assert rows["value"].sum() == pytest.approx(90 / 30)
    assert rows["share"].sum() == pytest.approx(1)


def test_a_kpi_with_a_term_that_has_no_causes_is_not_broken_down():
    facts = monthly(JAN, {"time": [1_000], "minutes": [1]})

    assert ratios.by_member(facts, facts, ASAI, JANUARY, MEASURES).empty


def test_what_stands_beside_the_value():
    facts = monthly(
        JAN, {"minutes": [7, 7], "customers": [1, 1], "interruptions": [2, 3], "left_out": [4, 0]}
    )

    reading = ratios.total(facts, SAIDI, Period("range", JAN, FEB), MEASURES)

    assert (reading.excluded, reading.undecided, reading.events) == (4, None, 5)


def reading_all(value: float | None, is_partial: bool = False) -> Reading:
    return Reading("x", 1, value, None, None, is_partial=is_partial)


def test_percentages_change_in_percentage_points():
    change = ratios.change(ASAI, reading_all(98.0), reading_all(99.0))

    assert (change.absolute, change.relative, change.direction) == (-1.0, None, "worse")


def test_other_kpis_change_in_their_unit_and_as_a_share():
    change = ratios.change(SAIDI, reading_all(9.0), reading_all(10.0))

    assert (change.absolute, change.relative, change.direction) == (-1.0, -0.1, "better")


@pytest.mark.parametrize(
    ("now", "before", "why"),
    [
        (reading_all(None), reading_all(1.0), "missing"),
        (reading_all(1.0, True), reading_all(1.0), "partial"),
        (reading_all(1.0), reading_all(1.0, True), "partial"),
    ],
)
def test_incomplete_months_are_never_compared(now, before, why):
    assert ratios.change(SAIDI, now, before).missing == why


def test_nothing_read_is_missing_everywhere():
    nothing = frame([])

    assert ratios.total(nothing, SAIDI, JANUARY, MEASURES, 1).missing == "not_covered:outages"
    assert ratios.by_month(nothing, SAIDI, [JAN], MEASURES, 1)["missing"].tolist() == ["not_covered:outages"]


counts = st.integers(min_value=0, max_value=10**9)


@given(
    st.lists(st.tuples(counts, counts), min_size=1, max_size=8),
    st.lists(st.integers(min_value=0, max_value=3), min_size=8, max_size=8),
)
@settings(max_examples=80, deadline=None)
def test_rolling_up_in_any_grouping_gives_the_same_value(units, group_of):
    """Units -> groups -> all equals units -> all, to the last digit: integers are added, then divided."""
    at_once = monthly(
        JAN, {"minutes": [sum(a for a, _ in units)], "interruptions": [sum(b for _, b in units)]}
    )
    groups = {}
    for (minutes, interruptions), group in zip(units, group_of, strict=False):
        held = groups.get(group, (0, 0))
        groups[group] = (held[0] + minutes, held[1] + interruptions)
    in_steps = monthly(
        JAN,
        {
            "minutes": [sum(a for a, _ in groups.values())],
            "interruptions": [sum(b for _, b in groups.values())],
        },
    )

    one = ratios.total(at_once, CAIDI, period("month", JAN), MEASURES)
    other = ratios.total(in_steps, CAIDI, period("month", JAN), MEASURES)

    assert one == other
