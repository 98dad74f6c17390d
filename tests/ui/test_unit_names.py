"""Names of units where room is scarce."""

import pytest

from domain.org_units import OrgUnit
from ui import unit_names
from ui.texts import use

LONG = "国网南岭电力有限公司所属{}供电服务与客户关系管理分公司"


@pytest.fixture(autouse=True)
def chinese():
    use("zh")


def units(*names: str) -> dict[int, OrgUnit]:
    """Units below unit 1, which has a long name of its own."""
    rows = [OrgUnit(1, "P", LONG.format("省"), "", "province", None, "P")]
    rows += [OrgUnit(n, f"C{n}", name, "", "city", 1, f"C{n}") for n, name in enumerate(names, 2)]
    return {one.id: one for one in rows}


def test_names_that_fit_stay_as_they_are():
    assert unit_names.told_apart(["国网云川局", "国网岚湾局"]) == ["国网云川局", "国网岚湾局"]


def test_long_names_lose_what_they_all_begin_with():
    names = [LONG.format(one) for one in ("云川局", "岚湾局")]
    assert unit_names.told_apart(names) == [
        "…属云川局供电服务与客户关系管理分公司",
        "…属岚湾局供电服务与客户关系管理分公司",
    ]


def test_an_english_beginning_is_left_out_to_the_end_of_a_word():
    names = ["State Grid Nanling Lanwan Bureau", "State Grid Nanling Langyu Bureau"]
    assert unit_names.told_apart(names) == ["…Lanwan Bureau", "…Langyu Bureau"]


def test_long_names_that_share_no_beginning_stay_whole():
    names = ["云川城乡一体化营业管理区供电服务分公司", "岚湾城乡一体化营业管理区供电服务分公司"]
    assert unit_names.told_apart(names) == names


def test_a_single_name_is_cut_at_the_end_at_the_width_of_the_room():
    known = units(LONG.format("云川局"), LONG.format("岚湾局"))
    assert unit_names.short(known[2], known) == "…属云川局供电服务与客户关…"
    assert unit_names.short(known[1], known) == "国网南岭电力有限公司所属…"


def test_what_is_booked_on_the_unit_itself_has_words_of_its_own():
    assert unit_names.below(99, units()) == "本单位直属"
