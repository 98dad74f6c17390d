"""Places where others may damage a line: how late their patrols are, and what befell the line."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from domain.damage_sites import PATROL_STATES
from domain.viewer import Viewer
from ui import downloads, filtered, pager, url_choice
from ui import format as fmt
from ui.charts import table_view
from ui.equipment import sections, words
from ui.texts import _, counted, name_of

PAGE = "sites_page"


def picked() -> str:
    """Which patrols to list; '' for all; in the URL."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="site_filters"):
        state = url_choice.picked(
            st.selectbox, "patrol", _("Next patrol"), ("", *PATROL_STATES), "", _state, (PAGE,), width=190
        )
        if state:
            filtered.reset_button(("patrol", PAGE))
    return state


def _state(code: str) -> str:
    return {
        "": _("All open sites"),
        "late": _("Patrol late"),
        "soon": _("Patrol due soon"),
        "fine": _("Patrol in time"),
    }[code]


def show(sites: Any, size: int, today: date, knows_outages: bool) -> None:
    """One page of the sites, the latest first. knows_outages: whether outages by line are known at all."""
    if not sites.count:
        st.info(_("No site is like that."), icon=":material/check:")
        return
    text = counted("{n} open damage site", "{n} open damage sites", sites.count)
    said = [text.format(n=fmt.number(sites.count)), known(sites)]
    if sites.known_from < today:
        said.append(_("judged at that day, for later patrols may not have been brought in yet"))
    st.caption(" · ".join(said))
    rows = table_view.rows(table(sites.page, knows_outages))
    st.dataframe(
        rows, hide_index=True, key=f"sites_{pager.asked(PAGE)}", alt=sections.name("sites"),
        column_config=table_view.grouped(rows) | words.widths(), placeholder=fmt.MISSING,
    )  # fmt: skip
    pager.show(PAGE, sites.count, size)


def known(sites: Any) -> str:
    """Up to which day patrols are known."""
    if sites.known_from == sites.known_to:
        return _("patrols known to {day}").format(day=fmt.day(sites.known_to))
    text = _("patrols known to {first} or later, at most {last}")
    return text.format(first=fmt.day(sites.known_from), last=fmt.day(sites.known_to))


def labels() -> dict[str, str]:
    """Heading by column."""
    return {
        "patrol": _("Next patrol"),
        "place": _("Where it is"),
        "kind": _("Kind of danger"),
        "line": _("Line"),
        "external_faults": _("External damage in 12 months"),
        "last_patrol_on": _("Last patrol"),
        "due_on": _("Patrol due by"),
        "every_days": _("Every so many days"),
        "finding": _("Seen there"),
        "unit": _("Unit"),
        "opened_on": _("Open since"),
        "key": _("Site no."),
    }


def table(rows: pd.DataFrame, knows_outages: bool) -> pd.DataFrame:
    """The sites as people read them."""
    states = zip(rows["state"], rows["days_late"], strict=True)
    external = rows["external_faults"]
    found = {
        "patrol": [words.patrol(*one) for one in states],
        "place": rows["place"].where(rows["place"].notna(), fmt.MISSING),
        "kind": [words.site(one) for one in rows["kind"]],
        "line": words.line(rows).where(words.line(rows).notna(), fmt.MISSING),
        "external_faults": external if knows_outages else pd.Series(pd.NA, rows.index, dtype="Int64"),
        "last_patrol_on": [words.day(one) for one in rows["last_patrol_on"]],
        "due_on": [words.day(one) for one in rows["due_on"]],
        "every_days": rows["every_days"],
        "finding": rows["finding"].where(rows["finding"].notna(), fmt.MISSING),
        "unit": words.unit(rows),
        "opened_on": [words.day(one) for one in rows["opened_on"]],
        "key": rows["site_key"],
    }
    return pd.DataFrame({title: found[one] for one, title in labels().items()})


def files(
    every: Callable[[Viewer], pd.DataFrame], unit: Any, state: str, day: date, knows_outages: bool
) -> None:
    """All sites looked for as CSV and XLSX; noted when the button is pressed."""
    header = [
        (_("Unit"), name_of(unit)),
        (_("Narrowed to"), _state(state)),
        (_("As at"), fmt.day(day)),
    ]

    def chunks(viewer: Viewer) -> Iterable[pd.DataFrame]:
        yield table(every(viewer), knows_outages)

    names = {title: title for title in labels().values()}
    with st.container(horizontal=True):
        downloads.table(
            chunks, header, names, sections.name("sites"), f"damage_sites_{unit.code}_{day}", "sites",
            f"damage_sites {unit.code}", unit.id, filters=_state(state),
        )  # fmt: skip
