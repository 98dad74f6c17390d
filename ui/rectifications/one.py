"""One item: the sentence it comes down to, five points, dates, log, files, relapses and history."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from domain import rectifications as rules
from domain.rectification_extensions import Extension
from domain.rectifications import Rectification
from ui import downloads, exports, messages, rectification_words
from ui import format as fmt
from ui.plain import plain
from ui.rectifications import acts, headline, listing, past, values, words
from ui.risk import words as risk_words
from ui.texts import _, in_brackets, listed

Read = Callable[..., Any]  # (scope, key space, number of the item, number of the file) -> name, content


def head(opened: Any, day: date, zone: ZoneInfo) -> None:
    """The way back, who does what by when, what is late in words, and what the last act did."""
    shown, item = opened.shown, opened.shown.item
    acts.back()
    st.html(f'<h2 class="cs-headline">{escape(headline.who_does_what(item))}</h2>')
    said = headline.what_is_late(
        item, shown.overdue_days, shown.light, shown.is_stuck, shown.last_log_on, opened.extensions, day, zone
    )
    parts = [rectification_words.state(item.status), *said]
    if item.status == "working":
        parts[0] = f"{rectification_words.state(item.status)} {item.progress_pct}%"
    spans = "".join(f"<span>{escape(one)}</span>" for one in [*parts, item.item_id])
    st.html(f'<div class="cs-row">{listing.chip(shown)}{spans}</div>')
    if item.status == "cancelled":
        st.caption(plain(_("Reason: {reason}").format(reason=item.cancelled_reason)))
    acts.said()


def side(
    opened: Any,
    same: Sequence[Any],
    names: listing.Names,
    units: listing.Units,
    kinds: values.Kinds,
    content: Read,
    links: tuple[Callable[[str, str], None], listing.Opened],
) -> None:
    """What stands beside the steps. same: items of the object; links: opens an item, by key and as such."""
    item = opened.shown.item
    points(item)
    extensions(opened.extensions)
    files(opened.files, item, content)
    relapses(item, opened.reopened_as, links[0])
    facts(item, names, units, kinds)
    beside(same, item, names, links[1])


def points(item: Rectification) -> None:
    """The five points 五落实 as a check list."""
    missing = rules.missing_points(item)
    held = {
        "responsible": words.responsible(item),
        "measure": item.measure,
        "funding": item.funding,
        "due": words.due(item) if item.current_due else "",
        "contingency": item.contingency,
    }
    title = _("Five points") + in_brackets(f"{len(held) - len(missing)}/{len(held)}")
    lines = []
    for point, text in held.items():
        is_missing = point in missing
        kind, sign = ("notmet", "✕") if is_missing else ("met", "✓")
        said = _("missing") if is_missing else text
        lines.append(
            f'<div class="cs-point"><b class="cs-{kind}">{sign} {escape(words.point(point))}</b>'
            f'<span class="{"cs-notmet" if is_missing else ""}">{escape(said)}</span></div>'
        )
    st.markdown(f"**{title}**")
    st.html("".join(lines))


def facts(item: Rectification, names: listing.Names, units: listing.Units, kinds: values.Kinds) -> None:
    """What the item says besides: object, why it was found, measure, who made it."""
    evidence = item.evidence or {}
    called = listing.named(item, names)
    object_ = called if called == item.object_code else called + in_brackets(item.object_code)
    measure = (values.measure_kind(item.measure_kind, kinds), values.measure_type(item.measure_type))
    rows = {
        _("Object"): f"{values.object_kind(item.object_kind)} {object_}",
        _("Unit"): listing.unit(item, units),
        _("Level of risk"): values.level(item.level),
        _("Found"): " · ".join(
            one for one in (values.found_by(item.found_by), item.found_on and fmt.day(item.found_on)) if one
        ),
        _("Risk rules met"): risk_words.named(item.rules),
        _("Evidence"): str(evidence.get("text", "")),
        _("Records behind it"): listed(map(str, evidence.get("keys", ()))),
        _("Would be a relapse"): listed(map(values.cause_group, evidence.get("cause_groups", ()))),
        words.columns()["measure_kind"]: " · ".join(one for one in measure if one != fmt.MISSING),
        _("Department"): item.department,
        _("Control until then"): item.interim_control,
        _("Original due date"): fmt.day(item.original_due) if item.original_due else "",
        _("Current due date"): fmt.day(item.current_due) if item.current_due else "",
        _("Done on"): fmt.day(item.done_at) if item.done_at else "",
        _("Result of the verification"): item.verification,
        _("Created by"): messages.person(item.created_by),
    }  # fmt: skip
    st.markdown("**" + _("About the item") + "**")
    st.html(
        "".join(
            f'<div class="cs-point"><b>{escape(name)}</b><span>{escape(text)}</span></div>'
            for name, text in rows.items()
            if text
        )
    )


def extensions(found: Sequence[Extension]) -> None:
    """What later due dates were asked for, and what became of it."""
    if not found:
        return
    st.markdown("**" + _("Extensions") + "**")
    lines = []
    for one in found:
        text = _("{name} asked for {to} instead of {since}: {reason}").format(
            name=messages.person(one.asked_by), to=fmt.day(one.to_due), since=fmt.day(one.from_due),
            reason=one.reason,
        )  # fmt: skip
        state = words.extension_state(one.state)
        by = " · ".join(one for one in (messages.person(one.decided_by), one.decision_reason) if one)
        lines.append(past.line(text, f"{state}{in_brackets(by) if by else ''}"))
    st.html("".join(lines))


def files(found: Sequence[Any], item: Rectification, read: Read) -> None:
    """The evidence, each file to be taken away; that it was is noted."""
    if not found:
        return
    st.markdown("**" + _("Files") + "**")
    for one in found:
        about = f"evidence {item.item_id} {item.bureau_id} {one.no}"
        with st.container(key=f"evidence_{one.no}", gap=None):
            made = exports.noted_whole(
                lambda who, no=one.no: read(who.scope, item.bureau_id, item.item_id, no).content,
                about,
                name=one.name,
            )
            key = f"get_{item.bureau_id}_{item.item_id}_{one.no}"
            downloads.button(plain(one.name), made, one.name, one.media_type, key)
            size = f"{fmt.number(max(1, round(one.bytes / 1024)))} KB"
            said = f"{values.stage(one.stage)} · {size} · {messages.person(one.added_by)}"
            st.html(f'<span class="cs-quiet">{escape(said)}</span>')


def relapses(item: Rectification, reopened_as: Sequence[str], opened: Callable[[str, str], None]) -> None:
    """Which item this one came from by relapse, and which ones came from it."""
    if item.relapsed_on:
        text = _("Relapsed on {day}; it stays closed, a new item was made.").format(
            day=fmt.day(item.relapsed_on)
        )
        st.warning(text, icon=":material/replay:")
    links = [(item.reopen_of, _("Made by the relapse of {item}"))] if item.reopen_of else []
    links += [(one, _("Goes on as {item}")) for one in reopened_as]
    for item_id, text in links:
        st.button(
            text.format(item=plain(item_id)), icon=":material/link:", type="tertiary",
            key=f"link_{item_id}", on_click=opened, args=(item.bureau_id, item_id),
        )  # fmt: skip


def beside(found: Sequence[Any], item: Rectification, names: listing.Names, opened: listing.Opened) -> None:
    """Other items of the same object."""
    others = [one for one in found if one.item.item_id != item.item_id]
    if not others:
        return
    st.markdown("**" + _("Other items of this object") + "**")
    with st.container(gap=None):
        for one in others:
            listing.row(one, names, opened)
