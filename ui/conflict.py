"""Somebody was quicker: both versions side by side, and the choice between them. For every form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.errors import ChangedByOthers
from ui import format as fmt
from ui import messages, session
from ui.plain import plain
from ui.texts import _


@dataclass(frozen=True)
class Conflict:
    """What two people wrote. attempt: what was to be stored, for the form to go on from; by: who looks."""

    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]
    attempt: Any
    by: int | None


def keep(form: str, error: ChangedByOthers, attempt: Any) -> None:
    """Remember the conflict of a form until the person has decided."""
    by = session.viewer().person_id
    st.session_state[f"conflict_{form}"] = Conflict(dict(error.mine), dict(error.theirs), attempt, by)


def kept(form: str) -> Conflict | None:
    """The conflict of the form that waits for this viewer's decision."""
    found: Conflict | None = st.session_state.get(f"conflict_{form}")
    return found if found and found.by == session.viewer().person_id else None


def forget(form: str) -> None:
    """The person has decided."""
    st.session_state.pop(f"conflict_{form}", None)


def show(
    form: str,
    found: Conflict,
    names: Mapping[str, str],
    words: Callable[[str, Any], str],
    by: str,
    over: str = "",
    is_own: bool | None = None,
) -> str | None:
    """Both versions by column; "mine" or "theirs" once the person chose.

    names: what each column that the form writes is called; words: a column's value as people read it; by:
    who stored theirs, and when, "" where that is not certain; is_own: as is_own() says. Nothing of mine: the
    row was to be removed; nothing of theirs: it is gone. over: what to call going on with mine, where it
    takes the place of nothing.
    """
    with st.container(border=True, key=f"conflict_box_{form}"):
        if not found.theirs:
            text = _("This was taken back after you opened it. Nothing of yours was stored yet.")
        elif is_own:
            text = _("You stored this elsewhere meanwhile. What you entered here was not stored yet.")
        elif is_own is None:
            text = _("This was changed after you opened it. Nothing of yours was stored yet.")
        else:
            text = _("Somebody else stored this meanwhile. Nothing of yours was stored yet.")
        st.warning(text)
        if by:
            st.caption(plain(by))
        table = pd.DataFrame(
            {
                "": list(names.values()),
                _("Yours"): [_words(found.mine, name, words) for name in names],
                _("Stored now"): [_words(found.theirs, name, words) for name in names],
                _("Differs"): ["≠" if _differs(found, name) else "" for name in names],
            }
        )
        st.table(table, border="horizontal", hide_index=True, alt=_("Your version and the one stored now"))
        with st.container(horizontal=True):
            is_mine = st.button(over or _over(found), key=f"conflict_mine_{form}", icon=":material/edit:")
            is_theirs = st.button(
                _leave(found, is_own),
                key=f"conflict_theirs_{form}",
                type="primary",
                icon=":material/check:",
            )
    return "mine" if is_mine else "theirs" if is_theirs else None


def is_own(by_id: int | None) -> bool | None:
    """Whether the viewer did it, e.g. in another window. by_id: who did; None where nobody knows."""
    return None if by_id is None else by_id == session.viewer().person_id


def who(name: str, at: datetime | None, zone: ZoneInfo, reason: str = "") -> str:
    """Who stored what is stored now, when and why."""
    if at is None:
        return ""
    text = _("{name} stored it on {time}: {reason}") if reason else _("{name} stored it on {time}")
    return text.format(name=messages.person(name), time=fmt.moment(at, zone), reason=reason)


def _over(found: Conflict) -> str:
    if not found.mine:
        return _("Remove it all the same")
    return _("Store mine over it") if found.theirs else _("Store mine all the same")


def _leave(found: Conflict, is_own: bool | None) -> str:
    if not found.theirs:
        return _("Leave it taken back")
    return _("Take theirs") if is_own is False else _("Keep what is stored")


def _words(side: Mapping[str, Any], name: str, words: Callable[[str, Any], str]) -> str:
    return plain(words(name, side[name])) if name in side else fmt.MISSING


def _differs(found: Conflict, name: str) -> bool:
    return name not in found.mine or name not in found.theirs or found.mine[name] != found.theirs[name]
