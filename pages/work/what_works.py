"""What works 措施成效: what came after rectifications, against what was to be expected with nothing done.

URL: unit; outcome (outages, customers, customer_s), page of the single items.
"""

import streamlit as st

from data_access import rectification_proof, rules
from domain.periods import local_today
from ui import filters, rule_texts, session, style, url_choice
from ui.cache import cached, keeper
from ui.plain import plain
from ui.proof import items, pools, words
from ui.texts import _, name_of

viewer, engine = session.viewer(), session.engine()
scope, units = viewer.scope, session.units()
unit = filters.unit_of(st.query_params.to_dict(), units)
by_code = {units[one].code: one for one in filters.listed(units, unit)}

st.header(_("What works"), anchor=False)
with st.container(horizontal=True, vertical_alignment="center", gap="small", key="proof_pickers"):
    url_choice.picked(
        st.selectbox, "unit", _("Unit"), list(by_code), units[unit].code,
        lambda code: filters.unit_label(by_code[code], units), ("page",), width=250,
    )  # fmt: skip
    outcome = url_choice.picked(
        st.segmented_control, "outcome", _("Outcome"), words.OUTCOMES, "outages", words.outcome, required=True
    )

found = cached(rectification_proof.by_kind)(engine, scope, unit)
if not found:
    st.info(
        _("No rectification of this unit is done yet; what it brought is judged months after the works."),
        icon=":material/info:",
    )
    st.stop()
in_force = cached(rules.in_force)(engine, local_today(session.zone()))
names = rule_texts.cause_names(in_force["measures"].body)
subtitle = _("{unit} · what came after the works, divided by what was to be expected of untreated ones")
theme = style.theme()
keep = keeper(engine, scope, unit, "what_works")
pools.show(found, outcome, names, theme, plain(subtitle.format(unit=name_of(units[unit]))), keep)
st.subheader(_("Kinds of measures in words"), anchor=False)
pools.sentences(found, outcome, names)
items.show(cached(rectification_proof.of_unit)(engine, scope, unit), outcome, names)
