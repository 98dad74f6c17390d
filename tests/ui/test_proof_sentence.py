"""A proof in words: the sentence with its numbers, and why nothing is judged."""

from dataclasses import replace

import pytest

from domain.proof import Proof
from domain.proof_found import avoided
from domain.rule_sets import first_version
from ui import texts
from ui.proof import words
from ui.proof.sentence import sentence

RULES = first_version("proof").body
PROOF = Proof(
    outcome="outages", verdict="no_evidence", stage="final", reason="", items=1, items_too_early=0,
    items_without_expectation=0, after_from=None, after_to=None, months_after=12, before=9,
    before_same_season=9, after=2, expected=5.1, ratio=2 / 5.1, lower=0.05, upper=1.4, avoided=3.1,
    expected_sd=0.6, basis="controls", compared=34, change=0.9, level=0.95,
)  # fmt: skip


@pytest.fixture(params=["zh", "en"])
def language(request):
    texts.use(request.param)
    yield request.param
    texts.use("zh")


def test_the_sentence_of_one_line(language):
    assert (
        sentence(PROOF, "line", RULES)
        == {
            "zh": "完工后 12 个月停电 2 次，同类未整改线路同期预计 5.1 次；比值 0.39（95% 区间 0.05–1.4）："
            "证据不足，继续观察",
            "en": "12 months after the works: 2 outages; 5.1 were to be expected of untreated lines like it; "
            "ratio 0.39 (95% interval 0.05–1.4): no evidence yet, keep watching",
        }[language]
    )


def test_the_sentence_of_many_and_of_customer_time(language):
    many = replace(
        PROOF, items=12, months_after=130, outcome="customer_s", after=7_200_000, expected=14_400_000.0,
        ratio=0.5, lower=0.3, upper=0.8, verdict="effective", stage="provisional",
    )  # fmt: skip
    assert (
        sentence(many, "", RULES)
        == {
            "zh": "12 项合计：完工后累计 130 个月停电 2,000 时户，同类未整改对象同期预计 4,000 时户；"
            "比值 0.50（95% 区间 0.30–0.80）：有效（暂定）",
            "en": "12 items together, 130 months after the works in all: 120,000 customer-min; 240,000 "
            "customer-min were to be expected of untreated lines and areas like them; ratio 0.50 (95% "
            "interval 0.30–0.80): effective (provisional)",
        }[language]
    )


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("reason", ["few_months", "few_peers", "few_outages", "equipment", "no_object"])
def test_what_is_not_judged_says_why_and_has_no_ratio(reason):
    verdict = "too_early" if reason in ("few_months", "equipment", "no_object") else "no_evidence"
    none = replace(PROOF, reason=reason, months_after=1, ratio=None, expected=None, verdict=verdict)

    said = sentence(none, "line", RULES)
    assert said and "None" not in said
    assert words.avoided_text(none) == ""
    assert words.sign(none) == words.SIGNS["too_early"]


def test_avoided_is_told_by_the_interval_of_the_ratio():
    assert avoided(PROOF) == (pytest.approx(5.1 * (1 - 1.4)), pytest.approx(5.1 * 0.95))
    assert words.avoided_text(PROOF) == "3.1 次（−2.0 至 4.8）"
    assert avoided(replace(PROOF, expected=None)) is None


@pytest.mark.usefixtures("language")
def test_every_verdict_has_a_word_and_a_sign_of_its_own():
    shown = [
        (words.sign(one), words.verdict(one))
        for one in (replace(PROOF, verdict=verdict) for verdict in words.VERDICTS)
    ]
    assert len({sign for sign, _ in shown}) == len({word for _, word in shown}) == len(words.VERDICTS)
