"""The list taken out as a table, filled in and brought back on the page, and what stands in its way."""

from data_access import rectification_import, rectifications
from data_access.engine import engine_for
from tests.data_access import items
from tests.data_access.items import LEAD, MANAGER, TODAY
from tests.pages.conftest import shown


def _open(opened, url):
    return opened(url, "rectifications", "zh", view="table", **{"as": str(LEAD)})


def _said(page):
    assert list(page.exception) == []
    return [one.value for one in page.success], [one.value for one in page.error]


def _department(url, item):
    scope = items.person(LEAD).scope
    return rectifications.one(engine_for(url), scope, "A", item.item_id, TODAY).shown.item.department


def _table(engine, item, **cells):
    """The list as it was taken out, with these cells, by their Chinese headers."""
    scope, wanted = items.person(LEAD).scope, rectifications.Wanted(text=item.item_id)
    frame = rectification_import.exported(engine, scope, wanted, TODAY, "zh")
    for header, text in cells.items():
        frame[header] = text
    return frame.to_csv(index=False).encode("utf-8-sig")


def test_a_list_that_comes_back_is_looked_at_and_then_taken_over_as_a_whole(opened, company):
    engine = engine_for(company)
    item = items.working(engine)
    page = _open(opened, company)
    page.get("file_uploader")[0].upload("list.csv", _table(engine, item, 责任部门="配电部"))
    page.run()
    assert "**修改 1 项**" in shown(page)
    assert _department(company, item) == "运维部"
    page.button(key="take_items").click().run()

    assert _said(page) == (["已保存 1 项。"], [])
    assert _department(company, item) == "配电部"


def test_a_row_that_somebody_changed_meanwhile_is_shown_in_both_versions(opened, company):
    engine = engine_for(company)
    item = items.working(engine)
    content = _table(engine, item, 责任部门="配电部")
    items.do(engine, "edit", MANAGER, item, {"department": "营销部"})
    page = _open(opened, company)
    page.get("file_uploader")[0].upload("list.csv", content)
    page.run()
    assert page.table[0].value.values.tolist() == [["责任部门", "配电部", "营销部"]]
    assert page.button(key="take_items").disabled

    page.button(key=f"theirs_A_{item.item_id}").click().run()
    assert _said(page) == ([], [])
    assert "已保留当前已保存的内容。" in shown(page)
    assert _department(company, item) == "营销部"


def test_my_row_may_take_the_place_of_what_is_stored(opened, company):
    engine = engine_for(company)
    item = items.working(engine)
    content = _table(engine, item, 责任部门="配电部")
    items.do(engine, "edit", MANAGER, item, {"department": "营销部"})
    page = _open(opened, company)
    page.get("file_uploader")[0].upload("list.csv", content)
    page.run()
    page.button(key=f"mine_A_{item.item_id}").click().run()
    page.button(key="take_items").click().run()

    assert _said(page) == (["已保存 1 项。"], [])
    assert _department(company, item) == "配电部"


def test_what_is_wrong_with_a_row_is_said_by_row_and_column(opened, company):
    engine = engine_for(company)
    item = items.working(engine)
    page = _open(opened, company)
    page.get("file_uploader")[0].upload(
        "list.csv", _table(engine, item, **{"进度（%）": "很多", "等级": "很高"})
    )
    page.run()

    assert page.table[0].value["列"].tolist() == ["等级", "进度（%）"]
    assert page.button(key="take_items").disabled
    page.get("file_uploader")[0].upload("list.xlsx", b"no table")
    page.run()
    assert "无法作为表格读取" in "".join(one.value for one in page.error)
