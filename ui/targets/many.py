"""Many targets at once: last year's with a change, or a pasted table; seen before they are taken over."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from domain.errors import ChangedByOthers, DashboardError, Problem
from domain.import_kinds import column_name
from domain.kpis import catalogue
from domain.org_units import OrgUnit
from domain.target_state import Target, Targets
from domain.targets import MOST_AT_ONCE, Compared, out_of_order
from domain.targets_pasted import NEEDED, columns
from ui import cache, refusals
from ui import format as fmt
from ui.charts import table_view
from ui.imports import problems as problem_list
from ui.imports import views
from ui.plain import plain
from ui.targets import words
from ui.texts import _, counted, language, listed, name_of

KEPT = "targets"
SAID = "targets_said"


def percent() -> float:
    """By how much the targets of the year before are changed."""
    found = st.number_input(
        _("Change against last year's targets, in %"), value=0.0, step=0.5, format="%.1f", key="copy_percent",
        min_value=-100.0, max_value=1000.0, width=330,
    )  # fmt: skip
    st.caption(_("Legal limits stay as they are; no value goes beyond what its indicator can be."))
    return found


def keeps_own() -> bool:
    """Whether periods that have a target of their own are left out."""
    return st.checkbox(_("Leave out periods that have a target already"), value=True, key="copy_keeps_own")


def pasted_text() -> str:
    """What a person pasted, with the headers that are understood."""
    heads = columns()
    place = 0 if language() == "zh" else 1
    needed = listed(column_name("targets", one, language()) for one in NEEDED)
    others = listed(column_name("targets", one, language()) for one in heads if one not in NEEDED)
    text = _(
        "Copy the cells with their headers from a spreadsheet. Needed: {needed}. Also understood: {others}; "
        "without them the choice above holds, or what is stored."
    )
    st.caption(text.format(needed=needed, others=others))
    example = "\t".join(heads[one][place] for one in ("period", "kind", "value"))
    rows = (
        ("2026-10\t基础值\t95", "2026-10\t满分值\t97")
        if place == 0
        else ("2026-10\tbase\t95", "2026-10\tfull\t97")
    )
    text = st.text_area(
        _("Pasted table"), key="pasted_targets", height=160, placeholder="\n".join((example, *rows))
    )
    if st.button(_("Look at it"), icon=":material/visibility:", key="look_at_pasted") and not text.strip():
        st.info(_("Paste the table into the box first, with its headers."), icon=":material/content_paste:")
    return text


def wrong(problems: Sequence[Problem]) -> None:
    """What is wrong with a pasted table, by row and column."""
    text = counted(
        "{n} problem; nothing can be taken over yet.",
        "{n} problems; nothing can be taken over yet.",
        len(problems),
    )
    st.error(text.format(n=len(problems)), icon=":material/block:")
    details = problem_list.details([vars(one) for one in problems], "targets")
    said = details[[_("Row"), _("Column"), _("Value"), _("What is wrong")]]
    table_view.sentences(said, _("What is wrong in the pasted table"), "targets_wrong")


def seen(question: object, compare: Callable[[], list[Compared]]) -> list[Compared]:
    """The targets beside the stored ones as first shown: taking over notices what others did since then."""
    return views.once(KEPT, question, compare)


def preview(found: Sequence[Compared], units: Mapping[int, OrgUnit]) -> None:
    """What is new, changed, unchanged and left out, the changed ones first."""
    count = Counter(one.state for one in found)
    text = _("{new} new, {changed} changed, {same} as before")
    text = text.format(**{name: count[name] for name in ("new", "changed", "same")})
    if count["kept"]:
        text += " · " + _("{n} left out").format(n=count["kept"])
    st.markdown(f"**{text}**")
    order = {"changed": 0, "new": 1, "kept": 2, "same": 3}
    rows = sorted(found, key=lambda one: order[one.state])
    kpis, names = catalogue().kpis, words.columns()
    states = {
        "new": _("+ new"),
        "changed": _("≠ changed"),
        "same": _("= as before"),
        "kept": _("– left out: has a target"),
    }
    frame = pd.DataFrame(
        {
            _("State"): [states[one.state] for one in rows],
            _("KPI"): [name_of(kpis[one.wanted.kpi]) for one in rows],
            _("Unit"): [words.unit(one.wanted.org_unit_id, units) for one in rows],
            _("Period"): [words.period(one.wanted.period_kind, one.wanted.period) for one in rows],
            _("Kind of target"): [words.kind(one.wanted.kind) for one in rows],
            _("Stored now"): [
                words.value(kpis[one.wanted.kpi], one.stored.value) if one.stored else "" for one in rows
            ],
            _("New value"): [
                "" if one.state == "kept" else words.value(kpis[one.wanted.kpi], one.wanted.value)
                for one in rows
            ],
            names["for_below"]: [_then(one, "for_below") for one in rows],
            names["source"]: [_then(one, "source") for one in rows],
        }
    )
    st.dataframe(frame, hide_index=True, key="targets_preview", alt=_("Targets to be taken over"))
    for text in _odd([one.wanted for one in found if one.state != "kept"], units)[:5]:
        st.warning(plain(text), icon=":material/rule:")


def _then(one: Compared, name: str) -> str:
    """What the target will say; beside what it says now, where that differs."""
    kpi = catalogue().kpis[one.wanted.kpi]
    if one.state == "kept":
        return words.said(kpi, name, getattr(one.stored, name))
    then = words.said(kpi, name, getattr(one.wanted, name))
    now = words.said(kpi, name, getattr(one.stored, name)) if one.stored else then
    return then if now == then else f"{now} → {then}"


def _odd(wanted: Sequence[Target], units: Mapping[int, OrgUnit]) -> list[str]:
    """Which targets of one period ask for less than an easier kind does."""
    together: dict[tuple, Targets] = {}
    for one in wanted:
        its = (one.kpi, one.org_unit_id, one.period_kind, one.period)
        together[its] = replace(together.get(its, Targets()), **{one.kind: one})
    text = _("{where}: {harder} asks for less than {kind}")
    return [
        text.format(
            where=words.title(kpi, unit, kind, period, units),
            harder=words.kind(two),
            kind=words.kind(one),
        )
        for (kpi, unit, kind, period), held in together.items()
        for one, two in out_of_order(catalogue().kpis[kpi], held)
    ]


def take_over(found: Sequence[Compared], store: Callable[[Sequence[Target], str], int]) -> bool:
    """The reason, where stored ones change, and the button; True once they were stored."""
    wanted = [one.wanted for one in found if one.state in ("new", "changed")]
    if not wanted and any(one.state == "kept" for one in found):
        text = _("All of these have a target already. To change them, take the tick above away.")
        st.info(text, icon=":material/check:")
        return False
    if not wanted:
        st.info(_("Everything is stored like this already."), icon=":material/check:")
        return False
    if len(wanted) > MOST_AT_ONCE:
        text = _("At most {most} can be set at once; bring in more as a file on the imports page.")
        st.error(text.format(most=fmt.number(MOST_AT_ONCE)))
        return False
    with st.form("take_over_targets", border=False):
        reason = ""
        if any(one.state == "changed" for one in found):
            reason = st.text_input(_("Reason for the change"), max_chars=500, key="many_reason")
        label = counted("Take over {n} target", "Take over {n} targets", len(wanted))
        if not st.form_submit_button(label.format(n=len(wanted)), type="primary", icon=":material/save:"):
            return False
    try:
        count = store(wanted, reason)
    except ChangedByOthers:
        cache.forget()
        st.session_state.pop(f"once_{KEPT}", None)
        text = _(
            "One of these was changed meanwhile; nothing was stored. The table shows them as they are now."
        )
        st.session_state[SAID] = (False, text)
        st.rerun()
    except DashboardError as error:
        refusals.show(error)
        return False
    st.session_state.pop(f"once_{KEPT}", None)
    done = counted("{n} target stored.", "{n} targets stored.", count)
    st.session_state[SAID] = (True, done.format(n=count))
    return True


def said() -> None:
    """What the last take-over did, once."""
    if SAID in st.session_state:
        is_done, text = st.session_state.pop(SAID)
        (st.success if is_done else st.warning)(text)
