"""Which units rows speak of: the lowest common one, and never more than one city bureau each."""

import pytest

from domain.org_units import OrgUnit, lowest_common, outermost, spoken_of

P, A, B, A1, A2, S1, S2, B1 = range(1, 9)
ABOVE = {P: None, A: P, B: P, A1: A, A2: A, S1: A1, S2: A1, B1: B}
LEVELS = {P: "province", A: "city", B: "city", S1: "station", S2: "station"}
UNITS = {
    one: OrgUnit(one, str(one), "", "", LEVELS.get(one, "county"), parent, "X")
    for one, parent in ABOVE.items()
}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([S1], [S1]),  # not its county: another station may have sent nothing
        ([S1, S2], [A1]),
        ([S1, A1], [A1]),
        ([S1, A2], [A]),
        ([S1, B1], [A, B]),  # and not the province: there may be a third city
        ([P, S1], [P]),
        ([], []),
    ],
)
def test_rows_speak_of_the_lowest_unit_that_holds_them_or_of_each_of_several_cities(rows, found):
    assert found == spoken_of(rows, UNITS)


def test_a_company_without_cities_is_one_bureau():
    county = {1: OrgUnit(1, "K", "", "", "county", None, "K")}
    county |= {one: OrgUnit(one, str(one), "", "", "station", 1, "K") for one in (2, 3)}

    assert spoken_of([2, 3], county) == [1]


def test_units_of_two_trees_have_none_in_common():
    assert lowest_common([S1, 9], UNITS | {9: OrgUnit(9, "Q", "", "", "province", None, "Q")}) is None


def test_what_lies_below_another_one_is_named_once():
    assert outermost([A, S1, A2, B1], UNITS) == [A, B1]
