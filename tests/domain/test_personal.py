"""What is personal, and what is left of it where nobody has given a reason to see it."""

import pandas as pd
import pytest

from domain import personal
from domain.import_kinds import kinds
from domain.mapping import ColumnSource, FileMapping, suggested


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        ("name", "张三", "张**"),
        ("name", "张", "张**"),
        ("name", "云川水泥有限公司", "云**"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "66123456", "*******"),
        ("phone", "95598", "*******"),
        ("address", "云川市青溪县城东路12号3栋", "云川市青溪县***"),
        ("address", "城东路12号", "城东路***"),
        ("address", "家", "***"),
        ("email", "zhangsan@company.cn", "z***@company.cn"),
        ("email", "@company.cn", "***@company.cn"),
        ("email", "zhangsan", "***"),
    ],
)
def test_a_mask_leaves_enough_to_tell_rows_apart(kind, value, masked):
    assert personal.masked(value, kind) == masked
    assert personal.is_masked(masked)


@pytest.mark.parametrize("kind", personal.KINDS)
def test_what_is_empty_stays_empty(kind):
    assert personal.masked("", kind) == ""
    assert personal.masked(None, kind) is None


@pytest.mark.parametrize("kind", ["phone", "address"])
def test_no_more_than_two_thirds_of_a_number_or_half_of_an_address_is_left(kind):
    for length in range(1, 40):
        value = "".join(chr(0x4E00 + place) for place in range(length))
        kept = sum(one in value for one in personal.masked(value, kind))
        assert kept <= (length // 2 if kind == "address" else length * 2 / 3)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("姓名", "name"), ("客户姓名", "name"), ("户名", "name"), ("用户名称", "name"), ("联系人", "name"),
        ("Customer name", "name"), ("customerName", "name"), ("name", "name"), ("contact_person", "name"),
        ("联系电话", "phone"), ("手机号码", "phone"), ("联系人电话", "phone"), ("Mobile", "phone"),
        ("phone_no", "phone"), ("用电地址", "address"), ("Street address", "address"),
        ("电子邮箱", "email"), ("邮件地址", "email"), ("E-mail", "email"), ("email address", "email"),
    ],
)  # fmt: skip
def test_a_header_that_speaks_of_a_person_is_known(header, kind):
    assert personal.kind_of_header(header) == kind


@pytest.mark.parametrize(
    "header",
    [
        "名称", "台区名称", "线路名称", "单位名称", "供电单位名称", "事件名称", "Line name", "area name",
        "Unit name", "用户数", "停电户数", "停电时间", "原因", "渠道", "Hotel", "telemetry", "municipality",
        "",
    ],
)  # fmt: skip
def test_a_header_that_names_a_thing_is_not(header):
    assert personal.kind_of_header(header) == ""


def test_no_column_that_a_kind_names_itself_is_taken_for_a_person_s_unless_it_is_marked():
    for kind in kinds().values():
        for column in kind.columns.values():
            if not column.personal:
                assert personal.kind_of_header(column.zh) == "", (kind.id, column.zh)


def test_every_mark_of_a_file_s_column_is_a_kind_and_names_a_column_of_its_own():
    for kind in kinds().values():
        for column in kind.columns.values():
            assert column.personal in ("", *personal.KINDS)
            assert set(column.personal_where) <= set(kind.columns), column.id
            assert column.type == "text" or not column.personal, column.id


def _of_areas(**more: ColumnSource) -> FileMapping:
    found = suggested(kinds()["areas"], ["area_code", "台区名称", "性质"])
    return FileMapping("areas", dict(found.columns) | more)


HEADER = ["area_code", "台区名称", "性质", "联系电话", "备注"]
CELLS = pd.DataFrame(
    [
        ["A1", "城东台区", "公变", "13812345678", "x"],
        ["A2", "张三", "专变", "", "x"],
        ["A3", "李四", "写错了", None, "x"],
    ]
)


def test_cells_are_masked_by_what_the_kind_says_and_by_the_header_of_what_is_not_taken():
    """What cannot be told from a dedicated account is treated as one."""
    found = personal.without_plain(CELLS, HEADER, kinds()["areas"], _of_areas())

    assert found[1].tolist() == ["城东台区", "张**", "李**"]
    assert found[3].fillna("").tolist() == ["138****5678", "", ""]
    assert found[[0, 2, 4]].equals(CELLS[[0, 2, 4]].astype("str"))


def test_the_mapping_s_own_words_say_which_accounts_are_dedicated():
    mapping = _of_areas(kind=ColumnSource(column="性质", values={"公变": "dedicated", "专变": "public"}))

    assert personal.without_plain(CELLS, HEADER, kinds()["areas"], mapping)[1].tolist() == [
        "城**",
        "张三",
        "李**",
    ]


def test_without_the_column_that_tells_all_are_masked():
    mapping = FileMapping("areas", {"name": ColumnSource(column="台区名称")})

    assert personal.without_plain(CELLS, HEADER, kinds()["areas"], mapping)[1].tolist() == [
        "城**",
        "张**",
        "李**",
    ]


def test_a_column_that_is_taken_as_something_else_is_what_the_kind_says():
    """A unit's name is none of a person, though the header says no more than name."""
    mapping = FileMapping("units", {"name": ColumnSource(column="name")})
    cells = pd.DataFrame([["河口供电所"]])

    assert personal.without_plain(cells, ["name"], kinds()["units"], mapping)[0].tolist() == ["河口供电所"]
