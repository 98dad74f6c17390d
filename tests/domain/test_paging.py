"""A page that there is not is the last that has rows."""

import pytest

from domain import paging


@pytest.mark.parametrize(
    ("number", "count", "shown", "before"),
    [
        (1, 0, 1, 0),
        (9, 0, 1, 0),
        (1, 50, 1, 0),
        (2, 50, 1, 0),
        (2, 51, 2, 50),
        (999, 101, 3, 100),
        (-3, 101, 1, 0),
    ],
)
def test_a_page_is_held_to_the_last_that_has_rows(number, count, shown, before):
    assert (paging.held(number, count, 50), paging.before(number, count, 50)) == (shown, before)
