"""A changed month makes every month stale whose windows look back on it, however long the rules make them."""

from datetime import date, datetime

from sqlalchemy import Engine, insert, select

from data_access.kpi_refresh import refresh
from data_access.tables.grid import lines
from data_access.tables.kpi import frequent_outage_list
from data_access.tables.rules import rule_versions
from data_access.transactions import writing_all
from domain import rule_sets
from tests.data_access import company
from tests.data_access.booked import at, book, cover, facts, step
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1


def publish(engine: Engine, rule_set: str, section: str, **changed: int) -> None:
    """A second version that has always been in force."""
    first = rule_sets.first_version(rule_set)
    body = {**first.body, section: {**first.body[section], **changed}}
    row = {"rule_set": rule_set, "version": 2, "valid_from": first.valid_from, "state": "published"}
    with writing_all(engine) as connection:
        connection.execute(
            insert(rule_versions).values(**row, body=body, by_name="t", at=datetime(2025, 1, 1))
        )


def planned(day: date, minutes: int | None = 60) -> list[dict]:
    """Two areas out by one planned outage, so that it is no single user's; minutes None: not restored yet."""
    more = {"outage": f"{day}", "kind": "planned"}
    return [step(COUNTY_A1, at(day), minutes, key=f"{day}/{one}", area_code=one, **more) for one in "ab"]


def of(engine: Engine, measure: str) -> dict[date, int]:
    """Its value at the county by month."""
    found = facts(engine)
    return {key[5]: found[key] for key in found if key[:3] == (COUNTY_A1, measure, "")}


def test_longer_windows_of_a_rule_version_reach_further(engine: Engine) -> None:
    """500 days from 20 September look back from December next year; four in 120 days are frequent all year.

    The window of CEMI, by which outages of September reach the next one, is no longer the longest.
    """
    company.build(engine)
    publish(engine, "notices", "repeated_planned", days=500)
    publish(engine, "frequent_outage", "frequent", window_days=120)
    cover(engine, date(2025, 9, 1), date(2026, 12, 31))
    book(engine, *planned(date(2026, 1, 3)))
    refresh(engine)
    assert of(engine, "areas_planned_repeatedly") == of(engine, "frequent_areas") == {}

    book(engine, *(row for day in (20, 21, 22) for row in planned(date(2025, 9, day))))
    refresh(engine)
    parts = facts(engine)

    assert of(engine, "areas_planned_repeatedly")[date(2026, 12, 1)] == 2
    assert of(engine, "frequent_areas") == {date(2026, month, 1): 2 for month in range(1, 13)}
    refresh(engine, full=True)
    assert facts(engine) == parts


def warned(engine: Engine) -> dict[tuple[str, date], date]:
    """Since when each area on the list is warned, by area and month-end."""
    entry = frequent_outage_list.c
    with engine.connect() as connection:
        found = connection.execute(select(entry.code, entry.as_of, entry.warned_on))
        return {(code, as_of): since for code, as_of, since in found}


def test_the_day_since_when_an_area_is_warned_begins_anew_with_the_year(engine: Engine) -> None:
    """Otherwise an outage of March, told late, would move the day for years: lists are per calendar year."""
    company.build(engine)
    cover(engine, date(2025, 1, 1), date(2026, 12, 31))
    days = [date(2025, month, 5) for month in range(3, 9)]
    book(engine, *(row for day in days for row in planned(day)))
    turn = [date(2025, 12, 20), date(2025, 12, 25), date(2025, 12, 28), date(2026, 1, 2)]
    book(engine, *(row for day in turn for row in planned(day)))
    refresh(engine)
    assert warned(engine)["a", date(2025, 12, 31)] == date(2025, 6, 5)  # the 4th planned one
    assert warned(engine)["a", date(2026, 1, 31)] == date(2026, 1, 2)  # the 4th in 60 days

    book(engine, *planned(date(2025, 3, 20)))
    refresh(engine)
    parts = warned(engine)

    assert parts["a", date(2025, 12, 31)] == date(2025, 5, 5)
    refresh(engine, full=True)
    assert warned(engine) == parts


def test_months_after_a_citys_data_count_no_areas_whichever_months_are_refreshed_with_them(
    engine: Engine,
) -> None:
    """City A's data end in June, those of the other city go on; an outage of A in August was told early."""
    company.build(engine)
    cover(engine, date(2025, 1, 1), date(2025, 6, 30), CITY_A)
    cover(engine, date(2025, 1, 1), date(2025, 12, 31), CITY_B)
    book(engine, *planned(date(2025, 5, 3), None))
    refresh(engine)

    book(engine, *planned(date(2025, 8, 3), None))
    refresh(engine)
    parts = facts(engine)

    assert of(engine, "areas_planned_open") == {date(2025, 5, 1): 2}
    refresh(engine, full=True)
    assert facts(engine) == parts


def test_what_entered_a_list_of_twelve_months_is_told_anew_a_year_later(engine: Engine) -> None:
    """A fault of March 2025 puts the line on the list in February 2026, not in March."""
    company.build(engine)
    line = {"bureau_id": "A", "line_code": "L", "name": "L", "org_unit_id": COUNTY_A1, "kind": "public"}
    with writing_all(engine) as connection:
        connection.execute(insert(lines).values(line))
    cover(engine, date(2025, 1, 1), date(2026, 12, 31))
    days = [date(2026, 2, 3), date(2026, 2, 13), date(2026, 3, 3)]
    book(engine, *(step(COUNTY_A1, at(day), 60, line_code="L") for day in days))
    refresh(engine)
    assert of(engine, "lines_repeat_faults_entered") == {date(2026, 3, 1): 1}

    book(engine, step(COUNTY_A1, at(date(2025, 3, 3)), 60, line_code="L"))
    refresh(engine)
    parts = facts(engine)

    assert of(engine, "lines_repeat_faults_entered") == {date(2026, 2, 1): 1}
    refresh(engine, full=True)
    assert facts(engine) == parts


def test_what_entered_in_january_is_told_from_a_list_that_looked_back_over_the_new_year_before(
    engine: Engine,
) -> None:
    """One of December 2025 makes four in 60 days: frequent all 2026, so nothing enters in January 2027."""
    company.build(engine)
    cover(engine, date(2025, 1, 1), date(2027, 1, 31))
    days = [date(2026, 1, day) for day in (3, 5, 7)] + [date(2027, 1, day) for day in (3, 5, 7, 9)]
    book(engine, *(row for day in days for row in planned(day)))
    refresh(engine)
    assert of(engine, "frequent_areas_entered") == {date(2027, 1, 1): 2}

    book(engine, *planned(date(2025, 12, 20)))
    refresh(engine)
    parts = facts(engine)

    assert of(engine, "frequent_areas_entered") == {date(2026, 1, 1): 2}
    refresh(engine, full=True)
    assert facts(engine) == parts
