"""A change split over units and causes: the parts sum to it exactly, whatever came, went or moved."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import contribution, ratios
from domain.contribution import DIRECT
from domain.periods import Period
from tests.figures import covered, frame, kpi, little_catalogue, monthly

MEASURES = little_catalogue().measures
CAIDI, SAIDI, COUNT, ASAI = map(kpi, ("caidi", "saidi", "count", "asai"))
JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
BEFORE, NOW = Period("month", JAN, JAN), Period("month", FEB, FEB)
PARENT = 100


def tree(one, units, direct=((0, 0), (0, 0))):
    """Facts of a parent and its units from ((n, D) in January, (n, D) in February) of each."""
    names = ("minutes", "customers" if one is SAIDI else "interruptions")
    parts = []
    sums = np.array(direct)
    for unit, sides in units.items():
        sums = sums + np.array(sides)
        parts.append((unit, sides))
    parts.append((PARENT, sums.tolist()))
    rows = [
        (unit, name, month, int(sides[place][side]))
        for unit, sides in parts
        for place, month in enumerate((JAN, FEB))
        for side, name in enumerate(names)
    ]
    return ratios.facts(frame([*rows, *covered([*units, PARENT], JAN, FEB)]))


def split(one, units, direct=((0, 0), (0, 0))):
    facts = tree(one, units, direct)
    return contribution.by_unit(facts, one, NOW, BEFORE, MEASURES, PARENT, list(units))


def test_a_pure_change_of_rate():
    """Two units of equal weight, one goes from 10 to 20: the whole moves by 5, all of it rate."""
    result = split(CAIDI, {1: ((100, 10), (200, 10)), 2: ((100, 10), (100, 10))})

    rows = result.rows.set_index("org_unit_id")
    assert result.change == 5.0
    assert rows.loc[1, "rate_part"] == 5.0
    assert rows["mix_part"].tolist() == [0.0, 0.0]


def test_a_pure_change_of_mix():
    """Rates stay at 10 and 30, weight moves from the good to the bad unit: 20 becomes 25, all of it mix."""
    result = split(CAIDI, {1: ((100, 10), (50, 5)), 2: ((300, 10), (450, 15))})

    assert result.change == 5.0
    assert result.rows["rate_part"].tolist() == [0.0, 0.0]
    assert result.rows["mix_part"].sum() == pytest.approx(5.0)


def test_a_change_of_both_is_split_by_the_means_of_the_two_periods():
    """Ratios 10 -> 20 and 30 -> 40, weights 1/2 -> 3/4 and 1/2 -> 1/4, the whole 20 -> 25, on the mean 22.5.

    Rate: 5/8 x 10 and 3/8 x 10. Mix: (15 - 22.5) x 1/4 and (35 - 22.5) x -1/4.
    """
    result = split(CAIDI, {1: ((100, 10), (300, 15)), 2: ((300, 10), (200, 5))})

    rows = result.rows.set_index("org_unit_id")
    assert result.change == 5.0
    assert rows.loc[[1, 2], ["rate_part", "mix_part"]].to_numpy().tolist() == [[6.25, -1.875], [3.75, -3.125]]


def test_a_unit_that_was_absent_has_the_other_periods_ratio_and_no_rate_part():
    result = split(CAIDI, {1: ((100, 10), (100, 10)), 2: ((0, 0), (300, 10))})

    new = result.rows.set_index("org_unit_id").loc[2]
    assert np.isnan(new["value_before"])
    assert (new["weight_before"], new["rate_part"]) == (0.0, 0.0)
    assert result.rows["part"].sum() == pytest.approx(result.change) == pytest.approx(10.0)


def test_facts_booked_on_the_parent_are_a_row_of_their_own():
    result = split(CAIDI, {1: ((100, 10), (100, 10))}, direct=((0, 0), (60, 2)))

    assert DIRECT in result.rows["org_unit_id"].tolist()
    assert result.rows["part"].sum() == pytest.approx(result.change)


def test_there_is_no_direct_row_where_nothing_is_booked_on_the_parent():
    assert DIRECT not in split(CAIDI, {1: ((100, 10), (100, 10))}).rows["org_unit_id"].tolist()


def test_outages_of_a_unit_without_customers_of_its_own_stand_in_the_rate_part():
    """The county books an outage on itself while all customers belong to its stations."""
    result = split(SAIDI, {1: ((100, 50), (100, 50))}, direct=((0, 0), (200, 0)))

    direct = result.rows.set_index("org_unit_id").loc[DIRECT]
    assert (direct["rate_part"], direct["mix_part"]) == (4.0, 0.0)
    assert result.change == 4.0


def test_a_count_has_no_mix():
    units = {1: ((0, 10), (0, 30)), 2: ((0, 5), (0, 5))}
    facts = tree(CAIDI, units)

    result = contribution.by_unit(facts, COUNT, NOW, BEFORE, MEASURES, PARENT, [1, 2])

    assert (result.change, result.rows["part"].tolist()) == (20, [20, 0])
    assert result.rows["mix_part"].tolist() == [0, 0]


def test_nothing_is_split_where_a_period_is_not_complete():
    facts = ratios.facts(monthly(JAN, {"minutes": [1, 2], "interruptions": [1, 1]}, unit=PARENT), JAN)

    result = contribution.by_unit(facts, CAIDI, NOW, BEFORE, MEASURES, PARENT, [])

    assert (result.missing, result.change, len(result.rows)) == ("partial", None, 0)


def test_causes_are_their_own_numerator_over_the_totals_denominator():
    """n1/D1 - n0/D0: tree 60/30 - 20/20 = 1, wind 0/30 - 40/20 = -2."""
    totals = ratios.facts(monthly(JAN, {"minutes": [60, 60], "interruptions": [20, 30]}))
    members = ratios.facts(
        frame(
            [
                (1, "minutes", "tree", JAN, 20),
                (1, "minutes", "wind", JAN, 40),
                (1, "minutes", "tree", FEB, 60),
                (1, "interruptions", "tree", FEB, 30),
            ]
        )
    )

    result = contribution.by_member(totals, members, CAIDI, NOW, BEFORE, MEASURES)

    assert result.rows["member"].tolist() == ["wind", "tree"]
    assert result.rows["part"].tolist() == [-2.0, 1.0]
    assert result.change == -1.0


def test_what_has_no_cause_stands_by_itself():
    totals = ratios.facts(monthly(JAN, {"minutes": [60, 90], "interruptions": [20, 30]}))
    members = ratios.facts(frame([(1, "minutes", "tree", JAN, 20), (1, "minutes", "tree", FEB, 30)]))

    result = contribution.by_member(totals, members, CAIDI, NOW, BEFORE, MEASURES)

    assert set(result.rows["member"]) == {"tree", ""}
    assert result.rows["part"].sum() == pytest.approx(result.change)


def most(one, units, limit=2):
    return contribution.top(split(one, units), one, limit)["org_unit_id"].tolist()


def test_what_makes_a_rise_are_the_units_that_rose_most():
    assert most(CAIDI, {1: ((100, 10), (200, 10)), 2: ((100, 10), (90, 10)), 3: ((100, 10), (400, 10))}) == [
        3,
        1,
    ]


def test_what_makes_a_fall_are_the_units_that_fell():
    """A unit that rose against the whole contradicts the change that it stands beside."""
    assert most(CAIDI, {1: ((100, 10), (200, 10)), 2: ((900, 10), (100, 10)), 3: ((100, 10), (90, 10))}) == [
        2,
        3,
    ]


def test_nobody_is_named_for_a_part_that_is_shown_as_zero():
    one_decimal = replace(CAIDI, decimals=1)
    units = {1: ((100, 10), (200, 10)), 2: ((10_000, 1_000), (10_001, 1_000))}

    assert most(one_decimal, units) == [1]
    assert most(one_decimal, {1: ((100_000, 10_000), (100_001, 10_000))}) == []


def test_a_unit_is_not_named_for_its_weight_alone():
    """Unit 2 has no minutes at all; as its interruptions dwindle the mean rises, which is not its doing."""
    assert most(CAIDI, {1: ((100, 10), (200, 10)), 2: ((0, 90), (0, 10))}) == [1]


count = st.integers(min_value=0, max_value=10**7)
sides = st.tuples(st.tuples(count, st.integers(0, 10**5)), st.tuples(count, st.integers(0, 10**5)))


@given(st.lists(st.one_of(sides, st.just(((0, 0), (0, 0)))), min_size=1, max_size=7), sides)
@settings(max_examples=200, deadline=None)
def test_parts_sum_to_the_change_exactly(units, direct):
    """Whichever units come, go or move weight, and whatever is booked on the parent itself."""
    named = dict(enumerate(units, start=1))
    result = split(CAIDI, named, direct)

    if result.missing:
        whole = np.array(direct) + np.sum([np.array(one) for one in units], axis=0)
        assert 0 in whole[:, 1].tolist()
        return
    scale = max(abs(result.rows[["rate_part", "mix_part"]].to_numpy()).max(), abs(result.change), 1e-12)
    assert abs(result.rows["part"].sum() - result.change) <= 1e-9 * scale
    total = result.rows["rate_part"] + result.rows["mix_part"]
    assert pd.Series(total - result.rows["part"]).abs().max() <= 1e-9 * scale
