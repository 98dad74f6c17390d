"""One run of the tests lies on one day: the company's clock waits before midnight until the run is over.

Tests compare with a day that they read once; a run that begins shortly before the company's midnight would
fail after it. Servers that browser tests start are not held: what they are asked must hold on both days.
"""

import os
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain import periods

DAY = "DAY_OF_THE_TESTS"  # handed to the processes that run tests side by side


def hold(zone: ZoneInfo) -> None:
    """Let `domain.periods` tell no moment after the day on which the run began, in `zone`."""
    day = date.fromisoformat(os.environ.setdefault(DAY, periods.local_today(zone).isoformat()))
    last = datetime.combine(day, time(23, 59, 59), zone)

    class Clock(datetime):
        def __new__(cls, *parts, **named):
            return datetime(*parts, **named)

        @classmethod
        def now(cls, tz=None):
            return min(datetime.now(tz), last.astimezone(tz))

    periods.datetime = Clock
