"""What every number means: the catalogue as people read it, searchable, with the thresholds in force.

URL: q (search), group, kpi (one definition opened).
"""

import streamlit as st

from data_access import rules
from domain import kpi_search, kpis
from domain.periods import local_today
from ui import definition, filtered, filters, session, url_choice
from ui import format as fmt
from ui.cache import cached
from ui.plain import plain
from ui.texts import _, counted, name_of


def open_definition(kpi_id: str | None) -> None:
    """One definition, or the list again; in the URL."""
    if kpi_id:
        st.query_params["kpi"] = kpi_id
    else:
        st.query_params.pop("kpi", None)


session.viewer()
catalogue = kpis.catalogue()
day = local_today(session.zone())
versions = cached(rules.during)(session.engine(), day, day)
chosen = catalogue.kpis.get(st.query_params.get("kpi", ""))

if chosen is not None:
    st.button(
        _("All definitions"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=open_definition,
        args=(None,),
        key="all_definitions",
    )
    st.header(name_of(chosen), anchor=False)
    st.caption(definition.other_name(chosen) + f" · {definition.group_name(chosen.group)}")
    definition.show(chosen, catalogue, versions)
    st.page_link(
        "pages/kpi/detail.py",
        label=_("Open the figures"),
        icon=":material/monitoring:",
        query_params=filters.query(kpi=chosen.id),
    )
    st.stop()

st.header(_("Definitions"), anchor=False)
groups = list(dict.fromkeys(one.group for one in catalogue.kpis.values()))
with st.container(horizontal=True, vertical_alignment="bottom"):
    text = st.text_input(
        _("Search"),
        key="q",
        type="search",
        live="300ms",
        icon=":material/search:",
        placeholder=_("Name, code, measure or formula"),
        label_visibility="collapsed",
        bind="query-params",
        width=360,
    )
    group = url_choice.picked(st.pills, "group", _("Group"), groups, None, definition.group_name)
found = kpi_search.found(catalogue, text or "", group or "")
number = counted("{count} definition", "{count} definitions", len(found)).format(count=len(found))
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(number + " · " + _("thresholds in force on {day}").format(day=fmt.day(day)), width="content")
    if text or group:
        filtered.reset_button(("group",), {"q": ""})
if not found:
    st.info(
        _("No definition contains “{text}”. Try a part of the name or the code.").format(text=plain(text))
    )
    st.stop()

for one_group in dict.fromkeys(one.group for one in found):
    st.subheader(definition.group_name(one_group), anchor=False)
    for kpi in (one for one in found if one.group == one_group):
        with st.container(border=True, gap=None, key=f"definition_{kpi.id}"):
            left, right = st.columns([2, 3], vertical_alignment="center")
            with left.container(gap=None):
                st.button(
                    f"**{name_of(kpi)}**  {kpi.code}".strip(),
                    type="tertiary",
                    key=f"open_{kpi.id}",
                    on_click=open_definition,
                    args=(kpi.id,),
                    wrap=True,
                )
                facts = (definition.other_name(kpi), fmt.unit(kpi), definition.direction(kpi))
                st.caption(" · ".join(one for one in facts if one))
            right.markdown(definition.formula(kpi))
