"""The pages in a real browser, in both languages, on the demo company."""

import re

import pytest

from tests.browser.server import get, running

PAGES = ("", "detail?kpi=saidi", "reliability", "definitions", "imports", "records")
WITHOUT_FAULT = '[data-testid="stException"]'
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_without_error_and_nothing_leaves_the_machine(visit, path, locale):
    visitor = visit(locale)

    page = visitor.open(path)

    assert page.locator(WITHOUT_FAULT).count() == 0
    assert visitor.foreign == []
    assert visitor.complaints == []
    heading = page.locator("h1, h2, h3").first.inner_text()
    assert bool(HAN.search(heading)) == (locale == "zh-CN"), heading


@pytest.mark.parametrize(("locale", "expected"), [("zh-CN", "zh-CN"), ("en-US", "en")])
def test_the_page_names_its_language_for_screen_readers(visit, locale, expected):
    page = visit(locale).open()

    assert page.evaluate("document.documentElement.lang") == expected


def test_the_first_screen_of_the_overview_needs_no_scrolling(visit):
    """How are we, where is it wrong: at 1366 x 768 the cards and the first exceptions are in sight."""
    page = visit().open()

    cards = page.locator('[data-testid="stMetric"]')
    boxes = [cards.nth(n).bounding_box() for n in range(cards.count())]

    assert 1 <= len(boxes) <= 8
    assert max(box["y"] + box["height"] for box in boxes) < 768 - 100  # and there is room for the list
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 1366


def test_a_phone_shows_the_overview_without_sideways_scrolling(visit):
    visitor = visit()
    visitor.page.set_viewport_size({"width": 390, "height": 844})

    page = visitor.open()

    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


@pytest.mark.parametrize("path", ["detail", "pages/kpi/detail", "imports"])
def test_on_a_fresh_server_a_deep_link_runs_the_frame_first(demo_url, tmp_path, visit, path):
    """A page that answered before dashboard.py ran would walk around sign-in and the choice of the viewer."""
    with running(demo_url, tmp_path / "log.txt") as server:
        page = visit(server=server).open(path)

        assert page.locator('[data-testid="stSidebarNav"], [data-testid="stTopNavLink"]').count() > 0
        assert page.locator(WITHOUT_FAULT).count() == 0


def test_the_server_says_whether_it_can_answer(demo_server):
    status, text, headers = get(f"{demo_server}/healthz")

    assert (status, text) == (200, '{"status":"ok","data":"demo"}')
    assert headers["x-frame-options"] == "SAMEORIGIN"
