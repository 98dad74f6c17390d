"""The records behind the figure: a page at a time, with what each adds, and all of them as a file."""

from collections.abc import Callable, Iterable, Mapping

import pandas as pd
import streamlit as st

from domain.kpis import Catalogue, Kpi
from domain.org_units import OrgUnit
from domain.periods import Period
from domain.viewer import Viewer
from ui import downloads, pager, session, shown_names, tables
from ui import format as fmt
from ui.texts import _, counted, name_of

PAGE, PAGE_SIZE = "records_page", 50


def show(
    frame: pd.DataFrame,
    total: int,
    sums: tuple[int, int],
    kpi: Kpi,
    catalogue: Catalogue,
    causes: Mapping[str, str],
) -> None:
    """One page of records and the sums over all of them."""
    if not total:
        st.caption(_("No records in this period."))
        return
    if "area_name" in frame:
        frame = shown_names.put(frame, "area_code", "area_name")
        masked = shown_names.masked_keys(frame, "area_code", "area_name")
        shown_names.offer(lambda: masked, len(masked), "records")
    headings = tables.headings(frame.columns, kpi, catalogue)
    shown = tables.readable(frame, session.zone(), causes, kpi, catalogue)[list(headings)].rename(
        columns=headings
    )
    words = [counted("{n} record", "{n} records", total).format(n=fmt.large(total))]
    for side, amount in (("numerator", sums[0]), ("denominator", sums[1])):
        terms = getattr(kpi, side)
        if terms and amount:
            measure = catalogue.measures[terms[0][1]]
            words.append(f"{name_of(measure)} {fmt.amount(measure, amount)}")
    if "start_day" in frame:
        words.append(_("newest first"))
    st.caption(" · ".join(words))
    st.dataframe(
        shown, hide_index=True, height=440, placeholder=fmt.MISSING, alt=_("Records behind the figure")
    )
    pager.show(PAGE, total, PAGE_SIZE)


def header(
    kpi: Kpi, unit: OrgUnit, period: Period, narrowed: str, as_of: str, ruled: str
) -> list[tuple[str, str]]:
    """What a file says of itself before its rows: so that it can be read when it lies about alone."""
    return [
        (_("KPI"), name_of(kpi)),
        (_("Unit"), name_of(unit)),
        (_("Period"), fmt.period(period)),
        (_("Narrowed to"), narrowed),
        (_("Data to"), as_of),
        (_("Rules"), ruled),
    ]


def files(
    stream: Callable[[Viewer], Iterable[pd.DataFrame]],
    columns: tuple[str, ...],
    header: list[tuple[str, str]],
    name: str,
    about: tuple[int, str, str],
    causes: Mapping[str, str],
    kpi: Kpi,
    catalogue: Catalogue,
) -> None:
    """Buttons for all records as CSV and XLSX; the file is made, and noted, when the button is pressed.

    about: the unit, the subject of the note, and the filters in words.
    """
    headings, zone = tables.headings(columns, kpi, catalogue), session.zone()
    unit_id, subject, narrowed = about

    def chunks(viewer: Viewer) -> Iterable[pd.DataFrame]:
        return (tables.readable(one, zone, causes, kpi, catalogue) for one in stream(viewer))

    with st.container(horizontal=True):
        downloads.table(
            chunks, header, headings, _("Records behind"), name, "records", subject, unit_id, filters=narrowed
        )
        if "area_name" in columns:
            st.caption(_("In files the names of dedicated accounts are masked."))
