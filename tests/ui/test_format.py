"""Numbers, units and dates as people read them, in both languages."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.kpis import catalogue
from domain.periods import Period, period
from ui import format as fmt
from ui import texts

KPIS = catalogue().kpis


@pytest.fixture(autouse=True)
def _chinese_afterwards():
    yield
    texts.use("zh")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (12_345, "1.23万", "12,345"),
        (1_234_567, "123.5万", "1.23 M"),
        (45_600_000, "4,560万", "45.60 M"),
        (123_000_000, "1.23亿", "123.0 M"),
        (-20_000, "−2.00万", "−20,000"),
        (None, "—", "—"),
        (float("nan"), "—", "—"),
    ],
)
def test_large_counts_are_read_in_wan_and_yi(value, zh, en):
    texts.use("zh")
    assert fmt.large(value) == zh
    texts.use("en")
    assert fmt.large(value) == en


def test_a_change_of_a_percentage_is_percentage_points():
    """From 98.0 % to 98.4 % is +0.4 points, not +0.4 %."""
    texts.use("zh")
    assert fmt.difference(KPIS["planned_notice_timely"], 0.4) == "+0.4 百分点"
    texts.use("en")
    assert fmt.difference(KPIS["planned_notice_timely"], -0.4) == "−0.4 pp"
    assert fmt.difference(KPIS["saidi"], 9.1) == "+9.1"


def test_no_change_has_no_direction():
    """A change that rounds to nothing must not look like an improvement."""
    assert fmt.difference(KPIS["saidi"], 0.0) == "±0.0"
    assert fmt.difference(KPIS["saidi"], -0.04) == "±0.0"
    assert fmt.number(-0.04, 1) == "0.0"


def test_missing_is_a_dash_and_never_zero():
    assert fmt.figure_with_unit(KPIS["saidi"], None) == "—"
    assert fmt.figure_with_unit(KPIS["saidi"], float("nan")) == "—"
    assert fmt.figure_with_unit(KPIS["saidi"], 0.0) == "0.0 分钟/户"


@pytest.mark.parametrize(
    ("chosen", "zh", "en"),
    [
        (period("month", date(2026, 10, 1)), "2026年10月", "Oct 2026"),
        (period("quarter", date(2026, 12, 1)), "2026年第4季度", "Q4 2026"),
        (period("quarter", date(2026, 11, 1)), "2026年第4季度（2026年10–11月）", "Q4 2026 (Oct–Nov 2026)"),
        (period("ytd", date(2026, 3, 1)), "2026年1–3月", "Jan–Mar 2026"),
        (period("12m", date(2026, 10, 1)), "2025年11月至2026年10月", "Nov 2025 to Oct 2026"),
        (period("year", date(2026, 12, 1)), "2026年", "2026"),
    ],
)
def test_periods_say_which_months_they_hold(chosen: Period, zh: str, en: str):
    """A quarter that is not over says to which month it reaches."""
    texts.use("zh")
    assert fmt.period(chosen) == zh
    texts.use("en")
    assert fmt.period(chosen) == en


def test_times_are_shown_in_the_companys_zone():
    """22:00 UTC is the next morning in Shanghai."""
    assert fmt.moment(datetime(2026, 11, 19, 22, 0), ZoneInfo("Asia/Shanghai")) == "2026-11-20 06:00"


def test_every_unit_of_the_catalogue_has_words():
    for kpi in KPIS.values():
        assert fmt.unit(kpi) or kpi.unit == "count", kpi.id
    for measure in catalogue().measures.values():
        texts.use("zh")
        assert fmt.measure_unit(measure) != measure.unit, measure.id


def test_a_count_does_not_repeat_what_its_name_says():
    """频繁停电台区 57 个, not 57 个台区."""
    texts.use("zh")
    assert fmt.figure_with_unit(KPIS["frequent_areas"], 57) == "57 个"
    assert fmt.figure_with_unit(KPIS["frequent_lines"], 3) == "3 条"
    texts.use("en")
    assert fmt.figure_with_unit(KPIS["frequent_areas"], 57) == "57"


def test_amounts_say_what_they_count():
    """Customer time is stored in seconds and said in hours, as the trade counts it, or in minutes."""
    measures = catalogue().measures
    texts.use("zh")
    assert fmt.amount(measures["cmi_lv"], 45_000_000) == "1.25万 时户"
    assert fmt.amount(measures["outages"], 5) == "5 次停电"
    texts.use("en")
    assert fmt.amount(measures["cmi_lv"], 45_000_000) == "750,000 customer-min"
    assert fmt.amount(measures["outages"], 5) == "5 outages"
    assert fmt.amount(measures["outages"], 1) == "1 outage"
    assert fmt.amount(measures["ci_lv"], 4_872_808, is_exact=True) == "4,872,808 customer interruptions"


def test_a_period_that_is_not_whole_says_which_months_it_holds():
    texts.use("en")
    said = [fmt.running(period(kind, date(2026, 10, 1))) for kind in ("month", "quarter", "ytd", "year")]

    assert said == ["", "only Oct 2026", "", "only Jan–Oct 2026"]
    assert fmt.running(period("year", date(2025, 12, 1))) == ""
    texts.use("zh")
    assert fmt.running(period("quarter", date(2026, 11, 1))) == "仅含2026年10–11月"


def test_months_in_a_row_are_said_as_one():
    months = [date(2025, 12, 1), date(2026, 1, 1), date(2026, 3, 1)]

    assert fmt.runs_of_months(months).replace("、", ", ") == "2025-12 – 2026-01, 2026-03"
