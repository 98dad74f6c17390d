"""The dashboard: language, viewer, menu, pickers, then the chosen page; nothing else.

Every page file lies in a sub-folder of pages/: files directly in it would be served before this script ran.
"""

import streamlit as st

from data_access import saved_views
from domain.errors import DashboardError, SignInNeeded
from ui import filtered, filters, refusals, session, shell, shown_names, sign_in, style, views
from ui import menu as menus
from ui.texts import _

OF_A_UNIT = ("overview", "detail", "reliability")  # pages that show one unit in one period
NEED_UNITS = (
    *OF_A_UNIT, "today", "risk_lines", "rectifications", "what_works", "customer_equipment", "risk_rules",
    "targets",
)  # fmt: skip
COMPARED = ("overview", "detail")  # with what it is compared to

st.set_page_config(page_icon="ui/icon.svg", layout="wide", initial_sidebar_state=215)
session.language()
style.show()

kind = session.database_state().kind
if kind not in ("demo", "real"):
    shell.not_ready(kind)
    st.stop()

page = menus.page
menu = {
    _("Indicators"): {
        "overview": page("kpi/overview", _("Overview"), "dashboard", default=True),
        "detail": page("kpi/detail", _("KPI detail"), "query_stats"),
        "reliability": page("kpi/reliability", _("Reliability"), "bolt"),
        "definitions": page("kpi/definitions", _("Definitions"), "menu_book"),
    },
    _("Work"): {
        "today": page("work/today", _("Today"), "today"),
        "risk_lines": page("work/risk_lines", _("Risk lines"), "warning"),
        "rectifications": page("work/rectifications", _("Rectifications"), "build"),
        "what_works": page("work/what_works", _("What works"), "balance"),
        "customer_equipment": page("work/customer_equipment", _("Equipment and damage"), "transform"),
        "risk_rules": page("work/risk_rules", _("Rules of risk"), "rule"),
    },
    _("Management"): {
        "targets": page("manage/targets", _("Targets"), "flag"),
        "people": page("manage/people", _("People"), "group"),
    },
    _("Data"): {
        "imports": page("data/imports", _("Imports"), "upload_file"),
        "records": page("data/records", _("Records"), "edit_note"),
        "audit_log": page("data/audit_log", _("Audit log"), "history"),
    },
}
pages = {name: one for section in menu.values() for name, one in section.items()}
chosen = st.navigation(list(pages.values()), position="hidden")
name = next(name for name, one in pages.items() if one is chosen)

shown_names.forget_elsewhere(name)
refusals.on_page(name)
is_unknown = shell.unknown_page([one.url_path for one in pages.values()])
try:
    roles = session.viewer().roles
except SignInNeeded as needed:
    sign_in.show(needed)
    st.stop()
seen = {one: page for one, page in pages.items() if menus.opens(roles, one)}
if shell.lands_on_today(roles, name):
    st.switch_page(pages["today"], query_params=filters.query())
try:
    store = views.Store(saved_views.listed, saved_views.save, saved_views.remove)
    shell.title()
    views.menu(name, seen, store)  # high up, so that all of it has room below its button
    shell.menu({section: [seen[one] for one in of if one in seen] for section, of in menu.items()})
    shell.who_looks()
    shell.banner()
    if is_unknown:
        shell.shown_instead()
    menus.check(roles, name)
    if name in NEED_UNITS and not session.units():
        shell.start_here(pages["imports"])
        st.stop()
    if name in OF_A_UNIT:
        choice = filters.choice()
        shell.breadcrumb(choice.unit_id, session.units())
        filters.pickers(choice, compares=name in COMPARED)
        filtered.line(name, choice, compares=name in COMPARED)
    chosen.run()
except DashboardError as error:
    if isinstance(error, SignInNeeded) and error.code != "too_old":
        st.rerun()  # it ended while the page ran
    refusals.show(error, icon=None)
    st.page_link(
        pages["overview"], label=_("Back to the overview"), icon=":material/arrow_back:", query_params={}
    )
