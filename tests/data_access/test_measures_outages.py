"""What an outage adds to which figure: each rule on numbers that can be added in the head."""

from datetime import date, datetime

from sqlalchemy import Engine, insert

from data_access.measures import outages
from data_access.tables.grid import lines
from data_access.tables.rules import rule_versions
from data_access.transactions import writing_all
from domain import rule_sets
from tests.data_access import company
from tests.data_access.booked import at, book, cover, measured, step
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, COUNTY_B1, PROVINCE

MAY = date(2026, 5, 1)
NOON = at(date(2026, 5, 10), 12)


def totals(engine: Engine, unit: int, start: date, grain: str = "month") -> dict[str, int]:
    return measured(engine, outages, unit, start, grain)


def opened(engine: Engine) -> None:
    company.build(engine)
    cover(engine, date(2026, 4, 1), date(2026, 6, 30))


def test_steps_of_an_outage_add_their_customers_and_customer_seconds(engine: Engine) -> None:
    """10 customers for an hour and 20 for two: 30 interruptions, 50 customer-hours."""
    opened(engine)
    book(
        engine,
        step(COUNTY_A1, NOON, 60, 10, key="a", outage="o"),
        step(COUNTY_A1, NOON, 120, 20, key="b", outage="o", mv_users=3),
    )

    found = totals(engine, COUNTY_A1, MAY)

    assert (found["ci_lv"], found["cmi_lv"]) == (30, 50 * 3600)
    assert (found["ci_mv"], found["cmi_mv"]) == (4, (1 + 6) * 3600)
    assert found["outages"] == 1


def test_momentary_steps_are_excluded_and_counted_as_such(engine: Engine) -> None:
    """The rule of version 1: 3 minutes and less. 3 min 1 s is sustained."""
    opened(engine)
    book(
        engine,
        step(COUNTY_A1, NOON, 3, 7),
        step(COUNTY_A1, at(date(2026, 5, 11)), 181 / 60, 5),
    )

    found = totals(engine, COUNTY_A1, MAY)

    assert (found["ci_lv"], found["cmi_lv"], found["outages"]) == (5, 5 * 181, 1)
    assert found["steps_excluded_lv"] == found["steps_excluded_lv/momentary"] == 1


def test_steps_without_customers_are_counted_as_such_by_level_and_kind(engine: Engine) -> None:
    """Of a momentary step nobody asks for the customers; rationing is neither fault nor arranged."""
    opened(engine)
    book(
        engine,
        step(COUNTY_A1, NOON, 60, None, key="a"),
        step(COUNTY_A1, NOON, 60, 5, key="b", kind="temporary", mv_users=None),
        step(COUNTY_A1, NOON, 2, None, key="c", kind="planned", mv_users=None),
        step(COUNTY_A1, NOON, None, None, key="d", kind="rationing"),
        step(COUNTY_A1, NOON, 60, 5, key="e"),
    )

    found = totals(engine, COUNTY_A1, MAY)

    excluded = {key: value for key, value in found.items() if key.startswith("steps_excluded")}
    assert excluded == {
        "steps_excluded_lv": 3, "steps_excluded_lv/momentary": 1, "steps_excluded_lv/no_customers": 2,
        "steps_excluded_mv": 2, "steps_excluded_mv/momentary": 1, "steps_excluded_mv/no_customers": 1,
        "steps_excluded_fault_lv": 1, "steps_excluded_planned_lv": 1, "steps_excluded_planned_mv": 2,
    }  # fmt: skip


def test_an_outage_counts_as_sustained_if_any_of_its_steps_does(engine: Engine) -> None:
    """And its momentary step still adds no customers."""
    opened(engine)
    book(
        engine,
        step(COUNTY_A1, NOON, 2, 7, key="a", outage="o"),
        step(COUNTY_A1, NOON, 10, 5, key="b", outage="o"),
    )

    found = totals(engine, COUNTY_A1, MAY)

    assert (found["outages"], found["faults"], found["ci_lv"]) == (1, 1, 5)


def test_ongoing_steps_count_in_frequency_and_not_in_duration(engine: Engine) -> None:
    opened(engine)
    book(
        engine,
        step(COUNTY_A1, NOON, None, 8, key="a", outage="o"),
        step(COUNTY_A1, NOON, 60, 2, key="b", outage="o"),
    )

    found = totals(engine, COUNTY_A1, MAY)

    assert (found["ci_lv"], found["ci_restored_lv"], found["ci_open_lv"]) == (10, 2, 8)
    assert (found["ci_open_fault_lv"], found.get("ci_open_planned_lv")) == (8, None)
    assert found["cmi_lv"] == 2 * 3600
    assert (found["outages"], found["outages_open"], found["faults_open"]) == (1, 1, 1)
    assert "faults_restored" not in found


def test_the_rule_in_force_on_the_day_judges_what_is_momentary(engine: Engine) -> None:
    """From June shorter than 5 minutes is momentary; 4 minutes in May still count."""
    body = dict(rule_sets.first_version("outages").body) | {"momentary": {"operator": "<", "minutes": 5}}
    company.build(engine)
    cover(engine, date(2026, 4, 1), date(2026, 6, 30))
    with writing_all(engine) as connection:
        connection.execute(
            insert(rule_versions).values(
                rule_set="outages", version=2, valid_from=date(2026, 6, 1), state="published", body=body,
                by_name="test", at=datetime(2026, 1, 1), reason="",
            )
        )  # fmt: skip
    book(
        engine,
        step(COUNTY_A1, NOON, 4, 1),
        step(COUNTY_A1, at(date(2026, 6, 10)), 4, 10),
        step(COUNTY_A1, at(date(2026, 6, 11)), 5, 100),
    )

    assert totals(engine, COUNTY_A1, MAY)["ci_lv"] == 1
    assert totals(engine, COUNTY_A1, date(2026, 6, 1))["ci_lv"] == 100


def test_all_minutes_lie_on_the_local_day_on_which_the_outage_starts(engine: Engine) -> None:
    """A second step in June, on UTC's 1 June; the outage began at 23:30 on 31 May in China."""
    opened(engine)
    start = at(date(2026, 5, 31), 23, 30)
    book(
        engine,
        step(COUNTY_A1, start, 60, 10, key="a", outage="o"),
        step(COUNTY_A1, at(date(2026, 6, 1), 9), 60, 5, key="b", outage="o"),
    )

    assert totals(engine, COUNTY_A1, MAY)["cmi_lv"] == 15 * 3600
    assert "cmi_lv" not in totals(engine, COUNTY_A1, date(2026, 6, 1))
    assert totals(engine, COUNTY_A1, date(2026, 5, 31), "day")["cmi_lv"] == 15 * 3600


def test_customers_belong_to_the_steps_unit_and_events_to_the_outages_own(engine: Engine) -> None:
    """The outage starts in A1 by equipment; its second step lies in A2 with another cause."""
    opened(engine)
    book(
        engine,
        step(COUNTY_A1, NOON, 60, 10, key="a", outage="o", cause="equipment"),
        step(COUNTY_A2, NOON.replace(minute=5), 60, 4, key="b", outage="o", cause="tree"),
    )

    first, second = totals(engine, COUNTY_A1, MAY), totals(engine, COUNTY_A2, MAY)
    city = totals(engine, CITY_A, MAY)

    assert (first["ci_lv"], first["faults/equipment"]) == (10, 1)
    assert second["ci_lv/tree"] == 4
    assert "outages" not in second
    assert (city["ci_lv"], city["outages"], city["ci_lv/equipment"], city["ci_lv/tree"]) == (14, 1, 10, 4)


def test_arranged_is_planned_and_temporary_but_not_rationing(engine: Engine) -> None:
    opened(engine)
    book(
        engine,
        step(COUNTY_A1, NOON, 60, 1, key="f", kind="fault"),
        step(COUNTY_A1, NOON, 60, 10, key="p", kind="planned"),
        step(COUNTY_A1, NOON, 60, 100, key="t", kind="temporary"),
        step(COUNTY_A1, NOON, 60, 1000, key="r", kind="rationing"),
    )

    found = totals(engine, COUNTY_A1, MAY)

    assert found["cmi_planned_lv"] == 110 * 3600
    assert (found["cmi_fault_lv"], found["ci_fault_lv"]) == (3600, 1)
    assert found["cmi_lv"] == 1111 * 3600
    assert found["ci_lv/rationing"] == 1000
    assert (found["outages"], found["faults"]) == (4, 1)


def test_blank_causes_are_kept_apart(engine: Engine) -> None:
    opened(engine)
    book(engine, step(COUNTY_A1, NOON, 60, 3, cause=""))

    found = totals(engine, COUNTY_A1, MAY)

    assert (found["ci_lv"], found["ci_lv/"]) == (3, 3)


def test_uncounted_customers_add_nothing_at_their_level(engine: Engine) -> None:
    opened(engine)
    book(engine, step(COUNTY_A1, NOON, 60, None, mv_users=2))

    found = totals(engine, COUNTY_A1, MAY)

    assert "ci_lv" not in found
    assert found["ci_mv"] == 2


def test_a_fault_is_late_only_strictly_beyond_the_limit(engine: Engine) -> None:
    """3 hours are in time, 3 hours and a second are late; planned works never are; open ones not yet."""
    opened(engine)
    book(
        engine,
        step(COUNTY_A1, NOON, 180, key="a"),
        step(COUNTY_A1, NOON, 180 + 1 / 60, key="b", cause="wind"),
        step(COUNTY_A1, NOON, 600, key="c", kind="planned"),
        step(COUNTY_A1, NOON, None, key="d"),
    )

    found = totals(engine, COUNTY_A1, MAY)

    assert (found["faults"], found["faults_restored"], found["faults_over_limit"]) == (3, 2, 1)
    assert found["faults_over_limit/wind"] == 1


def test_trips_count_permanent_ones_and_failed_reclosing_however_short(engine: Engine) -> None:
    opened(engine)
    for number, trip in enumerate(("none", "reclosed", "reclose_failed", "permanent")):
        book(engine, step(COUNTY_A1, NOON, 2, key=f"k{number}", trip=trip))
    book(engine, step(COUNTY_A1, NOON, 60, key="p", trip="permanent", kind="planned"))

    found = totals(engine, COUNTY_A1, MAY)

    assert (found["trips"], found["trips/tree"]) == (2, 2)


def test_fast_restoration_leaves_out_what_automation_cannot_help(engine: Engine) -> None:
    """Each trip that is not counted has one reason, the first that holds."""
    opened(engine)
    with writing_all(engine) as connection:
        connection.execute(
            insert(lines),
            [
                {"bureau_id": "A", "line_code": code, "name": code, "org_unit_id": COUNTY_A1, "kind": kind}
                for code, kind in (("L1", "public"), ("D1", "dedicated"))
            ],
        )
    trip = {"trip": "permanent", "has_automation": True, "line_code": "L1"}
    book(
        engine,
        step(COUNTY_A1, NOON, 2, key="fast", is_fast_restored=True, **trip),
        step(COUNTY_A1, NOON, 20, key="slow", is_fast_restored=False, **trip),
        step(COUNTY_A1, NOON, 20, key="boundary", is_boundary_breaker=True, **trip | {"line_code": "D1"}),
        step(COUNTY_A1, NOON, 20, 0, key="nobody", is_fast_restored=True, **trip),
        step(COUNTY_A1, NOON, 20, key="dedicated", **trip | {"line_code": "D1"}),
        step(COUNTY_A1, NOON, 20, key="by hand", **trip | {"has_automation": False}),
    )

    found = totals(engine, COUNTY_A1, MAY)

    assert (found["trips"], found["trips_automated"], found["trips_fast_restored"]) == (6, 2, 1)
    assert found["trips_automated_excluded"] == 3
    for reason in ("boundary_breaker", "no_lv_customers", "dedicated_line"):
        assert found[f"trips_automated_excluded/{reason}"] == 1


def test_an_ancestor_is_its_own_rows_and_all_below(engine: Engine) -> None:
    opened(engine)
    book(
        engine,
        step(PROVINCE, NOON, 60, 1, key="p"),
        step(CITY_A, NOON, 60, 10, key="c"),
        step(COUNTY_A1, NOON, 60, 100, key="a1"),
        step(COUNTY_B1, NOON, 60, 1000, key="b1"),
    )

    assert totals(engine, PROVINCE, MAY)["ci_lv"] == 1111
    assert totals(engine, CITY_A, MAY)["ci_lv"] == 110
