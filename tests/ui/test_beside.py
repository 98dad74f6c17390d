"""The words about units beside and above: place and distribution without names."""

import pandas as pd
import pytest

from domain.benchmark import Benchmark
from domain.kpis import catalogue
from ui import texts
from ui.detail import beside

KPIS = catalogue().kpis
SAIDI, KEPT = KPIS["saidi"], KPIS["promise_kept_last"]
ABOVE = pd.DataFrame(
    {"org_unit_id": [1, 2], "name": ["南省", "甲市"], "name_en": ["South", ""], "value": [16.4, float("nan")]}
)
NONE_ABOVE = ABOVE.head(0)


@pytest.fixture(autouse=True)
def _chinese_afterwards():
    texts.use("en")
    yield
    texts.use("zh")


def test_the_best_is_the_lowest_or_the_highest_as_the_kpi_says():
    values = (9.4, 16.2, 21.8)

    lower = beside.words(Benchmark(NONE_ABOVE, 3, 3, values), SAIDI)
    higher = beside.words(Benchmark(NONE_ABOVE, 3, 3, values), KEPT)

    assert lower == "Place 3 of 3 units side by side, best first; median 16.2, best 9.4, worst 21.8."
    assert "median 16.20, best 21.80, worst 9.40" in higher


def test_of_two_units_the_other_would_be_known():
    assert beside.words(Benchmark(NONE_ABOVE, 1, 2, (9.4, 21.8)), SAIDI) == ""


def test_a_unit_without_a_figure_has_no_place():
    said = beside.words(Benchmark(NONE_ABOVE, None, 4, (1, 2, 4, 9)), SAIDI)

    assert said == "4 units side by side: median 3.0, best 1.0, worst 9.0."


def test_units_above_are_named_where_they_have_a_figure():
    texts.use("zh")

    assert beside.words(Benchmark(ABOVE, 1, 1, (9.4,)), SAIDI) == "上级：南省 16.4。"


def test_a_count_above_is_only_larger_and_says_nothing():
    assert beside.words(Benchmark(ABOVE, 1, 1, (9.4,)), KPIS["frequent_areas"]) == ""
