"""The records behind the figure: a page at a time, with what each adds, and all of them as a file."""

from collections.abc import Callable, Iterable, Mapping

import pandas as pd
import streamlit as st

from domain.kpis import Catalogue, Kpi
from domain.viewer import Viewer
from ui import downloads, session, tables
from ui import format as fmt
from ui.packs import records_csv, records_xlsx
from ui.texts import _, counted, name_of

PAGE_SIZE = 50
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page_number() -> int:
    """The page that is shown, from 1; in the URL."""
    text = st.query_params.get("records_page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


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
    st.caption(" · ".join(words))
    st.dataframe(
        shown, hide_index=True, height=440, placeholder=fmt.MISSING, alt=_("Records behind the figure")
    )
    pages = -(-total // PAGE_SIZE)
    if pages > 1:
        number = min(page_number(), pages)
        key = f"records_page_{number}"  # a widget of its own per page: the URL says which one is shown
        st.pagination(pages, default=number, key=key, on_change=_turned, args=(key,))


def _turned(key: str) -> None:
    st.query_params["records_page"] = str(st.session_state[key])


def files(
    stream: Callable[[Viewer], Iterable[pd.DataFrame]],
    columns: tuple[str, ...],
    header: list[tuple[str, str]],
    name: str,
    causes: Mapping[str, str],
    kpi: Kpi,
    catalogue: Catalogue,
) -> None:
    """Buttons for all records as CSV and XLSX; the file is made when the button is pressed."""
    headings, zone, sheet = tables.headings(columns, kpi, catalogue), session.zone(), _("Records behind")

    def chunks(viewer: Viewer) -> Iterable[pd.DataFrame]:
        return (tables.readable(one, zone, causes, kpi, catalogue) for one in stream(viewer))

    def as_csv(viewer: Viewer) -> str:
        return records_csv.text(header, headings, chunks(viewer))

    def as_xlsx(viewer: Viewer) -> bytes:
        return records_xlsx.workbook(header, headings, chunks(viewer), sheet)

    with st.container(horizontal=True):
        downloads.button(_("All as CSV"), as_csv, f"{name}.csv", CSV, "records_csv")
        downloads.button(_("All as XLSX"), as_xlsx, f"{name}.xlsx", XLSX, "records_xlsx")
