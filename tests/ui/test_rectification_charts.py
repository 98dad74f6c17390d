"""What the charts of items are given: week by week, and due dates beside the original ones."""

from datetime import date

import pandas as pd

from ui.charts import burn_down, due_dates

DAY = date(2026, 11, 20)
WEEKS = pd.DataFrame(
    [(date(2026, 11, 8), 5, 2, 0), (date(2026, 11, 15), 4, 0, 1)],
    columns=["week_end", "open", "opened", "left"],
)
SIGNS = {"red": "▲", "yellow": "◆", "blue": "●", "none": "○"}


def _item(number, assigned_on, original_due, current_due, light):
    return {
        "item_id": number, "bureau_id": "A", "title": "清理", "responsible": "王工", "status": "working",
        "light": light, "assigned_on": assigned_on, "original_due": original_due, "current_due": current_due,
        "progress_pct": 0,
    }  # fmt: skip


ITEMS = pd.DataFrame(
    [
        _item("R2026-0001", date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 25), "blue"),
        _item("R2026-0002", None, date(2026, 11, 9), date(2026, 11, 9), "red"),
        _item("R2026-0003", None, None, None, "none"),
    ]
)


def test_what_left_in_a_week_is_drawn_downwards_and_told_upwards():
    rows = burn_down.rows(WEEKS)

    assert rows["left"].tolist() == [0, -1]
    assert rows["left_shown"].tolist() == ["0", "1"]
    assert rows["week"].tolist() == ["11-08", "11-15"]
    names = {"week_end": "Week", "open": "Open"}
    assert burn_down.table(WEEKS, names).values.tolist() == [["2026-11-15", 4], ["2026-11-08", 5]]


def test_only_a_date_that_was_moved_has_the_mark_of_the_original_one():
    rows = due_dates.rows(ITEMS, DAY, SIGNS)

    assert rows["is_moved"].tolist() == [True, False]  # the third has no due date
    assert rows["label"].tolist() == ["● 2026-0001 清理", "▲ 2026-0002 清理"]
    assert rows["begin"].tolist() == ["2026-10-01", "2026-11-20"]  # of a draft: today


def test_a_spec_is_made_once_and_carries_no_data():
    for first, again in (
        (burn_down.spec("dark", *"abcd"), burn_down.spec("dark", *"abcd")),
        (due_dates.spec("light", tuple("abcd"), 130), due_dates.spec("light", tuple("abcd"), 130)),
    ):
        assert first is again
        assert "data" not in first
        assert "datasets" not in first
