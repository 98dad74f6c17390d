"""Files to take away, made when the button is pressed: whoever may not look any more gets none."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from domain.viewer import Viewer
from ui import exports, session, style
from ui.packs import records_csv, records_xlsx
from ui.texts import _, language, use


def button(label: str, make: Callable[[Viewer], str | bytes], file_name: str, mime: str, key: str) -> None:
    """A button for the file that make(viewer) gives; the viewer is asked anew at each press.

    It runs outside the run of the page, where neither st.user nor the page's language is known.
    """
    ask, spoken = session.asker(), language()

    def made() -> str | bytes:
        use(spoken)
        return make(ask())

    style.no_file(_("No file was made. Load the page again; you may have to sign in."))
    st.download_button(label, made, file_name, mime, icon=":material/download:", on_click="ignore", key=key)


def table(
    chunks: Callable[[Viewer], Iterable[pd.DataFrame]],
    header: list[tuple[str, str]],
    labels: Mapping[str, str],
    sheet: str,
    file_name: str,
    key: str,
    subject: str,
    unit_id: int | None,
    **said: Any,
) -> None:
    """Buttons for a table as CSV and as XLSX, each noted in the audit log (ui/exports.py) when it is pressed.

    header: lines above the table; labels: headings by column; file_name: without its ending.
    """
    files = {
        "CSV": ("text/csv", _("All as CSV"), partial(records_csv.text, header, labels)),
        "XLSX": (
            exports.XLSX,
            _("All as XLSX"),
            partial(records_xlsx.workbook, header, labels, name=sheet),
        ),
    }
    for form, (mime, label, pack) in files.items():
        made = exports.noted(pack, chunks, subject, unit_id, format=form, **said)
        ending = form.lower()
        button(label, made, f"{file_name}.{ending}", mime, f"{key}_{ending}")
