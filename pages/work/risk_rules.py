"""Rules of risk: a draft of the thresholds, what it would change on the list, and its publication.

URL: unit, end, months (how many month-ends). Only for who may edit rules; what is typed stays in the session.
"""

from datetime import date
from functools import partial

import streamlit as st

from data_access import rectification_objects, risk_what_if, rules
from domain import risk_draft, rule_sets
from domain.errors import DashboardError
from domain.periods import local_today
from ui import filters, refusals, session
from ui.cache import cached, forget
from ui.risk import filters as chosen_by
from ui.risk import rule_fields, what_if
from ui.texts import _

DRAFT, DONE, REFUSED = "risk_draft", "risk_published", "risk_refused"
viewer, engine = session.viewer(), session.engine()
today = local_today(session.zone())
choice = filters.choice()
now, base = cached(rules.in_force)(engine, today)["risk"], cached(rules.newest)(engine, "risk")
paths = [path for path, _value in risk_draft.leaves(base.body)]


def try_out() -> None:
    """Keep what the fields say."""
    st.session_state[DRAFT] = risk_draft.changed(base.body, rule_fields.said(paths))


def publish(valid_from: date, reason: str) -> None:
    """Publish the draft before the page runs again, and keep what came of it to be said there."""
    try:
        st.session_state[DONE] = rules.publish(
            session.engine(), session.viewer(), "risk", st.session_state[DRAFT], valid_from, reason
        )
    except DashboardError as error:
        st.session_state[REFUSED] = error
        return
    del st.session_state[DRAFT]
    rule_fields.forget()
    forget()


st.header(_("Rules of risk"), anchor=False)
what_if.head(now, base)
if (done := st.session_state.pop(DONE, None)) is not None:
    what_if.published(done)
if (error := st.session_state.pop(REFUSED, None)) is not None:
    refusals.show(error)
with st.container(horizontal=True, vertical_alignment="center", key="rules_pickers"):
    chosen_by.unit_and_month(choice)
    months = what_if.months()
left, right = st.columns([1, 1], gap="medium")
draft = st.session_state.get(DRAFT)
with left:
    what_if.form(draft or base.body, try_out)
with right:
    if not draft or not (changes := rule_sets.changes(base.body, draft)):
        st.info(
            _("Change a threshold on the left, then see which lines and areas would enter or leave the list.")
        )
        st.stop()
    what_if.changed(changes)
    month = choice.period.last
    tried = cached(risk_what_if.what_if)(engine, viewer.scope, choice.unit_id, draft, month, months)
    names_of = partial(cached(rectification_objects.named), engine, viewer.scope)
    what_if.effect(risk_draft.by_month(tried, month, months), tried, session.units(), names_of)
    what_if.publication(max(today, base.valid_from), publish)
