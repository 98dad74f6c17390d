"""The verdict on a rectification by hand: who is compared, what was to be expected, what is left out.

The world of the tests: 42 lines with known months 2024-01 to 2026-06. In 2024, before the list was made, 21
"bad" ones had 18 outages (one and a half a month) and 21 "good" ones 6. Line 0 is bad and treated, done on
2025-06-20. By moments the mean is 1 a month, the spread (126 - 41) / (504 - 12), so b = 492 / 85 months.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from domain.periods import months_between
from domain.proof import Treated, judge
from domain.proof_expectation import sequel_power
from domain.proof_windows import Panel
from domain.rule_sets import first_version

RULES = first_version("proof").body
FEW = {**RULES, "comparison": {**RULES["comparison"], "controls_at_least": 10}}
MONTHS = months_between(date(2024, 1, 1), date(2026, 6, 1))
BAD, GOOD = slice(0, 21), slice(21, 42)
IS_BAD = np.arange(42) < 21
B = 492 / 85
EXPECTED_OF_BAD = 12 * (B + 18) / (B + 12)  # 16.05, were nothing else to change
WORKS = slice(12, 18)


def spread(yearly, months=12):
    """So many outages a year, evenly over the months."""
    return np.full(months, yearly / 12)


def world(bad_after=8.0, good_after=8.0, own_after=8.0, months=30):
    outages = np.zeros((42, 30))
    outages[BAD, :12], outages[GOOD, :12] = spread(18), spread(6)
    outages[BAD, 18:], outages[GOOD, 18:] = spread(bad_after), spread(good_after)
    outages[0, 18:] = spread(own_after)
    outages[0, WORKS] = 50  # while the works last: no part of either window
    in_works = np.zeros((42, 30), dtype=bool)
    in_works[0, WORKS] = True
    amounts = {"outages": outages, "customers": 100 * outages, "customer_s": 360_000 * outages}
    kept = {name: one[:, :months] for name, one in amounts.items()}
    return Panel(MONTHS[:months], kept, np.zeros(42, int), np.arange(42), in_works[:, :months])


def item(row=0, met=IS_BAD, done_on=date(2025, 6, 20)):
    return Treated(row, MONTHS[0], MONTHS[11], done_on, met)


def judged(panel, items=None, outcome="outages", rules=RULES):
    return judge(panel, items or [item()], outcome, rules)


def test_expected_is_what_controls_with_the_same_count_had():
    """Twenty of the list with the same 18 had 8 each with nothing done: whatever good ones had."""
    found = judged(world(bad_after=8, good_after=6, own_after=8))

    assert (found.basis, found.compared) == ("controls", 20)
    assert found.expected == pytest.approx(8)
    assert found.change == pytest.approx(8 / EXPECTED_OF_BAD)
    assert (found.before, found.after, found.months_after) == (pytest.approx(18), pytest.approx(8), 12)
    assert (found.verdict, found.stage) == ("no_evidence", "final")
    assert found.lower < 1 < found.upper
    assert found.ratio == pytest.approx(1)
    assert (found.after_from, found.after_to) == (date(2025, 7, 1), date(2026, 6, 1))


def test_the_sentence_has_its_numbers():
    """12 months after the works 2 outages, 8 expected; 2 certain ones would be 0.242 to 7.225 over 8."""
    found = judged(world(bad_after=8, own_after=2))

    assert (found.after, found.expected) == (pytest.approx(2), pytest.approx(8))
    assert found.ratio == pytest.approx(0.25)
    assert found.avoided == pytest.approx(6)
    assert found.lower == pytest.approx(0.03, abs=0.01)
    assert 7.225 / 8 < found.upper < 1.2  # wider than Garwood's, for the expectation is an estimate
    assert found.verdict == "no_evidence"


def test_few_controls_give_way_to_all_untreated_peers():
    """Nineteen of the list are too few: change is then that of all 41, (20 x 16 + 21 x 8) over their own."""
    met = IS_BAD.copy()
    met[20] = False
    found = judged(world(bad_after=16, good_after=8), [item(met=met)])

    of_good = 12 * (B + 6) / (B + 12)
    assert (found.basis, found.compared) == ("peers", 41)
    assert found.change == pytest.approx((20 * 16 + 21 * 8) / (20 * EXPECTED_OF_BAD + 21 * of_good))
    # By what followed exactly the 16 of those like it; by the spread what a and b say.
    assert found.expected == pytest.approx((16 + EXPECTED_OF_BAD * found.change) / 2)


def test_controls_that_are_to_have_few_outages_give_way_too():
    rules = {**RULES, "comparison": {**RULES["comparison"], "control_outages_at_least": 10_000}}

    assert judged(world(), rules=rules).basis == "peers"


def test_with_few_peers_nothing_is_expected():
    """Then it is no evidence, with the reason, and never a comparison with its own bad year."""
    panel = world(own_after=0)
    panel = replace(panel, peer_group=np.where(np.arange(42) < 19, 0, 1))
    found = judged(panel)

    assert (found.verdict, found.reason) == ("no_evidence", "few_peers")
    assert (found.expected, found.ratio, found.upper) == (None, None, None)
    assert (found.before, found.after) == (pytest.approx(18), 0)
    assert (found.items, found.items_without_expectation) == (0, 1)


def test_where_nobody_had_an_outage_nothing_is_judged():
    found = judged(world(bad_after=0, good_after=0, own_after=0))

    assert (found.verdict, found.reason) == ("no_evidence", "few_outages")


def test_where_no_outage_before_had_customers_nothing_is_judged_of_them():
    panel = world()
    panel.amounts["customers"][:, :12] = 0

    assert judged(panel, outcome="customers").reason == "few_outages"
    assert judged(panel).reason == ""


def test_before_three_months_it_is_too_early_and_then_provisional():
    early, provisional = judged(world(months=20)), judged(world(months=21))

    assert (early.verdict, early.stage, early.reason) == ("too_early", "too_early", "few_months")
    assert (early.months_after, early.after, early.expected) == (2, pytest.approx(8 / 6), None)
    assert (provisional.stage, provisional.months_after) == ("provisional", 3)
    assert provisional.expected == pytest.approx(2)
    assert provisional.before_same_season == pytest.approx(18 / 4)


def test_a_month_that_is_not_known_is_in_no_sum():
    """Eleven months of controls and item; the twelfth is missing, not 0."""
    panel = world(bad_after=12, own_after=12)
    panel.amounts["outages"][:, 29] = np.nan
    found = judged(panel)

    assert (found.months_after, found.stage) == (11, "provisional")
    assert (found.after, found.expected) == (pytest.approx(11), pytest.approx(11))


def test_customers_that_nobody_reported_are_not_taken_for_none():
    """Eight lines to whom nothing was done, customers unreported in ten of the twelve months: were these 0,
    100 x 8 x 8 = 6400 would have become a sixth of it, and effective."""
    panel = world(bad_after=8)
    items = [item(row) for row in range(8)]
    panel = replace(panel, in_works=np.zeros((42, 30), dtype=bool))
    panel.in_works[:8, WORKS] = True
    for name in ("customers", "customer_s"):
        panel.amounts[name][:8, 18:28] = np.nan
    early, events = judged(panel, items, "customers", FEW), judged(panel, items, rules=FEW)

    assert (early.verdict, early.reason, early.months_after) == ("too_early", "few_months", 16)
    assert (events.stage, events.months_after) == ("final", 96)

    panel.amounts["customers"][:8, 18:24] = spread(800)[:6]
    found = judged(panel, items, "customers", FEW)
    assert (found.stage, found.months_after) == ("provisional", 64)
    assert (found.after, found.expected) == (pytest.approx(6400 * 2 / 3), pytest.approx(6400 * 2 / 3))
    assert found.verdict == "no_evidence"


def test_a_control_whose_customers_are_not_reported_counts_for_its_other_months():
    """One unknown month of one control: no number is lost; its other eleven and 19 others say 8 still."""
    panel = world(own_after=8)
    panel.amounts["customers"][1, 20] = np.nan
    found = judged(panel, outcome="customers")

    assert (found.compared, found.reason) == (20, "")
    assert (found.expected, found.ratio) == (pytest.approx(800), pytest.approx(1))


def test_outages_whose_customers_are_unknown_make_no_outage_smaller():
    """Half the year before has no customers for anybody: an outage still is one of 100."""
    panel = world(own_after=8)
    panel.amounts["customers"][:, :6] = np.nan
    found = judged(panel, outcome="customers")

    assert (found.before, found.expected) == (pytest.approx(900), pytest.approx(800))
    assert found.change == pytest.approx(judged(panel).change)


def test_later_works_on_the_same_line_end_its_window():
    """What they do is no merit, and no fault, of this one."""
    panel = world()
    panel.in_works[0, 24] = True
    found = judged(panel)

    assert (found.months_after, found.after_to) == (6, date(2025, 12, 1))


def test_a_control_that_is_taken_up_itself_counts_until_then():
    """Its bad months are in; without them the others would seem to have been better."""
    panel = world(bad_after=8)
    panel.amounts["outages"][1, 18:24] = 4  # 24 in half a year, then works
    panel.in_works[1, 24:] = True
    found = judged(panel)

    assert found.compared == 20
    assert found.change == pytest.approx((19 * 8 + 24) / (19.5 * EXPECTED_OF_BAD))


def test_many_are_summed_and_divided_last():
    """Two done at different times: 12 months against 8, and 6 against 4 expected; not the mean of ratios."""
    panel = world(bad_after=8)
    panel.in_works[1, 12:24] = True
    panel.amounts["outages"][1, 18:] = 2
    items = [item(0), item(1, done_on=date(2025, 12, 5))]
    found = judged(panel, items, rules=FEW)

    assert (found.items, found.months_after, found.stage) == (2, 18, "provisional")
    assert (found.after, found.expected) == (pytest.approx(8 + 12), pytest.approx(8 + 4))
    assert found.ratio == pytest.approx(20 / 12)


def test_those_too_early_are_left_out_and_counted():
    found = judged(world(), [item(0), item(1, done_on=date(2026, 5, 5))], rules=FEW)

    assert (found.items, found.items_too_early, found.after) == (1, 1, pytest.approx(8))


def test_many_prove_what_one_cannot():
    """Ten with 2 instead of 8 each: each alone no evidence, together effective; with 16 each, worse."""
    panel = replace(world(bad_after=8), in_works=np.zeros((42, 30), dtype=bool))
    panel.in_works[:10, WORKS] = True
    verdicts = []
    for own_after in (2, 8, 16):
        panel.amounts["outages"][:10, 18:] = spread(own_after)
        verdicts.append(judged(panel, [item(row) for row in range(10)], rules=FEW).verdict)
        assert judged(panel, [item(3)], rules=FEW).verdict == "no_evidence"

    assert verdicts == ["effective", "no_evidence", "worse"]


def test_controls_that_serve_many_are_no_surer_for_it():
    """Ten items lean on the same eleven controls: the part of the interval that comes from them stays."""
    panel = replace(world(bad_after=8), in_works=np.zeros((42, 30), dtype=bool))
    panel.in_works[:10, WORKS] = True
    one = judged(panel, [item(0)], rules=FEW)
    ten = judged(panel, [item(row) for row in range(10)], rules=FEW)

    assert ten.expected == pytest.approx(10 * one.expected)
    assert ten.expected_sd > 10**0.5 * one.expected_sd


def test_customers_that_go_out_together_count_as_one_event():
    """All outages have 100 customers: the ratio and its limits are those of outages."""
    events, customers = judged(world(own_after=2)), judged(world(own_after=2), outcome="customers")

    assert customers.expected == pytest.approx(100 * events.expected)
    assert (customers.lower, customers.upper) == (pytest.approx(events.lower), pytest.approx(events.upper))


def test_areas_of_one_line_are_no_ten_witnesses():
    """Peers scatter line by line: those who go out together, five areas a line, make the interval wider."""
    panel = world()
    panel.amounts["outages"][1:21, 18:] += np.repeat([3, 0, 3, 0], 5)[:, None] - 0.6
    together = replace(panel, cluster=np.r_[0, 1 + np.arange(41) // 5])

    assert judged(together).expected == pytest.approx(judged(panel).expected)
    assert judged(together).expected_sd > judged(panel).expected_sd


def test_the_power_is_one_where_rates_last_and_nought_where_all_become_alike():
    rate, months = np.repeat([0.5, 2.0], 10), np.full(20, 12)

    assert sequel_power(rate, 12 * rate, months)[0] == pytest.approx(1)
    assert sequel_power(rate, np.full(20, 9.0), months)[0] == pytest.approx(0, abs=1e-6)
    assert sequel_power(rate, 12 * rate**0.5, months)[0] == pytest.approx(0.5)
    assert sequel_power(np.ones(20), np.arange(20.0), months)[0] == 1  # all alike: any power says the same


def test_the_order_of_objects_does_not_matter():
    """Rows of another city lie between: they are nobody's peers, whatever they had."""
    outages = np.vstack([world(own_after=2).amounts["outages"], np.full((5, 30), 40.0)])
    order = np.random.default_rng(1).permutation(47)
    at = int(np.flatnonzero(order == 0)[0])
    works = np.vstack([world().in_works, np.zeros((5, 30), dtype=bool)])
    groups = np.r_[np.zeros(42, int), np.ones(5, int)]
    mixed = Panel(
        MONTHS,
        {"outages": outages[order], "customers": outages[order], "customer_s": outages[order]},
        groups[order],
        np.arange(47)[order],
        works[order],
    )
    met = np.r_[IS_BAD, np.ones(5, dtype=bool)][order]
    found, plain = judged(mixed, [item(at, met)]), judged(world(own_after=2))

    assert (found.compared, found.verdict) == (20, plain.verdict)
    assert (found.expected, found.lower, found.upper) == pytest.approx(
        (plain.expected, plain.lower, plain.upper)
    )
