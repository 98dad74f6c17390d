"""What an import leaves: new, changed, same, withdrawn rows, derived outages, coverage, warnings, marks."""

import gzip
import io
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import insert, select

from data_access import import_history, org_units, stale
from data_access.imports import run
from data_access.tables.grid import areas
from data_access.tables.imports import import_batches, import_warnings, source_coverage
from data_access.tables.org import database_info
from data_access.tables.outages import outage_steps, outages
from data_access.transactions import reading_all, writing_all
from domain.errors import FileRejected, InvalidInput, NotAllowed, WrongDatabase
from domain.viewer import Scope, Viewer
from tests.data_access.importing import (
    AREAS,
    OUTAGES,
    administrator,
    codes,
    company,
    dump,
    errors,
    rows,
    take,
)

HEADER = OUTAGES.splitlines()[0]


@pytest.fixture
def stocked(engine, tmp_path):
    return company(engine, tmp_path)


def step_keys(engine):
    return [key for (key,) in rows(engine, outage_steps, "step_key")]


def marks(engine):
    with reading_all(engine) as connection:
        return set(stale.waiting(connection))


def test_outages_are_derived_from_their_steps(stocked, tmp_path):
    """o1 has two groups of customers and lasts until the later one; o3 is not restored."""
    result = take(stocked, tmp_path, "outages", OUTAGES)

    assert (result.new, result.changed, result.same) == (4, 0, 0)
    names = ("outage_key", "steps", "customers", "duration_s", "longest_step_s", "open_steps", "start_day")
    assert rows(stocked, outages, *names) == [
        ("o1", 2, 150, 9_000, 9_000, 0, date(2024, 3, 1)),
        ("o2", 1, 20, 5_400, 5_400, 0, date(2024, 3, 31)),
        ("o3", 1, 7, None, None, 1, date(2024, 4, 2)),
    ]


def test_all_steps_belong_to_the_day_on_which_the_outage_began(stocked, tmp_path):
    """A step shortly after midnight is counted on the day before; without its first step, on its own."""
    after = "s5,o2,S2,A2,计划,planned_works,5,2024-04-01 00:10,2024-04-01 00:40\n"
    take(stocked, tmp_path, "outages", OUTAGES + after)
    assert ("s5", date(2024, 3, 31)) in rows(stocked, outage_steps, "step_key", "start_day")

    lines = [line for line in (OUTAGES + after).splitlines() if not line.startswith("s3")]
    take(stocked, tmp_path, "outages", "\n".join(lines), replaces=(date(2024, 3, 31), date(2024, 3, 31)))

    assert ("s5", date(2024, 4, 1)) in rows(stocked, outage_steps, "step_key", "start_day")


def test_an_outages_own_columns_win_over_its_first_step(stocked, tmp_path):
    """Of two steps that name the unit of the outage, the earlier one counts; they contradict: a warning."""
    content = (
        "step_key,outage_key,unit,kind,cause,interrupted_at,restored_at,outage_unit\n"
        "b,o,S2,故障,wind,2024-03-01 09:00,2024-03-01 10:00,C2\n"
        "c,o,S1,计划,tree,2024-03-01 08:00,2024-03-01 10:00,\n"
        "a,o,S3,故障,wind,2024-03-01 09:00,2024-03-01 10:00,P\n"
    )
    result = take(stocked, tmp_path, "outages", content)

    unit = org_units.by_code(stocked, administrator(stocked).scope, "P")
    assert [(unit.id, "planned", "tree")] == rows(stocked, outages, "org_unit_id", "kind", "cause")
    assert list(result.counts) == [("warning", "outage_unit", "differs_in_outage", 1)]
    [(said, other)] = rows(stocked, import_warnings, "value", "expected")
    assert {said, other} == {"C2 乙市", "P 南省"}


def test_the_same_file_twice_changes_nothing(stocked, tmp_path):
    take(stocked, tmp_path, "outages", OUTAGES)
    before = dump(stocked)

    result = take(stocked, tmp_path, "outages", OUTAGES)

    assert (result.batch_id, result.new, result.same) == (None, 0, 4)
    assert before == dump(stocked)


def test_a_corrected_file_updates_by_source_key(stocked, tmp_path):
    take(stocked, tmp_path, "outages", OUTAGES)
    result = take(stocked, tmp_path, "outages", OUTAGES.replace(",100,", ",90,"))

    assert (result.new, result.changed, result.same, result.withdrawn) == (0, 1, 3, 0)
    assert ("o1", 140) in rows(stocked, outages, "outage_key", "customers")


def test_nothing_is_removed_without_replaces(stocked, tmp_path):
    take(stocked, tmp_path, "outages", OUTAGES)
    take(stocked, tmp_path, "outages", "\n".join(OUTAGES.splitlines()[:2]).replace(",100,", ",1,"))

    assert step_keys(stocked) == ["s1", "s2", "s3", "s4"]


def test_replaces_withdraws_keys_of_the_source_and_local_period_that_the_file_lacks(stocked, tmp_path):
    """s3 began on 31 March 23:30 local time; another source's row of that day stays (decoy)."""
    take(stocked, tmp_path, "outages", OUTAGES)
    other = f"{HEADER}\nd1,d1,S3,,故障,tree,1,2024-03-31 23:30,2024-03-31 23:40\n"
    take(stocked, tmp_path, "outages", other, bureau="C2")

    march = (date(2024, 3, 1), date(2024, 3, 31))
    result = take(stocked, tmp_path, "outages", OUTAGES.splitlines()[0] + "\n", replaces=march)

    assert result.withdrawn == 3
    assert step_keys(stocked) == ["d1", "s4"]
    assert [key for (key,) in rows(stocked, outages, "outage_key")] == ["d1", "o3"]


def test_replaces_needs_a_kind_with_a_period(stocked, tmp_path):
    with pytest.raises(InvalidInput, match="replaces_without_period"):
        take(stocked, tmp_path, "areas", AREAS, replaces=(date(2024, 1, 1), date(2024, 1, 2)))


def test_coverage_is_proposed_from_the_local_days_of_the_file(stocked, tmp_path):
    take(stocked, tmp_path, "outages", OUTAGES)

    stated = rows(stocked, source_coverage, "source", "covers_from", "covers_to")
    assert {
        (source, date(2024, 3, 1), date(2024, 4, 2))
        for source in ("outages", "outages.customers", "outages.area_code")
    } == set(stated)


def test_a_stated_period_without_rows_is_zero_not_missing(stocked, tmp_path):
    take(stocked, tmp_path, "outages", HEADER + "\n", covers="2024-05-01..2024-05-31", covers_units=("C2",))

    city = org_units.by_code(stocked, administrator(stocked).scope, "C2").id
    assert ("outages", city, date(2024, 5, 1)) in rows(
        stocked, source_coverage, "source", "org_unit_id", "covers_from"
    )
    assert (city, "covered:outages", date(2024, 5, 1)) in marks(stocked)


def test_months_of_old_and_new_rows_are_marked_as_stale(stocked, tmp_path):
    take(stocked, tmp_path, "outages", OUTAGES, covers="none")
    with writing_all(stocked) as connection:
        stale.clear(connection, stale.waiting(connection))

    take(stocked, tmp_path, "outages", OUTAGES.replace("S3,A3", "S1,A3"), covers="none")

    unit = {one.code: one.id for one in org_units.visible(stocked, administrator(stocked).scope).values()}
    april = date(2024, 4, 1)
    assert {(unit["S3"], "outages", april), (unit["S1"], "outages", april)} == marks(stocked)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("form", ["csv", "csv.gz", "semicolons", "xlsx"])
def test_every_form_and_encoding_gives_the_same_rows(stocked, tmp_path, encoding, form):
    header = "步骤编号,停电编号,供电单位,台区编码,停电类型,停电原因,停电户数(户),停电时间,复电时间"
    text = "\n".join([header, *OUTAGES.splitlines()[1:]])
    name, content = f"f.{form}", text.encode(encoding)
    if form == "csv.gz":
        content = gzip.compress(content)
    elif form == "semicolons":
        name, content = "f.csv", text.replace(",", ";").encode(encoding)
    elif form == "xlsx":
        book, file = openpyxl.Workbook(), io.BytesIO()
        for line in text.splitlines():
            cells = [
                datetime.fromisoformat(cell) if cell[:5] == "2024-" else cell for cell in line.split(",")
            ]
            book.active.append([int(cell) if str(cell).isdigit() else cell for cell in cells])
        book.save(file)
        content = file.getvalue()

    take(stocked, tmp_path, "outages", content, name=name)

    assert [("s1", 100, datetime(2024, 3, 1, 0)), ("s2", 50, datetime(2024, 3, 1, 0))] == rows(
        stocked, outage_steps, "step_key", "customers", "interrupted_at"
    )[:2]


def test_times_are_the_mappings_zone_and_an_offset_says_itself(stocked, tmp_path):
    """In Vancouver 2024-11-03 01:30 happens twice: the first, at UTC-7, is taken with a warning."""
    content = (
        f"{HEADER}\na,a,S1,,故障,tree,1,2024-11-03 01:30,2024-11-03 03:30\n"
        "b,b,S1,,故障,tree,1,2024-11-03T01:30:00-08:00,2024-11-03T09:31:00Z\n"
    )
    names = "".join(f'{name} = "{name}"\n' for name in HEADER.split(",") if name != "area_code")
    result = take(
        stocked, tmp_path, "outages", content, f'time_zone = "America/Vancouver"\n[columns]\n{names}'
    )

    assert [
        ("a", datetime(2024, 11, 3, 8, 30), datetime(2024, 11, 3, 11, 30)),
        ("b", datetime(2024, 11, 3, 9, 30), datetime(2024, 11, 3, 9, 31)),
    ] == rows(stocked, outage_steps, "step_key", "interrupted_at", "restored_at")
    assert list(result.counts) == [("warning", "interrupted_at", "ambiguous_time", 1)]

    skipped = f"{HEADER}\na,a,S1,,故障,tree,1,2024-03-10 02:30,2024-03-10 04:00\n"
    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "outages", skipped, f'time_zone = "America/Vancouver"\n[columns]\n{names}')
    assert {"nonexistent_time"} == codes(caught)


def test_row_numbers_as_keys_are_guarded_by_the_files_hash(stocked, tmp_path):
    """The same file again is the same rows; equal rows in it are warnings; a further file adds."""
    content = (
        "outage_key,unit,kind,interrupted_at,restored_at\n"
        + 2 * "o,S1,故障,2024-03-01 08:00,2024-03-01 09:00\n"
    )
    mapping = 'source_key = "row_number"\n[columns]\n' + "".join(
        f'{name} = "{name}"\n' for name in ("outage_key", "unit", "kind", "interrupted_at", "restored_at")
    )
    first = take(stocked, tmp_path, "outages", content, mapping)
    again = take(stocked, tmp_path, "outages", gzip.compress(content.encode()), mapping, name="packed.csv.gz")
    further = take(stocked, tmp_path, "outages", content + "p,S1,故障,2024-03-02 08:00,\n", mapping)

    assert list(first.counts) == [("warning", "", "equal_rows", 1)]
    assert again.batch_id is None
    assert (first.new, further.new) == (2, 3)


def test_bad_rows_can_be_set_aside_with_their_reasons(stocked, tmp_path):
    content = (
        OUTAGES + "s5,o5,S9,A1,故障,tree,x,2024-03-01 08:00,\ns1,o1,S1,A1,故障,tree,1,2024-03-01 08:00,\n"
    )
    aside = tmp_path / "aside.csv"

    result = take(stocked, tmp_path, "outages", content, reject_to=aside)

    assert (result.new, result.rejected) == (4, 2)
    found = pd.read_csv(aside, dtype="str")
    assert found["row"].tolist() == ["6", "7"]
    assert "unknown_unit" in found["rejected because"][0]
    assert "not_a_number" in found["rejected because"][0]
    assert "[duplicate_key]" in found["rejected because"][1]
    assert found["customers"].tolist() == ["x", "1"]
    assert step_keys(stocked) == ["s1", "s2", "s3", "s4"]


def test_odd_rows_are_taken_and_wait_for_a_decision(stocked, tmp_path):
    content = f"{HEADER}\na,a,S1,A1,故障,aliens,1,2024-01-01 08:00,2024-02-01 08:00\n"
    take(stocked, tmp_path, "outages", content)

    assert rows(stocked, import_warnings, "column", "code", "source_key") == [
        ("cause", "unknown_cause", "a"),
        ("restored_at", "longer_than_days", "a"),
    ]
    viewer = administrator(stocked)
    import_history.decide(
        stocked, viewer, [(batch(stocked), 2, "cause", "unknown_cause")], "accepted", "seen"
    )
    assert import_history.warnings(stocked, viewer)[1] == 1


def test_more_customers_than_the_unit_serves_is_odd(stocked, tmp_path):
    """C1 serves what its stations serve: 60 + 40; 101 is too many for it, 100 is not."""
    take(
        stocked,
        tmp_path,
        "customers_served",
        "unit,level,month,customers\nS1,低压,2024-01,60\nS2,低压,2024-01,40\n",
    )
    header = "step_key,outage_key,unit,kind,customers,interrupted_at\n"

    result = take(
        stocked, tmp_path, "outages", header + "a,a,C1,故障,100,2024-01-09\nb,b,C1,故障,101,2024-01-09\n"
    )

    assert ("warning", "customers", "more_than_served", 1) in result.counts


def batch(engine):
    with engine.connect() as connection:
        return connection.scalars(select(import_batches.c.id).order_by(import_batches.c.id.desc())).first()


def test_nobody_imports_into_units_that_he_may_not_see(stocked, tmp_path):
    """To a steward of the first city the second city's station does not exist."""
    city = org_units.by_code(stocked, administrator(stocked).scope, "C1")
    steward = Viewer(1, "steward", frozenset({"steward"}), Scope((city.id,)))
    path = tmp_path / "f.csv"
    path.write_text(OUTAGES)

    with pytest.raises(FileRejected) as caught:
        run.import_file(stocked, steward, "outages", path, options=run.Options(bureau="P"))
    assert [(one.code, one.value) for one in errors(caught)] == [("unknown_unit", "S3")]
    with pytest.raises(NotAllowed):
        run.import_file(
            stocked, Viewer(1, "reader", frozenset({"executive"}), steward.scope), "outages", path
        )


def test_demo_and_real_data_never_meet(stocked, tmp_path):
    frame = pd.DataFrame({"day": ["2024-01-01"], "is_working": ["true"], "is_confirmed": ["true"]})
    with pytest.raises(WrongDatabase):
        run.take_frame(stocked, administrator(stocked), "calendar_days", [frame], origin="demo")
    with writing_all(stocked) as connection:
        connection.execute(database_info.update().where(database_info.c.key == "data").values(value="demo"))
    run.take_frame(stocked, administrator(stocked), "calendar_days", [frame], origin="demo")
    with pytest.raises(WrongDatabase):
        take(stocked, tmp_path, "outages", OUTAGES)


def test_frames_are_checked_and_taken_over_like_files(stocked, tmp_path):
    """Typed values and texts give the same rows; the same frame again changes nothing."""
    take(stocked, tmp_path, "outages", OUTAGES, covers="none")
    frame = pd.DataFrame(
        {
            "step_key": ["s1", "s4"],
            "outage_key": ["o1", "o3"],
            "unit": ["S1", "S3"],
            "area_code": ["A1", "A3"],
            "kind": ["fault", "fault"],
            "cause": ["tree", "wind"],
            "customers": [100, 7],
            "interrupted_at": pd.to_datetime(["2024-03-01 00:00", "2024-04-02 04:00"]),
            "restored_at": pd.to_datetime(["2024-03-01 01:00", None]),
        }
    )
    same = run.take_frame(stocked, administrator(stocked), "outages", [frame])
    assert (same.batch_id, same.same) == (None, 2)

    frame.loc[1, "unit"] = "S9"
    with pytest.raises(FileRejected) as caught:
        run.take_frame(stocked, administrator(stocked), "outages", [frame])
    assert [(one.row, one.code) for one in errors(caught)] == [(2, "unknown_unit")]


def test_many_chunks_are_one_import(stocked, tmp_path, monkeypatch):
    """A key repeated in another chunk is found, and rows keep their numbers."""
    monkeypatch.setattr("data_access.imports.reading.CSV_BLOCK", 200)
    content = HEADER + "\n" + "".join(f"k{n},k{n},S1,A1,故障,tree,1,2024-03-01 08:00,\n" for n in range(60))
    seen = []
    path = tmp_path / "f.csv"
    path.write_text(content + "k3,k3,S1,A1,故障,tree,1,2024-03-01 08:00,\n")

    with pytest.raises(FileRejected) as caught:
        run.import_file(stocked, administrator(stocked), "outages", path, progress=seen.append)

    assert [(one.row, one.value, one.expected) for one in errors(caught)] == [(62, "k3", "5")]
    assert len(seen) > 10
    assert seen[-1] == 61


def test_times_that_are_stored_do_not_depend_on_staging(stocked, tmp_path):
    """Rows written by the import equal rows written by SQLAlchemy, so that both compare in SQL."""
    take(
        stocked,
        tmp_path,
        "areas",
        "area_code,name,unit,kind,opened_on,capacity_kva\nB1,b,S1,公变,2024/1/5,12.5\n",
    )
    with writing_all(stocked) as connection:
        one = connection.execute(select(areas).where(areas.c.area_code == "B1")).one()
        connection.execute(insert(areas).values(**{**one._mapping, "area_code": "B2"}))
        statement = select(areas.c.area_code).where(
            areas.c.opened_on == date(2024, 1, 5), areas.c.capacity_kva == 12.5
        )
        assert {"B1", "B2"} == set(connection.execute(statement).scalars())


def test_what_another_import_changed_meanwhile_is_asked_again_under_the_lock(stocked, tmp_path, monkeypatch):
    """While this file is checked, another one takes its outage o1 over: the two become one outage."""
    taking_over = run.committing

    def other_import_first(connection):
        monkeypatch.setattr(run, "committing", taking_over)
        take(stocked, tmp_path, "outages", OUTAGES, covers="none")
        return taking_over(connection)

    monkeypatch.setattr(run, "committing", other_import_first)
    late = OUTAGES.replace(",100,", ",90,") + "s5,o1,S2,A2,故障,tree,8,2024-03-01 07:00,2024-03-01 09:00\n"
    result = take(stocked, tmp_path, "outages", late, covers="none", name="late.csv")

    assert (result.new, result.changed, result.same) == (1, 1, 3)
    assert ("o1", 148, 3) in rows(stocked, outages, "outage_key", "customers", "steps")
