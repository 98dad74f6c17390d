"""Which record is open, its form, and what saving it said."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from domain.errors import ChangedByOthers, DashboardError, FileRejected
from domain.import_kinds import kinds
from ui import cache, conflict, opened, refusals, url_choice
from ui.charts import table_view
from ui.imports import names, problems
from ui.records import fields
from ui.records.fields import Offers
from ui.texts import _, counted, level_name

NEW = "\0new"
FORM = "record"


def picked_kind(offered: Sequence[str]) -> str:
    """The kind of record; in the URL."""
    return url_choice.picked(
        st.pills, "record", _("Kind of record"), offered, offered[0], names.kind, required=True
    )


def picked_key(kind_id: str, offers: Offers) -> dict[str, str] | None:
    """The key of the record to enter or correct; None as long as it is not complete."""
    if kind_id == "customers_served":
        left, middle, right = st.columns(3)
        unit = left.selectbox(
            _("Unit"), list(offers.units), index=None, format_func=lambda one: f"{offers.units[one]} ({one})",
            key="of_unit", placeholder=_("Choose"),
        )  # fmt: skip
        level = middle.segmented_control(
            _("Level"), ["LV", "MV"], format_func=level_name, default="LV", required=True, key="of_level"
        )
        month = right.text_input(_("Month"), key="of_month", placeholder="2026-10", max_chars=7)
        whole = {"unit": unit or "", "level": level or "", "month": month.strip()}
        return whole if all(whole.values()) else None
    if kind_id == "units":
        labels = {NEW: _("A new unit …"), **{code: f"{name} ({code})" for code, name in offers.units.items()}}
        chosen = st.selectbox(
            _("Unit"),
            list(labels),
            index=None,
            format_func=labels.get,
            key="which_unit",
            placeholder=_("Choose"),
        )
        if chosen == NEW:
            chosen = st.text_input(_("Code of the new unit"), key="new_unit", max_chars=60).strip()
        return {"code": chosen} if chosen else None
    name = "outage_key" if kind_id == "outages" else kinds()[kind_id].key[0]
    column = kinds()[kind_id].columns[name]
    text = st.text_input(
        fields.label(column).removesuffix(" *"),
        key=f"key_{kind_id}",
        max_chars=column.max,
        help=_("A number that exists opens that record for correction; any other begins a new one."),
        icon=":material/tag:",
    ).strip()
    return {name: text} if text else None


def standing(is_new: bool, kind_id: str) -> None:
    """Whether a record is entered or corrected; and why it could not be stored over another one."""
    if is_new:
        st.badge(_("New record"), icon=":material/add:", color="gray")
    else:
        st.badge(_("Correction of a stored record"), icon=":material/edit:", color="gray")
    refused_before(kind_id)


def refused_before(kind_id: str) -> None:
    """Why it could not be stored over another one, once."""
    if (error := opened.refusal(FORM)) is not None:
        _refused(error, kind_id)


def form(
    kind_id: str,
    values: Mapping[str, str],
    key: Mapping[str, str],
    offers: Offers,
    prefix: str,
    masked: Mapping[str, str] = fields.NOTHING,
) -> dict[str, str] | None:
    """The fields of a record; its texts once a person saves it. masked: as fields.show() takes it."""
    with st.form(f"form_{prefix}"):
        columns = kinds()[kind_id].columns.values()
        texts = fields.show(columns, {**values, **key}, offers, prefix, fixed=key, masked=masked)
        st.caption(_("Fields with * are needed."))
        if masked:
            st.caption(_("A name that is masked stays as it is where you leave it empty."))
        asked = st.form_submit_button(_("Check and save"), type="primary", icon=":material/save:")
    return {**texts, **key} if asked else None


def picked_step(steps: Sequence[Mapping[str, str]], first: int | None = 0) -> int | None:
    """The step of an outage to correct; None for a further one. first: which one is picked at first."""
    if not steps:
        return None
    labels = {number: f"{number + 1} · {one['interrupted_at'][:16]}" for number, one in enumerate(steps)} | {
        len(steps): _("A further step …")
    }
    chosen = st.segmented_control(
        _("Step: customers restored together"),
        list(labels),
        format_func=labels.get,
        default=len(steps) if first is None else first,
        required=True,
        key="step_number",
    )
    return chosen if chosen < len(steps) else None


def outage_form(
    of_outage: Sequence[str],
    hidden: Sequence[str],
    values: Mapping[str, str],
    key: Mapping[str, str],
    offers: Offers,
    prefix: str,
) -> tuple[dict[str, str], dict[str, str]] | None:
    """The outage's own fields and those of one step; both texts once a person saves them."""
    columns = kinds()["outages"].columns
    with st.form(f"form_{prefix}"):
        st.markdown("**" + _("The outage") + "**")
        own = [columns[name] for name in of_outage]
        outage = fields.show(own, {**values, **key}, offers, f"{prefix}_o", fixed=key)
        st.markdown("**" + _("The step") + "**")
        rest = [one for one in columns.values() if one.id not in (*of_outage, *hidden)]
        step = fields.show(rest, values, offers, f"{prefix}_s")
        st.caption(_("Fields with * are needed. Without a restoration time the step is still going on."))
        asked = st.form_submit_button(_("Check and save"), type="primary", icon=":material/save:")
    return ({**outage, **key}, step) if asked else None


def save(function: Callable[[], Any], kind_id: str, texts: Any, seen: tuple | None = None) -> bool:
    """Save, and say what came of it. True when the form is done with; a conflict is kept for the next run.

    texts: what the form said, to go on from after a conflict. seen: what the person chose to store it over;
    where that is refused, the next run opens the form with the texts.
    """
    try:
        saved = function()
    except ChangedByOthers as error:
        conflict.keep(FORM, error, (texts, error.seen))
        cache.forget()
        st.rerun()
    except DashboardError as error:
        if seen is not None:
            opened.again(FORM, seen[0], (texts, *seen[1:]), error)
            st.rerun()
        _refused(error, kind_id)
        return False
    if saved.batch_id is None:
        opened.ended(FORM, _("Everything was stored like this already; nothing changed."))
        return True
    st.session_state["saved_record"] = (saved.batch_id, saved.warnings)
    opened.closed(FORM)
    return True


def settled(kind_id: str, hidden: Sequence[str], offers: Offers, zone: ZoneInfo, before: Any) -> tuple | None:
    """Both versions side by side; (texts, what they take the place of) once the person stores theirs over.

    hidden: columns that the form does not show; before: the record, or the steps, as the form showed them.
    """
    found = conflict.kept(FORM)
    columns = [one for one in kinds()[kind_id].columns.values() if one.id not in hidden]
    names = {one.id: fields.label(one).removesuffix(" *") for one in columns if one.id in found.mine}
    differing = {id_: name for id_, name in names.items() if found.mine[id_] != found.theirs.get(id_, "")}

    def words(id_: str, value: str) -> str:
        return fields.said(kinds()[kind_id].columns[id_], value, offers)

    seen = found.attempt[1]
    record = _since(before, *seen)
    by = conflict.who(record.by_name, record.at, zone) if record else ""
    is_further = len(seen) > 1 and seen[1] is None and bool(seen[0])  # a step beside theirs
    over = _("Store mine all the same") if is_further else ""
    # Who did it stands as a name only, and two may have one: nobody knows whether it was the viewer.
    chosen = conflict.show(FORM, found, differing or names, words, by, over)
    if chosen == "theirs":
        text = _("What is stored holds.") if found.theirs else _("It stays taken back.")
        opened.ended(FORM, text)
        st.rerun()
    return found.attempt if chosen == "mine" else None


def _since(before: Any, now: Any, number: int | None = None) -> Any:
    """What came after the form was opened: of several steps that one, else the newest; None for nothing.

    Nothing did where somebody undid an import: what is stored again then is older, and so is its name.
    """
    last = max((one.batch_id or 0 for one in _several(before)), default=0)
    new = [one for one in _several(now) if one.at and (one.batch_id or 0) > last]
    if number is not None and now[number] in new:
        return now[number]
    return max(new, key=lambda one: one.at, default=None)


def _several(found: Any) -> Sequence[Any]:
    return found if isinstance(found, list) else [found] if found else []


def said() -> None:
    """What the last saving did, once."""
    if text := opened.said(FORM):
        st.info(text, icon=":material/check:")
    if "saved_record" not in st.session_state:
        return
    batch, warnings = st.session_state.pop("saved_record")
    text = _("Saved as batch {number}. Figures follow in a moment; the imports page can undo it.")
    st.success(text.format(number=batch), icon=":material/check_circle:")
    if warnings:
        asked = counted(
            "{n} thing looks odd and waits for a decision on the imports page.",
            "{n} things look odd and wait for a decision on the imports page.",
            warnings,
        )
        st.warning(asked.format(n=warnings), icon=":material/help:")


def _refused(error: DashboardError, kind_id: str) -> None:
    if not isinstance(error, FileRejected):
        refusals.show(error)
        return
    st.error(_("Not saved: something in the form is not right."), icon=":material/block:")
    found = problems.details([vars(one) for one in error.problems], kind_id)
    st.dataframe(
        found.drop(columns=_("Row")),
        hide_index=True,
        row_height=table_view.LINES_PX,
        column_config={_("What is wrong"): st.column_config.TextColumn(width=table_view.SENTENCE_PX)},
        alt=_("What is wrong in the form"),
    )
