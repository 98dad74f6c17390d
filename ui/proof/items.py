"""Items whose works are done, each with its sentence: of a unit, of one object, and one alone."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from domain import paging
from domain.proof_found import Proved, judged_first
from ui import filters, pager
from ui import format as fmt
from ui.plain import plain
from ui.proof import sentence
from ui.texts import _

ITEM_PAGE = "pages/work/rectifications.py"
PAGE, PAGE_SIZE = "page", 10


def show(items: Sequence[Proved], outcome: str, names: Mapping[str, str]) -> None:
    """A page of them: judged ones first, each part with the last done first. names: of kinds of measure."""
    st.subheader(_("Single items"), anchor=False)
    st.caption(
        _(
            "One line or area has few outages, so a single item is hardly ever proven: what counts are the "
            "kinds of measures above."
        )
    )
    begin = paging.before(pager.asked(PAGE), len(items), PAGE_SIZE)
    for one in judged_first(items, outcome)[begin : begin + PAGE_SIZE]:
        _item(one, outcome, names)
    pager.show(PAGE, len(items), PAGE_SIZE)


def of_object(several: Sequence[Proved], names: Mapping[str, str]) -> None:
    """What the works on one line or area brought; nothing where none are done. names: of kinds of measure."""
    if not several:
        return
    st.subheader(_("What the works brought"), anchor=False)
    for one in several:
        _item(one, "outages", names, says_object=False)


def of_item(done_at: date | None, proved: Proved | None) -> None:
    """What the works of one item brought; nothing as long as they are not done."""
    if done_at is None:
        return
    with st.container(border=True, key="item_proof", gap="small"):
        st.markdown("**" + _("What the works brought") + "**")
        if proved is None:
            st.caption(_("Judged with the next refresh of the figures."))
        else:
            sentence.show(proved)


def _item(one: Proved, outcome: str, names: Mapping[str, str], says_object: bool = True) -> None:
    with st.container(border=True, key=f"proof_{one.bureau_id}_{one.item_id}", gap="small"):
        kind = names.get(one.measure_kind, one.measure_kind)
        said = [one.object_code if says_object else "", kind]
        said.append(_("done {day}").format(day=fmt.day(one.done_on)))
        label = plain(" · ".join(part for part in (one.item_id, one.title) if part))
        query = filters.query(item=one.item_id, space=one.bureau_id)
        st.page_link(ITEM_PAGE, label=label, query_params=query)
        st.caption(plain(" · ".join(part for part in said if part)))
        sentence.show(one, outcome)
