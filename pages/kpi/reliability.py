"""Reliability 供电可靠性: major events, causes, calendar, frequent outages, worst, promises, ongoing.

URL: unit, period, end, compare, lang as everywhere; section; level (LV or MV); area (one area's history).
Only the section that is shown is read.
"""

from functools import partial

from data_access import frequent_outages, major_event_list, ongoing_outages, reliability, rules, worst
from domain.kpis import Kpi, catalogue
from domain.periods import last_day
from domain.readings import Reading
from ui import filters, rule_texts, session
from ui import format as fmt
from ui.cache import cached, keeper
from ui.reliability import calendar, causes, frequent, major_events, ongoing, promises, sections, worst_lists
from ui.texts import name_of

viewer = session.viewer()
choice = filters.choice()
state = session.data_state(choice.unit_id)
engine, scope, unit, period = session.engine(), viewer.scope, choice.unit_id, choice.period
first, last = period.first, last_day(period.last)
kpis, keep = catalogue().kpis, keeper(engine, scope, choice)
unit_name = name_of(session.units()[unit])
subtitle = f"{unit_name} · {fmt.period(period)}"


def pairs(names: list[str]) -> list[tuple[Kpi, Reading, Reading]]:
    """Each KPI with its readings with and without major event days."""
    found = cached(reliability.readings)(engine, scope, unit, period, tuple(names), state.last_complete_month)
    return [(kpis[one], found[one], found[kpis[one].without_med or one]) for one in names]


def cause_names() -> dict[str, str]:
    """Cause code -> name in the language of the screen."""
    return rule_texts.cause_names(cached(rules.in_force)(engine, last)["causes"].body)


def picked_level() -> str:
    """lv or mv, as the URL says, else as the data know."""
    return sections.level(cached(reliability.known_level)(engine, scope, unit, period))


def show_events() -> None:
    low, medium = (pairs([f"{one}{suffix}" for one in reliability.SIDES]) for suffix in ("", "_mv"))
    major_events.show(low, medium, subtitle, keep)
    level = cached(reliability.known_level)(engine, scope, unit, period)
    days = cached(reliability.major_days)(engine, scope, unit, first, last, level)
    major_events.days(days, [*low, *medium], keep)
    found = cached(major_event_list.thresholds)(engine, scope, unit, first.year, last.year)
    major_events.thresholds(found, session.zone(), keep)


def show_causes() -> None:
    level = picked_level()
    covered = cached(reliability.covered_days)(engine, scope, unit, period.first, period.last, level)
    if not covered:
        causes.not_covered(reliability.USERS[level])
        return
    asked = (engine, scope, unit, period, level)
    causes.show(
        lambda: causes.by_cause(cached(reliability.causes)(*asked), level, cause_names()),
        subtitle,
        covered,
        period,
        keeper(engine, scope, choice, level),
    )


def show_calendar() -> None:
    level = picked_level()
    found = cached(reliability.calendar)(engine, scope, unit, period.last, level, state.as_of_day)
    kpi, kept = {"lv": "saidi", "mv": "saidi_mv"}[level], keeper(engine, scope, choice, level)
    calendar.show(found.daily, found.months, found.covered, found.major, unit_name, kept, kpi)


def show_frequent() -> None:
    asked = (engine, scope, unit, last)
    if opened := frequent.opened():
        found = cached(frequent_outages.history)(engine, scope, *opened, last.year, last)
        frequent.history(found, opened[1], cause_names(), session.zone())
    areas, lines = (partial(cached(frequent_outages.listed), *asked, one) for one in ("area", "line"))
    moved = {one: partial(cached(frequent_outages.changes), *asked, one) for one in ("area", "line")}
    lacking = cached(reliability.lacking)(engine, scope, unit, period, "outages")
    frequent.show(areas, lines, moved, lacking, last, keep)


def show_worst() -> None:
    level = picked_level()
    asked = (engine, scope, unit, period, 15, level.upper())
    lines, areas = (cached(read)(*asked) for read in (worst.worst_lines, worst.worst_areas))
    lacking = cached(reliability.lacking)(engine, scope, unit, period, reliability.USERS[level])
    worst_lists.show(lines, areas, lacking, cause_names(), subtitle, keeper(engine, scope, choice, level))


def show_promises() -> None:
    judged_by = cached(rules.in_force)(engine, last)["promises"].body
    revisions = (kpis["promise_revisions"], pairs(["promise_revisions"])[0][1])
    by_kind = cached(reliability.promises_by_kind)(engine, scope, unit, period, (kept := "promise_kept_last"))
    told = pairs(list(reliability.PROMISES))
    promises.show(told, revisions, {name_of(kpis[kept]): by_kind}, judged_by, subtitle, keep)


def show_ongoing() -> None:
    found, count = ongoing_outages.listed(engine, scope, unit)
    end = ongoing.end_of_data(state.as_of_day, session.zone())
    ongoing.show(found, count, end, cause_names(), session.zone())


section = sections.picked()
{
    "events": show_events,
    "causes": show_causes,
    "calendar": show_calendar,
    "frequent": show_frequent,
    "worst": show_worst,
    "promises": show_promises,
    "ongoing": show_ongoing,
}[section]()
