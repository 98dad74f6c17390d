"""What stands above the list of risk objects: how many in one line, and which rules could not be judged."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui import format as fmt
from ui.risk import words
from ui.texts import _, listed


def counters(counts: Any, of_items: Any, entered: int) -> None:
    """One line: how many are at risk, how grave, and how it stands with the measures."""
    by_kind = {
        kind: sum(n for (one, _level), n in counts.by_level.items() if one == kind)
        for kind in ("line", "area")
    }
    high = sum(n for (_kind, level), n in counts.by_level.items() if level == 1)
    text = _("At risk {n}: lines {lines}, areas {areas}")
    said = [f"<b>{_number_in(text, n=counts.objects, lines=by_kind['line'], areas=by_kind['area'])}</b>"]
    said.append(_tag("notmet", f"{words.ICONS[1]} " + _number_in(_("high {n}"), n=high)))
    said.append(_number_in(_("new {n}"), n=entered))
    minutes = _("lines are expected to cost {minutes} in 12 months")
    said.append(minutes.format(minutes=fmt.customer_time(counts.expected_min * 60)))
    if of_items.coverage is not None:
        said.append(_("covered by an open or closed item {share}").format(share=fmt.share(of_items.coverage)))
    said.append(_number_in(_("their items on the books {n}"), n=of_items.on_books))
    if of_items.overdue:
        said.append(_tag("notmet", "▲ " + _number_in(_("overdue {n}"), n=of_items.overdue)))
    said.append(_number_in(_("to be verified {n}"), n=of_items.waiting))
    st.html(f'<div class="cs-row">{"".join(f"<span>{one}</span>" for one in said)}</div>')


def _number_in(text: str, **numbers: int) -> str:
    return text.format(**{name: fmt.number(one) for name, one in numbers.items()})


def _tag(style: str, text: str) -> str:
    return f'<b class="cs-{style}">{text}</b>'


def lacking(found: Mapping[str, Sequence[str]]) -> None:
    """Which rules cannot be judged here, wholly or in part, for lack of data; nothing where none."""
    if not found:
        return
    parts = [
        _("{rule} (no {sources})").format(
            rule=words.numbered(code), sources=listed(words.lacks(one) for one in sources)
        )
        for code, sources in found.items()
    ]
    st.caption(_("Not judged for lack of data: {rules}").format(rules=words.several(parts)))
