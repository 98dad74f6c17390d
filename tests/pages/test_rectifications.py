"""The page of rectification items: the list, one item with every step, both versions where two were at it."""

from datetime import timedelta

import pytest

from data_access import (
    rectification_extensions,
    rectification_relapse,
    rectification_steps,
    rectifications,
)
from data_access.engine import engine_for
from data_access.transactions import writing_all
from tests.data_access import items
from tests.data_access.items import LEAD, MANAGER, TODAY, WORKER
from tests.evil import EVIL
from tests.pages.conftest import shown
from tests.pages.test_plain_text import texts, tricked
from ui.plain import plain

LATER = TODAY + timedelta(days=40)


def _open(opened, url, who, lang="zh", **said):
    return opened(url, "rectifications", lang, **said, **{"as": str(who)})


def _item(opened, url, who, item, lang="zh", **said):
    return _open(opened, url, who, lang, item=item.item_id, space=item.bureau_id, **said)


def _field(kind, start):
    return next(one for one in kind if str(one.key).startswith(start))


def _said(page):
    assert list(page.exception) == []
    return [one.value.replace("\u2060", "") for one in page.success], [one.value for one in page.error]


def _stored(url, item):
    scope = items.person(LEAD).scope
    return rectifications.one(engine_for(url), scope, item.bureau_id, item.item_id, TODAY)


def _steps(page):
    return list(page.get("button_group")[0].proto.options)


def test_the_list_counts_in_one_line_and_the_worst_light_comes_first(opened, company):
    engine = engine_for(company)
    items.made(engine)
    late = items.working(engine)
    items.put(engine, late, current_due=TODAY - timedelta(days=3), original_due=TODAY - timedelta(days=3))
    items.done(engine)
    page = _open(opened, company, LEAD)

    assert "**3 项 · 逾期 1 · 待验收 1 · 待派 1**" in shown(page)
    table = page.dataframe[0].value
    assert list(table["灯"].map(list)) == [["▲ 逾期 3 天"], [], ["○ 正常"]]
    assert table["状态"].tolist() == ["处理中 0%", "待派", "待验收"]
    assert table["责任人"].tolist() == ["王工", "—", "王工"]
    assert set(table["符合的风险规则"]) == {"RL1 频繁跳闸、RL6 外力破坏"}


def test_the_filters_stand_in_the_url_and_what_is_typed_does_not(opened, company):
    engine = engine_for(company)
    items.made(engine, title="甲 待派")
    mine = items.working(engine, title="乙 在办")
    page = _open(opened, company, WORKER, whose="mine")
    assert page.dataframe[0].value["整改事项"].tolist() == ["乙 在办"]

    page = _open(opened, company, LEAD, state="draft")
    assert page.dataframe[0].value["整改事项"].tolist() == ["甲 待派"]
    page.selectbox(key="choose_state").select("all").run()
    assert "all" in page.query_params["state"]
    page.text_input(key="items_text").set_value(mine.item_id).run()
    assert page.dataframe[0].value["整改事项"].tolist() == ["乙 在办"]
    assert mine.item_id not in str(dict(page.query_params))


@pytest.mark.parametrize(("level", "expected"), [("1", ["高"]), ("2", ["中"]), ("9", ["高", "中"])])
def test_the_level_narrows_the_list_and_stands_in_the_url(opened, company, level, expected):
    engine = engine_for(company)
    items.made(engine, title="高")
    items.made(engine, title="中", level=2)
    page = _open(opened, company, LEAD, level=level)

    assert sorted(page.dataframe[0].value["整改事项"], reverse=True) == sorted(expected, reverse=True)


@pytest.mark.parametrize("view", ["board", "late", "time", "hand", "table"])
@pytest.mark.parametrize("has_items", [False, True])
def test_every_view_opens_with_and_without_items(opened, company, view, has_items):
    if has_items:
        items.working(engine_for(company))
    page = _open(opened, company, LEAD, view=view)

    assert _said(page) == ([], [])


def test_the_time_line_shows_the_original_date_beside_the_current_one(opened, company):
    engine = engine_for(company)
    item = items.working(engine)
    items.put(engine, item, current_due=LATER)
    page = _open(opened, company, LEAD, view="time")

    assert "1 项已延期" in page.get("vega_lite_chart")[1].proto.alt


def test_an_item_says_who_does_what_by_when_and_what_is_late(opened, company):
    engine = engine_for(company)
    item = items.working(engine, title="清理 L1 树障")
    items.put(engine, item, current_due=TODAY - timedelta(days=2), original_due=TODAY - timedelta(days=9))
    text = shown(_item(opened, company, LEAD, item))

    assert "RL1 频繁跳闸、RL6 外力破坏" in text
    assert f"王工须在 {TODAY - timedelta(days=2)} 前完成“清理 L1 树障”" in text
    assert "已逾期 2 天" in text
    assert "五落实（5/5）" in text
    assert f"{TODAY - timedelta(days=2)}（原定 {TODAY - timedelta(days=9)}）" in text


def test_what_the_works_brought_is_asked_of_items_that_are_done_only(opened, company):
    engine = engine_for(company)
    under_way, ended = items.working(engine), items.done(engine)

    assert "整改成效" not in shown(_item(opened, company, LEAD, under_way))
    text = shown(_item(opened, company, LEAD, ended))
    assert "整改成效" in text
    assert "下次刷新数据后给出结论" in text


def test_what_is_missing_of_the_five_points_is_said_and_work_does_not_begin(opened, company):
    item = items.assigned(engine_for(company), funding="", contingency="")
    page = _item(opened, company, WORKER, item)
    assert "“五落实”齐全后才能开始处理，还缺：资金、预案。" in [one.value for one in page.warning]
    assert "✕ 资金" in shown(page)
    _field(page.button, "do_start").click().run()

    done, refused = _said(page)
    assert done == []
    assert refused == ["“五落实”还缺：资金、预案。请先填写，再开始处理。"]


@pytest.mark.parametrize(
    ("field", "day"), [("due_new", TODAY - timedelta(days=300)), ("found_on_new", LATER)]
)
def test_a_day_that_cannot_be_is_refused_in_words_and_nothing_is_created(opened, company, field, day):
    page = _open(opened, company, LEAD, view="new", kind="line", code="L1")
    _field(page.text_input, "title_new").set_value("L1 跳闸多")
    _field(page.date_input, field).set_value(day)
    _field(page.button, "create_new").click().run()

    done, refused = _said(page)
    assert done == []
    assert str(TODAY) in refused[0]


def test_an_item_is_created_by_the_code_of_its_object_and_assigned_at_once(opened, company):
    page = _open(opened, company, LEAD, view="new", kind="line", code="L1", rules="RL1;RL6")
    assert "符合的风险规则：RL1 频繁跳闸、RL6 外力破坏" in shown(page)
    _field(page.text_input, "title_new").set_value("L1 跳闸多")
    _field(page.date_input, "due_new").set_value(LATER)
    _field(page.selectbox, "who_new").select(WORKER)
    _field(page.text_area, "evidence_new").set_value("年内跳闸 5 次")
    _field(page.button, "create_new").click().run()

    assert _said(page) == (["整改项已创建。"], [])
    assert "code" not in page.query_params
    item = rectifications.listed(
        engine_for(company), items.person(LEAD).scope, rectifications.Wanted(), TODAY
    )[0].item
    evidence = {"text": "年内跳闸 5 次", "cause_groups": ["external"]}
    assert (item.rules, item.evidence, item.status) == ("RL1;RL6", evidence, "assigned")
    assert (item.responsible, item.original_due, item.org_unit_id) == ("王工", LATER, items.LINES["L1"])
    assert "年内跳闸 5 次" in shown(page)


def test_a_code_that_is_in_no_register_of_the_own_units_opens_no_form(opened, company):
    page = _open(opened, company, LEAD, view="new", kind="line", code="L9")

    assert "台账里没有这个编码" in shown(page)
    assert not [one for one in page.button if str(one.key).startswith("create_")]


def test_who_only_looks_may_create_nothing(opened, company):
    page = _open(opened, company, WORKER, view="new", kind="line", code="L1")

    assert _said(page) == ([], [])
    assert not [one for one in page.button if str(one.key).startswith("create_")]


def test_each_step_of_a_life_is_offered_to_who_may_take_it(opened, company):
    engine = engine_for(company)
    item = items.made(engine)
    page = _item(opened, company, LEAD, item)
    _field(page.selectbox, "who_").select(WORKER)
    _field(page.button, "do_assign").click().run()
    assert _said(page) == (["已派单。"], [])

    page = _item(opened, company, WORKER, item)
    _field(page.button, "do_start").click().run()
    assert _said(page) == (["已开始处理。"], [])
    _field(page.slider, "pct_").set_value(60)
    _field(page.text_area, "text_").set_value("已清理一半")
    _field(page.button, "do_progress").click().run()
    assert _said(page) == (["进度已保存。"], [])
    assert "处理中 60%" in shown(page)
    page.query_params["do"] = "done"
    page.run()
    _field(page.text_area, "text_").set_value("全部完成")
    _field(page.button, "do_done").click().run()
    assert "已报完成，等待他人验收。" in _said(page)[0]

    page = _item(opened, company, MANAGER, item)
    _field(page.text_area, "text_").set_value("现场合格")
    _field(page.button, "do_verify").click().run()
    assert _said(page) == (["验收通过，已销号。"], [])
    assert _stored(company, item).shown.item.status == "closed"
    assert "在原定期限" in shown(page)


def test_a_responsible_person_is_needed_to_assign(opened, company):
    page = _item(opened, company, LEAD, items.made(engine_for(company)))
    _field(page.button, "do_assign").click().run()

    assert _said(page) == ([], ["请选择责任人。"])


def test_who_worked_on_it_is_told_that_somebody_else_verifies(opened, company):
    engine = engine_for(company)
    begun = items.do(engine, "start", items.BOTH, items.made(engine, responsible_id=items.BOTH))
    item = items.do(engine, "mark_done", items.BOTH, begun, TODAY, "完成")
    page = _item(opened, company, items.BOTH, item)

    assert any("须由他人验收" in one.value for one in page.info)
    assert not [one for one in page.button if str(one.key).startswith("do_verify")]


def test_an_extension_is_asked_for_and_decided_by_somebody_else(opened, company):
    item = items.working(engine_for(company))
    page = _item(opened, company, WORKER, item, do="extension_ask")
    _field(page.date_input, "to_due_").set_value(LATER)
    _field(page.text_area, "why_").set_value("雨季")
    _field(page.button, "do_extension_ask").click().run()
    assert len(_said(page)[0]) == 1
    assert "待审批" in shown(page)

    page = _item(opened, company, MANAGER, item)
    _field(page.button, "do_decide_True").click().run()
    assert _said(page) == (["已审批。"], [])
    stored = _stored(company, item).shown.item
    assert (stored.current_due, stored.original_due) == (LATER, items.DUE)
    assert f"{LATER}（原定 {items.DUE}）" in shown(page)


def test_who_comes_second_sees_both_versions_and_decides(opened, company):
    engine = engine_for(company)
    item = items.working(engine)
    page = _item(opened, company, LEAD, item, do="edit")
    _field(page.text_input, "funding_edit").set_value("大修 1")
    items.do(engine, "edit", MANAGER, item, {"funding": "技改 2"})
    _field(page.button, "do_edit").click().run()

    assert page.warning[0].value == "其他人已先一步保存了这条记录，您的修改尚未保存。"
    both = page.table[0].value.set_index("")
    assert both.loc["资金"].tolist() == ["大修 1", "技改 2", "≠"]
    assert _stored(company, item).shown.item.funding == "技改 2"
    page.button(key="conflict_mine_rectification").click().run()
    assert _said(page) == (["已保存。"], [])
    assert _stored(company, item).shown.item.funding == "大修 1"


def test_a_step_that_somebody_else_took_meanwhile_is_shown_and_can_be_left(opened, company):
    engine = engine_for(company)
    item = items.assigned(engine)
    page = _item(opened, company, WORKER, item)
    started = items.do(engine, "start", LEAD, item)
    _field(page.button, "do_start").click().run()

    assert page.table[0].value.set_index("").loc["状态"].tolist() == ["处理中", "处理中", ""]
    page.button(key="conflict_theirs_rectification").click().run()
    assert _said(page) == ([], [])
    assert _stored(company, item).shown.item.version == started.version


def test_a_note_is_stored_and_its_field_is_empty_again(opened, company):
    item = items.working(engine_for(company))
    page = _item(opened, company, LEAD, item, do="note")
    _field(page.text_area, "note_").set_value("已与村委会协调")
    _field(page.button, "do_note").click().run()

    assert _said(page) == (["记录已保存。"], [])
    assert "已与村委会协调" in shown(page)
    page.query_params["do"] = "note"
    page.run()
    assert _field(page.text_area, "note_").value == ""


def test_a_file_is_added_and_can_be_taken_away(opened, company):
    item = items.working(engine_for(company))
    page = _item(opened, company, WORKER, item, do="file")
    page.get("file_uploader")[0].upload("现场.txt", "已清理".encode())
    page.run()
    _field(page.button, "do_file").click().run()

    assert _said(page) == (["文件已上传。"], [])
    assert [one.proto.label for one in page.get("download_button")] == [plain("现场.txt")]
    assert "处理前" in shown(page) or "整改后" in shown(page)


def test_all_of_a_person_goes_to_another(opened, company):
    engine = engine_for(company)
    first, second = items.assigned(engine), items.working(engine)
    page = _open(opened, company, LEAD, view="hand")
    page.selectbox(key="hand_from").select(WORKER).run()
    assert "将移交 2 项" in shown(page)
    page.selectbox(key="hand_to").select(items.HELPER)
    page.text_area(key="hand_why").set_value("王工调离")
    page.button(key="do_hand_over_all").click().run()

    assert _said(page) == (["已移交 2 项。"], [])
    assert {_stored(company, one).shown.item.responsible for one in (first, second)} == {"何助"}


def test_a_foreign_item_and_an_absent_one_look_the_same(opened, company):
    item = items.made(engine_for(company))
    said = []
    for number in (item.item_id, "R2026-9999"):
        page = _open(opened, company, items.STRANGER, "en", item=number, space="A")
        assert list(page.exception) == []
        said.append([one.value for one in page.error])

    assert said == [["Not found, or outside the units that you may see."]] * 2


def test_what_people_wrote_is_text_on_every_view(opened, company):
    engine = engine_for(company)
    item = items.working(engine, title=EVIL[:200], department=EVIL[:120], evidence={"text": EVIL})
    rectification_extensions.ask(
        engine, items.person(WORKER), item.bureau_id, item.item_id, item.version, LATER, EVIL
    )
    pages = [_item(opened, company, one, item) for one in (LEAD, MANAGER, WORKER)]
    pages += [_open(opened, company, LEAD, view=view) for view in ("list", "board", "late", "time", "hand")]

    for page in pages:
        assert list(page.exception) == []
        assert tricked(texts(page)) == []


def test_a_relapse_leads_from_the_closed_item_to_the_new_one_and_back(opened, company):
    engine = engine_for(company)
    item = items.closed(engine)
    with writing_all(engine) as connection:
        again = rectification_relapse.open_again(connection, item, TODAY)
    page = _item(opened, company, LEAD, item)
    assert f"{TODAY} 复发：本项保持销号" in page.warning[0].value
    page.button(key=f"link_{again.item_id}").click().run()

    assert again.item_id in page.query_params["item"]
    assert page.button(key=f"link_{item.item_id}").label == f"由 {item.item_id} 复发而来"
    assert "发现" in shown(page)
    assert "原整改项复发" in shown(page)


def test_the_history_tells_what_changed_and_who_did(opened, company):
    item = items.working(engine_for(company))
    page = _item(opened, company, LEAD, item)
    rectification_steps.edit(
        engine_for(company), items.person(LEAD), item.bureau_id, item.item_id, item.version, {"level": 3}
    )
    page.session_state["item_history"] = True
    page.run()

    assert list(page.exception) == []
    assert "修改：风险等级 高 → 低" in shown(page)
