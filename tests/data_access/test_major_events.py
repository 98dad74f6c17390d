"""Major event days of a city bureau: frozen thresholds, imported lists, and what both do to the figures."""

import math
from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import Engine, insert, select

from data_access import major_event_list, major_events, org_units, stale
from data_access.imports import run
from data_access.kpi_refresh import refresh
from data_access.tables.audit import audit_log
from data_access.tables.kpi import major_event_days
from data_access.tables.rules import major_event_dates, med_thresholds
from data_access.transactions import reading_all, writing_all
from domain.errors import FileRejected, InvalidInput, NotAllowed
from domain.periods import add_months, months_between
from domain.viewer import Viewer
from tests.data_access import company
from tests.data_access.booked import at, book, cover, facts, serve, step
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, PROVINCE
from tests.data_access.importing import administrator

YEAR_2025 = months_between(date(2025, 1, 1), date(2025, 12, 1))


def outage(unit: int, day: date, minutes: float, key: str = "") -> dict:
    """1,000 customers for so many minutes: with 1,000 served, the day's SAIDI is the minutes."""
    return step(unit, at(day), minutes, 1_000, key=key)


def a_year(engine: Engine) -> None:
    """2025 in county A1: days of 10, 100 and 1,000 min; momentary ones and the rest are zero."""
    company.build(engine)
    cover(engine, date(2025, 1, 1), date(2026, 3, 31))
    serve(engine, months_between(date(2025, 1, 1), date(2026, 3, 1)), {COUNTY_A1: 600, COUNTY_A2: 400})
    book(
        engine,
        outage(COUNTY_A1, date(2025, 3, 1), 10),
        outage(COUNTY_A1, date(2025, 6, 1), 100),
        outage(COUNTY_A2, date(2025, 9, 1), 1_000),
        outage(COUNTY_A1, date(2025, 10, 1), 2),
    )


def limits(engine: Engine) -> list:
    with reading_all(engine) as connection:
        return connection.execute(select(med_thresholds)).all()


def days(engine: Engine) -> set:
    with reading_all(engine) as connection:
        rows = connection.execute(select(major_event_days.c.org_unit_id, major_event_days.c.day))
        return {tuple(row) for row in rows}


def manager(engine: Engine) -> Viewer:
    return Viewer(None, "manager", frozenset({"manager"}), org_units.whole_company(engine))


def test_a_full_year_before_gives_the_year_its_frozen_threshold(engine: Engine) -> None:
    """ln 10, ln 100, ln 1000: mean ln 100, deviation ln 10, so T_MED = 100 x 10^2.5 = 31,623 min."""
    a_year(engine)
    refresh(engine)

    (one,) = limits(engine)

    assert (one.org_unit_id, one.year, one.level, one.days) == (CITY_A, 2026, "LV", 3)
    assert one.t_med == pytest.approx(100 * 10**2.5)
    assert (one.alpha, one.beta) == (pytest.approx(math.log(100)), pytest.approx(math.log(10)))
    assert (one.history_from, one.history_to) == (date(2025, 1, 1), date(2025, 12, 31))
    assert (one.is_provisional, one.set_by) == (True, "refresh")
    with reading_all(engine) as connection:
        acts = connection.execute(select(audit_log.c.action, audit_log.c.by_name)).all()
    assert ("set_med_threshold", "refresh") in [tuple(act) for act in acts]


def test_days_above_it_are_major_event_days_of_the_whole_bureau(engine: Engine) -> None:
    """A small outage in the other county on the same day lies on the major event day too."""
    a_year(engine)
    book(
        engine,
        outage(COUNTY_A1, date(2026, 2, 3), 40_000),
        step(COUNTY_A2, at(date(2026, 2, 3)), 60, 5, key="small"),
        outage(COUNTY_A1, date(2026, 2, 4), 31_000),
    )
    refresh(engine)

    found, february = facts(engine), date(2026, 2, 1)

    assert days(engine) == {(CITY_A, date(2026, 2, 3))}
    assert found[COUNTY_A2, "ci_lv_med", "", "", "month", february] == 5
    assert found[PROVINCE, "ci_lv_med", "", "", "month", february] == 1_005
    assert found[PROVINCE, "ci_lv", "", "", "month", february] == 2_005
    assert found[CITY_A, "covered:major_events", "", "", "month", february] == 28
    assert (PROVINCE, "covered:major_events", "", "", "month", february) not in found
    assert (CITY_A, "covered:major_events", "", "", "month", date(2025, 6, 1)) not in found


def test_a_refresh_never_changes_a_threshold_and_reset_does_with_a_reason(engine: Engine) -> None:
    a_year(engine)
    refresh(engine)
    book(
        engine, outage(COUNTY_A1, date(2025, 7, 1), 100, "late"), outage(COUNTY_A1, date(2026, 1, 5), 12_000)
    )
    refresh(engine, full=True)
    assert limits(engine)[0].days == 3
    assert days(engine) == set()

    with pytest.raises(NotAllowed):
        lead = Viewer(None, "lead", frozenset({"lead"}), manager(engine).scope)
        major_events.reset(engine, lead, CITY_A, 2026, "late data")
    with pytest.raises(InvalidInput, match="reason_missing"):
        major_events.reset(engine, manager(engine), CITY_A, 2026, " ")
    with pytest.raises(InvalidInput, match="not_a_bureau"):
        major_events.reset(engine, manager(engine), COUNTY_A1, 2026, "late data")
    with pytest.raises(InvalidInput, match=r"med_history.*'A'.*2025"):
        major_events.reset(engine, manager(engine), CITY_A, 2025, "late data")
    major_events.reset(engine, manager(engine), CITY_A, 2026, "late data of July")
    refresh(engine)

    (one,) = limits(engine)
    assert (one.days, one.set_by, one.reason) == (4, "manager", "late data of July")
    assert one.t_med < 12_000
    assert days(engine) == {(CITY_A, date(2026, 1, 5))}


def test_an_imported_list_replaces_the_formula_for_its_bureau_and_year(engine: Engine) -> None:
    a_year(engine)
    book(engine, outage(COUNTY_A1, date(2026, 2, 3), 40_000), outage(COUNTY_A1, date(2026, 2, 10), 5))
    refresh(engine)
    with writing_all(engine) as connection:
        listed = {"bureau_id": "A", "org_unit_id": CITY_A, "day": date(2026, 2, 10), "name": "storm"}
        connection.execute(insert(major_event_dates).values(listed))
        stale.mark(connection, [(CITY_A, "major_event_dates", date(2026, 2, 1))])
    cover(engine, date(2026, 1, 1), date(2026, 12, 31), CITY_A, ("major_event_dates",), batch=9)
    refresh(engine)

    assert days(engine) == {(CITY_A, date(2026, 2, 10))}
    parts = facts(engine)
    refresh(engine, full=True)
    assert facts(engine) == parts


def listed(engine: Engine, unit: str, *days: date) -> None:
    """A list of 2026 as a file brings it, with what it covers proposed from its rows."""
    rows = pd.DataFrame([{"unit": unit, "day": day, "name": f"typhoon of {unit}"} for day in days])
    year = (date(2026, 1, 1), date(2026, 12, 31))
    run.take_frame(
        engine,
        administrator(engine),
        "major_event_dates",
        [rows],
        covers=year,
        bureau={"A1": "A"}.get(unit, unit),
    )
    refresh(engine)


def test_a_provinces_day_holds_for_all_its_bureaus_and_takes_none_away(engine: Engine) -> None:
    """The storm that the formula had found stays a major event day when the province lists it."""
    a_year(engine)
    storm = date(2026, 2, 3)
    book(engine, outage(COUNTY_A1, storm, 40_000))
    refresh(engine)
    assert days(engine) == {(CITY_A, storm)}

    listed(engine, "P", storm)

    assert days(engine) == {(CITY_A, storm), (CITY_B, storm)}
    named = major_event_list.days(engine, manager(engine).scope, COUNTY_A1, storm, storm)
    assert named[["unit", "by_list", "name"]].values.tolist() == [["A", True, "typhoon of P"]]
    parts = facts(engine)
    assert parts[CITY_A, "ci_lv_med", "", "", "month", date(2026, 2, 1)] == 1_000
    refresh(engine, full=True)
    assert facts(engine) == parts


def test_a_list_of_one_city_leaves_the_next_one_to_its_formula(engine: Engine) -> None:
    """City B's list is its own: city A keeps the day that its threshold gives."""
    a_year(engine)
    book(engine, outage(COUNTY_A1, date(2026, 2, 3), 40_000))
    refresh(engine)

    listed(engine, "B", date(2026, 2, 10))

    assert days(engine) == {(CITY_A, date(2026, 2, 3)), (CITY_B, date(2026, 2, 10))}


def test_a_day_of_a_county_is_refused_by_name(engine: Engine) -> None:
    a_year(engine)
    with pytest.raises(FileRejected) as caught:
        listed(engine, "A1", date(2026, 2, 3))

    assert [(one.code, one.value) for one in caught.value.problems] == [("below_bureau", "A1")]


def test_without_customers_or_a_full_year_there_is_no_threshold(engine: Engine) -> None:
    """November's customers are missing; the other city never sent any."""
    company.build(engine)
    cover(engine, date(2025, 1, 1), date(2026, 3, 31))
    months = [month for month in YEAR_2025 if month != date(2025, 11, 1)]
    serve(engine, months, {COUNTY_A1: 600, COUNTY_A2: 400})
    book(engine, *(outage(COUNTY_A1, date(2025, 3, 1) + timedelta(days=n), 10 + n) for n in range(5)))
    refresh(engine)
    assert limits(engine) == []

    serve(engine, [date(2025, 11, 1)], {COUNTY_A1: 600, COUNTY_A2: 400})
    refresh(engine)

    assert [one.year for one in limits(engine)] == [2026]


def test_where_only_mv_customers_are_known_the_threshold_is_that_of_mv(engine: Engine) -> None:
    company.build(engine)
    cover(engine, date(2025, 1, 1), date(2026, 3, 31))
    serve(engine, [*YEAR_2025, add_months(YEAR_2025[-1], 1)], {COUNTY_A1: 1, COUNTY_A2: 0}, "MV")
    book(engine, *(outage(COUNTY_A1, date(2025, 3, n + 1), 10**n) for n in (1, 2, 3)))
    refresh(engine)

    (one,) = limits(engine)

    assert (one.level, one.t_med) == ("MV", pytest.approx(100 * 10**2.5))
