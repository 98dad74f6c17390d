"""Figures that others published: GridLAB-D, PGVCL, and EIA's table 11.1."""

from datetime import date

import pytest

from domain import ratios
from domain.periods import Period
from tests.figures import kpi, little_catalogue, monthly

MEASURES = little_catalogue().measures
SAIDI, SAIDI_LAST, CAIDI = map(kpi, ("saidi", "saidi_last", "caidi"))
JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
JANUARY, QUARTER = Period("month", JAN, JAN), Period("quarter", JAN, MAR)

# GridLAB-D autotest: 26 customers; (customers, minutes) of the sustained events of one day.
GRIDLAB = [(4, 7 * 60), (7, 9 * 60 + 4), (3, 15 * 60), (4, 9 * 60 + 4)]
GRIDLAB_SAIFI = [0.153846, 0.423077, 0.538462, 0.692308]
GRIDLAB_SAIDI_H = [0.0179487, 0.0586325, 0.0874786, 0.110726]
GRIDLAB_CAIDI_H = [0.116667, 0.138586, 0.16246, 0.159938]


@pytest.mark.parametrize("events", [1, 2, 3, 4])
def test_indices_agree_with_gridlab_d_to_its_six_digits(events):
    interrupted = sum(customers for customers, _ in GRIDLAB[:events])
    seconds = sum(customers * duration for customers, duration in GRIDLAB[:events])
    day = monthly(JAN, {"minutes": [seconds], "interruptions": [interrupted], "customers": [26]})

    saidi = ratios.total(day, SAIDI, JANUARY, MEASURES).value / 3600
    caidi = ratios.total(day, CAIDI, JANUARY, MEASURES).value / 3600
    saifi = interrupted / 26

    assert saifi == pytest.approx(GRIDLAB_SAIFI[events - 1], abs=1e-6)
    assert saidi == pytest.approx(GRIDLAB_SAIDI_H[events - 1], abs=1e-6)
    assert caidi == pytest.approx(GRIDLAB_CAIDI_H[events - 1], abs=1e-6)


def test_intervals_add_up_to_the_whole():
    """Four intervals of GridLAB-D, as months: their sum is the SAIFI of all."""
    intervals = monthly(
        JAN, {"minutes": [customers for customers, _ in GRIDLAB], "customers": [26, 26, 26, 26]}
    )
    months = [date(2026, month, 1) for month in (1, 2, 3, 4)]

    values = ratios.by_month(intervals, SAIDI, months, MEASURES)["value"]
    whole = ratios.total(intervals, SAIDI, Period("range", JAN, months[-1]), MEASURES).value

    assert values.tolist() == pytest.approx([0.153846, 0.269231, 0.115385, 0.153846], abs=1e-6)
    assert values.sum() == pytest.approx(whole) == pytest.approx(0.692308, abs=1e-6)


PGVCL = [
    ([10_414_534, 12_818_557, 26_912_511], [1_184_741, 1_184_722, 1_187_844], [8.79, 10.82, 22.66], 42.22),
    ([185_350, 204_913, 316_673], [98_137, 98_272, 98_388], [1.89, 2.09, 3.22], 7.19),
]


@pytest.mark.parametrize(("interruptions", "customers", "of_months", "of_quarter"), PGVCL)
def test_pgvcl_quarter_divides_by_the_last_month(interruptions, customers, of_months, of_quarter):
    """Published: sum of interruptions over the last month's customers, not the mean of months."""
    facts = monthly(JAN, {"minutes": interruptions, "customers": customers})

    months = ratios.by_month(facts, SAIDI_LAST, [JAN, FEB, MAR], MEASURES)["value"]
    quarter = ratios.total(facts, SAIDI_LAST, QUARTER, MEASURES)

    assert [round(value, 2) for value in months] == of_months
    assert round(quarter.value, 2) == of_quarter
    assert (quarter.numerator, quarter.denominator) == (sum(interruptions), customers[-1])


def test_pgvcl_hours_and_minutes_are_only_their_print():
    """Customer-days over customers, truncated to minutes: 14:56, 21:13, 56:33, quarter 92:37."""
    days = [73_775_247, 104_735_350, 279_944_375]  # hundredths of a day
    facts = monthly(JAN, {"minutes": days, "customers": PGVCL[0][1]})

    values = [
        *ratios.by_month(facts, SAIDI_LAST, [JAN, FEB, MAR], MEASURES)["value"],
        ratios.total(facts, SAIDI_LAST, QUARTER, MEASURES).value,
    ]

    minutes = [int(value / 100 * 24 * 60) for value in values]
    assert [f"{one // 60}:{one % 60:02}" for one in minutes] == ["14:56", "21:13", "56:33", "92:37"]


def test_with_the_mean_stock_the_quarter_would_be_another_number():
    facts = monthly(JAN, {"minutes": PGVCL[0][0], "customers": PGVCL[0][1]})

    assert round(ratios.total(facts, SAIDI, QUARTER, MEASURES).value, 2) == 42.29


# EIA table 11.1, IEEE method: SAIDI, SAIFI, CAIDI with | without major event days.
EIA = [
    (236.2, 1.257, 188), (114.2, 1.038, 110), (209, 1.275, 163.9), (117, 1.073, 109.1),
    (268.4, 1.327, 202.2), (119.8, 1.082, 110.7), (505.9, 1.42, 356.2), (117, 1.023, 114.3),
    (349.2, 1.34, 260.5), (121.4, 1.051, 115.5), (295.5, 1.332, 221.8), (122.2, 1.04, 117.5),
    (456.1, 1.385, 329.3), (116, 1.013, 114.5), (475.8, 1.436, 331.2), (125.7, 1.039, 120.9),
    (333, 1.426, 233.5), (131.1, 1.09, 120.2), (366.6, 1.348, 271.8), (123.9, 1.022, 121.3),
]  # fmt: skip


@pytest.mark.parametrize(("saidi", "saifi", "caidi"), EIA)
def test_caidi_is_saidi_over_saifi(saidi, saifi, caidi):
    """Within what the published roundings allow."""
    customers = 100_000
    facts = monthly(
        JAN,
        {
            "minutes": [round(saidi * customers)],
            "interruptions": [round(saifi * customers)],
            "customers": [customers],
        },
    )

    value = ratios.total(facts, CAIDI, JANUARY, MEASURES).value

    rounding = caidi * (0.05 / saidi + 0.0005 / saifi) + 0.5 * (caidi == int(caidi)) + 0.05
    assert value == pytest.approx(caidi, abs=max(0.2, rounding))
