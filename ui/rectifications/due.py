"""What is due today: a line for each item, with the reason in a sentence."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from domain.today import REASONS, Line, Reason
from ui import filters, messages
from ui import format as fmt
from ui.plain import plain
from ui.rectifications import listing
from ui.texts import _, counted, language

PAGE = "pages/work/rectifications.py"
MOST = 50
LOOKS = {  # class and sign of a reason
    "overdue": ("notmet", "▲"),
    "extension_waits": ("watch", "◷"),
    "verification_waits": ("watch", "◎"),
    "near_due": ("met", "●"),
    "no_log": ("watch", "◆"),
    "draft": ("none", "○"),
}


def nothing() -> None:
    """That there is nothing, and where all items are."""
    st.success(_("Nothing is due for you today."), icon=":material/check:")
    st.page_link(
        PAGE, label=_("All rectification items"), icon=":material/build:", query_params=filters.query()
    )


def show(lines: Sequence[Line], names: listing.Names, units: listing.Units) -> None:
    """The list, worst first; what is beyond a screenful of days is said."""
    st.markdown(f"**{tally(lines)}**")
    with st.container(gap=None):
        for line in lines[:MOST]:
            _row(line, names, units)
    if (rest := len(lines) - MOST) > 0:
        text = counted("{n} more is in the list of items", "{n} more are in the list of items", rest)
        st.caption(text.format(n=fmt.number(rest)))
        st.page_link(PAGE, label=_("All rectification items"), query_params=filters.query())


def tally(lines: Sequence[Line]) -> str:
    """How many there are, and how many of each first reason."""
    firsts = [line.reasons[0].code for line in lines]
    parts = [counted("{n} item", "{n} items", len(lines)).format(n=fmt.number(len(lines)))]
    parts += [f"{name(code)} {firsts.count(code)}" for code in REASONS if code in firsts]
    return " · ".join(parts)


def _row(line: Line, names: listing.Names, units: listing.Units) -> None:
    item = line.item
    with st.container(key=f"item_row_{item.bureau_id}_{item.item_id}", gap=None):
        query = filters.query(item=item.item_id, space=item.bureau_id)
        st.page_link(PAGE, label=plain(item.title), query_params=query)
        st.html(body(line, names, units))


def body(line: Line, names: listing.Names, units: listing.Units) -> str:
    """The reasons in a sentence, then what and where it is, as HTML."""
    item, first = line.item, line.reasons[0]
    kind, sign = LOOKS[first.code]
    said = ("；" if language() == "zh" else "; ").join(sentence(line, one) for one in line.reasons)
    where = [listing.named(item, names), listing.unit(item, units), listing.state(item)]
    if item.responsible and not line.is_mine:
        where.append(messages.person(item.responsible))
    beside = "".join(f"<span>{escape(one)}</span>" for one in where)
    return (
        f'<div class="cs-row"><span class="cs-tag cs-{kind}">{sign} {escape(name(first.code))}</span>'
        f'<span>{escape(said)}</span></div><div class="cs-row cs-quiet">{beside}</div>'
    )


def name(code: str) -> str:
    """A reason in a word or two."""
    return {
        "overdue": _("overdue"),
        "extension_waits": _("extension to decide"),
        "verification_waits": _("to be verified"),
        "near_due": _("near due"),
        "no_log": _("no news"),
        "draft": _("to be assigned"),
    }[code]


def sentence(line: Line, reason: Reason) -> str:
    """Why the item is listed."""
    item, n = line.item, fmt.number(reason.days)
    if reason.code == "overdue":
        text = counted("Due on {day}, {n} day over", "Due on {day}, {n} days over", reason.days)
        return text.format(day=fmt.day(reason.since), n=n)
    if reason.code == "near_due":
        if reason.days == 0:
            return _("Due today")
        text = counted("Due tomorrow, {day}", "Due in {n} days, on {day}", reason.days)
        return text.format(n=n, day=fmt.day(reason.since))
    if reason.code == "extension_waits":
        text = _("{name} asks for {n} days more, until {day}: {reason}")
        return text.format(
            name=messages.person(line.asked.asked_by), n=n, day=fmt.day(line.asked.to_due),
            reason=line.asked.reason,
        )  # fmt: skip
    if reason.code == "verification_waits":
        text = _("{name} reported it done on {day}; it waits for your verification")
        return text.format(name=messages.person(item.done_by), day=fmt.day(reason.since))
    if reason.code == "no_log":
        text = _("Nobody wrote anything for {n} days, last on {day}")
        return text.format(n=n, day=fmt.day(reason.since))
    text = _("Found on {day}, and not assigned yet")
    return text.format(day=fmt.day(item.found_on or reason.since))
