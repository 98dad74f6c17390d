"""The life of an item, each step as somebody of the demo company; and the first page on a phone."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from data_access import entry_saving, processes, settings
from data_access.engine import engine_for
from data_access.tables.grid import lines
from data_access.tables.org import org_units
from data_access.tables.rectifications import rectifications
from data_access.transactions import reading_all, writing_all
from domain import rule_sets
from domain.periods import local_today
from tests.browser.server import running
from tests.browser.test_accessibility import barriers
from tests.data_access.importing import administrator
from tests.data_access.test_following import until_up_to_date
from ui.rectifications.values import cause_group

LEAD, COUNTY, CITY = 8, 7, 5  # lead and manager of a county bureau, manager of the city bureau above
LINE, SPACE = "06010101F01", "0601"
WORK_DONE, FAILED_AGAIN = date(2026, 10, 5), date(2026, 10, 20)  # the demo's data end on 31 October
PHONE = {
    "user_agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
    "is_mobile": True,
    "has_touch": True,
}


@pytest.fixture
def server(demo_url, tmp_path):
    """Address of a server whose database this test may write into."""
    with running(demo_url, tmp_path / "log.txt", REFRESH_EVERY_S="0.5") as url:
        yield url


def _fill(page, start, text):
    page.locator(f"[class*='st-key-{start}']").locator("input, textarea").first.fill(text)


def _choose(visitor, start, text):
    page = visitor.page
    page.locator(f"[class*='st-key-{start}'] [data-testid=stSelectbox] [role=combobox]").first.click()
    page.get_by_role("option", name=text).click()


def _press(visitor, start, says):
    """Press the button of a step and wait for what came of it."""
    visitor.page.locator(f"[class*='st-key-{start}'] button").first.click()
    visitor.page.locator("[data-testid=stAlert]", has_text=says).wait_for()
    visitor.settle()


def _day(visitor, start, day):
    field = visitor.page.locator(f"[class*='st-key-{start}'] [data-testid=stDateInput]").first
    field.locator("[role=spinbutton]").first.click()
    visitor.page.keyboard.type(f"{day:%Y%m%d}")
    visitor.page.keyboard.press("Tab")


def _as_if_time_had_passed(url, **days):
    """The item of LINE has these days; nobody changed it, so its version stays."""
    with writing_all(engine_for(url)) as connection:
        mine = rectifications.c.object_code == LINE
        connection.execute(update(rectifications).where(mine).values(**days))


def _fail_again(url):
    """One more fault of the line by trees, and the server's own refresh after it."""
    engine = engine_for(url)
    with reading_all(engine) as connection:
        unit = select(org_units.c.code).join(lines).where(lines.c.line_code == LINE)
        code = connection.execute(unit).scalar_one()
    hours = {"interrupted_at": f"{FAILED_AGAIN} 09:00:00", "restored_at": f"{FAILED_AGAIN} 11:00:00"}
    step = {"unit": code, "kind": "fault", "cause": "tree", "customers": "30", **hours}
    outage = {"outage_key": "again", "line_code": LINE, "trip": "permanent"}
    entry_saving.save_step(engine, administrator(engine), outage, step, [], None)
    until_up_to_date(engine)


def test_an_item_lives_from_its_object_at_risk_to_its_verification_by_somebody_else_and_its_relapse(
    visit, server, demo_url, monkeypatch
):
    monkeypatch.setattr(processes, "start", lambda *_given: 0)
    visitor = visit(server=server)
    today = local_today(settings.company_timezone())
    due, later = today.replace(year=today.year + 1), today.replace(year=today.year + 1, month=12, day=31)

    page = visitor.open(f"risk_lines?object=line:{LINE}&space={SPACE}&as={LEAD}")
    page.locator(".st-key-create_item button").click()
    page.wait_for_url(re.compile(r"view=new"))
    visitor.settle()
    assert "RL" in page.locator("[class*='st-key-title_new'] input").input_value()
    _fill(page, "title_new", "城东甲线清理树障")
    trees = cause_group(rule_sets.first_version("causes").body["tree"]["group"])
    causes = page.locator("[class*='st-key-causes_new']")
    if trees not in causes.locator("[data-tag]").all_inner_texts():
        causes.locator("input").click()
        causes.locator("input").fill(trees)
        page.get_by_role("option", name=trees).wait_for()
        causes.locator("input").press("Enter")
        causes.locator("[data-tag]", has_text=trees).wait_for()
    for name in ("measure_new", "funding_new", "contingency_new"):
        _fill(page, name, "按方案执行")
    _press(visitor, "create_new", "整改项已创建")
    assert "“城东甲线清理树障”尚未派单" in page.locator("h2.cs-headline").inner_text()
    where = re.sub(r"as=\d+&?", "", page.url.split("?")[1]).strip("&")

    _choose(visitor, "who_", "孙丁")
    _day(visitor, "due_", due)
    _press(visitor, "do_assign", "已派单")
    assert f"孙丁须在 {due} 前完成" in page.locator("h2.cs-headline").inner_text()

    def look(person, do=""):
        visitor.open(f"rectifications?as={person}&{where}" + (f"&do={do}" if do else ""))

    look(COUNTY)
    _press(visitor, "do_start", "已开始处理")
    look(COUNTY, "extension_ask")
    _day(visitor, "to_due_", later)
    _fill(page, "why_", "雨季施工受阻")
    _press(visitor, "do_extension_ask", "延期申请已提交")
    assert page.locator("[class*='st-key-do_decide_True']").count() == 0  # not by who asked

    on_the_road = visit(server=server, **PHONE)
    on_the_road.open(f"rectifications?as={COUNTY}&whose=mine")
    line = on_the_road.page.locator("[class*='st-key-item_row_'] .cs-row").first
    line.tap(force=True)  # all of the row is covered by its button
    on_the_road.page.locator("h2.cs-headline", has_text="城东甲线清理树障").wait_for()

    visitor.open(f"rectifications?as={CITY}")
    with page.expect_download() as got:
        page.locator(".st-key-items_xlsx button").click()
    assert got.value.suggested_filename == "rectification_items.xlsx"
    look(CITY)
    _press(visitor, "do_decide_True", "已审批")
    assert f"{later}（原定 {due}）" in page.locator("[data-testid=stMain]").inner_text()

    look(COUNTY, "extension_ask")
    _fill(page, "why_", "材料未到")
    _as_if_time_had_passed(demo_url, current_due=today - timedelta(days=1))
    _press(visitor, "do_extension_ask", "已过，不能再申请延期")

    look(COUNTY, "done")
    _fill(page, "text_", "通道已清理")
    _press(visitor, "do_done", "等待他人验收")
    page.get_by_text("须由他人验收").wait_for()
    assert page.locator("[class*='st-key-do_verify']").count() == 0
    assert barriers(page) == []

    look(CITY)
    _fill(page, "text_", "现场核查合格")
    _press(visitor, "do_verify", "已销号")
    assert "已于" in page.locator("h2.cs-headline").inner_text()

    _as_if_time_had_passed(demo_url, done_at=WORK_DONE)
    _fail_again(demo_url)
    look(CITY)
    page.get_by_text(f"{FAILED_AGAIN} 复发").wait_for()
    page.get_by_role("button", name="复发后转为").click()
    page.get_by_role("button", name="复发而来").wait_for()
    visitor.settle()
    assert "“城东甲线清理树障”尚未派单" in page.locator("h2.cs-headline").inner_text()
    assert visitor.foreign == []
    assert visitor.complaints == []


@pytest.mark.parametrize(("person", "path"), [(LEAD, "today"), (COUNTY, "")])
def test_on_a_phone_the_first_page_of_who_is_on_the_road_is_today(visit, person, path):
    visitor = visit(**PHONE)
    page = visitor.open(f"?as={person}")
    page.wait_for_url(re.compile(rf"/{path}\?as={person}$"))
    visitor.settle()

    assert page.locator("[data-testid=stException]").count() == 0


def test_a_link_leads_where_it_says_on_a_phone_too(visit):
    page = visit(**PHONE).open(f"?as={LEAD}&unit=060101")

    assert "/today" not in page.url
