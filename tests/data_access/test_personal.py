"""No read of data_access gives a personal value away: every column that holds one is filled with a text that
must be found nowhere in what comes back, whoever asks without the right to see it.
"""

import io
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import select, update

from data_access import (
    entry,
    entry_saving,
    import_history,
    import_job_run,
    import_jobs,
    import_preview,
    processes,
    records,
)
from data_access.engine import engine_for
from data_access.imports.finishing import TABLES
from data_access.tables import metadata
from data_access.tables.audit import audit_log
from data_access.tables.grid import areas
from data_access.tables.imports import PAST, import_warnings
from data_access.tables.org import people
from data_access.transactions import reading_all, writing_all
from domain.errors import ChangedByOthers, DashboardError, FileRejected
from domain.import_kinds import kinds
from domain.kpis import catalogue
from domain.mapping import as_toml, suggested
from tests.data_access.importing import administrator, company, take
from tests.data_access.test_foreign_scope import DOORS, MONTH

SENTINEL = "不该看见的人"


def _marked():
    return [
        (table, column)
        for table in metadata.sorted_tables
        for column in table.columns
        if "personal" in column.info
    ]


def _without_right(viewer):
    return replace(viewer, roles=frozenset({"steward", "manager"}))


def fill(engine):
    """Put the sentinel into every personal column, and let every area be a dedicated account."""
    with writing_all(engine) as connection:
        connection.execute(update(areas).values(kind="dedicated"))
        for table, column in _marked():
            ours = update(table) if table is not people else update(table).where(people.c.id == 1)  # unique
            connection.execute(ours.values({column.name: f"{SENTINEL}@{SENTINEL[:2]}.cn"}))


def text_of(answer) -> str:
    """All that an answer says, whatever it is made of."""
    if isinstance(answer, pd.DataFrame):
        return answer.to_csv()
    if isinstance(answer, bytes):
        return answer.decode(errors="replace")
    if isinstance(answer, tuple | list):
        return "\n".join(map(text_of, answer))
    return repr(answer)


@pytest.fixture(scope="module")
def cities(cities, tmp_path_factory):
    """The two cities, full of what must be found nowhere."""
    path = tmp_path_factory.mktemp("persons") / "cities.db"
    shutil.copy(cities, path)
    shutil.copytree(cities.with_name("evidence"), path.with_name("evidence"))
    engine = engine_for(f"sqlite:///{path}")
    fill(engine)
    engine.dispose()
    return path


@pytest.fixture
def mine(asked):
    """The question as somebody of the city itself puts it."""
    return asked("C2")


@pytest.mark.parametrize("name", sorted(DOORS))
def test_no_read_gives_a_personal_value_away(mine, name):
    try:
        answer = DOORS[name](replace(mine, viewer=_without_right(mine.viewer)))
    except DashboardError as error:
        answer = error

    assert SENTINEL not in text_of(answer)


@pytest.mark.parametrize("kpi", sorted(catalogue().kpis))
def test_no_records_behind_a_number_give_a_personal_value_away(mine, kpi):
    found = text_of(records.page(*mine.of, kpi, mine.city, MONTH))

    assert SENTINEL not in found


def test_the_values_are_there_for_who_may_see_them(mine):
    """Otherwise the test above would prove nothing."""
    assert SENTINEL in text_of(DOORS["unmasking.show"](mine))


def test_reads_that_name_persons_show_the_mask(mine):
    worst, listed = (DOORS[name](mine) for name in ("worst.worst_areas", "frequent_outages.listed"))

    assert set(worst["name"]) == set(listed["name"]) == {"不**"}
    assert set(records.page(*mine.of, "cemi", mine.city, MONTH)[0]["area_name"]) == {"不**"}
    assert DOORS["entry.record"](mine).masked == {"name": "不**"}


def test_a_mark_of_a_table_is_one_of_its_kind_of_file_and_the_other_way_round():
    for kind in kinds().values():
        table = TABLES[kind.table]
        for column in kind.columns.values():
            info = table.c[column.column].info
            where = {kind.columns[name].column: value for name, value in column.personal_where.items()}
            assert info.get("personal", "") == column.personal, (kind.id, column.id)
            assert info.get("personal_where", {}) == where, (kind.id, column.id)


def test_past_rows_are_marked_as_their_tables_are():
    for name, past in PAST.items():
        for column in metadata.tables[name].columns:
            if column.name in past.c:
                assert past.c[column.name].info == column.info, (name, column.name)


AREAS = "台区编码,台区名称,性质,单位编码,容量,联系电话,备注\n"
BAD = f"{AREAS}A8,{SENTINEL},专变,S1,许多,13812345678,x\nA9,城东台区,公变,S1,许多,,x\n"


@pytest.fixture
def stocked(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "start", lambda *_given: 0)
    return company(engine, tmp_path)


def _run(engine, tmp_path, kind, content, leave_out):
    """The job of an upload with that content, carried out in this process."""
    path = tmp_path / "upload" / f"{kind}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    mapping = as_toml(suggested(kinds()[kind], content.splitlines()[0].split(",")))
    viewer = administrator(engine)
    asked = import_jobs.Request(str(path), mapping, leave_out_bad_rows=leave_out)
    number = import_jobs.start(engine, viewer, kind, asked)
    import_job_run.run(engine, number)
    return viewer, number


def test_a_refused_file_and_what_is_left_out_of_it_show_the_mask(stocked, tmp_path):
    """Phone numbers are masked too, though nothing of ours takes that column."""
    longest = SENTINEL * 30  # a problem of the name itself
    viewer, number = _run(stocked, tmp_path, "areas", BAD.replace(SENTINEL, longest), False)
    problems = import_jobs.job(stocked, viewer, number).result["problems"]
    assert {(one["row"], one["value"]) for one in problems if one["code"] == "too_long"} == {(2, "不**")}

    viewer, number = _run(stocked, tmp_path, "areas", BAD, True)
    left_out = import_jobs.left_out(stocked, viewer, number).decode("utf-8-sig")
    rows = pd.read_csv(io.StringIO(left_out), dtype=str).to_numpy().tolist()

    assert [row[1:5] for row in rows] == [["A8", "不**", "专变", "S1"], ["A9", "城东台区", "公变", "S1"]]
    assert rows[0][6] == "138****5678"
    for text in (left_out, repr(problems), _everything_kept_of(stocked)):
        assert SENTINEL not in text
        assert "13812345678" not in text


def _everything_kept_of(engine) -> str:
    with reading_all(engine) as connection:
        return "\n".join(
            repr(connection.execute(select(metadata.tables[name])).all())
            for name in ("import_jobs", "import_warnings", "import_batches", "audit_log")
        )


def test_a_row_that_was_left_out_is_refused_with_its_mask(stocked, tmp_path):
    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "areas", f"{AREAS}A8,不**,专变,S1,315,138****5678,x\n")

    assert [(one.column, one.code) for one in caught.value.problems] == [("台区名称", "masked_value")]


def test_a_key_is_not_made_of_what_speaks_of_a_person(stocked, tmp_path):
    content = "联系电话,时间,单位编码,停电编号,停电类型\n13812345678,2024-03-01 08:00,S1,o9,故障\n"
    mapping = (
        'source_key = ["联系电话", "停电编号"]\n[columns]\noutage_key = "停电编号"\nunit = "单位编码"\n'
        'kind = "停电类型"\ninterrupted_at = "时间"\n'
    )

    with pytest.raises(FileRejected) as caught:
        take(stocked, tmp_path, "outages", content, mapping)

    assert [(one.column, one.code) for one in caught.value.problems] == [("联系电话", "personal_key")]


def test_what_waits_for_a_decision_shows_the_mask(stocked, tmp_path):
    """A promise for an outage that nobody knows is odd and kept; who told it is no part of it."""
    header = "promise_key,outage_key,told_at,promised_at,told_by\n"
    take(stocked, tmp_path, "promises", f"{header}p1,o1,2024-03-01 08:00,2024-03-01 09:00,{SENTINEL}\n")

    with reading_all(stocked) as connection:
        assert len(connection.execute(select(import_warnings)).all()) == 1
        assert SENTINEL not in repr(connection.execute(select(audit_log)).all())
    found, _count = import_history.warnings(stocked, administrator(stocked))
    assert SENTINEL not in found.to_csv()


def test_the_first_look_into_a_file_shows_the_mask(stocked, tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text(BAD, encoding="utf-8")

    samples = import_preview.preview(administrator(stocked), kinds()["areas"], path).samples

    assert samples["台区名称"].tolist() == ["不**", "城东台区"]
    assert samples["联系电话"].tolist()[0] == "138****5678"


def _name_of(engine, code):
    with reading_all(engine) as connection:
        return connection.scalar(select(areas.c.name).where(areas.c.area_code == code))


def test_an_account_is_corrected_without_being_seen(stocked):
    """台三 is the dedicated account of the company."""
    viewer = _without_right(administrator(stocked))
    before = entry.record(stocked, viewer.scope, "areas", area_code="A3")
    assert (before.texts["name"], before.masked) == ("", {"name": "台**"})

    saved = entry_saving.save(stocked, viewer, "areas", before.texts | {"capacity_kva": "315"}, before)

    assert (saved.changed, _name_of(stocked, "A3")) == (1, "台三")
    before = entry.record(stocked, viewer.scope, "areas", area_code="A3")
    entry_saving.save(stocked, viewer, "areas", before.texts | {"name": "新名"}, before)
    assert _name_of(stocked, "A3") == "新名"


def test_saving_an_account_unchanged_changes_nothing(stocked):
    viewer = _without_right(administrator(stocked))
    before = entry.record(stocked, viewer.scope, "areas", area_code="A3")

    assert entry_saving.save(stocked, viewer, "areas", before.texts, before).batch_id is None


def test_the_name_of_a_public_area_is_no_person_s(stocked):
    found = entry.record(stocked, administrator(stocked).scope, "areas", area_code="A1")

    assert (found.texts["name"], found.masked) == ("台一", {})


def test_an_account_does_not_show_its_name_by_being_called_public(stocked):
    """What was masked would be everybody's to read; so the name must be given anew."""
    viewer = _without_right(administrator(stocked))
    before = entry.record(stocked, viewer.scope, "areas", area_code="A3")

    with pytest.raises(FileRejected) as caught:
        entry_saving.save(stocked, viewer, "areas", before.texts | {"kind": "public"}, before)

    assert {one.code for one in caught.value.problems} == {"missing_value"}


def test_a_name_that_changed_meanwhile_is_noticed_though_its_mask_is_the_same(stocked):
    viewer = _without_right(administrator(stocked))
    before = entry.record(stocked, viewer.scope, "areas", area_code="A3")
    entry_saving.save(stocked, viewer, "areas", before.texts | {"name": "台九"}, before)

    with pytest.raises(ChangedByOthers):
        entry_saving.save(stocked, viewer, "areas", before.texts | {"name": "台八"}, before)
