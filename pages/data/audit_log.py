"""Audit log: who did what, when and why; a row opened shows what was before and after.

URL: what, of, since, until, shown, log_page (ui/audit_log/filters.py).
"""

import streamlit as st

from data_access import audit_reading
from ui import pager, session
from ui.audit_log import filters, views
from ui.texts import _

viewer, engine, zone = session.viewer(), session.engine(), session.zone()

st.header(_("Audit log"), anchor=False)
units = filters.within(session.units(), viewer.scope_for("see_audit").roots)
choice = filters.pick(units)
only = audit_reading.Filters(**choice.asked(zone))
found, count = audit_reading.page(engine, viewer, only, pager.asked(filters.PAGE), views.PAGE_ROWS)
if not count:
    views.nothing(choice)
    st.stop()
row = views.listed(found, count, audit_reading.MOST_COUNTED, units, zone)
if row is not None:
    entry = audit_reading.entry(engine, viewer, row["bureau_id"], int(row["no"]))
    views.opened(entry, units, zone)
views.downloads(lambda who: audit_reading.stream(engine, who, only), choice, units, zone)
