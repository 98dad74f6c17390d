"""Wilson's interval against figures worked out elsewhere."""

import pytest

from domain.intervals import wilson


def test_wilson_of_81_in_263_is_the_textbooks():
    """Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662."""
    low, high = wilson(81, 263)

    assert (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5)) == (0.2553, 0.3662)


def test_none_and_all_of_few_still_have_a_width():
    """0 of 20: 0 to 0.1611 in the same table; the naive interval would be a point."""
    assert wilson(0, 20) == (0.0, pytest.approx(0.1611, abs=5e-5))
    assert wilson(20, 20)[0] == pytest.approx(1 - 0.1611, abs=5e-5)


def test_nothing_tried_has_no_interval():
    with pytest.raises(ZeroDivisionError):
        wilson(0, 0)
