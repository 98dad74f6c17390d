"""Two at one item: both versions side by side, and the step to take where it is wanted all the same."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from domain.errors import ChangedByOthers
from domain.history import Entry
from domain.rectifications import STEPS
from ui import conflict
from ui.conflict import Conflict
from ui.rectifications import values, words
from ui.texts import _

FORM = "rectification"
ALWAYS = ("status", "responsible_id", "current_due")  # told also where they are the same
NO_VERSION = ("note", "comment", "file")  # acts that leave the version as it was


def keep(error: ChangedByOthers, step: str, values: tuple) -> None:
    """Remember what was to be done, until the person decides; what the step leads to is part of mine."""
    to = STEPS[step][1] if step in STEPS else ""
    mine = {**error.mine, "status": to} if to else dict(error.mine)
    conflict.keep(FORM, ChangedByOthers(mine=mine, theirs=error.theirs), (step, *values))


def waiting(bureau_id: str, item_id: str) -> Conflict | None:
    """The conflict about this item that waits for a decision; one about another item is dropped."""
    kept = conflict.kept(FORM)
    if kept and kept.attempt[1:3] != (bureau_id, item_id):
        conflict.forget(FORM)
        return None
    return kept


def settle(
    found: Conflict, acts: Sequence[Entry], kinds: values.Kinds, people: Mapping[int, str], zone: ZoneInfo
) -> tuple | None:
    """The step to take over what is stored, once the person chose so. acts: on the item, newest first."""
    last = next(
        (
            one
            for one in acts
            if one.version == found.theirs["version"] and one.action.split(".")[-1] not in NO_VERSION
        ),
        None,
    )
    step, bureau_id, item_id, _version, *rest = found.attempt
    st.markdown("**" + _("You wanted to: {step}").format(step=words.step(step)) + "**")
    names = {
        name: label for name, label in words.columns().items() if name in ALWAYS or _differs(found, name)
    }
    shown = Conflict(_as_stored(found, names), found.theirs, found.attempt, found.by)
    chosen = conflict.show(
        FORM, shown, names, lambda name, what: words.value(name, what, kinds, people),
        conflict.who(last.by_name, last.at, zone, last.reason) if last else "",
        over=_("Do it all the same"), is_own=conflict.is_own(last.by_id) if last else None,
    )  # fmt: skip
    if not chosen:
        return None
    conflict.forget(FORM)
    if chosen == "theirs":
        st.rerun()
    return (step, bureau_id, item_id, found.theirs["version"], *rest)


def _differs(found: Conflict, name: str) -> bool:
    """Whether mine says otherwise than what is stored; a type left empty is that of the kind of measure."""
    mine = found.mine.get(name, found.theirs.get(name))
    return mine != found.theirs.get(name) and (name, mine) != ("measure_type", "")


def _as_stored(found: Conflict, names: Mapping[str, str]) -> dict[str, Any]:
    """Mine, with what the step would leave as it is stored."""
    return {name: found.mine.get(name, found.theirs.get(name)) for name in names}
