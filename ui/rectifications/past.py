"""What became of an item: its log, and what the audit log says of it."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from ui import format as fmt
from ui import messages
from ui.rectifications import handing, values, words
from ui.texts import _, in_brackets

LOG_ROWS = 8


def line(text: str, beside: str) -> str:
    """One act or entry as HTML, with who and when below it."""
    return (
        f'<div class="cs-entry"><span>{escape(text)}</span>'
        f'<span class="cs-quiet">{escape(beside)}</span></div>'
    )


def log(found: Sequence[Any], zone: ZoneInfo, numbers: Sequence[str] = ()) -> None:
    """What was done and said, newest first; the first rows, the others in a fold; of none nothing.

    numbers: of the item of each, where they are of several.
    """
    if not found:
        return
    st.markdown("**" + _("Log") + "**")
    of = numbers or [""] * len(found)
    newest = [_logged(*one, zone) for one in reversed(list(zip(found, of, strict=True)))]
    st.html("".join(newest[:LOG_ROWS]))
    if newest[LOG_ROWS:]:
        fold = st.expander(_("Earlier"), on_change="rerun", key="log_earlier", icon=":material/history:")
        if fold.open:
            fold.html("".join(newest[LOG_ROWS:]))


def _logged(one: Any, number: str, zone: ZoneInfo) -> str:
    head = words.logged(one.kind)
    if one.progress_pct is not None:
        head += f" {one.progress_pct}%"
    if one.to_name:
        head += f" → {messages.person(one.to_name)}"
    text = _("{what}: {text}").format(what=head, text=one.text) if one.text else head
    beside = [fmt.moment(one.at, zone), messages.person(one.by_name), number]
    return line(text, " · ".join(part for part in beside if part))


def people(opened: Any, able: Callable[[], handing.People]) -> Mapping[int, str]:
    """Names by number of all whom the item speaks of, and of who can be given it."""
    item = opened.shown.item
    known = {one.by_id: one.by_name for one in opened.log}
    known |= {item.responsible_id: item.responsible, item.co_responsible_id: item.co_responsible}
    named = {number: messages.person(name) for number, name in known.items() if number is not None}
    return handing.labels(able()) | named


def history(
    read: Callable[[], Sequence[Any]],
    zone: ZoneInfo,
    kinds: values.Kinds,
    people: Callable[[], Mapping[int, str]],
) -> None:
    """What the audit log says, newest first; read only when somebody looks."""
    fold = st.expander(_("History"), icon=":material/history:", on_change="rerun", key="item_history")
    if not fold.open:
        return
    entries, known = read(), people()
    lines = [
        line(_changes(one, kinds, known), f"{fmt.moment(one.at, zone)} · {messages.person(one.by_name)}")
        for one in entries
    ]
    fold.html("".join(lines) or escape(_("Nothing yet that you may see.")))


def _changes(entry: Any, kinds: values.Kinds, people: Mapping[int, str]) -> str:
    """What one act changed: was → is, of the columns that have words."""
    columns = words.columns()
    was, now = entry.before or {}, entry.after or {}
    said = []
    for name in columns:
        if name not in now and name not in was:
            continue
        new = words.value(name, now.get(name), kinds, people)
        old = words.value(name, was.get(name), kinds, people)
        said.append(f"{columns[name]} {old} → {new}" if name in was else f"{columns[name]} {new}")
    head = words.logged(entry.action.rpartition(".")[2])
    text = _("{what}: {text}").format(what=head, text=" · ".join(said)) if said else head
    return text + (in_brackets(entry.reason) if entry.reason else "")
