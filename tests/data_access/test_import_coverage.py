"""For which units an import covers its period: a file of one city says nothing about the next."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from data_access import import_preview, kpi_values, settings
from data_access.kpi_refresh import refresh
from data_access.tables.imports import import_batches, source_coverage
from data_access.tables.org import org_units
from domain.errors import InvalidInput
from domain.import_kinds import kinds
from domain.mapping import from_toml, suggested
from domain.periods import local_today
from tests.data_access.importing import OUTAGES, administrator, company, take, write

HEADER = OUTAGES.splitlines()[0]
ONLY_C1 = "\n".join(OUTAGES.splitlines()[:4]) + "\n"  # stations S1 and S2, March
MARCH, PERIOD = date(2024, 3, 1), "2024-03-01..2024-03-31"
MADE = """
[columns]
step_key = "step_key"
outage_key = "outage_key"
kind = "kind"
interrupted_at = "interrupted_at"
[make_units]
root = { code = "N", name = "N", level = "province" }
levels = [{ column = "unit", level = "city" }]
"""


@pytest.fixture
def stocked(engine, tmp_path):
    return company(engine, tmp_path)


def covered(engine) -> set[str]:
    with engine.connect() as connection:
        codes = select(org_units.c.code).join(source_coverage).where(source_coverage.c.source == "outages")
        return set(connection.execute(codes).scalars())


def missing(engine, unit: str) -> str:
    refresh(engine)
    return kpi_values.read(engine, administrator(engine).scope, "caidi", unit, MARCH, MARCH)["missing"]


def test_a_file_of_one_city_leaves_the_next_one_missing(stocked, tmp_path):
    result = take(stocked, tmp_path, "outages", ONLY_C1, covers=PERIOD)

    assert (result.covers_units, covered(stocked)) == (("C1",), {"C1"})
    assert missing(stocked, "C1") == ""
    assert missing(stocked, "C2") == missing(stocked, "P") == "not_covered:outages"


def test_a_person_may_widen_it_and_so_may_a_mapping(stocked, tmp_path):
    """The same rows again change nothing but what they cover."""
    take(stocked, tmp_path, "outages", ONLY_C1, covers=PERIOD)
    wider = take(stocked, tmp_path, "outages", ONLY_C1, covers=PERIOD, covers_units=("P", "C1"))
    assert (wider.same, wider.covers_units) == (3, ("P",))
    assert missing(stocked, "C2") == "zero_denominator"  # nothing was interrupted, and that is known

    said = 'covers = "2024-04-01..2024-04-30"\ncovers_unit = "C2"\n[columns]\n' + "".join(
        f'{one} = "{one}"\n' for one in HEADER.split(",")
    )
    assert take(stocked, tmp_path, "outages", ONLY_C1, said).covers_units == ("C2",)


def test_a_file_of_two_cities_covers_each_and_of_one_station_only_that(stocked, tmp_path):
    assert take(stocked, tmp_path, "outages", OUTAGES, covers=PERIOD).covers_units == ("C1", "C2")

    one = "\n".join(OUTAGES.splitlines()[:3]).replace("s1,o1", "t1,o9").replace("s2,o1", "t2,o9")
    assert take(stocked, tmp_path, "outages", one + "\n", covers=PERIOD).covers_units == ("S1",)


def test_promises_cover_the_units_of_their_outages(stocked, tmp_path):
    take(stocked, tmp_path, "outages", OUTAGES, covers="none")
    rows = "promise_key,outage_key,told_at,promised_at\np1,o3,2024-04-02 13:00,2024-04-02 15:00\n"

    assert take(stocked, tmp_path, "promises", rows).covers_units == ("S3",)
    unknown = rows.replace("p1,o3", "p2,nobody-knows")
    assert take(stocked, tmp_path, "promises", unknown).covers_units == ()


def test_a_file_without_rows_says_for_which_unit_it_is_zero(stocked, tmp_path):
    with pytest.raises(InvalidInput, match="covers_unit_missing"):
        take(stocked, tmp_path, "outages", HEADER + "\n", covers=PERIOD)
    with pytest.raises(InvalidInput, match="unknown_unit"):
        take(stocked, tmp_path, "outages", HEADER + "\n", covers=PERIOD, covers_units=("C9",))

    assert covered(stocked) == set()
    assert take(stocked, tmp_path, "outages", HEADER + "\n", covers=PERIOD, covers_units=("C2",)).covers_units


def test_no_file_covers_days_to_come_but_lists_of_a_year_and_plans_do(stocked, tmp_path):
    """To 2030, the last complete month would be one of 2030."""
    today = local_today(settings.company_timezone())
    begin, tomorrow = today - timedelta(days=9), today + timedelta(days=1)
    with pytest.raises(InvalidInput) as caught:
        take(stocked, tmp_path, "outages", ONLY_C1, covers=f"{begin}..{tomorrow}")
    assert (caught.value.code, caught.value.values["day"]) == ("covers_days_to_come", f"{tomorrow}")
    assert covered(stocked) == set()

    assert take(stocked, tmp_path, "outages", ONLY_C1, covers=f"{begin}..{today}").covers_units == ("C1",)
    days = f"unit,day\nC1,{begin.year}-01-01\n"
    year = take(
        stocked, tmp_path, "major_event_dates", days, covers=f"{begin.year}-01-01..{begin.year}-12-31"
    )
    notices = "notice_key,unit,kind,published_at\nn1,S1,planned,2024-03-01 08:00\n"
    plans = take(stocked, tmp_path, "notices", notices, covers=f"{begin}..{tomorrow}")
    assert (year.covers_units, plans.covers_units) == (("C1",), ("S1",))


@pytest.mark.parametrize(("said", "found"), [("", ("N:S1", "N:S2", "N:S3")), ('covers_unit = "N"', ("N",))])
def test_units_made_from_the_file_are_covered_too_and_may_be_named(engine, tmp_path, said, found):
    result = take(engine, tmp_path, "outages", OUTAGES, f'bureau = "N"\n{said}\n{MADE}')

    assert (result.units_made, result.covers_units) == (4, found)


def test_a_batch_belongs_to_the_unit_above_its_rows(stocked, tmp_path):
    """So that a steward of the other city neither sees nor undoes it."""
    result = take(stocked, tmp_path, "outages", ONLY_C1, covers="none", bureau="P")

    with stocked.connect() as connection:
        owner = select(org_units.c.code).join(import_batches).where(import_batches.c.id == result.batch_id)
        assert connection.scalar(owner) == "C1"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (ONLY_C1.replace("s2,o1,S1", "s4,o3,S1"), {}),  # a row that was C2's moves to C1
        (ONLY_C1, {"replaces": (date(2024, 4, 1), date(2024, 4, 30))}),  # withdraws C2's row of April
    ],
)
def test_a_batch_that_changes_rows_of_another_city_belongs_above_both(stocked, tmp_path, text, options):
    take(stocked, tmp_path, "outages", OUTAGES, covers="none")
    result = take(stocked, tmp_path, "outages", text, covers="none", **options)

    with stocked.connect() as connection:
        owner = select(org_units.c.code).join(import_batches).where(import_batches.c.id == result.batch_id)
        assert connection.scalar(owner) == "P"


@pytest.mark.parametrize(
    ("text", "units"),
    [(ONLY_C1, ("C1",)), (OUTAGES, ("C1", "C2")), (ONLY_C1.replace("S2", "甲二所"), ("C1",)), (HEADER, ())],
)
def test_the_page_proposes_what_the_import_would_cover(stocked, tmp_path, text, units):
    path, kind = write(tmp_path, text), kinds()["outages"]
    mapping = suggested(kind, HEADER.split(","))

    found = import_preview.covered_by(stocked, administrator(stocked), path, kind, mapping)

    assert found[1] == units
    named = from_toml('kind = "outages"\ncovers_unit = ["S1", "S3"]')
    assert import_preview.covered_by(stocked, administrator(stocked), path, kind, named)[1] == ("S1", "S3")
    taken = take(stocked, tmp_path, "outages", text) if units else None
    assert taken is None or found == (taken.covers, taken.covers_units)


def test_a_list_of_major_event_days_is_offered_and_taken_for_its_whole_years(stocked, tmp_path):
    text = "unit,day\nC1,2024-03-05\n"
    path, kind = write(tmp_path, text), kinds()["major_event_dates"]

    found = import_preview.covered_by(
        stocked, administrator(stocked), path, kind, suggested(kind, ["unit", "day"])
    )

    assert found[0] == take(stocked, tmp_path, "major_event_dates", text).covers
    assert found[0] == (date(2024, 1, 1), date(2024, 12, 31))
