"""What is wrong with a file: grouped and counted, the first rows in full, and all of that to keep."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from domain.viewer import Viewer, import_act
from ui import downloads, exports
from ui import format as fmt
from ui.charts import table_view
from ui.imports import names, problem_texts
from ui.packs import records_csv
from ui.plain import plain
from ui.texts import _, counted, language

FEW = 4  # as many rows need no scrolling


def groups(result: Mapping[str, Any], kind: str) -> pd.DataFrame:
    """One row per column and sentence, the most frequent first. result: problems and counts of a job."""
    rows = [
        {
            _("Rows"): count,
            _("Column"): names.column(kind, column),
            _("What is wrong"): problem_texts.title(code),
            _("Weight"): _("only odd") if problem_texts.is_warning(code) else _("stops the file"),
        }
        for column, code, count in sorted(result.get("counts", []), key=lambda one: -one[2])
    ]
    rows.sort(key=lambda one: one[_("Weight")] == _("only odd"))
    return pd.DataFrame(rows, columns=[_("Rows"), _("Column"), _("What is wrong"), _("Weight")])


def details(problems: Sequence[Mapping[str, Any]], kind: str) -> pd.DataFrame:
    """One row per problem: row of the file, column, value, what is wrong, what would be right."""
    rows = [
        (
            one["row"] or None,
            names.column(kind, one["column"]),
            problem_texts.sentence({**one, "column": names.column(kind, one["column"])}),
            problem_texts.value(one),
            problem_texts.expected(one),
        )
        for one in problems
    ]
    columns = [_("Row"), _("Column"), _("What is wrong"), _("Value"), _("Expected")]
    return pd.DataFrame(rows, columns=columns).astype({_("Row"): "Int64"})


def show(result: Mapping[str, Any], kind: str, file_name: str) -> None:
    """The groups, then the rows, then a file of the rows; where none could be read only why."""
    found = result.get("problems", [])
    grouped = groups(result, kind)
    total = int(grouped.loc[grouped[_("Weight")] != _("only odd"), _("Rows")].sum())
    every = int(grouped[_("Rows")].sum())
    text = counted(
        "The file has {n} problem; nothing was changed.",
        "The file has {n} problems; nothing was changed.",
        total,
    ).format(n=fmt.number(total))
    if found and not any(one["row"] for one in found):
        named = [{**one, "column": names.column(kind, one["column"])} for one in found]
        stop = "；" if language() == "zh" else "; "
        said = stop.join(problem_texts.sentence(one) for one in named)
        st.error(f"{text}\n\n{plain(said)}", icon=":material/block:")
        return
    st.error(text, icon=":material/block:")
    st.dataframe(grouped, hide_index=True, key="problem_groups", alt=_("Problems of the file, counted"))
    listed = details(found, kind)
    if listed.empty:
        return
    st.markdown("**" + _("Row by row") + "**")
    if len(listed) < every:
        st.caption(
            _("The first {n} of {all} are listed.").format(n=fmt.number(len(listed)), all=fmt.number(every))
        )
    st.dataframe(
        listed,
        hide_index=True,
        key="problem_rows",
        height=360 if len(listed) > FEW else "content",
        placeholder="—",
        row_height=table_view.LINES_PX,
        column_config=table_view.grouped(listed)
        | {_("What is wrong"): st.column_config.TextColumn(width=table_view.SENTENCE_PX)},
        alt=_("Problems row by row"),
    )
    pack = partial(records_csv.text, (), {one: one for one in listed})
    about = f"problems {kind} {file_name}"

    def lines(who: Viewer) -> list[pd.DataFrame]:
        who.scope_for(import_act(kind))  # not for whom the right has gone since the page was shown
        return [listed]

    made = exports.noted(pack, lines, about, None, format="CSV")
    downloads.button(_("Download the list"), made, f"{file_name}.problems.csv", "text/csv", "problems_csv")
