"""How the cells of one column are read: the way a time is written, what a number is multiplied by."""

import streamlit as st

from domain.import_kinds import KindColumn
from domain.mapping import ColumnSource
from ui.texts import _

FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d")  # the usual ones that are not understood unasked


def written(column: KindColumn, base: ColumnSource) -> str | None:
    """How a time is written, where it is not the year first; None: recognised by itself."""
    known = [f"{day} %H:%M" for day in FORMATS] if column.type == "datetime" else list(FORMATS)
    st.session_state.setdefault(f"format_{column.id}", base.format)
    return st.selectbox(
        _("How it is written"),
        list(dict.fromkeys([*known, *([base.format] if base.format else [])])),
        index=None,
        key=f"format_{column.id}",
        placeholder=_("recognised: 2024-01-31 08:00"),
        label_visibility="collapsed",
        accept_new_options=True,
    )


def factor(column: KindColumn, base: ColumnSource) -> float | None:
    """What the file's numbers are multiplied by, e.g. 1000 for km in m; None: as they stand."""
    st.session_state.setdefault(f"factor_{column.id}", base.factor)
    return st.number_input(
        _("Multiplied by"),
        value=None,
        key=f"factor_{column.id}",
        placeholder=_("× 1"),
        label_visibility="collapsed",
    )
