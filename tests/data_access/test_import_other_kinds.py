"""What an import of other kinds than outages leaves: units and their tree, customers, notices, promises."""

import pytest
from sqlalchemy import select

from data_access import backup, org_units
from data_access.engine import engine_for
from data_access.tables.condition import OF_CONDITION
from data_access.tables.grid import area_customers, areas
from data_access.tables.imports import import_batches
from data_access.tables.org import customers_served, org_closure
from data_access.tables.outages import notice_areas, outages
from data_access.tables.rules import targets
from domain import import_problems, kpis
from domain.errors import FileRejected
from tests.data_access.conditions import FILES
from tests.data_access.importing import UNITS, administrator, codes, company, dump, rows, take


@pytest.fixture
def stocked(engine, tmp_path):
    return company(engine, tmp_path)


def batch(engine):
    with engine.connect() as connection:
        return connection.scalars(select(import_batches.c.id).order_by(import_batches.c.id.desc())).first()


def test_units_get_their_home_and_their_place_in_the_tree(stocked, tmp_path):
    """A moved unit keeps its home key space; the closure follows the parent."""
    before = org_units.by_code(stocked, administrator(stocked).scope, "S1")
    result = take(stocked, tmp_path, "units", UNITS.replace("S1,甲一所,station,C1", "S1,甲一所,station,C2"))

    after = org_units.by_code(stocked, administrator(stocked).scope, "S1")
    assert (result.new, result.changed, result.same) == (0, 1, 5)
    assert (before.bureau_id, after.bureau_id) == ("C1", "C1")
    above = org_units.path(stocked, administrator(stocked).scope, after.id)
    assert [one.code for one in above] == ["P", "C2", "S1"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("N,新,station,C9,", "unknown_unit"),
        ("N,新,city,S1,", "level_order"),
        ("C1,甲市,station,P,", "level_order"),
        ("N,新,somewhere,P,", "not_a_choice"),
    ],
)
def test_a_tree_that_is_none_is_refused(stocked, tmp_path, row, code):
    before = dump(stocked)
    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "units", f"code,name,level,parent,name_en\n{row}\n")
    assert {code} == codes(caught)
    assert before == dump(stocked)


def test_units_made_from_the_file_are_told_apart_by_their_path(engine, tmp_path):
    """Two towns of the same name in two regions are two units; a second file adds only what is new."""
    mapping = (
        'bureau = "X"\nsource_key = ["id"]\n[columns]\noutage_key = "id"\ninterrupted_at = "t"\n'
        'kind = { constant = "fault" }\n[make_units]\nroot = { code = "X", name = "X", level = "province" }\n'
        'levels = [{ column = "region", level = "city" }, { column = "town", level = "county" }]\n'
    )
    first = take(
        engine,
        tmp_path,
        "outages",
        "id,t,region,town\n1,2024-01-01,East,Mill\n2,2024-01-02,West,Mill\n",
        mapping,
    )
    second = take(
        engine,
        tmp_path,
        "outages",
        "id,t,region,town\n3,2024-01-03,West,Ford\n2,2024-01-02,West,Mill\n",
        mapping,
    )

    scope = administrator(engine).scope
    assert (first.units_made, second.units_made) == (5, 1)
    assert {"X", "X:East", "X:East:Mill", "X:West", "X:West:Mill", "X:West:Ford"} == {
        one.code for one in org_units.visible(engine, scope).values()
    }
    ford = org_units.by_code(engine, scope, "X:West:Ford")
    assert ("3", ford.id) in rows(engine, outages, "outage_key", "org_unit_id")
    assert (ford.bureau_id, ford.name) == ("X:West", "Ford")
    with engine.connect() as connection:
        assert len(connection.execute(select(org_closure)).all()) == 6 + 5 + 3


def test_customers_of_a_unit_and_of_one_above_it_are_refused_or_the_lowest_hold(stocked, tmp_path):
    header = "unit,level,month,customers\n"
    content = header + "C1,低压,2024-01,100\nS1,低压,2024-01,60\nC2,低压,2024-01,5\nC1,中压,2024-01,3\n"
    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "customers_served", content)
    assert {2, 3} == {one.row for one in caught.value.problems if one.code == "unit_and_above"} | {3}

    names = "".join(f'{name} = "{name}"\n' for name in ("unit", "level", "month", "customers"))
    take(stocked, tmp_path, "customers_served", content, f'keep = "lowest"\n[columns]\n{names}')
    assert rows(stocked, customers_served, "level", "customers") == [("LV", 5), ("LV", 60), ("MV", 3)]

    take(
        stocked,
        tmp_path,
        "customers_served",
        "unit,level,month,customers\nS3,低压,2024-01,4\n",
        f'keep = "lowest"\n[columns]\n{names}',
    )
    assert rows(stocked, customers_served, "level", "customers") == [("LV", 4), ("LV", 60), ("MV", 3)]


def test_another_source_may_not_give_the_same_stock_again(stocked, tmp_path):
    content = "unit,level,month,customers\nS1,低压,2024-01,60\n"
    take(stocked, tmp_path, "customers_served", content)
    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "customers_served", content, bureau="C2")
    assert {"given_by_other_source"} == codes(caught)


KEYLESS = "kva,users,client,note\n100,3,A,x\n100,3,A,y\n50,2,B,z\n50,2,B,z\n"
AREAS_BY_ROW = (
    'source_key = "row_number"\n[columns]\nname = "client"\nunit = { constant = "S1" }\n'
    'kind = { constant = "public" }\ncapacity_kva = "kva"\n'
)
USERS_BY_ROW = (
    'source_key = "row_number"\n[columns]\nvalid_from = { constant = "2024-01-01" }\ncustomers = "users"\n'
)


def test_areas_without_a_key_are_told_apart_by_row_and_so_are_their_customers(stocked, tmp_path):
    """Rows 2 and 3 differ in a column that nobody takes; rows 4 and 5 in none."""
    first = take(stocked, tmp_path, "areas", KEYLESS, AREAS_BY_ROW)
    second = take(stocked, tmp_path, "area_customers", KEYLESS, USERS_BY_ROW)

    assert list(first.counts) == list(second.counts) == [("warning", "", "equal_rows", 1)]
    of_file = [row for row in rows(stocked, areas, "area_code", "capacity_kva") if ":" in row[0]]
    assert [float(kva) for _, kva in of_file] == [100, 100, 50, 50]
    found = rows(stocked, area_customers, "area_code", "customers")
    assert found == [(code, users) for (code, _), users in zip(of_file, (3, 3, 2, 2), strict=True)]


def test_customers_by_the_rows_of_another_file_are_customers_of_no_known_area(stocked, tmp_path):
    take(stocked, tmp_path, "areas", KEYLESS, AREAS_BY_ROW)

    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "area_customers", KEYLESS.replace("100", "101"), USERS_BY_ROW)
    assert codes(caught) == {"unknown_area"}


def test_what_a_file_says_of_the_condition_of_lines_survives_backup_and_restore(stocked, empty_url, tmp_path):
    """Decimals, truths and days come back as they were, from and to each kind of database."""
    for kind in ("damage_sites", *(one for one in FILES if one != "damage_sites")):
        take(stocked, tmp_path, kind, FILES[kind])
    take(stocked, tmp_path, "area_loads", FILES["area_loads"].replace("104.256", "99"))  # a past row
    backup.write(stocked, tmp_path / "b.zip")

    target = engine_for(empty_url)
    backup.restore(target, tmp_path / "b.zip")

    before, after = dump(stocked), dump(target)
    for table in OF_CONDITION:
        for name in (table.name, f"{table.name}_past"):
            assert before[name] == after[name], name


def test_notices_are_parted_into_their_areas(stocked, tmp_path):
    content = "notice_key,unit,kind,published_at,area_codes\nn1,S1,计划,2024-03-01 08:00,A1;A2、A1\n"
    take(stocked, tmp_path, "notices", content)
    assert rows(stocked, notice_areas, "notice_key", "area_code") == [("n1", "A1"), ("n1", "A2")]

    take(stocked, tmp_path, "notices", content.replace("A1;A2、A1", "A3"))
    assert rows(stocked, notice_areas, "notice_key", "area_code") == [("n1", "A3")]


def test_a_promise_may_lie_in_the_future_and_one_for_an_unknown_outage_is_odd(stocked, tmp_path):
    content = "promise_key,outage_key,told_at,promised_at\np,zz,2024-03-01 08:00,2189-03-01 08:00\n"
    assert list(take(stocked, tmp_path, "promises", content).counts) == [
        ("warning", "outage_key", "unknown_outage", 1)
    ]


def test_targets_lie_in_their_units_home_and_name_a_known_kpi(stocked, tmp_path):
    content = "kpi,unit,period_kind,period,kind,value\nsaidi_lv,S1,月,2026-10,基础值,9.5\n"
    kpi = next(iter(kpis.catalogue().kpis))
    take(stocked, tmp_path, "targets", content.replace("saidi_lv", kpi))
    assert [("C1", kpi, 9.5, "")] == rows(stocked, targets, "bureau_id", "kpi", "value", "source")

    with pytest.raises(FileRejected) as caught:
        take(
            stocked,
            tmp_path,
            "targets",
            content.replace("saidi_lv", "nonsense").replace("2026-10", "2026-Q4"),
        )
    assert {"unknown_kpi", "not_a_period"} == codes(caught)


@pytest.mark.parametrize(
    ("said", "kpi"),
    [
        ("SAIDI", "saidi"),
        ("系统平均停电时间（中压）", "saidi_mv"),
        ("R07", "cemi"),  # its variant without major event days has the code from it
        ("saidi_no_med", "saidi_no_med"),
    ],
)
def test_a_target_may_name_its_kpi_as_people_do(stocked, tmp_path, said, kpi):
    take(
        stocked,
        tmp_path,
        "targets",
        f"kpi,unit,period_kind,period,kind,value\n{said},S1,月,2026-10,基础值,9\n",
    )

    assert rows(stocked, targets, "kpi") == [(kpi,)]


@pytest.mark.parametrize(("said", "named"), [("R02", "saidi, saidi_mv"), ("用电量", "saidi, saidi_no_med")])
def test_a_target_of_no_one_kpi_is_told_some_that_are_valid(stocked, tmp_path, said, named):
    with pytest.raises(FileRejected) as caught:
        take(
            stocked,
            tmp_path,
            "targets",
            f"kpi,unit,period_kind,period,kind,value\n{said},S1,月,2026-10,基础值,9\n",
        )

    problem = caught.value.problems[0]
    assert (problem.code, problem.value) == ("unknown_kpi", said)
    for language in ("zh", "en"):
        assert f"{said}" in import_problems.sentence(problem, language)
        assert named in import_problems.sentence(problem, language)
