"""Outages that last: a restoration time that is over is marked."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from ui.reliability import ongoing

ZONE, NOON = ZoneInfo("UTC"), datetime(2026, 3, 1, 12)


def test_a_time_told_that_has_passed_says_so():
    assert ongoing._told(datetime(2026, 3, 1, 11), NOON, ZONE) == "⚠ 2026-03-01 11:00，已过"
    assert ongoing._told(datetime(2026, 3, 1, 13), NOON, ZONE) == "2026-03-01 13:00"
    assert ongoing._told(pd.NaT, NOON, ZONE) == ""
