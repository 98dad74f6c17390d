"""The pages in a real browser, in both languages, on the demo company."""

import re

import pytest

from tests.browser.server import get, running

ADMINISTRATOR = "as=3"  # of the demo: without, the first manager looks
PAGES = (
    "",
    "detail?kpi=saidi",
    "reliability",
    "definitions",
    "what_works",
    "risk_lines",
    "risk_lines?object=line:06010101F01&space=0601",
    f"risk_rules?{ADMINISTRATOR}",
    "customer_equipment",
    "customer_equipment?section=passed",
    "targets",
    "imports",
    "audit_log",
    f"records?{ADMINISTRATOR}",
    f"people?{ADMINISTRATOR}",
    f"people?{ADMINISTRATOR}&person=7",
    f"people?{ADMINISTRATOR}&view=table",
)
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
    menu = page.locator('[data-testid="stSidebar"]').inner_text().replace("中文", "")
    assert ("综合看板" if locale == "zh-CN" else "Overview") in menu
    assert bool(HAN.search(page.locator('[data-testid="stMain"]').inner_text())) or locale != "zh-CN"


@pytest.mark.parametrize(("locale", "expected"), [("zh-CN", "zh-CN"), ("en-US", "en")])
def test_the_page_names_its_language_for_screen_readers(visit, locale, expected):
    page = visit(locale).open()

    assert page.evaluate("document.documentElement.lang") == expected


def test_the_first_screen_of_the_overview_needs_no_scrolling(visit):
    """How are we, where is it wrong: at 1366 x 768 the cards and the first exceptions are in sight."""
    page = visit().open()

    cards = page.locator("[class*='st-key-card_']")
    boxes = [cards.nth(n).bounding_box() for n in range(cards.count())]

    first_exception = page.locator(".st-key-row_0").bounding_box()
    assert 1 <= len(boxes) <= 8
    assert max(box["y"] + box["height"] for box in boxes) < first_exception["y"]
    assert first_exception["y"] + first_exception["height"] < 768
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 1366


def test_a_phone_shows_the_overview_without_sideways_scrolling(visit):
    visitor = visit()
    visitor.page.set_viewport_size({"width": 390, "height": 844})

    page = visitor.open()

    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


@pytest.mark.parametrize("path", ["detail", "imports"])
def test_on_a_fresh_server_a_deep_link_runs_the_frame_first(demo_url, tmp_path, visit, path):
    """A page that answered before dashboard.py ran would walk around sign-in and the choice of the viewer."""
    with running(demo_url, tmp_path / "log.txt") as server:
        page = visit(server=server).open(path)

        assert page.locator(".st-key-pick_language").count() == 1
        assert page.locator(WITHOUT_FAULT).count() == 0


def test_a_page_outside_the_menu_is_refused_by_its_address(visit):
    page = visit().open("people?as=1&person=7")

    assert page.locator('[data-testid="stAlert"]').inner_text() == "您的角色没有此项权限。"
    assert "孙丁" not in page.locator('[data-testid="stMain"]').inner_text()


def test_a_line_of_the_list_opens_the_person(visit):
    visitor = visit()
    page = visitor.open(f"people?{ADMINISTRATOR}&role=executive")
    page.locator("[data-testid='stDataFrame'] .dvn-scroller").first.click(position={"x": 16, "y": 52})
    page.wait_for_url(re.compile(r"person=1"))
    visitor.settle()

    assert page.locator("h2").first.inner_text() == "吴己"


def test_the_server_says_whether_it_can_answer(demo_server):
    status, text, headers = get(f"{demo_server}/healthz")

    assert (status, text) == (200, '{"status":"ok"}')
    assert headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize(("locale", "said"), [("zh-CN", "没有这个页面"), ("en-US", "There is no such page")])
def test_an_address_of_no_page_is_said_on_the_page_that_is_shown_instead(visit, locale, said):
    """Also once the dialog is closed, and to who cannot see it."""
    visitor = visit(locale)
    page = visitor.open("nosuch")
    page.wait_for_selector('[role="dialog"]')

    page.locator('[role="dialog"] button').click()

    assert said in page.locator('[data-testid="stMain"] [data-testid="stAlert"]').inner_text()


def test_a_line_at_risk_is_opened_from_the_list_and_left_again(visit):
    visitor = visit()
    page = visitor.open("risk_lines")
    page.locator("[data-testid='stDataFrame'] .dvn-scroller").first.click(position={"x": 16, "y": 52})
    page.wait_for_url(re.compile("object=line"))
    visitor.settle()
    assert "预计未来12个月损失" in page.locator(".cs-headline").inner_text()

    page.locator(".st-key-all_risks button").click()
    page.wait_for_selector(".st-key-risk_head")

    assert "object" not in page.url


@pytest.mark.parametrize("path", ["risk_lines", "risk_lines?object=line:06010101F01&space=0601"])
def test_a_phone_shows_risk_lines_without_sideways_scrolling(visit, path):
    visitor = visit()
    visitor.page.set_viewport_size({"width": 390, "height": 844})

    page = visitor.open(path)

    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
