"""Risk in words: every rule, clause and threshold that refresh can write has its words in both languages."""

import pytest

from domain import risk_draft, rule_sets
from domain.risk_rules import RULES, SOURCES
from ui import texts
from ui.risk import rule_fields, words

BODY = rule_sets.first_version("risk").body
# As the rules write them; the value is of the first clause.
CLAUSES = {
    ("RL1", "list = frequent; faults >= 3", 7.0): (
        "计入 7 次，列入频繁停电清单",
        "列入频繁停电清单、12个月故障 ≥ 3 次",
    ),
    ("RL1", "faults >= 3; list = warning", 4.0): ("12个月 4 次", "12个月故障 ≥ 3 次、列入预警清单"),
    ("RL2", "load >= 100 %, points >= 8", 9.0): ("连续 9 点", "负载率 ≥ 100%，且连续 ≥ 8 个15分钟点"),
    ("RL3", "low_days >= 3", 5.0): ("30天内 5 天", "低电压 ≥ 3 天"),
    ("RL4", "unbalance > 25 %, hours >= 24", 31.5): ("31.5%", "不平衡度 > 25%，且时长 ≥ 24 小时"),
    ("RL5", "transformer_years > 20", 20.7): ("20.7 年", "变压器年限 > 20 年"),
    ("RL5", "bare_conductor_years > 25", 30.0): ("30 年", "裸导线年限 > 25 年"),
    ("RL6", "faults >= 2; sites >= 1", 2.0): ("12个月 2 次", "12个月外力故障 ≥ 2 次、未消除隐患点 ≥ 1 处"),
    ("RL6", "sites >= 1", 1.0): ("未消除 1 处", "未消除隐患点 ≥ 1 处"),
    ("RL7", "urgent_defects >= 1", 1.0): ("紧急 1 项", "紧急缺陷 ≥ 1 项"),
    ("RL7", "major_late_defects >= 1", 2.0): ("重大超期 2 项", "重大超期缺陷 ≥ 1 项"),
    ("RL7", "minor_defects >= 5", 6.0): ("一般 6 项", "一般缺陷 ≥ 5 项"),
    ("RL8", "faults >= 1", 1.0): ("12个月 1 次", "12个月用户故障出门 ≥ 1 次"),
    ("RL8", "accounts >= 1", 3.0): ("3 户未装分界开关", "未装分界开关 ≥ 1 户"),
    ("RL9", "years_since_test > 3; arrester in valve, silicon_carbide", 3.4): (
        "距上次试验 3.4 年",
        "距上次试验 > 3 年、避雷器类型为阀式、碳化硅",
    ),
    ("RL9", "transformer_years > 20", 22.0): ("变压器 22 年", "变压器年限 > 20 年"),
    ("RL9", "arrester in valve, silicon_carbide", 2.0): ("老旧避雷器 2 台", "避雷器类型为阀式、碳化硅"),
    ("RL10", "ties < 1", 0.0): ("无联络点", "联络点 < 1 个"),
    ("RL10", "ties at limit", 3.0): ("联络点转供能力不足", "联络点转供能力不足"),
}


@pytest.fixture(autouse=True)
def chinese():
    texts.use("zh")
    yield
    texts.use("zh")


@pytest.mark.parametrize("finding", CLAUSES, ids=str)
def test_a_finding_is_told_in_chinese(finding):
    code, threshold, value = finding

    assert (words.value(code, value, threshold), words.limits(code, threshold)) == CLAUSES[finding]


@pytest.mark.parametrize("finding", CLAUSES, ids=str)
def test_a_finding_is_told_in_english_without_a_code_of_ours(finding):
    texts.use("en")
    code, threshold, value = finding

    said = " ".join([words.value(code, value, threshold), words.limits(code, threshold)])

    assert "_" not in said and " = " not in said and ">=" not in said


@pytest.mark.parametrize("code", RULES)
def test_a_rule_has_a_name(code):
    assert words.rule(code) != code
    assert words.numbered(code).startswith(f"{code} ")


@pytest.mark.parametrize("source", SOURCES)
def test_what_a_rule_lacks_has_words(source):
    assert words.lacks(source) != source


def test_a_list_says_the_gravest_first_and_short():
    findings = (("RL1", 20.0, "faults >= 3", 2), ("RL10", 0.0, "ties < 1", 3))

    assert words.whys(findings) == "RL1 频繁跳闸 20 次 · RL10 单辐射无联络"


def test_every_threshold_of_a_rule_that_can_be_judged_has_words():
    """No key of the rule set is shown to anybody."""
    paths = [one for one, _value in risk_draft.leaves(BODY) if rule_fields.is_offered(one.partition(".")[0])]

    assert [one for one in paths if rule_fields.name(one) == one] == []
    assert "RL1.faults.faults" in paths


def test_a_changed_threshold_is_told_with_both_values():
    assert rule_fields.change("RL1.faults.faults", 3, 5) == "RL1 频繁跳闸 · 12个月故障次数（次）：3 → 5"
    assert rule_fields.change("RL1.faults.level", 2, 1).endswith("中 → 高")
    assert rule_fields.change("RL5.transformer.operator", ">", ">=").endswith("> → ≥")
    assert rule_fields.change("RL9.arrester.types", ["valve"], ["none"]).endswith("阀式 → 未装避雷器")
