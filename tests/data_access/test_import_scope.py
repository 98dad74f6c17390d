"""An import, a form and an undo change nothing outside the units of the person who does it."""

from datetime import date

import pytest
from sqlalchemy import select

from data_access import entry, entry_saving
from data_access.imports import undo
from data_access.tables.grid import areas
from data_access.tables.org import customers_served
from data_access.tables.org import org_units as units
from data_access.tables.outages import outage_steps
from data_access.transactions import reading_all
from domain.errors import FileRejected, InvalidInput, NotAllowed, NotFound
from domain.viewer import Scope, Viewer
from tests.built_once import built_once
from tests.data_access.importing import OUTAGES, codes, company, dump, errors, rows, take

HEADER = OUTAGES.splitlines()[0]
OWN = f"{HEADER}\ns9,o9,S1,A1,故障,tree,1,2024-03-05 08:00,2024-03-05 09:00\n"
MARCH = (date(2024, 3, 1), date(2024, 3, 31))


@pytest.fixture
def stocked(engine, tmp_path):
    """Three stations whose rows the company brought in together, all in the key space P."""
    _stock(engine, tmp_path)
    return engine


@built_once
def _stock(engine, folder):
    company(engine, folder)
    take(engine, folder, "outages", OUTAGES)


@pytest.fixture
def steward(stocked):
    """Steward of the first station; the second belongs to the same city."""
    return steward_of(stocked, "S1")


def steward_of(engine, *names):
    with reading_all(engine) as connection:
        found = connection.execute(select(units.c.id).where(units.c.code.in_(names))).scalars()
        return Viewer(5, "steward", frozenset({"steward"}), Scope(tuple(sorted(found))))


def refused(engine, folder, kind, content, viewer, *args, **options):
    """The errors of a file that must be refused and change nothing."""
    before = dump(engine)
    with pytest.raises(FileRejected) as caught:
        take(engine, folder, kind, content, *args, viewer=viewer, **options)
    assert before == dump(engine)
    return caught


def test_a_file_that_replaces_a_period_withdraws_rows_of_one_s_own_units_only(stocked, steward, tmp_path):
    """s3 lies in the same key space and month, and belongs to the station beside."""
    result = take(stocked, tmp_path, "outages", OWN, viewer=steward, bureau="P", replaces=MARCH)

    assert result.withdrawn == 2
    assert [key for (key,) in rows(stocked, outage_steps, "step_key")] == ["s3", "s4", "s9"]


@pytest.mark.parametrize(
    ("kind", "content", "value"),
    [
        ("outages", OWN.replace("s9,o9", "s3,o9"), "s3"),
        ("outages", OWN.replace("s9,o9", "s9,o2"), "o2"),  # an outage of the station beside
        ("areas", "area_code,name,unit,kind\nA2,mine,S1,公变\n", "A2"),
        ("lines", "line_code,name,unit,kind\nL2,mine,S1,公用\n", "L2"),
    ],
)
def test_a_key_of_a_unit_outside_is_refused_and_says_no_more_than_of_one_that_is_absent(
    stocked, steward, tmp_path, kind, content, value
):
    caught = refused(stocked, tmp_path, kind, content, steward, bureau="P")

    assert [(one.code, one.value, one.expected) for one in errors(caught)] == [("out_of_reach", value, "")]


def test_an_own_row_is_corrected_in_the_key_space_where_it_lives(stocked, steward, tmp_path):
    """The company brought it in under P; the station's home is the city's key space."""
    own = f"{HEADER}\ns1,o1,S1,A1,故障,tree,90,2024-03-01 08:00,2024-03-01 09:00\n"

    assert take(stocked, tmp_path, "outages", own, viewer=steward, bureau="P").changed == 1


@pytest.mark.parametrize(("outage", "expected"), [("o2", "unknown_outage"), ("o77", "unknown_outage")])
def test_promises_of_an_outage_outside_are_as_unknown_as_of_none(
    stocked, steward, tmp_path, outage, expected
):
    content = f"promise_key,outage_key,told_at,promised_at\np1,{outage},2024-03-01 08:10,2024-03-01 10:00\n"

    assert codes(refused(stocked, tmp_path, "promises", content, steward, bureau="P")) == {expected}
    assert (
        take(stocked, tmp_path, "promises", content.replace(outage, "o1"), viewer=steward, bureau="P").new
        == 1
    )


@pytest.mark.parametrize("area", ["A2", "A77"])
def test_customers_of_an_area_outside_are_as_unknown_as_of_none(stocked, steward, tmp_path, area):
    content = f"area_code,valid_from,customers\n{area},2024-01-01,5\n"

    assert codes(refused(stocked, tmp_path, "area_customers", content, steward, bureau="P")) == {
        "unknown_area"
    }


@pytest.mark.parametrize("bureau", ["C2", "nobody's"])
def test_a_key_space_of_nobody_in_one_s_units_cannot_be_named(stocked, steward, tmp_path, bureau):
    before = dump(stocked)
    with pytest.raises(InvalidInput, match="unknown_bureau"):
        take(stocked, tmp_path, "outages", OWN.replace(",A1,", ",,"), viewer=steward, bureau=bureau)
    assert before == dump(stocked)

    home = take(stocked, tmp_path, "outages", OWN.replace(",A1,", ",,"), viewer=steward, bureau="C1")
    assert home.new == 1


def test_a_unit_outside_cannot_be_named_as_covered(stocked, steward, tmp_path):
    with pytest.raises(InvalidInput, match="unknown_unit"):
        take(stocked, tmp_path, "outages", OWN, viewer=steward, bureau="P", covers_units=("S2",))


def test_a_key_space_comes_to_be_with_the_unit_that_a_file_brings(engine, tmp_path):
    """And with nothing else, whoever names it."""
    tree = "code,name,level,parent\nN,省,province,\nM,市,city,N\n"
    with pytest.raises(InvalidInput, match="unknown_bureau"):
        take(engine, tmp_path, "units", tree, bureau="other")

    assert take(engine, tmp_path, "units", tree, bureau="M").new == 2


def test_units_made_from_a_file_are_one_s_own(stocked, steward, tmp_path):
    """Neither a new top of the company, nor an existing unit that one may not see."""
    content = "id,t,town\n1,2024-01-01,Mill\n"
    for root in ("X", "C1"):
        mapping = (
            'source_key = ["id"]\n[columns]\noutage_key = "id"\ninterrupted_at = "t"\n'
            f'kind = {{ constant = "fault" }}\n[make_units]\nroot = {{ code = "{root}", name = "X", '
            'level = "city" }\nlevels = [{ column = "town", level = "station" }]\n'
        )
        before = dump(stocked)
        with pytest.raises(InvalidInput, match="unknown_unit"):
            take(stocked, tmp_path, "outages", content, mapping, viewer=steward)
        assert before == dump(stocked)


@pytest.mark.parametrize("parent", ["", "S2", "C2"])
def test_where_one_s_topmost_unit_stands_is_for_those_above(stocked, tmp_path, parent):
    viewer = steward_of(stocked, "S1", "S2")
    content = f"code,name,level,parent\nS1,改名,station,{parent}\n"

    refused(stocked, tmp_path, "units", content, viewer)
    assert (
        take(stocked, tmp_path, "units", content.replace(f",{parent}\n", ",C1\n"), viewer=viewer).changed == 1
    )


def test_a_unit_below_is_not_cut_off_from_the_tree(stocked, tmp_path):
    content = "code,name,level,parent\nS1,甲一所,station,\n"

    assert codes(refused(stocked, tmp_path, "units", content, steward_of(stocked, "C1"))) == {"missing_value"}


def test_customers_of_a_unit_above_outside_are_not_removed_for_the_lowest(stocked, steward, tmp_path):
    """They would be counted twice, so the file is refused instead."""
    content = "unit,level,month,customers\nC1,低压,2024-01,60\n"
    take(stocked, tmp_path, "customers_served", content)
    names = "".join(f'{one} = "{one}"\n' for one in ("unit", "level", "month", "customers"))
    lowest = f'keep = "lowest"\nbureau = "P"\n[columns]\n{names}'

    caught = refused(stocked, tmp_path, "customers_served", content.replace("C1", "S1"), steward, lowest)

    assert codes(caught) == {"unit_and_above"}
    assert rows(stocked, customers_served, "customers") == [(60,)]


def test_the_calendar_is_the_whole_company_s(stocked, steward, tmp_path):
    with pytest.raises(NotAllowed):
        take(
            stocked,
            tmp_path,
            "calendar_days",
            "day,is_working,is_confirmed\n2024-01-01,否,是\n",
            viewer=steward,
        )


def test_a_form_takes_over_no_record_of_a_unit_outside(stocked, steward, monkeypatch):
    """The record is not shown, so its key looks free."""
    monkeypatch.setattr("data_access.processes.start", lambda *_: 0)
    assert entry.record(stocked, steward.scope, "areas", area_code="A2") is None
    before = dump(stocked)

    mine = {"area_code": "A2", "name": "mine", "unit": "S1", "kind": "public"}
    with pytest.raises(FileRejected) as caught:
        entry_saving.save(stocked, steward, "areas", mine)
    assert codes(caught) == {"out_of_reach"}
    step = {"unit": "S1", "kind": "fault", "interrupted_at": "2024-05-01 08:00:00"}
    with pytest.raises(FileRejected):
        entry_saving.save_step(stocked, steward, {"outage_key": "o2", "line_code": "L1"}, step, [], None)

    assert before == dump(stocked)
    assert entry_saving.save(stocked, steward, "areas", mine | {"area_code": "A9"}).new == 1


def test_a_form_writes_only_where_the_right_was_granted(stocked, steward, monkeypatch):
    """Executive of the city and steward of a station: sees the second station's area and cannot change it."""
    monkeypatch.setattr("data_access.processes.start", lambda *_: 0)
    city = steward_of(stocked, "C1").scope
    both = frozenset({("executive", city.roots[0]), ("steward", steward.scope.roots[0])})
    viewer = Viewer(5, "x", frozenset({"executive", "steward"}), city, both)
    before = entry.record(stocked, viewer.scope, "areas", area_code="A2")

    with pytest.raises(FileRejected):
        entry_saving.save(stocked, viewer, "areas", before.texts | {"name": "mine"}, before)
    assert rows(stocked, areas, "name") == [("台一",), ("台三",), ("台二",)]


def test_an_import_that_touched_units_outside_is_not_undone(stocked, steward, tmp_path):
    """It states the first station's period, and brings a row of the second: it belongs above both."""
    more = OWN + "s8,o8,S2,A2,故障,tree,1,2024-03-05 08:00,2024-03-05 09:00\n"
    batch = take(stocked, tmp_path, "outages", more, covers_units=("S1",)).batch_id
    before = dump(stocked)

    for one in (steward, steward_of(stocked, "S2")):
        with pytest.raises(NotFound):
            undo.undo(stocked, one, batch, "not mine alone")
    assert before == dump(stocked)

    assert undo.undo(stocked, steward_of(stocked, "C1"), batch, "a mistake").removed == 2


def test_an_undo_brings_no_row_back_to_a_unit_outside(stocked, steward, tmp_path):
    """The company moved the area to the first station, whose steward may not move it back."""
    moved = "area_code,name,unit,kind,line_code\nA2,台二,S1,公变,L2\n"
    batch = take(stocked, tmp_path, "areas", moved, covers_units=("S1",)).batch_id
    before = dump(stocked)

    with pytest.raises(NotFound):
        undo.undo(stocked, steward, batch, "not mine")
    assert before == dump(stocked)


def test_one_s_own_import_is_undone(stocked, steward, tmp_path):
    before = rows(stocked, outage_steps, "step_key", "batch_id")
    batch = take(stocked, tmp_path, "outages", OWN, viewer=steward, bureau="P", replaces=MARCH).batch_id

    done = undo.undo(stocked, steward, batch, "a mistake")

    assert (done.removed, done.restored) == (1, 2)
    assert rows(stocked, outage_steps, "step_key", "batch_id") == before
