"""What one item says of its time in a sentence agrees with the indicators."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.rectification_months import kept
from domain.rectifications import Rectification
from ui import texts
from ui.rectifications import headline

DUE = date(2026, 6, 10)
CLOSED = Rectification(
    "A", "R1", 3, "line", "L1", "x", status="closed", original_due=DUE, current_due=DUE + timedelta(days=30),
    done_at=DUE, closed_at=DUE + timedelta(days=9),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _english():
    texts.use("en")


def said(item):
    return headline.what_is_late(item, 0, "none", False, None, (), date(2026, 7, 1), ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (-1, "done in time, by the original due date 2026-06-10"),
        (0, "done in time, by the original due date 2026-06-10"),
        (1, "done 1 day after the original due date 2026-06-10"),
        (5, "done 5 days after the original due date 2026-06-10"),
    ],
)
def test_in_time_is_by_the_works_and_the_original_due_date_as_x01_says(days, text):
    """Verification came nine days later, and the due date had been moved: neither counts."""
    item = replace(CLOSED, done_at=DUE + timedelta(days=days))

    assert said(item) == [text]
    assert kept(item, DUE, date(2026, 7, 1)) is (days <= 0)
