"""A chart with a name for those who do not see it, and its figures as a table, made only when opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from ui import format as fmt
from ui.plain import plain
from ui.texts import _, counted, language

# Height and width of cells in which a sentence can be read whole: Streamlit wraps text in rows above 64 px.
LINES_PX, SENTENCE_PX = 68, 420
MOST_SENTENCES = 50
Keep = Callable[[str, Callable[[], Any]], Any]  # of ui.cache.keeper()


@dataclass(frozen=True)
class Ready:
    """A chart or table as it is kept between runs: its rows for the browser, and what they say."""

    rows: pa.Table
    said: str


def rows(frame: pd.DataFrame) -> pa.Table:
    """The frame without its index as the browser gets it: making this takes longer than sending it."""
    return pa.Table.from_pandas(frame, preserve_index=False)


def grouped(frame: pd.DataFrame | pa.Table) -> dict[str, Any]:
    """Column settings by which whole numbers have grouped thousands, as everywhere else on the page."""
    if isinstance(frame, pa.Table):
        names = [one.name for one in frame.schema if pa.types.is_integer(one.type)]
    else:
        names = [one for one in frame.columns if pd.api.types.is_integer_dtype(frame[one])]
    return {one: st.column_config.NumberColumn(one, format="localized") for one in names}


def chart(rows: pa.Table, spec: dict[str, Any], alt: str, key: str, height: int | None = None) -> None:
    """Show the rows with the cached spec; alt says the takeaway."""
    st.vega_lite_chart(rows, spec, alt=alt, key=f"chart_{key}", **({"height": height} if height else {}))


def table(frame: pd.DataFrame | Callable[[], pd.DataFrame], alt: str, key: str) -> None:
    """The figures behind a chart, folded; columns carry the names to be shown.

    frame may be a function, which is only asked when the table is open.
    """
    folded = st.expander(_("As table"), icon=":material/table:", key=f"table_{key}", on_change="rerun")
    if folded.open:
        frame = frame() if callable(frame) else frame
        folded.dataframe(frame, hide_index=True, alt=alt, placeholder="—", column_config=grouped(frame))


def sentences(frame: pd.DataFrame, alt: str, key: str) -> None:
    """The first rows of the frame, each only as high as its sentences need; lines of a cell become one.

    Where there are more, all of them scroll in a fold below. The last column holds the sentences.
    """
    first = _one_line(frame.head(MOST_SENTENCES)).map(plain)
    st.table(first, border="horizontal", hide_index=True, alt=alt)
    if (more := len(frame) - MOST_SENTENCES) <= 0:
        return
    text = counted("{n} more is not listed here.", "{n} more are not listed here.", more)
    st.caption(text.format(n=fmt.number(more)))
    title = _("All {n}").format(n=fmt.number(len(frame)))
    folded = st.expander(title, icon=":material/table:", key=f"all_{key}", on_change="rerun")
    if folded.open:
        folded.dataframe(
            _one_line(frame),
            hide_index=True,
            key=f"every_{key}",
            height=360,
            row_height=LINES_PX,
            column_config={frame.columns[-1]: st.column_config.TextColumn(width=SENTENCE_PX)},
            alt=alt,
        )


def _one_line(frame: pd.DataFrame) -> pd.DataFrame:
    stop = "；" if language() == "zh" else "; "
    return frame.astype("object").map(lambda cell: "" if pd.isna(cell) else str(cell).replace("\n", stop))


def opens(
    rows: pa.Table,
    key: str,
    alt: str,
    opened: Callable[[int], None],
    columns: Mapping[str, Any] | None = None,
    height: str = "auto",
) -> None:
    """A table whose chosen row is opened: opened(row) is called before the page runs again.

    columns: settings of some columns; height: "content" where all rows are to be seen.
    """

    def chosen() -> None:
        picked = st.session_state[f"rows_{key}"].selection.rows
        if picked:
            opened(picked[0])

    st.dataframe(
        rows,
        hide_index=True,
        key=f"rows_{key}",
        on_select=chosen,
        selection_mode="single-row",
        alt=alt,
        column_config=grouped(rows) | dict(columns or {}),
        height=height,
        placeholder=fmt.MISSING,
    )
