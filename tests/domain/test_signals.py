"""Signals on XmR charts: the worked example, each rule, what is judged, and a naive judge beside ours."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import ratios, rule_sets, signals
from domain.periods import add_months
from domain.xmr import Baseline, baseline_of
from tests.figures import kpi, little_catalogue, monthly

CATALOGUE = little_catalogue()
RULES = rule_sets.first_version("signals").body
COUNT, SEASONAL, CEMI, ASAI = map(kpi, ("count", "saidi_seasonal", "cemi", "asai"))
START = date(2022, 1, 1)
EXAMPLE = [50, 52, 49, 53, 51, 50, 54, 52, 49, 51, 50]


def months(count: int) -> list[date]:
    return [add_months(START, place) for place in range(count)]


def judged(values, baseline=None, rules=RULES, one=COUNT):
    facts = monthly(START, {"interruptions": values})
    return signals.judge(facts, one, CATALOGUE, rules, baseline)


def test_worked_example_of_limits():
    """50 52 49 53 51 50 54 52 49 51 50: mean 51.0, mean range 2.4, limits 57.384 and 44.616."""
    baseline = baseline_of(months(11), EXAMPLE)

    judgement = judged([*EXAMPLE, 62], baseline, dict(RULES) | {"baseline_at_least": 6})

    assert (baseline.centre, baseline.mean_range) == (51.0, 2.4)
    assert (judgement.upper, judgement.lower) == (pytest.approx(57.384), pytest.approx(44.616))
    assert (judgement.icon, judgement.rule, judgement.side) == ("worse", "outside", "above")
    assert judgement.values == {"value": 62.0, "limit": pytest.approx(57.384)}
    assert judgement.since == add_months(START, 11)


def test_a_wild_range_stays_in_the_mean_range():
    """QI Macros publishes 11.14 with a range of 46.50 among 25 of 9.73 on average, and removes it as being
    above 3.5 x the mean; wheeler-v1 keeps it, so one wild month widens the limits."""
    values = [0.0]
    for range_ in [*[9.73] * 25, 46.50]:
        values.append(range_ if values[-1] == 0 else values[-1] - range_)

    assert baseline_of(months(27), values).mean_range == pytest.approx(11.14, abs=0.01)


FLAT = [50, 52] * 12  # mean 51, mean range 2, limits 45.68 and 56.32


def test_eight_in_a_row_on_one_side_are_a_signal_and_seven_are_none():
    seven, eight = judged([*FLAT, *[50] * 7]), judged([*FLAT, *[50] * 8])

    assert seven.icon == "none"
    assert (eight.icon, eight.rule, eight.values) == ("better", "run", {"length": 8})
    assert eight.since == add_months(START, 24)
    assert [point.rule for point in eight.points[-9:]] == ["", *["run"] * 8]


def test_a_value_on_the_centre_ends_a_run():
    assert judged([*FLAT, *[50] * 7, 51, *[50] * 7]).icon == "none"


def test_three_of_four_beyond_half_way_to_the_same_limit_are_a_signal():
    """Half-way is 51 + 2.66 = 53.66."""
    judgement = judged([*FLAT, 54, 50, 54, 54])

    assert (judgement.rule, judgement.icon, judgement.values) == (
        "near_limit",
        "worse",
        {"count": 3, "of": 4},
    )
    assert judgement.since == add_months(START, 24)
    assert [point.rule for point in judgement.points[-4:]] == ["near_limit", "", "near_limit", "near_limit"]


def test_two_on_each_side_are_no_signal():
    assert judged([*FLAT, 54, 48, 54, 48]).icon == "none"


def test_a_signal_that_is_over_stays_on_its_points_and_leaves_the_icon():
    judgement = judged([*FLAT, 70, 51])

    assert judgement.icon == "none"
    assert [point.rule for point in judgement.points[-2:]] == ["outside", ""]
    assert judgement.points[-2].direction == "worse"


def test_higher_is_better_where_the_catalogue_says_so():
    facts = monthly(START, {"time": [1_000_000] * 25, "minutes": [*[5_000, 5_200] * 12, 0]})

    judgement = signals.judge(facts, ASAI, CATALOGUE, dict(RULES) | {"min_events": 0})

    assert (judgement.icon, judgement.side) == ("better", "above")


def test_limits_are_clipped_to_the_possible_range():
    """A count cannot fall below 0, so there is no lower signal."""
    judgement = judged([5, 15] * 12 + [0])

    assert (judgement.lower, judgement.icon) == (0.0, "none")


def test_fewer_than_twelve_months_are_too_few():
    judgement = judged([50, 52] * 5)

    assert (judgement.too_few, judgement.values) == ("few_months", {"n": 10, "needed": 12})
    assert judgement.icon == "none"
    assert judgement.points[0].upper is None


def test_the_provisional_baseline_is_the_first_24_months_and_does_not_move():
    judgement = judged([*FLAT, *[80] * 12])

    assert (judgement.baseline.n, judgement.baseline.centre) == (24, 51.0)
    assert not judgement.baseline.is_stored


def test_a_stored_baseline_is_used_as_it_is():
    stored = Baseline(START, add_months(START, 23), 24, 100.0, 10.0, is_stored=True)

    judgement = judged(FLAT, stored)

    assert (judgement.upper, judgement.lower) == (pytest.approx(126.6), pytest.approx(73.4))
    assert (judgement.rule, judgement.side) == ("outside", "below")


def test_values_that_never_vary_have_no_limits():
    assert judged([50] * 24).too_few == "zero_range"


def test_fewer_than_five_events_a_month_are_too_few():
    judgement = judged([4, 5] * 12)

    assert (judgement.too_few, judgement.values) == ("few_events", {"events": 4.5, "needed": 5})


def test_a_month_that_is_not_over_is_never_judged():
    facts = ratios.facts(monthly(START, {"interruptions": [*FLAT, 500]}), add_months(START, 23))

    assert signals.judge(facts, COUNT, CATALOGUE, RULES).icon == "none"


def test_an_old_period_is_judged_by_what_was_known_then():
    facts = monthly(START, {"interruptions": [*FLAT, 500]})

    judgement = signals.judge(facts, COUNT, CATALOGUE, RULES, through=add_months(START, 23))

    assert (judgement.icon, len(judgement.points)) == ("none", 24)


SEASONS = [100, 120, 300, 500, 700, 900, 900, 700, 500, 300, 120, 100]


def test_seasonal_kpis_are_judged_by_the_difference_to_last_year():
    """Every summer is bad; only what is worse than last summer is a signal."""
    wobble = [0, 10] * 18
    minutes = [SEASONS[place % 12] + wobble[place] + (place // 12) * (place % 3) for place in range(36)]
    facts = monthly(START, {"minutes": minutes, "customers": [1] * 36})

    judgement = signals.judge(facts, SEASONAL, CATALOGUE, RULES)

    assert judgement.is_difference
    assert judgement.points[0].month == date(2023, 1, 1)
    assert judgement.icon == "none"
    july = next(point for point in judgement.points if point.month == date(2023, 7, 1))
    assert july.judged == july.value - (SEASONS[6] + wobble[6])
    assert july.centre == pytest.approx(SEASONS[6] + wobble[6] + judgement.baseline.centre)


def test_a_month_is_not_judged_by_one_of_last_year_that_is_not_whole():
    """April 2022 has ten days of data: its minutes say nothing about April 2023."""
    facts = monthly(START, {"minutes": SEASONS * 3, "customers": [1] * 36})
    short = (facts["measure"] == "covered:outages") & (facts["month"] == date(2022, 4, 1))
    facts.loc[short, "value"] = 10

    judgement = signals.judge(facts, SEASONAL, CATALOGUE, RULES)

    months_judged = [point.month for point in judgement.points]
    assert date(2023, 3, 1) in months_judged
    assert date(2023, 4, 1) not in months_judged
    assert date(2024, 4, 1) in months_judged


def test_as_of_kpis_are_judged_by_their_monthly_flow():
    """Whoever entered the list stays on it for a year, so its size overlaps; who enters does not."""
    facts = monthly(START, {"listed": [500] * 36, "entered": [*[6, 8] * 17, 7, 40], "areas": [1_000] * 36})

    judgement = signals.judge(facts, CEMI, CATALOGUE, RULES)

    assert (judgement.subject, judgement.is_flow) == ("entered", True)
    assert len(judgement.points) == 25  # the first eleven months lack a whole window
    assert (judgement.icon, judgement.rule) == ("worse", "outside")


def test_points_as_a_frame():
    frame = signals.points_frame(judged(FLAT))

    assert list(frame.columns) == [
        "month", "value", "judged", "centre", "lower", "upper", "rule", "direction",
    ]  # fmt: skip
    assert len(frame) == 24


def naive(values: list[int], centre: float, mean_range: float) -> str:
    """The rule that the last point completes, spelt out."""
    last, side = values[-1], 1 if values[-1] > centre else -1 if values[-1] < centre else 0
    upper, lower = centre + 2.66 * mean_range, max(0.0, centre - 2.66 * mean_range)
    if last > upper or last < lower:
        return "outside"
    if side and len(values) >= 8 and all((one - centre) * side > 0 for one in values[-8:]):
        return "run"
    beyond = [one for one in values[-4:] if (one - centre) * side > 2.66 * mean_range / 2]
    return "near_limit" if side and last in beyond and len(beyond) >= 3 else ""


@given(st.lists(st.integers(min_value=20, max_value=60), min_size=24, max_size=40))
@settings(max_examples=150, deadline=None)
def test_signals_agree_with_a_naive_judge(values):
    centre = sum(values[:24]) / 24
    mean_range = sum(abs(values[place + 1] - values[place]) for place in range(23)) / 23

    judgement = judged(values)

    if mean_range == 0:
        assert judgement.too_few == "zero_range"
        return
    expected = naive(values, centre, mean_range)
    assert judgement.rule == expected
    assert (judgement.icon == "none") == (expected == "")
