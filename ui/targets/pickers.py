"""Which targets the page shows: unit, KPI or group, kind of period, year; all in the URL.

unit=CODE&kpi=ID or group.NAME&period=KIND&year=2026; at: of a group the period; pick: the line that is open;
of: the kind of target in the form; view: set, copy, paste.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from domain import target_state
from domain.kpis import Catalogue, Kpi
from domain.org_units import OrgUnit
from domain.overview import card_kpis
from domain.periods import Period
from domain.targets import PERIOD_KINDS, has_direction, periods_in
from domain.viewer import Viewer
from ui import definition, filtered, filters, url_choice
from ui import format as fmt
from ui.targets import words
from ui.texts import _, name_of

FILTERS = ("period", "year", "at", "kpi")
GROUP = "group."
VIEWS = ("set", "copy", "paste")


@dataclass(frozen=True)
class Choice:
    """What the pickers say; lines: the KPIs and periods of the table, in order."""

    unit_id: int
    kpis: tuple[Kpi, ...]
    period_kind: str
    year: int
    periods: tuple[Period, ...]

    @property
    def is_group(self) -> bool:
        return len(self.kpis) > 1

    @property
    def lines(self) -> tuple[tuple[str, Period], ...]:
        return tuple((kpi.id, one) for kpi in self.kpis for one in self.periods)


def choice(units: Mapping[int, OrgUnit], catalogue: Catalogue) -> Choice:
    """What the URL says, with the pickers to choose otherwise. Raises NotFound for a foreign unit."""
    unit_id = filters.unit_of(st.query_params.to_dict(), units)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="target_pickers"):
        by_code = {units[one].code: one for one in filters.listed(units, unit_id)}
        url_choice.picked(
            st.selectbox, "unit", _("Unit"), list(by_code), units[unit_id].code,
            lambda code: filters.unit_label(by_code[code], units), width=230,
        )  # fmt: skip
        kpis = _kpis(catalogue)
        kind = url_choice.picked(
            st.selectbox, "period", _("Period"), PERIOD_KINDS, "month", filters.period_name, ("at", "pick"),
            width=140,
        )  # fmt: skip
        first, last = filters.months_of(unit_id)
        years = [str(year) for year in range(last.year + 1, first.year - 1, -1)]
        year = int(
            url_choice.picked(
                st.selectbox, "year", _("Year"), years, str(last.year), str, ("at", "pick"), width=100
            )
        )
        periods = periods_in(kind, year, last)
        if len(kpis) > 1 and len(periods) > 1:
            keys = {one.key(): one for one in periods}
            over = [one.key() for one in periods if one.last <= last]
            at = url_choice.picked(
                st.selectbox, "at", _("Period"), list(keys), (over or list(keys)[:1])[-1],
                lambda key: fmt.period(keys[key]), width=170,
            )  # fmt: skip
            periods = [keys[at]]
        chosen = {name for name in FILTERS if name in st.query_params}
        if chosen:
            filtered.reset_button((*FILTERS, "pick"))
    return Choice(unit_id, kpis, kind, year, tuple(periods))


def _kpis(catalogue: Catalogue) -> tuple[Kpi, ...]:
    known = {one.id: one for one in catalogue.kpis.values() if has_direction(one)}
    groups = dict.fromkeys(one.group for one in known.values())
    options = [*(GROUP + one for one in groups), *known]

    def name(option: str) -> str:
        if option in known:
            return name_of(known[option])
        return _("All: {group}").format(group=definition.group_name(option.removeprefix(GROUP)))

    chosen = url_choice.picked(
        st.selectbox, "kpi", _("KPI"), options, card_kpis(catalogue)[0].id, name, ("pick",), width=330
    )
    if chosen in known:
        return (known[chosen],)
    return tuple(one for one in known.values() if GROUP + one.group == chosen)


def view(may_set: bool) -> str:
    """Set one, copy last year's, or paste; only the first for who may not set any."""
    names = {"set": _("Table and form"), "copy": _("Copy last year's"), "paste": _("Paste a table")}
    offered = VIEWS if may_set else VIEWS[:1]
    if len(offered) == 1:
        return offered[0]
    return url_choice.picked(
        st.segmented_control, "view", _("View"), offered, offered[0], names.get, required=True
    )


def kind(offered: Sequence[str] = target_state.KINDS) -> str:
    """The kind of target in the form."""
    return url_choice.picked(
        st.segmented_control, "of", _("Kind of target"), offered, "base", words.kind, required=True
    )


def may_set(viewer: Viewer, unit_id: int, units: Mapping[int, OrgUnit]) -> bool:
    """Whether the viewer may set targets of this unit; the act asks again."""
    if not viewer.may("edit_targets"):
        return False
    roots = viewer.scope_for("edit_targets").roots
    return any(one.id in roots for one in filters.path_of(unit_id, units))
