"""The list as a table: taken out, filled in elsewhere, and brought back after a look at each row."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from domain import rectification_table as columns
from domain.errors import DashboardError
from ui import downloads, exports, file_field, messages, refusals
from ui import format as fmt
from ui.charts import table_view
from ui.packs import records_xlsx
from ui.plain import plain
from ui.rectifications import values, words
from ui.rectifications.form import Act
from ui.texts import _, counted, language

DECIDED, COUNT = "table_decided", "tables_taken"
Read = Callable[[str, bytes], pd.DataFrame]
Key = tuple[str, str]


def offer(read: Callable[..., pd.DataFrame], wanted: Any, day: date) -> None:
    """The button for the table; read(scope, wanted, day, language): the items as its rows."""
    text = _(
        "Take the list out, change or add rows, and bring the file back. A row with a number is that item; "
        "one without is a new item. State, unit, object and the current due date are only told."
    )
    st.caption(text)
    spoken = language()
    labels = {one: one for one in columns.headers(spoken)}

    def pack(chunks: Any) -> bytes:
        return records_xlsx.workbook((), labels, chunks, _("Rectification items"))

    made = exports.noted(
        pack, lambda who: [read(who.scope, wanted, day, spoken)], "rectifications table", None, format="XLSX"
    )
    label = _("List to be filled in, XLSX")
    downloads.button(label, made, "rectification_table.xlsx", exports.XLSX, "get_table")


def given(read: Read, endings: Sequence[str]) -> tuple[pd.DataFrame, dict[Key, int]] | None:
    """The table of the chosen file, as decided() gives it; None as long as none can be read."""
    key = f"table_file_{st.session_state.get(COUNT, 0)}"  # a new uploader after each table: it keeps its file
    file = file_field.show(_("Filled-in list"), endings, key, on_change=_forget)
    if file is None:
        return None
    try:
        return decided(read(file.name, file.getvalue()))
    except DashboardError as error:
        refusals.show(error)
        return None


def _forget() -> None:
    """What was decided for another file."""
    st.session_state.pop(DECIDED, None)


def decided(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[Key, int]]:
    """The table without the rows whose stored version holds, and which versions are to be replaced."""
    kept: Mapping[Key, tuple[str, int, int]] = st.session_state.get(DECIDED, {})
    table = table.copy()
    first = table.attrs.get("first_row", 2)
    table.iloc[[row - first for whose, row, _version in kept.values() if whose == "theirs"]] = ""
    return table, {key: version for key, (whose, _row, version) in kept.items() if whose == "mine"}


def show(
    planned: Callable[[pd.DataFrame, dict[Key, int]], Sequence[Any]],
    kinds: values.Kinds,
    table: pd.DataFrame,
    over: dict[Key, int],
    act: Act,
) -> None:
    """What each row does, what is wrong, what others changed since; and the button where all is settled."""
    if len(table) and not (table != "").any(axis=None):  # of every row what is stored holds
        st.info(_("What is stored holds."), icon=":material/check:")
        return
    try:
        plan = planned(table, over)
    except DashboardError as error:
        refusals.show(error)
        return
    count = Counter(one.act for one in plan)
    texts = {
        "new": lambda n: counted("{n} new item", "{n} new items", n),
        "changed": lambda n: counted("{n} changed", "{n} changed", n),
        "same": lambda n: counted("{n} as before", "{n} as before", n),
        "conflict": lambda n: counted("{n} to be decided", "{n} to be decided", n),
        "wrong": lambda n: counted("{n} wrong", "{n} wrong", n),
    }
    said = [text(count[one]).format(n=fmt.number(count[one])) for one, text in texts.items() if count[one]]
    st.markdown(f"**{' · '.join(said)}**")
    _wrong([one for one in plan if one.act == "wrong"])
    for one in [one for one in plan if one.act == "conflict"]:
        _conflict(one, kinds)
    does = count["new"] + count["changed"]
    if not does and not count["wrong"] and not count["conflict"]:
        st.info(_("Everything is stored like this already."), icon=":material/check:")
        return
    st.button(
        _("Take over the whole table"), type="primary", icon=":material/task_alt:", key="take_items",
        disabled=not does or bool(count["wrong"] or count["conflict"]), on_click=act,
        args=("table", table, over),
    )  # fmt: skip


def _wrong(found: Sequence[Any]) -> None:
    """What is wrong, by row and column."""
    if not found:
        return
    place = 0 if language() == "zh" else 1
    rows = [
        (one.row, one.item_id, columns.COLUMNS[column][place], messages.sentence(error))
        for one in found
        for column, error in one.problems
    ]
    names = [_("Row"), _("Number"), _("Column"), _("What is wrong")]
    table_view.sentences(pd.DataFrame(rows, columns=names), _("What is wrong in the table"), "items_wrong")


def _conflict(one: Any, kinds: values.Kinds) -> None:
    """Both versions of an item that somebody changed after the table was taken out, and the choice."""
    place = 0 if language() == "zh" else 1
    key = (one.bureau_id, one.item_id)
    with st.container(border=True, key=f"conflict_{one.bureau_id}_{one.item_id}"):
        text = _("Row {row}, {item}: somebody changed it after the table was taken out.")
        st.warning(plain(text.format(row=one.row, item=one.item_id)))
        table = pd.DataFrame(
            {
                "": [columns.COLUMNS[name][place] for name in one.mine],
                _("Yours"): [plain(words.value(name, what, kinds, {})) for name, what in one.mine.items()],
                _("Stored now"): [plain(words.value(name, one.theirs[name], kinds, {})) for name in one.mine],
            }
        )
        st.table(table, border="horizontal", hide_index=True, alt=_("Your version and the one stored now"))

        def chosen(whose: str) -> None:
            kept = st.session_state.setdefault(DECIDED, {})
            kept[key] = (whose, one.row, one.version)

        with st.container(horizontal=True):
            for whose, label in (("mine", _("Store mine over it")), ("theirs", _("Keep what is stored"))):
                st.button(label, key=f"{whose}_{one.bureau_id}_{one.item_id}", on_click=chosen, args=(whose,))
