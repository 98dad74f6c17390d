"""An audit row in words: subject, fields and values, in both languages."""

import pytest

from domain.rule_sets import names
from ui import rule_texts, texts
from ui.audit_log import actions, subjects, words


@pytest.fixture
def english():
    texts.use("en")
    yield
    texts.use("zh")


@pytest.mark.parametrize(
    ("action", "stored", "said"),
    [
        ("import.file", "outages a_b *.csv", "停电记录 a_b *.csv"),
        ("import.undo", "batch 12 outages", "批次 12：停电记录"),
        ("warnings.accepted", "import warnings: 1200", "1,200 条存疑提示"),
        ("reset_baseline", "saidi at unit 12", "系统平均停电时间"),
        ("set_med_threshold", "2026 at unit 3", "2026"),
        ("rules.publish", "outages", "停电统计口径"),
        ("purge", "uploads", "上传的文件"),
        ("refused", "detail unit", "指标下钻：单位"),
        ("refused", "records edit_records", "数据维护：录入记录"),
        ("refused", "some_page", "some_page"),
        ("views.save", "view 12", "个人视图 12 号"),
        ("views.save", "月报", "月报"),
        ("export", "records saidi 060101 month-2026-10", "明细 系统平均停电时间 2026-10"),
        ("export", "records saidi 060101 ytd-2026-10", "明细 系统平均停电时间 2026-10（本年累计）"),
        ("export", "audit_log", "审计日志"),
        ("export", "equipment 0601", "用户设备台账 0601"),
        ("export", "left_out outages a.csv", "剔除行 停电记录 a.csv"),
        ("rectifications.verify", "R2026-0042 0601", "R2026-0042"),
        ("rectifications.hand_over_all", "5 items", "5 个整改项"),
        ("of.a.later.version", "as it is", "as it is"),
    ],
)
def test_a_subject_is_said_in_words(action, stored, said):
    assert subjects.subject(action, stored) == said


@pytest.mark.parametrize(
    ("name", "stored", "said"),
    [
        ("n", None, "—"),
        ("reason", "", "—"),
        ("is_active", True, "是"),
        ("rows", 1234567, "1,234,567"),
        ("version", 1234, "1234"),
        ("centre", -3.780791234, "−3.78079"),
        ("level", "LV", "低压"),
        ("role", "manager", "单位负责人"),
        ("role", "of a later version", "of a later version"),
        ("asked", "see_audit", "查看审计日志"),
        ("operator", "<=", "≤"),
        (
            "query",
            "kpi=saifi&period=quarter&unit=060101&records_page=2",
            "指标: 系统平均停电频率; 周期类型: 季度; 单位: 060101; records_page: 2",
        ),
        (
            "keys",
            [[1, 2, "cause", "unknown"], [1, 3, "cause", "unknown"]],
            "1 2 cause unknown、1 3 cause unknown",
        ),
        ("whole", {"rows": 2}, "行数: 2"),
        ("status", "done", "待验收"),
        ("status", "of a later version", "of a later version"),
        ("measure_type", "works", "工程改造"),
        ("responsible_id", 1234, "人员 1234 号"),
        ("worked_by_ids", [7, None], "人员 7 号、—"),
    ],
)
def test_a_value_is_said_in_words(name, stored, said):
    assert words.value(name, stored) == said


def test_a_bulk_act_is_cut_and_says_how_many_there_are():
    said = words.value("keys", [[1, row, "cause", "unknown_cause"] for row in range(5_000)])

    assert len(said) < words.LONGEST + 20
    assert said.endswith("（共 5000 项）")


def test_the_name_of_a_view_is_not_called_a_person_s():
    said = {"name": "月报", "page": "overview", "query": ""}
    found = words.sides({"action": "views.save", "subject": "月报", "before": None, "after": said})

    assert found.iloc[:, 0].tolist() == ["视图名称", "页面", "筛选条件"]


def test_what_was_before_and_after_stands_side_by_side():
    entry = {
        "action": "people.change",
        "subject": "x",
        "before": {"name": "a"},
        "after": {"name": "b", "n": 1},
    }
    found = words.sides(entry)

    assert found.columns.tolist() == ["项目", "变更前", "变更后"]
    assert found.values.tolist() == [["姓名或名称", "a", "b"], ["数量", "—", "1"]]
    assert words.sides(entry | {"before": None}).columns.tolist() == ["项目", "内容"]
    assert words.sides(entry | {"before": None, "after": None}).empty


def test_a_target_has_its_unit_beside_the_field():
    entry = {"action": "targets.set", "subject": "saidi month 2026-10 base", "before": None}
    found = words.sides(entry | {"after": {"value": 35.5, "version": 1}})

    assert found.values.tolist() == [["值（分钟/户）", "35.5"], ["版本", "1"]]


def test_each_change_of_a_bulk_act_has_a_row_with_its_unit():
    changes = [
        ["saidi month 2026-10 base", 3, {"value": 1.0, "version": 1}, {"value": 2.5, "version": 2}],
        ["saifi year 2026 full", 4, None, {"value": 4.0, "version": 1}],
    ]
    entry = {"action": "targets.set_many", "subject": "2 targets", "before": None}
    found = words.sides(entry | {"after": {"changed": 2, "changes": changes}}, {3: "甲局", 4: "乙局"}.get)

    assert found.columns.tolist() == ["目标", "单位", "变更前", "变更后"]
    assert found.values.tolist() == [
        ["系统平均停电时间 2026-10 基础值", "甲局", "值: 1", "值: 2.5"],
        ["系统平均停电频率 2026 满分值", "乙局", "—", "值: 4"],
    ]


def test_each_item_that_was_handed_over_has_a_row():
    changes = [
        ["R2026-0042 0601", 3, {"responsible_id": 7, "version": 1}, {"responsible_id": 8, "version": 2}]
    ]
    entry = {"action": "rectifications.hand_over_all", "subject": "1 items", "before": None}
    found = words.sides(entry | {"after": {"changed": 1, "changes": changes}}, {3: "甲局"}.get)

    assert found.columns.tolist() == ["整改项", "单位", "变更前", "变更后"]
    assert found.values.tolist() == [["R2026-0042", "甲局", "责任人: 人员 7 号", "责任人: 人员 8 号"]]


def test_a_changed_rule_is_named_by_its_sentence(english):  # noqa: ARG001 - the language
    entry = {"action": "rules.publish", "subject": "outages"}
    sides = {
        "before": {"version": 1, "momentary.minutes": 3},
        "after": {"version": 2, "momentary.minutes": 5},
    }
    found = words.sides(entry | sides)

    assert found["Field"].tolist() == ["version", "Momentary and not counted: … ▢ min"]
    assert found["After"].tolist() == ["2", "5"]
    assert rule_texts.key_name("retention", "uploads.days") == "Uploaded files and files of rows left out"
    assert rule_texts.key_name("outages", "of_another.version") == "of_another.version"
    assert rule_texts.key_name("of another version", "a.b") == "a.b"


@pytest.mark.parametrize("rule_set", names())
def test_every_set_of_rules_has_a_name(rule_set):
    assert rule_texts.set_name(rule_set) != rule_set


def test_a_group_has_its_acts_and_everything_has_no_limit():
    assert actions.of_group("") == ()
    assert "import.undo" in actions.of_group("imports")
    assert set(actions.LOOKED) <= set(actions.GROUPS)
