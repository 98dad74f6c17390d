"""The rows of the audit log, one of them opened, and all of them as a file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain import former
from domain.org_units import OrgUnit
from domain.viewer import Viewer
from ui import downloads as buttons
from ui import format as fmt
from ui import messages, pager
from ui.audit_log import actions, filters, subjects, words
from ui.charts import table_view
from ui.plain import plain
from ui.texts import _, counted, in_brackets, name_of

PAGE_ROWS = 50
LIST_PX = 400
LONG, LONG_PX = 36, 300  # signs and width of a subject
Entry = Mapping[str, Any]


def listed(found: pd.DataFrame, count: int, most: int, units: Mapping[int, OrgUnit], zone: ZoneInfo) -> Any:
    """A page of rows; returns the one that a person opens, else None. most: as far as rows are counted."""
    is_more = count > most
    n = fmt.number(min(count, most))
    said = counted("{n} entry", "{n} entries", count).format(n=n)
    if is_more:
        said = _("The newest {n} entries; narrow the filters to reach earlier ones.").format(n=n)
    st.caption(said + " · " + _("Choose a row to see what was before and after."))
    event = st.dataframe(
        _table(found, units, zone),
        hide_index=True,
        height=LIST_PX if len(found) > 9 else "auto",
        key=f"log_{pager.asked(filters.PAGE)}",
        on_select="rerun",
        selection_mode="single-row",
        alt=_("Entries of the audit log, newest first"),
        column_config={_("Subject"): st.column_config.TextColumn(width=_subject_px(found))},
    )
    pager.show(filters.PAGE, min(count, most), PAGE_ROWS)
    rows = event.selection.rows
    return found.iloc[rows[0]] if rows and rows[0] < len(found) else None


def nothing(choice: filters.Choice) -> None:
    """That there is no row, and what to do."""
    if choice.is_narrowed:
        said = [_("Nothing in the log fits these filters. Take one away, or go back to the default.")]
    else:
        said = [_("Nothing is in the log of your units yet. Changes there will be listed here.")]
    if choice.only_changes:
        said.append(_('What only looks is under "Also views, sign-ins, refusals".'))
    st.info("  \n".join(said), icon=":material/search_off:")


def _table(found: pd.DataFrame, units: Mapping[int, OrgUnit], zone: ZoneInfo) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("When"): [fmt.moment(one, zone) for one in found["at"]],
            _("What was done"): [actions.action(one) for one in found["action"]],
            _("Subject"): [
                subjects.subject(*one) for one in zip(found["action"], found["subject"], strict=True)
            ],
            _("Who"): [messages.person(one) for one in found["by_name"]],
            _("Unit"): [_unit(one, units) for one in found["org_unit_id"]],
            _("Reason"): [messages.act_reason(one) for one in found["reason"]],
        }
    )


def _person(one: Entry) -> str:
    """Who it was: the name then, the number that tells namesakes apart, and the name now where it changed."""
    name, now = one["by_name"], one["name_now"]
    if one["person_id"] is None or name == former.names(one["person_id"])[0]:
        return messages.person(name)
    said = _("person no. {n}").format(n=one["person_id"])
    if now and now != name:
        said = _("{person}, now {name}").format(person=said, name=now)
    return messages.person(name) + in_brackets(said)


def _subject_px(found: pd.DataFrame) -> int | None:
    """A long name of a file or view must not push the reason off the screen; a row opened has it whole."""
    return LONG_PX if found["subject"].str.len().max() > LONG else None


def _unit(unit_id: Any, units: Mapping[int, OrgUnit]) -> str:
    if pd.isna(unit_id):
        return _("whole company")
    unit = units.get(int(unit_id))
    return name_of(unit) if unit else _("a unit that is gone")


def opened(one: Entry, units: Mapping[int, OrgUnit], zone: ZoneInfo) -> None:
    """One row: who, when, why, and what was before and after."""
    with st.container(border=True, key="log_entry"):
        head = f"{actions.action(one['action'])} · {subjects.subject(one['action'], one['subject'])}"
        st.markdown(f"**{plain(head)}**")
        by = _person(one)
        place = _unit(one["org_unit_id"], units)
        st.caption(plain(" · ".join((by, fmt.moment(one["at"], zone), place))))
        if one["reason"]:
            reason = messages.act_reason(one["reason"])
            st.markdown(_("Reason: {reason}").format(reason=plain(reason)))
        sides = words.sides(one, lambda of: _unit(of, units))
        if not sides.empty:
            st.dataframe(
                sides, hide_index=True, row_height=table_view.LINES_PX if _is_long(sides) else None,
                alt=_("What was before and after"), width="stretch",
            )  # fmt: skip
        elif one["is_change"]:
            st.caption(_("The entry says nothing of before and after."))
        said = _("As stored: {action} · {subject} · chain {chain}, no. {no} · signature {hash}…")
        st.caption(
            plain(
                said.format(
                    action=one["action"], subject=one["subject"], no=one["no"], hash=one["hash"][:12],
                    chain=one["bureau_id"] or _("whole company"),
                )
            )
        )  # fmt: skip


def _is_long(sides: pd.DataFrame) -> bool:
    return any(len(str(one)) > 60 for column in sides for one in sides[column])


def downloads(
    stream: Callable[[Viewer], Iterable[pd.DataFrame]],
    choice: filters.Choice,
    units: Mapping[int, OrgUnit],
    zone: ZoneInfo,
) -> None:
    """Buttons for all rows of the filters as CSV and XLSX; that they were taken is noted too."""
    labels = {one: one for one in _lines(pd.DataFrame(columns=COLUMNS), units, zone)}

    def lines(viewer: Viewer) -> Iterator[pd.DataFrame]:
        return (_lines(one, units, zone) for one in stream(viewer))

    header, noted = filters.header(choice, units), filters.header(choice, units, says_typed=False)
    file = (_("Audit log"), "audit_log", "log", "audit_log", choice.unit_id)
    with st.container(horizontal=True):
        said = "; ".join(f"{name}: {text}" for name, text in noted)
        buttons.table(lines, header, labels, *file, filters=said)


COLUMNS = (
    "at", "by_name", "person_id", "org_unit_id", "action", "subject", "reason", "before", "after",
    "bureau_id", "no",
)  # fmt: skip


def _lines(found: pd.DataFrame, units: Mapping[int, OrgUnit], zone: ZoneInfo) -> pd.DataFrame:
    return _table(found, units, zone).assign(
        **{
            _("Before"): _in_lines(found, "before"),
            _("After"): _in_lines(found, "after"),
            _("Person no."): ["" if pd.isna(one) else str(one) for one in found["person_id"]],
            _("Code of the act"): found["action"].tolist(),
            _("Subject as stored"): found["subject"].tolist(),
            _("Chain and number"): [f"{a}:{b}" for a, b in zip(found["bureau_id"], found["no"], strict=True)],
        }
    )


def _in_lines(found: pd.DataFrame, side: str) -> list[str]:
    return [words.in_a_line(*one) for one in zip(found[side], found["action"], found["subject"], strict=True)]
