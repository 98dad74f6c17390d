"""What the reliability page shows of a unit and period, put together from kpi_facts; one read per section."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Engine

from data_access import kpi_facts, major_event_list, rules
from data_access.transactions import reading
from domain import ratios
from domain.kpis import COVERED, catalogue
from domain.periods import Period, add_months, days_in, last_day, months_between
from domain.readings import Reading
from domain.viewer import Scope

USERS = {"lv": "outages.customers", "mv": "outages.mv_users"}  # what covers the minutes of a level
SIDES = ("saidi", "saifi", "caidi", "asai")
PROMISES = ("promise_kept_first", "promise_kept_last", "estimate_accurate_first", "estimate_accurate_last")


def major_days(
    engine: Engine, scope: Scope, unit_id: int, first_day: date, last_day: date, level: str
) -> pd.DataFrame:
    """As major_event_list.days, with customer_s: what the unit's customers lost that day, in seconds.

    The minutes of an outage belong to the day on which it began; a day without a row is 0.
    """
    found = major_event_list.days(engine, scope, unit_id, first_day, last_day)
    daily = kpi_facts.daily(engine, scope, unit_id, (f"cmi_{level}",), first_day, last_day)
    lost = dict(zip(daily["day"], daily["value"], strict=True))
    return found.assign(customer_s=[lost.get(day, 0) for day in found["day"]])


@dataclass(frozen=True)
class Calendar:
    """Twelve months of days. daily: day and value (customer-seconds); covered: days with data."""

    months: tuple[date, ...]
    daily: pd.DataFrame
    covered: frozenset[date]
    major: pd.DataFrame  # as major_event_list.days gives them


def readings(
    engine: Engine,
    scope: Scope,
    unit_id: int,
    period: Period,
    kpi_ids: Iterable[str],
    last_complete: date | None,
) -> dict[str, Reading]:
    """The KPIs of the unit over the period, and their twins without major event days, by id."""
    known = catalogue()
    chosen = [known.kpis[one] for one in kpi_ids]
    chosen += [known.kpis[one.without_med] for one in chosen if one.without_med]
    measures = dict.fromkeys(measure for kpi in chosen for measure in kpi.measures())
    with reading(engine, scope) as connection:
        looking_back = rules.looking_back(connection)
    first = ratios.first_month_needed(chosen, period.first, known.measures, looking_back)
    frame = kpi_facts.monthly(engine, scope, (unit_id,), tuple(measures), first, period.last)
    found = ratios.facts(frame, last_complete, looking_back)
    return {kpi.id: ratios.total(found, kpi, period, known.measures, unit_id) for kpi in chosen}


def promises_by_kind(engine: Engine, scope: Scope, unit_id: int, period: Period, kpi_id: str) -> pd.DataFrame:
    """A promise KPI by kind of outage: columns of ratios.by_member; empty where it is missing."""
    known = catalogue()
    kpi = known.kpis[kpi_id]
    asked = (engine, scope, (unit_id,), kpi.measures(), period.first, period.last)
    totals = ratios.facts(kpi_facts.monthly(*asked))
    members = ratios.facts(kpi_facts.monthly(*asked, dimension="kind"))
    return ratios.by_member(totals, members, kpi, period, known.measures, unit_id, dimension="kind")


def causes(engine: Engine, scope: Scope, unit_id: int, period: Period, level: str) -> pd.DataFrame:
    """Customer-seconds by cause and month, all and on major event days, as kpi_facts.monthly gives them."""
    measures = (f"cmi_{level}", f"cmi_{level}_med")
    return kpi_facts.monthly(
        engine, scope, (unit_id,), measures, period.first, period.last, dimension="cause"
    )


def covered_days(
    engine: Engine, scope: Scope, unit_id: int, first: date, last: date, level: str
) -> dict[date, int]:
    """Days of each month on which interrupted customers of the level are known; no entry: none."""
    frame = kpi_facts.monthly(engine, scope, (unit_id,), (f"cmi_{level}",), first, last)
    rows = frame[frame["measure"] == COVERED + USERS[level]]
    return {month: int(value) for month, value in zip(rows["month"], rows["value"], strict=True) if value}


def lacking(engine: Engine, scope: Scope, unit_id: int, period: Period, users: str) -> dict[str, str]:
    """Of "line" and "area": why outages cannot be listed by it, not_covered:<source>; '' where they can.

    users: the source of whom the list counts, one of USERS, or "outages" for none.
    """
    needs = {one: (users, f"outages.{one}_code") for one in ("line", "area")}
    every = {source for sources in needs.values() for source in sources}
    measures = {next(one.id for one in catalogue().measures.values() if need in one.needs) for need in every}
    frame = kpi_facts.monthly(engine, scope, (unit_id,), measures, period.first, period.last)
    known = set(frame[frame["value"] > 0]["measure"])
    return {
        name: next((f"not_covered:{one}" for one in sources if COVERED + one not in known), "")
        for name, sources in needs.items()
    }


def known_level(engine: Engine, scope: Scope, unit_id: int, period: Period) -> str:
    """lv where the period has LV customers of outages; else mv where it has MV users; else lv."""
    for level in USERS:
        if covered_days(engine, scope, unit_id, period.first, period.last, level):
            return level
    return "lv"


def calendar(
    engine: Engine, scope: Scope, unit_id: int, end: date, level: str, as_of: date | None
) -> Calendar:
    """The twelve months to the month `end`. Raises NotFound.

    Of a month that is covered in part only these days are known: those before the end of the data in its
    last month, else those with an interruption.
    """
    months = months_between(add_months(end, -11), end)
    end_day = last_day(end)
    measure = f"cmi_{level}"
    daily = kpi_facts.daily(engine, scope, unit_id, (measure,), months[0], end_day)[["day", "value"]]
    known = covered_days(engine, scope, unit_id, months[0], end, level)
    covered = set(daily["day"])
    for month, count in known.items():
        if count == days_in(month) or (as_of and as_of.replace(day=1) == month):
            covered |= {month + timedelta(days=number) for number in range(min(count, days_in(month)))}
    major = major_event_list.days(engine, scope, unit_id, months[0], end_day)
    return Calendar(months, daily, frozenset(covered), major)
