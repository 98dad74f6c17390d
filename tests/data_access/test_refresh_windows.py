"""A changed month makes every month stale whose windows look back on it, however long the rules make them."""

from datetime import date, datetime

from sqlalchemy import Engine, insert

from data_access.engine import writing
from data_access.kpi_refresh import refresh
from data_access.tables.rules import rule_versions
from domain import rule_sets
from tests.data_access import company
from tests.data_access.booked import at, book, cover, facts, step
from tests.data_access.company import COUNTY_A1


def publish(engine: Engine, rule_set: str, section: str, **changed: int) -> None:
    """A second version that has always been in force."""
    first = rule_sets.first_version(rule_set)
    body = {**first.body, section: {**first.body[section], **changed}}
    row = {"rule_set": rule_set, "version": 2, "valid_from": first.valid_from, "state": "published"}
    with writing(engine) as connection:
        connection.execute(
            insert(rule_versions).values(**row, body=body, by_name="t", at=datetime(2025, 1, 1))
        )


def planned(day: date) -> list[dict]:
    """Two areas out by one planned outage, so that it is no single user's."""
    more = {"outage": f"{day}", "kind": "planned"}
    return [step(COUNTY_A1, at(day), 60, key=f"{day}/{one}", area_code=one, **more) for one in "ab"]


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
