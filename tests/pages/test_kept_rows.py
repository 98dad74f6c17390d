"""Rows of charts and tables are made once for a question and a language, and anew after a write."""

import pandas as pd
import pytest

from data_access import lease
from data_access.__main__ import main
from data_access.engine import engine_for
from tests.pages.conftest import shown
from ui import cache, session
from ui.charts import table_view

PAGES = [
    ("detail", {"kpi": "saidi", "parts": "cause"}),
    ("detail", {"kpi": "frequent_areas"}),
    *(
        ("reliability", {"section": one})
        for one in ("events", "causes", "calendar", "frequent", "worst", "promises")
    ),
]


@pytest.fixture
def made(monkeypatch):
    """Headings of each table that is made for the browser."""
    found, rows = [], table_view.rows

    def noted(frame: pd.DataFrame) -> object:
        found.append(list(frame.columns))
        return rows(frame)

    monkeypatch.setattr(table_view, "rows", noted)
    return found


@pytest.mark.parametrize(("name", "said"), PAGES, ids=str)
def test_a_rerun_makes_no_rows(opened, demo, made, name, said):
    """Frames take longer to make than to send, and ten visitors would wait for each other."""
    page = opened(demo, name, period="12m", **said)
    assert made
    made.clear()
    page.run()

    assert not page.exception
    assert made == []


@pytest.mark.parametrize(
    "change", [{"period": "quarter"}, {"end": "2026-08"}, {"compare": "previous"}, {"lang": "en"}]
)
def test_another_choice_or_language_has_rows_of_its_own(opened, demo, made, change):
    page = opened(demo, "reliability", period="12m")
    made.clear()
    for key, value in change.items():
        page.query_params[key] = value
    page.run()

    assert made
    assert ("Indicator" in made[0]) == ("lang" in change)


def test_customers_of_mv_and_lv_have_rows_of_their_own(opened, demo, made):
    page = opened(demo, "reliability", section="calendar", level="lv", period="12m")
    made.clear()
    page.query_params["level"] = "mv"
    page.run()

    assert made


def test_after_a_write_rows_are_made_anew(opened, demo, made):
    page = opened(demo, "reliability", period="12m")
    made.clear()
    cache.forget()
    page.run()

    assert made


def test_limits_that_a_command_set_anew_are_shown_without_being_told(opened, demo_url):
    """What is kept is found out of date by the number of the last act, a few seconds later."""
    page = opened(demo_url, "detail", "en", kpi="saidi", period="12m")
    assert "Limits from 24 months" in shown(page)

    months = ("--from", "2024-01", "--to", "2025-06")
    assert main(["baseline", "saidi", "--unit", "06", *months, "--reason", "new network"]) == 0
    session.forget()  # as after session.SECONDS_FRESH
    page.run()

    assert "Limits from 18 months, 2024-01 – 2025-06" in shown(page)


def test_what_was_read_while_a_refresh_ran_is_read_again_at_its_end(opened, demo_url, made):
    """It freezes limits after its figures are there: a page between the two would lack them for minutes."""
    with lease.held(engine_for(demo_url)):
        page = opened(demo_url, "reliability", period="12m")
    made.clear()
    session.forget()
    page.run()

    assert made
