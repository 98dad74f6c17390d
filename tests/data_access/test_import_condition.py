"""Imports about the condition of lines and areas: each kind is taken, corrected and undone."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from data_access import coverage
from data_access.imports import undo
from data_access.imports.finishing import TABLES
from data_access.tables.condition import area_loads, damage_sites, defects, load_points, transformers
from data_access.tables.grid import lines
from data_access.tables.imports import PAST, import_batches, source_coverage
from data_access.tables.kpi import stale_marks
from data_access.transactions import writing_all
from domain.errors import CannotBeUndone, FileRejected
from domain.import_kinds import kinds
from tests.built_once import built_once
from tests.data_access.conditions import FILES, marks
from tests.data_access.importing import AREAS, LINES, administrator, codes, company, dump, rows, take
from tests.data_access.test_import_undo import HISTORY

# Where the marks of both rows lie: the unit of line, area or site in the month of the row.
MARKED = {
    "transformers": {("S1", "every"), ("S2", "every")},
    "area_loads": {("S1", "2024-07"), ("S2", "2024-07")},
    "load_points": {("S1", "2024-08"), ("S2", "2024-07")},  # a quarter past midnight is local
    "voltage_days": {("S1", "2024-07"), ("S2", "2024-07")},
    "defects": {("S1", "2024-05"), ("S2", "2024-05")},
    "damage_sites": {("S1", "2024-03"), ("S2", "2024-04")},
    "patrols": {("S1", "2024-03"), ("S2", "2024-04")},
    "customer_equipment": {("S1", "every"), ("S2", "every")},
}
CORRECTED = {  # what the second file says of the first row, instead of what
    "transformers": (",315,", ",400,"),
    "area_loads": ("104.256", "99"),
    "load_points": ("-30.5", "31"),
    "voltage_days": (",95\n", ",94\n"),
    "defects": (",,绝缘子破损", ",2024-06-01 08:00,绝缘子破损"),
    "damage_sites": ("施工", "吊车作业"),
    "patrols": ("2024-03-19", "2024-03-20"),
    "customer_equipment": ("碳化硅", "阀式"),
}


@pytest.fixture
def stocked(engine, tmp_path):
    """Lines, areas and two damage sites."""
    _stock(engine, tmp_path)
    return engine


@built_once
def _stock(engine, folder):
    company(engine, folder)
    take(engine, folder, "damage_sites", FILES["damage_sites"])


def take_back(engine, result):
    return undo.undo(engine, administrator(engine), result.batch_id, "a mistake")


def forget_marks(engine):
    with writing_all(engine) as connection:
        connection.execute(delete(stale_marks))


@pytest.mark.parametrize("kind", sorted(set(FILES) - {"damage_sites"}))
def test_a_kind_is_taken_corrected_and_undone(stocked, tmp_path, kind):
    """Each leaves the rows as they were before, and marks the units and months that it touched."""
    table, key = TABLES[kinds()[kind].table], TABLES[kinds()[kind].table].info["key"]
    before = dump(stocked, HISTORY)

    first = take(stocked, tmp_path, kind, FILES[kind])
    assert (first.new, first.warnings, first.rejected) == (2, 0, 0)
    assert marks(stocked, kind) == MARKED[kind]
    taken = dump(stocked, HISTORY)
    assert take(stocked, tmp_path, kind, FILES[kind]).batch_id is None

    forget_marks(stocked)
    second = take(stocked, tmp_path, kind, FILES[kind].replace(*CORRECTED[kind]))
    assert (second.new, second.changed, second.same) == (0, 1, 1)
    assert {unit for unit, _ in marks(stocked, kind)} == {"S1"}  # of the row that came again nothing changed
    assert len(rows(stocked, PAST[table.name], *key)) == 2

    take_back(stocked, second)
    assert dump(stocked, HISTORY) == taken
    forget_marks(stocked)
    take_back(stocked, first)
    assert dump(stocked, HISTORY) == before
    assert marks(stocked, kind) == MARKED[kind]


def test_a_site_is_taken_corrected_and_undone(stocked, tmp_path):
    before = dump(stocked, HISTORY)
    second = take(
        stocked, tmp_path, "damage_sites", FILES["damage_sites"].replace(*CORRECTED["damage_sites"])
    )
    assert rows(stocked, damage_sites, "kind", "patrol_every_days") == [
        ("fishing", None),
        ("tall_machinery", 7),
    ]

    take_back(stocked, second)

    assert dump(stocked, HISTORY) == before


def test_numbers_are_kept_with_their_places_and_reverse_flow_by_its_size(stocked, tmp_path):
    take(stocked, tmp_path, "area_loads", FILES["area_loads"])
    take(stocked, tmp_path, "load_points", FILES["load_points"])

    assert rows(stocked, area_loads, "area_code", "peak_load_pct") == [
        ("A1", Decimal("104.26")),
        ("A2", Decimal("55.00")),
    ]
    assert rows(stocked, load_points, "area_code", "power_kw") == [
        ("A1", Decimal("30.500")),
        ("A2", Decimal("12.000")),
    ]


def test_a_line_says_its_conductor_and_ties(stocked, tmp_path):
    content = (
        "线路编码,线路名称,单位编码,性质,导线类型,导线投运日期,联络点数,联络受限\n"
        "L1,一线,S1,公用,裸导线,1949-10-01,0,\nL2,二线,S2,专用,电缆,2015-01-01,2,是\n"
    )

    found = take(stocked, tmp_path, "lines", content)

    assert list(found.counts) == [("warning", "导线投运日期", "long_ago", 1)]
    assert rows(stocked, lines, "line_code", "conductor", "conductor_since", "ties", "ties_at_limit") == [
        ("L1", "bare", date(1949, 10, 1), 0, None),
        ("L2", "cable", date(2015, 1, 1), 2, True),
    ]


COVERED = {  # from the first to the last day of the file; registers state nothing by themselves
    "area_loads": (date(2024, 7, 1), date(2024, 7, 31)),  # whole months
    "load_points": (date(2024, 7, 31), date(2024, 8, 1)),
    "voltage_days": (date(2024, 7, 3), date(2024, 7, 4)),
    "defects": (date(2024, 5, 2), date(2024, 5, 31)),
    "damage_sites": (date(2024, 3, 5), date(2024, 4, 1)),
    "patrols": (date(2024, 3, 12), date(2024, 4, 8)),
}


@pytest.mark.parametrize("kind", FILES)
def test_an_import_states_for_which_units_and_days_no_row_means_zero(stocked, tmp_path, kind):
    """Rows of two stations of a city: the file is taken for one of the city, and of nobody else."""
    take(stocked, tmp_path, kind, FILES[kind])

    names = dict(rows(stocked, TABLES["org_units"], "id", "code"))
    covered = rows(stocked, source_coverage, "source", "org_unit_id", "covers_from", "covers_to")
    of_kind = {(names[unit], *days) for source, unit, *days in covered if source == kind}
    assert of_kind == ({("C1", *COVERED[kind])} if kind in COVERED else set())


def test_of_a_column_that_a_file_lacks_nothing_is_covered(stocked, tmp_path):
    """Without the column of unbalance no row does not mean that the phases were even."""
    take(stocked, tmp_path, "area_loads", "台区编码,月份,最大负载率\nA1,2024-07,50\n")

    found = {source for (source,) in rows(stocked, source_coverage, "source")}
    assert found - {"damage_sites"} == {"area_loads", "area_loads.peak_load_pct"}


def test_a_batch_of_rows_without_a_unit_belongs_to_the_unit_of_what_they_are_about(stocked, tmp_path):
    def owner(content):
        take(stocked, tmp_path, "voltage_days", content)
        statement = select(import_batches.c.org_unit_id).order_by(import_batches.c.id.desc())
        with stocked.connect() as connection:
            return connection.scalar(statement.limit(1))

    first, second = FILES["voltage_days"].splitlines()[1:]
    header = FILES["voltage_days"].splitlines()[0]
    own, both = owner(f"{header}\n{first}\n"), owner(f"{header}\n{first}\n{second}\n")
    names = dict(rows(stocked, TABLES["org_units"], "id", "code"))
    assert (names[own], names[both]) == ("S1", "C1")


def test_what_lies_in_the_period_and_not_in_the_file_is_withdrawn_where_asked(stocked, tmp_path):
    take(stocked, tmp_path, "area_loads", FILES["area_loads"] + "A1,2024-08,60,0,0,9,0\n")
    july = (date(2024, 7, 1), date(2024, 7, 31))
    content = "\n".join(FILES["area_loads"].splitlines()[:2]) + "\n"

    result = take(stocked, tmp_path, "area_loads", content, replaces=july)

    assert result.withdrawn == 1
    assert rows(stocked, area_loads, "area_code", "month") == [
        ("A1", date(2024, 7, 1)),
        ("A1", date(2024, 8, 1)),
    ]


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("transformers", FILES["transformers"].replace("A1", "A77"), "unknown_area"),
        ("area_loads", FILES["area_loads"].replace("A1", "A77"), "unknown_area"),
        ("load_points", FILES["load_points"].replace("A1", "A77"), "unknown_area"),
        ("voltage_days", FILES["voltage_days"].replace("A1", "A77"), "unknown_area"),
        ("defects", FILES["defects"].replace("L1", "L77"), "unknown_line"),
        ("defects", FILES["defects"].replace("A2", "A77"), "unknown_area"),
        ("damage_sites", FILES["damage_sites"].replace("L1", "L77"), "unknown_line"),
        ("patrols", FILES["patrols"].replace("P1", "P77"), "unknown_site"),
        ("customer_equipment", FILES["customer_equipment"].replace("A1", "A77"), "unknown_area"),
        ("voltage_days", FILES["voltage_days"] + "A1,2024-07-03,200,0\n", "duplicate_key"),
    ],
)
def test_what_nobody_knows_is_refused(stocked, tmp_path, kind, content, code):
    before = dump(stocked)
    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, kind, content)

    assert codes(caught) == {code}
    assert dump(stocked) == before


def batch_of(engine, kind):
    statement = select(import_batches.c.id).where(import_batches.c.kind == kind)
    with engine.connect() as connection:
        return connection.scalar(statement.order_by(import_batches.c.id))


@pytest.mark.parametrize(
    ("register", "kind"),
    [
        *(("areas", one) for one in ("transformers", "area_loads", "load_points", "voltage_days")),
        *(("lines", one) for one in ("defects", "damage_sites", "customer_equipment")),
        ("damage_sites", "patrols"),
    ],
)
def test_a_register_is_not_undone_while_rows_hang_on_it(stocked, tmp_path, register, kind):
    result = take(stocked, tmp_path, kind, FILES[kind]) if kind != "damage_sites" else None
    of_register = batch_of(stocked, register)

    with pytest.raises(CannotBeUndone) as caught:
        undo.undo(stocked, administrator(stocked), of_register, "a mistake")
    assert any(one.startswith(f"{kind} ") for one in caught.value.references)
    if result is not None:
        assert result.batch_id in caught.value.batches


def test_a_unit_is_not_undone_while_defects_or_past_ones_lie_in_it(stocked, tmp_path):
    made = take(stocked, tmp_path, "units", "code,name,level,parent\nS9,新所,station,C1\n")
    first = take(stocked, tmp_path, "defects", FILES["defects"].replace("D1,S1", "D1,S9"))
    moved = take(stocked, tmp_path, "defects", FILES["defects"])

    with pytest.raises(CannotBeUndone) as caught:
        take_back(stocked, made)
    assert "defects D1" in caught.value.references

    for one in (moved, first, made):
        take_back(stocked, one)
    assert rows(stocked, defects, "defect_key") == []


def test_an_area_that_moves_takes_its_marks_to_the_new_unit(stocked, tmp_path):
    """Rows without a unit follow their area."""
    take(stocked, tmp_path, "transformers", FILES["transformers"])
    take(stocked, tmp_path, "areas", AREAS.replace("A1,台一,S1", "A1,台一,S3"))
    forget_marks(stocked)

    take(stocked, tmp_path, "transformers", FILES["transformers"].replace("315", "400"))

    assert marks(stocked, "transformers") == {("S3", "every")}


def test_a_transformer_that_changes_its_area_marks_both(stocked, tmp_path):
    take(stocked, tmp_path, "transformers", FILES["transformers"])
    forget_marks(stocked)

    take(stocked, tmp_path, "transformers", FILES["transformers"].replace("T1,A1", "T1,A3"))

    assert marks(stocked, "transformers") == {("S1", "every"), ("S3", "every")}
    assert rows(stocked, transformers, "transformer_key", "area_code") == [("T1", "A3"), ("T2", "A2")]


def test_what_a_site_of_one_unit_endangers_is_marked_in_the_unit_of_the_line(stocked, tmp_path):
    """Station S2 patrols a site at the line of S1."""
    forget_marks(stocked)
    site = "site_key,unit,line_code,kind,opened_on\nP9,S2,L1,other,2024-02-01\n"
    take(stocked, tmp_path, "damage_sites", site)
    assert marks(stocked, "damage_sites") == {("S1", "2024-02"), ("S2", "2024-02")}

    take(stocked, tmp_path, "patrols", "patrol_key,site_key,patrolled_on\nX9,P9,2024-03-01\n")
    assert marks(stocked, "patrols") == {("S1", "2024-03"), ("S2", "2024-03")}


def test_what_a_condition_file_covers_makes_no_month_of_figures(stocked, tmp_path):
    """Loads of years before the first outage: these months do not become months without figures."""
    take(stocked, tmp_path, "lines", LINES)
    outages = "step_key,outage_key,unit,kind,interrupted_at\ns1,o1,S1,故障,2024-03-01 08:00\n"
    take(stocked, tmp_path, "outages", outages, covers="2024-03-01..2024-03-31")
    with stocked.connect() as connection:
        before = coverage.span(connection, coverage.intervals(connection))
    take(stocked, tmp_path, "voltage_days", FILES["voltage_days"].replace("2024", "2019"))

    with stocked.connect() as connection:
        assert coverage.span(connection, coverage.intervals(connection)) == before
