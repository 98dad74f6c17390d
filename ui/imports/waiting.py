"""Rows that were taken over but look wrong: each waits until somebody says that it is right, or corrected."""

from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from ui import format as fmt
from ui import messages, pager
from ui.charts import table_view
from ui.imports import names, problem_texts
from ui.texts import _, counted

Key = tuple[int, int, str, str]
PAGE = "waiting_page"


def are_decided() -> bool:
    """Whether decided rows are shown in the place of those that wait; in the URL."""
    turns = {"on_change": pager.turn_back, "args": (PAGE,)}
    return st.toggle(_("Show decided rows"), key="decided", bind="query-params", **turns)


def show(
    found: pd.DataFrame, rows: int, zone: ZoneInfo, is_decided: bool
) -> tuple[list[Key], str, str] | None:
    """The warnings; returns (chosen keys, decision, note) once a person decides.

    rows: how many rows wait in all; a row may have several warnings.
    """
    if found.empty:
        if is_decided:
            st.info(_("Nothing has been decided yet."))
        else:
            st.success(_("No row waits for a decision."), icon=":material/check:")
        return None
    text = counted("{n} row waits for a decision", "{n} rows wait for a decision", rows)
    st.markdown("**" + (_("Decided") if is_decided else text.format(n=fmt.number(rows))) + "**")
    problems = found.rename(columns={"row_no": "row"}).to_dict(orient="records")
    table = pd.DataFrame(
        {
            _("What looks wrong"): [problem_texts.sentence(one) for one in problems],
            _("Number"): found["source_key"],
            _("Column"): [
                names.column(kind, one) for kind, one in zip(found["kind"], found["column"], strict=True)
            ],
            _("Value"): [problem_texts.value(one) for one in problems],
            _("Kind"): [names.kind(one) for one in found["kind"]],
            _("File"): [
                f"{one} · {row}" for one, row in zip(found["file_name"], found["row_no"], strict=True)
            ],
            _("Taken over"): [fmt.moment(one, zone) for one in found["taken_at"]],
        }
    )
    if is_decided:
        table[_("Decision")] = [decision_name(one) for one in found["decision"]]
        table[_("By")] = [messages.person(one) for one in found["decided_by"]]
        table[_("Note")] = found["note"]
    event = st.dataframe(
        table,
        hide_index=True,
        key=f"waiting_{is_decided}_{pager.asked(PAGE)}",
        on_select="ignore" if is_decided else "rerun",
        selection_mode="multi-row",
        row_height=table_view.LINES_PX,
        column_config={_("What looks wrong"): st.column_config.TextColumn(width=table_view.SENTENCE_PX)},
        alt=_("Rows that look wrong"),
    )
    if is_decided:
        return None
    chosen = [one for one in event.selection.rows if one < len(found)]
    return _form(found.iloc[chosen])


def _form(chosen: pd.DataFrame) -> tuple[list[Key], str, str] | None:
    if chosen.empty:
        st.caption(_("Choose rows to decide on them."))
        return None
    with st.form("decide", border=False, clear_on_submit=True):
        decision = st.segmented_control(
            _("Decision"),
            ("accepted", "corrected"),
            format_func=decision_name,
            default="accepted",
            required=True,
            key="decision",
        )
        note = st.text_input(_("Note"), key="decision_note", max_chars=500)
        text = counted("Settle {n} row", "Settle {n} rows", len(chosen)).format(n=len(chosen))
        asked = st.form_submit_button(text, icon=":material/task_alt:")
    if asked and not note.strip():
        st.error(_("Write a note: why is the row right, or where was it corrected?"))
        return None
    if not asked:
        return None
    columns = ["batch_id", "row_no", "column", "code"]
    keys = [(int(a), int(b), c, d) for a, b, c, d in chosen[columns].itertuples(index=False, name=None)]
    return keys, decision, note.strip()


def decision_name(decision: str) -> str:
    """A decision in words."""
    return {"accepted": _("it is right"), "corrected": _("corrected at the source")}.get(decision, decision)
