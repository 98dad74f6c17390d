"""The form of the step that somebody takes next; each hands on the version that was shown.

What a form says is done before the page runs again (a callback), so that it speaks of the item as shown, not
of what somebody else made of it meanwhile.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from domain import rectification_rights as rights
from domain import rectifications as rules
from domain.errors import StepNotAllowed
from domain.rectification_extensions import Extension
from domain.rectifications import Rectification
from domain.viewer import Viewer
from ui import filters, messages, url_choice
from ui import format as fmt
from ui.plain import plain
from ui.rectifications import content, handing, listing, saying, values, words
from ui.rectifications.form import DAYS, Act, Form
from ui.texts import _, listed


def show(
    viewer: Viewer,
    units: listing.Units,
    opened: Any,
    able: Callable[[], handing.People],
    kinds: values.Kinds,
    day: date,
    act: Act,
) -> None:
    """Which step, and its form; the one that presses most is open."""
    item, extensions, person_id = opened.shown.item, opened.extensions, viewer.person_id
    acts = rights.acts_of(viewer, [one.id for one in filters.path_of(item.org_unit_id, units)])
    asked = rights.waiting(extensions)
    form = Form(item, asked, lambda: handing.labels(able()), kinds, day, act)
    steps = rights.steps(item, person_id, acts, extensions, day)
    with st.container(border=True, key="item_steps"):
        _kept_from(item, person_id, acts, asked)
        chosen = url_choice.picked(
            st.pills, "do", _("What to do"), steps, steps[0], words.step, required=True, wrap=True
        )
        FORMS[chosen](form)


def _kept_from(
    item: Rectification, person_id: int | None, acts: Collection[str], asked: Extension | None
) -> None:
    """That somebody else has to verify or decide, since this person had a hand in it."""
    if item.status == "done" and rights.VERIFY in acts and not rights.is_independent(item, person_id):
        st.info(messages.sentence(StepNotAllowed("rectification_own")), icon=":material/group:")
    may_decide = asked is not None and item.is_on_the_books and rights.APPROVE in acts
    if may_decide and not rights.may_decide(item, asked, person_id):
        st.info(messages.sentence(StepNotAllowed("extension_own")), icon=":material/group:")


def _assign(form: Form) -> None:
    with st.form(form.key("assign"), border=False):
        _whose(form)
        if form.item.original_due is None:
            st.date_input(
                _("Due date (original, never changed later)"), key=form.key("due"), value=None,
                **DAYS,
            )  # fmt: skip
        form.text("text", _("What to tell the person (may be empty)"))

        def asked() -> None:
            due = form.said("due") if form.item.original_due is None else None
            who = form.said("who"), form.said("co")
            form.act("assign", *form.shown, *who, due, form.said("text"))

        st.form_submit_button(
            words.step("assign"), type="primary", icon=":material/person_add:", on_click=asked,
            key=form.key("do_assign"),
        )  # fmt: skip


def _whose(form: Form) -> None:
    """Fields of who is responsible, and who beside."""
    people, item = form.people(), form.item
    shared = {"format_func": lambda one: people[one], "placeholder": _("Choose")}
    ids = list(people)
    for name, label, now in (
        ("who", _("Responsible"), item.responsible_id),
        ("co", _("Co-responsible (may be empty)"), item.co_responsible_id),
    ):
        place = ids.index(now) if now in people else None
        st.selectbox(label, ids, index=place, key=form.key(name), **shared)


def _hand_over(form: Form) -> None:
    with st.form(form.key("hand_over"), border=False):
        st.caption(_("Who was responsible so far may still not verify the item."))
        _whose(form)
        form.text("why", _("Reason"))
        form.button("hand_over", "who", "co", "why")


def _edit(form: Form) -> None:
    with st.form(form.key("edit"), border=False):
        names = content.fields(form.item, form.kinds, form.key("edit"))
        if form.item.original_due is None:
            st.date_input(
                _("Due date (original, never changed later)"), key=form.key("first_due"), value=None,
                **DAYS,
            )  # fmt: skip

        def asked() -> None:
            written = {name: st.session_state[key] for name, key in names.items()}
            due = form.said("first_due") if form.item.original_due is None else None
            form.act("edit", *form.shown, written, due)

        st.form_submit_button(
            _("Save"), type="primary", icon=":material/save:", on_click=asked, key=form.key("do_edit")
        )


def _start(form: Form) -> None:
    if missing := rules.missing_points(form.item):
        text = _("Work begins once the five points stand. Missing: {points}.")
        st.warning(
            text.format(points=listed(words.point(one) for one in missing)), icon=":material/checklist:"
        )
    with st.form(form.key("start"), border=False):
        form.text("text", _("How it begins (may be empty)"))
        form.button("start", "text")


def _progress(form: Form) -> None:
    with st.form(form.key("progress"), border=False):
        st.slider(
            _("Progress, %"), 0, 100, value=form.item.progress_pct, step=5, key=form.key("pct"), format="%d%%"
        )
        form.text("text", _("Work done"))
        form.button("progress", "pct", "text")


def _done(form: Form) -> None:
    with st.form(form.key("done"), border=False):
        st.date_input(
            _("Day on which the works ended"), value=form.day, key=form.key("done_on"),
            **DAYS,
        )  # fmt: skip
        form.text("text", _("Work done"))
        st.caption(_("Somebody else then verifies it."))
        form.button("done", "done_on", "text")


def _return(form: Form) -> None:
    with st.form(form.key("return"), border=False):
        form.text("why", _("What is missing"))
        form.button("return", "why")


def _verify(form: Form) -> None:
    with st.form(form.key("verify"), border=False):
        form.text("text", _("What was looked at and found"))
        st.caption(_("The item is closed with this and leaves the books."))
        form.button("verify", "text")


def _cancel(form: Form) -> None:
    with st.form(form.key("cancel"), border=False):
        form.text("why", _("Reason"))
        form.button("cancel", "why", type="secondary")


def _ask(form: Form) -> None:
    item = form.item
    text = _("Original due date {original}, current {current}. Until somebody else approves, it holds.")
    with st.form(form.key("extension_ask"), border=False):
        st.caption(text.format(original=fmt.day(item.original_due), current=fmt.day(item.current_due)))
        st.date_input(
            _("New due date"), value=item.current_due + timedelta(days=14), key=form.key("to_due"),
            **DAYS,
        )  # fmt: skip
        form.text("why", _("Reason"))
        form.button("extension_ask", "to_due", "why")


def _decide(form: Form) -> None:
    asked = form.asked
    text = _("{name} asks for {to} instead of {since}: {reason}")
    who = {"name": messages.person(asked.asked_by), "reason": asked.reason}
    st.markdown(plain(text.format(to=fmt.day(asked.to_due), since=fmt.day(asked.from_due), **who)))
    with st.form(form.key("extension_decide"), border=False):
        form.text("why", _("Reason (needed to refuse)"))

        def decided(is_approved: bool) -> None:
            form.act("extension_decide", *form.shown, asked.no, is_approved, form.said("why"))

        with st.container(horizontal=True):
            for is_approved, label, icon in (
                (True, _("Approve"), ":material/check:"),
                (False, _("Refuse"), ":material/block:"),
            ):
                st.form_submit_button(
                    label, type="primary" if is_approved else "secondary", icon=icon, on_click=decided,
                    args=(is_approved,), key=form.key(f"do_decide_{is_approved}"),
                )  # fmt: skip


FORMS: Mapping[str, Callable[[Form], None]] = {
    "verify": _verify,
    "return": _return,
    "extension_decide": _decide,
    "assign": _assign,
    "start": _start,
    "progress": _progress,
    "done": _done,
    "extension_ask": _ask,
    "edit": _edit,
    "hand_over": _hand_over,
    "note": saying.note,
    "file": saying.file,
    "cancel": _cancel,
}
