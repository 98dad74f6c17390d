"""What only a browser can click: a bar of the break-down and a day of the calendar lead to their records."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import WAIT_MS

MARKS = "svg .mark-rect path"
TABLE = "[data-testid='stDataFrame']"


def test_a_bar_of_the_break_down_opens_the_records_of_its_cause(visit):
    visitor = visit("en-US")
    page = visitor.open("detail?kpi=saidi&period=12m&end=2026-10")
    page.locator(f".st-key-members_cause {MARKS}").first.click()
    page.wait_for_url(re.compile(r"view=records"))
    visitor.settle()

    assert re.search(r"[?&]cause=\w+", page.url)
    assert page.locator(TABLE).count() >= 1
    assert visitor.complaints == []


def test_a_day_of_the_calendar_has_a_link_to_its_records(visit):
    visitor = visit("en-US")
    page = visitor.open("reliability?section=calendar&period=12m&end=2026-10")
    link = page.get_by_role("link", name=re.compile("Records of"))
    before = link.inner_text()
    page.locator(f".st-key-chart_calendar {MARKS}").nth(3).click()
    expect(link).not_to_have_text(before, use_inner_text=True, timeout=WAIT_MS)
    visitor.settle()
    link.click()
    page.wait_for_url(re.compile(r"detail\?.*day=2\d{3}-\d\d-\d\d"))
    visitor.settle()

    assert page.locator("[data-testid='stException']").count() == 0
