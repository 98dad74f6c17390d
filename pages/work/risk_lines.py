"""Risk lines and areas 风险线路台区: which, why, what is done about each; one of them with all that is known.

URL: unit, end (the month-end), filters (ui/risk/filters.py), object and space (one object).
"""

from functools import partial

import streamlit as st

from data_access import rectification_proof, rectifications, risk_lines, risk_object, risk_with_items, rules
from data_access.risk_lines import Filters
from domain import risk_course
from domain.periods import last_day, local_today
from ui import filters, pager, rule_texts, session
from ui import format as fmt
from ui.cache import cached, keeper
from ui.proof import items as judged
from ui.rectifications import past
from ui.risk import filters as chosen_by
from ui.risk import history, items, listing, names, one, score, summary, trend
from ui.texts import _

FEW = 7
viewer, engine, zone = session.viewer(), session.engine(), session.zone()
scope, day = viewer.scope, local_today(zone)
choice = filters.choice()
unit, month = choice.unit_id, choice.period.last
may_create = viewer.may("edit_rectifications")


def an_object(space: str, kind: str, code: str) -> None:
    """All that is known of one line or area, and what is done about it."""
    top = st.container()  # above the offer to show the name
    read = cached(risk_object.one)(engine, scope, space, kind, code, month)
    found = names.of_object(read, space, kind, code)
    of_it = cached(rectifications.of_object)(engine, scope, space, kind, code, day)
    proved = cached(rectification_proof.of_object)(engine, scope, space, kind, code)
    in_force = cached(rules.in_force)(engine, day)
    codes = [one.rule for one in found.findings.itertuples()]
    with top:
        one.head(found, kind, code, month)
    if may_create:
        items.create_button(kind, code, space, codes)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        one.findings(found)
        line = risk_course.time_line(found.months, month)
        history.show(line, of_it, (proved, in_force["proof"]), month, day, zone)
        one.outages(found, rule_texts.cause_names(in_force["causes"].body), zone)
    with right:
        st.subheader(_("Rectification items"), anchor=False)
        items.show(of_it)
        judged.of_object(proved, rule_texts.cause_names(in_force["measures"].body))
        score.show(found.terms)
        history.strip(risk_course.met(found.levels, month))
        said = cached(rectifications.log_of_object)(engine, scope, space, kind, code)
        past.log([entry for _number, entry in said], zone, [number for number, _entry in said])
        one.requests()


def the_list() -> None:
    """How many, those without a measure, and the whole list as the filters say."""
    read = partial(cached(risk_with_items.listed), engine, scope, unit, month)
    counts = cached(risk_lines.counts)(engine, scope, unit, month)
    course = cached(risk_lines.trend)(engine, scope, unit, month)
    of_items = cached(risk_with_items.item_counts)(engine, scope, unit, month, day)
    summary.counters(counts, of_items, risk_course.entered(course, month))
    summary.lacking(cached(risk_lines.lacking)(engine, scope, unit, month))
    few = read(Filters(), False, 1, day, FEW)
    keep = partial(keeper, engine, scope, unit, month, day)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        listing.without(names.shown(few), may_create, keep())
    with right:
        trend.show(course, month, risk_lines.TREND_MONTHS, keep())
    st.subheader(_("All risk lines and areas"), anchor=False)
    wanted = chosen_by.pick()
    narrowed = Filters(wanted.kind, wanted.level, wanted.rule, wanted.text, wanted.entered)
    page = pager.asked(chosen_by.PAGE)
    found = read(narrowed, wanted.with_items, page, day)
    names.offer(few, found)
    listing.every(names.shown(found), risk_with_items.PAGE_SIZE, keep(narrowed, wanted.with_items, page))


if asked := listing.asked():
    listing.back()
    an_object(*asked)
    st.stop()
with st.container(horizontal=True, vertical_alignment="center", key="risk_head"):
    st.header(_("Risk lines and areas"), anchor=False, width="content")
    chosen_by.unit_and_month(choice)
    st.caption(_("as at {day}").format(day=fmt.day(last_day(month))), width="content")
the_list()
