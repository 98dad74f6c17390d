"""The list of items as a table: taken out, filled in, brought back as one act, all of it or nothing."""

from datetime import timedelta

import openpyxl
import pandas as pd
import pytest
from sqlalchemy.exc import IntegrityError

from data_access import rectification_file, rectification_import, rectifications, stale
from data_access.rectifications import Wanted
from data_access.transactions import writing_all
from domain.errors import ChangedByOthers, FileRejected, InvalidInput, NotFound
from domain.periods import month_of
from tests.data_access import items
from tests.data_access.company import CITY_B
from tests.data_access.importing import dump
from tests.data_access.items import DUE, LEAD, LOOKER, MANAGER, STRANGER, TODAY, do, person
from ui.packs import records_csv, records_xlsx


@pytest.fixture
def company(engine):
    return items.company(engine)


def taken_out(engine, language="zh"):
    return rectification_import.exported(engine, person(LEAD).scope, Wanted(), TODAY, language)


def planned(engine, table, number=LEAD):
    return rectification_import.planned(engine, person(number), table)


def take_over(engine, table, number=LEAD, over=None):
    return rectification_import.take_over(engine, person(number), table, over)


def with_row(table, **cells):
    """The table with one more row, empty but for these cells."""
    row = dict.fromkeys(table.columns, "") | cells
    return pd.concat([table, pd.DataFrame([row])], ignore_index=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_table_that_comes_back_as_it_went_changes_nothing(company, language):
    for made in (items.made, items.working, items.done, items.closed):
        made(company)
    table = taken_out(company, language)
    before = dump(company)

    assert [one.act for one in planned(company, table)] == ["same"] * 4
    assert [one.act for one in take_over(company, table)] == ["same"] * 4
    assert dump(company) == before


def test_what_was_filled_in_is_stored_as_one_act(company):
    """An item changed, one brought forward, a draft given to somebody, a new one."""
    first, second, draft = items.assigned(company), items.working(company), items.made(company)
    table = taken_out(company).set_index("整改编号", drop=False)
    table.loc[first.item_id, ["整改事项", "资金"]] = ["另一说法", "项目 7"]
    table.loc[second.item_id, ["进度（%）", "进展说明"]] = ["60%", "过半"]
    table.loc[draft.item_id, ["责任人", "协办人"]] = ["王工", "何助"]
    new = {"对象类型": "线路", "对象编码": "L2", "整改事项": "新的一项", "原定期限": f"{DUE} 00:00:00"}
    table = with_row(table, **new, 等级="高", 措施种类="清理树障")

    plan = planned(company, table)
    assert sorted(one.act for one in plan) == ["changed", "changed", "changed", "new"]
    acts_before = len(items.audited(company, "no"))
    done = take_over(company, table)

    assert [one.act for one in done] == [one.act for one in plan]
    assert items.stored(company, first).title == "另一说法"
    assert (items.stored(company, second).progress_pct, items.logged(company, second)[-1]) == (
        60, ("progress", "过半"),
    )  # fmt: skip
    assert items.stored(company, draft).status == "assigned"
    (made,) = rectifications.of_object(company, person(LEAD).scope, "A", "line", "L2", TODAY)
    assert (made.item.level, made.item.measure_type, made.item.original_due) == (1, "operation", DUE)
    acts = items.audited(company, "action", "subject", "after")[acts_before:]
    ((action, subject, after),) = acts
    assert (action, subject, after["changed"]) == ("rectifications.import", "4 items", 4)
    history = rectifications.history(company, person(LEAD).scope, "A", second.item_id)
    assert (history[0].action, history[0].after["progress_pct"]) == ("rectifications.import", 60)


def test_another_kind_of_measure_keeps_the_type_where_it_has_none_of_its_own(company):
    """Clearing trees is operation; "other" is what was chosen, and a kind with a type brings its own."""
    to_other, to_works, emptied = (items.made(company) for _ in range(3))
    table = taken_out(company).set_index("整改编号", drop=False)
    table.loc[to_other.item_id, "措施种类"] = "其他"
    table.loc[to_works.item_id, "措施种类"] = "裸导线绝缘化改造"
    table.loc[emptied.item_id, ["措施种类", "措施类别"]] = ["其他", ""]
    take_over(company, table)

    assert items.stored(company, to_other).measure_type == "operation"
    assert items.stored(company, to_works).measure_type == "works"
    assert items.stored(company, emptied).measure_type == ""


def test_a_table_asks_for_figures_of_what_it_changed_and_of_what_it_made(company):
    """A note asks for none."""
    draft, noted = items.made(company), items.made(company, object_code="L2")
    table = taken_out(company).set_index("整改编号", drop=False)
    table.loc[draft.item_id, "责任人"] = "李整"
    table.loc[noted.item_id, "进展说明"] = "已联系"

    def waiting():
        with writing_all(company) as connection:
            found = stale.waiting(connection)
            stale.clear(connection, found)
        return {(unit, month) for unit, source, month in found if source == "rectifications"}

    waiting()
    take_over(company, table)
    months = {month_of(TODAY), month_of(DUE)}
    assert waiting() == {(items.COUNTY_A1, month) for month in months}

    new = {"对象类型": "线路", "对象编码": "L2", "整改事项": "新的一项", "原定期限": str(DUE)}
    take_over(company, with_row(taken_out(company), **new))
    assert waiting() == {(items.COUNTY_A2, month) for month in months}


def test_who_was_too_late_sees_both_versions_and_decides(company):
    item, other = items.assigned(company), items.assigned(company)
    table = taken_out(company).set_index("整改编号", drop=False)
    table.loc[item.item_id, "整改事项"] = "表里的"
    table.loc[other.item_id, "整改事项"] = "也是表里的"
    do(company, "edit", MANAGER, item, {"title": "页面上的"})
    before = dump(company)

    conflict = next(one for one in planned(company, table) if one.item_id == item.item_id)
    assert (conflict.act, conflict.mine, conflict.theirs) == (
        "conflict", {"title": "表里的"}, {"title": "页面上的"},
    )  # fmt: skip
    with pytest.raises(ChangedByOthers) as caught:
        take_over(company, table)
    assert dump(company) == before
    key = ("A", item.item_id)
    assert (caught.value.mine[key], caught.value.theirs[key]) == (conflict.mine, conflict.theirs)

    take_over(company, table, over=caught.value.seen)
    assert items.stored(company, item).title == "表里的"


def test_over_replaces_only_the_version_that_was_seen(company):
    item = items.assigned(company)
    table = taken_out(company)
    table["整改事项"] = "表里的"
    seen = do(company, "edit", MANAGER, item, {"title": "一"})
    do(company, "edit", MANAGER, seen, {"title": "二"})

    with pytest.raises(ChangedByOthers):
        take_over(company, table, over={("A", item.item_id): seen.version})


WRONG = {  # what is filled in, and where and what is wrong
    "a state": ({"状态": "已销号"}, "status", "rectification_fixed"),
    "another line": ({"对象编码": "L2"}, "object_code", "rectification_fixed"),
    "another person": ({"责任人": "何助"}, "responsible", "rectification_fixed"),
    "another date": ({"原定期限": "2099-01-01"}, "original_due", "rectification_due_is_set"),
    "no date": ({"原定期限": "明天"}, "original_due", "date"),
    "no kind": ({"措施种类": "魔法"}, "measure_kind", "rectification_choice"),
    "no title": ({"整改事项": ""}, "title", "rectification_title"),
    "no number": ({"进度（%）": "一半"}, "progress_pct", "rectification_percent"),
    "too much": ({"进度（%）": "101", "进展说明": "x"}, "progress_pct", "rectification_percent"),
    "nothing said": ({"进度（%）": "50"}, "note", "rectification_text"),
    "a point less": ({"资金": ""}, "funding", "rectification_five_points"),
    "too long": ({"责任部门": "x" * 121}, "department", "too_long"),
    "no item": ({"整改编号": "R2026-9999"}, "item_id", "rectification_no_item"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_row_is_named_and_nothing_of_the_table_is_stored(company, what):
    cells, column, code = WRONG[what]
    items.working(company)
    good = {"对象类型": "线路", "对象编码": "L2", "整改事项": "好的一行"}
    table = taken_out(company)
    for name, text in cells.items():
        table.loc[0, name] = text
    table = with_row(table, **good)
    before = dump(company)

    wrong, right = planned(company, table)

    assert (wrong.row, wrong.act, [(at, error.code) for at, error in wrong.problems]) == (
        2, "wrong", [(column, code)],
    )  # fmt: skip
    assert (right.row, right.act) == (3, "new")
    with pytest.raises(InvalidInput, match="rows_wrong"):
        take_over(company, table)
    assert dump(company) == before


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"对象编码": "L9"}, "object_code", "rectification_object"),
        ({"责任人": "无此人"}, "responsible", "rectification_no_person"),
        ({"责任人": "王工", "原定期限": ""}, "original_due", "rectification_due_missing"),
        ({"对象类型": ""}, "object_kind", "cell_needed"),
        ({"责任人": "高看"}, "responsible", "rectification_name_twice"),
        ({"进度（%）": "40%", "进展说明": "已动工"}, "progress_pct", "rectification_progress"),
    ],
)
def test_a_new_row_that_no_item_can_be_is_named(company, cells, column, code):
    with items.writing_all(company) as connection:
        twin = {"person_id": 90, "role": "executive", "org_unit_id": 2, "valid_from": TODAY}
        connection.execute(items.insert(items.people).values(id=90, name="高看"))
        connection.execute(items.insert(items.grants).values(**twin))
    table = taken_out(company)
    new = {"对象类型": "线路", "对象编码": "L1", "整改事项": "x", "原定期限": str(DUE)}
    (found,) = planned(company, with_row(table, **(new | cells)))

    assert [(at, error.code) for at, error in found.problems] == [(column, code)]


def test_the_same_item_twice_and_empty_rows(company):
    item = items.assigned(company)
    table = taken_out(company)
    twice = with_row(pd.concat([table, table], ignore_index=True))

    first, second = planned(company, twice)

    assert (first.act, second.act, second.problems[0][1].values) == ("same", "wrong", {"row": 2})
    assert first.item_id == item.item_id


def test_a_table_of_foreign_items_finds_none(company):
    items.assigned(company)
    table = taken_out(company)
    table["整改事项"] = "别人的"
    before = dump(company)

    (found,) = planned(company, table, STRANGER)

    assert [error.code for _at, error in found.problems] == ["rectification_no_item"]
    (found,) = planned(company, table, LOOKER)
    assert [error.code for _at, error in found.problems] == ["edit_rectifications"]
    with pytest.raises(NotFound):
        rectification_import.exported(company, person(LEAD).scope, Wanted(CITY_B), TODAY, "zh")
    assert dump(company) == before


def test_a_manager_does_not_report_progress_for_others(company):
    """Who verifies has no hand in it, also not by a table."""
    items.working(company)
    table = taken_out(company)
    table.loc[0, ["进度（%）", "进展说明"]] = ["80", "代报"]
    (found,) = planned(company, table, MANAGER)

    assert [(at, error.code) for at, error in found.problems] == [("progress_pct", "work_on_rectifications")]


def test_a_table_whose_audit_row_cannot_be_written_changes_nothing(company):
    items.assigned(company)
    table = taken_out(company)
    table["整改事项"] = "x"
    nobody = items.replace(person(LEAD), name=None)
    before = dump(company)

    with pytest.raises(IntegrityError):
        rectification_import.take_over(company, nobody, table)

    assert dump(company) == before


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (pd.DataFrame({"整改编号": []}), "pasted_columns"),
        (pd.DataFrame(columns=["item_id", "version", "object_kind", "object_code", "title"]), "pasted_empty"),
    ],
)
def test_what_is_no_such_table_is_refused(company, table, code):
    with pytest.raises(InvalidInput, match=code):
        planned(company, table)


def test_a_day_written_by_a_spreadsheet_is_a_day(company):
    table = with_row(taken_out(company), 对象类型="line", 对象编码="L1", 整改事项="x")
    for text in (f"{DUE:%Y/%m/%d}", f"{DUE} 00:00:00", f"{DUE:%Y年%m月%d日}"):
        table.loc[0, "原定期限"] = text
        assert [one.act for one in planned(company, table)] == ["new"], text
    table.loc[0, "原定期限"] = str(TODAY - timedelta(days=1))
    assert [one.act for one in planned(company, table)] == ["wrong"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_comes_back_as_it_was_written(company, tmp_path, kind):
    """Also with lines above the header, empty rows, and days that a spreadsheet made of texts."""
    items.working(company)
    items.made(company, original_due=None)
    table = taken_out(company)
    labels = {name: name for name in table.columns}
    pack = {"xlsx": records_xlsx.workbook, "csv": records_csv.text}[kind]
    above = [("单位", "甲局"), ("状态", "全部")]
    more = ("整改项",) if kind == "xlsx" else ()
    path = tmp_path / f"items.{kind}"
    path.write_bytes(pack(above, labels, [table], *more))

    read = rectification_file.table_of(path)

    plan = planned(company, read)
    assert [(one.row, one.act) for one in plan] == [(5, "same"), (6, "same")]
    assert read.to_dict("list") == table.to_dict("list")


def test_a_file_without_such_a_header_is_refused(company, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")

    with pytest.raises(InvalidInput, match="pasted_columns"):
        planned(company, rectification_file.table_of(path))
    path.write_bytes(b"")
    with pytest.raises(FileRejected):
        rectification_file.table_of(path)
    path = tmp_path / "x.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises((FileRejected, InvalidInput)):
        planned(company, rectification_file.table_of(path))
