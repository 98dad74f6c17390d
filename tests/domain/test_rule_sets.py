"""Which versions judge a period: both where the rules changed in it."""

from datetime import date

import pytest

from domain.errors import InvalidInput
from domain.rule_sets import BEGINNING, RuleVersion, check_shape, versions_between

VERSIONS = [
    RuleVersion("outages", 3, date(2026, 7, 1), {}),  # in any order
    RuleVersion("outages", 1, BEGINNING, {}),
    RuleVersion("outages", 2, date(2026, 4, 1), {}),
    RuleVersion("outages", 4, date(2026, 7, 1), {}),  # in the place of 3
]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2026-01-01", "2026-03-31", [1]),
        ("2026-01-01", "2026-04-01", [1, 2]),
        ("2026-04-01", "2026-04-30", [2]),
        ("2026-03-31", "2026-12-31", [1, 2, 4]),
    ],
)
def test_every_version_that_judges_a_day_of_the_period_is_named(first, last, found):
    versions = versions_between(VERSIONS, date.fromisoformat(first), date.fromisoformat(last))

    assert [one.version for one in versions] == found


@pytest.mark.parametrize("days", [0, -1])
def test_nothing_is_kept_for_less_than_a_day(days):
    """With 0 days a file would go before it is brought in."""
    with pytest.raises(InvalidInput) as caught:
        check_shape({"uploads": {"days": days}}, {"uploads": {"days": 7}})

    assert (caught.value.code, caught.value.values["field"]) == ("rule_field", "uploads.days")
