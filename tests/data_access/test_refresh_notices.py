"""What was announced, and what came of it, meet in the figures whichever of the two arrives first."""

from datetime import date

from data_access import kpi_values, records
from data_access.kpi_refresh import refresh
from data_access.tables.org import org_units
from domain.periods import Period
from tests.data_access.booked import facts
from tests.data_access.importing import administrator, company, rows, take

COVERS = {"covers": "2024-01-01..2024-02-29"}
NOTICES = """notice_key,unit,kind,outage_key,published_at,announced_start,announced_end
n1,C1,planned,o1,2024-01-01 08:00,2024-01-31 22:00,2024-02-01 06:00
n2,C1,planned,o2,2024-01-01 08:00,2024-01-31 22:00,2024-02-01 06:00
"""
OUTAGES = "step_key,outage_key,unit,kind,customers,interrupted_at,restored_at\n"
OF_PLAN = "s1,o1,S1,planned,9,2024-02-01 00:10,2024-02-01 02:00\n"
ELSEWHERE = "s9,o9,S2,fault,9,2024-01-10 08:00,2024-01-10 09:00\n"


def of_plans(engine, measure: str) -> dict[tuple[str, date], int]:
    codes = dict(rows(engine, org_units, "id", "code"))
    return {(codes[key[0]], key[5]): value for key, value in facts(engine).items() if key[1] == measure}


def test_an_outage_that_comes_after_its_notice_makes_the_plan_one_carried_out(engine, tmp_path):
    """Announced by the city for January, booked on a station on 1 February; the plan of o2 is a decoy."""
    company(engine, tmp_path)
    take(engine, tmp_path, "outages", OUTAGES + ELSEWHERE, bureau="C1", **COVERS)
    take(engine, tmp_path, "notices", NOTICES, bureau="C1", **COVERS)
    refresh(engine)
    assert of_plans(engine, "plans_executed") == {}

    take(engine, tmp_path, "outages", OUTAGES + OF_PLAN, bureau="C1")
    refresh(engine)

    january = date(2024, 1, 1)
    assert of_plans(engine, "plans_executed") == {("C1", january): 1, ("P", january): 1}
    assert of_plans(engine, "plans_published")["C1", january] == 2


def test_a_plan_is_due_by_the_data_of_its_own_city(engine, tmp_path):
    """Both plans are for 20 February. The data of C1 end on the 25th, those of C2 on the 10th."""
    company(engine, tmp_path)
    header, *_ = NOTICES.splitlines()
    for city, ends in (("C1", "2024-02-25"), ("C2", "2024-02-10")):
        plan = f"n{city},{city},planned,o1,2024-01-01 08:00,2024-02-20 08:00,2024-02-20 12:00\n"
        covers = {"bureau": city, "covers": f"2024-01-01..{ends}", "covers_units": (city,)}
        outage = OF_PLAN.replace("2024-02-01", "2024-02-20") if city == "C1" else OF_PLAN.replace("S1", "S2")
        take(engine, tmp_path, "outages", OUTAGES + outage, **covers)
        take(engine, tmp_path, "notices", f"{header}\n{plan}", **covers)
    refresh(engine)
    february, scope = Period("month", date(2024, 2, 1), date(2024, 2, 1)), administrator(engine).scope
    top = min(scope.roots)

    found, _ = records.page(engine, scope, "plans_executed", top, february)

    assert of_plans(engine, "plans_published") == {("C1", february.first): 1, ("P", february.first): 1}
    assert records.sums(engine, scope, "plans_executed", top, february) == (1, 1)
    assert dict(zip(found["notice_key"], found["reason"], strict=True)) == {"nC1": "", "nC2": "not_due"}


def test_faults_whose_customers_nobody_reports_cannot_be_judged(engine, tmp_path):
    """Outages with MV users only: not 0 of 0, but no customers of outages. With both, the decoy, 1 of 1."""
    company(engine, tmp_path)
    with_mv = "step_key,outage_key,unit,kind,mv_users,detected_at,interrupted_at,restored_at\n"
    with_lv = with_mv.replace("mv_users", "customers")
    row = "s1,o1,S1,fault,500,2024-02-01 08:01,2024-02-01 08:00,2024-02-01 10:00\n"
    told = "notice_key,unit,kind,outage_key,published_at\nn1,S1,fault,o1,2024-02-01 08:10\n"
    for city, header in (("C1", with_mv), ("C2", with_lv)):
        station = {"C1": "S1", "C2": "S3"}[city]
        take(engine, tmp_path, "outages", header + row.replace("S1", station), bureau=city, **COVERS)
        take(engine, tmp_path, "notices", told.replace("S1", station), bureau=city, **COVERS)
    refresh(engine)
    february, scope = date(2024, 2, 1), administrator(engine).scope

    found = {
        station: kpi_values.read(engine, scope, "fault_notice_timely", station, february, february)
        for station in ("S1", "S3")
    }

    assert (found["S1"]["value"], found["S1"]["missing"]) == (None, "not_covered:outages.customers")
    assert (found["S3"]["numerator"], found["S3"]["denominator"]) == (1, 1)


def test_records_tell_a_plan_that_was_carried_out_as_announced_from_one_on_another_day(engine, tmp_path):
    """o1 began two hours after its announced start, o2 three days after; the figure says the same."""
    company(engine, tmp_path)
    late = OF_PLAN.replace("s1,o1", "s2,o2").replace("2024-02-01", "2024-02-03")
    take(engine, tmp_path, "outages", OUTAGES + OF_PLAN + late, bureau="C1", **COVERS)
    take(engine, tmp_path, "notices", NOTICES, bureau="C1", **COVERS)
    refresh(engine)
    january, scope = Period("month", date(2024, 1, 1), date(2024, 1, 1)), administrator(engine).scope
    top = min(scope.roots)

    found, _ = records.page(engine, scope, "plans_executed", top, january)

    assert dict(zip(found["outage_key"], found["in_numerator"], strict=True)) == {"o1": 1, "o2": 0}
    assert records.sums(engine, scope, "plans_executed", top, january) == (1, 2)
    assert of_plans(engine, "plans_executed") == {("C1", january.first): 1, ("P", january.first): 1}
