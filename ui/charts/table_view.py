"""A chart with a name for those who do not see it, and its figures as a table, made only when opened."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from ui.texts import _


def chart(rows: pd.DataFrame, spec: dict[str, Any], alt: str, key: str, height: int | None = None) -> None:
    """Show the rows with the cached spec; alt says the takeaway."""
    st.vega_lite_chart(rows, spec, alt=alt, key=f"chart_{key}", **({"height": height} if height else {}))


def table(frame: pd.DataFrame | Callable[[], pd.DataFrame], alt: str, key: str) -> None:
    """The figures behind a chart, folded; columns carry the names to be shown.

    frame may be a function, which is only asked when the table is open.
    """
    folded = st.expander(_("As table"), icon=":material/table:", key=f"table_{key}", on_change="rerun")
    if folded.open:
        frame = frame() if callable(frame) else frame
        folded.dataframe(frame, hide_index=True, alt=alt, placeholder="—")


def opens(frame: pd.DataFrame, key: str, alt: str, opened: Callable[[int], None]) -> None:
    """A table whose chosen row is opened: opened(row) is called before the page runs again."""

    def chosen() -> None:
        rows = st.session_state[f"rows_{key}"].selection.rows
        if rows:
            opened(rows[0])

    st.dataframe(
        frame,
        hide_index=True,
        key=f"rows_{key}",
        on_select=chosen,
        selection_mode="single-row",
        alt=alt,
    )
