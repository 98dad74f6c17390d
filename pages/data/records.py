"""Records: enter or correct one outage, unit, line, area, defect ... without a file.

URL: record (the kind). Saving goes through the checks of an import and can be undone like one.
"""

import streamlit as st

from data_access import entry, entry_saving, rules
from domain.periods import local_today
from ui import cache, conflict, opened, session, shown_names
from ui.records import forms
from ui.records.fields import Offers
from ui.texts import _, language, name_of

viewer = session.viewer()
engine, scope = session.engine(), viewer.scope


def offers() -> Offers:
    """Units and causes that fields offer."""
    body = cache.cached(rules.in_force)(engine, local_today(session.zone()))["causes"].body
    name = "name_zh" if language() == "zh" else "name_en"
    return Offers(
        {one.code: name_of(one) for one in session.units().values()},
        {code: one[name] for code, one in body.items()},
    )


def saved(function: object, kind_id: str, texts: object, seen: tuple | None = None) -> None:
    """Save and show the stored record again. seen: what the person chose to store it over."""
    if forms.save(function, kind_id, texts, seen):
        cache.forget()
        st.rerun()


def outage(key: dict[str, str]) -> None:
    """One step of an outage, with what belongs to the outage as a whole."""
    about = ("outages", *key.values())
    form = opened.begun(forms.FORM, about, lambda: entry.steps(engine, scope, key["outage_key"]))
    before = form.stored
    if conflict.kept(forms.FORM):
        if settled := forms.settled("outages", entry.HIDDEN, known, session.zone(), before):
            texts, seen = settled
            saved(lambda: entry_saving.save_step(engine, viewer, *texts, *seen), "outages", texts, seen)
        return
    forms.standing(not before, "outages")
    typed, first = form.typed or (None, 0)
    number = forms.picked_step([one.texts for one in before], first)
    values = before[number if number is not None else 0].texts if before else {}
    if typed and number == first:
        values = {**typed[0], **typed[1]}
    elif number is None:
        values = {
            name: text for name, text in values.items() if name in (*entry.OF_OUTAGE, "unit", "kind", "cause")
        }
    prefix = f"{key['outage_key']}_{number}_{hash(str(form))}"
    texts = forms.outage_form(entry.OF_OUTAGE, entry.HIDDEN, values, key, known, prefix)
    if texts:
        saved(lambda: entry_saving.save_step(engine, viewer, *texts, before, number), "outages", texts)


def other(kind_id: str, key: dict[str, str]) -> None:
    """One record that is no outage."""
    about = (kind_id, *key.values())
    form = opened.begun(forms.FORM, about, lambda: entry.record(engine, scope, kind_id, **key))
    before = form.stored
    if conflict.kept(forms.FORM):
        if settled := forms.settled(kind_id, (), known, session.zone(), before):
            texts, seen = settled
            saved(lambda: entry_saving.save(engine, viewer, kind_id, texts, *seen), kind_id, texts, seen)
        return
    forms.standing(before is None, kind_id)
    values = form.typed[0] if form.typed else before.texts if before else {}
    masked = before.masked if before else {}
    if masked:
        masked = shown_names.of_record(kind_id, (before.bureau_id, *key.values()), masked, "record")
    prefix = f"{kind_id}_{'_'.join(key.values())}_{hash(str(form))}"
    texts = forms.form(kind_id, values, key, known, prefix, masked)
    if texts:
        saved(lambda: entry_saving.save(engine, viewer, kind_id, texts, before), kind_id, texts)


st.header(_("Records"), anchor=False)
if session.is_demo():
    st.caption(_("What you enter here is demo data, like everything in this database."))
forms.said()
kind = forms.picked_kind(entry.KINDS)
known = offers()
chosen = forms.picked_key(kind, known)
if chosen is None:
    opened.closed(forms.FORM)
    st.caption(_("Say which record it is; the form opens below."))
elif kind == "outages":
    outage(chosen)
else:
    other(kind, chosen)
