"""The takeaway above the worst lines: how few of them make most of it."""

import pandas as pd
import pytest

from ui import texts
from ui.reliability.worst_lists import message


@pytest.fixture(autouse=True)
def _chinese():
    texts.use("zh")


def _lines(*shares: float) -> pd.DataFrame:
    return pd.DataFrame({"name": [f"线{number}" for number in range(1, len(shares) + 1)], "share": shares})


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.4, 0.3, 0.15, 0.1, 0.05), "线1最严重；最差的 3 条线路占停电时户数的 85%"),
        ((0.6, 0.4), "线1最严重，占停电时户数的 60%"),  # both make all of it: one makes more than half
        ((1.0,), "线1最严重，占停电时户数的 100%"),
        ((0.2, 0.15, 0.1, 0.1, 0.05), "线1最严重；最差的 4 条线路占停电时户数的 55%"),
        ((0.1, 0.05), "线1最严重；最差的 2 条线路占停电时户数的 15%"),
        ((), "本期没有线路造成停电时户数"),
    ],
)
def test_the_message_says_how_few_lines_make_most_of_it(shares, said):
    """All lines of the list make 100 % says nothing."""
    assert message(_lines(*shares)) == said
