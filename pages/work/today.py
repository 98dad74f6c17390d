"""Today 今日: what is due for who looks, worst first, each with its reason; a line opens the item."""

import streamlit as st

from data_access import rectification_objects, today
from domain.periods import local_today
from ui import session
from ui.cache import cached
from ui.rectifications import due, listing
from ui.texts import _

viewer, engine = session.viewer(), session.engine()
day = local_today(session.zone())

st.header(_("Today"), anchor=False)
lines = cached(today.due)(engine, viewer, day)
if not lines:
    due.nothing()
    st.stop()
names = cached(rectification_objects.named)(engine, viewer.scope, listing.objects(lines))
due.show(lines, names, session.units())
