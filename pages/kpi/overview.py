"""Overview 综合看板: how are we, is it a signal or noise, which unit makes it so. One screen of 1366x768."""

import streamlit as st

from data_access import overview
from domain.kpis import catalogue
from ui import cards, filters, session
from ui.cache import cached
from ui.texts import _, counted

ROWS_SHOWN = 4  # exceptions on the first screen; the others follow on request

viewer = session.viewer()
choice = filters.choice()
state = session.data_state(choice.unit_id)
known = catalogue()

if state.last_complete_month is None:
    days = cached(overview.partly_covered)(session.engine(), viewer.scope, choice.unit_id)
    st.info(cards.no_month_yet(days), icon=":material/info:")
    st.stop()

found = cached(overview.read)(
    session.engine(), viewer.scope, choice.unit_id, choice.period, choice.before(), state
)

count = len(found.exceptions)
page = st.container(key="overview")  # on a phone the exceptions come before the cards
with page, st.grid(4, min_column_width=210, gap="small"):
    for card in found.cards:
        cards.show(card, known, choice.compare)

if not count:
    is_clear, text = cards.all_clear(found.cards)
    if is_clear:
        st.success(text, icon=":material/check:")
    else:
        st.info(text, icon=":material/help:")
        if viewer.may("import"):
            label = _("Go to the imports page")
            st.page_link("pages/data/imports.py", label=label, query_params=filters.query())
    st.stop()
units = session.units()
with page, st.container(key="exceptions"):
    with st.container(gap=None):
        title = counted("{n} exception", "{n} exceptions", count).format(n=count)
        st.markdown(f"**{title}** · " + _("by weight: legal limits, signals for the worse, targets"))
        for number, one in enumerate(found.exceptions[:ROWS_SHOWN]):
            cards.exception(number, one, units, choice.compare)
    if count > ROWS_SHOWN:
        rest = count - ROWS_SHOWN
        more = st.expander(
            counted("{n} more", "{n} more", rest).format(n=rest), on_change="rerun", type="compact"
        )
        if more.open:
            with more, st.container(gap=None):
                for number, one in enumerate(found.exceptions[ROWS_SHOWN:], ROWS_SHOWN):
                    cards.exception(number, one, units, choice.compare)
