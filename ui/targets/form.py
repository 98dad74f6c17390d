"""One target: its form, the choice after a conflict, and what became of it so far."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.errors import ChangedByOthers, DashboardError, NotFound
from domain.history import Entry
from domain.kpis import Kpi
from domain.org_units import OrgUnit
from domain.target_state import Target
from domain.targets import LONGEST_SOURCE, key
from ui import cache, conflict, messages, opened, refusals
from ui import format as fmt
from ui.plain import plain
from ui.targets import words
from ui.texts import _, in_brackets

FORM = "target"
Act = tuple[str, Target, str]  # set or remove, the target, the reason


def said() -> None:
    """What the last act did, or why it was refused after a conflict, once."""
    if text := opened.said(FORM):
        st.success(plain(text), icon=":material/check_circle:")
    if (error := opened.refusal(FORM)) is not None:
        refusals.show(error)


def inherited(held: Target | None, unit_id: int, kpi: Kpi, units: Mapping[int, OrgUnit]) -> None:
    """Where the target comes from that holds without an own one."""
    if held is not None and held.org_unit_id != unit_id:
        text = _("{value} from {unit} holds here. A target of this unit's own would take its place.")
        from_unit = plain(words.unit(held.org_unit_id, units))
        st.info(text.format(value=words.value(kpi, held.value), unit=from_unit), icon=":material/north:")


def facts(stored: Target, kpi: Kpi) -> None:
    """The target for who may not change it."""
    st.table(
        {
            title: plain(words.said(kpi, name, getattr(stored, name)))
            for name, title in words.columns().items()
        },
        border="horizontal",
        alt=_("The target"),
    )


def show(form: opened.Opened, kpi: Kpi, has_below: bool) -> Act | None:
    """The fields; what the person asks for once they do."""
    shown: Target = form.stored
    is_new = not shown.version
    mark = f"{'_'.join(map(str, key(shown)))}_{shown.version}"
    with st.form(f"form_{mark}", border=False):
        unit, names = fmt.unit(kpi), words.columns()
        number = st.number_input(
            names["value"] + (in_brackets(unit) if unit else ""),
            value=None if is_new else shown.value,
            step=None,
            format=f"%.{max(kpi.decimals + 1, words.decimals(kpi, shown.value))}f",
            placeholder=fmt.MISSING,
            key=f"value_{mark}",
        )
        below = shown.for_below
        if has_below:
            below = st.checkbox(_("Units below inherit it"), value=shown.for_below, key=f"below_{mark}")
        source = st.text_input(
            names["source"], value=shown.source, max_chars=LONGEST_SOURCE, key=f"source_{mark}",
            placeholder=_("e.g. annual contract"),
        )  # fmt: skip
        reason = ""
        if not is_new:
            reason = st.text_input(
                _("Reason for the change"), value=form.typed or "", max_chars=500, key=f"reason_{mark}"
            )
        with st.container(horizontal=True):
            label = _("Set the target") if is_new else _("Store the change")
            asked = st.form_submit_button(label, type="primary", icon=":material/save:")
            gone = not is_new and st.form_submit_button(_("Remove the target"), icon=":material/delete:")
    if gone:
        return ("remove", shown, reason)
    if asked and number is None:
        st.error(_("Give a value."))
    if not asked or number is None:
        return None
    wanted = replace(shown, value=float(number), for_below=below, source=source.strip())
    return ("set", wanted, reason)


def do(act: Act, doing: Mapping[str, Callable[[Target, str], object]]) -> bool:
    """Carry it out. True when it was; a conflict is kept for the next run, a refusal is said."""
    what, target, reason = act
    try:
        doing[what](target, reason)
    except ChangedByOthers as error:
        conflict.keep(FORM, error, act)
        cache.forget()  # the table shows what the other person stored
        st.rerun()
    except NotFound:  # somebody removed it: the form opens anew, as one for a first entry
        text = _("This target was removed meanwhile. Nothing was stored; enter it anew if needed.")
        opened.ended(FORM, text)
        cache.forget()
        st.rerun()
    except DashboardError as error:
        if found := conflict.kept(FORM):  # e.g. a change needs a reason, where the first entry needed none
            if what == "remove":  # nothing was typed
                target = replace(target, **{name: found.theirs[name] for name in words.columns()})
            opened.again(FORM, target, reason, error)
            st.rerun()
        refusals.show(error)
        return False
    opened.ended(FORM, _("Removed.") if what == "remove" else _("Stored."))
    return True


def settle(found: conflict.Conflict, kpi: Kpi, entries: Sequence[Entry], zone: ZoneInfo) -> Act | None:
    """Both versions; the act to carry out where the person stores theirs over the other."""
    last = next((one for one in entries if one.version == found.theirs["version"]), None)
    by = conflict.who(last.by_name, last.at, zone, last.reason) if last else ""
    is_own = conflict.is_own(last.by_id) if last else None
    said = partial(words.said, kpi)
    chosen = conflict.show(FORM, found, words.columns(), said, by, is_own=is_own)
    if chosen == "theirs":
        opened.ended(FORM, _("What is stored holds."))
        st.rerun()
    if chosen == "mine":
        what, target, reason = found.attempt
        return (what, replace(target, version=found.theirs["version"]), reason)
    return None


def history(read: Callable[[], Sequence[Entry]], kpi: Kpi, zone: ZoneInfo) -> None:
    """Who did what, when and why, newest first; read only when somebody looks."""
    past = st.expander(_("History of this target"), icon=":material/history:", on_change="rerun", key="past")
    if past.open:
        with past:
            _acts(read(), kpi, zone)


def _acts(entries: Sequence[Entry], kpi: Kpi, zone: ZoneInfo) -> None:
    if not entries:
        st.caption(_("Nobody has set this target yet."))
        return
    acts = {
        "import": _("imported"),
        "targets.remove": _("removed"),
        "targets.set_many": _("set with others"),
    }
    st.dataframe(
        pd.DataFrame(
            {
                _("When"): [fmt.moment(one.at, zone) for one in entries],
                _("Who"): [messages.person(one.by_name) for one in entries],
                _("What"): [acts.get(one.action, _("set")) for one in entries],
                _("Before"): [_values(kpi, one.before) for one in entries],
                _("After"): [_values(kpi, one.after) for one in entries],
                _("Why, or the file"): [one.reason for one in entries],
            }
        ),
        hide_index=True,
        key="target_history",
        alt=_("History of the target"),
    )


def _values(kpi: Kpi, values: Mapping[str, object] | None) -> str:
    if not values:
        return ""
    names = words.columns()
    said = [words.value(kpi, values["value"])] if "value" in values else []
    said += [
        _("{column}: {value}").format(column=names[name], value=words.said(kpi, name, one))
        for name, one in values.items()
        if name in names and name != "value" and one
    ]
    return " · ".join(said)
