"""Words of the overview: an all-clear only where something was judged."""

from datetime import date

import pytest

from tests.domain.test_overview import card
from ui import cards, texts


@pytest.fixture(autouse=True)
def _english():
    texts.use("en")
    yield
    texts.use("zh")


def test_there_is_no_all_clear_where_nothing_can_be_judged():
    """Six cards without data, two without a target and with too few months: nobody knows."""
    missing = [card(value=None, missing="not_covered:customers_served.LV")] * 6
    is_clear, said = cards.all_clear([*missing, *[card(too_few="few_months")] * 2])

    assert not is_clear
    assert said == (
        "0 of 8 indicators can be judged: no data: customers served (LV); no target for this period; "
        "too few months to judge."
    )


def test_an_all_clear_says_how_many_could_not_be_judged():
    is_clear, said = cards.all_clear([card(chip="met"), card(too_few="few_months")])

    assert is_clear
    assert "1 of 2 indicators cannot be judged" in said


def test_an_all_clear_of_all_says_no_more():
    assert cards.all_clear([card(chip="met")])[1].endswith("no signal for the worse.")


def test_a_month_that_is_covered_in_part_is_named_with_its_days():
    said = cards.no_month_yet((date(2026, 10, 3), date(2026, 10, 20)))

    assert said.startswith("Oct 2026 is covered only from 2026-10-03 to 2026-10-20.")
    assert cards.no_month_yet(None).startswith("No month is complete yet.")
