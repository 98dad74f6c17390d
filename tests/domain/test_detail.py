"""Glue between facts and what cards and the detail page show; the numbers are doable in the head."""

from datetime import date

import pandas as pd
import pytest

from domain import detail, overview, ratios, signals
from domain.facts import facts
from domain.kpis import catalogue, parse
from domain.periods import period
from domain.rule_sets import first_version
from tests import figures

LITTLE = figures.little_catalogue()
SIGNALS = first_version("signals").body
OCTOBER, LAST_OCTOBER = period("month", date(2026, 10, 1)), period("month", date(2025, 10, 1))


def _facts(units: dict[int, dict[str, int]], months: tuple[date, ...] = (OCTOBER.last,)):
    rows = [
        (unit, measure, month, value)
        for unit, values in units.items()
        for measure, value in values.items()
        for month in months
    ]
    return facts(figures.frame([*rows, *figures.covered(units, months[0], months[-1])]))


def test_cards_follow_the_catalogues_order_and_are_at_most_eight():
    places = [one.card for one in overview.card_kpis(catalogue())]

    assert places == sorted(places)
    assert len(places) <= 8


def test_no_kpi_stands_on_the_list_beside_its_twin():
    """SAIDI, the same without major event days and the same of MV users would be three lines of one thing."""
    watched = {one.id for one in overview.watched_kpis(catalogue())}

    assert "saidi" in watched
    assert not {"saidi_no_med", "saidi_mv", "saidi_mv_no_med"} & watched


def test_units_are_ranked_worst_first_and_missing_ones_last():
    """Lower is better: 30 min before 10 min; the unit without customers has no place."""
    found = _facts(
        {2: {"minutes": 100, "customers": 10}, 3: {"minutes": 300, "customers": 10}, 4: {"minutes": 5}}
    )
    ranked = detail.ranking(found, LITTLE.kpis["saidi"], LITTLE, OCTOBER, OCTOBER, [2, 3, 4])

    assert list(ranked["org_unit_id"]) == [3, 2, 4]
    assert list(ranked["value"])[:2] == [30, 10]
    assert ranked["missing"].iloc[2] == "zero_denominator"
    assert pd.isna(ranked["place"].iloc[2])


def test_where_higher_is_better_the_lowest_is_the_worst():
    found = _facts({2: {"minutes": 10, "time": 100}, 3: {"minutes": 1, "time": 100}})
    ranked = detail.ranking(found, LITTLE.kpis["asai"], LITTLE, OCTOBER, OCTOBER, [2, 3])

    assert list(ranked["value"]) == [90, 99]


def test_wilsons_interval_is_only_for_shares_of_events():
    """A customer-minute is not a trial: availability and shares of minutes have no such interval."""
    kpis, measures = catalogue().kpis, catalogue().measures

    assert detail.is_share_of_events(kpis["promise_kept_last"], measures)
    assert detail.is_share_of_events(kpis["promise_kept_last_no_med"], measures)
    assert not detail.is_share_of_events(kpis["fault_share"], measures)
    assert not detail.is_share_of_events(kpis["saidi"], measures)


def test_the_trend_keeps_months_apart_that_are_not_over():
    """A month after the last complete one has a value, but nothing that limits judge."""
    frame = figures.monthly(date(2026, 9, 1), {"minutes": [100, 50], "customers": [10, 10]})
    found = facts(frame, last_complete=date(2026, 9, 1))
    judged = signals.judge(found, LITTLE.kpis["saidi"], LITTLE, SIGNALS, None, 1, date(2026, 9, 1))
    trend = detail.trend(found, LITTLE.kpis["saidi"], LITTLE, judged, 1, date(2026, 9, 1), date(2026, 10, 1))

    assert list(trend["value"]) == [10, 5]
    assert trend["judged"].iloc[0] == 10
    assert pd.isna(trend["judged"].iloc[1])


def test_last_years_line_is_the_same_month_a_year_before():
    frame = figures.monthly(
        date(2025, 10, 1), {"minutes": [10 * n for n in range(1, 14)], "customers": [10] * 13}
    )
    found = facts(frame, last_complete=date(2026, 10, 1))
    judged = signals.judge(found, LITTLE.kpis["saidi"], LITTLE, SIGNALS, None, 1, date(2026, 10, 1))
    trend = detail.trend(found, LITTLE.kpis["saidi"], LITTLE, judged, 1, date(2026, 10, 1), date(2026, 10, 1))

    assert (trend["value"].iloc[0], trend["last_year"].iloc[0]) == (13, 1)


def test_a_flow_of_which_no_month_is_known_has_no_rows_and_all_columns():
    judged = signals.Judgement("frequent_areas", 1, "frequent_areas_entered", False, True, (), None)

    found = detail.flow(judged, date(2026, 1, 1))

    assert len(found) == 0
    assert {"month", "value", "judged", "upper", "last_year"} <= set(found.columns)


def test_only_an_as_of_kpi_has_a_flow():
    frame = figures.monthly(date(2026, 1, 1), {"minutes": [1] * 10, "customers": [1] * 10})
    judged = signals.judge(facts(frame), LITTLE.kpis["saidi"], LITTLE, SIGNALS, None, 1, OCTOBER.last)

    assert detail.flow(judged, date(2026, 1, 1)) is None


def test_a_change_is_parted_by_every_dimension_that_the_kpi_is_kept_by():
    """10 customers; by cause tree +10 min and wind +10 min, by kind all 20 are planned."""
    known = parse(figures.CATALOGUE.replace('dimensions = ["cause"]', 'dimensions = ["cause", "kind"]'))
    months = (LAST_OCTOBER.last, OCTOBER.last)
    whole = figures.monthly(months[0], {"minutes": [100, *[0] * 11, 300], "customers": [10] * 13})
    rows = {
        "cause": [(1, "minutes", "tree", months[0], 100), (1, "minutes", "tree", months[1], 200),
                  (1, "minutes", "wind", months[1], 100)],
        "kind": [(1, "minutes", "fault", months[0], 100), (1, "minutes", "fault", months[1], 100),
                 (1, "minutes", "planned", months[1], 200)],
    }  # fmt: skip
    members = {name: facts(figures.frame(one)) for name, one in rows.items()}
    found, kpi = facts(whole, months[1]), known.kpis["saidi"]
    judged = overview.candidate(found, kpi, known, OCTOBER, 1, SIGNALS, {}, [], [1])
    card = overview.card(found, judged, known, OCTOBER, LAST_OCTOBER)

    parts = detail.made(
        card, found, members, kpi, known, OCTOBER, LAST_OCTOBER, OCTOBER.last, 1, ()
    ).by_member

    assert {name: one.missing for name, one in parts.items()} == {"cause": "", "kind": ""}
    shown = {
        name: dict(zip(one.rows["member"], one.rows["part"], strict=True)) for name, one in parts.items()
    }
    assert shown == {"cause": {"tree": 10, "wind": 10}, "kind": {"planned": 20, "fault": 0}}


@pytest.mark.parametrize(("name", "n"), [("saidi", 4), ("asai", 100)])
def test_n_is_the_events_or_the_denominator_of_a_share(name, n):
    found = _facts({1: {"minutes": 10, "time": 100, "customers": 5, "interruptions": 4}})
    reading = ratios.total(found, LITTLE.kpis[name], OCTOBER, LITTLE.measures, 1)

    assert overview.count_of(LITTLE.kpis[name], reading) == n


def test_no_n_is_said_where_the_events_count_at_another_unit():
    """A grid has the minutes of an outage that counts at its station: not n=0, and not too few events."""
    units = {1: {"minutes": 10, "customers": 5}, 2: {"minutes": 0, "customers": 5}}
    found = _facts(units)
    saidi = LITTLE.kpis["saidi"]
    readings = [ratios.total(found, saidi, OCTOBER, LITTLE.measures, unit) for unit in units]

    assert [overview.count_of(saidi, one) for one in readings] == [None, 0]
    ranked = detail.ranking(found, saidi, LITTLE, OCTOBER, OCTOBER, [1, 2]).set_index("org_unit_id")
    assert pd.isna(ranked.loc[1, "n"])
    assert ranked.loc[2, "n"] == 0


def test_events_that_count_at_another_unit_are_not_too_few():
    minutes = [10 * (1 + n % 3) for n in range(24)]
    frame = figures.monthly(date(2024, 11, 1), {"minutes": minutes, "customers": [10] * 24})
    judged = signals.judge(facts(frame), LITTLE.kpis["saidi"], LITTLE, SIGNALS, None, 1, OCTOBER.last)

    assert judged.too_few == ""


def test_a_card_compares_with_the_period_that_was_asked_for():
    frame = figures.monthly(date(2025, 10, 1), {"minutes": [100, *[0] * 11, 300], "customers": [10] * 13})
    found = facts(frame, last_complete=date(2026, 10, 1))
    judged = overview.candidate(found, LITTLE.kpis["saidi"], LITTLE, OCTOBER, 1, SIGNALS, {}, [], [1])
    card = overview.card(found, judged, LITTLE, OCTOBER, LAST_OCTOBER)

    assert (card.reading.value, card.before.value, card.change.absolute) == (30, 10, 20)
    assert card.change.direction == "worse"
    assert len(card.line) == overview.SPARK_MONTHS
    assert card.line[0].value is None
    assert card.line[-1].value == 30
