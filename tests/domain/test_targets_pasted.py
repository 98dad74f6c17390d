"""A pasted table of targets is read like a file: every fault by row and column, as the import says it."""

import pytest

from domain.errors import InvalidInput
from domain.import_problems import texts
from domain.targets_pasted import period_key, read

UNITS = {"C1": 7, "甲市": 7, "C2": 8}
HERE = {"kpi": "saidi", "unit": "C1", "period_kind": "month"}


def test_what_the_page_says_holds_for_columns_that_are_not_there():
    found, problems, unsaid = read("期间\t目标类别\t目标值\n2026-10\t基础值\t1,200.5\n", UNITS, HERE)

    assert problems == []
    assert unsaid == ("for_below", "source")
    (one,) = found
    assert (one.kpi, one.org_unit_id, one.period_kind, one.period) == ("saidi", 7, "month", "2026-10")
    assert (one.kind, one.value, one.for_below, one.source, one.version) == ("base", 1200.5, False, "", 0)


def test_a_full_table_in_english_names_its_own():
    head = "KPI\tUnit code\tPeriod kind\tPeriod\tKind\tValue\tFor units below\tSource\n"

    found, problems, unsaid = read(
        head + "SAIFI\tC2\tquarter\t2026-Q4\tfull\t0.4\tyes\tcontract\n", UNITS, HERE
    )

    assert (problems, unsaid) == ([], ())
    assert [(one.kpi, one.org_unit_id, one.for_below, one.source) for one in found] == [
        ("saifi", 8, True, "contract")
    ]


def test_every_fault_is_named_by_row_and_column():
    rows = [
        "planned_notice_timely\tC1\t2026-10\tbase\t101",
        "saidi\tC9\t2026-13\tbase\t-1",
        "nonsense\tC1\t2026-10\twish\tmany",
        "saidi\tC1\t2026-10\tbase\t",
        "saidi\tC1\t2026-11\tbase\t1",
        "saidi\t甲市\t2026-11\t基础值\t2",
    ]
    head = "kpi\tunit\tperiod\tkind\tvalue\n"

    found, problems, _unsaid = read(head + "\n".join(rows), UNITS, HERE)

    assert {(one.row, one.column, one.code) for one in problems} == {
        (2, "value", "too_large"),
        (3, "unit", "unknown_unit"),
        (3, "period", "not_a_period"),
        (3, "value", "too_small"),
        (4, "kpi", "unknown_kpi"),
        (4, "kind", "not_one_of"),
        (4, "value", "not_a_number"),
        (5, "value", "missing_value"),
        (7, "period", "duplicate_key"),
    }
    assert {one.code for one in problems} <= set(texts())
    assert [one.value for one in found] == [1.0]


def test_an_indicator_without_a_better_side_has_no_target():
    from domain.kpis import catalogue

    neutral = next(one.id for one in catalogue().kpis.values() if one.better == "neutral")
    _found, problems, _unsaid = read(
        "period\tkind\tvalue\n2026-10\tbase\t1\n", UNITS, HERE | {"kpi": neutral}
    )

    assert [(one.column, one.code) for one in problems] == [("kpi", "no_direction")]


def test_a_table_without_its_headers_is_refused():
    with pytest.raises(InvalidInput, match="pasted_columns"):
        read("2026-10\tbase\t1\n2026-11\tbase\t1\n", UNITS, HERE)


@pytest.mark.parametrize(
    ("kind", "said", "key"),
    [
        ("month", "2026年11月", "2026-11"),
        ("月度", "2026/11", "2026-11"),
        ("month", "2026.3", "2026-03"),
        ("ytd", "2026年3月", "2026-03"),
        ("month", "Nov 2026", "2026-11"),
        ("quarter", "2026年第4季度", "2026-Q4"),
        ("quarter", "2026年四季度", "2026-Q4"),
        ("quarter", "Q4 2026", "2026-Q4"),
        ("year", "2026年", "2026"),
        ("month", "2026-11", "2026-11"),
        ("month", "2026.13", "2026.13"),
        ("month", "the eleventh", "the eleventh"),
        ("quarter", "2026-11", "2026-11"),
        ("fortnight", "2026/11", "2026/11"),
        ("month", "November 2026", "2026-11"),
        ("month", "sep. 2026", "2026-09"),
        ("month", "May 2026", "2026-05"),
        ("month", "decoy 2026", "decoy 2026"),
        ("month", "Marvel 2026", "Marvel 2026"),
        ("month", "十一 2026", "十一 2026"),
        ("quarter", "20261", "20261"),
        ("quarter", "2026 1", "2026 1"),
        ("quarter", "2026-1", "2026-Q1"),
        ("quarter", "2026Q1", "2026-Q1"),
        ("quarter", "2026 第一季度", "2026-Q1"),
        ("quarter", "2026一季度", "2026-Q1"),
        ("quarter", "2026年第5季度", "2026年第5季度"),
    ],
)
def test_a_period_may_be_written_as_the_page_and_spreadsheets_write_it(kind, said, key):
    assert period_key(kind, said) == key


def test_an_unknown_kind_lists_what_can_be_written_and_advises_nothing_that_is_not_there():
    from domain.import_problems import sentence

    _found, (problem,), _unsaid = read("期间\t目标类别\t目标值\n2026年11月\t必达值\t1\n", UNITS, HERE)

    assert sentence(problem, "zh").startswith(
        "“必达值”不在可选值中，请填写其中之一：法定、承诺、基础值、满分值、挑战值"
    )


def test_missing_columns_are_named_in_the_language_of_the_page():
    from domain.error_texts import sentence

    with pytest.raises(InvalidInput) as caught:
        read("a\tb\n1\t2\n", UNITS, HERE)

    assert "期间、目标类别、目标值" in sentence(caught.value, "zh")
    assert "Period, Kind, Value" in sentence(caught.value, "en")
