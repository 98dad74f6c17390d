"""A table of many people: pasted or as a file, and what each of its rows would do."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from domain import pasted, people_table
from domain.errors import DashboardError
from domain.people_table import Planned
from ui import file_field, messages, refusals, shell
from ui import format as fmt
from ui.charts import table_view
from ui.people import words
from ui.people.words import Units
from ui.texts import _, counted, language, listed

TEXT, FILE = "people_table", "people_file"
ACTS = ("add", "change", "give", "end")


def given() -> str:
    """The text of the table that was pasted or uploaded; '' as long as there is none."""
    headers = [one[0 if language() == "zh" else 1] for one in people_table.COLUMNS.values()]
    st.caption(
        _("A row per role, with a header: {columns}. Dates may be empty: from today, without an end.").format(
            columns=listed(headers)
        )
    )
    left, right = st.columns([3, 2])
    text = left.text_area(_("Paste from a spreadsheet"), key=TEXT, height=150, placeholder="\t".join(headers))
    with right:
        number = st.session_state.get("people_files", 0)  # a new uploader after each table: it keeps its file
        file = file_field.show(_("Or a CSV file"), ("csv", "txt"), f"{FILE}_{number}")
    if file is None:
        return text or ""
    try:
        return pasted.decoded(file.getvalue())
    except DashboardError as error:
        refusals.show(error)
        return ""


def forget() -> None:
    """Empty the field and the uploader, once their table was taken over."""
    st.session_state[TEXT] = ""
    st.session_state["people_files"] = st.session_state.get("people_files", 0) + 1


def show(plan: Sequence[Planned], units: Units) -> bool:
    """What each row would do, or what is wrong with it; whether the table can be taken over."""
    wrong = [one for one in plan if one.problems]
    doing = [one for one in plan if one.acts]
    if wrong:
        text = counted(
            "{n} row has problems; correct it and paste the table again.",
            "{n} rows have problems; correct them and paste the table again.",
            len(wrong),
        )
        st.error(text.format(n=fmt.number(len(wrong))), icon=":material/block:")
    elif doing:
        st.markdown("**" + counts(plan) + "**")
    else:
        st.info(_("Everything is stored like this already."), icon=":material/check:")
    if wrong:
        names = [_("Row"), _("Full name"), _("What it does")]  # a phone has room for no more
        table_view.sentences(_table(wrong, units)[names], _("What is wrong in the table"), "people_wrong")
    right = _table([one for one in plan if not one.problems], units)
    if len(right):
        st.dataframe(
            right,
            hide_index=True,
            key="people_plan",
            alt=_("What each row does"),
            column_config=table_view.grouped(right)
            | {_("What it does"): st.column_config.TextColumn(width=200)},
        )
    return bool(doing) and not wrong


def _table(plan: Sequence[Planned], units: Units) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Row"): [one.row for one in plan],
            _("What it does"): [_does(one) for one in plan],
            _("Full name"): [one.name or one.cells.get("name", "") for one in plan],
            _("E-mail"): [one.cells.get("email", "") for one in plan],
            _("Role"): [_role(one) for one in plan],
            _("Unit"): [_unit(one, units) for one in plan],
            _("Valid from"): [_first(one) for one in plan],
            _("Last day"): [_last(one) for one in plan],
        }
    )


def counts(plan: Sequence[Planned]) -> str:
    """How many of each a table does."""
    texts = {
        "add": lambda n: counted("{n} new person", "{n} new people", n),
        "change": lambda n: counted("{n} name changed", "{n} names changed", n),
        "give": lambda n: counted("{n} role given", "{n} roles given", n),
        "end": lambda n: counted("{n} last day set", "{n} last days set", n),
    }
    numbers = {act: sum(act in one.acts for one in plan) for act in ACTS}
    return listed(texts[act](n).format(n=fmt.number(n)) for act, n in numbers.items() if n)


def _does(one: Planned) -> str:
    if one.problems:
        headers = {
            name: several[0 if language() == "zh" else 1] for name, several in people_table.COLUMNS.items()
        }
        colon = "：" if language() == "zh" else ": "
        said = (
            headers[column] + colon + messages.sentence(error).rstrip("。.") for column, error in one.problems
        )
        return "\n".join(said)
    names = {
        "add": _("new person"),
        "change": _("name changed"),
        "give": _("role given"),
        "end": _("last day set"),
    }
    return listed(names[act] for act in one.acts) or _("as before")


def _role(one: Planned) -> str:
    return shell.role_name(one.grant.role) if one.grant else one.cells.get("role", "")


def _unit(one: Planned, units: Units) -> str:
    return words.unit(one.grant.unit_id, units) if one.grant else one.cells.get("unit", "")


def _first(one: Planned) -> str:
    return fmt.day(one.grant.valid_from) if one.grant else one.cells.get("valid_from", "")


def _last(one: Planned) -> str:
    if one.grant is None:
        return one.cells.get("valid_to", "")
    last = words.until(one.grant.valid_to)
    return f"{words.until(one.before.valid_to)} → {last}" if one.before else last
