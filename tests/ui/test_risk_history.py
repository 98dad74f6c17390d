"""What the history of an object draws of its items: days, windows, and what lies off the axis."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from domain.periods import add_months, months_between
from domain.rectifications import Rectification
from domain.rule_sets import first_version
from ui import texts
from ui.risk import history

MONTH, DAY = date(2026, 10, 1), date(2026, 11, 20)
FIRST = add_months(MONTH, -23)  # November 2024
ZONE = ZoneInfo("Asia/Shanghai")
MONTHS = pd.DataFrame({"month": months_between(FIRST, MONTH), "faults": 0, "others": 0})
RULES = first_version("proof")  # 12 months after the works at most


@pytest.fixture(autouse=True)
def _english():
    texts.use("en")


def item(number="R1", status="closed", **values):
    return SimpleNamespace(item=Rectification("A", number, 3, "line", "L1", number, status=status, **values))


def drawn(part, *several, proved=(), month=MONTH, day=DAY):
    """(from, to, what is said) of the rows of the part, days as texts."""
    rows = history.frame(MONTHS, several, (proved, RULES), month, day, ZONE)
    rows = rows[rows["part"] == part]
    days = (rows[name].dt.strftime("%Y-%m-%d") for name in ("start", "end"))
    return list(zip(*days, rows["shown"], strict=True))


def test_an_item_begins_on_the_company_s_day():
    """20:00 UTC is the next morning in Shanghai."""
    late = item(created_at=datetime(2026, 3, 4, 20), done_at=date(2026, 4, 2))

    assert drawn("item", late) == [("2026-03-05", "2026-04-02", "2026-03-05 – 2026-04-02")]


def test_an_item_done_before_the_axis_is_not_drawn():
    before = item("R1", created_at=datetime(2024, 5, 1), done_at=date(2024, 10, 31))
    across = item("R2", created_at=datetime(2024, 5, 1, 1), done_at=date(2024, 11, 1))

    assert drawn("item", before) == []
    assert drawn("window", before) == []
    found = drawn("item", before, across)
    assert found == [("2024-11-01", "2024-11-01", "2024-05-01 – 2024-11-01")], "the real first day is said"


def test_a_window_is_cut_at_the_axis_and_said_whole():
    one = item(
        created_at=datetime(2025, 2, 3), before_from=date(2024, 2, 1), before_to=date(2025, 1, 1),
        status="working",
    )  # fmt: skip

    assert drawn("window", one) == [("2024-11-01", "2025-01-31", "2024-02-01 – 2025-01-31")]
    assert drawn("item", one) == [("2025-02-03", "2026-11-20", "2025-02-03 – still open")]


def test_the_window_after_the_works_ends_with_what_the_proof_may_use():
    """Twelve months by the first version, fewer by the one that the item was judged by, or by the data."""
    one = item(created_at=datetime(2025, 1, 3), done_at=date(2025, 2, 14))
    six = SimpleNamespace(body={"windows": {**RULES.body["windows"], "final_from": 6}})
    judged = SimpleNamespace(item_id="R1", rules=six)

    assert [row[:2] for row in drawn("window", one)] == [("2025-03-01", "2026-02-28")]
    assert [row[:2] for row in drawn("window", one, proved=[judged])] == [("2025-03-01", "2025-08-31")]
    new = item(created_at=datetime(2026, 7, 3), done_at=date(2026, 8, 14))
    assert [row[:2] for row in drawn("window", new)] == [("2026-09-01", "2026-10-31")]
    running = drawn("window", new, day=date(2026, 10, 20))
    assert [row[:2] for row in running] == [("2026-09-01", "2026-09-30")], "the month that runs is not whole"
