"""Views as a person uses them: saved in the menu, opened from another page and on the same one."""

import re

import pytest

from tests.browser.server import running


@pytest.fixture
def server(demo_url, tmp_path):
    """Address of a server whose database this test may write into."""
    with running(demo_url, tmp_path / "log.txt") as url:
        yield url


def _unfolded(visitor):
    body = visitor.page.locator("[data-testid=stPopoverBody]")
    if not body.count():
        visitor.page.locator(".st-key-views button").first.click()
    body.wait_for()
    visitor.settle()
    return body


def _open(visitor, name):
    _unfolded(visitor).get_by_role("button", name=name).click()


def test_a_view_leads_back_to_its_page_with_its_filters_from_anywhere(visit, server):
    visitor = visit(server=server)
    page = visitor.open("detail?kpi=saifi&period=quarter&end=2026-09&compare=previous")
    body = _unfolded(visitor)
    body.locator("input[type=text]").fill("三季度 <b>频率</b>")
    body.get_by_role("button", name="保存视图").click()
    page.locator("[class*=st-key-open_view_]").wait_for()

    visitor.open("definitions")
    _open(visitor, "三季度")
    page.wait_for_url(re.compile(r"/detail\?"))
    visitor.settle()
    asked = re.compile(r"/detail\?compare=previous&end=2026-09&kpi=saifi&period=quarter$")
    assert asked.search(page.url)
    assert "已筛选：季度 · 至2026年9月 · 对比环比" in page.locator(".st-key-filtered").inner_text()

    page.keyboard.press("Escape")
    page.locator(".st-key-reset_filters button").click()
    page.wait_for_url(re.compile(r"/detail\?kpi=saifi$"))
    visitor.settle()
    assert page.locator(".st-key-filtered").count() == 0
    _open(visitor, "三季度")  # the page that is shown already
    page.wait_for_url(asked)
    visitor.settle()

    assert page.locator(".st-key-filtered").count() == 1
    assert page.locator("[data-testid=stException]").count() == 0
    assert visitor.complaints == []


def test_a_search_is_taken_back_with_its_address(visit):
    visitor = visit("en-US")
    page = visitor.open("definitions?q=saidi&group=reliability")
    page.locator(".st-key-reset_filters button").click()
    page.wait_for_url(re.compile(r"/definitions$"))
    visitor.settle()

    assert page.locator(".st-key-q input").input_value() == ""
