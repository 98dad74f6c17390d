"""Somebody was quicker: both versions side by side, and the choice between them. For every form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from domain.errors import ChangedByOthers
from ui import format as fmt
from ui.plain import plain
from ui.texts import _


@dataclass(frozen=True)
class Conflict:
    """What two people wrote. attempt: what was to be stored, for the form to go on from."""

    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]
    attempt: Any


def keep(form: str, error: ChangedByOthers, attempt: Any) -> None:
    """Remember the conflict of a form until the person has decided."""
    st.session_state[f"conflict_{form}"] = Conflict(dict(error.mine), dict(error.theirs), attempt)


def kept(form: str) -> Conflict | None:
    """The conflict of the form that waits for a decision."""
    return st.session_state.get(f"conflict_{form}")


def forget(form: str) -> None:
    """The person has decided."""
    st.session_state.pop(f"conflict_{form}", None)


def show(
    form: str,
    found: Conflict,
    names: Mapping[str, str],
    words: Callable[[str, Any], str],
    who: str,
    is_own: bool = False,
) -> str | None:
    """Both versions by column; "mine" or "theirs" once the person chose.

    names: what each column that the form writes is called; words: a column's value as people read it; who:
    who stored theirs, and when; is_own: the person itself did, in another window. Nothing of mine: the row
    was to be removed.
    """
    with st.container(border=True, key=f"conflict_box_{form}"):
        others = _("Somebody else stored this meanwhile. Nothing of yours was stored yet.")
        own = _("You stored this elsewhere meanwhile. What you entered here was not stored yet.")
        st.warning(own if is_own else others)
        if who:
            st.caption(plain(who))
        table = pd.DataFrame(
            {
                "": list(names.values()),
                _("Yours"): [_mine(found, name, words) for name in names],
                _("Stored now"): [words(name, found.theirs[name]) for name in names],
                _("Differs"): ["≠" if _differs(found, name) else "" for name in names],
            }
        )
        st.table(table, border="horizontal", hide_index=True, alt=_("Your version and the one stored now"))
        with st.container(horizontal=True):
            over = _("Store mine over it") if found.mine else _("Remove it all the same")
            is_mine = st.button(over, key=f"conflict_mine_{form}", icon=":material/edit:")
            is_theirs = st.button(
                _("Keep what is stored") if is_own else _("Take theirs"),
                key=f"conflict_theirs_{form}",
                type="primary",
                icon=":material/check:",
            )
    return "mine" if is_mine else "theirs" if is_theirs else None


def _mine(found: Conflict, name: str, words: Callable[[str, Any], str]) -> str:
    return words(name, found.mine[name]) if found.mine else fmt.MISSING


def _differs(found: Conflict, name: str) -> bool:
    return not found.mine or found.mine[name] != found.theirs[name]
