"""What a target may be, what order its kinds have, and next year's from this year's."""

from dataclasses import replace
from datetime import date

import pytest

from domain import targets
from domain.errors import InvalidInput
from domain.kpis import catalogue
from domain.periods import Period, from_key, period
from domain.target_state import Target, Targets

KPIS = catalogue().kpis
SAIDI = Target("saidi", 1, "month", "2026-10", "base", 40.0, version=0)
TIMELY = replace(SAIDI, kpi="planned_notice_timely", value=97.0)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(SAIDI, kpi="nonsense"), "target_kpi"),
        (
            replace(SAIDI, kpi=next(one.id for one in KPIS.values() if one.better == "neutral")),
            "target_neutral",
        ),
        (replace(SAIDI, kind="wish"), "target_kind"),
        (replace(SAIDI, period_kind="week"), "target_period"),
        (replace(SAIDI, period_kind="quarter"), "target_period"),
        (replace(SAIDI, period="2026-13"), "target_period"),
        (replace(SAIDI, value=-0.1), "target_value"),
        (replace(SAIDI, value=float("nan")), "target_value"),
        (replace(SAIDI, value=float("inf")), "target_value"),
        (replace(TIMELY, value=100.1), "target_value"),
        (replace(SAIDI, source="x" * 201), "target_source"),
    ],
)
def test_what_is_no_target_is_named(wrong, code):
    with pytest.raises(InvalidInput) as caught:
        targets.check(wrong, catalogue())
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("kind", "key"),
    [("month", "2026-10"), ("quarter", "2026-Q4"), ("ytd", "2026-10"), ("12m", "2026-10"), ("year", "2026")],
)
def test_a_right_target_passes_and_its_period_reads_back(kind, key):
    targets.check(replace(SAIDI, period_kind=kind, period=key, value=0.0), catalogue())
    targets.check(replace(TIMELY, period_kind=kind, period=key, value=100.0), catalogue())

    assert from_key(kind, key).key() == key


def test_the_period_of_a_key_is_whole():
    assert from_key("quarter", "2026-Q2") == Period("quarter", date(2026, 4, 1), date(2026, 6, 1))
    assert from_key("12m", "2026-02") == Period("12m", date(2025, 3, 1), date(2026, 2, 1))


def test_a_period_that_lasts_ends_with_the_last_complete_month():
    """It has a figure so far; its target is that of the whole."""
    october = date(2026, 10, 1)
    found = targets.periods_in("quarter", 2026, october)

    assert found[2] == from_key("quarter", "2026-Q3")
    assert found[3] == period("quarter", october)
    assert [one.key() for one in found] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert targets.periods_in("year", 2026, october) == [period("year", october)]
    assert targets.periods_in("year", 2027, october) == [from_key("year", "2027")]
    assert [one.key() for one in targets.periods_in("ytd", 2026, october)][-1] == "2026-12"


@pytest.mark.parametrize(
    ("base", "full", "is_odd"), [(40.0, 30.0, False), (40.0, 40.0, False), (30.0, 40.0, True)]
)
def test_full_marks_ask_for_no_less_than_the_base(base, full, is_odd):
    """Fewer minutes are better; of a share the other way round."""
    minutes = Targets(base=replace(SAIDI, value=base), full=replace(SAIDI, value=full))
    share = Targets(base=replace(TIMELY, value=full), full=replace(TIMELY, value=base))

    for kpi, held in (("saidi", minutes), ("planned_notice_timely", share)):
        assert bool(targets.out_of_order(KPIS[kpi], held)) is is_odd


def test_the_challenge_is_compared_with_the_base_where_there_are_no_full_marks():
    held = Targets(base=replace(SAIDI, value=30.0), challenge=replace(SAIDI, value=31.0))

    assert targets.out_of_order(KPIS["saidi"], held) == (("base", "challenge"),)


def test_next_year_s_targets_are_this_year_s_changed_by_a_share_but_not_the_legal_ones():
    given = [
        replace(SAIDI, value=40.0, version=3),
        replace(SAIDI, kind="legal", value=60.0),
        replace(SAIDI, period_kind="quarter", period="2026-Q4", value=33.333),
        replace(TIMELY, value=99.0),
    ]

    found = targets.copied(given, KPIS, 5.0)

    assert [(one.period, one.value) for one in found[:3]] == [
        ("2027-10", 42.0),
        ("2027-10", 60.0),
        ("2027-Q4", 35.0),
    ]
    assert found[3].value == 100.0  # 103.95 cannot be
    assert {one.version for one in found} == {0}


def test_by_nothing_the_targets_are_copied_to_the_last_digit():
    """13.005 had become 13.01."""
    found = targets.copied([replace(SAIDI, value=13.005), replace(SAIDI, value=0.1234567)], KPIS, 0.0)

    assert [one.value for one in found] == [13.005, 0.1234567]


def test_a_changed_target_has_no_fewer_decimals_than_it_had():
    (one,) = targets.copied([replace(SAIDI, value=13.005)], KPIS, 10.0)

    assert one.value == 14.306  # 14.3055


def test_stored_targets_stay_where_that_is_wanted():
    """What is not stored yet is new all the same, and what says the same is no exception."""
    stored = [replace(SAIDI, value=1.0, version=4), replace(SAIDI, kind="full", value=30.0, version=2)]
    wanted = [SAIDI, replace(SAIDI, kind="full", value=30.0), replace(SAIDI, kind="legal")]

    found = targets.compared(wanted, stored, keeps_stored=True)

    assert [one.state for one in found] == ["kept", "same", "new"]


def test_wanted_targets_are_new_changed_or_the_same():
    stored = [replace(SAIDI, version=4), replace(SAIDI, kind="full", value=30.0, version=2)]
    wanted = [SAIDI, replace(SAIDI, kind="full", value=29.0), replace(SAIDI, kind="legal")]

    found = targets.compared(wanted, stored)

    assert [(one.state, one.wanted.version) for one in found] == [("same", 4), ("changed", 2), ("new", 0)]


def test_what_nobody_said_stays_as_it_is_stored():
    """A table without the column must not take a county's targets away from its stations."""
    stored = replace(SAIDI, for_below=True, source="contract", version=4)

    (found,) = targets.compared([replace(SAIDI, value=39.0)], [stored], ("for_below", "source"))

    assert found.wanted == replace(stored, value=39.0)
    assert found.state == "changed"
