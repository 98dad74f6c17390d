"""A new item by hand: which object it is about, then what the item says.

URL: kind, code, space, rules: what a page of risk objects fills in.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from domain.periods import last_day
from domain.rectifications import LONGEST, OBJECT_KINDS, Rectification
from ui import filters, url_choice
from ui import format as fmt
from ui.plain import plain
from ui.rectifications import content, handing, listing, values
from ui.rectifications.form import DAYS, Act
from ui.risk import words as risk_words
from ui.texts import _

PARAMETERS = ("kind", "code", "space", "rules")
FOUND_BY = ("", "rules", "patrol", "inspection", "complaint", "other")
RULE = re.compile(r"RL\d{1,2}")
MOST_EVIDENCE = 2000


def object_of(units: listing.Units, found: Callable[[str, str], Sequence[Any]]) -> Rectification | None:
    """The object, as an item that says nothing else yet; None as long as nobody chose one.

    units: in which the viewer may create items. found(kind, text): objects there.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="item_object"):
        kind = url_choice.picked(
            st.segmented_control, "kind", _("Kind of object"), OBJECT_KINDS, "line", values.object_kind,
            ("code", "space"), required=True,
        )  # fmt: skip
        text = _code()
    if not text:
        st.caption(_("Say which object it is; the form opens below."))
        return None
    space = st.query_params.get("space", "")
    some = [one for one in found(kind, text) if not space or one.bureau_id == space]
    if not some:
        st.info(_("There is nothing with this code in your units. Check the code, or the register."))
        return None
    number = 0
    if len(some) > 1:
        number = st.selectbox(
            _("Which of them"), range(len(some)), key=f"which_{kind}_{text}",
            format_func=lambda one: f"{some[one].name} · {some[one].code} · {_unit(some[one], units)}",
        )  # fmt: skip
    one = some[number]
    st.markdown(f"**{plain(one.name)}** · {plain(one.code)} · {plain(_unit(one, units))}")
    return Rectification(one.bureau_id, "", one.org_unit_id, kind, one.code, _title(one.name), _rules())


def _code() -> str:
    """What the URL says, with the field to say otherwise; not bound to it, for it goes with the new item."""
    key = "object_code"
    st.session_state[key] = st.query_params.get("code", "")

    def typed() -> None:
        st.query_params.pop("space", None)
        st.query_params["code"] = st.session_state[key].strip()

    said = st.text_input(
        _("Code or name of the object"), key=key, max_chars=60, width=330, on_change=typed,
        placeholder=_("e.g. the code of the register"),
    )  # fmt: skip
    return (said or "").strip()


def _found_by(code: str) -> str:
    return values.found_by(code) or fmt.MISSING


def _unit(one: Any, units: listing.Units) -> str:
    return filters.unit_label(one.org_unit_id, units) if one.org_unit_id in units else one.bureau_id


def _rules() -> str:
    return ";".join(RULE.findall(st.query_params.get("rules", "")))


def _title(name: str) -> str:
    """What the title begins as, where a page of risk objects leads here."""
    if not _rules():
        return ""
    text = _("{object}: meets {rules}").format(object=name, rules=risk_words.named(_rules()))
    return text[: LONGEST["title"]]


def _evidence(suggested: Any) -> str:
    """What the object's findings say, as the evidence begins."""
    if suggested.month is None:
        return ""
    text = _("As at {day}: {findings}")
    day, found = fmt.day(last_day(suggested.month)), risk_words.whys(suggested.findings)
    return text.format(day=day, findings=found)[:MOST_EVIDENCE]


def form(
    about: Rectification,
    able: Callable[[int], handing.People],
    kinds: values.Kinds,
    groups: Sequence[str],
    day: date,
    act: Act,
    suggested: Any,
) -> None:
    """What the new item says; created as a draft, or at once assigned.

    groups: of causes whose outages can be a relapse; suggested: what the object's findings say for it.
    """
    about = replace(about, level=suggested.level or about.level)
    key = f"new_{about.bureau_id}_{about.object_kind}_{about.object_code}"
    said = st.session_state
    names = handing.labels(able(about.org_unit_id))

    def asked() -> None:
        written = {name: said[field] for name, field in fields.items()}
        groups_chosen, text = list(said[f"causes_{key}"]), said[f"evidence_{key}"].strip()
        evidence = {"text": text} if text else {}
        if suggested.keys:
            evidence["keys"] = list(suggested.keys)
        if groups_chosen or about.rules:  # none of them is an answer too
            evidence["cause_groups"] = groups_chosen
        given = {
            "found_by": said[f"found_by_{key}"],
            "found_on": said[f"found_on_{key}"],
            "original_due": said[f"due_{key}"],
            "responsible_id": said[f"who_{key}"],
            "co_responsible_id": said[f"co_{key}"] if said[f"who_{key}"] else None,
            "evidence": evidence or None,
        }
        act("create", replace(about, **written, **given))

    with st.form(key):
        if about.rules:
            st.caption(_("Risk rules met: {rules}").format(rules=risk_words.named(about.rules)))
        fields = content.fields(about, kinds, key)
        left, right = st.columns(2)
        with left:
            st.date_input(
                _("Due date (original, never changed later)"), value=None, key=f"due_{key}", **DAYS,
            )  # fmt: skip
            shared = {"format_func": lambda one: names[one], "placeholder": _("Choose"), "index": None}
            st.selectbox(_("Responsible (empty: a draft)"), list(names), key=f"who_{key}", **shared)
            st.selectbox(_("Co-responsible (may be empty)"), list(names), key=f"co_{key}", **shared)
        with right:
            st.date_input(_("Found on"), value=day, key=f"found_on_{key}", **DAYS)
            place = FOUND_BY.index("rules") if about.rules else 0
            st.selectbox(_("Found by"), FOUND_BY, index=place, key=f"found_by_{key}", format_func=_found_by)
            st.multiselect(
                _("Outages by these causes would be a relapse"), groups, key=f"causes_{key}",
                default=list(suggested.causes), format_func=values.cause_group, placeholder=_("Choose"),
            )  # fmt: skip
        st.text_area(
            _("Evidence: what was found"), value=_evidence(suggested), key=f"evidence_{key}", height=80,
            max_chars=MOST_EVIDENCE,
        )  # fmt: skip
        st.form_submit_button(
            _("Create the item"), type="primary", icon=":material/add_task:", on_click=asked,
            key=f"create_{key}",
        )  # fmt: skip
