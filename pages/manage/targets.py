"""Targets 目标值: what a unit is asked for beside what it reached; set one, copy last year's, paste a table.

URL: unit, kpi (or group.NAME), period, year, at, pick, of, view (see ui/targets/pickers.py).
"""

import streamlit as st

from data_access import targets, targets_grid, targets_setting
from domain import org_units, targets_pasted
from domain import targets as rules
from domain.errors import InvalidInput
from domain.kpis import catalogue
from domain.target_state import Target
from ui import cache, conflict, opened, refusals, session
from ui.targets import form, grid, many, pickers
from ui.texts import _

viewer, engine, zone = session.viewer(), session.engine(), session.zone()
scope, units, known = viewer.scope, session.units(), catalogue()


def act(wanted: form.Act) -> None:
    """Carry it out, and show what is stored then."""
    doing = {
        "set": lambda target, reason: targets_setting.set_one(engine, viewer, target, reason),
        "remove": lambda target, reason: targets_setting.remove(engine, viewer, target, reason),
    }
    if form.do(wanted, doing):
        cache.forget()
        st.rerun()


def one_target(line: rules.Line) -> Target:
    """The form of the open line, for one kind of target; which target it is."""
    kpi, unit = known.kpis[line.kpi], units[choice.unit_id]
    grid.head(line, kpi, unit)
    kind = pickers.kind()
    key = Target(kpi.id, unit.id, line.period.kind, line.period.key(), kind, 0.0, version=0)
    stored = next(iter(targets.stored(engine, scope, [key])), key)
    form.said()
    form.inherited(getattr(line.state.targets, kind), unit.id, kpi, units)
    if may_set:
        start = opened.begun(form.FORM, rules.key(stored), lambda: stored)
        if found := conflict.kept(form.FORM):
            wanted = form.settle(found, kpi, targets.history(engine, scope, key), zone)
        else:
            wanted = form.show(start, kpi, any(one.parent_id == unit.id for one in units.values()))
        if wanted:
            act(wanted)
    elif stored.version:
        form.facts(stored, kpi)
    return key


def show_table() -> None:
    """What holds and what was reached, with the form beside it."""
    left, right = st.columns([3, 2], gap="medium")
    lines = cache.cached(targets_grid.read)(engine, scope, choice.unit_id, choice.lines, state)
    with left:
        opened = grid.show(lines, choice.is_group, choice.unit_id, known, units)
    with right:
        key = one_target(opened)
    form.history(lambda: targets.history(engine, scope, key), known.kpis[key.kpi], zone)


def copy() -> None:
    """Last year's targets of the unit for the periods shown."""
    percent, keeps_own, before = many.percent(), many.keeps_own(), choice.year - 1
    keys = [one.key() for one in rules.periods_in(choice.period_kind, before, None)]
    ids = [one.id for one in choice.kpis]
    held = targets.targets_of(engine, scope, choice.unit_id, choice.period_kind, keys, ids)
    own = [one for one in held if one.org_unit_id == choice.unit_id]
    if not own:
        st.info(
            _("There are no targets of this unit for {year}.").format(year=before), icon=":material/info:"
        )
        return
    taken_over(rules.copied(own, known.kpis, percent), (choice, percent, keeps_own), keeps_stored=keeps_own)


def paste() -> None:
    """A table from a spreadsheet."""
    text = many.pasted_text()
    if not text.strip():
        return
    otherwise = {"unit": units[choice.unit_id].code, "period_kind": choice.period_kind}
    if not choice.is_group:
        otherwise["kpi"] = choice.kpis[0].id
    try:
        wanted, problems, unsaid = targets_pasted.read(text, org_units.named(units.values()), otherwise)
    except InvalidInput as error:
        refusals.show(error)
        return
    if problems:
        many.wrong(problems)
    else:
        taken_over(wanted, (text, choice), unsaid=unsaid)


def taken_over(wanted: list[Target], question: object, **how: object) -> None:
    """All of them or none, after a look at what changes. how: of domain.targets.compared()."""
    found = many.seen(question, lambda: rules.compared(wanted, targets.stored(engine, scope, wanted), **how))
    many.preview(found, units)
    if many.take_over(found, lambda some, why: targets_setting.set_many(engine, viewer, some, why)):
        opened.closed(form.FORM)  # it may show one of them as it was
        cache.forget()
        st.rerun()


st.header(_("Targets"), anchor=False)
choice = pickers.choice(units, known)
state = session.data_state(choice.unit_id)
may_set = pickers.may_set(viewer, choice.unit_id, units)
view = pickers.view(may_set)
many.said()
{"set": show_table, "copy": copy, "paste": paste}[view]()
