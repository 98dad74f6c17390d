"""KPI detail 指标下钻: the message, the trend, who and what makes the change, the records, the definition.

URL: kpi, view (analysis, records, definition), parts (units, cause ...), records_page and what the records
are narrowed to (ui/detail/record_filters.py); unit and period as everywhere.
"""

from functools import partial

import streamlit as st

from data_access import detail, kpi_facts, records, rules
from domain.kpis import catalogue
from domain.periods import Period, last_day
from domain.ratios import first_month_needed
from ui import definition, filters, pager, rule_texts, session
from ui import format as fmt
from ui.cache import cached, keeper
from ui.detail import beside, causes, headline, pickers, record_filters, trend, units
from ui.detail import records as record_view
from ui.plain import plain

viewer = session.viewer()
choice = filters.choice()
state = session.data_state(choice.unit_id)
known = catalogue()
engine, scope, units_seen = session.engine(), viewer.scope, session.units()
with st.container(horizontal=True, vertical_alignment="center"):
    kpi = pickers.kpi(known)
    view = pickers.view()

before = choice.before()
keep = keeper(engine, scope, kpi.id, choice)
found = cached(detail.read)(engine, scope, kpi.id, choice.unit_id, choice.period, before, state)
card = found.card
pushed = keep("pushed", lambda: headline.pushes(found.by_unit, kpi, units_seen))
message = headline.message(card, kpi, units_seen[choice.unit_id], choice.compare, pushed)
headline.show(card, kpi, known, choice.compare, message)

since = first_month_needed([kpi], choice.period.first, known.measures)
versions = cached(rules.during)(engine, since, last_day(choice.period.last))
definition.changed_rules(kpi, versions)
cause_names = rule_texts.cause_names(versions["causes"][-1].body)


def member_name(dimension: str, member: str) -> str:
    """A cause, kind or label in words."""
    return causes.member_name(dimension, member, cause_names, kpi)


def open_unit(code: str) -> None:
    """Drill down: the same KPI of the unit below."""
    st.query_params["unit"] = code


def show_analysis() -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        trend.show(found.trend, card, kpi, choice.period.kind, message, keep)
        if found.flow is not None:
            trend.show_flow(found.flow, card, known.measures[kpi.flow], keep)
    with right:
        units.show_ranking(found.ranking, card, kpi, units_seen, open_unit, keep)
        asked = (engine, scope, choice.unit_id, kpi.id, choice.period)
        if said := keep("beside", lambda: beside.words(kpi_facts.benchmark(*asked), kpi)):
            st.caption(plain(said))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        by = pickers.parts(found)
        if by == "units" and found.by_unit is not None:
            units.show_parts(
                found.by_unit,
                lambda: units.unit_parts(found.by_unit, units_seen),
                kpi,
                choice.compare,
                by,
                keep,
            )
        elif by in found.by_member:
            parts = found.by_member[by]
            names = partial(member_name, by)
            units.show_parts(parts, lambda: units.member_parts(parts, names), kpi, choice.compare, by, keep)
    with right:
        for dimension in ("cause", "label", "kind"):
            if dimension in found.members and causes.says_something(found.members[dimension], kpi):
                causes.show(found.members[dimension], dimension, kpi, cause_names, keep)
                break


def show_records() -> None:
    end = card.reading.as_of or choice.period.last
    period = Period(choice.period.kind, choice.period.first, end)
    asked = (engine, scope, kpi.id, choice.unit_id, period)
    narrowed = record_filters.pick(kpi, found.members, period, member_name)
    only = records.Filters(**narrowed)
    frame, total = cached(records.page)(*asked, pager.asked(record_view.PAGE), record_view.PAGE_SIZE, only)
    sums = cached(records.sums)(*asked, only)
    record_view.show(frame, total, sums, kpi, known, cause_names)
    if total:
        unit, words = units_seen[choice.unit_id], record_filters.words(narrowed, member_name)
        as_of = fmt.day(state.as_of_day) if state.as_of_day else fmt.MISSING
        ruled = definition.rule_versions(kpi, versions)
        header = record_view.header(kpi, unit, choice.period, words, as_of, ruled)
        about = (unit.id, f"records {kpi.id} {unit.code} {choice.period.kind}-{choice.period.key()}", words)
        name = "_".join((kpi.id, unit.code, choice.period.key()))
        columns, of_all = tuple(frame.columns), (*asked[2:], only)
        record_view.files(
            lambda who: records.stream(engine, who.scope, *of_all),
            *(columns, header, name, about, cause_names, kpi, known),
        )


def show_definition() -> None:
    pickers.figures(card, kpi, known)
    definition.show(kpi, known, versions)


{"analysis": show_analysis, "records": show_records, "definition": show_definition}[view]()
