"""The page of today: a line for each item with its reason in a sentence, which leads to the item."""

from datetime import timedelta

from data_access.engine import engine_for
from tests.data_access import items
from tests.data_access.items import LEAD, MANAGER, TODAY, WORKER
from tests.pages.conftest import shown


def test_each_line_says_why_and_leads_to_its_item(opened, company):
    engine = engine_for(company)
    late = items.working(engine, title="L1 树障")
    items.put(engine, late, current_due=TODAY - timedelta(days=5), original_due=TODAY - timedelta(days=5))
    items.made(engine, title="L1 待派")
    page = opened(company, "today", "zh", **{"as": str(LEAD)})

    assert list(page.exception) == []
    text = shown(page)
    assert "**2 项 · 逾期 1 · 待派 1**" in text
    assert f"期限 {TODAY - timedelta(days=5)}，已逾期 5 天" in text
    links = [one.proto for one in page.main.get("page_link")]
    assert [one.label for one in links] == ["L1 树障", "L1 待派"]
    assert f"item={late.item_id}&space=A" in links[0].query_string


def test_a_manager_is_told_what_waits_for_verification(opened, company):
    item = items.done(engine_for(company))
    text = shown(opened(company, "today", "en", **{"as": str(MANAGER)}))

    assert f"王工 reported it done on {TODAY}; it waits for your verification" in text
    assert item.title in text


def test_nothing_due_is_said_with_the_way_to_all_items(opened, company):
    page = opened(company, "today", "zh", **{"as": str(WORKER)})

    assert "今天没有需要您处理的事项。" in shown(page)
    assert [one.proto.label for one in page.main.get("page_link")] == ["查看全部整改项"]
