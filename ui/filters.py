"""Unit, period and comparison: chosen in the pickers, kept in the URL, and nowhere else.

unit=CODE&period=month&end=2026-10&compare=previous. What is absent or senseless falls back to the default;
only a unit that does not exist, or lies outside the viewer's scope, is "not found": the two look the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from domain.errors import NotFound
from domain.org_units import OrgUnit
from domain.periods import Period, add_months, local_today, month_from_text, month_of, months_between, period
from ui import format as fmt
from ui import session
from ui.plain import plain
from ui.texts import _, name_of
from ui.texts import listed as listed_words

PERIODS = ("month", "quarter", "ytd", "12m", "year")
COMPARISONS = ("previous", "last_year", "target")
DEFAULT = {"period": "month", "compare": "last_year"}
KEPT = ("unit", "period", "end", "compare", "lang", "as")  # what links between pages carry along


@dataclass(frozen=True)
class Choice:
    """What the pickers say. compare: previous | last_year | target."""

    unit_id: int
    period: Period
    compare: str

    def before(self) -> Period:
        """The period to compare with; beside a target the change is shown against last year."""
        return self.period.previous() if self.compare == "previous" else self.period.last_year()


def unit_of(wanted: Mapping[str, str], units: Mapping[int, OrgUnit]) -> int:
    """The unit that URL parameters name, else the first. Raises NotFound for an unknown or foreign code."""
    code = wanted.get("unit", "")
    unit = next((one for one in units.values() if one.code == code or not code), None)
    if unit is None:
        raise NotFound(code)
    return unit.id


def parsed(wanted: Mapping[str, str], unit_id: int, last_month: date, first_month: date) -> Choice:
    """The choice that URL parameters stand for.

    last_month: the default end; an end outside first_month..last_month falls back to it.
    """
    kind = wanted.get("period") if wanted.get("period") in PERIODS else DEFAULT["period"]
    compare = wanted.get("compare") if wanted.get("compare") in COMPARISONS else DEFAULT["compare"]
    return Choice(unit_id, period(kind, _end(wanted.get("end", ""), last_month, first_month)), compare)


def _end(text: str, last_month: date, first_month: date) -> date:
    try:
        end = month_from_text(text)
    except ValueError:
        return last_month
    return end if first_month <= end <= last_month else last_month


def months_of(unit_id: int) -> tuple[date, date]:
    """First month of the unit's data and its last complete one; without data the month before this one."""
    found = session.data_state(unit_id)
    last = found.last_complete_month or add_months(month_of(local_today(session.zone())), -1)
    return min(found.first_month or last, last), last


def choice() -> Choice:
    """What the URL says now, for this viewer. Raises NotFound."""
    wanted = st.query_params.to_dict()
    unit_id = unit_of(wanted, session.units())
    first, last = months_of(unit_id)
    return parsed(wanted, unit_id, last, first)


def query(**changes: str) -> dict[str, str]:
    """URL parameters for a link that keeps unit, period, comparison and language, with these changes."""
    said = st.query_params.to_dict()
    return {key: said[key] for key in KEPT if key in said} | changes


def pickers(now: Choice, compares: bool = True) -> None:
    """The pickers of unit, period, end and comparison; a new choice goes into the URL.

    compares: whether the page compares at all; without it there is no picker of the comparison.
    """
    units = session.units()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="pickers"):
        _picker(
            st.selectbox,
            "unit",
            _("Unit"),
            listed(units, now.unit_id),
            now.unit_id,
            lambda one: unit_label(one, units),
            250,
        )
        _picker(st.selectbox, "period", _("Period"), PERIODS, now.period.kind, period_name, 150)
        ends = list(months_between(*months_of(now.unit_id)))[::-1]
        _picker(st.selectbox, "end", _("To month"), ends, now.period.last, fmt.month, 140)
        if compares:
            _picker(
                st.segmented_control,
                "compare",
                _("Compare with"),
                COMPARISONS,
                now.compare,
                compare_name,
                "content",
            )
        if running := fmt.running(now.period):
            st.caption(running, width="content")
    _corrected(now)


def _corrected(now: Choice) -> None:
    """Where the URL says a period, month or comparison that there is not: say so, and put the URL right."""
    shown = {"period": now.period.kind, "end": f"{now.period.last:%Y-%m}", "compare": now.compare}
    wrong = {key: said for key in shown if (said := st.query_params.get(key, shown[key])) != shown[key]}
    if not wrong:
        return
    for key in wrong:
        st.query_params[key] = shown[key]
    text = _("The address asks for {wanted}, which there is not; {shown} is shown.")
    wanted = plain(listed_words(one[:40] for one in wrong.values()))
    st.caption(text.format(wanted=wanted, shown=fmt.period(now.period)))


def _picker(widget, key, label, options, value, name, width) -> None:
    st.session_state[f"pick_{key}"] = value
    extra = {"required": True} if widget is st.segmented_control else {}
    widget(
        label, options, format_func=name, key=f"pick_{key}", label_visibility="collapsed", width=width,
        on_change=_chosen, args=(key,), **extra,
    )  # fmt: skip


def _chosen(key: str) -> None:
    value = st.session_state[f"pick_{key}"]
    if value is None:
        return
    if key == "unit":
        value = session.units()[value].code
    st.query_params[key] = f"{value:%Y-%m}" if isinstance(value, date) else value


def listed(units: Mapping[int, OrgUnit], chosen: int) -> list[int]:
    """Ids of the units to choose from: of the grids only those of the chosen station, all others always.

    A company has a hundred times as many grids as counties; a list of all of them would be half the page.
    Grids whose unit above is not seen are listed too: for their area manager they are the top.
    """
    unit = units[chosen]
    station = unit.parent_id if unit.level == "grid" else chosen
    return [
        one.id
        for one in units.values()
        if one.level != "grid" or one.parent_id == station or one.parent_id not in units
    ]


def unit_label(unit_id: int, units: Mapping[int, OrgUnit]) -> str:
    """Name of a unit in a list; from the county down with the unit above, since names repeat."""
    unit = units[unit_id]
    above = units.get(unit.parent_id)
    return f"{name_of(unit)} · {name_of(above)}" if above and above.parent_id in units else name_of(unit)


def period_name(kind: str) -> str:
    """The kind of period in words."""
    return {
        "month": _("Single month"),
        "quarter": _("Quarter"),
        "ytd": _("Year to date"),
        "12m": _("Last 12 months"),
        "year": _("Year"),
    }[kind]


def compare_name(compare: str) -> str:
    """What the figures are compared with, in words."""
    return {
        "previous": _("Previous period"),
        "last_year": _("Last year"),
        "target": _("Target"),
    }[compare]


def path_of(unit_id: int, units: Mapping[int, OrgUnit]) -> list[OrgUnit]:
    """The units from the top of what the viewer sees down to unit_id."""
    path = []
    while unit_id in units:
        path.append(units[unit_id])
        unit_id = units[unit_id].parent_id
    return path[::-1]
