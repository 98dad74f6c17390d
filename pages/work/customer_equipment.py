"""Customers' equipment 用户设备 and external damage 外力破坏: tests due, register, faults passed on, sites.

URL: unit; section; test, arrester, switch, advice, patrol (filters); piece and space (one); page numbers.
"""

from functools import partial

import streamlit as st

from data_access import (
    customer_equipment,
    damage_sites,
    equipment_log,
    passed_faults,
    rectifications,
    reliability,
    rules,
)
from data_access.customer_equipment import Wanted
from domain.periods import add_months, local_today, month_of, period
from ui import cache, filters, pager, session, shell, shown_names
from ui.cache import cached
from ui.equipment import items, one, passed, register, sections, sites, visit
from ui.records import forms

viewer, engine, zone = session.viewer(), session.engine(), session.zone()
scope, units, today = viewer.scope, session.units(), local_today(zone)
unit_id = filters.unit_of(st.query_params.to_dict(), units)
unit = units[unit_id]
end = session.data_state(unit_id).as_of_day or today
window = add_months(month_of(end), -11), end
months = period("12m", filters.months_of(unit_id)[1])
lacking = partial(cached(reliability.lacking), engine, scope, unit_id, months, "outages")


def logged(piece: dict, key: tuple[str, str]) -> None:
    """What the viewer may log of the piece."""
    roots = set(viewer.scope_for(equipment_log.ACT).roots)
    if not roots & {above.id for above in filters.path_of(piece["org_unit_id"], units)}:
        return
    stored = partial(equipment_log.stored, engine, scope, *key)
    log = partial(equipment_log.log, engine, viewer)
    if visit.show(key, piece, equipment_log.FIELDS, stored, log, today, zone):
        cache.forget()
        st.rerun()


def opened(*key: str) -> None:
    """One piece. key: key space and number."""
    one.back(sections.close_piece)
    piece = cached(customer_equipment.one)(engine, scope, *key, today)
    about = key[0], "equipment", key[1]
    top, masks = st.container(), {"customer": piece["customer"]} if piece["customer"] else {}
    named = shown_names.of_record(register.TABLE, key, masks, "piece") if masks else {}
    with top:  # above the offer to show the name
        one.head(piece, named.get("customer"))
    forms.said()
    if viewer.may(equipment_log.ACT):
        logged(piece, key)
    items.of_piece(key, piece, cached(rectifications.of_object)(engine, scope, *about, today), viewer)
    account = (key[0], piece["area_code"] or "")
    found = cached(passed_faults.of_account)(engine, scope, *account, *window)
    one.time_line(piece, found, today, zone)
    one.facts(piece)
    one.faults(found, one.unknown(piece, lacking()["area"]), zone)


def show_pieces(is_due: bool) -> None:
    chosen = register.pickers(is_due)
    wanted = Wanted(unit_id, **chosen)
    rows, count = cached(customer_equipment.listed)(engine, scope, wanted, today, pager.asked(register.PAGE))
    register.show(rows, count, customer_equipment.PAGE_SIZE, is_due)
    if count:
        register.files(
            lambda who: customer_equipment.stream(engine, who.scope, wanted, today), chosen, unit, today
        )


def show_passed() -> None:
    if reason := lacking()["area"]:
        passed.cannot(reason)
        return
    asked = (unit_id, *window)
    passed.head(cached(passed_faults.totals)(engine, scope, *asked), *window)
    rows, count = cached(passed_faults.ranking)(engine, scope, *asked, pager.asked(passed.PAGE))
    passed.show(rows, count, passed_faults.PAGE_SIZE)
    if count:
        passed.files(
            lambda who: passed_faults.ranking(engine, who.scope, *asked, size=None)[0], unit, *window
        )


def show_sites() -> None:
    patrol, knows = sites.picked(), not lacking()["line"]
    asked = (unit_id, today, patrol)
    found = cached(damage_sites.listed)(engine, scope, *asked, pager.asked(sites.PAGE))
    sites.show(found, damage_sites.PAGE_SIZE, today, knows)
    if found.count:
        every = partial(damage_sites.listed, engine)
        sites.files(lambda who: every(who.scope, *asked, size=None).page, unit, patrol, today, knows)


shell.breadcrumb(unit_id, units)
if key := st.query_params.get("piece"):
    opened(st.query_params.get("space", ""), key)
    st.stop()
section = sections.pickers(unit_id, units)
tally = cached(customer_equipment.tally)(engine, scope, unit_id, today)
overview = cached(damage_sites.listed)(engine, scope, unit_id, today, "", 1, 1)
near = cached(rules.in_force)(engine, today)["risk"].body["checks"]["near_test_days"]
sections.show_headline(
    sections.headline(tally, overview), bool(tally.overdue or overview.late), sections.facts(tally, near)
)
if section == "passed":
    show_passed()
elif section == "sites":
    show_sites()
else:
    show_pieces(section == "due")
