"""Days of which nobody can know whether they were major event days are never said to be none."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from domain.kpis import catalogue
from domain.readings import Reading
from ui import texts
from ui.detail import trend
from ui.reliability import calendar, major_events

CAIDI = catalogue().kpis["caidi"]


@pytest.fixture(autouse=True)
def english():
    texts.use("en")


def pair(value: float | None, is_partial: bool = False):
    missing = "" if value is not None else "not_covered:major_events"
    whole = Reading("caidi", 1, 9.0, 9, 1)
    return CAIDI, whole, Reading("caidi_no_med", 1, value, value, 1, missing, is_partial=is_partial)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([pair(None)], "Unknown: there is no threshold and no list of major event days yet."),
        ([pair(9.0, is_partial=True)], "No major event day in the days that are covered."),
        ([pair(None), pair(9.0)], "No major event day in this period."),
    ],
)
def test_none_is_said_only_where_it_is_known(pairs, said):
    assert major_events.no_days(pairs) == said


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        ([8.0, 9.0, 9.0], "without major event days"),
        ([None, None, None], "all days, major event days are unknown"),
        ([None, None, 9.0], "without major event days; 2026-01 – 2026-02 with all days, theirs are unknown"),
    ],
)
def test_the_trend_says_which_months_it_draws_with_all_days(judged, said):
    """The fourth month is not over: it is drawn as it is anyway."""
    frame = pd.DataFrame(
        {
            "month": [date(2026, month, 1) for month in (1, 2, 3, 4)],
            "value": [9.0] * 4,
            "judged": [*judged, None],
            "is_complete": [True] * 3 + [False],
        }
    )
    card = SimpleNamespace(judgement=SimpleNamespace(subject="caidi_no_med"))

    assert trend.days_counted(CAIDI, card, frame) == said


def test_the_calendar_speaks_of_twelve_months_only_where_all_have_data():
    rows = pd.DataFrame({"day": [date(2026, 1, 5), date(2026, 2, 6)], "month": [1, 2], "value": [10, 30]})

    assert calendar.message(rows) == "The worst day, 2026-02-06, makes 75% of the months with data"
