"""What the URL says about unit, period and comparison; what is senseless falls back, foreign units do not."""

from datetime import date

import pytest

from domain.errors import NotFound
from domain.org_units import OrgUnit
from ui import filters

UNITS = {
    1: OrgUnit(1, "C1", "云川局", "", "city", None, "C1"),
    2: OrgUnit(2, "K1", "青溪县局", "", "county", 1, "C1"),
}
TREE = UNITS | {
    3: OrgUnit(3, "S1", "沙溪供电所", "", "station", 2, "C1"),
    4: OrgUnit(4, "S1G1", "一片区", "", "grid", 3, "C1"),
    5: OrgUnit(5, "S1G2", "二片区", "", "grid", 3, "C1"),
    6: OrgUnit(6, "S2", "河口供电所", "", "station", 2, "C1"),
    7: OrgUnit(7, "S2G1", "三片区", "", "grid", 6, "C1"),
}
FIRST, LAST = date(2024, 1, 1), date(2026, 10, 1)


def _parsed(**wanted: str) -> filters.Choice:
    return filters.parsed(wanted, filters.unit_of(wanted, UNITS), LAST, FIRST)


def test_nothing_said_is_the_top_unit_and_the_last_complete_month():
    choice = _parsed()

    assert choice.unit_id == 1
    assert (choice.period.kind, choice.period.first, choice.period.last) == ("month", LAST, LAST)
    assert choice.compare == "last_year"


def test_everything_said_is_heard():
    choice = _parsed(unit="K1", period="quarter", end="2026-08", compare="previous")

    assert choice.unit_id == 2
    assert choice.period.first == date(2026, 7, 1)
    assert choice.period.last == date(2026, 8, 1)
    assert choice.before().last == date(2026, 5, 1)  # April and May, as July and August


@pytest.mark.parametrize(
    "end", ["", "2026-13", "2026-00", "x", "2027-01", "2023-12", "2026-10-01", "99999999-1", "²-1"]
)
def test_a_senseless_or_uncovered_end_is_the_last_complete_month(end):
    assert _parsed(end=end).period.last == LAST


@pytest.mark.parametrize(("key", "value"), [("period", "week"), ("compare", "yesterday"), ("period", "")])
def test_other_senseless_values_fall_back(key, value):
    assert _parsed(**{key: value}) == _parsed()


@pytest.mark.parametrize("code", ["K2", "k1", "' OR 1=1 --", "云川局"])
def test_a_foreign_unit_and_an_absent_one_are_not_found(code):
    """A viewer of C1 must not learn whether K2 exists."""
    with pytest.raises(NotFound):
        _parsed(unit=code)


def test_beside_a_target_the_change_is_against_last_year():
    assert _parsed(compare="target").before() == _parsed(compare="last_year").before()


def test_the_path_begins_at_the_top_of_what_is_seen():
    assert [one.code for one in filters.path_of(2, UNITS)] == ["C1", "K1"]
    assert [one.code for one in filters.path_of(2, {2: UNITS[2]})] == ["K1"]


@pytest.mark.parametrize("chosen", [1, 2])
def test_above_the_stations_no_grid_is_listed(chosen):
    """Two thousand of them would be half of every page."""
    assert filters.listed(TREE, chosen) == [1, 2, 3, 6]


@pytest.mark.parametrize("chosen", [3, 4, 5])
def test_of_the_chosen_station_the_grids_are_listed_and_of_no_other(chosen):
    """The station is chosen itself, or one of its grids is."""
    assert filters.listed(TREE, chosen) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("chosen", [4, 7])
def test_an_area_manager_finds_the_own_grids_whose_stations_are_not_seen(chosen):
    assert filters.listed({one: TREE[one] for one in (4, 7)}, chosen) == [4, 7]


@pytest.mark.parametrize("seen", [TREE, {4: TREE[4]}, {one: TREE[one] for one in (3, 4, 5, 7)}])
def test_the_chosen_unit_is_always_among_those_to_choose_from(seen):
    for chosen in seen:
        assert chosen in filters.listed(seen, chosen)
